import { readdir, readFile } from 'node:fs/promises';

import type { Command } from 'commander';
import { expect, test } from 'vitest';

import { noteOfProblem } from '../../domain/problem-notes/note-of-problem.ts';
import { problemCodes, problemKind } from '../../domain/problems.ts';
import { loadProgram } from '../../scripts/load-program.ts';
import { problemPages, problemsPage } from '../../scripts/problems-page.ts';

const DOCS = new URL('../../docs/', import.meta.url);
const FOLDER = new URL('problems/', DOCS);

test('the page of problems says what the catalogue says', async () => {
  expect(await readFile(new URL('problems.md', DOCS), 'utf8')).toBe(problemsPage());
});

test('every code has its page, and no page is of a code that is no more', async () => {
  expect((await readdir(FOLDER)).toSorted()).toEqual(
    problemCodes()
      .map((code) => `${code}.md`)
      .toSorted(),
  );
});

test('every page says what the catalogue says', async () => {
  const stale: string[] = [];
  for (const [name, text] of problemPages())
    if ((await readFile(new URL(name, FOLDER), 'utf8')) !== text) stale.push(name);
  expect(stale).toEqual([]);
});

test('every code has a note: what happened, what it is not, and where it is met', () => {
  const isSentence = (text: string) => /^[A-Z].+\.$/.test(text);
  const lacking = problemCodes().filter((code) => {
    const found = noteOfProblem(code);
    return !found || !isSentence(found.happened) || !isSentence(found.isNot) || found.raisedBy.length === 0;
  });
  expect(lacking).toEqual([]);
});

test('a page names the owner, what to do, and a command for everything that can be pressed', () => {
  for (const [name, text] of problemPages()) {
    const code = problemCodes().find((each) => name === `${each}.md`);
    if (!code) throw new Error(`no code for ${name}`);
    const { owner, mend, press } = problemKind(code);
    expect(text).toContain(`| whose it is | ${owner} |`);
    expect(text).toContain(mend);
    for (const repair of press)
      expect(text).toMatch(new RegExp(`\\| \`${repair}\` \\| .+ \\| \`instep order .+\` \\|`));
  }
});

test('every command that a page names is there, with its options', async () => {
  const program = await loadProgram('');
  const texts = [...problemPages().values()].map((text) => text.replaceAll(/\s+/g, ' '));
  const named = new Set(
    texts.flatMap((text) => [...text.matchAll(/\binstep( (?:[a-z][a-z-]*|--[a-z-]+|<[a-z-]+>))+/g)].map(([of]) => of)),
  );
  expect(named).toContain('instep order show');
  expect([...named].filter((command) => !isThere(program, command.split(' ').slice(1)))).toEqual([]);
});

/** Whether words lead to a command that does something, with no more arguments than it takes and no option it has not. */
function isThere(command: Command, [word, ...others]: readonly string[], given = 0): boolean {
  if (word === undefined) return command.commands.length === 0;
  const sub = command.commands.find((each) => each.name() === word);
  if (sub) return isThere(sub, others);
  if (command.commands.length > 0) return false;
  const option = command.options.find(({ long }) => long === word);
  if (option) return isThere(command, option.required ? others.slice(1) : others, given);
  const argument = command.registeredArguments[given];
  const isTaken = argument && (word.startsWith('<') || (argument.argChoices?.includes(word) ?? true));
  return !word.startsWith('--') && Boolean(isTaken) && isThere(command, others, given + 1);
}
