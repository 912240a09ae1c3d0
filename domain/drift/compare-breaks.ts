import { sameAmount, subtract, toCents, type Amount } from '../money.ts';
import type { PriceBreak } from '../pricing/storefront-prices.ts';

/** What a SKU costs from a quantity on, where the two sides do not say the same. */
export interface BreakDifference {
  readonly fromQuantity: number;
  /** null = it should have no price there. */
  readonly should: Amount | null;
  /** null = it has none. */
  readonly is: Amount | null;
  /** By how much a unit is offered too cheap (below zero) or too dear; null where there is no price. */
  readonly money: Amount | null;
}

/**
 * Every quantity at which the published prices are not those that should be there. A price holds from its quantity up to
 * the next one: what should be charged from a quantity that only one side names is what holds there.
 */
export function compareBreaks(should: readonly PriceBreak[], is: readonly PriceBreak[]): readonly BreakDifference[] {
  const quantities = [...new Set([...should, ...is].map(({ quantity }) => quantity))];
  return quantities
    .toSorted((left, right) => left - right)
    .flatMap((fromQuantity): readonly BreakDifference[] => {
      const [wanted, there] = [priceAt(should, fromQuantity), priceAt(is, fromQuantity)];
      const isNamed = [should, is].every((breaks) => breaks.some(({ quantity }) => quantity === fromQuantity));
      if (isNamed && wanted !== null && there !== null && sameAmount(wanted, there)) return [];
      const money = wanted !== null && there !== null ? toCents(subtract(there, wanted)) : null;
      return [{ fromQuantity, should: wanted, is: there, money }];
    });
}

function priceAt(breaks: readonly PriceBreak[], quantity: number): Amount | null {
  const holding = breaks.filter((each) => each.quantity <= quantity);
  const [last] = holding.toSorted((left, right) => right.quantity - left.quantity);
  return last?.price ?? null;
}
