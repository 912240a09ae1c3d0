import type { FoundDrift } from '../domain/drift/drift.ts';
import { findCause } from '../domain/drift/find-cause.ts';
import { planLevels } from '../domain/stock/plan-levels.ts';
import type { LevelWrite, StorefrontLevel } from '../domain/stock/stock-row.ts';
import { unseenAt } from '../domain/stock/unseen-units.ts';
import type { Call } from './calls.ts';
import type { DriftDependencies } from './check-drift.ts';
import { createKnownStockReader, type KnownStock } from './known-stock.ts';
import { refusalsOf } from './last-refusals.ts';

/** Compares the storefront's levels with what may be sold now, by the figures that are kept: costs the ERP no stock call. */
export function createStockDriftReader(dependencies: DriftDependencies) {
  const { sparklayer, bluecherry, pulse } = dependencies;
  const known = createKnownStockReader(dependencies);

  return {
    async read(call: Call): Promise<readonly FoundDrift[]> {
      const stock = await known.read(call);
      const locations = (await sparklayer.listStockLocations(call)).flatMap(({ externalId }) => externalId ?? []);
      const levels = await sparklayer.stock.fetchLevels(stock.sold.skus, call);
      const held = new Map(levels.map((level) => [pairKey(level.sku, level.location ?? ''), level]));
      const { writes } = planLevels(stock.index, stock.sold.items, { locations, levels });
      const run = await pulse.lastCompleted('syncInventory');
      const refused = new Set(refusalsOf(run, ['STOCK_WRITE_REFUSED']).map(({ concern }) => concern));
      const rows: FoundDrift[] = gaps(stock, levels);
      for (const write of writes) {
        const { sku, location, units } = write;
        const level = held.get(pairKey(sku, location)) ?? null;
        const sent = await bluecherry.inventory.store.sent(sku, location);
        const cause = findCause({
          isMapped: true,
          isRefused: refused.has(`${sku} at ${location}`),
          lastWrite: sent === null ? 'unknown' : isThere(sent, level) ? 'isThere' : 'isNotThere',
          feedRanAt: run?.startedAt ?? null,
          movedAt: movedAt(stock, write),
        });
        const is = level === null ? null : String(level.units);
        const about = { what: 'stock', sku, place: location, fromQuantity: null, money: null } as const;
        rows.push({ ...about, should: String(units), is, cause });
      }
      return rows;
    },
  };
}

/** Levels at our locations of SKUs that the ERP does not know. */
function gaps({ index, sold }: KnownStock, levels: readonly StorefrontLevel[]): FoundDrift[] {
  const mapped = new Set(sold.items.map(({ sku }) => sku));
  return levels
    .filter(
      ({ sku, location, units }) => units > 0 && location !== null && index.feeds.has(location) && !mapped.has(sku),
    )
    .map(({ sku, location, units }) => ({
      what: 'stock',
      sku,
      place: location ?? '',
      fromQuantity: null,
      should: null,
      is: String(units),
      cause: 'mappingGap',
      money: null,
    }));
}

/** When the figures were taken; orders that these do not know may have come at any time. */
function movedAt({ index }: KnownStock, { sku, location }: LevelWrite): string | null {
  if (unseenAt(index.unseen, sku, location).length > 0) return null;
  return index.parts.map(({ asOf }) => asOf).reduce<string | null>((newest, at) => later(newest, at), null);
}

function later(one: string | null, other: string): string {
  return one !== null && Date.parse(one) > Date.parse(other) ? one : other;
}

function isThere(sent: Omit<LevelWrite, 'sku' | 'location'>, level: StorefrontLevel | null): boolean {
  return (
    level !== null && sent.units === level.units && sent.restockDate === level.restockDate && sent.floor === level.floor
  );
}

function pairKey(sku: string, location: string): string {
  return `${sku}\n${location}`;
}
