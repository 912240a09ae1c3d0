import type { ImportResult } from '../../domain/sales-order.ts';
import type { CallOptions } from './call-options.ts';
import { changedAfter, eq, eqNumber, rowKey, type Clause } from './filters.ts';
import type { Governor } from './governor.ts';
import type { Lister } from './paging.ts';
import type { Settings } from './settings.ts';
import { SharedRun } from './shared-run.ts';
import { instantOf, minusMinutes, minusSeconds, stampAt, type Stamp } from './stamps.ts';
import { elementOf, isRefusedControlNumber, toImportResults } from './translate-import-log.ts';
import { IMPORT_LOG_KEYS, importLogRow, type ImportLogRow } from './wire/import-log.ts';
import { text, type JsonObject } from './wire/json.ts';
import { readEach, readRow, type EachRead } from './wire/rows.ts';

/** How far back the log is read when this process has not followed it yet: a night, then a week. */
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
  /** After a restart many ask at once. */
  readonly #catchingUp: SharedRun<null, null>;
  #highest = 0n;
  #finished: readonly FinishedOrder[] = [];
  /** Until when it was followed without a gap, in ERP time; null = not yet. What a look-up shows leaves one. */
  #followedUntil: Stamp | null = null;

  constructor(lister: Lister, settings: Settings, governor: Governor, clock: () => Date) {
    this.#lister = lister;
    this.#settings = settings;
    this.#clock = clock;
    this.#catchingUp = new SharedRun({
      route: `GET /api/${settings.resources.importLog}`,
      turn: (priority) => governor.comes(priority),
      gain: ({ length }) => length,
      answer: async (_asked, call) => {
        await this.#catchUp(call);
        return () => null;
      },
    });
  }

  /** By reference, transaction or control number. Rows that only say "seen before" of our own post are left out. */
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

  /**
   * What moved since an instant, its own second included: one reading of what changed. Throws `SCHEMA_DRIFT` where it holds
   * a row of an order that cannot be read: without it that order would look as if nothing had moved.
   */
  async since(instant: Date, call: CallOptions): Promise<readonly DatedImport[]> {
    const { zone } = this.#settings;
    const from = minusSeconds(stampAt(instant, zone), 1);
    const read = this.read(await this.#lister.rows(this.list([changedAfter(from)], 'pages'), call));
    const lost = read.leftOut.find(({ row }) => this.#isOrder(row));
    if (lost) throw lost.error;
    const rows = [...read.rows.values()];
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
  read(rows: readonly JsonObject[]): EachRead<ImportLogRow> {
    const route = `GET /api/${this.#settings.resources.importLog}`;
    const read = readEach(rows, IMPORT_LOG_KEYS, (row) => readRow(row, importLogRow, route), route);
    for (const row of read.rows.values()) this.#note(row);
    // The order it belongs to was staged all the same.
    for (const { row } of read.leftOut) if (this.#isOrder(row)) this.#noteStaged(text(row['pkey']));
    return read;
  }

  /**
   * The highest key that recent rows of orders show, pending ones included; null when there are none. Cancels do not count:
   * nothing is known of their keys beside those of orders.
   */
  async highestTransaction(call: CallOptions): Promise<string | null> {
    await this.#catchingUp.ask(null, call);
    return this.#highest === 0n ? null : String(this.#highest);
  }

  /**
   * Whether the import job has, since an instant, finished an order that was staged later than a transaction. Costs nothing
   * if that was already seen. A higher key alone is not enough: that keys rise is not known, and one from before the
   * instant was not staged after it. Where none ever exceeds the mark the answer stays no, and people decide.
   */
  async finishedAfter(transaction: string, since: Date, call: CallOptions): Promise<boolean> {
    if (this.#hasFinishedAfter(transaction, since)) return true;
    await this.#catchingUp.ask(null, call);
    return this.#hasFinishedAfter(transaction, since);
  }

  #hasFinishedAfter(transaction: string, since: Date): boolean {
    const { zone, overlapMinutesWhenClocksGoBack } = this.#settings;
    const mark = keyNumber(transaction);
    const from = minusMinutes(stampAt(since, zone), overlapMinutesWhenClocksGoBack);
    return this.#finished.some(({ key, stamp }) => key > mark && stamp >= from);
  }

  async #catchUp(call: CallOptions): Promise<void> {
    const { zone, overlapMinutesWhenClocksGoBack } = this.#settings;
    const now = stampAt(this.#clock(), zone);
    const starts = this.#followedUntil
      ? [minusMinutes(this.#followedUntil, overlapMinutesWhenClocksGoBack)]
      : LOOKBACK_MINUTES.map((minutes) => minusMinutes(now, minutes));
    let newest = this.#followedUntil ?? '';
    for (const start of starts) {
      const read = this.read(await this.#lister.rows(this.list([changedAfter(start)], 'pages'), call));
      const rows = [...read.rows.values()];
      for (const { last_mod } of rows) if (last_mod > newest && last_mod <= now) newest = last_mod;
      if (rows.some((row) => this.#isOrder(row))) break;
    }
    this.#followedUntil = newest || null;
  }

  list(clauses: readonly Clause[], until: 'pages' | 'key') {
    return { resource: this.#settings.resources.importLog, envelope: 'flat', clauses, until } as const;
  }

  /** A look-up decides about duplicates: a row it cannot read is not left out, it stops the look. */
  async #rows(clause: Clause, call: CallOptions): Promise<readonly ImportLogRow[]> {
    const { rows, leftOut } = this.read(await this.#lister.rows(this.list([clause], 'key'), call));
    if (leftOut[0]) throw leftOut[0].error;
    return [...rows.values()];
  }

  #note(row: ImportLogRow): void {
    if (!this.#isOrder(row)) return;
    const key = this.#noteStaged(row.pkey);
    if (/^[swe]$/i.test(row.status)) this.#noteFinished({ key, stamp: row.last_mod });
  }

  #noteStaged(pkey: string): bigint {
    const key = keyNumber(pkey);
    if (key > this.#highest) this.#highest = key;
    return key;
  }

  /** One that another exceeds in both tells nothing more. */
  #noteFinished(one: FinishedOrder): void {
    if (this.#finished.some((other) => exceeds(other, one))) return;
    this.#finished = [...this.#finished.filter((other) => !exceeds(one, other)), one];
  }

  /**
   * Where the row does not say of what it is, by what only an order carries (contract, section 16); whether or not the rest
   * of it can be read.
   */
  #isOrder(row: JsonObject): boolean {
    const resource = text(row['resource']);
    if (resource === '') return text(row['ext_ref']) !== '' || text(row['isa_num']) !== '';
    return resource.toLowerCase() === this.#settings.resources.salesOrder.toLowerCase();
  }
}

/** An order that the import job is done with. */
interface FinishedOrder {
  readonly key: bigint;
  readonly stamp: Stamp;
}

function exceeds(one: FinishedOrder, other: FinishedOrder): boolean {
  return one.key >= other.key && one.stamp >= other.stamp;
}

function clauseOf(
  by: { readonly reference: string } | { readonly transaction: string } | { readonly controlNumber: string },
): Clause {
  if ('reference' in by) return eq('ext_ref', by.reference);
  return 'transaction' in by ? rowKey(by.transaction) : eqNumber('isa_num', by.controlNumber);
}

function keyNumber(key: string): bigint {
  return /^\d+$/.test(key) ? BigInt(key) : 0n;
}

function distinct(rows: readonly ImportLogRow[]): readonly ImportLogRow[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}
