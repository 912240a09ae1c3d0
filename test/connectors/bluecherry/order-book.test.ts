import { afterAll, beforeAll, expect, test } from 'vitest';

import type { ErpDocument } from '../../../domain/proof/match-documents.ts';
import { startSteps, type Steps } from '../../support/steps.ts';

const ORDERS = 'GET /api/salesOrder';

let steps: Steps;
beforeAll(async () => {
  steps = await startSteps();
});
afterAll(() => steps.stop());

async function rows(): Promise<readonly ErpDocument[]> {
  const call = { signal: new AbortController().signal, deadline: Date.now() + 20_000, priority: 'status' } as const;
  return steps.dependencies.bluecherry.orderBook.rows(call);
}

test('it tells when its last good reading began, and nothing before the first', async () => {
  const { orderBook } = steps.dependencies.bluecherry;
  expect(orderBook.readAt()).toBeNull();
  const begin = new Date().toISOString();
  await rows();
  const first = orderBook.readAt() ?? '';
  expect(first >= begin && first <= new Date().toISOString()).toBe(true);
  steps.erp.faults.add({ kind: 'status', status: 400, route: ORDERS, times: 99 });
  await expect(rows()).rejects.toThrow('ERP_REFUSED');
  expect(orderBook.readAt()).toBe(first);
  steps.erp.faults.clear();
});

test('it has our orders with the worth of what is not cancelled, and after the first reading asks only for what changed', async () => {
  const lines = [
    { sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' },
    { sku: 'AC-1001-BLK-L', quantity: 5, unitPrice: '20.00' },
  ];
  const { key, reference } = await steps.accepted({ lines, shipping: { name: 'Standard shipping', net: '10.00' } });
  const total = () => Number(steps.storefront.purchase(key)?.calculated_total?.number);
  const [whole, ...others] = await rows();
  expect(others).toEqual([]);
  expect(whole).toMatchObject({ altPo: reference, referenceField: reference, currency: 'GBP', units: 15 });
  expect(Number(whole?.value)).toBe(total());

  const callsBefore = steps.erp.calls(ORDERS).length;
  steps.erp.clerkEdits(whole?.orderNumber ?? '', { cancel: { line: 2 } });
  steps.storefront.setQuantity(key, 'AC-1001-BLK-L', 0);
  const [part] = await rows();
  expect(part).toMatchObject({ units: 10 });
  expect(Number(part?.value)).toBe(total());
  expect(steps.erp.calls(ORDERS).length - callsBefore).toBeLessThanOrEqual(2);

  steps.erp.clerkEdits(whole?.orderNumber ?? '', { cancel: { line: null } });
  const [cancelled] = await rows();
  expect(cancelled).toMatchObject({ status: 'cancelled_house', units: 0, value: '0' });
  expect(steps.erp.contractViolations()).toEqual([]);
});
