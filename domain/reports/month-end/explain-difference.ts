import { absolute, isGreater, sum, type Amount } from '../../money.ts';
import { isNothing, lessParts, onlyPart, PART_NAMES, totalOf, type Parts } from '../money-parts.ts';
import type { ErpSide, RolledOrder, StorefrontSide } from './roll-order.ts';

export const CAUSES = {
  rounding: 'Cents of rounding, within what the site tolerates',
  taxOfCancelled: 'Tax of what is cancelled: the ERP keeps its header’s tax as entered',
  cancelledInErp: 'Cancelled in the ERP; the storefront does not show it yet',
  units: 'The ERP holds another number of units',
  prices: 'The ERP holds other prices or another discount',
  freight: 'The ERP holds another freight',
  tax: 'The ERP holds another tax',
  backdated: 'Invoices dated before the month that were entered, changed or voided since the last pack',
  noPurchase: 'The ERP has an order of a purchase that the storefront does not have',
  unexplained: 'No known cause explains it',
} as const;
export type Cause = keyof typeof CAUSES;

/** One line that explains, or fails to explain, why an order did not close as its movements say. */
export interface DifferenceLine {
  readonly key: string;
  readonly number: string;
  readonly orderNumbers: readonly string[];
  readonly currency: string;
  readonly cause: Cause;
  readonly isExplained: boolean;
  readonly parts: Parts;
  readonly total: Amount;
}

const UNEXPLAINED: readonly Cause[] = ['noPurchase', 'unexplained'];

/** The lines of one order's difference; together they are the difference to the cent, in each of its parts. */
export function explainDifference(order: RolledOrder, tolerated: Amount): readonly DifferenceLine[] {
  const { key, number, currency, erp } = order.facts;
  return causesOf(order, tolerated).flatMap(([cause, parts]) =>
    isNothing(parts)
      ? []
      : [
          {
            key,
            number,
            orderNumbers: erp?.orderNumbers ?? [],
            currency,
            cause,
            isExplained: !UNEXPLAINED.includes(cause),
            parts,
            total: totalOf(parts),
          },
        ],
  );
}

function causesOf(order: RolledOrder, tolerated: Amount): readonly (readonly [Cause, Parts])[] {
  const { facts, beginning, difference, backdated } = order;
  const { storefront, erp } = facts;
  if (!storefront) return [['noPurchase', difference]];
  if (beginning === 'unknown') return [['unexplained', difference]];
  // Whatever is not billing of earlier months is what the two systems differ by now, and did not before.
  const ofSystems = lessParts(difference, backdated);
  return [['backdated', backdated], ...systemsDiffer(ofSystems, storefront, erp, tolerated)];
}

function systemsDiffer(
  difference: Parts,
  storefront: StorefrontSide,
  erp: ErpSide | null,
  tolerated: Amount,
): readonly (readonly [Cause, Parts])[] {
  if (!erp) return [['unexplained', difference]];
  if (erp.units === 0 && storefront.units > 0) return [['cancelledInErp', difference]];
  const cents = sum(PART_NAMES.map((name) => absolute(difference[name])));
  if (!isGreater(cents, tolerated)) return [['rounding', difference]];
  const isOfCancelled = !isGreater(absolute(difference.tax), erp.uncertain);
  return [
    [erp.units === storefront.units ? 'prices' : 'units', onlyPart(difference, 'goods')],
    ['freight', onlyPart(difference, 'freight')],
    [isOfCancelled ? 'taxOfCancelled' : 'tax', onlyPart(difference, 'tax')],
  ];
}
