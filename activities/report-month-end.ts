import { writeFile } from 'node:fs/promises';

import { DateTime } from 'luxon';

import type { Site } from '../config/site.ts';
import type { FeedReport } from '../domain/findings.ts';
import { closeMonth } from '../domain/reports/month-end/close-month.ts';
import { disputedOf, failedOf, findingsOfMonth, unexplainedOf } from '../domain/reports/month-end/judge-month.ts';
import type { MonthEndPack } from '../domain/reports/month-end/month-end-pack.ts';
import {
  checksTable,
  creditsTable,
  differencesTable,
  invoicesTable,
  ledgerTables,
  leftOutTable,
  totalsTable,
} from '../domain/reports/month-end/month-end-tables.ts';
import { renderMonthEnd } from '../domain/reports/month-end/render-month-end.ts';
import type { Month } from '../domain/reports/month-end/roll-order.ts';
import type { MonthEndGlance } from '../domain/reports/month-end/show-month-end.ts';
import { withCalls, type Call } from './calls.ts';
import { toFeedFailure, translating } from './failures.ts';
import { mailRecipientsOf, type MailRecipients } from './mail-report.ts';
import { monthBefore, openMonthEndPacks, packFile } from './month-end-packs.ts';
import { openPurchaseBook } from './purchase-book.ts';
import { writtenAt } from './report-folders.ts';
import { readMonthEndFacts, type MonthEndDependencies } from './read-month-end-facts.ts';
import { writeWorkbook, type Sheet } from './write-workbook.ts';

export interface ReportMonthEndDependencies extends MonthEndDependencies {
  /** Reports of the site. */
  readonly reportsFolder: string;
  /** Purchases in full, as they were last read for a pack. */
  readonly purchasesFile: string;
  readonly site: MonthEndDependencies['site'] & Pick<Site, 'storefront' | 'name' | 'alerts' | 'owners'>;
}

export interface ReportMonthEnd {
  /** null = the month before this one, in the ERP's zone. */
  readonly month: Month | null;
}

/** What a pack says in short, where its files are, and who is to have it. */
export interface MonthEndReport extends FeedReport, MonthEndGlance {
  readonly recipients: MailRecipients;
}

export type ReportMonthEndActivities = ReturnType<typeof createReportMonthEndActivities>;

/** The pack with which finance closes a month. */
export function createReportMonthEndActivities(dependencies: ReportMonthEndDependencies) {
  const { site, reportsFolder, purchasesFile, clock } = dependencies;
  const packs = openMonthEndPacks(reportsFolder);
  return {
    /** Only reads both systems; writes its own files. Safe to repeat: each pack is a revision of its own. */
    async reportMonthEnd({ month }: ReportMonthEnd): Promise<MonthEndReport> {
      return translating(toFeedFailure, () => withCalls((call) => report(month ?? lastMonth(), call)));
    },
  };

  function lastMonth(): Month {
    return monthBefore(DateTime.fromJSDate(clock(), { zone: site.rules.zone }).toFormat('yyyy-MM'));
  }

  async function report(month: Month, call: Call): Promise<MonthEndReport> {
    const [revision, before] = [await packs.nextRevision(month), await packs.before(month)];
    const book = await openPurchaseBook(purchasesFile, site.storefront.baseUrl);
    try {
      const facts = await readMonthEndFacts(dependencies, { month, revision, before }, book, call);
      return await write(closeMonth(facts));
    } finally {
      // An attempt that broke off leaves to the next one what it has read.
      await book.save();
    }
  }

  async function write(pack: MonthEndPack): Promise<MonthEndReport> {
    const files = [await packs.keep(pack), ...(await writeRendered(pack))];
    return { ...inShort(pack), files, recipients: mailRecipientsOf(site, ['finance']) };
  }

  async function writeRendered(pack: MonthEndPack): Promise<readonly string[]> {
    const [page, workbook] = [packFile(reportsFolder, pack, 'html'), packFile(reportsFolder, pack, 'xlsx')];
    await writeFile(page, renderMonthEnd(pack, writtenAt(pack.at, pack.zone)));
    await writeWorkbook(workbook, sheetsOf(pack));
    return [page, workbook];
  }
}

function sheetsOf(pack: MonthEndPack): readonly Sheet[] {
  return [
    { name: 'Totals', table: totalsTable(pack) },
    { name: 'Checks', table: checksTable(pack) },
    ...pack.ledgers.flatMap((ledger) =>
      ledgerTables(ledger).map((table) => ({ name: table.id.replace('-', ' '), table })),
    ),
    { name: 'Differences', table: differencesTable(pack) },
    { name: 'Invoices', table: invoicesTable(pack) },
    { name: 'Credit memos', table: creditsTable(pack) },
    { name: 'Not in any total', table: leftOutTable(pack) },
  ];
}

function inShort(pack: MonthEndPack): Omit<MonthEndReport, 'files' | 'recipients'> {
  const { month, revision, isOver, proof, ledgers, differences, invoices, credits, sha256 } = pack;
  const [unexplained, disputed] = [unexplainedOf(pack).length, disputedOf(pack).length];
  return {
    month,
    revision,
    isOver,
    proof,
    ledgers: ledgers.map(({ currency, columns, credited, creditedBackdated }) => ({
      currency,
      totals: {
        opening: columns.opening.total,
        placed: columns.placed.total,
        amended: columns.amended.total,
        cancelled: columns.cancelled.total,
        invoiced: columns.invoiced.total,
        explained: columns.explained.total,
        unexplained: columns.unexplained.total,
        closing: columns.closing.total,
        credited: credited.total,
        creditedBackdated: creditedBackdated.total,
      },
    })),
    failed: failedOf(pack),
    unexplained,
    disputed,
    sha256,
    stats: {
      orders: ledgers.reduce((count, { orders }) => count + orders, 0),
      invoices: invoices.length,
      credits: credits.length,
      differences: differences.length,
      unexplained,
      disputed,
    },
    findings: findingsOfMonth(pack),
  };
}
