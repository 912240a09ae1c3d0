import { subtract, toCents, type Amount } from '../../money.ts';
import { daysOf } from '../../proof/tie-out.ts';
import type { PurchaseSummary } from '../../purchase.ts';
import { addParts, totalOf, type Parts } from '../money-parts.ts';

/** What orders come to without their cancelled parts. */
export interface TiedFigures extends Parts {
  readonly units: number;
}

/** A purchase and all live ERP orders that carry it, complete ones too. */
export interface TiedPurchase {
  readonly summary: Pick<PurchaseSummary, 'placedAt' | 'currency'>;
  readonly storefront: TiedFigures;
  readonly erp: TiedFigures;
}

/** Purchases of one day in one currency; `day` is null where all days are added up. */
export interface TiedDay {
  /** ISO date on which they were placed, by the ERP's calendar; empty = the storefront does not say. */
  readonly day: string | null;
  readonly currency: string;
  /** All that the storefront lists. */
  readonly purchases: number;
  /** Those that the ERP has: the figures are theirs. Where the others stand the proof says. */
  readonly inErp: number;
  readonly storefront: TiedFigures;
  readonly erp: TiedFigures;
}

const NOTHING: TiedFigures = { goods: '0.00', freight: '0.00', tax: '0.00', units: 0 };

/** Both sides added up by currency, and by day and currency with the newest day first. Days are those of `zone`. */
export function tieDays(
  listed: readonly TiedPurchase['summary'][],
  tied: readonly TiedPurchase[],
  zone: string,
): readonly TiedDay[] {
  return [...addUp(listed, tied, () => null), ...addUp(listed, tied, daysOf(zone)).toSorted(newestFirst)];
}

/** By how much the ERP's side is worth more. */
export function differenceOf({ storefront, erp }: Pick<TiedDay, 'storefront' | 'erp'>): Amount {
  return toCents(subtract(totalOf(erp), totalOf(storefront)));
}

export function addFigures(all: readonly TiedFigures[]): TiedFigures {
  return { ...addParts(all), units: all.reduce((units, each) => units + each.units, 0) };
}

function addUp(
  listed: readonly TiedPurchase['summary'][],
  tied: readonly TiedPurchase[],
  placedOn: (summary: TiedPurchase['summary']) => string | null,
): readonly TiedDay[] {
  const placeOf = (summary: TiedPurchase['summary']) => `${placedOn(summary) ?? ''} ${summary.currency ?? ''}`;
  const inErp = Map.groupBy(tied, ({ summary }) => placeOf(summary));
  return [...Map.groupBy(listed, placeOf)].flatMap(([place, rows]): readonly TiedDay[] => {
    const [first] = rows;
    if (!first) return [];
    const of = inErp.get(place) ?? [];
    return [
      {
        day: placedOn(first),
        currency: first.currency ?? '',
        purchases: rows.length,
        inErp: of.length,
        storefront: of.length === 0 ? NOTHING : addFigures(of.map(({ storefront }) => storefront)),
        erp: of.length === 0 ? NOTHING : addFigures(of.map(({ erp }) => erp)),
      },
    ];
  });
}

function newestFirst(left: TiedDay, right: TiedDay): number {
  return (right.day ?? '').localeCompare(left.day ?? '') || left.currency.localeCompare(right.currency);
}
