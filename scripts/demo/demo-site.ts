import { readFileSync } from 'node:fs';

import { parse, stringify } from 'yaml';

import { parseSite } from '../../config/load-site.ts';
import { SiteFileError } from '../../config/problems.ts';
import type { Site } from '../../config/site.ts';

export interface StandInAddresses {
  readonly storefront: {
    readonly url: string;
    readonly siteId: string;
    readonly clientId: string;
    readonly clientSecret: string;
  };
  readonly erp: { readonly url: string; readonly keys: readonly [string, string] };
}

/** What differs from a real site, so that a demonstration takes seconds and not hours (decision 43). */
export const DEMO_LIMITS = {
  'ERP imports every': '2 s (default 5 min)',
  'ERP freeze window': 'none (default 23:00–06:00)',
  'ERP limits': '4 calls at a time, 40/s, no limit per minute (default 2, 5/s, 60/min)',
  'storefront and ERP are read every': '2 s (default 20 s and 30 s)',
  'stock is compared every': '6 s (default 5 min)',
  'edits settle, ERP events are merged within': '1 s (default 20 s)',
  'a post may arrive late by': '3 s (default 10 min)',
} as const;

export const IMPORT_EVERY_MS = 2_000;

export interface SiteText {
  readonly text: string;
  /** What its secrets are read from. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The example site, pointed at the stand-ins, with the demonstration's own limits; its reports go where they stay. */
export function demoSite(name: string, addresses: StandInAddresses, reportsFolder: string): Site {
  const sections = { ...withFeeds(readExample()), reports: { folder: reportsFolder } };
  const { text, variables } = demoSiteText(addresses, {}, sections);
  const parsed = parseSite(text, name, { variables, readFile: (path) => readFileSync(path, 'utf8') });
  if (!parsed.ok) throw new SiteFileError(name, parsed.problems);
  return parsed.site;
}

type Part = Readonly<Record<string, unknown>>;

/** The parts of the example that a demonstration changes. */
interface Example {
  readonly storefront: Part;
  readonly erp: Part;
  readonly intake: Part;
  readonly amendments: Part;
  readonly progress: Part;
  readonly stock: Part & { readonly buffers: Part };
  readonly products: Part;
  readonly pricing: Part;
  readonly customers: Part;
  readonly schedules: Part & { readonly syncInventory: Part };
}

function readExample(): Example {
  return parse(readFileSync(new URL('../../config/sites/example.yaml', import.meta.url), 'utf8'));
}

/** The four feeds at work, stock every few seconds. */
function withFeeds(example: Example): Readonly<Record<string, unknown>> {
  return {
    stock: { ...example.stock, writes: 'on', buffers: { ...example.stock.buffers, site: { percent: 10, cap: 5 } } },
    products: { ...example.products, mode: 'write' },
    pricing: {
      ...example.pricing,
      mode: 'write',
      lists: [
        { list: 'erp-wholesale-gbp', managedBy: 'erp', currency: 'GBP', level: 'B' },
        { list: 'erp-wholesale-usd', managedBy: 'erp', currency: 'USD', level: 'B' },
      ],
    },
    customers: {
      ...example.customers,
      mode: 'write',
      terms: { N30: 30, N60: 60, COD: 'none', PPD: 'none' },
      priceLists: [
        { level: 'B', currency: 'GBP', lists: ['erp-wholesale-gbp'] },
        { level: 'B', currency: 'USD', lists: ['erp-wholesale-usd'] },
      ],
    },
    schedules: { ...example.schedules, syncInventory: { ...example.schedules.syncInventory, everyMinutes: 0.1 } },
  };
}

/** The same as a file's text, with changes of the ERP's part and of whole sections. */
export function demoSiteText(
  { storefront, erp }: StandInAddresses,
  erpChange: Readonly<Record<string, unknown>>,
  sections: Readonly<Record<string, unknown>> = {},
): SiteText {
  const example = readExample();
  const text = stringify({
    ...example,
    goLive: '2020-01-01T00:00:00+00:00',
    storefront: {
      ...example.storefront,
      baseUrl: storefront.url,
      siteId: storefront.siteId,
      requestTimeoutSeconds: 5,
      concurrency: 16,
    },
    erp: {
      ...example.erp,
      baseUrl: erp.url,
      limits: { concurrent: 4, burstPerSecond: 40, perMinute: null },
      freezeWindow: 'none',
      requestTimeoutSeconds: 5,
      writeTimeoutSeconds: 5,
      importCycleSeconds: IMPORT_EVERY_MS / 1000,
      importOverdueSeconds: 30,
      lateArrivalSeconds: 3,
      firstLookSeconds: 3,
      longestLookGapSeconds: 3,
      pollSeconds: 2,
      ...erpChange,
    },
    intake: { ...example.intake, pollSeconds: 2, overlapMinutes: 1 },
    amendments: { ...example.amendments, settleSeconds: 1 },
    progress: { ...example.progress, mergeSeconds: 1, credits: 'information' },
    ...sections,
  });
  const variables = {
    SPARKLAYER_CLIENT_ID: storefront.clientId,
    SPARKLAYER_CLIENT_SECRET: storefront.clientSecret,
    BLUECHERRY_KEY_1: erp.keys[0],
    BLUECHERRY_KEY_2: erp.keys[1],
  };
  return { text, variables };
}
