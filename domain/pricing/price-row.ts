import type { Amount } from '../money.ts';

/** A price of the ERP that cannot be read as it is now, with what of it can be. */
export interface UnreadablePrice extends Pick<PriceRow, 'key' | 'level' | 'customer' | 'currency' | 'style'> {
  /** First and last day, inclusive, `YYYY-MM-DD`; null = open, or not to be read. */
  readonly from: string | null;
  readonly until: string | null;
}

/** A price of the ERP: of a level for everybody, or of one customer. Blank codes hold for all. */
export interface PriceRow {
  /** The ERP's row key. */
  readonly key: string;
  /** '' on the row of a customer. */
  readonly level: string;
  /** '' on the row of a level. */
  readonly customer: string;
  /** ISO 4217, upper case. */
  readonly currency: string;
  readonly division: string;
  readonly style: string;
  readonly color: string;
  readonly label: string;
  readonly dimension: string;
  /** First and last position in the size range it holds for; null = all sizes. */
  readonly sizes: { readonly from: number; readonly to: number } | null;
  /** null = the row names none. */
  readonly price: Amount | null;
  /** First and last day, inclusive, `YYYY-MM-DD`; null = open. */
  readonly from: string | null;
  readonly until: string | null;
  /** ISO instant; null = the row does not say. */
  readonly changedAt: string | null;
}
