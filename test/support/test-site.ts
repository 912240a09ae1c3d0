import type { Site } from '../../config/site.ts';

export interface Addresses {
  readonly storefront: {
    readonly url: string;
    readonly siteId: string;
    readonly clientId: string;
    readonly clientSecret: string;
  };
  readonly erp: { readonly url: string; readonly keys: readonly [string, string] };
}

/** A site as the loader would give it, pointed at two stand-ins, with waits of a second instead of minutes. */
export function testSite(
  name: string,
  { storefront, erp }: Addresses,
  change: (site: Site) => Site = (site) => site,
): Site {
  return change({
    name,
    version: 'test',
    goLive: '2020-01-01T00:00:00.000Z',
    divisions: ['01', '02'],
    storefront: {
      baseUrl: storefront.url,
      siteId: storefront.siteId,
      clientId: storefront.clientId,
      clientSecret: storefront.clientSecret,
      userAgent: 'instep-test',
      requestTimeoutMs: 2_000,
      concurrency: 8,
      minGapMs: 0,
    },
    erp: {
      baseUrl: erp.url,
      environment: 'test',
      environmentSegments: { test: 'TEST', live: 'LIVE' },
      keys: erp.keys,
      zone: 'US/Eastern',
      limits: null,
      timeouts: { requestMs: 1_500, writeMs: 1_500 },
      freezeWindow: null,
      importCycleMs: 1_000,
      importOverdueMs: 3_000,
      lateArrivalMs: 2_500,
      controlNumberFence: 'notTrusted',
      workers: 1,
      cancelReasonCode: 'BUYR',
      batchWaitMs: 5,
      writeMode: 'staged',
    },
    pacing: { firstLook: 500, longestGap: 1_000, importOverdue: 3_000, importCycle: 1_000 },
  } as unknown as Site);
}
