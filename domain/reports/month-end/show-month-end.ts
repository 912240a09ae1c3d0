import type { Amount } from '../../money.ts';
import { headlineOf, type ProvenFigures } from '../../proof/report-proof.ts';
import {
  COLUMN_TITLES,
  CREDITED_TITLES,
  LEDGER_COLUMNS,
  type CreditedTotal,
  type LedgerColumn,
} from './month-end-pack.ts';
import type { Month } from './roll-order.ts';

/** A pack in short. */
export interface MonthEndGlance {
  readonly month: Month;
  readonly revision: number;
  readonly isOver: boolean;
  readonly proof: ProvenFigures | null;
  readonly ledgers: readonly {
    readonly currency: string;
    /** Totals of the columns. */
    readonly totals: Readonly<Record<LedgerColumn | CreditedTotal, Amount>>;
  }[];
  /** What must hold and does not. */
  readonly failed: readonly string[];
  readonly unexplained: number;
  /** Invoices that the storefront does not show, or otherwise than they are. */
  readonly disputed: number;
  readonly sha256: string;
  /** Files of the worker's own machine. */
  readonly files: readonly string[];
}

/** What a pack comes to, in half a sentence. */
export function headlineOfMonth({
  month,
  revision,
  isOver,
  unexplained,
  disputed,
  failed,
}: Pick<MonthEndGlance, 'month' | 'revision' | 'isOver' | 'unexplained' | 'disputed' | 'failed'>): string {
  const name = [`Month-end ${month}`, ...(revision > 1 ? [`revision ${revision}`] : []), ...(isOver ? [] : ['so far'])];
  const differences = unexplained === 1 ? '1 difference is' : `${unexplained} differences are`;
  const invoices = disputed === 1 ? '1 invoice differs' : `${disputed} invoices differ`;
  const checks = failed.length === 1 ? '1 check fails' : `${failed.length} checks fail`;
  return `${name.join(', ')}: ${differences} unexplained, ${invoices}, ${checks}`;
}

/** The first line of a pack. */
export function firstLineOfMonth(
  glance: Parameters<typeof headlineOfMonth>[0] & Pick<MonthEndGlance, 'proof'>,
): string {
  return `${headlineOf(glance.proof)}; ${headlineOfMonth(glance)}`;
}

/** A pack in short for people, as a table that reads well in plain text too: a column for each currency. */
export function showMonthEnd(glance: MonthEndGlance): string {
  const { ledgers, failed, sha256, files } = glance;
  const currencies = ledgers.map(({ currency }) => currency);
  const rows = [
    ...LEDGER_COLUMNS.map((column) => [column, COLUMN_TITLES[column]] as const),
    ...(['credited', 'creditedBackdated'] as const).map((name) => [name, CREDITED_TITLES[name]] as const),
  ];
  return [
    `**${firstLineOfMonth(glance)}**`,
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
