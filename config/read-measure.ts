import type { Deduction, StockMeasure } from '../domain/stock/stock-rules.ts';

const DEDUCTIONS = ['picked', 'open', 'reserved'] as const satisfies readonly Deduction[];
const BASES = ['onHand', 'openToSell'] as const satisfies readonly StockMeasure['from'][];

/** Names under which people and ERPs speak of goods that are not made, or not here. */
const NOT_THERE = new Set(
  `wip workinprocess workinprogress workorder workorders work onworkorder openworkorder openworkorders wipqty po purchaseorder
  purchaseorders onpurchaseorder onorder poqty intransit transit intran intranqty incoming production linked linkedsupply
  opentosellwithwork otswip otswipqty expected future`.split(/\s+/),
);

export type ReadMeasure =
  | { readonly ok: true; readonly measure: StockMeasure }
  | { readonly ok: false; readonly wrong: string };

/**
 * Reads a measure such as `onHand - picked - open`: what lies there, less what is somebody's. Nothing can be added, so
 * that no site file can make goods available that do not exist yet.
 */
export function readMeasure(given: string): ReadMeasure {
  const words = [...given.split(/\s*\+\s*|\s+[-−–]\s+/), ...given.split(/[-+−–\s]+/)];
  const hoped = words.find((word) => NOT_THERE.has(word.toLowerCase().replaceAll(/[^a-z]/g, '')));
  if (hoped !== undefined)
    return wrong(`“${hoped}” never counts: work orders, WIP, purchase orders and transit are not made, or not here`);
  if (given.includes('+')) return wrong('nothing can be added: a measure only takes away from what lies there');
  const [first, ...rest] = given.split(/[-−–]/).map((word) => word.trim());
  const from = BASES.find((base) => base === first);
  if (!from) return wrong(`“${first}” is nothing to begin with; begin with ${BASES.join(' or ')}`);
  const less = DEDUCTIONS.filter((bucket) => rest.includes(bucket));
  const strange = rest.find((word) => !less.some((bucket) => bucket === word));
  if (strange !== undefined) return wrong(`“${strange}” cannot be taken away; possible are ${DEDUCTIONS.join(', ')}`);
  if (less.length !== rest.length) return wrong('something is taken away twice');
  return { ok: true, measure: { text: [from, ...rest].join(' - '), from, less } };
}

function wrong(text: string): ReadMeasure {
  return { ok: false, wrong: text };
}
