import type { SkuCodes } from '../sales-order.ts';
import type { PriceRow, UnreadablePrice } from './price-row.ts';
import type { PriceSource } from './price-rules.ts';

export interface FoundPrice {
  /** null = the ERP has no price for it. */
  readonly row: PriceRow | null;
  /** A price for some sizes would go first, and nobody knows which size this is. */
  readonly isSizeUnknown: boolean;
  /** A row that may be of its style and of this list cannot be read: it may be the one that holds. */
  readonly isUnreadable: boolean;
}

/** What the ERP's prices are found in. */
export interface PricesRead {
  readonly rows: readonly PriceRow[];
  readonly unreadable: readonly UnreadablePrice[];
}

/** `bucket` = position of the SKU in its size range; null = not known: then no row for some sizes holds for it. */
export type PriceFinder = (sku: SkuCodes, bucket: number | null) => FoundPrice;

/**
 * The ERP's price of each SKU on a day (`YYYY-MM-DD`, both ends of a validity inclusive). Precedence, assumed by the
 * contract (section 10): customer and SKU, customer and style, the price level in the currency, the base level of the
 * style. Within a step the narrower size range goes first, then the later start; where that decides nothing, the row
 * that names more codes, then the one changed later, then the later key.
 */
export function createPriceFinder({ rows, unreadable }: PricesRead, source: PriceSource, day: string): PriceFinder {
  const inDoubt = new Set(
    unreadable.filter((row) => mayBeOf(row, source) && isValidOn(row, day)).map(({ style }) => style),
  );
  const holding = rows.filter((row) => stepOf(row, source) !== null && isValidOn(row, day));
  const byStyle = new Map(
    [...Map.groupBy(holding, ({ style }) => style)].map(([style, its]) => [
      style,
      its.toSorted((left, right) => compare(left, right, source)),
    ]),
  );
  return (sku, bucket) => {
    const isUnreadable = inDoubt.has(sku.style);
    let isSizeUnknown = false;
    for (const row of byStyle.get(sku.style) ?? []) {
      if (!fitsCodes(row, sku)) continue;
      if (row.sizes === null) return { row, isSizeUnknown, isUnreadable };
      if (bucket === null) isSizeUnknown = true;
      else if (row.sizes.from <= bucket && bucket <= row.sizes.to) return { row, isSizeUnknown, isUnreadable };
    }
    return { row: null, isSizeUnknown, isUnreadable };
  };
}

/** Which step of the precedence a row belongs to; null = none for this list. */
function stepOf(row: PriceRow, { currency, customer, level, baseLevel }: PriceSource): number | null {
  if (row.currency !== currency) return null;
  if (row.customer !== '') return row.customer === customer ? (isOfSku(row) ? 0 : 1) : null;
  if (row.level === '') return null;
  if (row.level === level) return 2;
  return row.level === baseLevel ? 3 : null;
}

/** What does not say for whom it is may be for any list. */
function mayBeOf({ currency, customer, level }: UnreadablePrice, source: PriceSource): boolean {
  if (currency !== '' && currency !== source.currency) return false;
  if (customer !== '') return customer === source.customer;
  return level === '' || level === source.level || level === source.baseLevel;
}

/** Beyond style and division it names something of the SKU. */
function isOfSku({ color, label, dimension, sizes }: PriceRow): boolean {
  return color !== '' || label !== '' || dimension !== '' || sizes !== null;
}

function isValidOn({ from, until }: Pick<PriceRow, 'from' | 'until'>, day: string): boolean {
  return (from === null || from <= day) && (until === null || day <= until);
}

function fitsCodes(row: PriceRow, sku: SkuCodes): boolean {
  return (['division', 'color', 'label', 'dimension'] as const).every(
    (name) => row[name] === '' || row[name] === sku[name],
  );
}

function compare(left: PriceRow, right: PriceRow, source: PriceSource): number {
  return (
    (stepOf(left, source) ?? 0) - (stepOf(right, source) ?? 0) ||
    widthOf(left) - widthOf(right) ||
    later(left.from ?? '', right.from ?? '') ||
    codesNamed(right) - codesNamed(left) ||
    later(left.changedAt ?? '', right.changedAt ?? '') ||
    right.key.length - left.key.length ||
    later(left.key, right.key)
  );
}

function widthOf({ sizes }: PriceRow): number {
  return sizes === null ? Number.MAX_SAFE_INTEGER : sizes.to - sizes.from;
}

function codesNamed({ division, color, label, dimension }: PriceRow): number {
  return [division, color, label, dimension].filter(Boolean).length;
}

function later(left: string, right: string): number {
  return left === right ? 0 : left > right ? -1 : 1;
}
