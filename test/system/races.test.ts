import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { OrderState } from '../../domain/order-state.ts';
import { documentReference } from '../../domain/storefront-reference.ts';
import { startInstep, type Instep } from '../support/instep.ts';

const SKU = 'AC-1001-BLK-M';
const OF_DIVISION_2 = 'MN-2001-OLV-M';
const LINES = [{ sku: SKU, quantity: 10, unitPrice: '20.00' }];
const POST = 'POST /api/salesOrder';

let instep: Instep;
beforeAll(async () => {
  instep = await startInstep({
    site: (site) => ({
      ...site,
      rules: { ...site.rules, progress: { ...site.rules.progress, payments: 'information', credits: 'information' } },
    }),
  });
});
afterAll(() => instep.stop());
afterEach(() => {
  expect(instep.erp.checkInvariants()).toEqual([]);
  expect(instep.erp.contractViolations()).toEqual([]);
  expect(instep.storefront.checkInvariants()).toEqual([]);
  expect(instep.storefront.contractViolations()).toEqual([]);
  expect(instep.storefront.lostFields()).toEqual([]);
});

const codes = ({ problems }: OrderState) => problems.map(({ code }) => code);
const numberOf = (key: string) => instep.liveOrders(key)[0]?.ordNum ?? '';

/** Units and money of both sides, over all documents. */
function bothSides(key: string) {
  const purchase = instep.storefront.purchase(key);
  const units = (type: string) =>
    (purchase?.packages ?? [])
      .filter((parcel) => parcel.type === type)
      .flatMap(({ line_items }) => line_items)
      .reduce((sum, line) => sum + line.quantity, 0);
  const orders = [1, 2, 3].flatMap((document) =>
    instep.erp.salesOrders({ reference: documentReference(instep.reference(key), document) }),
  );
  const progress = orders.flatMap((order) => order.progress);
  const open = orders.flatMap(({ lines }) => lines).reduce((sum, line) => sum + line.open, 0);
  const erp = (count: (line: (typeof progress)[number]) => number) =>
    progress.reduce((sum, line) => sum + count(line), 0);
  return {
    storefront: { open: units('incoming'), shipped: units('shipment'), cancelled: units('cancellation') },
    erp: {
      open: open + erp(({ picked }) => picked),
      invoiced: erp(({ invoiced }) => invoiced),
      cancelled: erp(({ cancelledByCustomer, cancelledByHouse }) => cancelledByCustomer + cancelledByHouse),
      taxes: orders.map(({ tax }) => tax),
    },
  };
}

const posts = (key: string) =>
  instep.erp.calls(POST).filter(({ references }) => references.includes(instep.reference(key))).length;

describe('a cancellation', () => {
  test('while the order is staged waits for the outcome, then cancels in the ERP', async () => {
    const key = instep.checksOut({ lines: LINES });
    await instep.pollsPurchases();
    await instep.untilAt(key, 'awaiting');
    instep.storefront.cancel(key);
    await instep.pollsPurchases();
    await instep.imports();
    await instep.untilAt(key, 'cancelling');
    await instep.imports();
    await expect(instep.handle(key).result()).resolves.toMatchObject({ outcome: 'cancelled' });
    expect(bothSides(key)).toMatchObject({ storefront: { open: 0, cancelled: 10 }, erp: { open: 0, cancelled: 10 } });
    expect(posts(key)).toBe(1);
  });

  test('overtaken by a pick goes as far as possible: the purchase says what still comes', async () => {
    const key = await instep.accepted({ lines: LINES });
    const number = numberOf(key);
    instep.erp.runJob('allocation');
    instep.storefront.cancel(key);
    await instep.pollsPurchases();
    await instep.untilAt(key, 'cancelling');
    // Between our cancel and its import the warehouse is faster.
    instep.erp.runJob('pick_release');
    instep.erp.pickShort(number, 1, 6);
    await instep.imports();
    const state = await instep.until(key, (seen) => codes(seen).includes('CANCEL_PARTIAL') && seen.follow === null);
    expect(state.problems[0]?.says).toContain('4 of 10 units are cancelled, 6 picked');
    expect(bothSides(key)).toMatchObject({ storefront: { open: 6, cancelled: 4 }, erp: { open: 6, cancelled: 4 } });
    await instep.erpRuns('ship_confirm', 'invoicing');
    await instep.until(key, ({ units, follow }) => units?.invoiced === 6 && follow === null);
    expect(bothSides(key)).toMatchObject({ storefront: { open: 0, shipped: 6, cancelled: 4 }, erp: { invoiced: 6 } });
  });

  test('of what is shipped already is for people, and nothing is undone', async () => {
    const key = await instep.accepted({ lines: LINES });
    await instep.ships();
    await instep.until(key, ({ units, follow }) => units?.invoiced === 10 && follow === null);
    instep.storefront.remove(key);
    await instep.sweeps();
    const state = await instep.until(key, ({ problems }) => problems.length > 0);
    expect(codes(state).some((code) => ['CANCEL_PARTIAL', 'WITHDRAWN', 'AMENDED'].includes(code))).toBe(true);
    expect(bothSides(key).erp).toMatchObject({ invoiced: 10, cancelled: 0 });
    expect(instep.storefront.purchase(key)).toBeUndefined();
  });

  test('is no purchase whose type nobody knows: it is for people, and goes on as an order', async () => {
    const key = await instep.accepted({ lines: LINES });
    instep.storefront.setType(key, 'subscription');
    await instep.sweeps();
    const strange = await instep.until(key, (seen) => codes(seen).includes('TYPE_UNKNOWN'));
    expect(strange).toMatchObject({ step: { at: 'parked' }, purchaseGone: false });
    // What moves in the ERP meanwhile is followed, and written to nobody.
    await instep.erpRuns('allocation', 'pick_release');
    const followed = await instep.atRest(key);
    expect(codes(followed)).toEqual(['TYPE_UNKNOWN']);
    expect(bothSides(key).erp).toMatchObject({ cancelled: 0 });
    instep.storefront.setType(key, 'order');
    await instep.pollsPurchases();
    const state = await instep.until(key, (seen) => codes(seen).length === 0);
    expect(state).toMatchObject({ step: { at: 'settled' }, purchaseGone: false });
    expect(instep.liveOrders(key)).toHaveLength(1);
  });

  test('that the sweep finds again and again is decided on once', async () => {
    const key = await instep.accepted({ lines: LINES });
    await instep.erpRuns('allocation', 'pick_release');
    instep.erp.pickShort(numberOf(key), 1, 6);
    await instep.pollsErp();
    await instep.atRest(key);
    instep.storefront.setType(key, 'cart');
    await instep.sweeps();
    await instep.untilAt(key, 'cancelling');
    await instep.imports();
    const once = await instep.until(key, (seen) => codes(seen).includes('CANCEL_PARTIAL') && seen.follow === null);
    const cancels = () => instep.erp.calls('POST /api/salesOrderCancel').length;
    const before = cancels();
    await instep.sweeps();
    await instep.sweeps();
    const again = await instep.atRest(key);
    expect(again.timeline).toEqual(once.timeline);
    expect(cancels()).toBe(before);
  });

  test('is not all that the sweep tells: a change comes by it alone, and what has not changed leaves no trace in its order', async () => {
    const key = await instep.accepted({ lines: LINES });
    await instep.sweeps();
    await instep.atRest(key);
    const events = async () => (await instep.handle(key).describe()).historyLength;
    const before = await events();
    await instep.sweeps();
    await instep.sweeps();
    expect(await events()).toBe(before);
    instep.storefront.amend(key, (purchase) => void (purchase.customer_reference = 'PO-SWEPT'));
    await instep.sweeps();
    await instep.untilAt(key, 'replacing');
  });
});

describe('invoices and credits', () => {
  test('two invoices and a credit for one order: every cent is on both sides', async () => {
    const key = await instep.accepted({ lines: LINES, shipping: { name: 'Standard shipping', net: '10.00' } });
    const number = numberOf(key);
    await instep.erpRuns('allocation', 'pick_release');
    instep.erp.pickShort(number, 1, 7);
    await instep.erpRuns('ship_confirm', 'invoicing');
    await instep.until(key, ({ units, follow }) => units?.invoiced === 7 && follow === null);
    await instep.ships();
    await instep.until(key, ({ units, follow }) => units?.invoiced === 10 && follow === null);
    const invoices = instep.erp.invoices({ ordNum: number });
    expect(invoices).toHaveLength(2);
    const memo = instep.erp.creditMemo({
      ordNum: number,
      invoice: invoices[0]?.number ?? '',
      lines: [{ line: 1, quantity: 2 }],
    });
    await instep.pollsErp();
    const state = await instep.until(key, ({ settlement }) => settlement?.credited !== '0.00');
    await instep.atRest(key);
    // Two units at their price; this ERP credits no tax with them.
    const credited = '40.00';
    expect(state.settlement).toMatchObject({
      ordered: '252.00',
      invoiced: '252.00',
      cancelled: '0.00',
      open: '0.00',
      credited,
      lines: [],
    });
    expect(instep.storefront.transactions(key)).toMatchObject([
      { platform_id: `ERP-CM-${memo}`, total: { number: `-${credited}` } },
    ]);
    expect(bothSides(key).storefront).toEqual({ open: 0, shipped: 10, cancelled: 0 });
    expect(instep.storefront.purchase(key)?.packages.filter(({ type }) => type === 'shipment')).toHaveLength(2);
  });
});

describe('our own writes', () => {
  test('seen by the pollers any number of times are news to nobody', async () => {
    const key = await instep.accepted({ lines: LINES });
    await instep.ships();
    await instep.until(key, ({ units, follow }) => units?.invoiced === 10 && follow === null);
    const before = await instep.state(key);
    const puts = () => instep.storefront.calls('PUT /api/v1/purchases/{lookupBy}/{identifier}').length;
    const written = puts();
    for (let round = 0; round < 3; round++) {
      await instep.pollsPurchases();
      await instep.atRest(key);
    }
    const after = await instep.state(key);
    expect(puts()).toBe(written);
    expect(after.timeline).toEqual(before.timeline);
    expect(after.revisions).toEqual([]);
  });
});

describe('a split order', () => {
  test('edited in one division only touches that division’s ERP order', async () => {
    const key = instep.checksOut({ lines: [...LINES, { sku: OF_DIVISION_2, quantity: 3, unitPrice: '15.33' }] });
    await instep.pollsPurchases();
    await instep.until(key, ({ step, others }) => step.at === 'awaiting' && others[0]?.step.at === 'awaiting');
    await instep.imports();
    await instep.atRest(key);
    const second = () => instep.erp.liveSalesOrders(documentReference(instep.reference(key), 2))[0];
    const untouched = second()?.changed;
    const state = await instep.amended(key, () => instep.storefront.setQuantity(key, SKU, 4));
    expect(codes(state)).toEqual([]);
    expect(second()?.changed).toBe(untouched);
    expect(bothSides(key)).toMatchObject({ storefront: { open: 7 }, erp: { open: 7, taxes: ['16.00', '9.20'] } });
  });
});
