import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Audit } from '../domain/audit/audit-site.ts';
import { renderAudit } from '../domain/audit/render-audit.ts';
import { writtenAt } from './report-folders.ts';

/** Writes `audit.html` and `audit.json` into a folder and answers their paths. `zone` is the reader's. */
export async function writeAudit(audit: Audit, folder: string, zone: string): Promise<readonly string[]> {
  const files = [
    { path: join(folder, 'audit.html'), text: renderAudit(audit, writtenAt(audit.at, zone)) },
    { path: join(folder, 'audit.json'), text: `${JSON.stringify({ version: 1, ...audit }, null, 2)}\n` },
  ];
  await mkdir(folder, { recursive: true });
  for (const { path, text } of files) await writeFile(path, text);
  return files.map(({ path }) => path);
}
