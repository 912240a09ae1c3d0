import { randomUUID } from 'node:crypto';

import { Client, Connection } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import { attributes } from '../../workflows/search-attributes.ts';
import { ordersQueue, orderWorkflowId } from '../../workflows/task-queues.ts';
import { runCli, type CliRun } from '../support/cli.ts';

const SITES = ['a', 'b'].map((letter) => `${letter}${randomUUID().slice(0, 8)}`);
const [site = '', other = ''] = SITES;

let connection: Connection;
let client: Client;

const instep = (...args: readonly string[]) => runCli(inject('temporal').address, ...args).ended;

/** Orders as visibility shows them; no worker runs them. */
async function parkedOrder(of: string, number: string, valueAtRisk: number): Promise<void> {
  await client.workflow.start('orderLifecycle', {
    workflowId: orderWorkflowId(of, number),
    taskQueue: ordersQueue(of),
    typedSearchAttributes: new TypedSearchAttributes([
      { key: attributes.Site, value: of },
      { key: attributes.Stage, value: 'parked' },
      { key: attributes.Attention, value: 'SKU_UNKNOWN' },
      { key: attributes.OrderNumber, value: number },
      { key: attributes.ValueAtRisk, value: valueAtRisk },
    ]),
  });
}

beforeAll(async () => {
  const { address, namespace } = inject('temporal');
  connection = await Connection.connect({ address });
  client = new Client({ connection, namespace });
  await parkedOrder(site, 'B2B1', 100.1);
  await parkedOrder(site, 'B2B2', 200.2);
  await parkedOrder(site, 'B2B3', 300.3);
  await parkedOrder(other, 'B2B4', 1);
  await client.workflow.getHandle(orderWorkflowId(site, 'B2B3')).terminate('it has ended');
  const query = `Site IN ('${site}', '${other}') AND ExecutionStatus = 'Running'`;
  for (let round = 0; round < 200 && (await client.workflow.count(query)).count !== 3; round++)
    await new Promise((resolve) => setTimeout(resolve, 50));
});
afterAll(async () => {
  const query = `Site IN ('${site}', '${other}') AND ExecutionStatus = 'Running'`;
  for await (const { workflowId } of client.workflow.list({ query }))
    await client.workflow.getHandle(workflowId).terminate('the test is over');
  await connection.close();
});

describe('an act on many orders', () => {
  test('is shown first: each open order, how much is at risk, and the very command that does it', async () => {
    const filter = ['--site', site, '--attention', 'SKU_UNKNOWN'];
    const { code, out, err } = await instep('orders', ...filter, 'retry', '--reason', "the SKU's there now");
    expect(code).toBe(0);
    expect(out).toMatch(/B2B2[^\n]*parked[^\n]*SKU_UNKNOWN[^\n]*200\.20/);
    expect(out).toMatch(/B2B1[^\n]*100\.10/);
    expect(out).not.toContain('B2B3');
    expect(err).toContain(`retry: 2 orders of ${site}, 300.30 at risk in all.`);
    expect(err).toContain(
      `instep orders --site ${site} --attention SKU_UNKNOWN --limit 100 --pace 60 --patience 10 retry --reason 'the SKU'\\''s there now' --yes`,
    );
    expect((await client.workflow.count(`WorkflowType = 'actOnOrders' AND Site = '${site}'`)).count).toBe(0);
  });

  test('is shown as JSON', async () => {
    const { out } = await instep('orders', '--site', site, 'accept-erp', '--reason', 'agreed', '--json');
    expect(JSON.parse(out)).toMatchObject({
      orders: [{ number: 'B2B2' }, { number: 'B2B1' }],
      valueAtRisk: '300.30',
      command: expect.stringMatching(/accept-erp --reason agreed --yes$/),
    });
  });

  test('says when the limit leaves orders out', async () => {
    const { err } = await instep('orders', '--site', site, '--limit', '1', 'retry', '--reason', 'one');
    expect(err).toMatch(/retry: 1 order of [\s\S]*More orders match/);
  });

  test('is for one site: several are named', async () => {
    const query = `Site IN ('${site}', '${other}')`;
    const { code, err } = await instep('orders', '--query', query, 'retry', '--reason', 'both', '--yes');
    expect(code).toBe(1);
    expect(err).toContain(`${site}, ${other}`);
    expect(err).toContain(`--site ${site}`);
  });

  test('finds nothing to do where no open order matches', async () => {
    const { code, err } = await instep(
      'orders',
      '--site',
      site,
      '--stage',
      'shipped',
      'retry',
      '--reason',
      'x',
      '--yes',
    );
    expect(code).toBe(0);
    expect(err).toContain('nothing to do');
  });

  test.each([
    ['without a reason', ['retry'], /--reason/],
    ['with a blank reason', ['retry', '--reason', ' '], /--reason/],
    ['that is none', ['explode', '--reason', 'x'], /Allowed choices are retry, resync/],
    ['with no number of orders', ['retry', '--reason', 'x', '--limit', 'all'], /--limit/],
    ['with no pace', ['retry', '--reason', 'x', '--pace', '0'], /--pace/],
    ['with no patience', ['retry', '--reason', 'x', '--patience', 'long'], /--patience/],
  ])('%s is wrong usage', async (_name, args, words) => {
    const { code, err } = await instep('orders', '--site', site, ...args, '--yes');
    expect(code).toBe(2);
    expect(err).toMatch(words);
  });
});

describe('a bulk that runs', () => {
  test('goes on after Ctrl-C, and ends when it is told to', async () => {
    const { run, id } = await startsBulk();
    expect(id).toMatch(new RegExp(`^bulk:${site}:close:`));
    run.interrupt();
    expect(await run.ended).toMatchObject({ code: 0, err: expect.stringContaining(`${id} goes on.`) });
    const handle = client.workflow.getHandle(id);
    const { typedSearchAttributes, status } = await handle.describe();
    expect(status.name).toBe('RUNNING');
    expect(typedSearchAttributes.get(attributes.Site)).toBe(site);
    expect(await instep('bulk', 'stop', id)).toMatchObject({ code: 0, err: `${id} ends after the order in hand.\n` });
    const { events } = await handle.fetchHistory();
    expect(events?.map(({ workflowExecutionSignaledEventAttributes: signal }) => signal?.signalName)).toContain('stop');
  });

  test('and did not end well says so to the one who follows it', async () => {
    const { run, id } = await startsBulk();
    await client.workflow.getHandle(id).terminate('by hand');
    const { code, err } = await run.ended;
    expect(code).toBe(1);
    expect(err).toContain(`${id} did not end well`);
    expect((await instep('bulk', 'stop', id)).code).toBe(1);
  });

  test('is not known by a wrong id', async () => {
    for (const command of ['show', 'stop']) {
      const { code, err } = await instep('bulk', command, 'bulk:nowhere:retry:1');
      expect(code).toBe(1);
      expect(err).toContain('bulk:nowhere:retry:1');
    }
  });
});

async function startsBulk(): Promise<{ run: CliRun; id: string }> {
  const run = runCli(inject('temporal').address, 'orders', '--site', site, 'close', '--reason', 'all of it', '--yes');
  for (let round = 0; round < 500; round++) {
    const id = /bulk:\S+/.exec(run.told())?.[0];
    if (id !== undefined) return { run, id };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`no bulk was started: ${run.told()}`);
}
