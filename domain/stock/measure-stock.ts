import type { StockBuckets } from './stock-row.ts';
import type { StockMeasure } from './stock-rules.ts';

/** What counts of one row. */
export interface MeasuredStock {
  /** Negative = oversold. */
  readonly units: number;
  /** The measure that was lowest, as people write it. */
  readonly lowest: string;
}

/** Packed for somebody is not there any more, whatever a site measures. */
const UNPACKED: StockMeasure = { text: 'onHand - picked', from: 'onHand', less: ['picked'] };

/** What the ERP's own open-to-sell may be at most (contract, section 7). */
const LEDGER: StockMeasure = {
  text: 'onHand - picked - open - reserved',
  from: 'onHand',
  less: ['picked', 'open', 'reserved'],
};

/**
 * Units of a row that are physically available: the lowest of the site's measures. Never more than what lies there
 * unpacked; and an open-to-sell never counts for more than the ledger allows, because an installation may have put work
 * orders into it (decision 31).
 */
export function measureStock(buckets: StockBuckets, measures: readonly StockMeasure[]): MeasuredStock {
  let lowest = UNPACKED;
  let units = unitsBy(UNPACKED, buckets);
  const consider = (measure: StockMeasure): void => {
    const counted = unitsBy(measure, buckets);
    if (counted > units || (counted === units && lowest !== UNPACKED)) return;
    lowest = measure;
    units = counted;
  };
  for (const measure of measures) consider(measure);
  if (measures.some(({ from }) => from === 'openToSell')) consider(LEDGER);
  return { units, lowest: lowest.text };
}

/** Units by one measure. A deduction below zero, which no ledger has, adds nothing. */
export function unitsBy({ from, less }: StockMeasure, buckets: StockBuckets): number {
  return less.reduce((units, bucket) => units - Math.max(0, buckets[bucket]), buckets[from]);
}

/** By how much the ERP's open-to-sell is more than its ledger allows; 0 = it is sound. */
export function overstatedBy(buckets: StockBuckets): number {
  return Math.max(0, buckets.openToSell - unitsBy(LEDGER, buckets));
}
