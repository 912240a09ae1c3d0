import { z } from 'zod';

import type { CallOptions } from './call-options.ts';
import type { Delta } from './delta.ts';
import type { DiskCache } from './disk-cache.ts';
import { changedAfter, type Clause } from './filters.ts';
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

/**
 * The ERP's rows of one resource, by row key: read as a whole once, kept up to date by `last_mod`, and read as a whole
 * again each day, because a deletion leaves no trace in a delta.
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

  /** The whole resource if it was never read or not for a day, else what changed. */
  async refresh(call: CallOptions): Promise<void> {
    await this.load();
    const { clock, fullPassEveryMs } = this.#tools;
    const isDue = clock().getTime() - this.#readAt >= fullPassEveryMs;
    if (this.#changedUntil === null || isDue) await this.#readAll(call);
    else await this.#readDelta(this.#changedUntil, call);
  }

  /** Reads a few rows by key, and keeps them. */
  async fetch(clause: Clause, call: CallOptions): Promise<void> {
    const rows = await this.#tools.lister.rows({ ...this.#list([clause]), until: 'key' }, call);
    await this.#keep(this.#translate(rows), null);
  }

  async #load(): Promise<void> {
    const content = await this.#tools.disk.load(this.#of.name, this.#file);
    if (!content) return;
    this.#entries = new Map(content.entries);
    this.#changedUntil = content.changedUntil;
    this.#readAt = content.readAt;
    this.revision++;
  }

  async #readAll(call: CallOptions): Promise<void> {
    const { delta, lister, clock, log } = this.#tools;
    const startedAt = clock().getTime();
    const entries = new Map<string, Entry>();
    const stamps: Stamp[] = [];
    for await (const page of lister.pages({ ...this.#list([]), until: 'pages' }, call)) {
      for (const [key, entry] of this.#translate(page)) entries.set(key, entry);
      stamps.push(...page.map(stampOf));
    }
    this.#readAt = startedAt;
    if (entries.size === 0 && this.#entries.size > 0) {
      log.warn({ resource: this.#of.resource }, 'a full read brought nothing; what was known is kept');
      return;
    }
    this.#entries = entries;
    // Rows without any time of change give no cursor: then a day back must do.
    await this.#keep([], delta.changedUntil(this.#of.resource, stamps, '') || delta.from(null));
    log.info({ resource: this.#of.resource, rows: entries.size }, 'reference data read as a whole');
  }

  async #readDelta(changedUntil: Stamp, call: CallOptions): Promise<void> {
    const { delta, lister } = this.#tools;
    const clause = changedAfter(delta.overlapBefore(changedUntil));
    const rows = await lister.rows({ ...this.#list([clause]), until: 'pages' }, call);
    const next = delta.changedUntil(this.#of.resource, rows.map(stampOf), changedUntil);
    await this.#keep(this.#translate(rows), next === changedUntil ? null : next);
  }

  async #keep(changed: readonly (readonly [string, Entry])[], changedUntil: Stamp | null): Promise<void> {
    const news = changed.filter(([key, entry]) => JSON.stringify(this.#entries.get(key)) !== JSON.stringify(entry));
    for (const [key, entry] of news) this.#entries.set(key, entry);
    if (changedUntil !== null) this.#changedUntil = changedUntil;
    if (news.length === 0 && changedUntil === null) return;
    this.revision++;
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

  #list(clauses: readonly Clause[]) {
    const { resource, envelope, include } = this.#of;
    return { resource, envelope, clauses, ...(include ? { include } : {}) };
  }
}

function stampOf(row: JsonObject): Stamp {
  return text(row['last_mod']).replace('T', ' ');
}
