import type { Decimal } from 'decimal.js';

import type { Clock } from './clock.ts';
import { createLedger } from './ledger.ts';
import { brokenLines, openValue, type Order, type OrderLine } from './orders.ts';
import { createPrices } from './prices.ts';
import {
  customers,
  production,
  seededStyle,
  skus,
  type SeededCustomer,
  type SeededProduction,
  type SeededSku,
  type SeededStyle,
} from './seed.ts';

export interface LogRow {
  readonly pkey: number;
  readonly rowSeq: number;
  readonly resource: StagedResource;
  readonly isaNum: string;
  readonly extRef: string;
  readonly status: 'P' | 'S' | 'W' | 'E';
  readonly ordNum: string;
  readonly lineSeq: number | null;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly changed: string;
  readonly at: number;
  /** Never shown to a reader, by a fault. */
  readonly hidden: boolean;
}

/** What became of one element: its rows of the import log, without what they share. */
export type Outcome = readonly Pick<LogRow, 'status' | 'ordNum' | 'lineSeq' | 'errorCode' | 'errorMessage'>[];

export interface PickTicket {
  readonly pkey: number;
  readonly number: string;
  readonly order: Order;
  readonly location: string;
  readonly date: string;
  readonly lines: { readonly line: OrderLine; quantity: number }[];
  shipDate: string | null;
  invoiceNumber: string;
  changed: string;
}

export interface Invoice {
  readonly pkey: number;
  readonly number: string;
  readonly order: Order;
  readonly pick: PickTicket;
  readonly date: string;
  readonly due: string;
  readonly lines: readonly { readonly line: OrderLine; readonly quantity: number }[];
  readonly subTotal: string;
  readonly discount: string;
  readonly freight: string;
  readonly tax: string;
  readonly total: string;
  paid: string;
  isVoid: boolean;
  changed: string;
}

export interface CreditMemo {
  readonly pkey: number;
  readonly number: string;
  readonly order: Order;
  /** Empty = not tied to an invoice. */
  readonly invoiceNumber: string;
  readonly namesOrder: boolean;
  readonly date: string;
  readonly reason: string;
  readonly restock: boolean;
  readonly lines: readonly { readonly line: OrderLine; readonly quantity: number }[];
  readonly subTotal: string;
  readonly tax: string;
  readonly total: string;
  readonly changed: string;
}

export type StagedResource = 'salesOrder' | 'salesOrderCancel';
export type Customer = { -readonly [Key in keyof SeededCustomer]: SeededCustomer[Key] } & { changed: string };
export type Sku = { -readonly [Key in keyof SeededSku]: SeededSku[Key] };
export type SkuCodes = Pick<SeededSku, 'division' | 'style' | 'color' | 'label' | 'dimension' | 'size'>;
export type Row = Readonly<Record<string, unknown>>;

export interface ErpOptions {
  readonly clock: Clock;
  /** Longest value taken, by wire field. */
  readonly lengths: Readonly<Record<string, number>>;
  readonly controlNumberFence: boolean;
  readonly duplicatePo: 'allow' | 'warn' | 'reject';
  /** null = stock is assigned however late the order starts. */
  readonly allocationHorizonDays: number | null;
  readonly extraStyles: number;
  /** How `GET salesOrder` lists writes that are no orders; null = not at all. */
  readonly showsWrites: 'numbered' | 'unnumbered' | null;
  /** null = cancels take the transactions of orders. */
  readonly cancelKeysFrom: number | null;
}

export interface Staged {
  readonly pkey: number;
  readonly resource: StagedResource;
  readonly rows: readonly Row[];
  readonly hidden: boolean;
  /** The import refuses every element with this code, by a fault. */
  readonly refusedWith: string | null;
}

/** An order, new or changed, that the import has not made yet, or has refused. */
export interface Write {
  readonly pkey: number;
  readonly row: Row;
  readonly letter: 'S' | 'E';
  readonly changed: string;
}

/** When the masters were last touched, before any test began. */
export const LONG_AGO = '2025-06-01 12:00:00';

/** Everything the ERP knows. Ledger first: available figures are never stored. */
export function createErp(options: ErpOptions) {
  const { clock } = options;
  const catalogue = new Map<string, Sku>(skus(options.extraStyles).map((sku) => [skuKey(sku), { ...sku }]));
  const erp = {
    options,
    clock,
    ledger: createLedger(() => clock.stamp()),
    catalogue,
    prices: createPrices(clock, catalogue, LONG_AGO),
    styleChanged: new Map<string, string>(),
    /** Only what clerks changed; the rest is as it was seeded. */
    styleEdits: new Map<string, Partial<SeededStyle>>(),
    production,
    customers: customers.map((customer): Customer => ({ ...customer, changed: LONG_AGO })),
    orders: new Map<string, Order>(),
    /** What the orders of an account still weigh on its credit; follows every event. */
    openAmounts: new Map<string, Decimal>(),
    picks: [] as PickTicket[],
    invoices: [] as Invoice[],
    credits: [] as CreditMemo[],
    staged: [] as Staged[],
    /** By row key. */
    writes: new Map<number, Write>(),
    /** Rows by staged transaction, in the order of the array. */
    log: new Map<number, readonly LogRow[]>(),
    /** When each (sender, control number) was first judged, in milliseconds. */
    controlNumbers: new Map<string, number>(),
    sequence: {
      pkey: 55_000,
      cancel: options.cancelKeysFrom,
      order: 104_000,
      pick: 300_000,
      invoice: 700_000,
      credit: 900_000,
      row: 80_000,
    },
  };
  stock(erp);
  return erp;
}

export type Erp = ReturnType<typeof createErp>;

export function styleOf(erp: Erp, style: string): SeededStyle {
  return { ...seededStyle(style), ...erp.styleEdits.get(style) };
}

export function skuKey({ division, style, color, label, dimension, size }: SkuCodes): string {
  return [division, style, color, label, dimension, size].join('|').toUpperCase();
}

export function customerOf(erp: Erp, division: string, customer: string): Customer | undefined {
  return erp.customers.find((each) => each.customer === customer && each.division === division);
}

/** Every event ends here: the stamp moves, and a line that does not add up stops the ERP loudly. */
export function touch(erp: Erp, order: Order): void {
  order.changed = erp.clock.stamp();
  const broken = brokenLines(order);
  if (broken.length > 0) throw new Error(broken.join('; '));
  weigh(erp, order.weight.account, order.weight.amount.negated());
  const account = accountKey(order.header['division'] ?? '', order.header['customer'] ?? '');
  order.weight = { account, amount: openValue(order) };
  weigh(erp, account, order.weight.amount);
}

export function accountKey(division: string, customer: string): string {
  return `${division}/${customer}`;
}

function weigh(erp: Erp, account: string, amount: Decimal): void {
  erp.openAmounts.set(account, amount.plus(erp.openAmounts.get(account) ?? 0));
}

/** Cancels open quantity of an order or one line; answers how much. */
export function cancelOpen(erp: Erp, order: Order, by: 'C' | 'H', sequence: number | null): number {
  let units = 0;
  for (const line of order.lines.filter((each) => sequence === null || each.sequence === sequence)) {
    units += line.open;
    erp.ledger.move(line.sku, line.location, 'OP', by === 'C' ? 'CC' : 'CH', line.open);
    if (by === 'C') line.cancelledC += line.open;
    else line.cancelledH += line.open;
    line.open = 0;
    line.allocated = 0;
  }
  if (units > 0) {
    order.lastCancel = by;
    touch(erp, order);
  }
  return units;
}

/** A clerk takes the cancel of a line back: what was cancelled is open again. */
export function reopenCancelled(erp: Erp, order: Order, sequence: number): void {
  for (const line of order.lines.filter((each) => each.sequence === sequence)) {
    erp.ledger.move(line.sku, line.location, 'CC', 'OP', line.cancelledC);
    erp.ledger.move(line.sku, line.location, 'CH', 'OP', line.cancelledH);
    line.open += line.cancelledC + line.cancelledH;
    line.cancelledC = 0;
    line.cancelledH = 0;
  }
}

/** What does not add up, over all lines and against the ledger; [] when all is well. */
export function brokenInvariants(erp: Erp): readonly string[] {
  const sums = new Map<string, { OP: number; PK: number; IN: number; CC: number; CH: number }>();
  for (const order of erp.orders.values())
    for (const { sku, location, open, picked, invoiced, cancelledC, cancelledH } of order.lines) {
      const key = `${sku}\n${location}`;
      const sum = sums.get(key) ?? { OP: 0, PK: 0, IN: 0, CC: 0, CH: 0 };
      sums.set(key, sum);
      sum.OP += open;
      sum.PK += picked;
      sum.IN += invoiced;
      sum.CC += cancelledC;
      sum.CH += cancelledH;
    }
  const ledger = erp.ledger.rows().flatMap(({ sku, location, buckets }) => {
    const key = `${sku}\n${location}`;
    const sum = sums.get(key) ?? { OP: 0, PK: 0, IN: 0, CC: 0, CH: 0 };
    sums.delete(key);
    return (['OP', 'PK', 'IN', 'CC', 'CH'] as const)
      .filter((type) => buckets[type] !== sum[type])
      .map((type) => `ledger of ${sku} at ${location}: ${type} ${buckets[type]}, orders say ${sum[type]}`);
  });
  const unledgered = [...sums].flatMap(([key, sum]) =>
    Object.values(sum).some((units) => units !== 0)
      ? [`${key.replace('\n', ' at ')} is on orders, not in the ledger`]
      : [],
  );
  return [...[...erp.orders.values()].flatMap(brokenLines), ...ledger, ...unledgered];
}

/** Plenty at W01, less at W02 and W03, and the XL promised away at W03: open to sell is negative there. */
function stock(erp: Erp): void {
  for (const [key, { label, size, live }] of erp.catalogue) {
    if (!live) continue;
    erp.ledger.post(key, 'W01', 'R1', label === 'SAMPLE' ? 2 : 5_000);
    erp.ledger.post(key, 'W02', 'R1', 800);
    erp.ledger.post(key, 'W03', 'R1', 120);
    if (size === 'XL') erp.ledger.post(key, 'W03', 'RS', 200);
  }
  for (const { style, quantity, location, linked } of erp.production)
    for (const key of skusOfStyle(erp, style)) {
      erp.ledger.post(key, location, 'WP', quantity);
      erp.ledger.post(key, location, location ? 'ST' : 'NS', quantity);
      if (!linked) continue;
      // Part of it has arrived for the orders it belongs to.
      erp.ledger.post(key, location, 'RV', 10);
      erp.ledger.post(key, location, 'RO', quantity);
    }
}

export function skusOfStyle(erp: Erp, style: string): readonly string[] {
  return [...erp.catalogue].flatMap(([key, sku]) =>
    sku.style === style && sku.live && sku.label !== 'SAMPLE' ? [key] : [],
  );
}

export function productionOf(erp: Erp, { style, label }: Sku, location: string): readonly SeededProduction[] {
  return label === 'SAMPLE'
    ? []
    : erp.production.filter((order) => order.style === style && order.location === location);
}
