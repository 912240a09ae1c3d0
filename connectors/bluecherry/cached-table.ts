import { z } from 'zod';

import type { CallOptions } from './call-options.ts';
import { readStandingStill } from './changed-list.ts';
import type { Delta } from './delta.ts';
import type { DiskCache } from './disk-cache.ts';
import { rowKey, type Clause } from './filters.ts';
import type { Log } from './log.ts';
import type { Lister } from './paging.ts';
import type { Stamp } from './stamps.ts';
import { text, type JsonObject } from './wire/json.ts';
import { readRows, type Envelope } from './wire/rows.ts';

interface KeyedRow {
  readonly pkey: string;
}

export interface TableOf<Row extends KeyedRow, Entry> {
  /** Name of its file. */
  readonly name: string;
  readonly resource: string;
  readonly envelope: Envelope;
  readonly include?: 'all';
  /** Key fields of a row beside `pkey`. */
  readonly keys: readonly string[];
  readonly row: z.ZodType<Row>;
  readonly entry: z.ZodType<Entry>;
  readonly translate: (row: Row) => Entry;
  /** Which rows are of the resource; what is listed among them and is not counts as absent. By default all are. */
  readonly isOne?: (row: JsonObject) => boolean;
}

export interface TableTools {
  readonly lister: Lister;
  readonly delta: Delta;
  readonly disk: DiskCache;
  readonly log: Log;
  readonly clock: () => Date;
  readonly fullPassEveryMs: number;
  /** Ends every reading when the connector is closed. */
  readonly closing: AbortSignal;
}

interface Read<Entry> {
  readonly rows: ReadonlyMap<string, Entry>;
  /** Until when all changes are among them; empty = no row shows a time of change. */
  readonly changedUntil: Stamp;
  /** false = the list moved under every reading, so a row may be missing. */
  readonly stoodStill: boolean;
}

/** A whole list is read so often at most to learn what is gone of it. */
const MOST_ROUNDS = 3;

/**
 * The ERP's rows of one resource, by row key: read as a whole once, kept up to date by `last_mod`, and read as a whole
 * again each day, because a deletion leaves no trace in a delta. A list moves while it is read: the first reading and each
 * delta are read until they stood still, so that no row is unknown; after that none is dropped because one reading did not
 * show it.
 */
export class CachedTable<Row extends KeyedRow, Entry> {
  readonly #of: TableOf<Row, Entry>;
  readonly #tools: TableTools;
  readonly #file: z.ZodType<{
    readonly changedUntil: Stamp;
    readonly readAt: number;
    readonly entries: readonly (readonly [string, Entry])[];
  }>;
  #entries = new Map<string, Entry>();
  #changedUntil: Stamp | null = null;
  #readAt = 0;
  #loading: Promise<void> | null = null;
  /** Grows with every change of the entries. */
  revision = 0;

  constructor(of: TableOf<Row, Entry>, tools: TableTools) {
    this.#of = of;
    this.#tools = tools;
    this.#file = z.object({
      changedUntil: z.string(),
      readAt: z.number(),
      entries: z.array(z.tuple([z.string(), of.entry])),
    });
  }

  /** Whether all of the resource was read at least once. */
  get isComplete(): boolean {
    return this.#changedUntil !== null;
  }

  get size(): number {
    return this.#entries.size;
  }

  entries(): Iterable<Entry> {
    return this.#entries.values();
  }

  /** Takes over what an earlier process left on disk. */
  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** What changed, or the whole resource if it was never read; once a day the whole, too, for what left no trace. */
  async refresh(call: CallOptions): Promise<void> {
    await this.load();
    if (this.#changedUntil === null) return this.#readFirst(call);
    await this.#readDelta(this.#changedUntil, call);
    const { clock, fullPassEveryMs } = this.#tools;
    if (clock().getTime() - this.#readAt >= fullPassEveryMs) await this.#readAgain(call);
  }

  /** Reads a few rows by key, and keeps them. */
  async fetch(clause: Clause, call: CallOptions): Promise<void> {
    const rows = await this.#tools.lister.rows({ ...this.#list, clauses: [clause], until: 'key' }, call);
    if (this.#put(this.#translate(rows))) await this.#save();
  }

  async #load(): Promise<void> {
    const content = await this.#tools.disk.load(this.#of.name, this.#file);
    if (!content) return;
    this.#entries = new Map(content.entries);
    this.#changedUntil = content.changedUntil;
    this.#readAt = content.readAt;
    this.revision++;
  }

  async #readFirst(call: CallOptions): Promise<void> {
    const { delta, clock, log } = this.#tools;
    const startedAt = clock().getTime();
    const { rows, changedUntil } = await this.#read(null, call);
    if (rows.size === 0 && this.#entries.size > 0) return this.#sayNothingCame();
    this.#put(rows);
    this.#readAt = startedAt;
    // Rows without any time of change give no cursor: then a day back must do.
    this.#changedUntil = changedUntil || delta.from(null);
    await this.#save();
    log.info({ resource: this.#of.resource, rows: rows.size }, 'reference data read as a whole');
  }

  async #readDelta(before: Stamp, call: CallOptions): Promise<void> {
    const { rows, changedUntil, stoodStill } = await this.#read(before, call);
    const hasNews = this.#put(rows);
    // What a moving list has not shown is younger than where this reading began.
    if (stoodStill) this.#changedUntil = changedUntil;
    if (hasNews || this.#changedUntil !== before) await this.#save();
  }

  async #readAgain(call: CallOptions): Promise<void> {
    const { clock, log } = this.#tools;
    const startedAt = clock().getTime();
    const rows = new Map<string, Entry>();
    const gone = await this.#findGone(rows, call);
    this.#readAt = startedAt;
    if (rows.size === 0 && this.#entries.size > 0) return this.#sayNothingCame();
    for (const key of gone) this.#entries.delete(key);
    if (gone.length > 0) this.revision++;
    this.#put(rows);
    await this.#save();
    log.info({ resource: this.#of.resource, rows: rows.size, gone: gone.length }, 'reference data read as a whole');
  }

  /** What changed since the list was known until then, or all there is. */
  async #read(before: Stamp | null, call: CallOptions): Promise<Read<Entry>> {
    const { delta, lister, log } = this.#tools;
    const { resource } = this.#of;
    const began = delta.now();
    const rows = new Map<string, Entry>();
    const stamps: Stamp[] = [];
    const changedUntil = () => delta.changedUntil(resource, stamps, before ?? '', began);
    const changed = {
      list: this.#list,
      from: before === null ? null : delta.overlapBefore(before),
      begins: () => {
        const beginning = delta.now();
        return () => delta.overlapBefore(beginning);
      },
      note: (page: readonly JsonObject[]) => {
        for (const [key, entry] of this.#translate(page)) rows.set(key, entry);
        for (const row of page) stamps.push(stampOf(row));
      },
      isFleeting: () => false,
      isReadAgain: () => changedUntil() === before,
      worth: { left: Infinity },
    };
    const stoodStill = await readStandingStill(lister, changed, call);
    if (!stoodStill) log.warn({ resource }, 'the list moved whenever it was read; a row may be missing');
    return { rows, changedUntil: changedUntil(), stoodStill };
  }

  /**
   * Reads the whole list into `rows`, and answers which of the known ones are gone. What does not show may have been pulled
   * over a page border: a few are asked for one by one; where reading again costs less, it is read again, and gone is what
   * that brings nothing of.
   */
  async #findGone(rows: Map<string, Entry>, call: CallOptions): Promise<readonly string[]> {
    const { lister, log } = this.#tools;
    let before = Infinity;
    for (let round = 1; round <= MOST_ROUNDS; round++) {
      let calls = 1;
      for await (const page of lister.pages({ ...this.#list, clauses: [], until: 'pages' }, call)) {
        for (const [key, entry] of this.#translate(page)) rows.set(key, entry);
        calls += 1;
      }
      if (rows.size === 0) return [];
      const unseen = [...this.#entries.keys()].filter((key) => !rows.has(key));
      if (unseen.length <= calls) return this.#askFor(unseen, rows, call);
      if (unseen.length === before) return unseen;
      before = unseen.length;
    }
    log.warn(
      { resource: this.#of.resource, rows: before },
      'the list moved whenever it was read; what is known is kept',
    );
    return [];
  }

  /** Puts what is there into `rows`; answers what is not. */
  async #askFor(keys: readonly string[], rows: Map<string, Entry>, call: CallOptions): Promise<readonly string[]> {
    for (const key of keys) {
      const found = await this.#tools.lister.rows({ ...this.#list, clauses: [rowKey(key)], until: 'key' }, call);
      for (const [own, entry] of this.#translate(found)) rows.set(own, entry);
    }
    return keys.filter((key) => !rows.has(key));
  }

  #sayNothingCame(): void {
    this.#tools.log.warn({ resource: this.#of.resource }, 'a full read brought nothing; what was known is kept');
  }

  /** Whether any of them is news. */
  #put(rows: Iterable<readonly [string, Entry]>): boolean {
    const news = [...rows].filter(([key, entry]) => JSON.stringify(this.#entries.get(key)) !== JSON.stringify(entry));
    for (const [key, entry] of news) this.#entries.set(key, entry);
    if (news.length > 0) this.revision++;
    return news.length > 0;
  }

  async #save(): Promise<void> {
    // Rows read by key alone are no catalogue.
    if (this.#changedUntil === null) return;
    const content = { changedUntil: this.#changedUntil, readAt: this.#readAt, entries: [...this.#entries] };
    await this.#tools.disk.save(this.#of.name, content);
  }

  #translate(rows: readonly JsonObject[]): readonly (readonly [string, Entry])[] {
    const { resource, keys, row, translate, isOne = () => true } = this.#of;
    const read = readRows(rows.filter(isOne), row, ['pkey', ...keys], `GET /api/${resource}`);
    if (read.skipped > 0)
      this.#tools.log.warn({ resource, rows: read.skipped }, 'rows without their keys were left out');
    return read.rows.map((each) => [each.pkey, translate(each)] as const);
  }

  get #list() {
    const { resource, envelope, include } = this.#of;
    return { resource, envelope, ...(include ? { include } : {}) };
  }
}

function stampOf(row: JsonObject): Stamp {
  return text(row['last_mod']).replace('T', ' ');
}
