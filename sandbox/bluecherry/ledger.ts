/** Record types of the summary; available figures are computed from them and never stored. */
const NONE = {
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
export type RecordType = keyof typeof NONE;
export type Buckets = Record<RecordType, number>;

export interface StockRow {
  readonly sku: string;
  readonly location: string;
  readonly buckets: Readonly<Buckets>;
  /** When a bucket last moved, in the ERP's local time. */
  readonly changed: string;
}

/** Quantities per SKU, location and record type (contract, section 7). */
export function createLedger(stamp: () => string) {
  const rows = new Map<string, { sku: string; location: string; buckets: Buckets; changed: string }>();
  let version = 0;
  const row = (sku: string, location: string) => {
    const key = `${sku}\n${location}`;
    const known = rows.get(key);
    if (known) return known;
    const made = { sku, location, buckets: { ...NONE }, changed: stamp() };
    rows.set(key, made);
    return made;
  };
  const post = (sku: string, location: string, type: RecordType, quantity: number) => {
    if (!Number.isSafeInteger(quantity))
      throw new Error(`${type} of ${sku} at ${location}: ${quantity} is no quantity`);
    if (quantity === 0) return;
    const target = row(sku, location);
    target.buckets[type] += quantity;
    target.changed = stamp();
    version++;
  };
  return {
    post,
    /** From one record type to another, as a pick or a cancel does. */
    move(sku: string, location: string, from: RecordType, to: RecordType, quantity: number): void {
      post(sku, location, from, -quantity);
      post(sku, location, to, quantity);
    },
    rows: (): readonly StockRow[] => [...rows.values()],
    of: (sku: string, location: string): Readonly<Buckets> => row(sku, location).buckets,
    /** Moves with every posting. */
    version: () => version,
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

/** What allocation may assign before what is already allocated: QOH − (RV − RI) − PK − RS. */
export function allocatable(b: Readonly<Buckets>): number {
  return onHand(b) - (b.RV - b.RI) - b.PK - b.RS;
}
