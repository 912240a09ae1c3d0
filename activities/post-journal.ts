import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import type { PostOutcome } from '../domain/sales-order.ts';

/** What the journal knows of one post: it never left from here, it left, or it certainly was not taken in. */
export type JournalWord = 'never left' | 'left' | 'not taken';

/**
 * A line on the worker's own disk before and after each post, so that after a crash it is known whether a post ever
 * left (decision 6). A missing journal proves nothing; it speaks only for attempts that ran with the same journal.
 */
export interface PostJournal {
  /** Tells journals apart: workers that share a disk share one. */
  readonly id: string;
  leaving(post: string): Promise<void>;
  over(post: string, outcome: PostOutcome['kind']): Promise<void>;
  /** Reads all files of the folder: another worker on this disk may have written since. */
  says(post: string): Promise<JournalWord>;
  /** Whether anything was ever posted under a reference. */
  hasPostsOf(reference: string): Promise<boolean>;
  close(): Promise<void>;
}

const IDENTITY = 'journal-id';

/** Name of one post in the journal. */
export function postName(reference: string, controlNumber: string): string {
  return `${reference}/${controlNumber}`;
}

/** Opens the journal in a folder, creating both where missing. Each process appends to a file of its own. */
export async function openPostJournal(folder: string): Promise<PostJournal> {
  await mkdir(folder, { recursive: true });
  const id = await identityOf(folder);
  const file = await open(join(folder, `${Date.now()}-${process.pid}.jsonl`), 'a');
  return {
    id,
    leaving: (post) => append(file, { post, word: 'left' }),
    over: (post, outcome) => append(file, { post, word: outcome === 'notTaken' ? 'not taken' : 'left' }),
    async says(post) {
      const words = await lastWords(folder, (each) => each === post);
      if (words.includes('left')) return 'left';
      return words.length === 0 ? 'never left' : 'not taken';
    },
    async hasPostsOf(reference) {
      return (await lastWords(folder, (post) => post.startsWith(`${reference}/`))).includes('left');
    },
    close: () => file.close(),
  };
}

interface JournalLine {
  readonly post: string;
  readonly word: JournalWord;
}

async function append(file: FileHandle, line: JournalLine): Promise<void> {
  // A line that a full disk cut short must not take this one with it.
  await file.appendFile(`\n${JSON.stringify({ ...line, at: new Date().toISOString() })}\n`);
  // On the disk before the request leaves, or it proves nothing after a power cut.
  await file.datasync();
}

/** The last word of each file on each post: in which order two processes wrote, nothing tells. */
async function lastWords(folder: string, isAsked: (post: string) => boolean): Promise<readonly JournalWord[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) => {
    const lines = text.split('\n').flatMap(parseLine);
    return [...new Map(lines.filter(({ post }) => isAsked(post)).map(({ post, word }) => [post, word])).values()];
  });
}

function parseLine(line: string): readonly JournalLine[] {
  const fields = /^\{"post":"([^"]+)","word":"(left|not taken)","at":"[^"]+"\}$/.exec(line);
  // A line cut by a crash was never followed by a request: `datasync` comes first.
  if (!fields?.[1]) return [];
  return [{ post: fields[1], word: fields[2] === 'left' ? 'left' : 'not taken' }];
}

async function identityOf(folder: string): Promise<string> {
  const path = join(folder, IDENTITY);
  await writeFile(path, randomUUID(), { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return readFile(path, 'utf8');
}
