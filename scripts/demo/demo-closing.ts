import { join } from 'node:path';

import type { Client } from '@temporalio/client';

import type { Site } from '../../config/site.ts';
import type { ProofReport } from '../../domain/proof/report-proof.ts';
import type { auditSite, proveCompleteness, reportExceptions } from '../../workflows/index.ts';
import { runFeedNow } from '../run-feed.ts';
import { writeHandover } from '../write-handover.ts';

/** A paper for people, and where it is. */
export interface DemoPaper {
  readonly name: string;
  readonly says: string;
  readonly file: string;
}

/** The proof of completeness at the end: every purchase is in exactly one class, by readers of its own. */
export async function proveAtTheEnd(client: Client, site: Site): Promise<ProofReport> {
  return runFeedNow<typeof proveCompleteness>(client, site, 'prove-completeness');
}

/** What finance, a discovery and a new team read: they stay when the demonstration is over. */
export async function writePapers(client: Client, site: Site): Promise<readonly DemoPaper[]> {
  const exceptions = await runFeedNow<typeof reportExceptions>(client, site, 'report-exceptions');
  const audit = await runFeedNow<typeof auditSite>(client, site, 'audit-site');
  const handover = await writeHandover(site, join(site.reports.folder, site.name), new Date());
  return [
    { name: 'exception report', says: exceptions.headline, file: pageOf(exceptions.files) },
    { name: 'audit', says: audit.headline, file: pageOf(audit.files) },
    { name: 'handover manual', says: 'a chapter for each team', file: handover },
  ];
}

function pageOf(files: readonly string[]): string {
  return files.find((file) => file.endsWith('.html')) ?? '';
}
