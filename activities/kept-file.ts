import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

let drafts = 0;

/** What a file of JSON on this machine's disk holds; null = there is none, or it was cut off. */
export async function readKept(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    // What is kept may be deleted at any time: a file that cannot be read is no file.
    return null;
  }
}

/** Writes a file as a whole or not at all; its folder is made. Throws where the disk does not take it. */
export async function writeKept(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.${drafts++}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(draft, text);
  await rename(draft, path);
}
