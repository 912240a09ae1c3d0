import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { OrderState } from '../../domain/order-state.ts';
import { startInstep, type Instep } from '../support/instep.ts';

const SKU = 'AC-1001-BLK-M';
const OTHER = 'AC-1001-BLK-L';
const LINES = [{ sku: SKU, quantity: 10, unitPrice: '20.00' }];

let instep: Instep;
beforeAll(async () => {
  instep = await startInstep();
});
afterAll(() => instep.stop());

/** Money and units of both sides, so that they can be compared at one glance. */
function bothSides(key: string) {
  const purchase = instep.storefront.purchase(key);
  const lines = purchase?.packages.flatMap((parcel) =>
    parcel.line_items.map((line) => ({ type: parcel.type, ...line })),
  );
  const units = (...types: string[]) =>
    lines?.filter(({ type }) => types.includes(type)).reduce((sum, line) => sum + line.quantity, 0) ?? 0;
  const [order] = instep.liveOrders(key);
  const progress = order?.progress ?? [];
  const cancelled = progress.reduce((sum, line) => sum + line.cancelledByCustomer + line.cancelledByHouse, 0);
  return {
    storefront: { open: units('incoming'), shipped: units('shipment'), cancelled: units('cancellation') },
    erp: {
      live: (order?.lines.reduce((sum, line) => sum + line.ordered, 0) ?? 0) - cancelled,
      invoiced: progress.reduce((sum, line) => sum + line.invoiced, 0),
      tax: order?.tax,
      total: order?.total,
    },
  };
}

function isClean() {
  expect(instep.erp.checkInvariants()).toEqual([]);
  expect(instep.erp.contractViolations()).toEqual([]);
  expect(instep.storefront.checkInvariants()).toEqual([]);
  expect(instep.storefront.contractViolations()).toEqual([]);
  expect(instep.storefront.lostFields()).toEqual([]);
}

const codes = ({ problems }: OrderState) => problems.map(({ code }) => code);
const posts = (key: string) =>
  instep.erp.calls('POST /api/salesOrder').filter(({ references }) => references.includes(instep.reference(key)))
    .length;

describe('an amendment by the buyer', () => {
  beforeEach(() => instep.erp.faults.clear());

  test('of an open order replaces it as a whole, to the cent', async () => {
    const key = await instep.accepted({ lines: LINES, shipping: { name: 'Standard shipping', net: '10.00' } });
    const state = await instep.amended(key, () => instep.storefront.setQuantity(key, SKU, 7));
    expect(codes(state)).toEqual([]);
    expect(bothSides(key)).toMatchObject({
      storefront: { open: 7, cancelled: 0 },
      erp: { live: 7, tax: '30.00', total: '180.00' },
    });
    expect(instep.liveOrders(key)).toHaveLength(1);
    expect(state.revisions).toMatchObject([
      { what: 'replace', changes: [{ kind: 'quantityDown', before: '10', after: '7' }, { what: 'tax' }] },
    ]);
    isClean();
  });

  test('adds and removes lines, changes PO and address; what a clerk set and the storefront does not own stays', async () => {
    const key = await instep.accepted({ lines: [...LINES, { sku: OTHER, quantity: 2, unitPrice: '20.00' }] });
    const [before] = instep.liveOrders(key);
    instep.erp.clerkEdits(before?.ordNum ?? '', { header: { salesper1: 'SALLY', notes: 'Call before delivery' } });
    await instep.pollsErp();
    await instep.atRest(key);
    const state = await instep.amended(key, () =>
      instep.storefront.amend(key, (purchase) => {
        purchase.customer_reference = 'PO-NEW';
        const [parcel] = purchase.packages;
        if (!parcel) throw new Error('no package');
        const removed = parcel.line_items.findIndex((line) => line.identifiers.sku === OTHER);
        const [line] = parcel.line_items.splice(removed, 1);
        const tax = purchase.tax_lines?.[0];
        if (tax && line)
          tax.amount.number = (Number(tax.amount.number) - Number(line.line_total?.total_tax?.number)).toFixed(2);
        if (parcel.shipping_address) parcel.shipping_address.address_line1 = '99 New Street';
      }),
    );
    expect(codes(state)).toEqual([]);
    const [order] = instep.liveOrders(key);
    expect(order?.ordNum).toBe(before?.ordNum);
    expect(order?.lines.map(({ sequence, ordered }) => [sequence, ordered])).toEqual([[1, 10]]);
    expect(order?.header).toMatchObject({ po_num: 'PO-NEW', salesper1: 'SALLY', notes: 'Call before delivery' });
    isClean();
  });

  test.each([
    ['an address', 'address'],
    ['a PO', 'po'],
    ['a requested date', 'date'],
    ['a location', 'location'],
  ] as const)('of %s alone reaches the ERP', async (_what, kind) => {
    const key = await instep.accepted({ lines: LINES, deliveryDate: '2027-03-01' });
    const state = await instep.amended(key, () =>
      instep.storefront.amend(key, (purchase) => {
        if (kind === 'po') purchase.customer_reference = 'PO-ALONE';
        const address = purchase.packages[0]?.shipping_address;
        if (kind === 'address' && address) address.address_line1 = '5 Other Road';
        for (const field of purchase.custom_fields ?? []) if (kind === 'date') field.value = '2027-04-15';
        for (const entry of purchase.metadata ?? [])
          if (kind === 'location' && entry.name === 'fulfilment_location') entry.value = 'warehouse-2';
      }),
    );
    expect(codes(state)).toEqual([]);
    const [order] = instep.liveOrders(key);
    const shown = {
      address: order?.addresses.find((address) => address['addr_type'] === 'ST')?.['addr1'],
      po: order?.header['po_num'],
      date: order?.header['start_date'],
      location: order?.lines[0]?.location,
    };
    expect(shown[kind]).toBe({ address: '5 Other Road', po: 'PO-ALONE', date: '04/15/2027', location: 'W02' }[kind]);
    isClean();
  });

  test('while the order is staged goes out after it, as the next revision', async () => {
    const key = instep.checksOut({ lines: LINES });
    await instep.pollsPurchases();
    await instep.untilAt(key, 'awaiting');
    instep.storefront.setQuantity(key, SKU, 4);
    await instep.imports();
    await instep.untilAt(key, 'replacing');
    await instep.imports();
    const state = await instep.atRest(key);
    expect(codes(state)).toEqual([]);
    expect(bothSides(key)).toMatchObject({ storefront: { open: 4 }, erp: { live: 4 } });
    expect(posts(key)).toBe(2);
    isClean();
  });

  test('just before the order is sent is part of it', async () => {
    const key = instep.checksOut({ lines: LINES });
    instep.erp.stallJob('order_import');
    const undo = instep.storefront.faults.add({
      route: 'GET /api/v1/purchases/{lookupBy}/{identifier}',
      kind: 'slow',
      ms: 300,
      times: 1,
    });
    await instep.pollsPurchases();
    instep.storefront.setQuantity(key, SKU, 6);
    await instep.untilAt(key, 'awaiting');
    instep.erp.resumeJob('order_import');
    undo();
    await instep.pollsPurchases();
    await instep.imports();
    await instep.until(key, ({ step }) => step.at === 'settled' || step.at === 'replacing');
    await instep.imports();
    await instep.atRest(key);
    expect(bothSides(key)).toMatchObject({ storefront: { open: 6 }, erp: { live: 6 } });
  });

  test('three edits in quick succession are one revision', async () => {
    const key = await instep.accepted({ lines: LINES });
    const state = await instep.amended(key, () => {
      instep.storefront.setQuantity(key, SKU, 9);
      instep.storefront.setQuantity(key, SKU, 8);
      instep.storefront.setQuantity(key, SKU, 5);
    });
    expect(state.revisions).toHaveLength(1);
    expect(bothSides(key)).toMatchObject({ storefront: { open: 5 }, erp: { live: 5 } });
    expect(posts(key)).toBe(2);
  });

  test('that reverts the one before sends nothing', async () => {
    const key = await instep.accepted({ lines: LINES });
    instep.storefront.setQuantity(key, SKU, 3);
    instep.storefront.setQuantity(key, SKU, 10);
    const at = Date.parse(String(instep.storefront.purchase(key)?.dates.updated_at));
    await instep.pollsPurchases();
    const state = await instep.until(
      key,
      ({ decidedUpdatedAt }) => decidedUpdatedAt !== null && Date.parse(decidedUpdatedAt) >= at,
    );
    expect(state.revisions).toEqual([]);
    expect(posts(key)).toBe(1);
  });

  test('after the pick that wants more is for a person, with the reason; nothing is overwritten', async () => {
    const key = await instep.accepted({ lines: LINES });
    await instep.erpRuns('allocation', 'pick_release');
    await instep.atRest(key);
    const state = await instep.amended(key, () => instep.storefront.setQuantity(key, SKU, 12));
    expect(codes(state)).toEqual(['AMENDED']);
    expect(state.problems[0]?.says).toContain('picked');
    expect(bothSides(key)).toMatchObject({ storefront: { open: 12 }, erp: { live: 10 } });
    expect(posts(key)).toBe(1);
  });

  test('overtaken by a pick is decided anew, and nothing is lost', async () => {
    const key = await instep.accepted({ lines: LINES });
    instep.erp.runJob('allocation');
    await instep.pollsErp();
    await instep.atRest(key);
    instep.storefront.setQuantity(key, SKU, 7);
    await instep.pollsPurchases();
    await instep.untilAt(key, 'replacing');
    // The warehouse is faster than the import job.
    instep.erp.runJob('pick_release');
    await instep.imports();
    const state = await instep.until(key, (order) => order.step.at === 'parked');
    expect(codes(state)).toContain('AMENDED');
    expect(state.problems[0]?.says).toContain('Part of a line cannot be cancelled after the pick');
    expect(bothSides(key)).toMatchObject({ storefront: { open: 7 }, erp: { live: 10 } });
  });

  test('and an edit of a clerk at the same time are a conflict: nothing is overwritten, a person chooses', async () => {
    const key = await instep.accepted({ lines: LINES });
    const [order] = instep.liveOrders(key);
    instep.erp.clerkEdits(order?.ordNum ?? '', { price: { line: 1, price: '18.00' } });
    instep.storefront.setQuantity(key, SKU, 12);
    await instep.pollsPurchases();
    await instep.pollsErp();
    const state = await instep.until(key, (seen) => codes(seen).includes('EDIT_CONFLICT'));
    expect(state.stage).toBe('parked');
    expect(bothSides(key)).toMatchObject({ storefront: { open: 12 }, erp: { live: 10, total: '220.00' } });
    await instep.repair(key, { kind: 'pushStorefront' });
    await instep.untilAt(key, 'replacing');
    await instep.imports();
    const settled = await instep.atRest(key);
    expect(codes(settled)).toEqual([]);
    expect(bothSides(key)).toMatchObject({
      storefront: { open: 12 },
      erp: { live: 12, tax: '48.00', total: '288.00' },
    });
    isClean();
  });

  test('that overwrites what a clerk changed while it was staged says so, until a person answers', async () => {
    const key = await instep.accepted({ lines: LINES });
    const [order] = instep.liveOrders(key);
    instep.storefront.setQuantity(key, SKU, 7);
    await instep.pollsPurchases();
    await instep.untilAt(key, 'replacing');
    instep.erp.clerkEdits(order?.ordNum ?? '', { price: { line: 1, price: '18.00' } });
    await instep.pollsErp();
    const told = await instep.until(key, (seen) => codes(seen).includes('EDIT_OVERWRITTEN'));
    expect(told.problems[0]?.says).toContain('line 1 price 18.00 instead of 20.00');
    await instep.imports();
    const parked = await instep.until(key, ({ step, follow }) => step.at === 'parked' && follow === null);
    expect(codes(parked)).toEqual(['EDIT_OVERWRITTEN']);
    expect(bothSides(key)).toMatchObject({ storefront: { open: 7 }, erp: { live: 7, total: '168.00' } });
    await instep.repair(key, { kind: 'retry' });
    const settled = await instep.until(key, ({ step, follow }) => step.at === 'settled' && follow === null);
    expect(codes(settled)).toEqual([]);
    expect(posts(key)).toBe(2);
    isClean();
  });
});

describe('a cancellation by the buyer', () => {
  test('of an open order cancels it in the ERP, and ends it', async () => {
    const key = await instep.accepted({ lines: LINES });
    instep.storefront.cancel(key);
    await instep.pollsPurchases();
    await instep.untilAt(key, 'cancelling');
    await instep.imports();
    const outcome = await instep.handle(key).result();
    expect(outcome).toMatchObject({ outcome: 'cancelled' });
    expect(instep.liveOrders(key)).toEqual([]);
    isClean();
  });

  test('of a part of a line goes as a smaller order', async () => {
    const key = await instep.accepted({ lines: LINES });
    const state = await instep.amended(key, () =>
      instep.storefront.amend(key, (purchase) => {
        const [open] = purchase.packages;
        const [line] = open?.line_items ?? [];
        if (!open || !line) throw new Error('no line');
        const part = (units: number) => ({
          ...structuredClone(line),
          quantity: units,
          line_total: {
            total_net: { number: (units * 20).toFixed(2), currency: 'GBP' },
            total_tax: { number: (units * 4).toFixed(2), currency: 'GBP' },
            total_gross: { number: (units * 24).toFixed(2), currency: 'GBP' },
          },
        });
        open.line_items = [part(6)];
        purchase.packages.push({ type: 'cancellation', line_items: [part(4)] });
      }),
    );
    expect(codes(state)).toEqual([]);
    expect(bothSides(key)).toMatchObject({ storefront: { open: 6, cancelled: 4 }, erp: { live: 6, tax: '24.00' } });
    isClean();
  });

  test('of an order that is picked in part goes as far as possible, and the purchase says how far', async () => {
    const key = await instep.accepted({ lines: LINES });
    const [order] = instep.liveOrders(key);
    await instep.erpRuns('allocation', 'pick_release');
    instep.erp.pickShort(order?.ordNum ?? '', 1, 6);
    await instep.pollsErp();
    await instep.atRest(key);
    instep.storefront.cancel(key);
    await instep.pollsPurchases();
    await instep.untilAt(key, 'cancelling');
    await instep.imports();
    const state = await instep.until(key, (seen) => codes(seen).includes('CANCEL_PARTIAL') && seen.follow === null);
    expect(state.problems[0]?.says).toContain('4 of 10 units are cancelled, 6 picked');
    expect(bothSides(key)).toMatchObject({ storefront: { open: 6, cancelled: 4 }, erp: { live: 6 } });
    isClean();
  });

  test('deleted at the storefront is cancelled in the ERP', async () => {
    const key = await instep.accepted({ lines: LINES });
    instep.storefront.remove(key);
    await instep.sweeps();
    await instep.untilAt(key, 'cancelling');
    await instep.imports();
    await expect(instep.handle(key).result()).resolves.toMatchObject({ outcome: 'cancelled' });
    expect(instep.liveOrders(key)).toEqual([]);
    expect(instep.storefront.purchase(key)).toBeUndefined();
  });
});
