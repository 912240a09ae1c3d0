import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { DateTime } from 'luxon';

import { SECTIONS, SECTION_TITLES, type ExceptionReport } from '../domain/reports/exceptions/exception-report.ts';
import {
  renderExceptions,
  sectionTable,
  TIE_OUT_TITLE,
  tieOutTable,
  totalsTable,
} from '../domain/reports/exceptions/render-exceptions.ts';
import { writtenAt } from './report-folders.ts';
import { writeWorkbook, type Sheet } from './write-workbook.ts';

const LONGEST_SHEET_NAME = 31;

/** Writes page, workbook and JSON into a folder and answers their paths. */
export async function writeExceptions(report: ExceptionReport, folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  return [await writePage(report, folder), await writeSheets(report, folder), await writeData(report, folder)];
}

export async function writePage(report: ExceptionReport, folder: string): Promise<string> {
  const path = join(folder, 'exceptions.html');
  await writeFile(path, renderExceptions(report, writtenAt(report.at, report.zone)));
  return path;
}

export async function writeSheets(report: ExceptionReport, folder: string): Promise<string> {
  const path = join(folder, 'exceptions.xlsx');
  await writeWorkbook(path, sheetsOf(report));
  return path;
}

export async function writeData(report: ExceptionReport, folder: string): Promise<string> {
  const path = join(folder, 'exceptions.json');
  await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
  return path;
}

/** Removes folders of days that are over for so long; whatever else lies there is others'. */
export async function removeOldDays(
  folder: string,
  { at, zone }: Pick<ExceptionReport, 'at' | 'zone'>,
  keepDays: number,
): Promise<void> {
  const oldest = DateTime.fromISO(at, { zone }).minus({ days: keepDays }).toISODate() ?? '';
  for (const name of await readdir(folder))
    if (/^\d{4}-\d{2}-\d{2}$/.test(name) && name < oldest)
      await rm(join(folder, name), { recursive: true, force: true });
}

function sheetsOf(report: ExceptionReport): readonly Sheet[] {
  return [
    { name: 'Totals', table: totalsTable(report) },
    ...SECTIONS.map((section) => ({
      name: SECTION_TITLES[section].slice(0, LONGEST_SHEET_NAME),
      table: sectionTable(report, section),
    })),
    { name: TIE_OUT_TITLE, table: tieOutTable(report) },
  ];
}
