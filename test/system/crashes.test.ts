import { describe, expect, test } from 'vitest';

import { aSiteForEachTest, LINES, POST } from '../support/a-site-for-each-test.ts';

const { given, placed, isInTheErpOnce, importsUntilSettled } = aSiteForEachTest();

describe('a worker killed with SIGKILL', () => {
  test('before it submitted: the order goes on and is sent once', async () => {
    const instep = await given({ workers: 1 });
    instep.erp.faults.add({ route: 'GET /api/importLog', kind: 'hang', ms: 60_000, times: 1 });
    const key = await placed();
    await instep.untilTrue(() => instep.erp.calls('GET /api/importLog').length > 0, 'the look before the post');
    await instep.killWorkers();
    await instep.startWorker();
    await instep.untilAt(key, 'awaiting');
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
  });

  test('after the ERP committed and before the activity returned: nothing is sent again', async () => {
    const instep = await given({ workers: 1 });
    instep.erp.faults.add({ route: POST, kind: 'slowAfterCommit', ms: 60_000, times: 1 });
    const key = await placed();
    await instep.untilTrue(
      () => instep.erp.importLog({ reference: instep.reference(key) }).length > 0 || instep.erp.calls(POST).length > 0,
      'the post at the ERP',
    );
    await instep.killWorkers();
    await instep.startWorker();
    await instep.until(
      key,
      ({ step }) => step.at === 'awaiting' || step.at === 'unknown' || step.at === 'settled',
      'the order looked',
    );
    await importsUntilSettled(key);
    await instep.until(
      key,
      ({ step, problems }) => step.at === 'settled' || problems.some(({ code }) => code === 'OUTCOME_UNKNOWN'),
      'settled or asking',
    );
    expect(instep.liveOrders(key).length).toBeLessThanOrEqual(1);
    expect(instep.erp.calls(POST).filter(({ status }) => status !== 0).length).toBeLessThanOrEqual(1);
  });

  test('while the import is awaited', async () => {
    const instep = await given({ workers: 1 });
    const key = await placed();
    await instep.untilAt(key, 'awaiting');
    await instep.killWorkers();
    await instep.startWorker();
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
  });

  test('during the write-back: the purchase gets its number once it is back', async () => {
    const instep = await given({ workers: 1 });
    const key = await placed();
    await instep.untilAt(key, 'awaiting');
    instep.storefront.faults.add({ route: 'PUT /api/v1/purchases/{id}', kind: 'hang', ms: 60_000, times: 1 });
    instep.erp.runJob('order_import');
    await instep.pollsErp();
    await instep.untilTrue(() => instep.storefront.calls('PUT /api/v1/purchases/{id}').length > 0, 'the write-back');
    await instep.killWorkers();
    await instep.startWorker();
    await isInTheErpOnce(key);
    expect(instep.storefront.purchase(key)?.purchase_identifiers.internal).toBe(instep.liveOrders(key)[0]?.ordNum);
  });

  test('two workers at once send each order once', async () => {
    const instep = await given({ workers: 2 });
    const keys = Array.from({ length: 8 }, () => instep.checksOut({ lines: LINES }));
    await Promise.all([instep.pollsPurchases(), instep.pollsPurchases()]);
    for (const key of keys) await instep.untilAt(key, 'awaiting');
    await instep.imports();
    for (const key of keys) await isInTheErpOnce(key);
  });
});
