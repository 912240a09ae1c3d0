import { afterAll, beforeAll, expect, test } from 'vitest';

import { createPurchaseActivities } from '../../activities/purchase-activities.ts';
import { asActivity, startSteps, type Steps } from '../support/steps.ts';

const ACT = { actor: 'ada', reason: 'sent by hand' } as const;
const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' }];

let steps: Steps;
beforeAll(async () => {
  steps = await startSteps();
});
afterAll(() => steps.stop());

function closing(key: string): Promise<void> {
  const activities = createPurchaseActivities(steps.dependencies);
  return asActivity(() => activities.recordClosing({ key, outcome: 'closed', act: ACT, orderNumbers: [] }));
}

test('a closing that the storefront forbids to note is no closing', async () => {
  const key = String(steps.storefront.checkout({ lines: LINES }).purchase_identifiers.sparklayer);
  const undo = steps.storefront.faults.add({
    kind: 'status',
    status: 403,
    body: 'empty',
    route: 'PUT /api/v1/purchases/{id}',
  });
  await expect(closing(key)).rejects.toMatchObject({ type: 'WRITE_BACK_REFUSED', nonRetryable: true });
  undo();
  await closing(key);
  expect(JSON.stringify(steps.storefront.purchase(key)?.metadata)).toContain('sent by hand');
});
