import { randomUUID } from 'node:crypto';

import type { Command } from 'commander';

import { renderProof } from '../../domain/proof/render-proof.ts';
import { feedsOf, intervalOf } from '../../workers/schedules.ts';
import type { proveCompleteness } from '../../workflows/index.ts';
import { ordersQueue } from '../../workflows/task-queues.ts';
import { connect, EXIT, print, printJson } from '../program.ts';
import { loadSites } from '../sites.ts';

interface ProveOptions {
  readonly site: string;
  readonly json?: true;
}

/** `prove`: the proof of completeness, now. */
export function addProveCommand(program: Command): void {
  program
    .command('prove')
    .description('prove now that every purchase is accounted for; exit code 1 when one is not')
    .requiredOption('--site <file>', 'site file')
    .option('--json', 'as JSON')
    .action(prove);
}

async function prove({ site: file, json }: ProveOptions): Promise<void> {
  const [site] = loadSites([file]);
  const feed = site && feedsOf(site).find(({ name }) => name === 'prove-completeness');
  if (!site || !feed) return;
  const temporal = await connect();
  try {
    const report = await temporal.client.workflow.execute<typeof proveCompleteness>('proveCompleteness', {
      workflowId: `prove-completeness:${site.name}:by-hand-${randomUUID()}`,
      taskQueue: ordersQueue(site.name),
      args: [{ site: site.name, intervalSeconds: intervalOf(feed.timing), override: null }],
      staticSummary: `${feed.note}; by hand`,
    });
    if (json) printJson(report);
    else print(renderProof(report));
    if (report.unaccounted > 0) process.exitCode = EXIT.findings;
  } finally {
    await temporal.close();
  }
}
