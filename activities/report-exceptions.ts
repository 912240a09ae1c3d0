import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { DateTime } from 'luxon';

import type { FeedReport } from '../domain/findings.ts';
import {
  reportExceptions,
  rowsOf,
  SECTIONS,
  SECTION_TITLES,
  type ExceptionFacts,
  type ExceptionReport,
} from '../domain/reports/exceptions/exception-report.ts';
import {
  headlineOfExceptions,
  renderExceptions,
  sectionTable,
  totalsTable,
} from '../domain/reports/exceptions/render-exceptions.ts';
import { withCalls } from './calls.ts';
import { sendEmail } from './channels/send-email.ts';
import { toFeedFailure, translating } from './failures.ts';
import { openPurchaseBook } from './purchase-book.ts';
import { readExceptions, type ExceptionDependencies } from './read-exceptions.ts';
import { dayFolder } from './write-audit.ts';
import { writeWorkbook } from './write-workbook.ts';

export interface ReportExceptionsDependencies extends ExceptionDependencies {
  /** Reports of the site, a folder for each day. */
  readonly reportsFolder: string;
  /** File in which purchases are kept; safe to delete. */
  readonly purchasesFile: string;
}

/** The report in short, and where its files are. */
export interface ExceptionsInShort extends FeedReport {
  readonly headline: string;
  /** Files of the worker's own machine. */
  readonly files: readonly string[];
}

export interface MailedTo {
  readonly addresses: readonly string[];
  /** Why nobody, or not everybody, is written to; empty = all are. */
  readonly says: string;
}

export type ReportExceptionsActivities = ReturnType<typeof createReportExceptionsActivities>;

export function createReportExceptionsActivities(dependencies: ReportExceptionsDependencies) {
  const { site, reportsFolder, purchasesFile } = dependencies;
  return {
    /** Only reads both systems; writes its own files. Safe to repeat: the day's files are written anew. */
    async reportExceptions({ proof }: Pick<ExceptionFacts, 'proof'>): Promise<ExceptionsInShort> {
      return translating(toFeedFailure, () =>
        withCalls(async (call) => {
          const book = await openPurchaseBook(purchasesFile, site.storefront.baseUrl);
          const report = reportExceptions(await readExceptions(dependencies, { proof, book }, call));
          const files = await writeExceptions(report, dayFolder(reportsFolder, report.at, report.zone));
          await removeOldDays(reportsFolder, report, site.reports.keepDays);
          return { ...inShort(report), files };
        }),
      );
    },

    /** Sends the files to every owner who has an address. A server that does not answer is tried again. */
    async mailExceptions({ headline, files }: Pick<ExceptionsInShort, 'headline' | 'files'>): Promise<MailedTo> {
      const channel = site.alerts.channels.find((each) => each.kind === 'email');
      const addresses = [...new Set(Object.values(site.owners).flatMap(({ email }) => email ?? []))];
      if (!channel || channel.kind !== 'email')
        return { addresses: [], says: 'There is no mail channel: the files are kept.' };
      const attached = files.filter((file) => !file.endsWith('.json'));
      const attachments = await Promise.all(
        attached.map(async (file) => ({ filename: basename(file), content: await readFile(file) })),
      );
      for (const to of addresses)
        await sendEmail(channel, {
          to,
          key: files.join(' '),
          attachments,
          message: mailOf(site.name, headline),
        });
      return { addresses, says: addresses.length === 0 ? 'No owner has an address: the files are kept.' : '' };
    },
  };
}

/** Writes page, workbook and JSON into a folder and answers their paths. */
export async function writeExceptions(report: ExceptionReport, folder: string): Promise<readonly string[]> {
  const generatedAt = DateTime.fromISO(report.at, { zone: report.zone }).toFormat(
    `yyyy-MM-dd HH:mm '(${report.zone})'`,
  );
  const [page, workbook, data] = ['html', 'xlsx', 'json'].map((ending) => join(folder, `exceptions.${ending}`));
  await mkdir(folder, { recursive: true });
  await writeFile(page ?? '', renderExceptions(report, generatedAt));
  await writeWorkbook(workbook ?? '', [
    { name: 'Totals', table: totalsTable(report) },
    ...SECTIONS.map((section) => ({
      name: SECTION_TITLES[section].slice(0, 31),
      table: sectionTable(report, section),
    })),
  ]);
  await writeFile(data ?? '', `${JSON.stringify(report, null, 2)}\n`);
  return [page ?? '', workbook ?? '', data ?? ''];
}

/** Folders of days; whatever else lies there is others'. */
async function removeOldDays(folder: string, { at, zone }: ExceptionReport, keepDays: number): Promise<void> {
  const oldest = DateTime.fromISO(at, { zone }).minus({ days: keepDays }).toISODate() ?? '';
  for (const name of await readdir(folder))
    if (/^\d{4}-\d{2}-\d{2}$/.test(name) && name < oldest)
      await rm(join(folder, name), { recursive: true, force: true });
}

function inShort(report: ExceptionReport): Omit<ExceptionsInShort, 'files'> {
  const counts = SECTIONS.map((section) => [section, rowsOf(report, section).length] as const);
  const { compared, notLookedAt, proof } = report;
  return {
    headline: headlineOfExceptions(report),
    stats: { unaccounted: proof.unaccounted, compared, ...Object.fromEntries(counts), notLookedAt: notLookedAt.length },
    findings: [],
  };
}

function mailOf(site: string, headline: string) {
  const subject = `${site}: ${headline}`;
  const text = `${headline}.\n\nThe report is attached, as a page and as a workbook.`;
  return {
    subject,
    text,
    html: `<p>${text.replace('\n\n', '</p><p>')}</p>`,
    thread: `exceptions ${site} ${headline}`,
    place: 'later',
    urgency: 'usual',
  } as const;
}
