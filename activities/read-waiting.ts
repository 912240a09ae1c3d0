import type { Site } from '../config/site.ts';
import type { SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import { purchaseKeyText } from '../domain/purchase.ts';
import { WAITING_TYPES, type WaitingPurchase, type WaitingPurchases } from '../domain/watch/judge-waiting.ts';
import type { Call } from './calls.ts';
import { listPurchases } from './list-purchases.ts';
import { addWorkingMinutes } from './working-time.ts';

export interface WaitingOf {
  readonly site: Pick<Site, 'intake' | 'watch' | 'goLive' | 'cases'>;
  readonly sparklayer: Pick<SparkLayer, 'listPurchases'>;
}

const MINUTE_MS = 60_000;

/**
 * Purchases since the go-live that wait to become orders, of the types that the site does not take in. Listed by when they
 * changed: what waits for an approval may not say when it was placed. A call for each type, because few wait at a time,
 * however many were ordered.
 */
export async function readWaiting({ site, sparklayer }: WaitingOf, call: Call): Promise<WaitingPurchases> {
  const { intake, goLive } = site;
  const purchases: WaitingPurchase[] = [];
  const unreadable: string[] = [];
  for (const type of WAITING_TYPES.filter((each) => !intake.types.includes(each))) {
    const of = { site: { intake: { types: [type], pageSize: intake.pageSize } }, sparklayer };
    const listed = await listPurchases(of, { updatedSince: goLive }, call);
    unreadable.push(...listed.unreadable);
    for (const { key, identifiers, placedAt, updatedAt, total, currency } of listed.rows) {
      const since = new Date(placedAt ?? updatedAt).toISOString();
      // Without a key it was born in the ERP.
      if (key === null || since < goLive) continue;
      const number = identifiers.visible ?? purchaseKeyText(key);
      purchases.push({ type, number, since, dueAt: dueAt(type, since), total, currency });
    }
  }
  return { purchases, unreadable };

  /** Machines confirm at any hour, people approve when they work. */
  function dueAt(type: WaitingPurchase['type'], since: string): string {
    const { unconfirmedPurchaseMinutes, approvalWorkingMinutes } = site.watch;
    return type === 'awaiting_approval'
      ? addWorkingMinutes(since, approvalWorkingMinutes, site.cases.calendars.ecommerce)
      : new Date(Date.parse(since) + unconfirmedPurchaseMinutes * MINUTE_MS).toISOString();
  }
}
