import type { CallOptions } from './call-options.ts';
import { changedAfter } from './filters.ts';
import type { List, Lister } from './paging.ts';
import type { Stamp } from './stamps.ts';
import { text, type JsonObject } from './wire/json.ts';

export interface ChangedList {
  readonly list: Omit<List, 'clauses' | 'until' | 'include'>;
  readonly from: Stamp;
  /** Notes the moment; answers, when asked later, a time of change that no row had yet at that moment, ERP time. */
  readonly begins: () => () => Stamp;
  /** Told of every page as it comes. */
  readonly note: (rows: readonly JsonObject[]) => void;
  /** Whether a row may go, when another comes for it. */
  readonly isFleeting: (row: JsonObject) => boolean;
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
 * and leaves no trace: where a row may go, all is read until it is twice the same. null = it never stood still, or it is
 * longer than it is worth.
 */
export async function readStandingStill(
  lister: Lister,
  changed: ChangedList,
  call: CallOptions,
): Promise<readonly JsonObject[] | null> {
  let before = '';
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const beginning = changed.begins();
    const read = await pagesOf(lister, changed, changed.from, call);
    if (!read) return null;
    if (read.rows.some(changed.isFleeting)) {
      const all = read.rows.map(stateOf).toSorted().join('\n');
      if (all === before) return read.rows;
      before = all;
      continue;
    }
    if (read.pages <= 1) return read.rows;
    const since = await pagesOf(lister, changed, beginning(), call);
    if (!since) return null;
    const rows = [...read.rows, ...since.rows];
    if (!hasChanged(rows)) return rows;
  }
  return null;
}

async function pagesOf(
  lister: Lister,
  { list, note, worth }: ChangedList,
  from: Stamp,
  call: CallOptions,
): Promise<{ readonly rows: readonly JsonObject[]; readonly pages: number } | null> {
  const rows: JsonObject[] = [];
  let pages = 0;
  // The page that is empty costs a call, too.
  worth.left -= 1;
  for await (const page of lister.pages({ ...list, clauses: [changedAfter(from)], until: 'pages' }, call)) {
    note(page);
    rows.push(...page);
    pages += 1;
    worth.left -= 1;
    if (worth.left < 0) return null;
  }
  return { rows, pages };
}

/** Whether one row was read twice, and was another the second time. */
function hasChanged(rows: readonly JsonObject[]): boolean {
  const seen = new Map<string, string>();
  return rows.some((row) => {
    const [key, state] = [keyOf(row), stateOf(row)];
    const before = seen.get(key);
    seen.set(key, state);
    return before !== undefined && before !== state;
  });
}

function keyOf(row: JsonObject): string {
  return [row['pkey'], row['row_seq']].map(text).join('/');
}

/** Which row it is, and as what. */
function stateOf(row: JsonObject): string {
  return [keyOf(row), ...[row['last_mod'], row['status'], row['ord_status']].map(text)].join('|');
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
