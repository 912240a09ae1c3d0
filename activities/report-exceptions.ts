import type { FeedReport } from '../domain/findings.ts';
import {
  reportExceptions,
  rowsOf,
  SECTIONS,
  type ExceptionFacts,
  type ExceptionReport,
} from '../domain/reports/exceptions/exception-report.ts';
import { headlineOfExceptions } from '../domain/reports/exceptions/render-exceptions.ts';
import { OWNERS } from '../domain/site-rules.ts';
import { withCalls } from './calls.ts';
import { toFeedFailure, translating } from './failures.ts';
import { mailRecipientsOf, type MailRecipients } from './mail-report.ts';
import { openPurchaseBook } from './purchase-book.ts';
import { readExceptions, type ExceptionDependencies } from './read-exceptions.ts';
import { dayFolder } from './report-folders.ts';
import { removeOldDays, writeExceptions } from './write-exceptions.ts';

export interface ReportExceptionsDependencies extends ExceptionDependencies {
  /** Reports of the site, a folder for each day. */
  readonly reportsFolder: string;
  /** File in which purchases are kept; safe to delete. */
  readonly purchasesFile: string;
}

/** The report in short, where its files are, and who is to have it. */
export interface ExceptionsInShort extends FeedReport {
  readonly headline: string;
  /** Files of the worker's own machine. */
  readonly files: readonly string[];
  readonly recipients: MailRecipients;
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
          return { ...inShort(report), files, recipients: mailRecipientsOf(site, OWNERS) };
        }),
      );
    },
  };
}

function inShort(report: ExceptionReport): Omit<ExceptionsInShort, 'files' | 'recipients'> {
  const counts = SECTIONS.map((section) => [section, rowsOf(report, section).length] as const);
  const { compared, notLookedAt, proof } = report;
  return {
    headline: headlineOfExceptions(report),
    stats: { unaccounted: proof.unaccounted, compared, ...Object.fromEntries(counts), notLookedAt: notLookedAt.length },
    findings: [],
  };
}
