import { parse, stringify } from 'yaml';

import { readFileSync } from 'node:fs';

import { parseSite } from '../../config/load-site.ts';
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

/** The example site, pointed at two stand-ins, with waits of a second instead of minutes. */
export function testSite(name: string, { storefront, erp }: Addresses): Site {
  const example = parse(readFileSync(new URL('../../config/sites/example.yaml', import.meta.url), 'utf8'));
  const text = stringify({
    ...example,
    goLive: '2020-01-01T00:00:00+00:00',
    storefront: { ...example.storefront, baseUrl: storefront.url, siteId: storefront.siteId, requestTimeoutSeconds: 2 },
    erp: {
      ...example.erp,
      baseUrl: erp.url,
      limits: 'none',
      freezeWindow: 'none',
      requestTimeoutSeconds: 1.5,
      writeTimeoutSeconds: 1.5,
      waitForOthersMs: 5,
      importCycleSeconds: 1,
      importOverdueSeconds: 6,
      lateArrivalSeconds: 2.5,
      firstLookSeconds: 0.5,
      longestLookGapSeconds: 1,
      credentialProbeSeconds: 1,
    },
    amendments: { settleSeconds: 0.3 },
    progress: { ...example.progress, mergeSeconds: 0.1 },
    cases: {
      ...example.cases,
      gatherSeconds: 0.3,
      settleSeconds: 0.5,
      repair: { ordersPerMinute: 6000, patienceMinutes: 2 },
    },
  });
  const variables = {
    SPARKLAYER_CLIENT_ID: storefront.clientId,
    SPARKLAYER_CLIENT_SECRET: storefront.clientSecret,
    BLUECHERRY_KEY_1: erp.keys[0],
    BLUECHERRY_KEY_2: erp.keys[1],
  };
  const parsed = parseSite(text, name, { variables, readFile: (path) => readFileSync(path, 'utf8') });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.site;
}
