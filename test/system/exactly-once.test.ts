import { afterEach, describe, expect, test } from 'vitest';

import { controlNumber } from '../../domain/control-number.ts';
import { applySchedules, feedsOf, scheduleId } from '../../workers/schedules.ts';
import { startInstep, type Instep, type InstepOptions } from '../support/instep.ts';

const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 2, unitPrice: '20.00' }];
const POST = 'POST /api/salesOrder';

let instep: Instep;
afterEach(async () => {
  const { erp, storefront } = instep;
  expect(erp.checkInvariants()).toEqual([]);
  expect(storefront.checkInvariants()).toEqual([]);
  expect(erp.contractViolations()).toEqual([]);
  expect(storefront.contractViolations()).toEqual([]);
  await instep.stop();
});

async function given(options: InstepOptions = {}): Promise<Instep> {
  instep = await startInstep(options);
  return instep;
}

async function placed(): Promise<string> {
  const key = instep.checksOut({ lines: LINES });
  await instep.pollsPurchases();
  return key;
}

/** The order ends as exactly one sales order, whatever it went through. */
async function isInTheErpOnce(key: string): Promise<void> {
  await instep.until(key, ({ step }) => step.at === 'settled', 'the order settled in the ERP');
  expect(instep.liveOrders(key)).toHaveLength(1);
}

/** Runs the ERP's import and tells the orders, again and again, until the order is settled. */
async function importsUntilSettled(key: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    await instep.imports();
    const { step } = await instep.state(key);
    if (step.at === 'settled') return;
  }
}

describe('an answer that is lost after the ERP committed', () => {
  test('staged: the import log tells, nothing is sent again', async () => {
    await given();
    instep.erp.faults.add({ route: POST, kind: 'answerLostAfterCommit', times: 1 });
    const key = await placed();
    await instep.untilAt(key, 'unknown');
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
    expect(instep.erp.calls(POST)).toHaveLength(1);
  });

  test('staged, and the import log never shows the row: the order itself is found', async () => {
    await given();
    instep.erp.faults.add({ route: POST, kind: 'logRowMissing', times: 1 });
    instep.erp.faults.add({ route: POST, kind: 'answerLostAfterCommit', times: 1 });
    const key = await placed();
    await instep.untilAt(key, 'unknown');
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
    expect(instep.erp.calls(POST)).toHaveLength(1);
  });

  test('direct mode: the order is found and adopted', async () => {
    await given({
      erp: { writeMode: 'direct' },
      site: (site) => ({ ...site, erp: { ...site.erp, writeMode: 'direct' } }),
    });
    instep.erp.faults.add({ route: POST, kind: 'answerLostAfterCommit', times: 1 });
    const key = await placed();
    await isInTheErpOnce(key);
    expect(instep.erp.calls(POST)).toHaveLength(1);
  });

  test('with the control-number fence switched off in the ERP it is still one order', async () => {
    await given({ erp: { controlNumberFence: false } });
    instep.erp.faults.add({ route: POST, kind: 'answerLostAfterCommit', times: 1 });
    const key = await placed();
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
  });
});

describe('a post whose outcome nobody knows', () => {
  test('that never arrived goes again only after something staged later was finished', async () => {
    await given();
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
    await given();
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
    await given({ erp: { controlNumberFence: false } });
    instep.erp.faults.add({ route: POST, kind: 'lateArrival', afterMs: 2_000, times: 1 });
    const key = await placed();
    await instep.untilAt(key, 'unknown');
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
    expect(instep.erp.calls(POST)).toHaveLength(1);
  });
});

describe('a worker killed with SIGKILL', () => {
  test('before it submitted: the order goes on and is sent once', async () => {
    await given({ workers: 1 });
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
    await given();
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
    await given();
    const key = await placed();
    await instep.untilAt(key, 'awaiting');
    await instep.killWorkers();
    await instep.startWorker();
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
  });

  test('during the write-back: the purchase gets its number once it is back', async () => {
    await given();
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
    await given({ workers: 2 });
    const keys = Array.from({ length: 8 }, () => instep.checksOut({ lines: LINES }));
    await Promise.all([instep.pollsPurchases(), instep.pollsPurchases()]);
    for (const key of keys) await instep.untilAt(key, 'awaiting');
    await instep.imports();
    for (const key of keys) await isInTheErpOnce(key);
  });
});

describe('trouble that passes', () => {
  test.each([
    ['429 with Retry-After in seconds', { kind: 'status', status: 429, retryAfter: '1', times: 3 }],
    ['429 with Retry-After as a date', { kind: 'status', status: 429, retryAfter: { httpDateIn: 1 }, times: 2 }],
    ['a 503 storm', { kind: 'status', status: 503, times: 4 }],
    ['HTML with 200', { kind: 'html200', times: 3 }],
    ['an error inside a 200', { kind: 'errorShape', shape: 1, status: 200, code: 'JOB_RUNNING', times: 3 }],
  ] as const)('%s on the looks: the order waits and goes in once', async (_, fault) => {
    await given();
    instep.erp.faults.add({ route: 'GET /api/importLog', ...fault });
    const key = await placed();
    await instep.untilAt(key, 'awaiting');
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
  });

  test('JOB_RUNNING on the post is a definite no: it goes again by itself', async () => {
    await given();
    instep.erp.faults.add({ route: POST, kind: 'errorShape', shape: 1, status: 200, code: 'JOB_RUNNING', times: 1 });
    const key = await placed();
    await instep.untilAt(key, 'awaiting');
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
  });

  test('a storefront token that expires under way is renewed', async () => {
    await given();
    await placed();
    instep.storefront.expireTokens();
    const key = await placed();
    await instep.untilAt(key, 'awaiting');
  });

  test('both ERP keys refused: the feed stops with one clear problem and resumes after the repair', async () => {
    await given();
    instep.erp.revokeKeys('both');
    await expect(instep.pollsErp()).rejects.toMatchObject({ cause: { cause: { type: 'CREDENTIALS_REFUSED' } } });
    instep.erp.restoreKeys();
    await instep.untilPollsErp();
    const key = await placed();
    await instep.untilAt(key, 'awaiting');
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
  });

  test('an import job that stalls raises an alarm and is never answered with a second post', async () => {
    await given();
    instep.erp.stallJob('order_import');
    const key = await placed();
    const waiting = await instep.until(
      key,
      ({ problems }) => problems.some(({ code }) => code === 'IMPORT_OVERDUE'),
      'IMPORT_OVERDUE',
    );
    expect(waiting.step.at).toBe('awaiting');
    expect(instep.erp.calls(POST)).toHaveLength(1);
    instep.erp.resumeJob('order_import');
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
    expect((await instep.state(key)).problems).toEqual([]);
  });
});

describe('lists that move', () => {
  test('rows that move while pages are read: no purchase is missed and none is doubled', async () => {
    await given({ site: (site) => ({ ...site, intake: { ...site.intake, pageSize: 5 } }) });
    instep.storefront.faults.add({ kind: 'rowsMoveWhilePaging', rows: 2, times: 2 });
    instep.storefront.faults.add({ kind: 'repeatRow', times: 1 });
    const keys = Array.from({ length: 13 }, () => instep.checksOut({ lines: LINES }));
    const { stats } = await instep.pollsPurchases();
    expect(stats.rounds).toBeGreaterThan(1);
    for (const key of keys) await instep.untilAt(key, 'awaiting');
    await instep.imports();
    for (const key of keys) await isInTheErpOnce(key);
  });

  test('changes of one second on both sides of a poll are all told', async () => {
    const frozen = new Date();
    await given({ erp: { clock: () => frozen } });
    const first = await placed();
    await instep.untilAt(first, 'awaiting');
    await instep.imports();
    await isInTheErpOnce(first);
    // Everything of the ERP carries the same stamp from here on, as within one second.
    const second = await placed();
    await instep.untilAt(second, 'awaiting');
    await importsUntilSettled(second);
    await isInTheErpOnce(second);
  });
});

describe('numbers and references', () => {
  test('a control number that is somebody else’s takes the next one', async () => {
    await given();
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
    await given();
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
      feedsOf(instep.site).map(({ name }) => instep.client.schedule.getHandle(scheduleId(name, instep.name)).delete()),
    );
  });

  test('an order changed while it is being submitted goes as it is now, once', async () => {
    await given();
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
