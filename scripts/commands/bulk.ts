import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { WorkflowFailedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import Table from 'cli-table3';
import type { Command } from 'commander';

import { refuseBulk, summarizeBulk, type BulkAct, type BulkProgress } from '../../domain/act-on-orders.ts';
import { sum, toCents } from '../../domain/money.ts';
import { isProblemCode } from '../../domain/problems.ts';
import { asked } from '../../workers/asked.ts';
import type { actOnOrders } from '../../workflows/act-on-orders.ts';
import * as messages from '../../workflows/messages.ts';
import { attributes } from '../../workflows/search-attributes.ts';
import { ordersQueue } from '../../workflows/task-queues.ts';
import { listOrders, type OrderFilter, type OrderRow } from '../order-lookup.ts';
import { actor, CommandError, connect, EXIT, print, printJson, say } from '../program.ts';

/** What people type, and the order's update it is. */
const ACTS: Readonly<Record<string, BulkAct>> = {
  retry: 'retry',
  resync: 'resync',
  remap: 'remap',
  release: 'release',
  cancel: 'cancel',
  'accept-erp': 'acceptErp',
  'push-storefront': 'pushStorefront',
  close: 'close',
};

/** Acts that can be asked of many orders at once. */
export const MANY_ACTS = Object.keys(ACTS);

export interface ActOnMany {
  readonly reason?: string;
  readonly yes?: true;
  readonly json?: true;
  /** Orders a minute. */
  readonly pace: number;
  /** Minutes. */
  readonly patience: number;
}

const ORDERS_PER_HISTORY = 500;
const FAILURES_SHOWN = 100;
const FOLLOW_EVERY_MS = 1_000;
const ANSWER_WITHIN_MS = 10_000;
const NO_WORKER = 'No worker of the site answers; the bulk goes on when one runs (“instep start”).';

/** Shows what the act would touch; with `--yes` starts the bulk and follows it until it ends. */
export async function actOnMany(name: string, options: OrderFilter & ActOnMany): Promise<void> {
  const act = ACTS[name];
  const reason = options.reason?.trim() ?? '';
  if (act === undefined) throw new CommandError(`There is no act “${name}”.`, EXIT.usage);
  if (!reason) throw new CommandError(`Say why with --reason "…": it is recorded on every order.`, EXIT.usage);
  refuseNumbers(options);
  const temporal = await connect();
  try {
    const { rows, areAll } = await findOpen(temporal.client, options);
    if (rows.length === 0) {
      if (options.json) printJson({ orders: [] });
      return say('No open order matches; there is nothing to do.');
    }
    const site = onlySite(rows);
    const { attention = '' } = options;
    const because = isProblemCode(attention) ? { because: attention } : {};
    const request = { site, act, actor: actor(), reason, ...because, orders: rows.map(({ id }) => id) };
    const refusal = refuseBulk(request);
    if (refusal !== null) throw new CommandError(refusal, EXIT.findings);
    const total = toCents(sum(rows.map(({ valueAtRisk }) => String(valueAtRisk ?? 0))));
    if (!options.json) print(tableOf(rows));
    say(`${name}: ${rows.length} ${rows.length === 1 ? 'order' : 'orders'} of ${site}, ${total} at risk in all.`);
    if (!areAll) say(`More orders match; --limit ${options.limit} leaves the others out.`);
    if (!options.yes) {
      const command = commandFor(name, { ...options, site, reason });
      if (options.json) printJson({ orders: rows, valueAtRisk: total, command });
      return say(
        `Nothing was done yet. The first order goes alone, the others follow when it came out well:\n${command}`,
      );
    }
    const workflowId = `bulk:${site}:${name}:${randomUUID().slice(0, 8)}`;
    const pace = {
      ordersPerMinute: options.pace,
      patienceMs: Math.round(options.patience * 60_000),
      ordersPerHistory: ORDERS_PER_HISTORY,
    };
    await temporal.client.workflow.start<typeof actOnOrders>('actOnOrders', {
      workflowId,
      taskQueue: ordersQueue(site),
      args: [{ ...request, pace, progress: null }],
      staticSummary: `${name} · ${rows.length} orders · ${reason}`.slice(0, 200),
      typedSearchAttributes: new TypedSearchAttributes([{ key: attributes.Site, value: site }]),
    });
    const progress = await follow(temporal.client, workflowId);
    if (progress !== null) account(progress, options);
  } finally {
    await temporal.close();
  }
}

/** `bulk …`: look at what was started on many orders, or stop it. */
export function addBulkCommand(program: Command): void {
  const bulk = program.command('bulk').description('show or stop an act on many orders');
  bulk
    .command('show <id>')
    .description('how far it is, and what did not come out well')
    .option('--json', 'as JSON')
    .action(async (id: string, options: { json?: true }) => {
      const temporal = await connect();
      try {
        account(await progressOf(temporal.client, id), options);
      } finally {
        await temporal.close();
      }
    });
  bulk
    .command('stop <id>')
    .description('end it after the order in hand; the rest stays untouched')
    .action(async (id: string) => {
      const temporal = await connect();
      try {
        await temporal.client.workflow.getHandle(id).signal(messages.stop);
        say(`${id} ends after the order in hand.`);
      } catch (error) {
        if (error instanceof WorkflowNotFoundError)
          throw new CommandError(
            `No bulk “${id}” runs; “instep bulk show ${id}” tells whether it has ended.`,
            EXIT.findings,
          );
        throw error;
      } finally {
        await temporal.close();
      }
    });
}

function refuseNumbers({ limit, pace, patience }: OrderFilter & ActOnMany): void {
  if (!Number.isInteger(limit) || limit < 1)
    throw new CommandError('--limit must be a whole number above zero.', EXIT.usage);
  if (!(pace > 0 && Number.isFinite(pace)))
    throw new CommandError('--pace must be a number of orders a minute, above zero.', EXIT.usage);
  if (!(patience > 0 && Number.isFinite(patience)))
    throw new CommandError('--patience must be a number of minutes, above zero.', EXIT.usage);
}

/** Orders that have ended take no act. */
async function findOpen(
  client: Client,
  { site, attention, stage, query, limit }: OrderFilter,
): Promise<{ readonly rows: readonly OrderRow[]; readonly areAll: boolean }> {
  const open = [query && `(${query})`, "ExecutionStatus = 'Running'"].filter(Boolean).join(' AND ');
  const found = await listOrders(client, { site, attention, stage, query: open, limit: limit + 1 });
  return { rows: found.slice(0, limit), areAll: found.length <= limit };
}

function onlySite(rows: readonly OrderRow[]): string {
  const sites = [...new Set(rows.map(({ site }) => site))].toSorted();
  const [site = ''] = sites;
  if (sites.length <= 1) return site;
  throw new CommandError(
    `These orders belong to several sites: ${sites.join(', ')}. Act on one site at a time, with --site ${site}.`,
    EXIT.findings,
  );
}

function tableOf(rows: readonly OrderRow[]): string {
  const table = new Table({ head: ['order', 'stage', 'attention', 'ERP order', 'value'] });
  for (const { number, id, stage, attention, erpOrder, valueAtRisk } of rows)
    table.push([number || id, stage, attention, erpOrder, valueAtRisk === null ? '' : toCents(String(valueAtRisk))]);
  return table.toString();
}

/** The very command that does what was shown. */
function commandFor(name: string, options: OrderFilter & ActOnMany): string {
  const { site, attention, stage, query, limit, reason, pace, patience } = options;
  const values = { site, attention, stage, query, limit, pace, patience };
  const filters = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [`--${key}`, shellWord(String(value))],
  );
  return ['instep orders', ...filters, name, '--reason', shellWord(reason ?? ''), '--yes'].join(' ');
}

function shellWord(text: string): string {
  return /^[\w.:@/-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Follows the bulk until it ends, or until Ctrl-C: null. The bulk itself goes on either way. */
async function follow(client: Client, id: string): Promise<BulkProgress | null> {
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  process.once('SIGINT', leave);
  say(`${id}\nCtrl-C leaves it running. “instep bulk show ${id}” shows it, “instep bulk stop ${id}” stops it.`);
  try {
    return await client.withAbortSignal(leaving.signal, () => followToEnd(client, id));
  } catch (error) {
    if (!leaving.signal.aborted) throw error;
    say(`${id} goes on.`);
    return null;
  } finally {
    process.off('SIGINT', leave);
  }
}

async function followToEnd(client: Client, id: string): Promise<BulkProgress> {
  const over = new AbortController();
  const result = resultOf(client, id).finally(() => over.abort());
  // Awaited below; a failure meanwhile is no unhandled one.
  result.catch(() => undefined);
  let shown = '';
  while (!over.signal.aborted) {
    const line = await client
      .withAbortSignal(over.signal, () => askProgress(client, id))
      .then(summarizeBulk, () => NO_WORKER);
    if (line !== shown && !over.signal.aborted) say(line);
    shown = line;
    await pause(FOLLOW_EVERY_MS, undefined, { signal: over.signal }).catch(() => undefined);
  }
  return result;
}

async function progressOf(client: Client, id: string): Promise<BulkProgress> {
  try {
    const { status } = await client.workflow.getHandle(id).describe();
    if (status.name !== 'RUNNING') return await resultOf(client, id);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new CommandError(
      `There is no bulk “${id}”. All of them: temporal workflow list --query "WorkflowType = 'actOnOrders'"`,
      EXIT.findings,
    );
  }
  return askProgress(client, id).catch(() => {
    throw new CommandError(NO_WORKER, EXIT.unreachable);
  });
}

/** Queries are answered by a worker; without one they would wait for very long. */
function askProgress(client: Client, id: string): Promise<BulkProgress> {
  return client.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
    asked(() => client.workflow.getHandle(id).query(messages.progress)),
  );
}

async function resultOf(client: Client, id: string): Promise<BulkProgress> {
  try {
    return await client.workflow.getHandle<typeof actOnOrders>(id).result();
  } catch (error) {
    if (error instanceof WorkflowFailedError)
      throw new CommandError(`${id} did not end well: ${error.cause?.message ?? error.message}`, EXIT.findings);
    throw error;
  }
}

/** Tells people how far it is; what did not come out well makes the command end with 1. */
function account(progress: BulkProgress, { json }: { readonly json?: true }): void {
  const { actor, reason, failures } = progress;
  if (failures.length > 0) process.exitCode = EXIT.findings;
  if (json) return printJson(progress);
  say(`${summarizeBulk(progress)}\n${actor}: ${reason}`);
  if (failures.length === 0) return;
  const table = new Table({ head: ['order', 'result', ''], colWidths: [null, null, 80], wordWrap: true });
  for (const { order, result, says } of failures.slice(0, FAILURES_SHOWN)) table.push([order, result, says]);
  print(table.toString());
  if (failures.length > FAILURES_SHOWN) say(`And ${failures.length - FAILURES_SHOWN} more; --json names them all.`);
}
