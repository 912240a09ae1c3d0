import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { OrderState } from '../../domain/order-state.ts';
import { documentReference } from '../../domain/storefront-reference.ts';
import { startInstep, type Instep } from '../support/instep.ts';

const SKU = 'AC-1001-BLK-M';
const OTHER = 'AC-1001-BLK-L';
const OF_DIVISION_2 = 'MN-2001-OLV-M';
const LINES = [{ sku: SKU, quantity: 10, unitPrice: '20.00' }];
/** Long enough for a test to act, short enough to wait for. */
const CREDIT_PERIOD_MS = 1_500;

let instep: Instep;
beforeAll(async () => {
  instep = await startInstep({
    site: (site) => ({
      ...site,
      pacing: { ...site.pacing, creditPeriod: CREDIT_PERIOD_MS },
      rules: { ...site.rules, progress: { ...site.rules.progress, payments: 'information', credits: 'information' } },
    }),
  });
});
afterAll(() => instep.stop());

const codes = ({ problems }: OrderState) => problems.map(({ code }) => code);
const numberOf = (key: string) => instep.liveOrders(key)[0]?.ordNum ?? '';

function packages(key: string) {
  return (instep.storefront.purchase(key)?.packages ?? []).map(({ type, line_items, accounting_files, shipments }) => ({
    type,
    units: Object.fromEntries(line_items.map((line) => [line.identifiers.sku, line.quantity])),
    files: (accounting_files ?? []).length,
    parcels: (shipments ?? []).length,
  }));
}

function isClean() {
  expect(instep.erp.checkInvariants()).toEqual([]);
  expect(instep.erp.contractViolations()).toEqual([]);
  expect(instep.storefront.checkInvariants()).toEqual([]);
  expect(instep.storefront.contractViolations()).toEqual([]);
  expect(instep.storefront.lostFields()).toEqual([]);
}

/** Waits until the order was read after something moved in the ERP. */
async function seen(key: string, wanted: (state: OrderState) => boolean): Promise<OrderState> {
  await instep.pollsErp();
  await instep.until(key, wanted);
  return instep.atRest(key);
}

describe('an edit in the ERP', () => {
  test('is shown field by field with its money and its cause, and taken over on a person’s word', async () => {
    const key = await instep.accepted({ lines: LINES });
    instep.erp.clerkEdits(numberOf(key), { quantity: { line: 1, quantity: 8 }, header: { terms: 'N60' } });
    const state = await seen(key, (order) => codes(order).includes('ERP_EDIT'));
    expect(state.stage).not.toBe('parked');
    expect(state.differences[0]?.differences).toMatchObject([
      { field: 'quantity', line: 1, agreed: '10', shown: '8', money: '-40', cause: 'clerk', tolerated: false },
      { field: 'terms', agreed: 'N30', shown: 'N60' },
    ]);
    expect(packages(key)).toMatchObject([{ type: 'incoming', units: { [SKU]: 10 } }]);
    await instep.repair(key, { kind: 'acceptErp', alsoMore: false });
    const accepted = await instep.until(key, (order) => order.problems.length === 0 && order.follow === null);
    expect(packages(key)).toMatchObject([
      { type: 'incoming', units: { [SKU]: 8 } },
      { type: 'cancellation', units: { [SKU]: 2 } },
    ]);
    expect(accepted.timeline.map(({ what }) => what)).toContain('test@here: acceptErp. the test says so');
    // Our own write is no amendment.
    await instep.pollsPurchases();
    await instep.atRest(key);
    expect((await instep.state(key)).revisions).toEqual([]);
    isClean();
  });

  test('is undone when the storefront’s version is pushed again', async () => {
    const key = await instep.accepted({ lines: LINES });
    instep.erp.clerkEdits(numberOf(key), {
      quantity: { line: 1, quantity: 8 },
      price: { line: 1, price: '19.00' },
      tax: '1.00',
      header: { terms: 'N60' },
    });
    await seen(key, (order) => codes(order).includes('ERP_EDIT'));
    await instep.repair(key, { kind: 'pushStorefront' });
    await instep.untilAt(key, 'replacing');
    await instep.imports();
    const state = await instep.atRest(key);
    expect(codes(state)).toEqual([]);
    const [order] = instep.liveOrders(key);
    expect(order).toMatchObject({
      tax: '40.00',
      total: '240.00',
      terms: 'N30',
      lines: [{ ordered: 10, price: '20.00' }],
    });
    isClean();
  });

  test('that is more than the purchase has needs an explicit choice', async () => {
    const key = await instep.accepted({ lines: LINES });
    instep.erp.clerkEdits(numberOf(key), { quantity: { line: 1, quantity: 12 } });
    await seen(key, (order) => codes(order).includes('ERP_EDIT'));
    await instep.repair(key, { kind: 'acceptErp', alsoMore: false });
    await instep.until(key, (order) => codes(order).includes('ACCEPT_NEEDS_CHOICE'));
    expect(packages(key)).toMatchObject([{ units: { [SKU]: 10 } }]);
    await instep.repair(key, { kind: 'acceptErp', alsoMore: true });
    await instep.until(key, (order) => order.problems.length === 0 && order.step.at === 'settled');
    expect(packages(key)).toMatchObject([{ units: { [SKU]: 12 } }]);
    expect(instep.storefront.purchase(key)?.tax_lines).toMatchObject([{ amount: { number: '48.00' } }]);
    // By a person's word this is what is ordered now.
    instep.storefront.touch(key);
  });

  test('within what the site tolerates is recorded, not raised', async () => {
    const key = await instep.accepted({ lines: LINES });
    instep.erp.splitLine(numberOf(key), 1, 4);
    const state = await seen(key, ({ differences }) => differences.some((each) => each.differences.length > 0));
    expect(codes(state)).toEqual([]);
    expect(
      state.differences[0]?.differences.every(({ cause, tolerated }) => cause === 'backOrderSplit' && tolerated),
    ).toBe(true);
    expect(state.timeline.some(({ what }) => what.startsWith('Differs within what the site tolerates'))).toBe(true);
  });

  test('left open for a named owner is found under that owner', async () => {
    const key = await instep.accepted({ lines: LINES });
    instep.erp.clerkEdits(numberOf(key), { freight: '25.00' });
    await seen(key, (order) => codes(order).includes('ERP_EDIT'));
    await instep.repair(key, { kind: 'askOwner', owner: 'warehouse' });
    const state = await instep.until(key, ({ askedOwner }) => askedOwner === 'warehouse');
    expect(codes(state)).toEqual(['ERP_EDIT']);
  });
});

describe('shipments, invoices and credits', () => {
  test('a short pick, two shipments with tracking and their invoices reach the purchase, and the order closes', async () => {
    const key = await instep.accepted({
      lines: [...LINES, { sku: OTHER, quantity: 3, unitPrice: '19.99' }],
      shipping: { name: 'Standard shipping', net: '10.00' },
    });
    const number = numberOf(key);
    await instep.erpRuns('allocation', 'pick_release');
    instep.erp.pickShort(number, 1, 6);
    await instep.erpRuns('ship_confirm', 'invoicing');
    await seen(key, ({ units }) => units?.invoiced === 9);
    expect(packages(key)).toMatchObject([
      { type: 'incoming', units: { [SKU]: 4 } },
      { type: 'shipment', units: { [SKU]: 6, [OTHER]: 3 }, files: 1, parcels: 1 },
    ]);
    await instep.ships();
    const state = await seen(key, ({ units }) => units?.invoiced === 13);
    expect(packages(key)).toMatchObject([
      { type: 'shipment', units: { [SKU]: 6, [OTHER]: 3 } },
      { type: 'shipment', units: { [SKU]: 4 } },
    ]);
    expect(state.settlement).toMatchObject({
      ordered: '323.96',
      invoiced: '323.96',
      cancelled: '0.00',
      open: '0.00',
      lines: [],
      complete: true,
    });
    isClean();
    const [first] = instep.erp.invoices({ ordNum: number });
    instep.erp.payInvoice(first?.number ?? '');
    await instep.pollsErp();
    await instep.untilTrue(() => instep.storefront.transactions(key).length === 1, 'the payment on the purchase');
    expect(instep.storefront.transactions(key)).toMatchObject([
      { platform_id: `ERP-PAY-${first?.number}`, total: { number: first?.total }, apply_to_balance: false },
    ]);
    await expect(instep.handle(key).result()).resolves.toMatchObject({ outcome: 'closed' });
  });

  test('a late credit memo without lines still finds its closed order', async () => {
    const key = await instep.accepted({ lines: LINES });
    const number = numberOf(key);
    await instep.ships();
    await instep.until(key, ({ units }) => units?.invoiced === 10);
    await expect(instep.handle(key).result()).resolves.toMatchObject({ outcome: 'closed' });
    const [invoice] = instep.erp.invoices({ ordNum: number });
    const memo = instep.erp.creditMemo({
      ordNum: number,
      invoice: invoice?.number ?? '',
      amount: '15.00',
      namesOrder: false,
    });
    await instep.pollsErp();
    await instep.untilTrue(() => instep.storefront.transactions(key).length === 1, 'the credit on the purchase');
    expect(instep.storefront.transactions(key)).toMatchObject([
      { platform_id: `ERP-CM-${memo}`, total: { number: '-15.00' } },
    ]);
    await instep.until(key, ({ settlement }) => settlement?.credited === '15.00');
    await expect(instep.handle(key).result()).resolves.toMatchObject({ outcome: 'closed' });
    isClean();
  });

  test('credits beyond the invoices are finance’s', async () => {
    const key = await instep.accepted({ lines: LINES });
    await instep.ships();
    await instep.until(key, ({ units }) => units?.invoiced === 10);
    const [invoice] = instep.erp.invoices({ ordNum: numberOf(key) });
    instep.erp.creditMemo({ ordNum: numberOf(key), invoice: invoice?.number ?? '', amount: '500.00' });
    const state = await seen(key, (order) => codes(order).includes('INVOICE_DIFFERS'));
    expect(state.problems[0]?.says).toContain('credits beyond its invoices');
  });

  test('a house cancel of the rest is shown to the buyer and raised', async () => {
    const key = await instep.accepted({ lines: LINES });
    instep.erp.clerkEdits(numberOf(key), { cancel: { line: null, by: 'H' } });
    const state = await seen(key, (order) => codes(order).includes('ERP_EDIT'));
    expect(state.differences[0]?.differences).toMatchObject([{ field: 'quantity', shown: '0', cause: 'houseCancel' }]);
    expect(packages(key)).toMatchObject([{ type: 'cancellation', units: { [SKU]: 10 } }]);
    await instep.repair(key, { kind: 'acceptErp', alsoMore: false });
    await expect(instep.handle(key).result()).resolves.toMatchObject({ outcome: 'cancelled' });
    isClean();
  });

  test('a voided pick goes back without a trace of trouble', async () => {
    const key = await instep.accepted({ lines: LINES });
    await instep.erpRuns('allocation', 'pick_release');
    await instep.until(key, ({ units }) => units?.picked === 10);
    instep.erp.voidPick(numberOf(key));
    const state = await seen(key, ({ units }) => units?.picked === 0);
    expect(codes(state)).toEqual([]);
    expect(packages(key)).toMatchObject([{ type: 'incoming', units: { [SKU]: 10 } }]);
  });

  test('an unknown status letter keeps the last state and says so; the quantities go on', async () => {
    const key = await instep.accepted({ lines: LINES });
    instep.erp.setStatusLetter(numberOf(key), '?');
    await instep.ships();
    const state = await seen(key, ({ units }) => units?.invoiced === 10);
    expect(codes(state)).toContain('ERP_STATUS_UNKNOWN');
    expect(packages(key)).toMatchObject([{ type: 'shipment' }]);
  });

  test('an invoice that nobody saw picked is shown all the same', async () => {
    const key = await instep.accepted({ lines: LINES });
    for (const job of ['allocation', 'pick_release', 'ship_confirm', 'invoicing'] as const) instep.erp.runJob(job);
    const state = await seen(key, ({ units }) => units?.invoiced === 10);
    expect(packages(key)).toMatchObject([{ type: 'shipment', files: 1 }]);
    expect(codes(state)).toEqual([]);
  });

  test('several events of the ERP are one write to the purchase', async () => {
    const key = await instep.accepted({ lines: LINES });
    const puts = () =>
      instep.storefront.calls('PUT /api/v1/purchases/{lookupBy}/{identifier}').filter(({ path }) => path.includes(key))
        .length;
    const before = puts();
    for (const job of ['allocation', 'pick_release', 'ship_confirm', 'invoicing'] as const) instep.erp.runJob(job);
    await seen(key, ({ units }) => units?.invoiced === 10);
    expect(puts() - before).toBe(1);
  });
});

describe('a basket of two divisions', () => {
  const MIXED = [...LINES, { sku: OF_DIVISION_2, quantity: 3, unitPrice: '15.33' }];
  const orders = (key: string) =>
    [1, 2].flatMap((document) => instep.erp.liveSalesOrders(documentReference(instep.reference(key), document)));

  async function splitOrder() {
    const key = instep.checksOut({ lines: MIXED, shipping: { name: 'Standard shipping', net: '10.00' } });
    await instep.pollsPurchases();
    await instep.until(key, ({ step, others }) => step.at === 'awaiting' && others[0]?.step.at === 'awaiting');
    await instep.imports();
    await instep.atRest(key);
    return key;
  }

  test('is one ERP order for each division, to the cent, and the purchase shows the union', async () => {
    const key = await splitOrder();
    const [one, two] = orders(key);
    expect([one?.division, two?.division]).toEqual(['01', '02']);
    expect(one).toMatchObject({ tax: '42.00', freight: '10.00', total: '252.00' });
    expect(two).toMatchObject({ tax: '9.20', freight: '0.00', total: '55.19' });
    await instep.ships();
    await seen(key, ({ units, others }) => units?.invoiced === 10 && others[0]?.units?.invoiced === 3);
    expect(packages(key).filter(({ type }) => type === 'shipment')).toHaveLength(2);
    expect((await instep.state(key)).settlement).toMatchObject({ ordered: '307.19', invoiced: '307.19', lines: [] });
    isClean();
  });

  test('of which one half is refused sends that half again when it is mended, and only that', async () => {
    const key = instep.checksOut({ lines: MIXED });
    await instep.pollsPurchases();
    await instep.until(key, ({ step, others }) => step.at === 'awaiting' && others[0]?.step.at === 'awaiting');
    // Closed between preparing and importing: only the ERP can know.
    const customer = String(instep.erp.salesOrders({})[0]?.customer);
    instep.erp.setCustomer('02', customer, { active: false });
    await instep.imports();
    const state = await instep.until(key, (order) => codes(order).includes('ERP_REFUSED'));
    expect(state.stage === 'parked' || state.others.some(({ stage }) => stage === 'parked')).toBe(true);
    expect(orders(key)).toHaveLength(1);
    instep.erp.setCustomer('02', customer, { active: true });
    await instep.atRest(key);
    await instep.repair(key, { kind: 'retry' });
    await instep.until(key, (order) => order.others[0]?.step.at === 'awaiting' || order.step.at === 'awaiting');
    await instep.imports();
    await instep.until(key, (order) => order.problems.length === 0);
    expect(orders(key).map(({ division }) => division)).toEqual(['01', '02']);
    isClean();
  });

  test('cancels the order of a division whose last line goes, and enters another when one comes back', async () => {
    const key = await splitOrder();
    instep.storefront.setQuantity(key, OF_DIVISION_2, 0);
    await instep.pollsPurchases();
    await instep.until(key, ({ others }) => others[0]?.step.at === 'cancelling');
    await instep.imports();
    await instep.until(key, ({ others }) => others[0]?.step.at === 'over');
    expect(orders(key).map(({ division }) => division)).toEqual(['01']);
    await instep.atRest(key);
    instep.storefront.amend(key, (purchase) => {
      const [open] = purchase.packages;
      const [line] = open?.line_items ?? [];
      if (!open || !line) throw new Error('no line');
      open.line_items.push({
        ...structuredClone(line),
        identifiers: { sku: OF_DIVISION_2 },
        quantity: 1,
        line_total: {
          total_net: { number: '15.00', currency: 'GBP' },
          total_tax: { number: '3.00', currency: 'GBP' },
          total_gross: { number: '18.00', currency: 'GBP' },
        },
        tax_lines: [],
      });
      const tax = purchase.tax_lines?.[0];
      if (tax) tax.amount.number = (Number(tax.amount.number) + 3).toFixed(2);
    });
    await instep.pollsPurchases();
    await instep.until(key, ({ others }) =>
      others.some(({ document, step }) => document === 3 && step.at === 'awaiting'),
    );
    await instep.imports();
    await instep.until(key, ({ others }) =>
      others.some(({ document, orderNumber }) => document === 3 && orderNumber !== ''),
    );
    await instep.atRest(key);
    const third = instep.erp.liveSalesOrders(documentReference(instep.reference(key), 3));
    expect(third).toMatchObject([{ division: '02', total: '18.00' }]);
    isClean();
  });
});
