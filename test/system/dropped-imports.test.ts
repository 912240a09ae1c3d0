import { describe, expect, test } from 'vitest';

import { aSiteForEachTest, LINES, POST } from '../support/a-site-for-each-test.ts';
import type { Instep } from '../support/instep.ts';

const { given, placed, isInTheErpOnce, importsUntilSettled } = aSiteForEachTest();

describe('what the ERP took in, and its import job drops without a word', () => {
  const drop = (instep: Instep) => {
    instep.erp.faults.add({ route: POST, kind: 'logRowMissing', times: 1 });
    instep.erp.faults.add({ route: POST, kind: 'importRefused', code: 'REC_LOCKED', times: 1 });
  };

  test('an amendment comes out by itself once something taken in later is finished', async () => {
    const instep = await given();
    const key = await instep.accepted({ lines: LINES });
    drop(instep);
    instep.storefront.setQuantity(key, 'AC-1001-BLK-M', 5);
    await instep.pollsPurchases();
    const dropped = await instep.untilAt(key, 'replacing');
    await instep.imports();
    await instep.accepted({ lines: LINES });
    await instep.until(
      key,
      ({ step, revision }) => step.at === 'replacing' && revision > dropped.revision,
      'sent under the next revision',
    );
    await instep.imports();
    const state = await instep.atRest(key);
    expect(state.problems).toEqual([]);
    expect(instep.liveOrders(key)).toMatchObject([{ lines: [{ ordered: 5 }] }]);
  });

  test('an order goes again once, and only when something later still is finished', async () => {
    const instep = await given();
    drop(instep);
    const key = await placed();
    await instep.untilAt(key, 'awaiting');
    await instep.imports();
    await instep.accepted({ lines: LINES });
    await instep.until(key, ({ step }) => step.at === 'unknown' && step.watermark !== null, 'the watermark is set');
    expect(instep.erp.calls(POST)).toHaveLength(2);
    await instep.accepted({ lines: LINES });
    await instep.untilAt(key, 'awaiting');
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
    expect((await instep.state(key)).problems).toEqual([]);
  });

  test('an order without such evidence waits for a person, who says that it is not there', async () => {
    const instep = await given();
    drop(instep);
    const key = await placed();
    await instep.untilAt(key, 'awaiting');
    await instep.imports();
    await instep.until(key, ({ problems }) => problems.some(({ code }) => code === 'IMPORT_OVERDUE'), 'IMPORT_OVERDUE');
    expect(instep.erp.calls(POST)).toHaveLength(1);
    await instep.repair(key, { kind: 'sendAnyway' });
    await instep.untilTrue(() => instep.erp.calls(POST).length > 1, 'sent again');
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
  });
});
