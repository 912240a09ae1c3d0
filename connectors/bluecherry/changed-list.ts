import type { CallOptions } from './call-options.ts';
import { changedAfter } from './filters.ts';
import type { List, Lister } from './paging.ts';
import type { Stamp } from './stamps.ts';
import { text, type JsonObject } from './wire/json.ts';

export interface ChangedList {
  readonly list: Omit<List, 'clauses' | 'until'>;
  /** null = all rows, whenever they changed. */
  readonly from: Stamp | null;
  /** Notes the moment; answers, when asked later, a time of change that no row had yet at that moment, ERP time. */
  readonly begins: () => () => Stamp;
  /** Told of every page as it comes, also of those that are read once more. */
  readonly note: (rows: readonly JsonObject[]) => void;
  /** Whether a row may go, when another comes for it. */
  readonly isFleeting: (row: JsonObject) => boolean;
  /** Asked after the pages: whether the next reading begins where this one did, so that what was missed is read then. */
  readonly isReadAgain: () => boolean;
  /** Pages that the reading is worth. */
  readonly worth: Allowance;
}

/** Calls that may still be spent. */
export interface Allowance {
  left: number;
}

const MOST_ROUNDS = 4;

/**
 * All rows that changed after a time, none missed: a list moves while it is read. A row that changes goes elsewhere: from a
 * page that was read already it pulls another over the border, which is then missed; to such a page it is missed itself. So
 * after more than one page it is asked what changed since the reading began, and where a row has been two things meanwhile
 * all is read once more. What is only added pushes others to where they are still read. What goes pulls them over the border
 * and leaves no trace: where a row may go, all is read until it is twice the same. false = it never stood still, or it is
 * longer than it is worth.
 */
export async function readStandingStill(lister: Lister, changed: ChangedList, call: CallOptions): Promise<boolean> {
  let before = '';
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const beginning = changed.begins();
    const sightings = new Sightings(changed.isFleeting);
    const pages = await readPages(lister, changed, changed.from, sightings, call);
    if (pages === null) return false;
    if (sightings.areFleeting) {
      const all = sightings.asOneText();
      if (all === before) return true;
      before = all;
      continue;
    }
    if (pages <= 1 || changed.isReadAgain()) return true;
    if ((await readPages(lister, changed, beginning(), sightings, call)) === null) return false;
    if (!sightings.haveChanged) return true;
  }
  return false;
}

/** How many came; null = more than it is worth. */
async function readPages(
  lister: Lister,
  { list, note, worth }: ChangedList,
  from: Stamp | null,
  sightings: Sightings,
  call: CallOptions,
): Promise<number | null> {
  const clauses = from === null ? [] : [changedAfter(from)];
  let pages = 0;
  // The page that is empty costs a call, too.
  worth.left -= 1;
  for await (const page of lister.pages({ ...list, clauses, until: 'pages' }, call)) {
    note(page);
    sightings.add(page);
    pages += 1;
    worth.left -= 1;
    if (worth.left < 0) return null;
  }
  return pages;
}

/** As what rows were read, without the rows: a list may be long. */
class Sightings {
  readonly #isFleeting: ChangedList['isFleeting'];
  readonly #seen = new Map<string, string>();
  /** Whether one row was read twice, and was another the second time. */
  haveChanged = false;
  /** Whether one of them may go. */
  areFleeting = false;

  constructor(isFleeting: ChangedList['isFleeting']) {
    this.#isFleeting = isFleeting;
  }

  add(rows: readonly JsonObject[]): void {
    for (const row of rows) {
      const key = [row['pkey'], row['row_seq']].map(text).join('/');
      const as = [row['last_mod'], row['status'], row['ord_status']].map(text).join('|');
      const before = this.#seen.get(key);
      this.#seen.set(key, as);
      this.haveChanged ||= before !== undefined && before !== as;
      this.areFleeting ||= this.#isFleeting(row);
    }
  }

  asOneText(): string {
    return [...this.#seen]
      .map((each) => each.join('|'))
      .toSorted()
      .join('\n');
  }
}

/** How many calls a list of so many rows takes; one more where it has to be asked whether it stood still. */
export function callsFor(
  rows: number,
  { size, capConfirmed }: { readonly size: number; readonly capConfirmed: boolean },
): number {
  const full = Math.ceil(rows / size);
  if (full === 0) return 1;
  const ending = capConfirmed && rows % size > 0 ? 0 : 1;
  return full + ending + (full > 1 ? 1 : 0);
}
