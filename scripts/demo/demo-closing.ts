import { join } from 'node:path';

import type { Client } from '@temporalio/client';

import type { Site } from '../../config/site.ts';
import type { ProofReport } from '../../domain/proof/report-proof.ts';
import { feedsOf, intervalOf, type FeedName } from '../../workers/schedules.ts';
import type { FeedInput } from '../../workflows/feed-steps.ts';
import type { auditSite, proveCompleteness, reportExceptions } from '../../workflows/index.ts';
import { ordersQueue } from '../../workflows/task-queues.ts';
import { writeHandover } from '../write-handover.ts';

/** A paper for people, and where it is. */
export interface DemoPaper {
  readonly name: string;
  readonly says: string;
  readonly file: string;
}

/** The proof of completeness at the end: every purchase is in exactly one class, by readers of its own. */
export async function proveAtTheEnd(client: Client, site: Site): Promise<ProofReport> {
  return client.workflow.execute<typeof proveCompleteness>('proveCompleteness', atTheEnd(site, 'prove-completeness'));
}

/** What finance, a discovery and a new team read: they stay when the demonstration is over. */
export async function writePapers(client: Client, site: Site): Promise<readonly DemoPaper[]> {
  const exceptions = await client.workflow.execute<typeof reportExceptions>(
    'reportExceptions',
    atTheEnd(site, 'report-exceptions'),
  );
  const audit = await client.workflow.execute<typeof auditSite>('auditSite', atTheEnd(site, 'audit-site'));
  const handover = await writeHandover(site, join(site.reports.folder, site.name), new Date());
  return [
    { name: 'exception report', says: exceptions.headline, file: pageOf(exceptions.files) },
    { name: 'audit', says: `${audit.findings.length} gaps`, file: pageOf(audit.files) },
    { name: 'handover manual', says: 'a chapter for each team', file: handover },
  ];
}

function atTheEnd(site: Site, name: FeedName) {
  const feed = feedsOf(site).find((each) => each.name === name);
  const args: [FeedInput] = [{ site: site.name, intervalSeconds: feed ? intervalOf(feed.timing) : 60, override: null }];
  return {
    workflowId: `${name}:${site.name}:at-the-end`,
    taskQueue: ordersQueue(site.name),
    args,
    staticSummary: `${feed?.note ?? name}; at the end`,
  };
}

function pageOf(files: readonly string[]): string {
  return files.find((file) => file.endsWith('.html')) ?? '';
}
