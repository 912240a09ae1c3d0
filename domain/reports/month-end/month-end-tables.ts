import { isZero, type Amount } from '../../money.ts';
import type { Cell, Column, PageTable } from '../table.ts';
import { CAUSES } from './explain-difference.ts';
import { totalOf, type Parts } from '../money-parts.ts';
import {
  CHAIN_STEPS,
  COLUMN_TITLES,
  CREDITED_TITLES,
  LEDGER_COLUMNS,
  type Ledger,
  type MonthEndPack,
} from './month-end-pack.ts';
import type { SignedTotal } from './sign-lines.ts';
import { INVOICE_STANDINGS } from './tie-billing.ts';

const MONEY_COLUMNS = [
  { title: 'Goods', kind: 'money' },
  { title: 'Freight', kind: 'money' },
  { title: 'Tax', kind: 'money' },
  { title: 'Total', kind: 'money' },
] as const satisfies readonly Column[];

/** What must hold. */
export function checksTable({ checks }: MonthEndPack): PageTable {
  return {
    id: 'checks',
    columns: [{ title: 'What must hold' }, { title: 'Holds', filter: true }],
    rows: checks.map(({ says, holds }) => [says, holds ? 'yes' : 'NO']),
  };
}

/** Every total with its sign and its digest. */
export function totalsTable({ ledgers }: MonthEndPack): PageTable {
  const all = ledgers.flatMap(({ columns, credited, creditedBackdated }) => [
    ...LEDGER_COLUMNS.map((column) => columns[column]),
    credited,
    creditedBackdated,
  ]);
  return {
    id: 'totals',
    columns: [
      { title: 'Currency' },
      { title: 'Total' },
      { title: 'Sign' },
      { title: 'Lines', kind: 'number' },
      ...MONEY_COLUMNS,
      { title: 'SHA-256 of its lines' },
    ],
    rows: all.map((total) => [
      total.currency,
      total.name,
      total.sign,
      String(total.lines.length),
      ...money(total),
      total.sha256,
    ]),
  };
}

/** Ledger of open orders, billing, and the way of the month’s orders, of one currency. */
export function ledgerTables(ofCurrency: Ledger): readonly PageTable[] {
  const { currency, orders, columns, credited, creditedBackdated, chain } = ofCurrency;
  const ledger: PageTable = {
    id: `ledger-${currency}`,
    caption: `${orders} orders that were open or moved`,
    columns: [{ title: 'Open orders' }, { title: 'Lines', kind: 'number' }, ...MONEY_COLUMNS],
    rows: LEDGER_COLUMNS.filter((column) => column !== 'closing').map((column) =>
      rowOf(COLUMN_TITLES[column], columns[column]),
    ),
    total: rowOf(COLUMN_TITLES.closing, columns.closing),
  };
  const billing: PageTable = {
    id: `billing-${currency}`,
    caption: 'Billed and credited in the month',
    columns: [{ title: 'Billing' }, { title: 'Lines', kind: 'number' }, ...MONEY_COLUMNS],
    rows: [
      rowOf('Invoiced, taken off open orders', columns.invoiced),
      rowOf(CREDITED_TITLES.credited, credited),
      rowOf(CREDITED_TITLES.creditedBackdated, creditedBackdated),
    ],
  };
  const way: PageTable = {
    id: `chain-${currency}`,
    caption: 'The month’s own orders, step by step',
    columns: [{ title: 'Step' }, { title: 'Orders', kind: 'number' }, ...MONEY_COLUMNS],
    rows: chain.map(({ step, orders: count, parts }) => [CHAIN_STEPS[step], String(count), ...money(parts)]),
  };
  return [ledger, billing, way];
}

function rowOf(title: string, total: SignedTotal): readonly (Cell | string)[] {
  const signature = { text: title, note: `${total.sign} sha256 ${total.sha256}` };
  return [signature, String(total.lines.length), ...money(total)];
}

/** Every difference, the most money first. */
export function differencesTable({ differences }: MonthEndPack): PageTable {
  return {
    id: 'differences',
    search: true,
    empty: 'Every order closes as its movements say.',
    columns: [
      { title: 'Explained', filter: true },
      { title: 'Order' },
      { title: 'ERP orders' },
      { title: 'Cause', filter: true },
      { title: 'Owner', filter: true },
      { title: 'Currency', filter: true },
      ...MONEY_COLUMNS,
    ],
    rows: differences.map(({ isExplained, number, key, orderNumbers, cause, owner, currency, parts }) => [
      isExplained ? 'yes' : 'NO',
      { text: number, ...(number === key ? {} : { note: key }) },
      orderNumbers.join(', '),
      CAUSES[cause].says,
      owner ?? '',
      currency,
      ...money(parts),
    ]),
  };
}

/** Every invoice of the month, held against the storefront. */
export function invoicesTable({ invoices }: MonthEndPack): PageTable {
  return {
    id: 'invoices',
    search: true,
    empty: 'No order was invoiced.',
    columns: [
      { title: 'Invoice' },
      { title: 'Date', kind: 'date' },
      { title: 'Order' },
      { title: 'ERP order' },
      { title: 'Held against the storefront', filter: true },
      { title: 'Currency', filter: true },
      ...MONEY_COLUMNS,
      { title: 'Difference', kind: 'money' },
    ],
    rows: invoices.map(({ number, date, order, orderNumber, standing, currency, parts, difference }) => [
      number,
      date,
      order,
      orderNumber,
      INVOICE_STANDINGS[standing],
      currency,
      ...money(parts),
      amount(totalOf(difference)),
    ]),
  };
}

/** Every credit memo of the month, and those back-dated since the last pack, that are of an order of ours. */
export function creditsTable({ credits }: MonthEndPack): PageTable {
  return {
    id: 'credits',
    empty: 'Nothing was credited.',
    columns: [
      { title: 'Credit memo' },
      { title: 'Date', kind: 'date' },
      { title: 'Order' },
      { title: 'Invoice' },
      { title: 'Reason' },
      { title: 'Back-dated', filter: true },
      { title: 'Currency', filter: true },
      ...MONEY_COLUMNS,
    ],
    rows: credits.map(({ number, date, order, invoice, reason, isBackdated, currency, parts }) => [
      number,
      date,
      order,
      invoice,
      reason,
      isBackdated ? 'yes' : 'no',
      currency,
      ...money(parts),
    ]),
  };
}

/** What no total has. */
export function leftOutTable({ strays, notRead }: MonthEndPack): PageTable {
  const memos = strays.map(({ number, date, currency, parts }) => [
    `Credit memo ${number} names neither an order nor an invoice.`,
    date,
    `${currency} ${totalOf(parts)}`,
  ]);
  return {
    id: 'left-out',
    columns: [{ title: 'What' }, { title: 'Date', kind: 'date' }, { title: 'Amount' }],
    rows: [...memos, ...notRead.map((what) => [`A purchase that cannot be read: ${what}`, '', ''])],
  };
}

function money(parts: Parts): readonly Cell[] {
  return [parts.goods, parts.freight, parts.tax, totalOf(parts)].map(amount);
}

/** With a true minus; nothing is quiet. */
function amount(value: Amount): Cell {
  if (isZero(value)) return { text: '–', sortBy: '0' };
  return { text: value.startsWith('-') ? `−${value.slice(1)}` : value, sortBy: value };
}
