import { createHash } from 'node:crypto';

import { Decimal } from 'decimal.js';

import type { Log } from './log.ts';
import type { Settings } from './settings.ts';
import {
  clocksGoBackOn,
  elapsedBefore,
  latestCredible,
  minusMinutes,
  minusSeconds,
  stampAt,
  type Stamp,
} from './stamps.ts';
import { isJsonObject, text, type JsonObject } from './wire/json.ts';
import { changedAt, isoDate } from './wire/values.ts';

/** How far a list has been read, in ERP time, with the rows of the overlap that are already known. JSON-able. */
export interface DeltaCursor {
  readonly changedUntil: Stamp;
  /** Short hashes of (resource, key, `last_mod`, content), those of rows that were settling marked. */
  readonly seen: readonly string[];
  /** The last pass reached back further than its successor would have, so it is read once more from the same mark. */
  readonly isHeld: boolean;
}

/** More would be too much for a workflow's result; what is forgotten is told again, which does no harm. */
const MOST_SEEN = 5_000;
const HASH_LENGTH = 12;
/** Stamps have a resolution of one second. */
const SETTLING_SECONDS = 2;
const SETTLING_MARK = '~';

/** The rules of reading changes: where to begin, what is new, where to go on (contract, section 3; decision 19). */
export class Delta {
  readonly #settings: Settings;
  readonly #clock: () => Date;
  readonly #log: Log;
  readonly #toldAhead = new Set<string>();

  constructor(settings: Settings, clock: () => Date, log: Log) {
    this.#settings = settings;
    this.#clock = clock;
    this.#log = log;
  }

  /** What `last_mod gt` asks for: `gt` loses rows of the cursor's own second, and sets move while they are read. */
  from(cursor: DeltaCursor | null): Stamp {
    if (!cursor) return minusMinutes(this.now(), this.#settings.firstReadHours * 60);
    return this.overlapBefore(cursor.changedUntil);
  }

  overlapBefore(changedUntil: Stamp): Stamp {
    const { zone, overlapMinutes, overlapMinutesWhenClocksGoBack } = this.#settings;
    const minutes = clocksGoBackOn(changedUntil, zone) ? overlapMinutesWhenClocksGoBack : overlapMinutes;
    // Where the clock has skipped an hour its face would give away most of the overlap.
    const [byClock, elapsed] = [minusMinutes(changedUntil, minutes), elapsedBefore(changedUntil, minutes, zone)];
    return byClock < elapsed ? byClock : elapsed;
  }

  /**
   * The rows that are new, and the cursor for next time. Only for a pass that was finished. What changed within the last
   * seconds may change again under the same stamp, in its lines alone: it is settling. A list moves while it is read, so
   * a row may jump over a page border; after a pause, when the next pass would begin behind it, the mark stays for one
   * pass more.
   */
  fold(
    resource: string,
    rows: readonly JsonObject[],
    cursor: DeltaCursor | null,
    tellsSettlingAgain = false,
  ): {
    readonly fresh: ReadonlySet<JsonObject>;
    readonly settling: ReadonlySet<JsonObject>;
    readonly cursor: DeltaCursor;
  } {
    const known = new Set(cursor?.seen);
    const now = this.now();
    const young = minusSeconds(now, SETTLING_SECONDS);
    const read = rows.map((row) => {
      const [stamp, hash] = [changedAt(row), hashOf(resource, row)];
      // A stamp ahead of our clock does not tell when its second is over; by the next pass it is.
      const wasToldBefore = stamp > now && (known.has(hash) || known.has(SETTLING_MARK + hash));
      return { row, stamp, hash, isSettling: tellsSettlingAgain && stamp > young && !wasToldBefore };
    });
    // A set that moves while it is read may show one row on two pages.
    const fresh = new Map(read.map((each) => [each.hash, each]));
    for (const hash of known) fresh.delete(hash);
    const before = cursor?.changedUntil ?? this.from(null);
    const highest = this.changedUntil(
      resource,
      read.map(({ stamp }) => stamp),
      before,
    );
    const nextFrom = this.overlapBefore(highest);
    const isBehind = ({ stamp }: { readonly stamp: Stamp }) => stamp !== '' && stamp <= nextFrom;
    const isHeld = cursor?.isHeld !== true && read.length <= MOST_SEEN && [...fresh.values()].some(isBehind);
    const changedUntil = isHeld ? before : highest;
    const keepFrom = this.overlapBefore(changedUntil);
    const seen = read
      .filter(({ stamp }) => stamp > keepFrom || stamp === '')
      .map(({ hash, isSettling }) => (isSettling ? SETTLING_MARK + hash : hash));
    return {
      fresh: new Set([...fresh.values()].map(({ row }) => row)),
      settling: new Set(read.filter(({ isSettling }) => isSettling).map(({ row }) => row)),
      cursor: { changedUntil, seen: [...new Set(seen)].slice(-MOST_SEEN), isHeld },
    };
  }

  /**
   * The smaller of the highest time of change and the ERP's wall clock, as it was when a long reading began: what changed
   * on a page that had been read already is younger. Times far in the future do not count.
   */
  changedUntil(resource: string, stamps: readonly Stamp[], before: Stamp, began: Stamp = this.now()): Stamp {
    const limit = latestCredible(this.now());
    const [ahead, usable] = partition(stamps, (stamp) => stamp > limit);
    if (ahead.length > 0 && !this.#toldAhead.has(resource)) {
      this.#toldAhead.add(resource);
      this.#log.warn({ resource, rows: ahead.length }, 'rows are dated more than a day ahead of the ERP’s clock');
    }
    const highest = usable.reduce((high, stamp) => (stamp > high ? stamp : high), before);
    return highest < began ? highest : began;
  }

  /** The ERP's wall clock. */
  now(): Stamp {
    return stampAt(this.#clock(), this.#settings.zone);
  }
}

function hashOf(resource: string, row: JsonObject): string {
  return createHash('sha256')
    .update(`${resource}\n${JSON.stringify(contentOf(row))}`)
    .digest('base64url')
    .slice(0, HASH_LENGTH);
}

/** What a row says, however the ERP writes it this time: padded, a number or a text, a date in any of its forms. */
function contentOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(contentOf);
  if (!isJsonObject(value)) return typeof value === 'boolean' ? value : plain(text(value));
  return Object.entries(value)
    .map(([name, member]) => [name, name === 'last_mod' ? changedAt(value) : contentOf(member)] as const)
    .filter(([, member]) => member !== '')
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
}

function plain(says: string): string {
  return /^-?(\d*\.\d+|\d+(\.\d+)?e[+-]?\d{1,2})$/i.test(says) ? new Decimal(says).toFixed() : (isoDate(says) ?? says);
}

function partition<Item>(items: readonly Item[], test: (item: Item) => boolean): readonly [Item[], Item[]] {
  return [items.filter((item) => test(item)), items.filter((item) => !test(item))];
}
