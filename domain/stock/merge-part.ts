import type { SkuCodes } from '../sales-order.ts';
import { minutesBetween } from './stock-words.ts';
import { skuKey } from './sku-key.ts';
import type { StockPart, StockRow } from './stock-row.ts';
import type { StockRules } from './stock-rules.ts';

/** A row that later figures do not have, with the snapshot that had it last. */
export interface AbsentRow {
  readonly row: StockRow;
  readonly snapshot: string;
  /** ISO instant. */
  readonly asOf: string;
}

/** The last good figures of one (division, warehouse): what is kept between runs. */
export interface KeptPart extends StockPart {
  /** Their last figures may lower what is published, never raise it. */
  readonly absent: readonly AbsentRow[];
}

/** A reading that passed the guards. */
export interface TakenPart {
  /**
   * complete: what is not in it is not in the ERP · incomplete: a person let it through, it proves nothing of what it does
   * not have · delta: only what changed.
   */
  readonly kind: 'complete' | 'incomplete' | 'delta';
  /** Without its broken rows. */
  readonly part: StockPart;
  /** Items of broken rows: there, but with figures that nobody can use. */
  readonly broken: readonly SkuCodes[];
}

/**
 * The figures to go on with. A complete reading takes the place of those before it; what it does not have any more is
 * absent: unless the site says that this means zero, its last figures go on counting as old ones until it comes back. The
 * last figures of a broken row stay in any case. null = there still are none: changes of nothing.
 */
export function mergePart(
  last: KeptPart | null,
  taken: TakenPart,
  { absentMeansZero, guards }: Pick<StockRules, 'absentMeansZero' | 'guards'>,
): KeptPart | null {
  if (!last) return taken.kind === 'delta' ? null : { ...taken.part, absent: [] };
  const isBroken = among(taken.broken);
  if (taken.kind === 'delta') {
    // But for the hour that occurs twice, older than the figures at hand is of no use.
    const isOlder = minutesBetween(taken.part.asOf, last.asOf) > guards.clocksGoBackMinutes;
    return isOlder ? last : applyChanges(last, taken.part, isBroken);
  }
  const isThere = among(taken.part.rows.map(({ sku }) => sku));
  const isZero = absentMeansZero && taken.kind === 'complete';
  const absent = [...last.rows.map((row) => absentRow(row, last)), ...last.absent];
  return {
    ...taken.part,
    absent: absent.filter(({ row: { sku } }) => !isThere(sku) && (!isZero || isBroken(sku))),
  };
}

/** Rows that changed take the place of theirs, and all are then as new as the reading. It makes nothing absent. */
function applyChanges(last: KeptPart, { snapshot, asOf, rows }: StockPart, isBroken: IsAmong): KeptPart {
  const newer = new Map(rows.map((row) => [skuKey(row.sku), row]));
  const isNewer = among(rows.map(({ sku }) => sku));
  const kept: StockRow[] = [];
  const broken: AbsentRow[] = [];
  for (const row of last.rows) {
    const key = skuKey(row.sku);
    const change = newer.get(key);
    newer.delete(key);
    if (change) kept.push(change);
    else if (isBroken(row.sku)) broken.push(absentRow(row, last));
    else kept.push(row);
  }
  return {
    ...last,
    snapshot,
    asOf,
    rows: [...kept, ...newer.values()],
    absent: [...last.absent.filter(({ row }) => !isNewer(row.sku)), ...broken],
  };
}

type IsAmong = (sku: SkuCodes) => boolean;

function among(skus: readonly SkuCodes[]): IsAmong {
  const keys = new Set(skus.map(skuKey));
  return (sku) => keys.size > 0 && keys.has(skuKey(sku));
}

function absentRow(row: StockRow, { snapshot, asOf }: StockPart): AbsentRow {
  return { row, snapshot, asOf };
}
