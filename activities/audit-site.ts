import { reportAudit, type AuditedFeed } from '../domain/audit/audit-findings.ts';
import { auditSite, type Audit } from '../domain/audit/audit-site.ts';
import { headlineOfAudit } from '../domain/audit/render-audit.ts';
import type { FeedReport } from '../domain/findings.ts';
import type { Site } from '../config/site.ts';
import { withCalls, type Call } from './calls.ts';
import { toFeedFailure, translating } from './failures.ts';
import { readAuditFacts, type AuditDependencies } from './read-audit-facts.ts';
import { dayFolder } from './report-folders.ts';
import { writeAudit } from './write-audit.ts';

export interface AuditSiteDependencies extends AuditDependencies {
  /** Reports of the site, a folder for each day. */
  readonly reportsFolder: string;
}

/** An audit's report, and where its files are. */
export interface AuditReport extends FeedReport {
  readonly headline: string;
  /** Files of the worker's own machine. */
  readonly files: readonly string[];
}

export type AuditSiteActivities = ReturnType<typeof createAuditSiteActivities>;

/** Everything that a site lacks, before an order meets it. */
export function createAuditSiteActivities(dependencies: AuditSiteDependencies) {
  return {
    /** Only reads both systems; writes its own files. Safe to repeat: the day's files are written anew. */
    async auditSite(): Promise<AuditReport> {
      return translating(toFeedFailure, () =>
        withCalls(async (call) => {
          const { site, reportsFolder } = dependencies;
          const { zone } = site.schedules;
          const audit = await runAudit(dependencies, call);
          const files = await writeAudit(audit, dayFolder(reportsFolder, audit.at, zone), zone);
          return { headline: headlineOfAudit(audit), ...reportAudit(audit, runningFeeds(site)), files };
        }),
      );
    },
  };
}

/** One audit, by whoever asks for it. */
export async function runAudit(dependencies: AuditDependencies, call: Call): Promise<Audit> {
  return auditSite(await readAuditFacts(dependencies, call));
}

/** Feeds that tell of some of the gaps themselves. */
export function runningFeeds({ catalogue, customers, pricing, stock }: Site): readonly AuditedFeed[] {
  return [
    ...(catalogue.mode === 'off' ? [] : (['products'] as const)),
    ...(customers.mode === 'off' ? [] : (['customers'] as const)),
    ...(pricing.mode === 'off' ? [] : (['prices'] as const)),
    ...(stock.writes === 'off' ? [] : (['stock'] as const)),
  ];
}
