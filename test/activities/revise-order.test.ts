import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { remembered, startSteps, type Remembered, type Steps } from '../support/steps.ts';

const SKU = 'AC-1001-BLK-M';
const LINES = [{ sku: SKU, quantity: 10, unitPrice: '20.00' }];

let steps: Steps;
beforeAll(async () => {
  steps = await startSteps();
});
afterAll(() => steps.stop());

const numberOf = ({ documents }: Remembered) => documents[0]?.orderNumber ?? '';

describe('no second ERP order', () => {
  test('is planned because the ERP does not show the first one', async () => {
    const order = await steps.accepted({ lines: LINES });
    const documents = order.documents.map((facts) => ({ ...facts, orderNumber: '999999' }));
    steps.storefront.setQuantity(order.key, SKU, 7);
    expect(await steps.revise({ ...order, documents })).toMatchObject({
      kind: 'impossible',
      problems: [{ code: 'ERP_REFUSED', says: 'The ERP does not show order 999999 any more.' }],
    });
  });

  test('is planned because the house cancelled the first one and the buyer changed it in that moment', async () => {
    const order = await steps.accepted({ lines: LINES });
    steps.erp.clerkEdits(numberOf(order), { cancel: { line: null, by: 'H' } });
    steps.storefront.setQuantity(order.key, SKU, 12);
    expect(await steps.revise(order)).toMatchObject({
      plans: [{ document: 1, plan: { kind: 'park', problem: { code: 'EDIT_CONFLICT' } } }],
    });
    // That is a person's decision.
    expect(await steps.revise(order, { anyway: true, prefer: 'storefront' })).toMatchObject({
      plans: [{ document: 2, plan: { kind: 'send', order: { reference: `${order.reference}.2` } } }],
    });
  });

  test('but a new one is planned when both sides agreed that the first is cancelled', async () => {
    const order = await steps.accepted({ lines: LINES });
    steps.erp.clerkEdits(numberOf(order), { cancel: { line: null, by: 'H' } });
    const accept = { kind: 'acceptErp', alsoMore: false, act: { actor: 'a@b', reason: 'r' } } as const;
    const over = remembered(order, await steps.follow(order, { accept }));
    steps.storefront.amend(order.key, ({ packages }) => {
      for (const parcel of packages) parcel.type = 'incoming';
    });
    expect(await steps.revise(over)).toMatchObject({ plans: [{ document: 2, plan: { kind: 'send' } }] });
  });

  test('is planned because a clerk moved the first one to another division', async () => {
    const order = await steps.accepted({ lines: LINES });
    steps.erp.clerkEdits(numberOf(order), { header: { division: '02' } });
    steps.storefront.setQuantity(order.key, SKU, 7);
    expect(await steps.revise(order)).toMatchObject({
      plans: [{ document: 1, plan: { kind: 'park', problem: { code: 'EDIT_CONFLICT' } } }],
    });
  });
});

describe('a document that a run opened anew knows by its number only', () => {
  const OF_DIVISION_2 = 'MN-2001-OLV-M';
  const lines = [...LINES, { sku: OF_DIVISION_2, quantity: 3, unitPrice: '15.33' }];

  test('is looked for under that number when its division is wanted', async () => {
    const order = await steps.accepted({ lines });
    const documents = order.documents.map((facts, index) => ({
      ...facts,
      sent: null,
      ...(index === 1 ? { division: '', orderNumber: '', agreed: null } : {}),
    }));
    expect(await steps.revise({ ...order, documents }, { anyway: true })).toMatchObject({
      plans: [
        { document: 1, plan: { kind: 'same' } },
        { document: 2, division: '02', plan: { kind: 'send', order: { reference: `${order.reference}.2` } } },
      ],
    });
  });

  test('is taken once: the next division without a document gets a new number', async () => {
    const order = await steps.accepted({ lines });
    const documents = order.documents.slice(0, 1).map((facts) => ({
      ...facts,
      division: '',
      orderNumber: '',
      sent: null,
      agreed: null,
    }));
    expect(await steps.revise({ ...order, documents }, { anyway: true })).toMatchObject({
      plans: [{ document: 1 }, { document: 2, plan: { order: { reference: `${order.reference}.2` } } }],
    });
  });
});

test('a document that is over and that the ERP has forgotten keeps no change of the others back', async () => {
  const order = await steps.accepted({ lines: LINES });
  const [first] = order.documents;
  if (!first) throw new Error('no document');
  const forgotten = { ...first, document: 2, division: '02', orderNumber: '999999' };
  steps.storefront.setQuantity(order.key, SKU, 7);
  const over = { ...order, documents: [first, { ...forgotten, place: 'over' } as const] };
  expect(await steps.revise(over)).toMatchObject({ plans: [{ document: 1, plan: { kind: 'replace' } }] });
  const live = { ...order, documents: [first, forgotten] };
  expect(await steps.revise(live)).toMatchObject({ kind: 'impossible' });
});

test('a purchase whose type nobody knows is for people: nothing is concluded from it', async () => {
  const order = await steps.accepted({ lines: LINES });
  steps.storefront.setType(order.key, 'subscription');
  expect(await steps.revise(order)).toMatchObject({
    kind: 'impossible',
    problems: [{ code: 'TYPE_UNKNOWN', about: 'subscription' }],
  });
});

describe('a purchase that is not found any more', () => {
  test('is withdrawn, and its order cancelled where the site says so', async () => {
    const order = await steps.accepted({ lines: LINES });
    steps.storefront.remove(order.key);
    expect(await steps.revise(order)).toMatchObject({ kind: 'withdrawn', verdict: 'cancel' });
  });

  test.each(['visible:SL-100', 'platform:55'])(
    'as %s may be there under another number: that is for people',
    async (key) => {
      const order = await steps.accepted({ lines: LINES });
      const outcome = await steps.revise({ ...order, key });
      expect(outcome).toMatchObject({ kind: 'withdrawn', verdict: 'park', why: expect.stringContaining(key) });
    },
  );
});

describe('our own write', () => {
  test('that the worker did not live to tell of is no amendment: the purchase itself proves whose it is', async () => {
    const order = await steps.accepted({ lines: LINES });
    steps.ships();
    // Told of the shipment, the purchase has other packages; the order still remembers what it read before.
    expect(await steps.follow(order)).toMatchObject({ purchase: { kind: 'written' } });
    expect(steps.packages(order.key)).toMatchObject([{ type: 'shipment' }]);
    expect(await steps.revise(order)).toMatchObject({ kind: 'unchanged' });
    expect(await steps.follow(order)).toMatchObject({ purchase: { kind: 'written' } });
  });

  test('is an amendment again where somebody puts the purchase back to it', async () => {
    const order = await steps.accepted({ lines: LINES });
    const earlier = structuredClone(steps.storefront.purchase(order.key));
    steps.storefront.setQuantity(order.key, SKU, 12);
    const outcome = await steps.revise(order);
    if (outcome.kind !== 'planned') throw new Error(outcome.kind);
    const { fingerprint } = outcome.purchase;
    const amended = remembered(order, await steps.follow({ ...order, fingerprint }));
    steps.storefront.amend(order.key, (purchase) => void Object.assign(purchase, earlier));
    expect(await steps.revise(amended)).toMatchObject({ kind: 'planned' });
  });

  test('with a buyer’s edit on top is one', async () => {
    const order = await steps.accepted({ lines: LINES });
    steps.storefront.amend(order.key, (purchase) => void (purchase.customer_reference = 'PO-OTHER'));
    expect(await steps.follow(order)).toMatchObject({ purchase: { kind: 'amended' } });
    expect(await steps.revise(order)).toMatchObject({ kind: 'planned' });
  });
});
