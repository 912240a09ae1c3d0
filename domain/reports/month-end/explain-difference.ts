import { absolute, isGreater, shareOf, type Amount } from '../../money.ts';
import type { Owner } from '../../site-rules.ts';
import { addParts, isNothing, lessParts, negated, onlyPart, sizeOf, totalOf, type Parts } from '../money-parts.ts';
import { covered, type Evidence } from './evidence.ts';
import { gapOf, type ErpSide, type RolledOrder, type StorefrontSide } from './roll-order.ts';

/** Why an order did not close as its movements say; `owner` = who has to answer for it, null = it is explained. */
export const CAUSES = {
  rounding: { says: 'Cents of rounding, within what the site tolerates', owner: null },
  agreed: { says: 'A person took it over from the ERP (acceptErp); the purchase cannot be told', owner: null },
  tolerated: { says: 'The site file lets it pass (erpEdits)', owner: null },
  taxOfCancelled: { says: 'Tax of what is cancelled: the ERP keeps its header’s tax as entered', owner: null },
  cancelledInErp: { says: 'Cancelled in the ERP; the storefront does not show it yet', owner: null },
  underWay: { says: 'A change of the buyer is on its way to the ERP', owner: null },
  mended: { says: 'A difference that an earlier pack told of is gone', owner: null },
  backdated: {
    says: 'Invoices dated before the month that were entered, changed or voided since the last pack',
    owner: null,
  },
  units: { says: 'The ERP holds another number of units, and nobody has agreed to it', owner: 'ecommerce' },
  prices: { says: 'The ERP holds other prices or another discount, and nobody has agreed to it', owner: 'finance' },
  freight: { says: 'The ERP holds another freight, and nobody has agreed to it', owner: 'finance' },
  tax: { says: 'The ERP holds another tax, and nobody has agreed to it', owner: 'finance' },
  noPurchase: { says: 'The ERP has an order of a purchase that the storefront does not have', owner: 'ecommerce' },
  unexplained: { says: 'No known cause explains it', owner: 'finance' },
} as const satisfies Record<string, { readonly says: string; readonly owner: Owner | null }>;
export type Cause = keyof typeof CAUSES;

/** One line that explains, or fails to explain, why an order did not close as its movements say. */
export interface DifferenceLine {
  readonly key: string;
  readonly number: string;
  readonly orderNumbers: readonly string[];
  readonly currency: string;
  readonly cause: Cause;
  /** Only what somebody agreed to, a rule lets pass, or a record of either system shows; to know what differs is not enough. */
  readonly isExplained: boolean;
  /** Who has to answer for it; null = nobody. */
  readonly owner: Owner | null;
  readonly parts: Parts;
  readonly total: Amount;
}

type Causes = readonly (readonly [Cause, Parts])[];

/** The lines of one order's difference; together they are the difference to the cent, in each of its parts. */
export function explainDifference(order: RolledOrder, tolerated: Amount): readonly DifferenceLine[] {
  const { key, number, currency, erp } = order.facts;
  return causesOf(order, tolerated).flatMap(([cause, parts]) => {
    if (isNothing(parts)) return [];
    const { owner } = CAUSES[cause];
    const about = { key, number, orderNumbers: erp?.orderNumbers ?? [], currency, cause, owner };
    return [{ ...about, isExplained: owner === null, parts, total: totalOf(parts) }];
  });
}

function causesOf(order: RolledOrder, tolerated: Amount): Causes {
  const { facts, beginning, difference, backdated } = order;
  const { storefront, erp, evidence } = facts;
  if (!storefront) return [['noPurchase', difference]];
  if (beginning === 'unknown') return [['unexplained', difference]];
  // Whatever is not billing of earlier months is what the two systems differ by now, and did not before.
  const ofSystems = lessParts(difference, backdated);
  const backdatedLine = ['backdated', backdated] as const;
  if (!erp) return [backdatedLine, ['unexplained', ofSystems]];
  if (erp.units === 0 && storefront.units > 0) return [backdatedLine, ['cancelledInErp', ofSystems]];
  const { lines, rest } = onRecord(ofSystems, lessParts(gapOf(facts), ofSystems), storefront, evidence);
  return [backdatedLine, ...lines, ...remaining(rest, storefront, erp, evidence, tolerated)];
}

/**
 * What of a difference is on record. What differed `before` was told by an earlier pack: it takes its share of the evidence
 * first, and whatever brings the systems nearer to each other again is that difference mended.
 */
function onRecord(
  difference: Parts,
  before: Parts,
  storefront: StorefrontSide,
  { agreed, tolerated, cancelled }: Evidence,
): { readonly lines: Causes; readonly rest: Parts } {
  const mended = negated(covered(before, negated(difference)));
  const lines: (readonly [Cause, Parts])[] = [['mended', mended]];
  let [rest, told] = [lessParts(difference, mended), addParts([before, mended])];
  for (const [cause, evidence] of [
    ['agreed', agreed],
    ['tolerated', tolerated],
    ['cancelledInErp', withTax(cancelled, storefront)],
  ] as const) {
    const ofBefore = covered(told, evidence);
    const now = covered(rest, lessParts(evidence, ofBefore));
    lines.push([cause, now]);
    [rest, told] = [lessParts(rest, now), lessParts(told, ofBefore)];
  }
  return { lines, rest };
}

/** With the cancelled goods their share of the tax is gone. */
function withTax(cancelled: Parts, { placed, cancelled: gone }: StorefrontSide): Parts {
  const live = lessParts(placed, gone);
  return { ...cancelled, tax: shareOf(live.tax, cancelled.goods, live.goods) };
}

function remaining(
  rest: Parts,
  storefront: StorefrontSide,
  erp: ErpSide,
  { isUnderWay }: Evidence,
  tolerated: Amount,
): Causes {
  if (!isGreater(sizeOf(rest), tolerated)) return [['rounding', rest]];
  if (isUnderWay) return [['underWay', rest]];
  const isOfCancelled = !isGreater(absolute(rest.tax), erp.uncertain);
  return [
    [erp.units === storefront.units ? 'prices' : 'units', onlyPart(rest, 'goods')],
    ['freight', onlyPart(rest, 'freight')],
    [isOfCancelled ? 'taxOfCancelled' : 'tax', onlyPart(rest, 'tax')],
  ];
}
