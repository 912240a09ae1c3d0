import { setCurrentDetails } from '@temporalio/workflow';

import type { ProofActivities } from '../activities/prove-completeness.ts';
import { renderProof } from '../domain/proof/render-proof.ts';
import type { ProofReport } from '../domain/proof/report-proof.ts';
import { feedSteps, type FeedInput } from './feed-steps.ts';
import { reportFindings } from './report-findings.ts';
import { bluecherryQueue } from './task-queues.ts';

/** The first proof reads all orders of the ERP, at the ERP's pace. */
const FIRST_RUN_SECONDS = 3_600;

/**
 * One proof over all purchases of the window: each is in exactly one class, and what is unaccounted is started before it
 * is told.
 */
export async function proveCompleteness({ site, intervalSeconds }: FeedInput): Promise<ProofReport> {
  const steps = feedSteps<ProofActivities>(bluecherryQueue(site), intervalSeconds, FIRST_RUN_SECONDS);
  const { report, toStart } = await steps.proveCompleteness.executeWithOptions(
    { summary: 'Hold the storefront’s purchases against the ERP’s orders and the running orders' },
    [],
  );
  setCurrentDetails(renderProof(report));
  if (toStart.length > 0)
    await steps.startUnaccounted.executeWithOptions({ summary: `Start ${toStart.length} unaccounted purchases` }, [
      { purchases: toStart },
    ]);
  await reportFindings({ site, source: 'prove-completeness', findings: report.findings });
  return report;
}
