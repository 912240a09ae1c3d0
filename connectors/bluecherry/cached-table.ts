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
import { changedAt, isStamp } from './wire/values.ts';
import { nameOfRow, readEach, type Envelope } from './wire/rows.ts';

/** What is remembered of a row that cannot be read. */
export interface TraceOf<Trace> {
  readonly schema: z.ZodType<Trace>;
  readonly of: (row: JsonObject) => Trace;
}

export interface TableOf<Entry, Trace> {
  /** Name of its file. */
  readonly name: string;
  readonly resource: string;
  readonly envelope: Envelope;
  readonly include?: 'all';
  /** Key fields of a row beside `pkey`. */
  readonly keys: readonly string[];
  readonly entry: z.ZodType<Entry>;
  /** Throws `SCHEMA_DRIFT` for a row that cannot be read. */
  readonly read: (row: JsonObject) => Entry;
  readonly trace: TraceOf<Trace>;
  /** Such a row stops the reading where this is true; else it is left out, and what was known of it stays. */
  readonly isIndispensable: (row: JsonObject) => boolean;
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

/** What pages have shown, by row key. */
type Shown<Entry, Trace> = Map<string, { readonly entry: Entry } | { readonly trace: Trace }>;

interface Read<Entry, Trace> {
  readonly shown: Shown<Entry, Trace>;
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
 * delta are read until they stood still, so that no row is missed; after that none is dropped because one reading did not
 * show it. A row that cannot be read is known to be there, so that nobody takes it for gone, or what was known of it for
 * what it says now.
 */
export class CachedTable<Entry, Trace = string> {
  readonly #of: TableOf<Entry, Trace>;
  readonly #tools: TableTools;
  readonly #file: z.ZodType<{
    readonly changedUntil: Stamp;
    readonly readAt: number;
    readonly entries: readonly (readonly [string, Entry])[];
    readonly unknown: readonly (readonly [string, Trace])[];
  }>;
  #entries = new Map<string, Entry>();
  /** Of rows that are there and cannot be read as they are now, by row key. */
  #traces = new Map<string, Trace>();
  #changedUntil: Stamp | null = null;
  #readAt = 0;
  #loading: Promise<void> | null = null;
  /** Grows with every change of what is known. */
  revision = 0;

  constructor(of: TableOf<Entry, Trace>, tools: TableTools) {
    this.#of = of;
    this.#tools = tools;
    this.#file = z.object({
      changedUntil: z.string().refine(isStamp),
      readAt: z.number(),
      entries: z.array(z.tuple([z.string(), of.entry])),
      // Files of before have none, or only those of which no entry is known.
      unknown: z.array(z.tuple([z.string(), of.trace.schema])).default([]),
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

  /** Of rows that the ERP shows, that cannot be read, and of which no entry is known. */
  unknown(): readonly Trace[] {
    return [...this.#traces].flatMap(([key, trace]) => (this.#entries.has(key) ? [] : [trace]));
  }

  /** Of rows that cannot be read as they are now, also where an earlier entry is known. */
  unreadable(): Iterable<Trace> {
    return this.#traces.values();
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
    const shown: Shown<Entry, Trace> = new Map();
    // Somebody waits for just these.
    this.#take(rows, shown, () => true);
    if (this.#put(shown)) await this.#save();
  }

  async #load(): Promise<void> {
    const content = await this.#tools.disk.load(this.#of.name, this.#file);
    if (!content) return;
    this.#entries = new Map(content.entries);
    this.#traces = new Map(content.unknown);
    this.#changedUntil = content.changedUntil;
    this.#readAt = content.readAt;
    this.revision++;
  }

  async #readFirst(call: CallOptions): Promise<void> {
    const { delta, clock, log } = this.#tools;
    const startedAt = clock().getTime();
    const { shown, changedUntil } = await this.#read(null, call);
    if (shown.size === 0 && this.#entries.size > 0) return this.#sayNothingCame();
    this.#put(shown);
    this.#readAt = startedAt;
    // Rows without any time of change give no cursor: then a day back must do.
    this.#changedUntil = changedUntil || delta.from(null);
    await this.#save();
    log.info({ resource: this.#of.resource, rows: shown.size }, 'reference data read as a whole');
  }

  async #readDelta(before: Stamp, call: CallOptions): Promise<void> {
    const { shown, changedUntil, stoodStill } = await this.#read(before, call);
    const hasNews = this.#put(shown);
    // What a moving list has not shown is younger than where this reading began.
    if (stoodStill) this.#changedUntil = changedUntil;
    if (hasNews || this.#changedUntil !== before) await this.#save();
  }

  async #readAgain(call: CallOptions): Promise<void> {
    const { clock, log } = this.#tools;
    const startedAt = clock().getTime();
    const shown: Shown<Entry, Trace> = new Map();
    const gone = await this.#findGone(shown, call);
    this.#readAt = startedAt;
    if (shown.size === 0 && this.#entries.size > 0) return this.#sayNothingCame();
    for (const key of gone) {
      this.#entries.delete(key);
      this.#traces.delete(key);
    }
    if (gone.length > 0) this.revision++;
    this.#put(shown);
    await this.#save();
    log.info({ resource: this.#of.resource, rows: shown.size, gone: gone.length }, 'reference data read as a whole');
  }

  /** What changed since the list was known until then, or all there is. */
  async #read(before: Stamp | null, call: CallOptions): Promise<Read<Entry, Trace>> {
    const { delta, lister, log } = this.#tools;
    const { resource } = this.#of;
    const began = delta.now();
    const shown: Shown<Entry, Trace> = new Map();
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
        this.#take(page, shown);
        for (const row of page) stamps.push(changedAt(row));
      },
      isFleeting: () => false,
      isReadAgain: () => changedUntil() === before,
      worth: { left: Infinity },
    };
    const stoodStill = await readStandingStill(lister, changed, call);
    if (!stoodStill) log.warn({ resource }, 'the list moved whenever it was read; a row may be missing');
    return { shown, changedUntil: changedUntil(), stoodStill };
  }

  /**
   * Reads the whole list, and answers which of the known rows are gone. What does not show may have been pulled over a page
   * border: a few are asked for one by one; where reading again costs less, it is read again, and gone is what that brings
   * none of.
   */
  async #findGone(shown: Shown<Entry, Trace>, call: CallOptions): Promise<readonly string[]> {
    const { lister, log } = this.#tools;
    const { resource } = this.#of;
    let before = Infinity;
    for (let round = 1; round <= MOST_ROUNDS; round++) {
      let calls = 1;
      for await (const page of lister.pages({ ...this.#list, clauses: [], until: 'pages' }, call)) {
        this.#take(page, shown);
        calls += 1;
      }
      if (shown.size === 0) return [];
      const known = new Set([...this.#entries.keys(), ...this.#traces.keys()]);
      const missing = [...known].filter((key) => !shown.has(key));
      if (missing.length <= calls) return this.#askFor(missing, shown, call);
      if (missing.length === before) return missing;
      before = missing.length;
    }
    log.warn({ resource, rows: before }, 'the list moved whenever it was read; what is known is kept');
    return [];
  }

  /** One by one; answers those that are not there. */
  async #askFor(keys: readonly string[], shown: Shown<Entry, Trace>, call: CallOptions): Promise<readonly string[]> {
    for (const key of keys) {
      const found = await this.#tools.lister.rows({ ...this.#list, clauses: [rowKey(key)], until: 'key' }, call);
      this.#take(found, shown);
    }
    return keys.filter((key) => !shown.has(key));
  }

  #sayNothingCame(): void {
    this.#tools.log.warn({ resource: this.#of.resource }, 'a full read brought nothing; what was known is kept');
  }

  /** Whether any of it is news. */
  #put(shown: Shown<Entry, Trace>): boolean {
    let isNews = false;
    for (const [key, row] of shown) {
      if ('trace' in row) {
        if (JSON.stringify(this.#traces.get(key)) === JSON.stringify(row.trace)) continue;
        this.#traces.set(key, row.trace);
      } else {
        const wasUnreadable = this.#traces.delete(key);
        if (!wasUnreadable && JSON.stringify(this.#entries.get(key)) === JSON.stringify(row.entry)) continue;
        this.#entries.set(key, row.entry);
      }
      isNews = true;
    }
    if (isNews) this.revision++;
    return isNews;
  }

  async #save(): Promise<void> {
    // Rows read by key alone are no catalogue.
    if (this.#changedUntil === null) return;
    const content = {
      changedUntil: this.#changedUntil,
      readAt: this.#readAt,
      entries: [...this.#entries],
      unknown: [...this.#traces],
    };
    await this.#tools.disk.save(this.#of.name, content);
  }

  #take(page: readonly JsonObject[], shown: Shown<Entry, Trace>, isIndispensable = this.#of.isIndispensable): void {
    const { resource, keys, read, trace, isOne = () => true } = this.#of;
    const { rows, leftOut } = readEach(page.filter(isOne), ['pkey', ...keys], read, `GET /api/${resource}`);
    const stopping = leftOut.find(({ row, hasKeys }) => hasKeys && isIndispensable(row));
    if (stopping) throw stopping.error;
    for (const [row, entry] of rows) shown.set(text(row['pkey']), { entry });
    for (const { row, hasKeys } of leftOut) if (hasKeys) shown.set(text(row['pkey']), { trace: trace.of(row) });
    if (leftOut.length === 0) return;
    const says = [...new Set(leftOut.map(({ error }) => error.message))];
    this.#tools.log.warn({ resource, rows: leftOut.length, says }, 'rows that cannot be read were left out');
  }

  get #list() {
    const { resource, envelope, include } = this.#of;
    return { resource, envelope, ...(include ? { include } : {}) };
  }
}

/** Of a row nothing but what people call it. */
export function namedBy(keys: readonly string[]): TraceOf<string> {
  return { schema: z.string(), of: (row) => nameOfRow(row, keys) };
}
