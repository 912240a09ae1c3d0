import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { OrderState } from '../../domain/order-state.ts';
import { isAtRest, startInstep, type Instep } from '../support/instep.ts';

const SKU = 'AC-1001-BLK-M';
const LINES = [{ sku: SKU, quantity: 10, unitPrice: '20.00' }];
const POST = 'POST /api/salesOrder';
const CANCEL = 'POST /api/salesOrderCancel';
const PUT = 'PUT /api/v1/purchases/{id}';

let instep: Instep;
beforeAll(async () => {
  instep = await startInstep({ workers: 1 });
});
afterEach(() => {
  instep.erp.faults.clear();
  instep.storefront.faults.clear();
});
afterAll(async () => {
  const { erp, storefront } = instep;
  expect(erp.checkInvariants()).toEqual([]);
  expect(storefront.checkInvariants()).toEqual([]);
  expect(erp.contractViolations()).toEqual([]);
  expect(storefront.contractViolations()).toEqual([]);
  expect(storefront.lostFields()).toEqual([]);
  await instep.stop();
});

const codes = ({ problems }: OrderState) => problems.map(({ code }) => code);
const numberOf = (key: string) => instep.liveOrders(key)[0]?.ordNum ?? '';
const unitsInErp = (key: string) => instep.liveOrders(key).map(({ lines }) => lines.map(({ ordered }) => ordered));

/** Kills the workers as soon as a call to a route has arrived, and starts new ones. */
async function killedAt(calls: () => number, provoke: () => Promise<unknown>): Promise<void> {
  const before = calls();
  await provoke();
  await instep.untilTrue(() => calls() > before, 'the call during which the workers die');
  await instep.killWorkers();
  instep.erp.faults.clear();
  instep.storefront.faults.clear();
  await instep.startWorker();
}

const erpCalls = (route: string) => () => instep.erp.calls(route).length;
const storefrontCalls = (route: string) => () => instep.storefront.calls(route).length;

const worksUntilAtRest = (key: string) => instep.importsUntil(key, isAtRest, 'the order at rest');

describe('a worker killed with SIGKILL in an order’s later life', () => {
  test('while it decides on an amendment: the amendment goes out once', async () => {
    const key = await instep.accepted({ lines: LINES });
    instep.erp.faults.add({ route: 'GET /api/salesOrder', kind: 'hang', ms: 60_000, times: 1 });
    await killedAt(erpCalls('GET /api/salesOrder'), async () => {
      instep.storefront.setQuantity(key, SKU, 7);
      await instep.pollsPurchases();
    });
    await instep.untilAt(key, 'replacing');
    await worksUntilAtRest(key);
    expect(unitsInErp(key)).toEqual([[7]]);
  });

  test('after the ERP took the replacement and before the step returned: no second document', async () => {
    const key = await instep.accepted({ lines: LINES });
    instep.erp.faults.add({ route: POST, kind: 'slowAfterCommit', ms: 60_000, times: 1 });
    await killedAt(erpCalls(POST), async () => {
      instep.storefront.setQuantity(key, SKU, 6);
      await instep.pollsPurchases();
    });
    await instep.until(key, ({ step }) => step.at === 'replacing' || step.at === 'settled');
    const state = await worksUntilAtRest(key);
    expect(codes(state)).toEqual([]);
    expect(unitsInErp(key)).toEqual([[6]]);
  });

  test('after the ERP took the cancel and before the step returned', async () => {
    const key = await instep.accepted({ lines: LINES });
    instep.erp.faults.add({ route: CANCEL, kind: 'slowAfterCommit', ms: 60_000, times: 1 });
    await killedAt(erpCalls(CANCEL), async () => {
      instep.storefront.cancel(key);
      await instep.pollsPurchases();
    });
    await instep.until(key, ({ step }) => step.at === 'cancelling' || step.at === 'over' || step.at === 'finished');
    await worksUntilAtRest(key);
    await expect(instep.handle(key).result()).resolves.toMatchObject({ outcome: 'cancelled' });
    expect(instep.liveOrders(key)).toEqual([]);
  });

  test('after the purchase was told of a shipment and before the step returned: told once, and no amendment', async () => {
    const key = await instep.accepted({ lines: LINES });
    // The write is stored; its answer never comes back to the worker that dies.
    instep.storefront.faults.add({ route: PUT, kind: 'answerLostAfterCommit', times: 1 });
    await killedAt(storefrontCalls(PUT), () => instep.ships());
    const state = await instep.until(key, ({ units, follow }) => units?.invoiced === 10 && follow === null);
    expect(codes(state)).toEqual([]);
    await instep.pollsPurchases();
    await instep.atRest(key);
    expect((await instep.state(key)).revisions).toEqual([]);
    expect(instep.storefront.purchase(key)?.packages.map(({ type }) => type)).toEqual(['shipment']);
  });

  test('while an edit of the ERP is taken over on a person’s word', async () => {
    const key = await instep.accepted({ lines: LINES });
    instep.erp.clerkEdits(numberOf(key), { quantity: { line: 1, quantity: 8 } });
    await instep.pollsErp();
    await instep.until(key, (state) => codes(state).includes('ERP_EDIT') && state.follow === null);
    instep.storefront.faults.add({ route: PUT, kind: 'hang', ms: 60_000, times: 1 });
    await killedAt(storefrontCalls(PUT), () => instep.repair(key, { kind: 'acceptErp', alsoMore: false }));
    await instep.until(key, ({ problems, follow }) => problems.length === 0 && follow === null);
    expect(instep.storefront.purchase(key)?.packages.map(({ type }) => type)).toEqual(['incoming', 'cancellation']);
  });
});

describe('the storefront and others', () => {
  test('a foreign write between our reading and writing is read again and merged, never overwritten', async () => {
    const key = await instep.accepted({ lines: LINES });
    instep.storefront.faults.add({
      route: `PUT /api/v1/purchases/sparklayer/${key}`,
      kind: 'foreignWriteBeforePut',
      merge: { customer_reference: 'PO-FOREIGN' },
      times: 1,
    });
    await instep.ships();
    const state = await instep.until(key, ({ units, revise, follow }) => units?.invoiced === 10 && !revise && !follow);
    expect(instep.storefront.purchase(key)?.customer_reference).toBe('PO-FOREIGN');
    // A PO that changes after the invoice is for a person; it is not lost.
    expect(codes(state)).toEqual(['AMENDED']);
  });

  test('a storefront that is away for a while is told when it is back', async () => {
    const key = await instep.accepted({ lines: LINES });
    instep.storefront.faults.add({ route: PUT, kind: 'status', status: 503, body: 'html', times: 2 });
    await instep.ships();
    await instep.until(key, ({ units, follow }) => units?.invoiced === 10 && follow === null);
    expect(instep.storefront.purchase(key)?.packages.map(({ type }) => type)).toEqual(['shipment']);
  });

  test('a replacement whose answer is lost is followed, not repeated', async () => {
    const key = await instep.accepted({ lines: LINES });
    const before = instep.erp.calls(POST).length;
    instep.erp.faults.add({ route: POST, kind: 'answerLostAfterCommit', times: 1 });
    instep.storefront.setQuantity(key, SKU, 4);
    await instep.pollsPurchases();
    await instep.untilAt(key, 'replacing');
    await worksUntilAtRest(key);
    expect(unitsInErp(key)).toEqual([[4]]);
    expect(instep.erp.calls(POST).length - before).toBe(1);
  });
});
