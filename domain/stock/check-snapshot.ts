import { findingOf, type Finding, type GuardOverride } from '../findings.ts';
import type { ProblemCode } from '../problems.ts';
import type { SkuCodes } from '../sales-order.ts';
import type { KeptPart, TakenPart } from './merge-part.ts';
import { skuKey } from './sku-key.ts';
import type { StockPart, StockRow } from './stock-row.ts';
import type { CountedWarehouse, StockGuards } from './stock-rules.ts';
import { counted, minutesBetween, minutesInWords, partName } from './stock-words.ts';

/** A row whose item is known and whose figures are not. */
export interface UnreadableRow {
  readonly sku: SkuCodes;
  readonly warehouse: string;
  /** The ERP's name of the figure that is missing or no whole number. */
  readonly field: string;
}

/** One part as it was just read. */
export type StockReading =
  | {
      /** All pages of one snapshot that the ERP calls complete, or not; or what changed since the last reading. */
      readonly kind: 'complete' | 'incomplete' | 'delta';
      readonly part: StockPart;
      readonly unreadable: readonly UnreadableRow[];
      /** Rows that do not say whose they are. */
      readonly skipped: number;
    }
  /** The snapshot was replaced while its pages were read, or they did not fit together, as often as was tried. */
  | (CountedWarehouse & { readonly kind: 'unstable'; readonly says: string });

export type SnapshotVerdict =
  | {
      readonly kind: 'taken';
      readonly taken: TakenPart;
      readonly findings: readonly Finding[];
      /** What was let through, by whom and why, in words; null = nothing had to be. */
      readonly letThrough: string | null;
    }
  /** The figures before go on being computed: they may lower, never raise. */
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] };

export interface SnapshotCheck {
  readonly reading: StockReading;
  /** null = there is nothing to compare with: the first reading ever. */
  readonly last: KeptPart | null;
  readonly guards: StockGuards;
  /** ISO instant. */
  readonly now: string;
  /**
   * null = all guards hold. Two things cannot be let through: what changed underfoot, since there are no figures; and
   * figures of a time to come, since nobody could ask what changed after them, nor which orders they hold.
   */
  readonly override: GuardOverride | null;
}

/**
 * Whether a newly read part is fit to be taken. A snapshot cut short that calls itself complete is caught by having lost
 * rows. One broken row does not spoil the rest: it is left out and named, and counts as lost.
 */
export function checkSnapshot({ reading, last, guards, now, override }: SnapshotCheck): SnapshotVerdict {
  if (reading.kind === 'unstable') {
    const { division, warehouse, says } = reading;
    return { kind: 'refused', findings: found('STOCK_UNSTABLE', { division, warehouse }, says) };
  }
  const untimely = ageless(reading.part, guards, now);
  if (untimely !== null) return { kind: 'refused', findings: found('STOCK_STALE', reading.part, untimely) };
  const { kind, skipped } = reading;
  const { sound, broken } = soundRows(reading);
  const part = broken.length === 0 ? reading.part : { ...reading.part, rows: sound };
  const failures = [
    ...(kind === 'incomplete' ? [incomplete(part)] : []),
    ...stale(part, last, guards, now),
    ...(kind === 'delta' ? [] : shrunken(part, last, guards)),
  ];
  const held = failures.filter(({ code }) => code !== override?.guard);
  const findings = brokenFinding(part, broken, skipped);
  if (held.length > 0)
    return { kind: 'refused', findings: [...held.flatMap(({ code, says }) => found(code, part, says)), ...findings] };
  const through = failures.map(({ says }) => says).join(' ');
  return {
    kind: 'taken',
    taken: { kind, part, broken: broken.map(({ sku }) => sku) },
    findings,
    letThrough: override && through ? `${through} Let through by ${override.actor}: ${override.reason}` : null,
  };
}

interface Failure {
  readonly code: ProblemCode;
  readonly says: string;
}

function incomplete(part: StockPart): Failure {
  const says = `${snapshotName(part)} is not complete.`;
  return { code: 'STOCK_INCOMPLETE', says };
}

/** What is wrong with figures whose age cannot be told, in words; null = nothing. */
function ageless(part: StockPart, { clocksDifferMinutes }: StockGuards, now: string): string | null {
  const taken = `${snapshotName(part)} says it was taken at ${part.asOf}, `;
  const ahead = minutesBetween(now, part.asOf);
  if (Number.isNaN(ahead)) return `${taken}which is no time that can be read.`;
  if (ahead < clocksDifferMinutes) return null;
  return (
    `${taken}${minutesInWords(ahead)} ahead of this machine’s clock (${now}); less than ` +
    `${minutesInWords(clocksDifferMinutes)} are allowed. One of the clocks is wrong, or the ERP’s snapshot job writes ` +
    'another time zone than its rows. It cannot be let through.'
  );
}

function stale(part: StockPart, last: KeptPart | null, guards: StockGuards, now: string): readonly Failure[] {
  const which = snapshotName(part);
  const failure = (says: string) => [{ code: 'STOCK_STALE', says } as const];
  const age = minutesBetween(part.asOf, now);
  if (age > guards.staleMinutes)
    return failure(
      `${which} was taken ${minutesInWords(age)} ago; ${minutesInWords(guards.staleMinutes)} are allowed.`,
    );
  const backwards = last ? minutesBetween(part.asOf, last.asOf) : 0;
  if (backwards > guards.clocksGoBackMinutes)
    return failure(`${which} is ${minutesInWords(backwards)} older than the figures at hand.`);
  return [];
}

function shrunken(part: StockPart, last: KeptPart | null, { shrinkPercent }: StockGuards): readonly Failure[] {
  if (!last || (last.rows.length - part.rows.length) * 100 <= last.rows.length * shrinkPercent) return [];
  const says =
    `${snapshotName(part)} has ${counted(part.rows.length, 'row')}, the one before had ` +
    `${last.rows.length}; ${shrinkPercent} % fewer are allowed.`;
  return [{ code: 'STOCK_SHRUNKEN', says }];
}

function snapshotName(part: StockPart): string {
  return `Snapshot ${part.snapshot} of ${partName(part)}`;
}

interface BrokenRow {
  readonly sku: SkuCodes;
  readonly warehouse: string;
  readonly why: string;
}

/** An item that stands twice keeps the lower figures, and is named. */
function soundRows({ part, unreadable }: Exclude<StockReading, { kind: 'unstable' }>): {
  readonly sound: readonly StockRow[];
  readonly broken: readonly BrokenRow[];
} {
  const byKey = new Map<string, StockRow>();
  const broken: BrokenRow[] = unreadable.map(({ sku, warehouse, field }) => ({ sku, warehouse, why: field }));
  for (const row of part.rows) {
    const { sku, warehouse } = row;
    const key = skuKey(sku);
    const other = byKey.get(key);
    const why = fault(row, part) ?? (other ? 'twice' : null);
    if (why !== null) broken.push({ sku, warehouse, why });
    if (why === null || (other && why === 'twice' && row.buckets.openToSell < other.buckets.openToSell))
      byKey.set(key, row);
  }
  return { sound: broken.length === 0 ? part.rows : [...byKey.values()], broken };
}

function fault({ sku, warehouse, buckets }: StockRow, part: CountedWarehouse): string | null {
  if (sku.division !== part.division || warehouse !== part.warehouse) return 'of another part';
  if (sku.style === '') return 'without a style';
  return Object.values(buckets).every(Number.isSafeInteger) ? null : 'no whole number';
}

function brokenFinding(part: StockPart, broken: readonly BrokenRow[], skipped: number): readonly Finding[] {
  const key = partName(part);
  const nameless = skipped > 0 ? [`${counted(skipped, 'row')} without the codes of an item`] : [];
  const finding = findingOf('STOCK_BROKEN', [...broken.map(nameOf), ...nameless], {
    key,
    says: `${counted(broken.length + skipped, 'row')} of ${key} cannot be used; the last good figures of these items may lower, not raise.`,
  });
  return finding ? [{ ...finding, count: broken.length + skipped }] : [];
}

function nameOf({ sku, warehouse, why }: BrokenRow): string {
  const { division, style, color, label, dimension, size } = sku;
  const codes = [division, style, color, label, dimension, size].filter(Boolean).join('-');
  return `${codes} at ${warehouse || 'no location'}: ${why}`;
}

function found(code: ProblemCode, part: CountedWarehouse, says: string): readonly Finding[] {
  const finding = findingOf(code, [partName(part)], { key: partName(part), says });
  return finding ? [finding] : [];
}
