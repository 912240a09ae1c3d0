import { addParts, lessParts, NOTHING, totalOf, type Parts } from '../money-parts.ts';
import type { ChainStep } from './month-end-pack.ts';
import { gapOf, monthOf, type Month, type RolledOrder } from './roll-order.ts';

/** The orders placed in a month on their way: storefront, ERP, invoices, open. Each step follows from those above it. */
export function chainOf(rolled: readonly RolledOrder[], month: Month): readonly ChainStep[] {
  const placed = rolled.filter(({ facts }) => facts.placedOn !== null && monthOf(facts.placedOn) === month);
  const waiting = placed.filter(({ facts }) => facts.erp === null);
  const inErp = placed.filter(({ facts }) => facts.erp !== null);
  return [
    stepOf('placed', placed, ({ toCarry }) => toCarry.placed),
    stepOf('cancelled', placed, ({ toCarry }) => lessParts(NOTHING, toCarry.cancelled)),
    stepOf('waiting', waiting, ({ toCarry }) => lessParts(toCarry.cancelled, toCarry.placed)),
    stepOf('difference', inErp, ({ facts }) => gapOf(facts)),
    stepOf('erp', inErp, ({ facts }) => facts.erp?.live ?? NOTHING),
    stepOf('invoiced', inErp, ({ toCarry }) => lessParts(NOTHING, toCarry.billed)),
    stepOf('open', inErp, ({ closing }) => closing),
  ];
}

function stepOf(
  step: ChainStep['step'],
  orders: readonly RolledOrder[],
  partsOf: (order: RolledOrder) => Parts,
): ChainStep {
  const all = orders.map(partsOf);
  const parts = addParts(all);
  return { step, orders: all.filter((each) => totalOf(each) !== '0.00').length, parts, total: totalOf(parts) };
}
