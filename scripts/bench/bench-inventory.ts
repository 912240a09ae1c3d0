import { compareAlone, startCycles } from './bench-feed.ts';
import { LIMITS, onBenchGround, startBenchSite, type BenchSite } from './bench-site.ts';
import { showFeed } from './show-feed.ts';

export interface BenchInventory {
  /** Of the ERP's stock: SKUs × warehouses. */
  readonly rows: number;
  readonly json: boolean;
}

/** Four sizes in three warehouses. */
const ROWS_OF_A_STYLE = 12;
const SIZES = ['S', 'M', 'L', 'XL'] as const;
const DAY_MS = 24 * 3_600_000;
const INVENTORY = 'GET /api/inventory';
/** Less than what lies there, and more than any buffer hides. */
const SOLD_UNITS = 25;

/**
 * Stock of so many rows against both stand-ins, the ERP's limits lifted: the first run reads and writes everything, one
 * has nothing to do, one finds a hundredth changed, and the last nothing again. Then the comparison by itself.
 */
export async function benchInventory({ rows, json }: BenchInventory): Promise<void> {
  await onBenchGround(async (ground) => {
    const styles = Math.ceil(rows / ROWS_OF_A_STYLE);
    let agoMs = DAY_MS;
    const site = await startBenchSite(
      ground,
      'inventory',
      { limits: 'none', refreshCatalogueSeconds: DAY_MS / 1000 },
      // What was posted before the measurement is old.
      { extraStyles: styles, clock: () => new Date(Date.now() - agoMs) },
      { feeds: 'byHand', sections: { stock: { writes: 'on' } } },
    );
    agoMs = 0;
    for (let index = 0; index < styles; index++)
      site.storefront.addProduct(
        `Style ${styleAt(index)}`,
        SIZES.map((size) => `${styleAt(index)}-BLK-${size}`),
      );
    const feed = await startCycles({ ground, site, workflowType: 'syncInventory' });
    await feed.run('all is new');
    const calls = site.erp.calls(INVENTORY).length;
    await feed.run('nothing changed');
    sell(site, Math.floor(rows / 100));
    await feed.run('1 % of the rows changed');
    await feed.run('nothing changed again');
    const alone = await compareAlone(site, 'compare-stock');
    await site.stop();
    showFeed(
      {
        rows: feed.cycles[0]?.stats['rowsRead'] ?? 0,
        idleMb: feed.idleMb,
        alone,
        cycles: feed.cycles,
        counts: ['rowsRead', 'compared', 'written'],
        fullRead: { calls, minutes: calls / LIMITS.perMinute },
      },
      json,
    );
  });
}

function sell({ erp }: BenchSite, count: number): void {
  for (let index = 0; index < count; index++) {
    const style = styleAt(Math.floor(index / SIZES.length));
    const sku = { division: '01', style, color: 'BLK', label: 'A', dimension: '', size: sizeAt(index) };
    erp.adjustStock(sku, 'W01', -SOLD_UNITS);
  }
}

/** As the ERP stand-in calls its styles beside the seeded ones. */
function styleAt(index: number): string {
  return `X-${String(index).padStart(5, '0')}`;
}

function sizeAt(index: number): string {
  return SIZES[index % SIZES.length] ?? SIZES[0];
}
