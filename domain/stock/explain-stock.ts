import { isKnown, type Availability, type KnownFigures, type WarehouseFigures } from './available-to-sell.ts';
import { availabilityAt, type StockIndex } from './index-stock.ts';
import { unitsBy } from './measure-stock.ts';
import { describeBuffer } from './safety-buffer.ts';
import type { StockItem } from './stock-item.ts';
import type { StockBuckets, StorefrontLevel } from './stock-row.ts';
import { counted, minutesInWords } from './stock-words.ts';
import { unseenAt, type UnseenReason, type UnseenShare } from './unseen-units.ts';

/** When a level left for the storefront, and whether it was read there afterwards. */
export interface LastSent {
  readonly units: number;
  /** ISO instant. */
  readonly sentAt: string;
  /** What the storefront showed when it was read the next time; null = it was not read yet. */
  readonly readBack: { readonly units: number; readonly at: string } | null;
}

/** What the storefront holds of it, and our part in that. */
export interface StorefrontSide {
  /** null = it has no level. */
  readonly level: StorefrontLevel | null;
  /** null = nothing is known to have been sent. */
  readonly lastSent: LastSent | null;
}

/** A published figure with everything that made it. */
export interface Explanation extends StorefrontSide {
  readonly item: StockItem;
  readonly location: string;
  readonly availability: Availability;
  /** Every measure with its units, per known warehouse in the order of the availability's. */
  readonly measures: readonly (readonly { readonly text: string; readonly units: number }[])[];
  readonly bufferReason: string;
  readonly unseenOrders: readonly UnseenShare[];
}

/** Why the figure of a SKU at a location is what it is: computed by the same rules that are published by. */
export function explainStock(
  stock: StockIndex,
  item: StockItem,
  { location, level, lastSent }: StorefrontSide & { readonly location: string },
): Explanation {
  const availability = availabilityAt(stock, item, location);
  return {
    item,
    location,
    availability,
    measures: availability.perWarehouse.map(({ figures }) =>
      isKnown(figures)
        ? stock.rules.measures.map((measure) => ({ text: measure.text, units: unitsBy(measure, figures.buckets) }))
        : [],
    ),
    bufferReason: describeBuffer(availability.buffer),
    unseenOrders: unseenAt(stock.unseen, item.sku, location),
    level,
    lastSent,
  };
}

/** The explanation in lines for a terminal. */
export function renderExplanation(explanation: Explanation): readonly string[] {
  const { item, location, availability, bufferReason } = explanation;
  const { published, physical, buffer, ignored } = availability;
  return [
    `${item.sku} at ${location}: ${counted(published, 'unit')} may be sold now${CERTAINTIES[certaintyOf(explanation)]}`,
    ...(availability.barred ? [`  ${BARS[availability.barred]}`] : []),
    ...warehouseLines(explanation),
    `  Physically available: ${physical}`,
    ...unseenLines(explanation),
    `  Safety buffer: ${minus(buffer.units)} (${bufferReason})`,
    `  Never counted: work in process ${ignored.workInProcess} · on purchase order ${ignored.onPurchaseOrder} · in transit ${ignored.inTransit}`,
    `  Published: ${published}`,
    ...storefrontLines(explanation),
  ];
}

const CERTAINTIES = {
  current: '',
  old: '; the figures are old, so they may lower what the storefront has, not raise it',
  unknown: '; the ERP has no figures that count, so the storefront keeps what it has',
  unknownStyle: '; its style cannot be read in the ERP, so this may lower what the storefront has, not raise it',
} as const;

function certaintyOf({ item, availability: { certainty } }: Explanation): keyof typeof CERTAINTIES {
  return item.inErp === 'unknown' && certainty === 'old' ? 'unknownStyle' : certainty;
}

const BARS = {
  inactive: 'The ERP has the style or the SKU as inactive: nothing is sold.',
  excludedLabel: 'Its label is one that is never sold, such as samples.',
} as const;

function warehouseLines({ availability, measures, location, item }: Explanation): readonly string[] {
  if (availability.perWarehouse.length === 0)
    return [`  No warehouse of division ${item.codes.division} feeds ${location}.`];
  return availability.perWarehouse.flatMap(({ figures, units, lowest, overstatedBy }, index) => [
    `  Warehouse ${figures.warehouse}, division ${figures.division}: ${standing(figures)}`,
    ...(isKnown(figures)
      ? [
          `    ${bucketsOf(figures)}`,
          `    counts ${units}, by ${inWords(lowest)}; ${(measures[index] ?? []).map(({ text, units }) => `${inWords(text)} = ${units}`).join(', ')}`,
        ]
      : []),
    ...(overstatedBy > 0
      ? [`    the ERP’s open to sell is ${overstatedBy} more than its ledger has: work orders counted as stock`]
      : []),
  ]);
}

function standing(figures: WarehouseFigures): string {
  switch (figures.kind) {
    case 'unread':
      return 'no good figures yet';
    case 'neverThere':
      return 'never had any there';
    case 'row':
      return taken(figures);
    case 'absent':
      return `not in the newest figures; last in ${taken(figures)}`;
  }
}

function taken({ snapshot, asOf, ageMinutes }: KnownFigures): string {
  return `snapshot ${snapshot}, taken ${asOf}, ${minutesInWords(ageMinutes)} ago`;
}

const BUCKETS = [
  ['onHand', 'on hand'],
  ['picked', 'picked'],
  ['open', 'open orders'],
  ['reserved', 'reserved'],
  ['openToSell', 'open to sell'],
] as const satisfies readonly (readonly [keyof StockBuckets, string])[];

function bucketsOf({ buckets }: KnownFigures): string {
  return BUCKETS.map(([bucket, words]) => `${words} ${buckets[bucket]}`).join(' · ');
}

/** A measure in the trade's words. */
function inWords(measure: string): string {
  return BUCKETS.reduce((text, [bucket, words]) => text.replaceAll(new RegExp(`\\b${bucket}\\b`, 'g'), words), measure);
}

const REASONS = {
  notInErp: 'not in the ERP yet',
  importPending: 'staged in the ERP, not imported yet',
  importedLater: 'imported after the figures were taken',
  increase: 'raised by a change that is not in yet',
} as const satisfies Record<UnseenReason, string>;

function unseenLines({ availability, unseenOrders }: Explanation): readonly string[] {
  return [
    `  Orders that these figures cannot know: ${minus(availability.unseen)}`,
    ...unseenOrders.map(({ number, units, why }) => `    ${number}: ${units}, ${REASONS[why]}`),
  ];
}

function storefrontLines({ level, lastSent }: Explanation): readonly string[] {
  if (!level && !lastSent) return ['  The storefront has no level of it'];
  const date = level?.restockDate ? `, more on ${level.restockDate}` : '';
  const floor = level?.floor ? `, may go down to ${level.floor}` : '';
  return [
    level ? `  The storefront has ${level.units}${date}${floor}` : '  The storefront has no level of it',
    lastSent
      ? `  Sent ${lastSent.units} at ${lastSent.sentAt}, ${lastSent.readBack ? `read back ${lastSent.readBack.units} at ${lastSent.readBack.at}` : 'not read back yet'}`
      : '  Nothing of it is known to have been sent',
  ];
}

function minus(units: number): string {
  return units === 0 ? '0' : `−${units}`;
}
