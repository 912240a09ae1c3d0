import { join } from 'node:path';

import { DateTime } from 'luxon';

import type { Site } from '../config/site.ts';

/** Where all reports of a site are kept; `dataFolder` holds a folder for each site. */
export function reportsFolderOf({ name, reports }: Pick<Site, 'name' | 'reports'>, dataFolder: string): string {
  return reports.folder === '' ? join(dataFolder, name, 'reports') : join(reports.folder, name);
}

/** An instant as a page says when it was written, by the site's own calendar. */
export function writtenAt(at: string, zone: string): string {
  return DateTime.fromISO(at, { zone }).toFormat(`yyyy-MM-dd HH:mm '(${zone})'`);
}

/** The folder of a day's reports, by the site's own calendar; `at` is an ISO instant. */
export function dayFolder(reportsFolder: string, at: string, zone: string): string {
  return join(reportsFolder, DateTime.fromISO(at, { zone }).toISODate() ?? '');
}
