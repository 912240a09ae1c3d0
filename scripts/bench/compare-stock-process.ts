// The comparison of stock by itself, in a process of its own, with the figures and the catalogue that a worker has kept on
// disk. Says what it measured as JSON.
import { join } from 'node:path';

import { keptParts } from '../../activities/read-stock-parts.ts';
import { readSoldItems } from '../../activities/sold-items.ts';
import { openStockMemory } from '../../activities/stock-memory.ts';
import { createBlueCherry } from '../../connectors/bluecherry/bluecherry.ts';
import { indexStock } from '../../domain/stock/index-stock.ts';
import { planLevels, type LevelPlan } from '../../domain/stock/plan-levels.ts';
import type { StorefrontLevel } from '../../domain/stock/stock-row.ts';
import { heapMb, measured, peakMb, residentMb } from './measuring.ts';
import { erpPages, storefrontLevels } from './raw-bodies.ts';
import { readTold } from './told.ts';

const PATIENCE_MS = 300_000;
const INVENTORY_PAGE = 200;
const BYTES_OF_A_MB = 1_048_576;

const { told, site } = readTold();
const folder = join(told.folder, site.name);
const silent = () => undefined;
const log = { info: silent, warn: silent, error: silent, debug: silent };
const clock = () => new Date();
const bluecherry = createBlueCherry({ ...site.erp, cacheDir: join(folder, 'cache') }, { clock, log });
const memory = openStockMemory(join(folder, 'stock.json'));
const call = { signal: AbortSignal.timeout(PATIENCE_MS), deadline: Date.now() + PATIENCE_MS };
const idle = { heapMb: heapMb(), residentMb: residentMb() };

const parts = await keptParts({ site, bluecherry, memory, clock, log });
// A storefront that shows no products sells what is active, so nothing is asked of it.
const sparklayer = { catalogue: { listProducts: () => Promise.resolve({ products: [], unreadable: [] }) } };
const { items, skus } = await readSoldItems(
  { site, sparklayer, bluecherry },
  parts.map(({ kept }) => kept),
  call,
);
const locations = site.stock.feeds.map(({ location }) => location);
const levels = compare([]).writes.map((level): StorefrontLevel => ({ ...level, locationId: level.location }));
const { counts } = compare(levels);
const peak = peakMb();
const inUse = heapMb();
const comparison = measured(() => compare(levels));

const bodies = [
  ...(await erpPages(site, { resource: 'inventory', parameters: '', size: INVENTORY_PAGE })),
  ...(await storefrontLevels(site, skus)),
];
const parsing = measured(() => bodies.map((body): unknown => JSON.parse(body)));
await bluecherry.close();
process.stdout.write(
  JSON.stringify({
    compared: counts.compared,
    differing: counts.compared - counts.equal,
    comparison,
    parsing,
    parsedMb: bodies.reduce((sum, body) => sum + body.length, 0) / BYTES_OF_A_MB,
    peakAboveIdleMb: peak - idle.residentMb,
    inUseAboveIdleMb: inUse - idle.heapMb,
  }),
);

function compare(shown: readonly StorefrontLevel[]): LevelPlan {
  const now = clock().toISOString();
  const index = indexStock({ parts, unseen: new Map(), rules: site.stock, now, today: now.slice(0, 10), incoming: [] });
  return planLevels(index, items, { locations, levels: shown });
}
