import { join } from 'node:path';

import type { Command } from 'commander';

import { runAudit } from '../../activities/audit-site.ts';
import { dayFolder, reportsFolderOf } from '../../activities/report-folders.ts';
import { writeAudit } from '../../activities/write-audit.ts';
import type { Site } from '../../config/site.ts';
import { createBlueCherry } from '../../connectors/bluecherry/bluecherry.ts';
import { createSparkLayer } from '../../connectors/sparklayer/sparklayer.ts';
import type { Audit } from '../../domain/audit/audit-site.ts';
import { headlineOfAudit } from '../../domain/audit/render-audit.ts';
import { worthInWords } from '../../domain/audit/audit-words.ts';
import { createLog } from '../../workers/log.ts';
import { schedulesInUse } from '../../workers/schedules.ts';
import { dataFolder, EXIT, print, printJson, say } from '../program.ts';
import { loadSites, sitesOption } from '../sites.ts';

interface AuditOptions {
  readonly site: readonly string[];
  readonly out?: string;
  readonly json?: true;
}

/** A first reading of everything, at the ERP's pace. */
const PATIENCE_MS = 3_600_000;
const NAMED = 5;

/** `audit`: what a site lacks and what it would have cost. Reads both systems itself; nothing of Instep needs to run. */
export function addAuditCommand(program: Command): void {
  program
    .command('audit')
    .description(
      'list what either side lacks, before an order meets it, and what it would have cost; exit code 1 for gaps',
    )
    .addOption(sitesOption())
    .option('--out <folder>', 'where audit.html and audit.json go (default: the reports of the site, by date)')
    .option('--json', 'as JSON')
    .action(audit);
}

async function audit({ site: files, out, json }: AuditOptions): Promise<void> {
  const sites = loadSites(files);
  const audits: Audit[] = [];
  for (const site of sites) {
    const found = await auditOf(site);
    const { zone } = site.schedules;
    const written = await writeAudit(found, folderOf(site, found.at), zone);
    audits.push(found);
    if (!json) show(found);
    say(`The whole of it: ${written.join(', ')}`);
  }
  if (json) printJson(audits.length === 1 ? audits[0] : audits);
  if (audits.some(({ gaps }) => gaps.length > 0)) process.exitCode = EXIT.findings;

  /** Several sites never write over each other. */
  function folderOf(site: Site, at: string): string {
    if (out === undefined) return dayFolder(reportsFolderOf(site, dataFolder()), at, site.schedules.zone);
    return sites.length > 1 ? join(out, site.name) : out;
  }
}

/** With a cache of its own: a running site has its hands on the other. */
async function auditOf(site: Site): Promise<Audit> {
  const log = createLog('error');
  const clock = () => new Date();
  const sparklayer = createSparkLayer(site.storefront, { clock, log });
  const bluecherry = createBlueCherry({ ...site.erp, cacheDir: null }, { clock, log });
  const call = { signal: AbortSignal.timeout(PATIENCE_MS), deadline: Date.now() + PATIENCE_MS };
  try {
    return await runAudit(
      { site, sparklayer, bluecherry, schedules: schedulesInUse(site), proof: nobodyProved, clock },
      call,
    );
  } finally {
    await Promise.all([sparklayer.close(), bluecherry.close()]);
  }
}

/** A site that runs knows of its proofs; this asks nothing of it. */
function nobodyProved(): Promise<null> {
  return Promise.resolve(null);
}

function show(found: Audit): void {
  const { site, days, sold, stopped, gaps, notLookedAt } = found;
  print(`${site}: ${headlineOfAudit(found)}.`);
  print(`Of the last ${days} days: ${worthInWords(sold)}; stopped would have been ${worthInWords(stopped)}.`);
  for (const { code, owner, says, mend, concerns, count, cost } of gaps) {
    print(`\n${code} (${owner}) · ${worthInWords(cost)}\n    ${says}`);
    if (count > 1) print(`    ${concerns.slice(0, NAMED).join(', ')}${count > NAMED ? `, … (${count})` : ''}`);
    print(`    → ${mend}`);
  }
  if (notLookedAt.length > 0) print(`\nNot looked at:\n${notLookedAt.map((each) => `    ${each}`).join('\n')}`);
}
