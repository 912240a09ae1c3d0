import type { StockPart, StockRow } from '../../domain/stock/stock-row.ts';
import type { CallOptions } from './call-options.ts';
import { foldOf } from './codes.ts';
import type { Delta, DeltaCursor } from './delta.ts';
import { changedAfter, eq, type Clause } from './filters.ts';
import { listIncoming, type ErpIncoming } from './incoming.ts';
import type { List, Lister } from './paging.ts';
import type { Settings } from './settings.ts';
import { earliestInstantOf, stampAt } from './stamps.ts';
import type { StockStore } from './stock-store.ts';
import { readSnapshotHead, readStockRow, type SnapshotHead, type UnreadableStock } from './wire/inventory.ts';
import { text, type JsonObject } from './wire/json.ts';

/** The snapshot that the ERP shows now. */
export interface SnapshotGlance {
  readonly snapshot: string;
  /** ISO instant; in the hour that occurs twice the earlier one. */
  readonly asOf: string;
}

/** What is wrong in single rows. Neither is absent: last good figures stay. */
export interface RowTroubles {
  /** Rows without the codes that say whose they are: left out and counted. */
  readonly skipped: number;
  /** Rows with a figure that is missing or no whole number. */
  readonly unreadable: readonly UnreadableStock[];
}

export type Unstable = { readonly kind: 'unstable'; readonly says: string };

export type PartReading =
  /** All pages of one snapshot; `complete` = each of them says that the snapshot holds everything asked for. */
  | (RowTroubles & { readonly kind: 'complete' | 'incomplete'; readonly part: StockPart })
  /** The snapshot was replaced, or its rows moved, under every reading: nothing of it counts. */
  | (Unstable & { readonly division: string; readonly warehouse: string });

/** How far the changes were told. Plain data; hand it back as it is. */
export type StockCursor = DeltaCursor;

export type StockChanges =
  | (RowTroubles &
      SnapshotGlance & {
        readonly kind: 'changes';
        /** Of all divisions and locations, as they are now. What vanished leaves no trace here. */
        readonly rows: readonly StockRow[];
        readonly cursor: StockCursor;
      })
  | Unstable;

/** Told after each page: rows so far. A reading that begins again counts from 0. */
export type OnPage = (rows: number) => void;

/** The ERP's stock (contract, sections 3 and 7). All methods throw `BlueCherryError`; nothing is retried here. */
export interface Inventory {
  /** The cheapest look there is, one call and one row: whether there is anything new to read. */
  glance(call: CallOptions): Promise<SnapshotGlance>;
  /** Everything of one division at one location; begins again when the snapshot changes between two pages. */
  readPart(
    of: { readonly division: string; readonly warehouse: string },
    call: CallOptions,
    onPage?: OnPage,
  ): Promise<PartReading>;
  /**
   * What moved since, at all locations: since the `asOf` (ISO instant) of figures at hand, or since an earlier reading.
   * Reaches back a little further, so rows may be told that are known already.
   */
  readChanges(
    since: StockCursor | { readonly asOf: string },
    call: CallOptions,
    onPage?: OnPage,
  ): Promise<StockChanges>;
  /** Goods that do not exist yet or have not arrived, for dated availability only. One reading for each stage. */
  listIncoming(stages: readonly number[], call: CallOptions): Promise<readonly ErpIncoming[]>;
  /** The last good parts, and what was sent of them. */
  readonly store: StockStore;
}

export interface InventoryOf {
  readonly lister: Lister;
  readonly delta: Delta;
  readonly settings: Settings;
  readonly store: StockStore;
  /** Told how many rows came without their keys. */
  readonly skip: (rows: number) => void;
}

export function createInventory({ lister, delta, settings, store, skip }: InventoryOf): Inventory {
  const resource = settings.resources.inventory;
  const route = `GET /api/${resource}`;
  const { restarts, pageSize } = settings.inventory;
  const codeOf = createInterning(foldOf(settings.upperCaseCodes));

  return {
    async glance(call) {
      const { envelope } = await lister.firstPage({ ...list([]), size: 1 }, call);
      return glanceOf(readSnapshotHead(envelope, route));
    },

    async readPart({ division, warehouse }, call, onPage = ignore) {
      const clauses = [eq('division', division), eq('location', warehouse)];
      const read = await readWhole(clauses, () => createRowKeeper(codeOf), call, onPage);
      if (!read) return { ...unstable(), division, warehouse };
      const { head, kept } = read;
      skip(kept.troubles.skipped);
      return {
        ...kept.troubles,
        kind: head.isComplete ? 'complete' : 'incomplete',
        part: { division, warehouse, ...glanceOf(head), rows: kept.rows },
      };
    },

    async readChanges(since, call, onPage = ignore) {
      const cursor = 'asOf' in since ? cursorAt(since.asOf) : since;
      const clauses = [changedAfter(delta.from(cursor))];
      const read = await readWhole(clauses, createRawKeeper, call, onPage);
      if (!read) return unstable();
      // A snapshot does not move while it is read, so the mark never has to stay for another pass.
      const news = delta.fold(resource, read.kept.rows, { ...cursor, isHeld: true });
      const kept = createRowKeeper(codeOf);
      kept.take([...news.fresh]);
      skip(kept.troubles.skipped);
      return { ...kept.troubles, ...glanceOf(read.head), kind: 'changes', rows: kept.rows, cursor: news.cursor };
    },

    listIncoming: (stages, call) => listIncoming({ lister, settings, skip }, stages, call),

    store,
  };

  /** All pages of one snapshot, handed to a new keeper with each attempt; null = it never held still. */
  async function readWhole<Kept extends Keeper>(
    clauses: readonly Clause[],
    begin: () => Kept,
    call: CallOptions,
    onPage: OnPage,
  ): Promise<{ readonly head: SnapshotHead; readonly kept: Kept } | null> {
    for (let attempt = 0; attempt <= restarts; attempt++) {
      const kept = begin();
      const head = await readOnce(list(clauses), kept, call, onPage);
      if (head) return { head, kept };
    }
    return null;
  }

  /** null = the snapshot was replaced, or a row was seen twice, so another one may be missing. */
  async function readOnce(whole: List, kept: Keeper, call: CallOptions, onPage: OnPage): Promise<SnapshotHead | null> {
    const seen = new Set<string>();
    let first: SnapshotHead | null = null;
    let isComplete = true;
    let count = 0;
    for await (const { rows, envelope } of lister.envelopedPages(whole, call)) {
      const head = readSnapshotHead(envelope, route);
      first ??= head;
      if (head.snapshot !== first.snapshot || head.asOf !== first.asOf) return null;
      isComplete &&= head.isComplete;
      const keys = rows.map(({ pkey }) => text(pkey)).filter((key) => key !== '');
      if (keys.some((key) => seen.has(key))) return null;
      for (const key of keys) seen.add(key);
      count += rows.length;
      kept.take(rows);
      onPage(count);
    }
    return first && { ...first, isComplete };
  }

  function list(clauses: readonly Clause[]): List {
    return { resource, envelope: 'header', clauses, until: 'pages', size: pageSize };
  }

  function glanceOf({ snapshot, asOf }: SnapshotHead): SnapshotGlance {
    return { snapshot, asOf: earliestInstantOf(asOf, settings.zone) };
  }

  function cursorAt(asOf: string): StockCursor {
    return { changedUntil: stampAt(new Date(asOf), settings.zone), seen: [], isHeld: false };
  }

  function unstable(): Unstable {
    const says = `the snapshot was replaced while its pages were read, ${restarts + 1} times in a row`;
    return { kind: 'unstable', says };
  }
}

interface Keeper {
  take(rows: readonly JsonObject[]): void;
}

/** Keeps what rows say, not the rows: there may be 100,000 of them. */
function createRowKeeper(codeOf: (wireCode: string) => string) {
  const rows: StockRow[] = [];
  const unreadable: UnreadableStock[] = [];
  let skipped = 0;
  return {
    rows,
    get troubles(): RowTroubles {
      return { skipped, unreadable };
    },
    take(wire: readonly JsonObject[]) {
      for (const one of wire) {
        const read = readStockRow(one, codeOf);
        if (read.kind === 'row') rows.push(read.row);
        else if (read.kind === 'unreadable') unreadable.push(read.row);
        else skipped++;
      }
    },
  };
}

function createRawKeeper() {
  const rows: JsonObject[] = [];
  return { rows, take: (more: readonly JsonObject[]) => void rows.push(...more) };
}

/** Folds codes, and keeps each folded code once: the rows of one SKU in several warehouses share their texts. */
function createInterning(fold: (code: string) => string): (wireCode: string) => string {
  const known = new Map<string, string>();
  return (wireCode) => {
    const before = known.get(wireCode);
    if (before !== undefined) return before;
    const folded = fold(wireCode);
    known.set(wireCode, folded);
    return folded;
  };
}

function ignore(): void {
  // Nobody asked to be told.
}
