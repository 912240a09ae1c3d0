import Table from 'cli-table3';
import type { Command } from 'commander';

import { describeScheduledRun } from '../../workers/schedule-run.ts';
import { listCases } from '../case-lookup.ts';
import { listOrders } from '../order-lookup.ts';
import { connect, EXIT, print, printJson, say } from '../program.ts';
import { casesTable } from './cases.ts';

/** An order that has got no further than this by now hangs, whatever its steps say. */
const SLOW_MS = 15 * 60_000;
const MOST = 10_000;
const MOST_CASES = 500;

/** `problems`: what waits for somebody: open cases, orders that hang, feeds that failed or are paused. */
export function addProblemsCommand(program: Command): void {
  program
    .command('problems')
    .description('what waits for somebody: open cases, slow orders, feeds that failed or are paused')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: true }) => {
      const temporal = await connect();
      try {
        const { client } = temporal;
        const cases = await listCases(client, {
          query: "ExecutionStatus = 'Running' AND Stage != 'resolved'",
          limit: MOST_CASES,
        });
        const before = new Date(Date.now() - SLOW_MS).toISOString();
        const slow = await listOrders(client, {
          query: `ExecutionStatus = 'Running' AND Attention = 'none' AND Stage IN ('received', 'submitted') AND StartTime < '${before}'`,
          limit: MOST,
        });
        const feeds = [];
        for await (const { scheduleId, state, info } of client.schedule.list()) {
          const last = info?.recentActions?.at(-1)?.action.workflow;
          const run = last ? await describeScheduledRun(client, last) : null;
          const status = run?.status.name ?? '';
          const why = run && status === 'FAILED' ? await failureOf(run.handle.result()) : '';
          if (state?.paused || status === 'FAILED' || status === 'TIMED_OUT')
            feeds.push({
              id: scheduleId,
              state: state?.paused ? 'paused' : status.toLowerCase(),
              why: state?.paused ? (state.note ?? '') : why,
            });
        }
        const isFine = cases.length + slow.length + feeds.length === 0;
        process.exitCode = isFine ? EXIT.fine : EXIT.findings;
        if (json) return printJson({ cases, slow: slow.map(({ id }) => id), feeds });
        if (isFine) return say('Nothing waits for anybody.');
        if (cases.length > 0) print(casesTable(cases));
        const table = new Table({ head: ['', 'what', 'state', 'to do'], colWidths: [8, 40, 12, 70], wordWrap: true });
        if (slow.length > 0)
          table.push([
            'SLOW',
            `${slow.length}: ${slow[0]?.number ?? ''}`,
            '',
            'No further after 15 minutes: see the pending step in the Temporal UI.',
          ]);
        for (const { id, state, why } of feeds) table.push(['FEED', id, state, why]);
        if (slow.length + feeds.length > 0) print(table.toString());
      } finally {
        await temporal.close();
      }
    });
}

async function failureOf(result: Promise<unknown>): Promise<string> {
  try {
    await result;
    return '';
  } catch (error) {
    let innermost: unknown = error;
    while (innermost instanceof Error && innermost.cause instanceof Error) innermost = innermost.cause;
    return innermost instanceof Error ? innermost.message : String(innermost);
  }
}
