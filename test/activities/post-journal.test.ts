import { appendFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { openPostJournal, type JournalWord, type PostJournal } from '../../activities/post-journal.ts';

const POST = 'SL-1/42';

let folder: string;
let journal: PostJournal;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'instep-journal-'));
  journal = await openPostJournal(folder);
});

afterEach(async () => {
  await journal.close();
  await rm(folder, { recursive: true, force: true });
});

/** What another process on this disk wrote, or this one before its clock was set. */
const another = (name: string, ...words: readonly JournalWord[]) =>
  writeFile(
    join(folder, name),
    words.map((word) => `${JSON.stringify({ post: POST, word, at: '2025-11-25T09:00:00.000Z' })}\n`).join(''),
  );

test('a post that left is not said to have stayed, until it certainly was not taken in', async () => {
  expect(await journal.says(POST)).toBe('never left');
  await journal.leaving(POST);
  expect(await journal.says(POST)).toBe('left');
  expect(await journal.hasPostsOf('SL-1')).toBe(true);
  await journal.over(POST, 'notTaken');
  expect(await journal.says(POST)).toBe('not taken');
  expect(await journal.hasPostsOf('SL-1')).toBe(false);
});

test('a line that a full disk cut short does not swallow the next one', async () => {
  const [file] = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'));
  await appendFile(join(folder, file ?? ''), `{"post":"${POST}","wo`);
  await journal.leaving(POST);
  expect(await journal.says(POST)).toBe('left');
});

test.each([
  ['0-1.jsonl', '99999999999999-1.jsonl'],
  ['99999999999999-1.jsonl', '0-1.jsonl'],
])('what left another process (%s) and is not answered counts, whatever %s was told before', async (left, refused) => {
  await another(left, 'left');
  await another(refused, 'left', 'not taken');
  expect(await journal.says(POST)).toBe('left');
  expect(await journal.hasPostsOf('SL-1')).toBe(true);
});
