import { cp, mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { InvalidArgumentError, type Command } from 'commander';

import { runPreview } from '../../activities/preview-site.ts';
import { openStockMemory } from '../../activities/stock-memory.ts';
import { loadSite } from '../../config/load-site.ts';
import type { Site } from '../../config/site.ts';
import { createBlueCherry } from '../../connectors/bluecherry/bluecherry.ts';
import { createSparkLayer } from '../../connectors/sparklayer/sparklayer.ts';
import { showPreview } from '../../domain/preview/show-preview.ts';
import type { Preview } from '../../domain/preview/preview.ts';
import { createLog } from '../../workers/log.ts';
import { CommandError, dataFolder, environment, EXIT, print, printJson } from '../program.ts';
import { loadSites } from '../sites.ts';

interface PreviewOptions {
  readonly siteFile: string;
  readonly site?: string;
  readonly orders: number;
  readonly json?: true;
}

const PATIENCE_MS = 3_600_000;
const ORDERS = 200;

/** `preview`: what a changed site file would have done. Reads both systems itself, writes nothing. */
export function addPreviewCommand(program: Command): void {
  program
    .command('preview')
    .description(
      'which of the last orders, and which published stock, would come out differently under a changed site file; reads only',
    )
    .requiredOption('--site-file <file>', 'the changed site file')
    .option(
      '--site <file>',
      'the site file in use (default: the one in config/sites with the same name, or the only one)',
    )
    .option('--orders <n>', 'how many of the latest orders', parseCount, ORDERS)
    .option('--json', 'as JSON, with every order and every figure')
    .action(preview);
}

async function preview({ siteFile, site: file, orders, json }: PreviewOptions): Promise<void> {
  const changed = loadSite(siteFile, environment());
  const found = await previewOf(inUse(file, changed), changed, orders);
  if (json) printJson(found);
  else print(showPreview(found));
}

/** With a copy of the caches: a running site has its hands on its own. */
async function previewOf(site: Site, changed: Site, orders: number): Promise<Preview> {
  const log = createLog('error');
  const clock = () => new Date();
  const folder = join(dataFolder(), site.name);
  const copy = await mkdtemp(join(tmpdir(), 'instep-preview-'));
  if (existsSync(join(folder, 'cache'))) await cp(join(folder, 'cache'), join(copy, 'cache'), { recursive: true });
  if (existsSync(join(folder, 'stock.json'))) await cp(join(folder, 'stock.json'), join(copy, 'stock.json'));
  const sparklayer = createSparkLayer(site.storefront, { clock, log });
  const bluecherry = createBlueCherry({ ...site.erp, cacheDir: join(copy, 'cache') }, { clock, log });
  const memory = openStockMemory(join(copy, 'stock.json'));
  const call = { signal: AbortSignal.timeout(PATIENCE_MS), deadline: Date.now() + PATIENCE_MS };
  try {
    return await runPreview({ site, changed, sparklayer, bluecherry, memory, clock, log }, orders, call);
  } finally {
    await Promise.all([sparklayer.close(), bluecherry.close()]);
    await rm(copy, { recursive: true, force: true });
  }
}

function inUse(file: string | undefined, changed: Site): Site {
  if (file !== undefined) return loadSite(file, environment());
  const sites = loadSites([]);
  const [only] = sites;
  const site = sites.find(({ name }) => name === changed.name) ?? (sites.length === 1 ? only : undefined);
  if (!site)
    throw new CommandError(
      `Several sites are in use: ${sites.map(({ name }) => name).join(', ')}. Name one with --site.`,
      EXIT.usage,
    );
  return site;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('A number of 1 or more is needed.');
  return count;
}
