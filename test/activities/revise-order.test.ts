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
