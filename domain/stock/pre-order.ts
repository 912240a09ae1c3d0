import type { SkuCodes } from '../sales-order.ts';
import { isKnown, type Availability, type KnownFigures } from './available-to-sell.ts';
import type { PreOrderRules } from './stock-rules.ts';

/** Goods of a SKU that production or a purchase order will bring (contract, section 7; all of it assumed). */
export interface IncomingGoods {
  /** Production shows no division (observed); what a row's own open to sell with work allows keeps two apart. */
  readonly sku: Omit<SkuCodes, 'division'>;
  /** Where they will arrive; '' = nobody knows, so no location can offer them. */
  readonly warehouse: string;
  /** ISO calendar date; null = none was given, so they cannot be promised. */
  readonly due: string | null;
  readonly quantity: number;
  /** The ERP's production stage. */
  readonly stage: number;
}

/** What the storefront may sell ahead: beside today's figure, never in it. */
export interface PreOrderOffer {
  /** When the first of it comes; null = nothing is offered. */
  readonly restockDate: string | null;
  /** −9 lets nine be sold that are not there; null = none. */
  readonly floor: number | null;
}

const NOTHING: PreOrderOffer = { restockDate: null, floor: null };

/** What an offer is made from, beside the availability. */
export interface PreOrderWorld {
  /** Goods on their way to a warehouse. */
  readonly incomingTo: (warehouse: string) => readonly IncomingGoods[];
  readonly rules: PreOrderRules;
  /** Calendar date in the ERP's zone. */
  readonly today: string;
}

/**
 * What can be sold ahead of a SKU at a location: per counted warehouse the goods due from today to the horizon, but never
 * more than the ERP itself expects on top of its open-to-sell. What is oversold already, or taken by orders that the ERP
 * does not know yet, comes off first. Overdue goods are not offered: their date is known to be wrong.
 */
export function preOrderOffer(availability: Availability, world: PreOrderWorld): PreOrderOffer {
  const { physical, unseen, perWarehouse, barred, certainty } = availability;
  if (barred || certainty === 'unknown') return NOTHING;
  const arrivals = perWarehouse.flatMap(({ figures }) => (isKnown(figures) ? arrivalsAt(figures, world) : []));
  const ahead = arrivals.reduce((sum, { units }) => sum + units, 0);
  const net = perWarehouse.reduce((sum, { units }) => sum + units, 0);
  const offered = net + ahead - unseen - Math.max(0, physical - unseen);
  if (offered <= 0) return NOTHING;
  return { restockDate: firstFree(arrivals, ahead - offered), floor: -offered };
}

interface Arrival {
  readonly due: string;
  readonly units: number;
}

function arrivalsAt({ warehouse, buckets }: KnownFigures, { incomingTo, rules, today }: PreOrderWorld): Arrival[] {
  const horizon = daysLater(today, rules.horizonDays);
  let expected = Math.max(0, buckets.openToSellWithWork - buckets.openToSell);
  return incomingTo(warehouse)
    .flatMap(({ due, quantity, stage }) =>
      due !== null && due >= today && due <= horizon && rules.stages.includes(stage) ? [{ due, units: quantity }] : [],
    )
    .toSorted(byDate)
    .map(({ due, units }) => {
      const counted = Math.max(0, Math.min(units, expected));
      expected -= counted;
      return { due, units: counted };
    });
}

/** When more has come than is taken already. */
function firstFree(arrivals: readonly Arrival[], taken: number): string | null {
  let come = 0;
  for (const { due, units } of arrivals.toSorted(byDate)) {
    come += units;
    if (come > taken) return due;
  }
  return null;
}

function byDate(left: Arrival, right: Arrival): number {
  return left.due < right.due ? -1 : Number(left.due > right.due);
}

function daysLater(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
