import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createSalesOrderActivities } from '../../activities/sales-order-activities.ts';
import type { SubmissionOutcome } from '../../domain/order-state.ts';
import type { PreparedSalesOrder } from '../../domain/sales-order.ts';
import { asActivity, startSteps, type Steps } from '../support/steps.ts';

const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' }];
const POST = 'POST /api/salesOrder';

describe.each(['numbered', 'unnumbered'] as const)(
  'an ERP that lists its writes among the orders, %s',
  (showsWrites) => {
    let steps: Steps;
    beforeAll(async () => {
      steps = await startSteps({ erp: { showsWrites } });
    });
    afterAll(() => steps.stop());

    /** An order whose post has left; what another attempt of the step says of it. */
    async function aPostedOrder(): Promise<{
      readonly order: PreparedSalesOrder;
      readonly again: () => Promise<SubmissionOutcome>;
    }> {
      const prepared = await steps.prepared({ lines: LINES });
      const activities = createSalesOrderActivities(steps.dependencies);
      const permission = { kind: 'first' } as const;
      const input = { ...prepared, document: 1, permission, revision: 1, attempt: 1 } as const;
      const submit = async (attempt: number) =>
        (await asActivity(() => activities.submitSalesOrder(input), attempt)).outcome;
      expect(await submit(1)).toMatchObject({ kind: 'staged' });
      return { order: prepared.order, again: () => submit(2) };
    }

    test('a staged write is followed, not adopted', async () => {
      const { again } = await aPostedOrder();
      expect(await again()).toMatchObject({ kind: 'staged' });
      steps.erp.runJob('order_import');
      expect(await again()).toMatchObject({ kind: 'accepted', how: 'adopted' });
    });

    test('a rejected write is a refusal, not an order', async () => {
      steps.erp.faults.add({ kind: 'importRefused', route: POST, code: 'INV_TERMS' });
      const { again } = await aPostedOrder();
      steps.erp.runJob('order_import');
      expect(await again()).toMatchObject({ kind: 'refused', faults: [{ code: 'INV_TERMS' }] });
    });

    test('a repeat that is staged beside the order makes no two orders of it', async () => {
      const { order, again } = await aPostedOrder();
      steps.erp.runJob('order_import');
      await steps.enters(order, '000000777');
      const [entered] = steps.erp.liveSalesOrders(order.reference);
      expect(await again()).toMatchObject({ kind: 'accepted', orderNumber: entered?.ordNum });
    });
  },
);
