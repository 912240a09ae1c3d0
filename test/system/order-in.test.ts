import { temporal } from '@temporalio/proto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startInstep, type Instep } from '../support/instep.ts';

const { EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT: TASK_TIMED_OUT, EVENT_TYPE_WORKFLOW_TASK_FAILED: TASK_FAILED } =
  temporal.api.enums.v1.EventType;
const EVENTS_OF_A_TASK = 3;
const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' }];

describe('an order on its way into the ERP', () => {
  let instep: Instep;
  beforeAll(async () => {
    instep = await startInstep();
  });
  afterAll(() => instep.stop());

  test('goes straight through: one accepted sales order, its number on the purchase', async () => {
    const key = await instep.accepted({ lines: LINES, shipping: { name: 'Standard shipping', net: '10.00' } });
    const [order, ...others] = instep.liveOrders(key);
    expect(others).toEqual([]);
    const purchase = instep.storefront.purchase(key);
    expect(purchase?.purchase_identifiers.internal).toBe(order?.ordNum);
    expect(instep.erp.contractViolations()).toEqual([]);
    expect(instep.storefront.contractViolations()).toEqual([]);
    expect(instep.storefront.lostFields()).toEqual([]);
    expect(instep.erp.checkInvariants()).toEqual([]);
  });

  test('costs at most 32 history events and 5 calls of its own', async () => {
    const before = { ...instep.erp.callCounts() };
    const key = instep.checksOut({ lines: LINES });
    await instep.pollsPurchases();
    await instep.untilAt(key, 'awaiting');
    instep.erp.runJob('order_import');
    instep.erp.runJob('credit_check');
    const calls = () => Object.values(instep.erp.callCounts()).reduce((sum, count) => sum + count, 0);
    const beforePoll = calls();
    await instep.pollsErp();
    const polled = calls();
    await instep.untilAt(key, 'settled');
    const all = Object.values(before).reduce((sum, count) => sum + count, 0);
    expect(beforePoll - all + (calls() - polled)).toBeLessThanOrEqual(5 + (polled - beforePoll));
    const { events } = await instep.handle(key).fetchHistory();
    // A busy machine lets a task time out, or has it given anew: that is no cost of the order.
    const again = (events ?? []).filter(({ eventType }) => eventType === TASK_TIMED_OUT || eventType === TASK_FAILED);
    expect((events?.length ?? 0) - EVENTS_OF_A_TASK * again.length).toBeLessThanOrEqual(32);
  });

  test('its own write-back is not taken for an amendment', async () => {
    const key = await instep.accepted({ lines: LINES });
    await instep.pollsPurchases();
    instep.storefront.touch(key);
    await instep.pollsPurchases();
    const state = await instep.until(
      key,
      ({ decidedUpdatedAt }) =>
        decidedUpdatedAt !== null &&
        Date.parse(decidedUpdatedAt) >= Date.parse(String(instep.storefront.purchase(key)?.dates.updated_at)),
    );
    expect(state.step.at).toBe('settled');
    expect(state.problems).toEqual([]);
  });

  test('an unknown location goes in on hold at the default warehouse, and remap moves it', async () => {
    const key = await instep.accepted({ lines: LINES, location: 'pop-up-store' });
    const state = await instep.state(key);
    expect(state.problems.map(({ code }) => code)).toEqual(['LOCATION_NOT_MAPPED']);
    expect(instep.liveOrders(key)[0]).toMatchObject({ status: 'H', holdCode: 'LOC', location: 'W01' });
    await instep.repair(key, { kind: 'release' });
    await instep.untilAt(key, 'replacing');
    await instep.imports();
    const released = await instep.until(key, ({ step, problems }) => step.at === 'settled' && problems.length === 0);
    expect(released.facts.holdCode).toBe('');
    expect(instep.liveOrders(key)).toHaveLength(1);
    expect(instep.liveOrders(key)[0]?.holdCode).toBe('');
  });

  test('an unknown SKU parks with its owner and goes on after the mend', async () => {
    const key = instep.checksOut({ lines: [{ sku: 'NO-SUCH-SKU', quantity: 1, unitPrice: '5.00' }] });
    await instep.pollsPurchases();
    const parked = await instep.untilAt(key, 'parked');
    expect(parked.problems.map(({ code }) => code)).toEqual(['SKU_UNKNOWN']);
    instep.storefront.amend(key, (purchase) => {
      for (const parcel of purchase.packages)
        for (const line of parcel.line_items) line.identifiers.sku = 'AC-1001-BLK-M';
    });
    await instep.pollsPurchases();
    await instep.untilAt(key, 'awaiting');
    await instep.imports();
    await instep.untilAt(key, 'settled');
    expect(instep.liveOrders(key)).toHaveLength(1);
  });

  test('bad purchases park and the others go on', async () => {
    const good = instep.checksOut({ lines: LINES });
    const bad = {
      SKU_MISSING: instep.checksOut({ lines: [{ sku: null, quantity: 1, unitPrice: '5.00' }] }),
      SHIP_TO_MISSING: instep.checksOut({ lines: LINES, shipTo: null }),
      CUSTOMER_NOT_LINKED: instep.checksOut({ lines: LINES, customer: 'a0000000-0000-4000-8000-000000000099' }),
      PO_TOO_LONG: instep.checksOut({ lines: LINES, customerReference: 'P'.repeat(40) }),
      CURRENCY_UNKNOWN: instep.checksOut({ lines: LINES, currency: 'ZZZ' }),
      PAYMENT_NOT_CONFIRMED: instep.checksOut({ lines: LINES, paymentMethod: 'platform_upfront', paid: false }),
      TOTALS_WRONG: instep.checksOut({ lines: LINES }),
      QUANTITY_INVALID: instep.checksOut({ lines: LINES }),
    };
    instep.storefront.amend(bad.TOTALS_WRONG, (purchase) => {
      const total = purchase.packages[0]?.line_items[0]?.line_total;
      if (total?.total_gross) total.total_gross.number = '999.99';
    });
    instep.storefront.amend(bad.QUANTITY_INVALID, (purchase) => {
      const line = purchase.packages[0]?.line_items[0];
      if (line) line.quantity = 0;
    });
    await instep.pollsPurchases();
    for (const [code, key] of Object.entries(bad)) {
      const state = await instep.untilAt(key, 'parked');
      expect(state.problems.map((problem) => problem.code)).toContain(code);
      expect(instep.liveOrders(key)).toEqual([]);
    }
    await instep.untilAt(good, 'awaiting');
    await instep.imports();
    await instep.untilAt(good, 'settled');
  });

  test('a refusal of the ERP parks in its words; the repaired order goes in once', async () => {
    instep.erp.setCustomer('01', 'CUST-0042', { currency: 'USD' });
    const key = instep.checksOut({ lines: LINES });
    await instep.pollsPurchases();
    await instep.untilAt(key, 'awaiting').catch(() => undefined);
    await instep.imports();
    const parked = await instep.untilAt(key, 'parked');
    expect(parked.problems[0]?.says).toMatch(/INV_CURR|kept|keeps/);
    instep.erp.setCustomer('01', 'CUST-0042', { currency: 'GBP' });
    await instep.repair(key, { kind: 'retry' });
    await instep.untilAt(key, 'awaiting');
    await instep.imports();
    await instep.untilAt(key, 'settled');
    expect(instep.liveOrders(key)).toHaveLength(1);
  });

  test('a cancel after the submit waits for the outcome, then cancels in the ERP', async () => {
    const key = instep.checksOut({ lines: LINES });
    await instep.pollsPurchases();
    await instep.untilAt(key, 'awaiting');
    await instep.repair(key, { kind: 'cancel' });
    await instep.imports();
    await instep.untilAt(key, 'cancelling');
    await instep.imports();
    await expect(instep.handle(key).result()).resolves.toMatchObject({ outcome: 'cancelled' });
    expect(instep.liveOrders(key)).toEqual([]);
  });
});
