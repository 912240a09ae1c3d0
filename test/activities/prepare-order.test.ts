import { afterAll, beforeAll, expect, test } from 'vitest';

import { prepareOrder } from '../../activities/prepare-order.ts';
import { startSteps, type Steps } from '../support/steps.ts';

let steps: Steps;
beforeAll(async () => {
  steps = await startSteps();
});
afterAll(() => steps.stop());

test('a purchase that is in the ERP under a number it no longer has is not sent again: people decide', async () => {
  const { key, reference, documents } = await steps.accepted({
    lines: [{ sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' }],
  });
  const prepare = () => {
    const call = { signal: new AbortController().signal, deadline: Date.now() + 20_000 };
    return prepareOrder(steps.dependencies, { key, reference, customerOverride: null }, call);
  };
  expect(await prepare()).toMatchObject({ kind: 'alreadyInErp' });
  steps.storefront.amend(key, (purchase) => {
    for (const entry of purchase.metadata ?? []) entry.value = (entry.value ?? '').replace(key, 'visible:B2B01123');
  });
  const says = `ERP order ${documents[0]?.orderNumber} was entered for this purchase as visible:B2B01123, a number that it no longer has.`;
  expect(await prepare()).toMatchObject({ kind: 'impossible', problems: [{ code: 'DUPLICATE_IN_ERP', says }] });
});
