import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { writtenAt } from '../activities/report-folders.ts';
import type { Site } from '../config/site.ts';
import { renderManual } from '../domain/handover/render-manual.ts';
import { writeManual } from '../domain/handover/write-manual.ts';
import { feedsOf } from '../workers/schedules.ts';

/** Writes a site's handover manual into a folder and answers its path. */
export async function writeHandover(site: Site, folder: string, now: Date): Promise<string> {
  const { zone } = site.schedules;
  const manual = writeManual(site, feedsOf(site), { at: now.toISOString(), zone });
  const path = join(folder, `${site.name}-handover.html`);
  await mkdir(folder, { recursive: true });
  await writeFile(path, renderManual(manual, writtenAt(now.toISOString(), zone)));
  return path;
}
