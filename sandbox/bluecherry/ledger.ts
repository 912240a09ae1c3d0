/** Record types of the summary; available figures are computed from them and never stored. */
export const RECORD_TYPES = [
  'SA',
  'RT',
  'R1',
  'R2',
  'IN',
  'CM',
  'OP',
  'PK',
  'RS',
  'DM',
  'CC',
  'CH',
  'WP',
  'ST',
  'NS',
  'RV',
  'RI',
  'RP',
  'RO',
] as const;
export type RecordType = (typeof RECORD_TYPES)[number];
type Buckets = Record<RecordType, number>;

export interface StockRow {
  readonly sku: string;
  readonly location: string;
  readonly buckets: Readonly<Buckets>;
}

/** Quantities per SKU, location and record type (contract, section 7). */
export function createLedger() {
  const rows = new Map<string, { sku: string; location: string; buckets: Buckets }>();
  const row = (sku: string, location: string) => {
    const key = `${sku}\n${location}`;
    const known = rows.get(key);
    if (known) return known;
    const buckets: Buckets = {
      SA: 0,
      RT: 0,
      R1: 0,
      R2: 0,
      IN: 0,
      CM: 0,
      OP: 0,
      PK: 0,
      RS: 0,
      DM: 0,
      CC: 0,
      CH: 0,
      WP: 0,
      ST: 0,
      NS: 0,
      RV: 0,
      RI: 0,
      RP: 0,
      RO: 0,
    };
    const made = { sku, location, buckets };
    rows.set(key, made);
    return made;
  };
  return {
    post: (sku: string, location: string, type: RecordType, quantity: number) =>
      void (row(sku, location).buckets[type] += quantity),
    rows: (): readonly StockRow[] => [...rows.values()],
    onHand: (sku: string, location: string) => onHand(row(sku, location).buckets),
    of: (sku: string, location: string): Readonly<Buckets> => row(sku, location).buckets,
  };
}

/** QOH = SA + RT + R1 + R2 − IN − CM + (RV − RI). */
export function onHand(b: Readonly<Buckets>): number {
  return b.SA + b.RT + b.R1 + b.R2 - b.IN - b.CM + (b.RV - b.RI);
}

/** OTS = QOH − (RV − RI) − PK − RS − OP − DM; may be negative. */
export function openToSell(b: Readonly<Buckets>): number {
  return onHand(b) - (b.RV - b.RI) - b.PK - b.RS - b.OP - b.DM;
}

/** OTS + WIP = OTS + ST + (RV − RI − RP − RO): goods that do not exist yet. */
export function openToSellWithWip(b: Readonly<Buckets>): number {
  return openToSell(b) + b.ST + (b.RV - b.RI - b.RP - b.RO);
}
