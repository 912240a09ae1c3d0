import type { Stamp } from './stamps.ts';
import { elementOf } from './translate-import-log.ts';
import type { ImportLogRow } from './wire/import-log.ts';

/** What the import log has shown lately: per element of a post its newest rows. */
export class KnownImports {
  readonly #elements = new Map<string, readonly ImportLogRow[]>();
  readonly #byName = new Map<string, Set<string>>();

  /** Rows of one pass. An element's older rows are over; a pending one never comes after a decision of the same second. */
  note(rows: readonly ImportLogRow[]): void {
    const groups = Map.groupBy(rows, elementOf);
    for (const [element, group] of groups) {
      const newest = settled(group);
      const known = this.#elements.get(element);
      if (known && !replaces(newest, known)) continue;
      this.#elements.set(element, newest);
      for (const { ext_ref, pkey } of newest) {
        if (ext_ref !== '') this.#name(byReference(ext_ref), element);
        this.#name(byTransaction(pkey), element);
      }
    }
  }

  /** All rows of the elements that carry the reference, or belong to the transaction. */
  of(reference: string, transaction: string | null): readonly ImportLogRow[] {
    const elements = new Set([
      ...(this.#byName.get(byReference(reference)) ?? []),
      ...(transaction === null ? [] : (this.#byName.get(byTransaction(transaction)) ?? [])),
    ]);
    return [...elements].flatMap((element) => this.#elements.get(element) ?? []);
  }

  /** Rows that changed after a time, as far as they are known. */
  countAfter(stamp: Stamp): number {
    return [...this.#elements.values()].flat().filter(({ last_mod }) => last_mod > stamp).length;
  }

  forgetBefore(stamp: Stamp): void {
    for (const [element, rows] of this.#elements)
      if (rows.every(({ last_mod }) => last_mod !== '' && last_mod < stamp)) this.#elements.delete(element);
    for (const [name, elements] of this.#byName) {
      for (const element of elements) if (!this.#elements.has(element)) elements.delete(element);
      if (elements.size === 0) this.#byName.delete(name);
    }
  }

  #name(name: string, element: string): void {
    const known = this.#byName.get(name);
    if (known) known.add(element);
    else this.#byName.set(name, new Set([element]));
  }
}

/** The newest of an element's rows; a decision before what was pending in the same second. */
function settled(rows: readonly ImportLogRow[]): readonly ImportLogRow[] {
  const last = newestOf(rows);
  const newest = rows.filter(({ last_mod }) => last_mod === last);
  const decided = newest.filter((row) => !isPending(row));
  return decided.length > 0 ? decided : newest;
}

function replaces(next: readonly ImportLogRow[], known: readonly ImportLogRow[]): boolean {
  const [then, now] = [newestOf(known), newestOf(next)];
  return now > then || (now === then && !(next.every(isPending) && !known.every(isPending)));
}

function newestOf(rows: readonly ImportLogRow[]): Stamp {
  return rows.reduce((newest, { last_mod }) => (last_mod > newest ? last_mod : newest), '');
}

export function isPending({ status }: ImportLogRow): boolean {
  return status.toUpperCase() === 'P';
}

function byReference(reference: string): string {
  return `reference ${reference.trim().toUpperCase()}`;
}

function byTransaction(transaction: string): string {
  return `transaction ${transaction}`;
}
