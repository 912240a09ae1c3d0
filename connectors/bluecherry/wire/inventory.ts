import { z } from 'zod';

import type { SkuCodes } from '../../../domain/sales-order.ts';
import type { StockBuckets, StockRow } from '../../../domain/stock/stock-row.ts';
import { schemaDrift } from '../blue-cherry-error.ts';
import { INVENTORY_FIELDS as FIELDS } from './assumptions.ts';
import { text, wholeNumber, type JsonObject } from './json.ts';
import { code, flag, stamp } from './values.ts';

/** Which snapshot a page belongs to, as every page of the inventory says (assumed). */
export interface SnapshotHead {
  readonly snapshot: string;
  /** When the ERP's job read its ledger: local time without offset. */
  readonly asOf: string;
  /** The ERP's word that every row of what was asked for is there; always false where only changes were asked for. */
  readonly isComplete: boolean;
}

export type StockRowRead =
  | { readonly kind: 'row'; readonly row: StockRow }
  /** Nobody can say whose figures these are. */
  | { readonly kind: 'keyless' }
  | { readonly kind: 'unreadable'; readonly row: UnreadableStock };

/** A row whose item is known and whose figures are not: the item's last good figures stay. */
export interface UnreadableStock {
  readonly sku: SkuCodes;
  readonly warehouse: string;
  /** Wire name of the figure that is missing or no whole number. */
  readonly field: string;
}

const head = z.object({ as_of: stamp, snapshot_id: code, complete_ok: flag });

export function readSnapshotHead(envelope: JsonObject, route: string): SnapshotHead {
  const { data } = head.safeParse(envelope);
  if (!data || data.as_of === '' || data.snapshot_id === '') throw schemaDrift(route, 'data.as_of or data.snapshot_id');
  return { snapshot: data.snapshot_id, asOf: data.as_of, isComplete: data.complete_ok };
}

/**
 * Reads one row by hand, because there may be 100,000 of them and none may spoil the others. `codeOf` folds a code, and
 * gives the same text for the same code. On hand and open to sell must be there; other figures that are absent are 0.
 */
export function readStockRow(wire: JsonObject, codeOf: (wireCode: string) => string): StockRowRead {
  const codeIn = (field: string) => codeOf(text(wire[field]));
  const sku = {
    division: codeIn(FIELDS.division),
    style: codeIn(FIELDS.style),
    color: codeIn(FIELDS.color),
    label: codeIn(FIELDS.label),
    dimension: codeIn(FIELDS.dimension),
    size: codeIn(FIELDS.size),
    upc: text(wire[FIELDS.upc]),
  };
  if (sku.division === '' || sku.style === '' || sku.color === '' || sku.size === '') return { kind: 'keyless' };
  const warehouse = codeIn(FIELDS.warehouse);
  let wrong: string | null = null;
  const figure = (field: string, otherwise: number | null) => {
    const value = figureOf(wire[field]);
    if (value === 'none' && otherwise !== null) return otherwise;
    if (typeof value === 'number') return value;
    wrong ??= field;
    return 0;
  };
  const openToSell = figure(FIELDS.openToSell, null);
  const buckets: StockBuckets = {
    onHand: figure(FIELDS.onHand, null),
    picked: figure(FIELDS.picked, 0),
    open: figure(FIELDS.open, 0),
    reserved: figure(FIELDS.reserved, 0),
    openToSell,
    openToSellWithWork: figure(FIELDS.openToSellWithWork, openToSell),
    workInProcess: figure(FIELDS.workInProcess, 0),
    onPurchaseOrder: figure(FIELDS.onPurchaseOrder, 0),
    inTransit: figure(FIELDS.inTransit, 0),
  };
  if (wrong !== null) return { kind: 'unreadable', row: { sku, warehouse, field: wrong } };
  return { kind: 'row', row: { sku, sizeBucket: wholeNumber(wire[FIELDS.sizeBucket]), warehouse, buckets } };
}

function figureOf(value: unknown): number | 'none' | 'wrong' {
  if (Number.isSafeInteger(value)) return Number(value) + 0;
  if (value === null || value === undefined || (typeof value === 'string' && value.trim() === '')) return 'none';
  const whole = wholeNumber(value);
  return whole !== null && Number.isSafeInteger(whole) ? whole + 0 : 'wrong';
}
