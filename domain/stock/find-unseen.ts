import type { UnseenLine, UnseenOrder, UnseenReason } from './unseen-units.ts';

/** What the ERP has of the part of a purchase that goes to one division, as far as it can be told now. */
export type ErpStanding =
  /** No order of the ERP is known. */
  | { readonly kind: 'none' }
  /** Staged, and not imported. */
  | { readonly kind: 'pending' }
  | {
      readonly kind: 'there';
      /** When it was imported last, or can have been at the latest (ISO instant). */
      readonly importedAt: string;
      /** SKU → units that it has; null = what the purchase says. */
      readonly units: ReadonlyMap<string, number> | null;
    };

/** An item of a purchase. */
export interface OpenItem {
  /** The storefront's SKU. */
  readonly sku: string;
  readonly division: string;
  /** Where the ERP will take it from; null = it cannot be told. */
  readonly warehouse: string | null;
  /** Units that are neither sent nor cancelled. */
  readonly live: number;
  /** Units with those that were sent. */
  readonly wanted: number;
}

export interface OpenPurchase {
  readonly key: string;
  /** The number people know. */
  readonly number: string;
  readonly items: readonly OpenItem[];
  readonly standingOf: (division: string) => ErpStanding;
}

/** When the ERP's figures of a warehouse were taken; of an unknown one, the oldest of the division's. */
export type AsOf = (division: string, warehouse: string | null) => string | null;

/**
 * What of a purchase the ERP's figures cannot know (decision 32), one entry for each reason. An import in the very second
 * of the figures counts as later: that takes too much for one snapshot, never too little.
 */
export function findUnseen({ key, number, items, standingOf }: OpenPurchase, asOf: AsOf): readonly UnseenOrder[] {
  const byReason = new Map<UnseenReason, UnseenLine[]>();
  for (const item of items) {
    const { why, units } = unseenOf(item, standingOf(item.division), asOf(item.division, item.warehouse));
    if (units <= 0) continue;
    const lines = byReason.get(why) ?? [];
    byReason.set(why, lines);
    lines.push({ sku: item.sku, warehouse: item.warehouse, units });
  }
  return [...byReason].map(([why, lines]) => ({ key, number, why, lines }));
}

function unseenOf(
  { sku, live, wanted }: OpenItem,
  standing: ErpStanding,
  asOf: string | null,
): { readonly why: UnseenReason; readonly units: number } {
  if (standing.kind === 'none') return { why: 'notInErp', units: live };
  if (standing.kind === 'pending') return { why: 'importPending', units: live };
  const { importedAt, units } = standing;
  const isLater = asOf !== null && Date.parse(importedAt) >= Date.parse(asOf);
  if (isLater) return { why: 'importedLater', units: live };
  return { why: 'increase', units: units === null ? 0 : Math.min(live, wanted - (units.get(sku) ?? 0)) };
}
