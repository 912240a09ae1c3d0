import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

import Table from 'cli-table3';

import { openPurchaseBook } from '../../activities/purchase-book.ts';
import { createBlueCherry } from '../../connectors/bluecherry/bluecherry.ts';
import type { BookedOrder } from '../../connectors/bluecherry/order-book.ts';
import { createSparkLayer } from '../../connectors/sparklayer/sparklayer.ts';
import type { Purchase, PurchaseKey, PurchaseSummary, StorefrontCustomer } from '../../domain/purchase.ts';
import { documentReference, parseReference, referenceOf } from '../../domain/storefront-reference.ts';
import type { ClerkEdit } from '../../sandbox/bluecherry/surface.ts';
import { print, printJson, say } from '../program.ts';
import { accepted, onBenchGround, startBenchSite, type BenchSite } from './bench-site.ts';
import type { Reconciled, StorefrontInMemory } from './reconcile-process.ts';
import { shown } from './show-feed.ts';
import { siteOf, tell } from './told.ts';

export interface BenchReconcile {
  readonly orders: number;
  readonly json: boolean;
}

/** So many go through the whole site; the others are their copies under other names. */
const TEMPLATES = 100;
/** One in twenty differs. */
const EDITS: readonly ClerkEdit[] = [
  { quantity: { line: 1, quantity: 2 } },
  { price: { line: 1, price: '19.37' } },
  { freight: '25.00' },
  { tax: '1.11' },
  { header: { terms: 'N60' } },
];
const IMPORT_EVERY_MS = 200;
const SKUS = ['AC-1001-BLK-S', 'AC-1001-BLK-M', 'AC-1001-BLK-L', 'MN-2001-OLV-M'];
const LOOK_EVERY_MS = 100;
const PATIENCE_MS = 300_000;
const MOST_OUTPUT_BYTES = 1_000_000;

/** A template in full, on both sides. */
interface Template {
  readonly purchase: Purchase;
  readonly summary: PurchaseSummary;
  readonly orders: readonly (readonly [string, BookedOrder])[];
}

/**
 * The exception report over so many open orders, one in twenty of which a clerk has edited: from the caches on disk to the
 * three files, without the calls for what is new.
 */
export async function benchReconcile({ orders, json }: BenchReconcile): Promise<void> {
  await onBenchGround(async (ground) => {
    const site = await startBenchSite(
      ground,
      'reconcile',
      { limits: 'none', pollSeconds: 1, ordersPerPost: 25 },
      { autoImportEveryMs: IMPORT_EVERY_MS },
    );
    say(`${TEMPLATES} orders go all the way into the ERP …`);
    const keys = Array.from({ length: TEMPLATES }, (_, index) => checkOutOne(site, index));
    await accepted(site, keys);
    // The second one of a purchase may come later than the number that the purchase carries.
    while (site.erp.salesOrders().length < TEMPLATES + TEMPLATES / SKUS.length) await pause(LOOK_EVERY_MS);
    await site.deleteSchedules();
    await site.stopWorker();
    for (const [index, edit] of EDITS.entries()) {
      const { purchase_identifiers } = site.storefront.purchase(keys[index] ?? '') ?? {};
      site.erp.clerkEdits(String(purchase_identifiers?.internal).split(',')[0]?.trim() ?? '', edit);
    }
    say(`… and are copied until there are ${orders} …`);
    await multiply(site, orders);
    say('the report …');
    const path = new URL('./reconcile-process.ts', import.meta.url).pathname;
    const options = { env: tell(site.told), maxBuffer: MOST_OUTPUT_BYTES };
    const { stdout } = await promisify(execFile)(process.execPath, [path], options);
    await site.closeStandIns();
    show(JSON.parse(stdout), json);
  });
}

/** One line, or several; some are of another division, and so become two sales orders. */
function checkOutOne({ storefront }: BenchSite, index: number): string {
  const skus = SKUS.slice(0, 1 + (index % SKUS.length));
  const lines = skus.map((sku) => ({ sku, quantity: 3 + (index % 7), unitPrice: '20.00' }));
  const shipping = { name: 'Standard shipping', net: '10.00' };
  return String(storefront.checkout({ lines, shipping }).purchase_identifiers.sparklayer);
}

/** Writes the worker's caches as if so many purchases had been read. */
async function multiply(site: BenchSite, count: number): Promise<void> {
  const { told } = site;
  const folder = join(told.folder, told.siteName);
  const { templates, customers, bookFile } = await readTemplates(site, folder);
  const copies = Array.from({ length: count }, (_, index) => {
    const template = templates[index % templates.length];
    if (!template) throw new Error('There is no order to copy.');
    return index < templates.length ? template : copyOf(template, index);
  });
  const file = JSON.parse(await readFile(bookFile, 'utf8'));
  file.content.entries = copies.flatMap(({ orders }) => orders);
  await writeFile(bookFile, JSON.stringify(file));
  const book = await openPurchaseBook(join(folder, 'purchases.json'), told.siteName);
  for (const { purchase } of copies) await book.get(purchase.key, purchase.updatedAt, () => Promise.resolve(purchase));
  await book.save();
  const storefront: StorefrontInMemory = { summaries: copies.map(({ summary }) => summary), customers };
  await writeFile(join(folder, 'storefront.json'), JSON.stringify(storefront));
}

async function readTemplates({ told }: BenchSite, folder: string) {
  const { erp, storefront, goLive, intake } = siteOf(told);
  const silent = () => undefined;
  const tools = { clock: () => new Date(), log: { info: silent, warn: silent, error: silent, debug: silent } };
  const bluecherry = createBlueCherry({ ...erp, cacheDir: join(folder, 'cache') }, tools);
  const sparklayer = createSparkLayer(storefront, tools);
  const call = { signal: AbortSignal.timeout(PATIENCE_MS), deadline: Date.now() + PATIENCE_MS };
  try {
    await bluecherry.orderBook.rows({ ...call, priority: 'catalogue' });
    const bookFile = join(folder, 'cache', 'order-book.json');
    const { content } = JSON.parse(await readFile(bookFile, 'utf8'));
    const entries: readonly (readonly [string, BookedOrder])[] = content.entries;
    const [type = 'order'] = intake.types;
    const query = { type, updatedSince: null, placedSince: goLive, limit: TEMPLATES, offset: 0 };
    const { rows } = await sparklayer.listPurchases(query, call);
    const templates: Template[] = [];
    const customers = new Map<string, StorefrontCustomer>();
    for (const summary of rows) {
      const purchase = summary.key && (await sparklayer.getPurchase(summary.key, call));
      if (!purchase) continue;
      const orders = entries.filter(([, { altPo }]) => parseReference(altPo)?.key.value === purchase.key.value);
      templates.push({ purchase, summary, orders });
      const buyer = purchase.buyer && (await sparklayer.getCustomer(purchase.buyer, call));
      if (buyer && purchase.buyer) customers.set(purchase.buyer, buyer);
    }
    return { templates, customers: [...customers], bookFile };
  } finally {
    await Promise.all([bluecherry.close(), sparklayer.close()]);
  }
}

/** The same order under a key and numbers of its own. */
function copyOf({ purchase, summary, orders }: Template, index: number): Template {
  const key: PurchaseKey = { kind: 'sparklayer', value: randomUUID() };
  const identifiers = {
    ...purchase.identifiers,
    sparklayer: key.value,
    visible: `${purchase.identifiers.visible}-${index}`,
  };
  return {
    purchase: { ...purchase, key, identifiers },
    summary: { ...summary, key, identifiers },
    orders: orders.map(([rowKey, order]) => {
      const reference = documentReference(referenceOf(key) ?? '', parseReference(order.altPo)?.document ?? 1);
      const named = { orderNumber: `${order.orderNumber}-${index}`, altPo: reference, referenceField: reference };
      const whole = order.whole && { ...order.whole, ...named };
      return [`${rowKey}-${index}`, { ...order, ...named, whole }] as const;
    }),
  };
}

function show({ parts, filesMb, ...figures }: Reconciled, json: boolean): void {
  const all = {
    name: 'together',
    wallMs: parts.reduce((sum, { wallMs }) => sum + wallMs, 0),
    cpuMs: parts.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    longestBlockMs: Math.max(...parts.map(({ longestBlockMs }) => longestBlockMs)),
  };
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? ''}`;
  if (json) return printJson({ machine, ...figures, together: all, parts, filesMb });
  const table = new Table({ head: ['measured', 'value'] });
  for (const [name, value] of Object.entries({ machine, ...figures })) table.push([name, shown(value)]);
  table.push(['MB of page, workbook, JSON', filesMb.map((mb) => mb.toFixed(2)).join(', ')]);
  print(table.toString());
  const times = new Table({ head: ['part', 'wall ms', 'CPU ms', 'longest block ms'] });
  for (const { name, wallMs, cpuMs, longestBlockMs } of [...parts, all])
    times.push([name, Math.round(wallMs), Math.round(cpuMs), Math.round(longestBlockMs)]);
  print(times.toString());
}
