import type { ImportResult } from '../../domain/sales-order.ts';
import type { CallOptions } from './call-options.ts';
import { changedAfter, eq, rowKey, type Clause } from './filters.ts';
import type { Lister } from './paging.ts';
import type { Settings } from './settings.ts';
import { instantOf, minusMinutes, minusSeconds, stampAt, type Stamp } from './stamps.ts';
import { elementOf, isRefusedControlNumber, toImportResults } from './translate-import-log.ts';
import { schemaDrift } from './blue-cherry-error.ts';
import { IMPORT_LOG_KEYS, importLogRow, type ImportLogRow } from './wire/import-log.ts';
import type { JsonObject } from './wire/json.ts';
import { readRows } from './wire/rows.ts';

/** How far back the log is read when this process has seen nothing of it yet: a night, then a week. */
const LOOKBACK_MINUTES = [26 * 60, 8 * 24 * 60];

/** A result of the import, with when the log row last moved. */
export interface DatedImport {
  readonly result: ImportResult;
  /** ISO instant; in the hour that occurs twice the later one, and now where the row does not say. */
  readonly at: string;
}

/** The import log, and what it has shown so far of transactions and how far the import job is. */
export class ImportLog {
  readonly #lister: Lister;
  readonly #settings: Settings;
  readonly #clock: () => Date;
  #highest = 0n;
  #highestFinished = 0n;
  #lastStamp: Stamp | null = null;

  constructor(lister: Lister, settings: Settings, clock: () => Date) {
    this.#lister = lister;
    this.#settings = settings;
    this.#clock = clock;
  }

  /** By reference, transaction or control number: one page. Rows that only say "seen before" of our own post are left out. */
  async find(
    by: { readonly reference: string } | { readonly transaction: string } | { readonly controlNumber: string },
    call: CallOptions,
  ): Promise<ImportResult[]> {
    const rows = await this.#rows(clauseOf(by), call);
    return this.results(rows, () => true, call);
  }

  /**
   * Results of rows read in a pass. `isNew` says which rows count; their elements are told whole. A refused control
   * number whose other row is not among them costs one more call, or a repeat would look like a refusal.
   */
  async results(
    rows: readonly ImportLogRow[],
    isNew: (row: ImportLogRow) => boolean,
    call: CallOptions,
  ): Promise<ImportResult[]> {
    const numbers = new Set(
      rows.filter((row) => isRefusedControlNumber(row) && isNew(row) && row.isa_num !== '').map((row) => row.isa_num),
    );
    const others: ImportLogRow[] = [];
    for (const controlNumber of numbers) {
      const isAlone = rows.filter((row) => row.isa_num === controlNumber).every((row) => isRefusedControlNumber(row));
      if (isAlone) others.push(...(await this.#rows(clauseOf({ controlNumber }), call)));
    }
    const wanted = new Set(rows.filter(isNew).map(({ pkey, row_seq }) => `${pkey}/${row_seq}`));
    return toImportResults(distinct([...rows, ...others])).filter(({ transaction, row }) =>
      wanted.has(`${transaction}/${row}`),
    );
  }

  /** What moved since an instant, its own second included: one reading of what changed. */
  async since(instant: Date, call: CallOptions): Promise<readonly DatedImport[]> {
    const { zone } = this.#settings;
    const from = minusSeconds(stampAt(instant, zone), 1);
    const { rows } = this.read(await this.#lister.rows(this.list([changedAfter(from)], 'pages'), call));
    const now = stampAt(this.#clock(), zone);
    const latest = new Map<string, Stamp>();
    for (const row of rows) {
      const [element, stamp] = [elementOf(row), row.last_mod || now];
      if (stamp > (latest.get(element) ?? '')) latest.set(element, stamp);
    }
    return toImportResults(rows).map((result) => ({
      result,
      at: instantOf(latest.get(`${result.transaction}/${result.row}`) ?? now, zone),
    }));
  }

  /** Parses rows and remembers what they show. */
  read(rows: readonly JsonObject[]): { readonly rows: readonly ImportLogRow[]; readonly skipped: number } {
    const read = readRows(rows, importLogRow, IMPORT_LOG_KEYS, `GET /api/${this.#settings.resources.importLog}`);
    for (const row of read.rows) this.#note(row);
    return read;
  }

  /** The highest key any recent row shows, pending ones included; null when the log is empty. */
  async highestTransaction(call: CallOptions): Promise<string | null> {
    await this.#catchUp(call);
    return this.#highest === 0n ? null : String(this.#highest);
  }

  /** Whether the import job has finished an order that was staged later. Costs nothing if that was already seen. */
  async finishedAfter(transaction: string, call: CallOptions): Promise<boolean> {
    const mark = keyNumber(transaction);
    if (this.#highestFinished > mark) return true;
    await this.#catchUp(call);
    return this.#highestFinished > mark;
  }

  async #catchUp(call: CallOptions): Promise<void> {
    const { zone, overlapMinutesWhenClocksGoBack } = this.#settings;
    const now = stampAt(this.#clock(), zone);
    const starts = this.#lastStamp
      ? [minusMinutes(this.#lastStamp, overlapMinutesWhenClocksGoBack)]
      : LOOKBACK_MINUTES.map((minutes) => minusMinutes(now, minutes));
    for (const start of starts) {
      const rows = await this.#lister.rows(this.list([changedAfter(start)], 'pages'), call);
      this.read(rows);
      if (rows.length > 0) return;
    }
  }

  list(clauses: readonly Clause[], until: 'pages' | 'key') {
    return { resource: this.#settings.resources.importLog, envelope: 'flat', clauses, until } as const;
  }

  /** A look-up decides about duplicates: a row it cannot read is not left out, it stops the look. */
  async #rows(clause: Clause, call: CallOptions): Promise<readonly ImportLogRow[]> {
    const { rows, skipped } = this.read(await this.#lister.rows(this.list([clause], 'key'), call));
    if (skipped > 0) throw schemaDrift(`GET /api/${this.#settings.resources.importLog}`, 'pkey, row_seq or status');
    return rows;
  }

  #note({ pkey, status, last_mod, resource }: ImportLogRow): void {
    const key = keyNumber(pkey);
    if (key > this.#highest) this.#highest = key;
    const isOrder = resource === '' || resource.toLowerCase() === this.#settings.resources.salesOrder.toLowerCase();
    if (isOrder && /^[swe]$/i.test(status) && key > this.#highestFinished) this.#highestFinished = key;
    const now = stampAt(this.#clock(), this.#settings.zone);
    if (last_mod <= now && last_mod > (this.#lastStamp ?? '')) this.#lastStamp = last_mod;
  }
}

function clauseOf(
  by: { readonly reference: string } | { readonly transaction: string } | { readonly controlNumber: string },
): Clause {
  if ('reference' in by) return eq('ext_ref', by.reference);
  return 'transaction' in by ? rowKey(by.transaction) : eq('isa_num', by.controlNumber);
}

function keyNumber(key: string): bigint {
  return /^\d+$/.test(key) ? BigInt(key) : 0n;
}

function distinct(rows: readonly ImportLogRow[]): readonly ImportLogRow[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}
