import { readdir, readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { noteOfProblem } from '../../domain/problem-notes/note-of-problem.ts';
import { problemCodes, problemKind } from '../../domain/problems.ts';
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
