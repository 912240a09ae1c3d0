import type { ErpSalesOrder, ImportResult } from '../../domain/sales-order.ts';
import { parseReference } from '../../domain/storefront-reference.ts';
import { BlueCherryError, schemaDrift } from './blue-cherry-error.ts';
import type { CallOptions } from './call-options.ts';
import { callsFor, readStandingStill, type Allowance } from './changed-list.ts';
import type { Delta } from './delta.ts';
import type { Governor } from './governor.ts';
import type { ImportLog } from './import-log.ts';
import { isPending, KnownImports } from './known-imports.ts';
import { KnownOrders, type KnownOrder } from './known-orders.ts';
import type { Log } from './log.ts';
import { isStagedRow, readOrderRows } from './order-rows.ts';
import { sizeOfHeaders, type Lister } from './paging.ts';
import type { Settings } from './settings.ts';
import { SharedRun, type Asked } from './shared-run.ts';
import { clocksGoBackOn, minusMinutes, minusSeconds, secondsBetween, stampAt, type Stamp } from './stamps.ts';
import { toImportResults } from './translate-import-log.ts';
import { referencesIn, toSalesOrder } from './translate-sales-order.ts';
import type { JsonObject } from './wire/json.ts';
import { changedAt } from './wire/values.ts';

export interface Look {
  readonly reference: string;
  /** ISO date in the ERP's zone on which the purchase was placed: no order that carries its reference is older. */
  readonly placedOn: string;
  /** Its post's transaction, where that is known. */
  readonly transaction: string | null;
  /** Calls that asking the ERP for this one alone takes. */
  readonly costs: number;
}

/** What the ERP knows of a reference. `lines` of the orders are null. */
export interface Seen {
  readonly orders: readonly ErpSalesOrder[];
  readonly imports: readonly ImportResult[];
}

export interface RecentOrdersOf {
  readonly lister: Lister;
  readonly importLog: ImportLog;
  readonly delta: Delta;
  readonly settings: Settings;
  readonly governor: Governor;
  readonly clock: () => Date;
  readonly log: Log;
}

type Which = 'imports' | 'orders';

/** How far a list is known: all that changed after `from`, until the last reading of it that was whole. */
interface Reach {
  readonly from: Stamp;
  /** As a delta's cursor. */
  readonly until: Stamp;
}

/** Which reading would be of use: for whom, from where, and how many calls it is worth. */
interface Plan {
  readonly from: Readonly<Record<Which, Stamp>>;
  readonly worth: number;
  /** Calls of one's own that each call of the reading saves. */
  readonly gain: number;
}

/** A day before the purchase: as much as a clock, or a zone that is set wrong, can be off. */
const MARGIN_DAYS = 1;
const MOST_DAYS_BACK = 8;
/** For fewer the past is not read. */
const WORTH_READING_BACK = 5;
/** After a list could not be read as a whole, everybody asks for his own for so long. */
const MISTRUST_MS = 60_000;
/** Stamps have a resolution of a second, and a commit takes a moment. */
const SKEW_SECONDS = 10;

/**
 * What the import log and the sales orders have shown lately, so that one reading of what changed answers all who look for
 * their reference, where that is as safe as asking for each. It is so if it reaches back to before the purchase was placed
 * and began after the question; else, and wherever anything is doubtful, the answer is null: ask the ERP itself.
 */
export class RecentOrders {
  readonly #of: RecentOrdersOf;
  readonly #run: SharedRun<Look, Seen | null>;
  readonly #imports = new KnownImports();
  readonly #orders = new KnownOrders();
  readonly #reach: Partial<Record<Which, Reach>> = {};
  /** When the last reading began, of whatever kind; milliseconds of the process's own clock. */
  readonly #readAt: Record<Which, number> = { imports: -Infinity, orders: -Infinity };
  #failures = 0;
  #mistrustedUntil = -Infinity;

  constructor(of: RecentOrdersOf) {
    this.#of = of;
    this.#run = new SharedRun({
      route: `GET /api/${of.settings.resources.salesOrder}`,
      turn: (priority) => of.governor.comes(priority),
      gain: (looks) => this.#plan(looks)?.gain ?? 0,
      answer: (asked, call) => this.#answer(asked, call),
    });
  }

  /** As of now, from one reading for all who wait; null = ask the ERP itself. Throws as a reading does. */
  look(question: Look, call: CallOptions): Promise<Seen | null> {
    return this.#run.ask(question, call);
  }

  /** What was seen within so many milliseconds, without a call; null = nothing can be said. */
  seenLately(question: Look, withinMs: number): Seen | null {
    const since = performance.now() - withinMs;
    const isLately = this.#readAt.imports >= since && this.#readAt.orders >= since;
    return isLately && this.#covers(question) ? this.#seen(question) : null;
  }

  /** The header as it was last read, whoever read it. */
  header(orderNumber: string): KnownOrder | null {
    return this.#orders.get(orderNumber);
  }

  /** Orders that are known to have changed after a time. */
  countOrdersAfter(stamp: Stamp): number {
    return this.#orders.countAfter(stamp);
  }

  /**
   * Rows that somebody read who follows the changes himself; he pays for no more than he needs, so a list of more than one
   * page, or of rows that may go, may have moved, and is not known as a whole.
   */
  note(
    which: Which,
    {
      rows,
      from,
      pages,
      beganAt,
    }: { readonly rows: readonly JsonObject[]; readonly from: Stamp; readonly pages: number; readonly beganAt: number },
  ): void {
    const isReadable = this.#take(which, rows);
    this.#readAt[which] = Math.max(this.#readAt[which], beganAt);
    const hasStoodStill = pages <= 1 && !rows.some((row) => this.#isFleeting(which, row));
    if (isReadable && hasStoodStill) this.#advance(which, from, rows.map(changedAt));
  }

  async #answer(asked: readonly Asked<Look>[], call: CallOptions): Promise<(question: Look) => Seen | null> {
    const nobody = () => null;
    const plan = this.#plan(asked.map(({ question }) => question));
    if (!plan) return nobody;
    try {
      const worth = { left: plan.worth };
      if (!(await this.#read('imports', plan.from.imports, worth, call))) return nobody;
      if (!(await this.#read('orders', plan.from.orders, worth, call))) return nobody;
    } catch (error) {
      if (!(error instanceof BlueCherryError)) throw error;
      if (!PASSES_SOON.has(error.code)) this.#fail(error);
      if (UNUSABLE.has(error.code)) return nobody;
      throw error;
    }
    this.#failures = 0;
    return (question) => (this.#covers(question) ? this.#seen(question) : null);
  }

  /** Reading pays if it takes fewer calls than all who wait would: as far as it is known what has changed. */
  #plan(looks: readonly Look[]): Plan | null {
    if (performance.now() < this.#mistrustedUntil) return null;
    const { imports, orders } = this.#reach;
    const covered = looks.filter((look) => this.#covers(look));
    const others = looks.filter((look) => !this.#covers(look) && this.#reachOf(look) !== null);
    if (others.length >= WORTH_READING_BACK) {
      const from = others.map((look) => this.#reachOf(look) ?? '').toSorted()[0] ?? '';
      const plan = this.#ifItPays([...covered, ...others], { imports: from, orders: from });
      if (plan) return plan;
    }
    if (!imports || !orders || covered.length === 0) return null;
    const { delta } = this.#of;
    return this.#ifItPays(covered, {
      imports: delta.overlapBefore(imports.until),
      orders: delta.overlapBefore(orders.until),
    });
  }

  #ifItPays(looks: readonly Look[], from: Plan['from']): Plan | null {
    const { paging } = this.#of.settings;
    const pages = { ...paging, size: sizeOfHeaders(paging) };
    const worth = looks.reduce((sum, { costs }) => sum + costs, 0);
    const costs =
      callsFor(this.#imports.countAfter(from.imports), pages) + callsFor(this.#orders.countAfter(from.orders), pages);
    return costs < worth ? { from, worth, gain: worth / costs } : null;
  }

  async #read(which: Which, from: Stamp, worth: Allowance, call: CallOptions): Promise<boolean> {
    const { settings } = this.#of;
    const { resources } = settings;
    const resource = which === 'imports' ? resources.importLog : resources.salesOrder;
    const beganAt = performance.now();
    const stamps: Stamp[] = [];
    const changed = {
      list: { resource, envelope: which === 'imports' ? 'flat' : 'header', size: sizeOfHeaders(settings.paging) },
      from,
      begins: () => this.#begins(stamps),
      note: (rows: readonly JsonObject[]) => {
        if (!this.#take(which, rows)) throw schemaDrift(`GET /api/${resource}`, 'a row');
        stamps.push(...rows.map(changedAt));
      },
      isFleeting: (row: JsonObject) => this.#isFleeting(which, row),
      isReadAgain: () => false,
      worth,
    } as const;
    if (!(await readStandingStill(this.#of.lister, changed, call))) return false;
    this.#advance(which, from, stamps);
    this.#readAt[which] = beganAt;
    return true;
  }

  #isFleeting(which: Which, row: JsonObject): boolean {
    return which === 'orders' && isStagedRow(row, this.#of.settings);
  }

  /** Keeps what rows say; false = one of them cannot be read that may be looked for. */
  #take(which: Which, rows: readonly JsonObject[]): boolean {
    return which === 'imports' ? this.#takeImports(rows) : this.#takeOrders(rows);
  }

  #takeImports(rows: readonly JsonObject[]): boolean {
    try {
      const read = this.#of.importLog.read(rows);
      this.#imports.note([...read.rows.values()]);
      return read.leftOut.length === 0;
    } catch (error) {
      if (error instanceof BlueCherryError) return false;
      throw error;
    }
  }

  #takeOrders(rows: readonly JsonObject[]): boolean {
    const { settings } = this.#of;
    try {
      const read = readOrderRows(rows, settings, (row) => row);
      for (const row of read.rows.values()) {
        const order = { ...toSalesOrder(row, settings), lines: null };
        const isNobodys = order.altPo === '' && order.referenceField === '';
        this.#orders.note(order.orderNumber, { stamp: row.last_mod, order: isNobodys ? null : order });
      }
      return !read.leftOut.some(({ row }) => mayBeLookedFor(referencesIn(row, settings)));
    } catch (error) {
      if (error instanceof BlueCherryError) return false;
      throw error;
    }
  }

  #advance(which: Which, from: Stamp, stamps: readonly Stamp[]): void {
    const { delta, settings } = this.#of;
    const known = this.#reach[which];
    const joins = known !== undefined && from <= delta.overlapBefore(known.until);
    // What begins behind a gap tells less than what is known before it.
    if (known && !joins) return;
    const resource = which === 'imports' ? settings.resources.importLog : settings.resources.salesOrder;
    const until = delta.changedUntil(resource, stamps, known?.until ?? from);
    const oldest = minusMinutes(this.#now(), (MOST_DAYS_BACK + MARGIN_DAYS) * 24 * 60);
    const begins = known && known.from < from ? known.from : from;
    this.#reach[which] = { from: begins > oldest ? begins : oldest, until };
    if (which === 'imports') this.#imports.forgetBefore(oldest);
    else this.#orders.forgetBefore(oldest);
  }

  #covers(look: Look): boolean {
    const { imports, orders } = this.#reach;
    const reach = this.#reachOf(look);
    return (
      reach !== null && imports !== undefined && orders !== undefined && imports.from <= reach && orders.from <= reach
    );
  }

  /** From when on all must be known; null = that is too long ago, or nobody can say. */
  #reachOf({ placedOn }: Look): Stamp | null {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(placedOn)) return null;
    const reach = minusMinutes(`${placedOn} 00:00:00`, MARGIN_DAYS * 24 * 60);
    return reach >= minusMinutes(this.#now(), MOST_DAYS_BACK * 24 * 60) ? reach : null;
  }

  #seen({ reference, transaction }: Look): Seen | null {
    const rows = this.#imports
      .of(reference, transaction)
      .filter(({ ext_ref }) => ext_ref === '' || ext_ref.toUpperCase() === reference.toUpperCase());
    // Faults come in several rows, one of which may be missing; and a repeat is told from a refusal by other rows.
    if (rows.some((row) => !isPending(row) && !/^[SW]$/i.test(row.status))) return null;
    return { orders: this.#orders.carrying(reference), imports: toImportResults(rows) };
  }

  /**
   * Our clock as a reading begins, less what the ERP's may be behind it, as far as the reading's own rows show by its end: a
   * clock may be set, so nothing is kept of it.
   */
  #begins(stamps: readonly Stamp[]): () => Stamp {
    const now = this.#now();
    const { zone, overlapMinutesWhenClocksGoBack } = this.#of.settings;
    const hours = clocksGoBackOn(now, zone) ? overlapMinutesWhenClocksGoBack : 0;
    return () => {
      const newest = stamps.reduce((high, stamp) => (stamp <= now && stamp > high ? stamp : high), '');
      const behind = newest === '' ? DAY_SECONDS : Math.min(secondsBetween(newest, now), DAY_SECONDS);
      return minusMinutes(minusSeconds(now, behind + SKEW_SECONDS), hours);
    };
  }

  /** What cannot be read is left at once; what got no answer, once it got none again. */
  #fail({ code }: BlueCherryError): void {
    this.#failures += 1;
    if (!UNUSABLE.has(code) && this.#failures < 2) return;
    this.#mistrustedUntil = performance.now() + MISTRUST_MS;
    this.#of.log.warn({ code }, 'what changed could not be read for all who look; each asks for its own for a while');
  }

  #now(): Stamp {
    return stampAt(this.#of.clock(), this.#of.settings.zone);
  }
}

const DAY_SECONDS = 24 * 3600;
/** Says nothing of how lists can be read. */
const PASSES_SOON: ReadonlySet<string> = new Set([
  'NO_TIME_LEFT',
  'RATE_LIMITED',
  'CREDENTIALS_REFUSED',
  'QUOTA_EXHAUSTED',
]);
/** The list cannot be read, but a question of one's own may be answered, and is checked by itself. */
const UNUSABLE: ReadonlySet<string> = new Set(['SCHEMA_DRIFT', 'FILTER_IGNORED', 'BROKEN_PAGING']);

function mayBeLookedFor({ altPo, referenceField }: Pick<ErpSalesOrder, 'altPo' | 'referenceField'>): boolean {
  return [altPo, referenceField].some((reference) => parseReference(reference) !== null);
}
