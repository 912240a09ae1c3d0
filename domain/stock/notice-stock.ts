import { findingOf, type Finding } from '../findings.ts';
import type { ProblemCode } from '../problems.ts';
import type { Availability } from './available-to-sell.ts';
import type { StockIndex } from './index-stock.ts';
import type { StorefrontLevel } from './stock-row.ts';
import { minutesInWords, partName } from './stock-words.ts';

export interface Notices {
  readonly notice: (sku: string, availability: Availability, level: StorefrontLevel | null) => void;
  /** One finding a cause, with all its SKUs. */
  readonly findings: () => readonly Finding[];
}

/** Collects what is met while levels are planned. */
export function takeNotices(): Notices {
  const overstated = new Map<string, Set<string>>();
  const absent = new Map<string, Set<string>>();
  const nowhere = new Set<string>();
  return {
    notice: (sku, { perWarehouse, certainty, barred }, level) => {
      if (barred) return;
      for (const { figures, overstatedBy } of perWarehouse) {
        if (overstatedBy > 0) note(overstated, partName(figures), sku);
        if (figures.kind === 'absent') note(absent, partName(figures), sku);
      }
      const isNowhere = certainty === 'unknown' && perWarehouse.every(({ figures }) => figures.kind === 'neverThere');
      if (isNowhere && level !== null && level.units > 0) nowhere.add(sku);
    },
    findings: () => [
      ...listed(
        'STOCK_OVERSTATED',
        overstated,
        (part) =>
          `At ${part} the ERP’s open to sell is more than its ledger has: work orders counted as stock. The lower figure is published.`,
      ),
      ...listed(
        'STOCK_ABSENT',
        absent,
        (part) =>
          `The newest complete figures of ${part} do not have these SKUs, or not so that they can be used. Their last figures may lower what is published, not raise it.`,
      ),
      ...listed(
        'STOCK_ABSENT',
        new Map([['', nowhere]]),
        () =>
          'The ERP has no figures of these SKUs in any counted warehouse, and the storefront sells them. They keep what the storefront has.',
      ),
    ],
  };
}

/** What is wrong whatever the SKU: parts without figures or with old ones, locations and SKUs that only one side knows. */
export function standingFindings(
  { unread, parts, rules }: StockIndex,
  {
    missing,
    unmatched,
  }: {
    /** Fed locations that the storefront does not have. */
    readonly missing: readonly string[];
    /** SKUs with stock in the storefront that no item of the ERP is called. */
    readonly unmatched: readonly string[];
  },
): readonly Finding[] {
  // A newer reading that was refused has its own finding.
  const old = parts.filter(({ newest, ageMinutes }) => newest === 'taken' && ageMinutes > rules.guards.staleMinutes);
  return [
    ...unread
      .map(partName)
      .flatMap((part) =>
        about(
          'STOCK_INCOMPLETE',
          part,
          `There are no good figures of ${part} yet; what it feeds stays as the storefront has it.`,
        ),
      ),
    ...old.flatMap((part) =>
      about(
        'STOCK_STALE',
        partName(part),
        `The newest figures of ${partName(part)} are ${minutesInWords(part.ageMinutes)} old; they may lower, not raise.`,
      ),
    ),
    ...missing.flatMap((location) =>
      about(
        'STOCK_LOCATION_UNKNOWN',
        location,
        `The storefront has no stock location “${location}”; nothing is written for it.`,
      ),
    ),
    ...listed(
      'STOCK_UNMATCHED',
      new Map([['', new Set(unmatched)]]),
      () => 'The storefront has stock of these SKUs, and no item of the ERP is called so. It is left as it is.',
    ),
  ];
}

function about(code: ProblemCode, key: string, says: string): readonly Finding[] {
  return listed(code, new Map([[key, new Set([key])]]), () => says);
}

function listed(
  code: ProblemCode,
  lists: ReadonlyMap<string, ReadonlySet<string>>,
  says: (key: string) => string,
): readonly Finding[] {
  return [...lists].flatMap(([key, concerns]) => findingOf(code, [...concerns], { key, says: says(key) }) ?? []);
}

function note(lists: Map<string, Set<string>>, key: string, sku: string): void {
  const list = lists.get(key);
  if (list) list.add(sku);
  else lists.set(key, new Set([sku]));
}
