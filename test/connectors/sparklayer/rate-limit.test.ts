import { afterEach, beforeEach, expect, test } from 'vitest';

import { startScriptedStorefront, type ScriptedStorefront } from './scripted-storefront.ts';
import { aCall, aClock, aNote, aWirePurchase, connect, KEY } from './support.ts';

let storefront: ScriptedStorefront;
let sparklayer: ReturnType<typeof connect>;
const clock = aClock('2026-01-06T10:00:00Z');

beforeEach(async () => {
  storefront = await startScriptedStorefront(() => ({ body: aWirePurchase() }));
  sparklayer = connect(storefront.url, {}, clock);
});
afterEach(async () => {
  await sparklayer.close();
  await storefront.close();
});

const read = (milliseconds?: number, signal?: AbortSignal) => sparklayer.getPurchase(KEY, aCall(milliseconds, signal));

function refuseFirst(retryAfter?: string, date = 'Tue, 06 Jan 2026 10:00:00 GMT') {
  storefront.answers((_, number) =>
    number === 1
      ? { status: 429, headers: { date, ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }) } }
      : { body: aWirePurchase() },
  );
}

test.each([
  ['seconds', '30', 30_000],
  ['a part of a second', '0.25', 250],
])('a 429 that names %s is waited for as long', async (_, retryAfter, retryAfterMs) => {
  refuseFirst(retryAfter);
  await expect(read()).rejects.toMatchObject({ code: 'RATE_LIMITED', fate: 'wait', status: 429, retryAfterMs });
});

test.each([
  ['10 s behind ours', 'Tue, 06 Jan 2026 09:59:50 GMT', 'Tue, 06 Jan 2026 09:59:55 GMT', 5_000],
  ['an hour ahead', 'Tue, 06 Jan 2026 11:00:00 GMT', 'Tue, 06 Jan 2026 11:00:45 GMT', 45_000],
  ['not shown', 'soon', 'Tue, 06 Jan 2026 10:00:45 GMT', 45_000],
])(
  'a 429 with an HTTP date is waited for by the clock of the server, %s',
  async (_, date, retryAfter, retryAfterMs) => {
    refuseFirst(retryAfter, date);
    await expect(read()).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterMs });
  },
);

test.each([['86400'], ['Wed, 07 Jan 2026 10:00:00 GMT']])(
  'a 429 that asks for a day (%s) is looked into after five minutes',
  async (retryAfter) => {
    refuseFirst(retryAfter);
    await expect(read()).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 300_000 });
  },
);

test.each([['no time'], ['soon'], ['-1'], ['0'], ['Tue, 06 Jan 2026 09:00:00 GMT'], ['']])(
  'a 429 that says “%s” gets a back-off',
  async (retryAfter) => {
    refuseFirst(retryAfter === 'no time' ? undefined : retryAfter);
    const error: unknown = await read().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) });
    const { retryAfterMs } = Object.assign({ retryAfterMs: 0 }, error);
    expect(retryAfterMs).toBeGreaterThanOrEqual(500);
    expect(retryAfterMs).toBeLessThanOrEqual(1_000);
  },
);

test('all calls of the site wait meanwhile, those in the queue too, and then go on', async () => {
  sparklayer = connect(storefront.url, { concurrency: 1 }, clock);
  refuseFirst('0.3');
  const [first, ...others] = await Promise.allSettled([read(), read(), read(), read()]);
  expect(first).toMatchObject({ status: 'rejected', reason: { code: 'RATE_LIMITED' } });
  expect(others.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
  const [refused, next] = storefront.calls();
  expect((next?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(290);
  expect(storefront.calls()).toHaveLength(4);
});

test('a call that cannot wait so long is told, and not sent', async () => {
  refuseFirst('30');
  await expect(read()).rejects.toMatchObject({ retryAfterMs: 30_000 });
  await expect(read(10_000)).rejects.toMatchObject({ code: 'RATE_LIMITED', fate: 'wait', status: 429 });
  expect(storefront.calls()).toHaveLength(1);
});

test('a call that waits ends when its caller is cancelled', async () => {
  refuseFirst('5');
  await expect(read()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  const cancelling = new AbortController();
  const reason = new Error('cancelled');
  setTimeout(() => cancelling.abort(reason), 30);
  await expect(read(20_000, cancelling.signal)).rejects.toBe(reason);
  expect(storefront.calls()).toHaveLength(1);
});

test('a 429 to the token call holds the site as well', async () => {
  storefront.answersTokenCalls(() => ({ status: 429, headers: { 'retry-after': '30' } }));
  await expect(read()).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 30_000 });
  await expect(read()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  expect(storefront.tokenCalls()).toHaveLength(1);
});

test('a note refused with 429 was not stored: the read is not repeated here', async () => {
  storefront.answers(({ method }) =>
    method === 'PUT' ? { status: 429, headers: { 'retry-after': '30' } } : { body: aWirePurchase() },
  );
  const note = aNote();
  await expect(sparklayer.annotatePurchase(KEY, () => note, aCall())).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  expect(storefront.calls('PUT')).toHaveLength(1);
  expect(storefront.calls('GET')).toHaveLength(1);
});
