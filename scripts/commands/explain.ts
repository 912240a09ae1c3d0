import { randomUUID } from 'node:crypto';

import type { Command } from 'commander';

import { renderExplanation } from '../../domain/stock/explain-stock.ts';
import type { explainStock } from '../../workflows/index.ts';
import { ordersQueue } from '../../workflows/task-queues.ts';
import { CommandError, connect, EXIT, print, printJson } from '../program.ts';
import { loadSites } from '../sites.ts';

interface ExplainOptions {
  readonly site: string;
  readonly location?: string;
  readonly json?: true;
}

/** `explain stock`: why a published figure is what it is. */
export function addExplainCommands(program: Command): void {
  const explain = program.command('explain').description('explain a figure that Instep publishes');
  explain
    .command('stock <sku>')
    .description('bucket by bucket: rule, snapshot, buffer, unseen orders, what is ignored, what was sent')
    .requiredOption('--site <file>', 'site file')
    .option('--location <external id>', 'only this stock location of the storefront')
    .option('--json', 'as JSON')
    .action(explainOne);
}

async function explainOne(sku: string, { site: file, location, json }: ExplainOptions): Promise<void> {
  const [site] = loadSites([file]);
  if (!site) return;
  const fed = site.stock.feeds.map((feed) => feed.location);
  if (location !== undefined && !fed.includes(location))
    throw new CommandError(`No warehouse feeds the location ${location}. Locations: ${fed.join(', ')}.`, EXIT.usage);
  const temporal = await connect();
  try {
    const explanations = await temporal.client.workflow.execute<typeof explainStock>('explainStock', {
      workflowId: `explain-stock:${site.name}:${randomUUID()}`,
      taskQueue: ordersQueue(site.name),
      args: [{ site: site.name, sku, location: location ?? null }],
      staticSummary: `Stock of ${sku}`,
    });
    if (explanations.length === 0)
      throw new CommandError(`The storefront does not sell ${sku}, or no item of the ERP is called so.`, EXIT.findings);
    if (json) return printJson(explanations);
    print(explanations.flatMap((each) => [...renderExplanation(each), '']).join('\n'));
  } finally {
    await temporal.close();
  }
}
