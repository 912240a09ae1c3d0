import type { IntakeActivities, SweepResult } from '../activities/intake-activities.ts';
import { feedSteps, type FeedInput } from './feed-steps.ts';
import { sparklayerQueue } from './task-queues.ts';

/** Reads the purchase of every open order: what is gone, or no longer an order, was withdrawn (decision 15). */
export async function sweepPurchases({ site, intervalSeconds }: FeedInput): Promise<SweepResult> {
  const { sweepOpenPurchases } = feedSteps<IntakeActivities>(sparklayerQueue(site), intervalSeconds);
  return sweepOpenPurchases.executeWithOptions({ summary: 'Read the purchases of all open orders' }, []);
}
