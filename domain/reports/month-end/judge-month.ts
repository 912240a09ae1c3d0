import { findingOf, present, type Finding } from '../../findings.ts';
import { absolute } from '../../money.ts';
import { totalOf } from '../money-parts.ts';
import type { MonthEndPack } from './month-end-pack.ts';
import { headlineOfMonth } from './show-month-end.ts';

/** Differences of a pack that nothing explains. */
export function unexplainedOf({ differences }: Pick<MonthEndPack, 'differences'>): MonthEndPack['differences'] {
  return differences.filter(({ isExplained }) => !isExplained);
}

/** What must hold of a pack and does not, a sentence each. */
export function failedOf({ checks }: Pick<MonthEndPack, 'checks'>): readonly string[] {
  return checks.filter(({ holds }) => !holds).map(({ says }) => says);
}

/** A month that does not tie out is one finding, with the money that nothing explains. */
export function findingsOfMonth(pack: MonthEndPack): readonly Finding[] {
  const { month } = pack;
  const [open, failed] = [unexplainedOf(pack), failedOf(pack)];
  const headline = headlineOfMonth({ month, unexplained: open.length, failed });
  return present([
    findingOf('MONTH_NOT_TIED', [...new Set(open.map(({ number }) => number)), ...failed], {
      key: month,
      says: `${headline}. What nothing explains is listed in the pack.`,
      money: open.map(({ currency, parts }) => ({ currency, amount: absolute(totalOf(parts)) })),
    }),
  ]);
}
