import type { SkuCodes } from '../sales-order.ts';

/**
 * Units of one SKU in one warehouse, as the ERP's snapshot has them (contract, section 7). Everything from `workInProcess`
 * on does not exist yet, or is not here.
 */
export interface StockBuckets {
  /** QOH. Still holds what is picked and not invoiced. */
  readonly onHand: number;
  /** PK. */
  readonly picked: number;
  /** OP. Open orders, held ones included. */
  readonly open: number;
  /** RS + DM. */
  readonly reserved: number;
  /** OTS; negative = oversold. */
  readonly openToSell: number;
  /** OTS with goods that do not exist yet: never published as available now. */
  readonly openToSellWithWork: number;
  readonly workInProcess: number;
  readonly onPurchaseOrder: number;
  readonly inTransit: number;
}

/** One row of the ERP's inventory: a SKU in a warehouse. */
export interface StockRow {
  readonly sku: SkuCodes;
  /** Position in the size range, 1 to 24; null = the row does not say. */
  readonly sizeBucket: number | null;
  /** Warehouse code; '' = a pseudo location. */
  readonly warehouse: string;
  readonly buckets: StockBuckets;
}

/** One (division, warehouse) of a snapshot, complete in itself (decision 34). */
export interface StockPart {
  readonly division: string;
  readonly warehouse: string;
  /** The ERP's `snapshot_id`. */
  readonly snapshot: string;
  /** When the ERP took it: ISO instant. */
  readonly asOf: string;
  readonly rows: readonly StockRow[];
}

/** What the storefront holds of a SKU at one stock location. */
export interface StorefrontLevel {
  readonly sku: string;
  /** SparkLayer's id of the location. */
  readonly locationId: string;
  /** The location's `external_id`; null = it has none. */
  readonly location: string | null;
  readonly units: number;
  /** ISO date; null = none. */
  readonly restockDate: string | null;
  /** `min_stock_level`: −9 lets nine be sold that are not there; null = none. */
  readonly floor: number | null;
}

/** A level to be written; absolute, all three values, because what is left out is cleared (A33). */
export interface LevelWrite {
  readonly sku: string;
  /** `external_id` of the stock location. */
  readonly location: string;
  readonly units: number;
  readonly restockDate: string | null;
  readonly floor: number | null;
}
