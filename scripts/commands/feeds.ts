import { Option, type Command } from 'commander';

import { isProblemCode, type ProblemCode } from '../../domain/problems.ts';
import type { FeedReport } from '../../domain/findings.ts';
import { FEED_NAMES, feedsOf, type FeedName } from '../../workers/schedules.ts';
import type { loadSite } from '../../workflows/index.ts';
import type { FeedInput } from '../../workflows/feed-steps.ts';
import { ordersQueue } from '../../workflows/task-queues.ts';
import { actor, CommandError, connect, EXIT, print, printJson, say } from '../program.ts';
import { runFeedNow } from '../run-feed.ts';
import { loadSites } from '../sites.ts';

interface RunOptions {
  readonly site: string;
  readonly letPass?: string;
  readonly reason?: string;
  readonly json?: true;
}

/** A first full read at the ERP's pace may take hours; the schedule's own runs have their own limit. */
const LONGEST_LOAD_SECONDS = 6 * 3600;

/** `feeds …`: run one now, let a guard pass for one run, or load a site for the first time. */
export function addFeedCommands(program: Command): void {
  const feeds = program.command('feeds').description('run a feed by hand, or load a site for the first time');
  feeds
    .command('run <feed>')
    .description(`run one feed now and show its figures; one of ${FEED_NAMES.join(', ')}`)
    .requiredOption('--site <file>', 'site file')
    .option('--let-pass <problem>', 'let this guard pass in this one run, e.g. STOCK_SHRUNKEN')
    .addOption(new Option('--reason <text>', 'why; it is in the run’s input'))
    .option('--json', 'as JSON')
    .action(async (name: string, options: RunOptions) => {
      const feed = FEED_NAMES.find((each) => each === name);
      if (!feed) throw new CommandError(`There is no feed ${name}. Feeds: ${FEED_NAMES.join(', ')}.`, EXIT.usage);
      await runFeed(feed, options);
    });
  feeds
    .command('load')
    .description('first load: products, price lists and prices, stock, customers, in this order')
    .requiredOption('--site <file>', 'site file')
    .option('--json', 'as JSON')
    .action(load);
}

async function runFeed(name: FeedName, { site: file, letPass, reason, json }: RunOptions): Promise<void> {
  const [site] = loadSites([file]);
  if (!site) return;
  const guard = letPass === undefined ? null : guardOf(letPass);
  if (guard !== null && !reason?.trim())
    throw new CommandError('To let a guard pass say why: --reason "…".', EXIT.usage);
  const override = guard === null ? null : { guard, actor: actor(), reason: reason?.trim() ?? '' };
  const temporal = await connect();
  try {
    const report = await runFeedNow<(input: FeedInput) => Promise<FeedReport>>(temporal.client, site, name, override);
    if (json) return printJson(report);
    showReport(report);
  } finally {
    await temporal.close();
  }
}

async function load({ site: file, json }: { readonly site: string; readonly json?: true }): Promise<void> {
  const [site] = loadSites([file]);
  if (!site) return;
  const on = feedsOf(site).filter(({ isOn }) => isOn);
  const temporal = await connect();
  try {
    const handle = await temporal.client.workflow.start<typeof loadSite>('loadSite', {
      workflowId: `load:${site.name}`,
      taskQueue: ordersQueue(site.name),
      args: [
        {
          site: site.name,
          feeds: on.map(({ workflowType }) => workflowType),
          longestSeconds: LONGEST_LOAD_SECONDS,
        },
      ],
      staticSummary: 'First load',
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    say(`The load goes on in Temporal as ${handle.workflowId}; its page shows how far it is.`);
    const report = await handle.result();
    if (json) return printJson(report);
    for (const [step, each] of Object.entries(report)) {
      print(step);
      showReport(each);
    }
  } finally {
    await temporal.close();
  }
}

function showReport({ stats, findings }: FeedReport): void {
  for (const [name, value] of Object.entries(stats)) print(`  ${name}: ${value}`);
  for (const { code, count, says, concerns } of findings)
    print(`  ${code} (${count}): ${says} ${concerns.slice(0, 10).join(', ')}`);
  if (findings.length > 0) process.exitCode = EXIT.findings;
}

function guardOf(text: string): ProblemCode {
  if (isProblemCode(text)) return text;
  throw new CommandError(`There is no problem ${text}; see docs/problems.md.`, EXIT.usage);
}
