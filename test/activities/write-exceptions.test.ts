import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { openMonthEndPacks } from '../../activities/month-end-packs.ts';
import { dayFolder, reportsFolderOf } from '../../activities/report-folders.ts';
import { removeOldDays } from '../../activities/write-exceptions.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'instep-reports-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('days that are over for long are removed, and nothing else: not the months’ ends, not what others put there', async () => {
  const at = '2026-11-26T23:30:00.000Z';
  const zone = 'Europe/Berlin';
  // In Berlin it is the 27th already, so that the 17th is ten days old and the 16th eleven.
  for (const name of ['2025-01-31', '2026-11-16', '2026-11-17', '2026-11-27', 'mine', '2026-11-1'])
    await mkdir(join(folder, name, 'some'), { recursive: true });
  await mkdir(join(folder, 'month-end', '2025-01'), { recursive: true });
  await removeOldDays(folder, { at, zone }, 10);
  expect((await readdir(folder)).toSorted()).toEqual(['2026-11-1', '2026-11-17', '2026-11-27', 'mine', 'month-end']);
  expect(await readdir(join(folder, 'month-end'))).toEqual(['2025-01']);
  expect(dayFolder(folder, at, zone)).toBe(join(folder, '2026-11-27'));
});

test('without a folder of its own a site’s reports are beside its data, with one in a folder of its name there', async () => {
  const site = (where: string) => ({ name: 'north', reports: { folder: where, keepDays: 400 } });
  expect(reportsFolderOf(site(''), join(folder, 'data'))).toBe(join(folder, 'data', 'north', 'reports'));
  expect(reportsFolderOf(site(folder), join(folder, 'data'))).toBe(join(folder, 'north'));
  expect(await openMonthEndPacks(reportsFolderOf(site(folder), '')).before('2026-10')).toBeNull();
});
