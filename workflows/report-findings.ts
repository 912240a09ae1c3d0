import { proxyActivities } from '@temporalio/workflow';

import type { TellCasesActivities } from '../activities/tell-cases.ts';
import type { Finding } from '../domain/findings.ts';
import { ordersQueue } from './task-queues.ts';

export interface ReportedFindings {
  readonly site: string;
  /** The feed's or check's name, the same in every run: what it reported before under this name is replaced. */
  readonly source: string;
  readonly findings: readonly Finding[];
}

/**
 * Tells the site's cases what a run of a feed or check found: each finding is a case, and what is found no more is
 * withdrawn, so that a case closes by itself. To be called once in each run that came to its end, also when it found nothing.
 */
export async function reportFindings({ site, source, findings }: ReportedFindings): Promise<void> {
  const { reportFindings: report } = proxyActivities<TellCasesActivities>({
    taskQueue: ordersQueue(site),
    startToCloseTimeout: '1 minute',
    scheduleToCloseTimeout: '5 minutes',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
  });
  const summary =
    findings.length === 0 ? 'Nothing was found: its cases may close' : `Tell the cases of ${findings.length} findings`;
  await report.executeWithOptions({ summary }, [{ source, findings }]);
}
