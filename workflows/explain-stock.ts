import { proxyActivities } from '@temporalio/workflow';

import type { ExplainStockActivities } from '../activities/explain-stock.ts';
import type { Explanation } from '../domain/stock/explain-stock.ts';
import { bluecherryQueue } from './task-queues.ts';

export interface ExplainStockInput {
  readonly site: string;
  readonly sku: string;
  /** null = every location that is fed. */
  readonly location: string | null;
}

/** Explains a published figure on the worker of the site, because the figures are kept there. */
export async function explainStock({ site, sku, location }: ExplainStockInput): Promise<readonly Explanation[]> {
  const steps = proxyActivities<ExplainStockActivities>({
    taskQueue: bluecherryQueue(site),
    startToCloseTimeout: '2 minutes',
    heartbeatTimeout: '5s',
    scheduleToCloseTimeout: '3 minutes',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10s', maximumAttempts: 3 },
  });
  return steps.explainStock.executeWithOptions({ summary: `Explain the stock of ${sku}` }, [{ sku, location }]);
}
