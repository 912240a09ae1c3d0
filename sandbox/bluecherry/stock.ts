import { erpDate } from './clock.ts';
import { productionOf, type Erp } from './erp.ts';
import { onHand, openToSell, openToSellWithWip, type StockRow } from './ledger.ts';
import type { Entry } from './resources.ts';

export interface Snapshot {
  readonly id: number;
  readonly asOf: string;
  readonly rows: readonly Entry[];
}

const FRESH_MS = 15 * 60_000;

/**
 * What the snapshot job last read from the ledger. It runs when a reader begins and the ledger moved or a quarter of an
 * hour has gone; a page further on never starts one. An installation may count production in what it calls open to sell.
 */
export function createStock(erp: Erp, countsWorkAsStock: boolean) {
  let id = 880;
  let last: (Snapshot & { readonly version: number; readonly at: number }) | null = null;
  let isStalled = false;
  const take = () => {
    last = {
      id: ++id,
      asOf: erp.clock.stamp(),
      version: erp.ledger.version(),
      at: erp.clock.now().getTime(),
      rows: erp.ledger.rows().map((row, index) => {
        const fields = inventoryRow(erp, row, index);
        return { fields: countsWorkAsStock ? { ...fields, ots_qty: fields.ots_qty + row.buckets.ST } : fields };
      }),
    };
    return last;
  };
  return {
    take,
    /** A stalled job leaves the old snapshot standing: `as_of` grows old. */
    stall: (stalled: boolean) => void (isStalled = stalled),
    current(page: number): Snapshot {
      if (!last) return take();
      if (page > 1 || isStalled) return last;
      const isStale = last.version !== erp.ledger.version() || erp.clock.now().getTime() - last.at >= FRESH_MS;
      return isStale ? take() : last;
    },
  };
}

export type Stock = ReturnType<typeof createStock>;

function inventoryRow(erp: Erp, { sku: key, location, buckets, changed }: StockRow, index: number) {
  const sku = erp.catalogue.get(key);
  if (!sku) throw new Error(`the ledger holds ${key}, the catalogue does not`);
  const coming = productionOf(erp, sku, location);
  const units = (wanted: (order: (typeof coming)[number]) => boolean) =>
    coming.filter(wanted).reduce((sum, { quantity }) => sum + quantity, 0);
  const [next] = coming.toSorted((one, other) => one.due.localeCompare(other.due));
  return {
    pkey: index + 1,
    division: sku.division.padEnd(3),
    style: sku.style,
    color_code: sku.color,
    lbl_code: sku.label.padEnd(5),
    dimension: sku.dimension,
    size_bk: sku.bucket,
    size_desc: sku.size,
    upc: sku.upc,
    location: location.padEnd(6),
    qoh: onHand(buckets),
    pick_qty: buckets.PK,
    open_qty: String(buckets.OP),
    resv_qty: buckets.RS + buckets.DM,
    wip_qty: units(({ kind, stage }) => kind === 'make' && stage < 3),
    po_qty: units(({ kind, stage }) => kind === 'buy' && stage < 3),
    intran_qty: String(units(({ stage }) => stage === 3)),
    ots_qty: openToSell(buckets),
    ots_wip_qty: openToSellWithWip(buckets),
    next_date: next ? erpDate(next.due) : '',
    next_qty: next ? units(({ due }) => due === next.due) : 0,
    last_mod: changed,
  };
}
