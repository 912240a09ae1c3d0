// The exception report by itself, in a process of its own: with the caches that a worker keeps on disk, and a storefront
// that answers from memory. Says what it measured as JSON.
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';

import { openPurchaseBook } from '../../activities/purchase-book.ts';
import { readExceptions } from '../../activities/read-exceptions.ts';
import { writeData, writePage, writeSheets } from '../../activities/write-exceptions.ts';
import { createBlueCherry } from '../../connectors/bluecherry/bluecherry.ts';
import type { PurchaseSummary, StorefrontCustomer } from '../../domain/purchase.ts';
import { reportExceptions, rowsOf } from '../../domain/reports/exceptions/exception-report.ts';
import { peakMb, residentMb } from './measuring.ts';
import { readTold } from './told.ts';

/** What the storefront answers. */
export interface StorefrontInMemory {
  readonly summaries: readonly PurchaseSummary[];
  readonly customers: readonly (readonly [string, StorefrontCustomer])[];
}

/** One part of the work. */
export interface Part {
  readonly name: string;
  readonly wallMs: number;
  readonly cpuMs: number;
  /** The longest time in which nothing else had its turn. */
  readonly longestBlockMs: number;
}

export interface Reconciled {
  readonly compared: number;
  readonly differing: number;
  readonly rows: number;
  readonly parts: readonly Part[];
  readonly peakAboveIdleMb: number;
  readonly filesMb: readonly number[];
}

const PATIENCE_MS = 300_000;
const NS_OF_A_MS = 1_000_000;
const BYTES_OF_A_MB = 1_048_576;

const { told, site } = readTold();
const silent = () => undefined;
const log = { info: silent, warn: silent, error: silent, debug: silent };
const folder = join(told.folder, site.name);
const { summaries, customers }: StorefrontInMemory = JSON.parse(
  await readFile(join(folder, 'storefront.json'), 'utf8'),
);
const buyers = new Map(customers);
const bluecherry = createBlueCherry({ ...site.erp, cacheDir: join(folder, 'cache') }, { clock: () => new Date(), log });
const call = { signal: AbortSignal.timeout(PATIENCE_MS), deadline: Date.now() + PATIENCE_MS };
const dependencies = {
  site,
  sparklayer: {
    listPurchases: ({ offset, limit }: { readonly offset: number; readonly limit: number }) =>
      Promise.resolve({ rows: summaries.slice(offset, offset + limit), unreadable: [] }),
    getPurchase: () => Promise.resolve(null),
    getCustomer: (id: string) => Promise.resolve(buyers.get(id) ?? null),
  },
  bluecherry,
  orders: { stateOf: () => Promise.resolve(null) },
  glances: { running: nobody },
  cases: { ofDrift: () => Promise.resolve([]), since: () => Promise.resolve(null) },
  drift: () => Promise.resolve(null),
  linkTo: (key: string) => `https://temporal.example/${key}`,
  clock: () => new Date(),
};
const parts: Part[] = [];
const idle = residentMb();

const book = await part('purchases read from disk', () =>
  openPurchaseBook(join(folder, 'purchases.json'), told.siteName),
);
await part('ERP orders read from disk', () => bluecherry.orderBook.rows({ ...call, priority: 'catalogue' }));
const proof = { unaccounted: 0, purchases: summaries.length };
const report = await part('compared', async () =>
  reportExceptions(await readExceptions(dependencies, { proof, book }, call)),
);
const out = join(folder, 'reports');
await mkdir(out, { recursive: true });
const files = [
  await part('page', () => writePage(report, out)),
  await part('workbook', () => writeSheets(report, out)),
  await part('JSON', () => writeData(report, out)),
];
const peak = peakMb();
await bluecherry.close();
const differing = new Set(rowsOf(report, 'differences').map(({ order }) => order)).size;
const filesMb = await Promise.all(files.map(async (file) => (await stat(file)).size / BYTES_OF_A_MB));
const result: Reconciled = {
  compared: report.compared,
  differing,
  rows: report.rows.length,
  parts,
  peakAboveIdleMb: peak - idle,
  filesMb,
};
process.stdout.write(JSON.stringify(result));

async function part<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const delays = monitorEventLoopDelay({ resolution: 10 });
  delays.enable();
  const [startedAt, used] = [performance.now(), process.cpuUsage()];
  const made = await work();
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(used);
  await new Promise((resolve) => setTimeout(resolve, 20));
  delays.disable();
  parts.push({ name, wallMs, cpuMs: (user + system) / 1000, longestBlockMs: delays.max / NS_OF_A_MS });
  return made;
}

async function* nobody(): AsyncGenerator<never> {}
