import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';

import { problemPages, problemsPage } from './problems-page.ts';

const docs = new URL('../docs/', import.meta.url);
const folder = new URL('problems/', docs);
const pages = problemPages();
await writeFile(new URL('problems.md', docs), problemsPage());
await mkdir(folder, { recursive: true });
for (const name of await readdir(folder)) if (!pages.has(name)) await rm(new URL(name, folder));
for (const [name, text] of pages) await writeFile(new URL(name, folder), text);
