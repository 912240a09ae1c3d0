import { createHash } from 'node:crypto';

import type { Log } from './log.ts';
import type { Settings } from './settings.ts';
import { clocksGoBackOn, isFarAhead, minusMinutes, minusSeconds, stampAt, type Stamp } from './stamps.ts';
import { text, type JsonObject } from './wire/json.ts';

/** How far a list has been read, in ERP time, with the rows of the overlap that are already known. JSON-able. */
export interface DeltaCursor {
  readonly changedUntil: Stamp;
  /** Short hashes of (resource, key, `last_mod`, content). */
  readonly seen: readonly string[];
}

/** More would be too much for a workflow's result; what is forgotten is told again, which does no harm. */
const MOST_SEEN = 5_000;
const HASH_LENGTH = 12;
/** Stamps have a resolution of one second. */
const SETTLING_SECONDS = 2;

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
    if (!cursor) return minusMinutes(this.#now(), this.#settings.firstReadHours * 60);
    return this.overlapBefore(cursor.changedUntil);
  }

  overlapBefore(changedUntil: Stamp): Stamp {
    const { zone, overlapMinutes, overlapMinutesWhenClocksGoBack } = this.#settings;
    const isLong = clocksGoBackOn(changedUntil, zone);
    return minusMinutes(changedUntil, isLong ? overlapMinutesWhenClocksGoBack : overlapMinutes);
  }

  /**
   * The rows that are new, and the cursor for next time. Only for a pass that was finished. What changed within the last
   * seconds may change again under the same stamp, in its lines alone: it is settling.
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
    const hashed = rows.map((row) => ({ row, stamp: stampOf(row), hash: hashOf(resource, row) }));
    const changedUntil = this.changedUntil(
      resource,
      hashed.map(({ stamp }) => stamp),
      cursor?.changedUntil ?? this.from(null),
    );
    const keepFrom = this.overlapBefore(changedUntil);
    const young = minusSeconds(this.#now(), SETTLING_SECONDS);
    const isSettled = (stamp: Stamp) => !tellsSettlingAgain || stamp <= young;
    const seen = hashed
      .filter(({ stamp }) => (stamp > keepFrom && isSettled(stamp)) || stamp === '')
      .map(({ hash }) => hash);
    // A set that moves while it is read may show one row on two pages.
    const fresh = new Map(hashed.map(({ hash, row }) => [hash, row]));
    for (const hash of known) fresh.delete(hash);
    return {
      fresh: new Set(fresh.values()),
      settling: new Set(rows.filter((row) => stampOf(row) > young)),
      cursor: { changedUntil, seen: [...new Set(seen)].slice(-MOST_SEEN) },
    };
  }

  /** The smaller of the highest time of change and the ERP's wall clock; times far in the future do not count. */
  changedUntil(resource: string, stamps: readonly Stamp[], before: Stamp): Stamp {
    const now = this.#now();
    const [ahead, usable] = partition(stamps, (stamp) => isFarAhead(stamp, now));
    if (ahead.length > 0 && !this.#toldAhead.has(resource)) {
      this.#toldAhead.add(resource);
      this.#log.warn({ resource, rows: ahead.length }, 'rows are dated more than a day ahead of the ERP’s clock');
    }
    const highest = usable.reduce((high, stamp) => (stamp > high ? stamp : high), before);
    return highest < now ? highest : now;
  }

  #now(): Stamp {
    return stampAt(this.#clock(), this.#settings.zone);
  }
}

function stampOf(row: JsonObject): Stamp {
  return text(row['last_mod']).replace('T', ' ');
}

function hashOf(resource: string, row: JsonObject): string {
  return createHash('sha256')
    .update(`${resource}\n${JSON.stringify(row)}`)
    .digest('base64url')
    .slice(0, HASH_LENGTH);
}

function partition<Item>(items: readonly Item[], test: (item: Item) => boolean): readonly [Item[], Item[]] {
  return [items.filter((item) => test(item)), items.filter((item) => !test(item))];
}
