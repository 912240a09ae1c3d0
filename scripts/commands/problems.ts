import Table from 'cli-table3';
import type { Command } from 'commander';

import { isProblemCode, problemKind } from '../../domain/problems.ts';
import { listOrders } from '../order-lookup.ts';
import { connect, EXIT, print, printJson, say } from '../program.ts';

/** An order that has got no further than this by now hangs, whatever its steps say. */
const SLOW_MS = 15 * 60_000;
const MOST = 10_000;

/** `problems`: what waits for somebody, by cause. Until cases are workflows, this list is the cases (decision 44). */
export function addProblemsCommand(program: Command): void {
  program
    .command('problems')
    .description('what waits for somebody: orders by cause, slow orders, feeds that failed or are paused')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: true }) => {
      const temporal = await connect();
      try {
        const { client } = temporal;
        const orders = await listOrders(client, {
          attention: 'any',
          query: "ExecutionStatus = 'Running'",
          limit: MOST,
        });
        const causes = [...Map.groupBy(orders, ({ attention }) => attention)].map(([code, rows]) => {
          const kind = isProblemCode(code) ? problemKind(code) : null;
          const value = rows.reduce((sum, { valueAtRisk }) => sum + (valueAtRisk ?? 0), 0);
          return {
            code,
            owner: kind?.owner ?? '',
            mend: kind?.mend ?? '',
            orders: rows.map(({ id, number }) => number || id),
            value: value.toFixed(2),
          };
        });
        const before = new Date(Date.now() - SLOW_MS).toISOString();
        const slow = await listOrders(client, {
          query: `ExecutionStatus = 'Running' AND Attention = 'none' AND Stage IN ('received', 'submitted') AND StartTime < '${before}'`,
          limit: MOST,
        });
        const feeds = [];
        for await (const { scheduleId, state, info } of client.schedule.list()) {
          const run = info?.recentActions?.at(-1)?.action.workflow;
          const status = run
            ? (await client.workflow.getHandle(run.workflowId, run.firstExecutionRunId).describe()).status.name
            : '';
          const why =
            status === 'FAILED' && run
              ? await failureOf(client.workflow.getHandle(run.workflowId, run.firstExecutionRunId).result())
              : '';
          if (state?.paused || status === 'FAILED' || status === 'TIMED_OUT')
            feeds.push({
              id: scheduleId,
              state: state?.paused ? 'paused' : status.toLowerCase(),
              why: state?.paused ? (state.note ?? '') : why,
            });
        }
        const isFine = causes.length + slow.length + feeds.length === 0;
        process.exitCode = isFine ? EXIT.fine : EXIT.findings;
        if (json) return printJson({ causes, slow: slow.map(({ id }) => id), feeds });
        if (isFine) return say('Nothing waits for anybody.');
        const table = new Table({
          head: ['problem', 'owner', 'orders', 'value', 'to do'],
          colWidths: [26, 13, 10, 12, 70],
          wordWrap: true,
        });
        for (const { code, owner, orders: concerned, value, mend } of causes)
          table.push([code, owner, `${concerned.length}: ${concerned.slice(0, 3).join(' ')}`, value, mend]);
        if (slow.length > 0)
          table.push([
            'SLOW',
            'integration',
            `${slow.length}: ${slow[0]?.number ?? ''}`,
            '',
            'No further after 15 minutes: see the pending step in the Temporal UI.',
          ]);
        for (const { id, state, why } of feeds) table.push(['FEED', 'integration', id, state, why]);
        print(table.toString());
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
