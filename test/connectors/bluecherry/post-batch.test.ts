import { afterEach, expect, test } from 'vitest';

import type { PostOutcome } from '../../../domain/sales-order.ts';
import { flat, startScriptedErp, type Received, type Reply, type Script, type ScriptedErp } from './scripted-erp.ts';
import { aCall, aLogRow, aPreparedOrder, connect } from './support.ts';

let erp: ScriptedErp | undefined;

afterEach(async () => {
  await erp?.close();
  erp = undefined;
});

async function against(script: Script, settings: Parameters<typeof connect>[1] = {}) {
  const server = await startScriptedErp(script);
  erp = server;
  return { server, bluecherry: connect(server.url, { batchWaitMs: 20, ...settings }) };
}

const taking: Script = ({ body }, number) => ({ body: { pkey: 55_000 + number, count: elements(body).length } });

const order = (reference: string) => aPreparedOrder({ reference });

function elements(body: unknown): readonly { ext_ref: string; isa_num: string }[] {
  return Array.isArray(body) ? body : [];
}

const references = ({ body }: Received) => elements(body).map(({ ext_ref }) => ext_ref);

function controlled() {
  const gate = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  const told: PostOutcome[] = [];
  return {
    gate,
    entered: entered.promise,
    told,
    watch: {
      before: () => {
        entered.resolve();
        return gate.promise;
      },
      after: async (outcome: PostOutcome) => void told.push(outcome),
    },
  };
}

test('orders that wait together leave as one array, each with its own row', async () => {
  const { server, bluecherry } = await against(taking);
  const outcomes = await Promise.all([
    bluecherry.postSalesOrder(order('A'), '000000001', aCall()),
    bluecherry.replaceSalesOrder('104512', order('B'), '000000002', aCall()),
    bluecherry.postSalesOrder(order('C'), '000000003', aCall()),
  ]);
  expect(server.received).toHaveLength(1);
  expect(outcomes).toEqual([1, 2, 3].map((row) => ({ kind: 'staged', transaction: '55001', row })));
  expect(server.received[0]?.body).toMatchObject([
    { ext_ref: 'A', trans_type: 'N' },
    { ext_ref: 'B', trans_type: 'R', ord_num: '104512' },
    { ext_ref: 'C', trans_type: 'N' },
  ]);
});

test('an array holds no more than the installation takes; the rest follows', async () => {
  const { server, bluecherry } = await against(taking, { batchMax: 2 });
  const outcomes = await Promise.all(
    ['A', 'B', 'C', 'D', 'E'].map((name, index) => bluecherry.postSalesOrder(order(name), `00000000${index}`, aCall())),
  );
  expect(server.received.map((request) => references(request).length).toSorted((a, b) => a - b)).toEqual([1, 2, 2]);
  expect(outcomes.every(({ kind }) => kind === 'staged')).toBe(true);
});

test('while a call holds the only place, orders gather behind it', async () => {
  const first = Promise.withResolvers<Reply>();
  const { server, bluecherry } = await against(
    ({ method }) => (method === 'GET' ? first.promise : { body: { pkey: 1 } }),
    {
      limits: { concurrent: 1, burstPerSecond: 50, perMinute: null },
      timeouts: { requestMs: 5_000, writeMs: 500 },
    },
  );
  const reading = bluecherry.listTerms(aCall());
  await expect.poll(() => server.received.length).toBe(1);
  const posts = ['A', 'B', 'C'].map((name, index) =>
    bluecherry.postSalesOrder(order(name), `00000000${index}`, aCall()),
  );
  await new Promise((resolve) => setTimeout(resolve, 60));
  first.resolve(flat());
  await Promise.all([reading, ...posts]);
  expect(server.received.filter(({ method }) => method === 'POST').map(references)).toEqual([['A', 'B', 'C']]);
});

test('a result is believed only for the reference it shows', async () => {
  const row = (row_seq: number, ext_ref: string) =>
    aLogRow({ pkey: 7, row_seq, ext_ref, isa_num: '', status: 'S', ord_num: String(row_seq) });
  const { bluecherry } = await against(() => ({
    body: { pkey: 7, count: 3, data: [row(3, 'C'), row(1, 'B'), row(2, 'A')] },
  }));
  const outcomes = await Promise.all(
    ['A', 'B', 'C'].map((name, index) => bluecherry.postSalesOrder(order(name), `00000000${index}`, aCall())),
  );
  expect(outcomes.map(({ kind }) => kind)).toEqual(['unknown', 'unknown', 'decided']);
});

test('an answer that never comes leaves all of them unknown', async () => {
  const { bluecherry } = await against(() => ({ instead: 'drop' }));
  const outcomes = await Promise.all(
    ['A', 'B'].map((name, index) => bluecherry.postSalesOrder(order(name), `00000000${index}`, aCall())),
  );
  expect(outcomes.map(({ kind }) => kind)).toEqual(['unknown', 'unknown']);
});

test('an order whose journal cannot be written stays out; the others leave', async () => {
  const { server, bluecherry } = await against(taking);
  const full = new Error('disk full');
  const told: PostOutcome[] = [];
  const broken = bluecherry.postSalesOrder(order('A'), '000000001', aCall(), {
    before: () => Promise.reject(full),
    after: async (outcome) => void told.push(outcome),
  });
  const fine = bluecherry.postSalesOrder(order('B'), '000000002', aCall());
  await expect(broken).rejects.toBe(full);
  expect(await fine).toMatchObject({ kind: 'staged', row: 1 });
  expect(server.received.map(references)).toEqual([['B']]);
  expect(told).toEqual([]);
});

test('every member’s journal is written before the array leaves', async () => {
  const { server, bluecherry } = await against(taking);
  const one = controlled();
  const post = bluecherry.postSalesOrder(order('A'), '000000001', aCall(), one.watch);
  await one.entered;
  expect(server.received).toHaveLength(0);
  one.gate.resolve();
  expect(await post).toMatchObject({ kind: 'staged' });
  expect(one.told).toMatchObject([{ kind: 'staged' }]);
});

test('who goes before the array leaves is withdrawn, also while its journal is being written', async () => {
  const { server, bluecherry } = await against(taking);
  const early = new AbortController();
  const late = new AbortController();
  const slow = controlled();
  const gone = bluecherry.postSalesOrder(order('A'), '000000001', aCall({ signal: early.signal }));
  const leaving = bluecherry.postSalesOrder(order('B'), '000000002', aCall({ signal: late.signal }), slow.watch);
  const stays = bluecherry.postSalesOrder(order('C'), '000000003', aCall());
  early.abort(new Error('early'));
  await expect(gone).rejects.toThrow('early');
  await slow.entered;
  late.abort(new Error('late'));
  slow.gate.resolve();
  await expect(leaving).rejects.toThrow('late');
  expect(slow.told).toMatchObject([{ kind: 'notTaken' }]);
  expect(await stays).toMatchObject({ kind: 'staged', row: 1 });
  expect(server.received.map(references)).toEqual([['C']]);
});

test('after it has left nothing is withdrawn: the caller that went is told the outcome', async () => {
  const answer = Promise.withResolvers<Reply>();
  const { server, bluecherry } = await against(() => answer.promise);
  const abort = new AbortController();
  const post = bluecherry.postSalesOrder(order('A'), '000000001', aCall({ signal: abort.signal }));
  await expect.poll(() => server.received.length).toBe(1);
  abort.abort(new Error('cancelled'));
  answer.resolve({ body: { pkey: 1, count: 1 } });
  expect(await post).toEqual({ kind: 'staged', transaction: '1', row: 1 });
});

test('a later attempt of a waiting post takes its place; one that has left cannot be repeated beside it', async () => {
  const answer = Promise.withResolvers<Reply>();
  const { server, bluecherry } = await against(() => answer.promise);
  const first = bluecherry.postSalesOrder(order('A'), '000000001', aCall());
  const second = bluecherry.postSalesOrder(order('A'), '000000001', aCall());
  expect(await first).toMatchObject({ kind: 'notTaken', code: 'SUPERSEDED' });
  await expect.poll(() => server.received.length).toBe(1);
  expect(await bluecherry.postSalesOrder(order('A'), '000000001', aCall())).toMatchObject({ kind: 'unknown' });
  answer.resolve({ body: { pkey: 1, count: 1 } });
  expect(await second).toMatchObject({ kind: 'staged' });
  expect(server.received.map(references)).toEqual([['A']]);
});

test('an array that is refused as a whole is tried again one by one', async () => {
  const { server, bluecherry } = await against(({ body }) =>
    elements(body).some(({ ext_ref }) => ext_ref === 'BAD')
      ? { status: 400, body: { errors: [{ errorCode: 'INV_VALUE', errorMessage: 'x' }] } }
      : { body: { pkey: 1, count: elements(body).length } },
  );
  const names = ['GOOD', 'BAD', 'FINE'];
  const send = () =>
    Promise.all(names.map((name, index) => bluecherry.postSalesOrder(order(name), `00000000${index}`, aCall())));
  expect((await send()).map(({ kind }) => kind)).toEqual(['notTaken', 'notTaken', 'notTaken']);
  expect((await send()).map(({ kind }) => kind)).toEqual(['staged', 'refused', 'staged']);
  expect(server.received).toHaveLength(4);
});

test('a journal that cannot note the outcome does not hide it', async () => {
  const { bluecherry } = await against(taking);
  const outcome = await bluecherry.postSalesOrder(order('A'), '000000001', aCall(), {
    before: () => Promise.resolve(),
    after: () => Promise.reject(new Error('disk full')),
  });
  expect(outcome).toMatchObject({ kind: 'staged' });
});

test('a closed connector sends nothing more', async () => {
  const { server, bluecherry } = await against(taking, { batchWaitMs: 5_000 });
  const post = bluecherry.postSalesOrder(order('A'), '000000001', aCall());
  await bluecherry.close();
  expect(await post).toMatchObject({ kind: 'notTaken', code: 'CLOSED' });
  expect(server.received).toHaveLength(0);
});
