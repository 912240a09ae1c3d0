import type { Amount } from '../../money.ts';
import { COLUMN_TITLES, LEDGER_COLUMNS, type LedgerColumn } from './month-end-pack.ts';
import type { Month } from './roll-order.ts';

/** A pack in short. */
export interface MonthEndGlance {
  readonly month: Month;
  readonly ledgers: readonly {
    readonly currency: string;
    /** Totals of the columns. */
    readonly totals: Readonly<Record<LedgerColumn | 'credited', Amount>>;
  }[];
  /** What must hold and does not. */
  readonly failed: readonly string[];
  readonly unexplained: number;
  readonly sha256: string;
  /** Files of the worker's own machine. */
  readonly files: readonly string[];
}

/** The first line of a pack. */
export function headlineOfMonth({
  month,
  unexplained,
  failed,
}: Pick<MonthEndGlance, 'month' | 'unexplained' | 'failed'>): string {
  const differences = unexplained === 1 ? '1 difference is' : `${unexplained} differences are`;
  const checks = failed.length === 1 ? '1 check fails' : `${failed.length} checks fail`;
  return `Month-end ${month}: ${differences} unexplained, ${checks}`;
}

/** A pack in short for people, as a table that reads well in plain text too: a column for each currency. */
export function showMonthEnd(glance: MonthEndGlance): string {
  const { ledgers, failed, sha256, files } = glance;
  const currencies = ledgers.map(({ currency }) => currency);
  const rows = [...LEDGER_COLUMNS.map((column) => [column, COLUMN_TITLES[column]] as const), CREDITED];
  return [
    `**${headlineOfMonth(glance)}**`,
    '',
    `| | ${currencies.join(' | ')} |`,
    `| --- |${' ---: |'.repeat(currencies.length)}`,
    ...rows.map(([column, title]) => `| ${title} | ${ledgers.map(({ totals }) => totals[column]).join(' | ')} |`),
    '',
    ...failed.map((says) => `* Does not hold: ${says}`),
    `Signed ${sha256}.`,
    ...files,
  ].join('\n');
}

const CREDITED = ['credited', 'Credited in the month'] as const;
