import { findingOf, present, type Finding } from '../../findings.ts';
import { sizeOf } from '../money-parts.ts';
import type { MonthEndPack } from './month-end-pack.ts';
import { headlineOfMonth } from './show-month-end.ts';
import { isDisputed } from './tie-billing.ts';

/** Differences of a pack that nothing explains. */
export function unexplainedOf({ differences }: Pick<MonthEndPack, 'differences'>): MonthEndPack['differences'] {
  return differences.filter(({ isExplained }) => !isExplained);
}

/** Invoices of a pack that the storefront does not show, or otherwise than they are. */
export function disputedOf({ invoices }: Pick<MonthEndPack, 'invoices'>): MonthEndPack['invoices'] {
  return invoices.filter(isDisputed);
}

/** What must hold of a pack and does not, a sentence each. */
export function failedOf({ checks }: Pick<MonthEndPack, 'checks'>): readonly string[] {
  return checks.filter(({ holds }) => !holds).map(({ says }) => says);
}

/** A month that does not tie out is one finding, with the money that nobody answers for; an order's counts once. */
export function findingsOfMonth(pack: MonthEndPack): readonly Finding[] {
  const [open, disputed, failed] = [unexplainedOf(pack), disputedOf(pack), failedOf(pack)];
  const told = new Set(open.map(({ key }) => key));
  const alone = disputed.filter(({ key }) => !told.has(key));
  const orders = [...open.map(({ number }) => number), ...disputed.map(({ order }) => order)];
  const headline = headlineOfMonth({ ...pack, unexplained: open.length, disputed: disputed.length, failed });
  return present([
    findingOf('MONTH_NOT_TIED', [...new Set(orders), ...failed], {
      key: pack.month,
      says: `${headline}. Each has a line in the pack, with its money and who answers for it.`,
      money: [
        ...open.map(({ currency, parts }) => ({ currency, amount: sizeOf(parts) })),
        ...alone.map(({ currency, difference }) => ({ currency, amount: sizeOf(difference) })),
      ],
    }),
  ]);
}
