import type { Difference } from '../../compare-sales-order.ts';
import { absolute, isGreater, isNegative, sum, type Amount } from '../../money.ts';
import type { OrderState, Step } from '../../order-state.ts';
import type { DifferenceCause, DifferenceField } from '../../site-rules.ts';
import { addParts, mapParts, NOTHING, type Parts } from '../money-parts.ts';

/** What is on record for a difference of one order between the two systems, by what it stands for: ERP less storefront. */
export interface Evidence {
  /** What a person took over from the ERP, and the purchase cannot be told. */
  readonly agreed: Parts;
  /** What the site file lets pass (erpEdits). */
  readonly tolerated: Parts;
  /** Goods that the ERP cancelled and nobody has answered for yet. */
  readonly cancelled: Parts;
  /** A change of the buyer is being carried over, and nobody changed anything else. */
  readonly isUnderWay: boolean;
}

export const NO_EVIDENCE: Evidence = { agreed: NOTHING, tolerated: NOTHING, cancelled: NOTHING, isUnderWay: false };

/** The evidence that an order keeps of itself; null = nobody knows the order any more, and so there is none. */
export function evidenceOf(
  state: Pick<OrderState, 'takenOver' | 'differences' | 'problems' | 'step' | 'others' | 'revise'> | null,
): Evidence {
  if (!state) return NO_EVIDENCE;
  const found = state.differences.flatMap(({ differences }) => differences);
  const open = found.filter(({ tolerated }) => !tolerated);
  const steps = [state, ...state.others].map(({ step }) => step.at);
  const isOnItsWay = state.revise !== null || steps.some((place) => ON_ITS_WAY.has(place));
  return {
    agreed: partsOf(state.takenOver),
    tolerated: partsOf(found.filter(({ tolerated }) => tolerated)),
    cancelled: partsOf(open.filter(({ cause }) => CANCELLED.has(cause))),
    isUnderWay: isOnItsWay && open.length === 0 && !steps.includes('parked'),
  };
}

/** What a person or the site's rules let stand. */
export function letPass({ agreed, tolerated }: Evidence): Parts {
  return addParts([agreed, tolerated]);
}

/** So much of a difference as evidence covers, in each part: never more than there is, and never against its sign. */
export function covered(difference: Parts, evidence: Parts): Parts {
  return mapParts((name) => nearerToNothing(difference[name], evidence[name]));
}

const ON_ITS_WAY: ReadonlySet<Step['at']> = new Set([
  'toPrepare',
  'toSubmit',
  'pausing',
  'awaiting',
  'toReplace',
  'replacing',
  'toCancel',
  'cancelling',
]);
const CANCELLED: ReadonlySet<DifferenceCause> = new Set(['houseCancel', 'customerCancel']);
const OF_GOODS: ReadonlySet<DifferenceField> = new Set(['line', 'item', 'quantity', 'price', 'discount']);

function partsOf(differences: readonly Pick<Difference, 'field' | 'money'>[]): Parts {
  const moneyOf = (isOf: (field: DifferenceField) => boolean) =>
    sum(differences.filter(({ field }) => isOf(field)).map(({ money }) => money));
  const goods = moneyOf((field) => OF_GOODS.has(field));
  return addParts([
    { goods, freight: moneyOf((field) => field === 'freight'), tax: moneyOf((field) => field === 'tax') },
  ]);
}

/** The one nearer to nothing; nothing where the signs differ. */
function nearerToNothing(left: Amount, right: Amount): Amount {
  if (isNegative(left) !== isNegative(right)) return '0';
  return isGreater(absolute(left), absolute(right)) ? right : left;
}
