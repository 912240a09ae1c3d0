import { describe, expect, test } from 'vitest';

import { controlNumber } from '../../domain/control-number.ts';
import { applySchedules, feedsOf, scheduleId } from '../../workers/schedules.ts';
import { aSiteForEachTest, LINES, POST } from '../support/a-site-for-each-test.ts';

const { given, placed, isInTheErpOnce, importsUntilSettled } = aSiteForEachTest();

describe('an answer that is lost after the ERP committed', () => {
  test('staged: the import log tells, nothing is sent again', async () => {
    const instep = await given();
    instep.erp.faults.add({ route: POST, kind: 'answerLostAfterCommit', times: 1 });
    const key = await placed();
    await instep.untilAt(key, 'unknown');
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
    expect(instep.erp.calls(POST)).toHaveLength(1);
  });

  test('staged, and the import log never shows the row: the order itself is found', async () => {
    const instep = await given();
    instep.erp.faults.add({ route: POST, kind: 'logRowMissing', times: 1 });
    instep.erp.faults.add({ route: POST, kind: 'answerLostAfterCommit', times: 1 });
    const key = await placed();
    await instep.untilAt(key, 'unknown');
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
    expect(instep.erp.calls(POST)).toHaveLength(1);
  });

  test('direct mode: the order is found and adopted', async () => {
    const instep = await given({
      erp: { writeMode: 'direct' },
      site: (site) => ({ ...site, erp: { ...site.erp, writeMode: 'direct' } }),
    });
    instep.erp.faults.add({ route: POST, kind: 'answerLostAfterCommit', times: 1 });
    const key = await placed();
    await isInTheErpOnce(key);
    expect(instep.erp.calls(POST)).toHaveLength(1);
  });

  test('with the control-number fence switched off in the ERP it is still one order', async () => {
    const instep = await given({ erp: { controlNumberFence: false } });
    instep.erp.faults.add({ route: POST, kind: 'answerLostAfterCommit', times: 1 });
    const key = await placed();
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
  });
});

describe('a post whose outcome nobody knows', () => {
  test('that never arrived goes again only after something staged later was finished', async () => {
    const instep = await given();
    instep.erp.faults.add({ route: POST, kind: 'timeoutBeforeCommit', times: 1 });
    const lost = await placed();
    await instep.untilAt(lost, 'unknown');
    const later = await placed();
    await instep.until(lost, ({ step }) => step.at === 'unknown' && step.watermark !== null, 'the watermark is set');
    const latest = await placed();
    for (const key of [later, latest]) await instep.untilAt(key, 'awaiting');
    await importsUntilSettled(latest);
    await instep.until(lost, ({ step }) => step.at === 'awaiting', 'sent again');
    await importsUntilSettled(lost);
    await isInTheErpOnce(lost);
    expect(instep.erp.calls(POST).length).toBeGreaterThanOrEqual(3);
  });

  test('without evidence it waits for a person, who says that it is not there', async () => {
    const instep = await given();
    instep.erp.faults.add({ route: POST, kind: 'timeoutBeforeCommit', times: 1 });
    const key = await placed();
    const waiting = await instep.until(
      key,
      ({ problems }) => problems.some(({ code }) => code === 'OUTCOME_UNKNOWN'),
      'OUTCOME_UNKNOWN',
    );
    expect(waiting.stage).toBe('parked');
    expect(instep.erp.calls(POST)).toHaveLength(1);
    await instep.repair(key, { kind: 'sendAnyway' });
    await instep.untilAt(key, 'awaiting');
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
  });

  test('that arrives after its caller gave up is found, not sent a second time', async () => {
    const instep = await given({ erp: { controlNumberFence: false } });
    instep.erp.faults.add({ route: POST, kind: 'lateArrival', afterMs: 2_000, times: 1 });
    const key = await placed();
    await instep.untilAt(key, 'unknown');
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
    expect(instep.erp.calls(POST)).toHaveLength(1);
  });
});

describe('numbers and references', () => {
  test('a control number that is somebody else’s takes the next one', async () => {
    const instep = await given();
    const key = instep.checksOut({ lines: LINES });
    const reference = instep.reference(key);
    instep.erp.occupyControlNumber(
      instep.site.erp.fields.vndId,
      controlNumber({ site: instep.name, reference, revision: 1, attempt: 1 }),
    );
    await instep.pollsPurchases();
    await instep.untilAt(key, 'awaiting');
    await instep.imports();
    await instep.until(
      key,
      ({ attempt, step }) => attempt === 2 && step.at === 'awaiting',
      'sent under the next number',
    );
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
  });

  test('a reference that the ERP cuts is noticed on acceptance', async () => {
    const instep = await given();
    await applySchedules(instep.client, instep.site);
    const intake = instep.client.schedule.getHandle(scheduleId('poll-purchases', instep.name));
    instep.erp.faults.add({ route: POST, kind: 'valueCut', field: 'udford1c', length: 20, times: 1 });
    const key = await placed();
    await instep.untilAt(key, 'awaiting');
    await importsUntilSettled(key);
    const state = await instep.until(
      key,
      ({ problems }) => problems.some(({ code }) => code === 'REFERENCE_CUT'),
      'REFERENCE_CUT',
    );
    expect(state.facts.orderNumber).not.toBe('');
    expect(instep.liveOrders(key)).toHaveLength(1);
    expect((await intake.describe()).state).toMatchObject({ paused: true, note: expect.stringContaining('reference') });
    await Promise.all(
      feedsOf(instep.site)
        .filter(({ isOn }) => isOn)
        .map(({ name }) => instep.client.schedule.getHandle(scheduleId(name, instep.name)).delete()),
    );
  });

  test('an order changed while it is being submitted goes as it is now, once', async () => {
    const instep = await given();
    instep.erp.faults.add({ route: 'GET /api/importLog', kind: 'slow', ms: 1_000, times: 1 });
    const key = await placed();
    await instep.untilTrue(() => instep.erp.calls('GET /api/importLog').length > 0, 'the look before the post');
    instep.storefront.setQuantity(key, 'AC-1001-BLK-M', 5);
    await instep.untilAt(key, 'awaiting');
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
    expect(instep.liveOrders(key)).toMatchObject([{ lines: [{ ordered: 5 }] }]);
    expect(instep.erp.calls(POST)).toHaveLength(1);
  });
});

describe('a purchase that the storefront gave no id', () => {
  test('is one order by its visible number, also when a platform gives it an id while the ERP decides', async () => {
    const instep = await given();
    const { storefront } = instep;
    const placedAs = instep.checksOut({ lines: LINES });
    const purchase = storefront.purchase(placedAs);
    storefront.remove(placedAs);
    storefront.place({ ...purchase, purchase_identifiers: { visible: '900' } });
    const key = 'visible:900';
    await instep.pollsPurchases();
    await instep.untilAt(key, 'awaiting');
    storefront.amend('900', ({ purchase_identifiers: identifiers }) => void (identifiers.platform = '77'));
    await instep.pollsPurchases();
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
    expect(instep.erp.calls(POST)).toHaveLength(1);
    await expect(instep.handle('platform:77').describe()).rejects.toThrow('not found');

    // Under another number it is not found any more: people decide, although the site cancels what is withdrawn.
    await instep.atRest(key);
    storefront.amend('900', ({ purchase_identifiers: identifiers }) => void (identifiers.visible = '901'));
    await instep.sweeps();
    const state = await instep.until(
      key,
      ({ problems }) => problems.some(({ code }) => code === 'WITHDRAWN'),
      'parked',
    );
    expect(state.problems[0]?.says).toContain('its number may have changed');
    expect(instep.liveOrders(key)).toHaveLength(1);
  });
});
