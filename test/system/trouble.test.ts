import { describe, expect, test } from 'vitest';

import { aSiteForEachTest, LINES, POST } from '../support/a-site-for-each-test.ts';

const { given, placed, isInTheErpOnce, importsUntilSettled } = aSiteForEachTest();

describe('trouble that passes', () => {
  test.each([
    ['429 with Retry-After in seconds', { kind: 'status', status: 429, retryAfter: '1', times: 3 }],
    ['429 with Retry-After as a date', { kind: 'status', status: 429, retryAfter: { httpDateIn: 1 }, times: 2 }],
    ['a 503 storm', { kind: 'status', status: 503, times: 4 }],
    ['HTML with 200', { kind: 'html200', times: 3 }],
    ['an error inside a 200', { kind: 'errorShape', shape: 1, status: 200, code: 'JOB_RUNNING', times: 3 }],
  ] as const)('%s on the looks: the order waits and goes in once', async (_, fault) => {
    const instep = await given();
    instep.erp.faults.add({ route: 'GET /api/importLog', ...fault });
    const key = await placed();
    await instep.untilAt(key, 'awaiting');
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
  });

  test('JOB_RUNNING on the post is a definite no: it goes again by itself', async () => {
    const instep = await given();
    instep.erp.faults.add({ route: POST, kind: 'errorShape', shape: 1, status: 200, code: 'JOB_RUNNING', times: 1 });
    const key = await placed();
    await instep.untilAt(key, 'awaiting');
    await importsUntilSettled(key);
    await isInTheErpOnce(key);
  });

  test('a storefront token that expires under way is renewed', async () => {
    const instep = await given();
    await placed();
    instep.storefront.expireTokens();
    const key = await placed();
    await instep.untilAt(key, 'awaiting');
  });

  test('both ERP keys refused: the feed stops with one clear problem and resumes after the repair', async () => {
    const instep = await given();
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
    const instep = await given();
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
    const instep = await given({ site: (site) => ({ ...site, intake: { ...site.intake, pageSize: 5 } }) });
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
    const instep = await given({ erp: { clock: () => frozen } });
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
