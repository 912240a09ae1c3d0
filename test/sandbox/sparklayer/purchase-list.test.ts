import { expect, test } from 'vitest';
import { customers } from '../../../sandbox/sparklayer/seed.ts';
import { anOpenSite, object, oneLine, rows, type TestSite } from './client.ts';

const list = '/api/v1/purchases';

test('the list is ordered by last update, then by SparkLayer id, purchases without one last', async () => {
  const site = await anOpenSite();
  const at = '2026-02-01T10:00:00.000+00:00';
  const place = (sparklayer: string | null, visible: string, updated_at: string) =>
    site.sparklayer.place({ purchase_identifiers: { sparklayer, visible }, dates: { updated_at } });
  place(null, 'C', at);
  place('b0000000-0000-4000-8000-000000000000', 'B', at);
  place('a0000000-0000-4000-8000-000000000000', 'A', '2026-02-01T12:00:00+02:00');
  place('0a000000-0000-4000-8000-000000000000', 'D', '2026-02-01T10:00:00.001+00:00');
  expect(await visibles(site)).toEqual(['A', 'B', 'C', 'D']);
});

test('both bounds of a date filter are inclusive, and instants count, not texts', async () => {
  const site = await anOpenSite();
  for (const second of [1, 2, 3]) {
    const updated_at = `2026-02-01T10:00:0${second}.000+00:00`;
    site.sparklayer.place({
      purchase_identifiers: { visible: `at ${second}` },
      dates: { updated_at, placed_at: updated_at },
    });
  }
  const from = { 'dates[last_updated][gte]': '2026-02-01T12:00:02+02:00' };
  const to = { 'dates[last_updated][lte]': '2026-02-01T10:00:02+00:00' };
  const placed = { 'dates[placed][gte]': '2026-02-01T10:00:03Z', 'dates[placed][lte]': '2026-02-01T10:00:03Z' };
  expect(await visibles(site, from)).toEqual(['at 2', 'at 3']);
  expect(await visibles(site, to)).toEqual(['at 1', 'at 2']);
  expect(await visibles(site, { ...from, ...to })).toEqual(['at 2']);
  expect(await visibles(site, placed)).toEqual(['at 3']);
});

test('a plus in a time offset must be percent-encoded, or it arrives as a blank', async () => {
  const { call } = await anOpenSite();
  const key = 'dates%5Blast_updated%5D%5Bgte%5D';
  expect((await call('GET', list, { rawQuery: `${key}=2026-02-01T10:00:00+00:00` })).status).toBe(400);
  expect((await call('GET', list, { rawQuery: `${key}=2026-02-01T10:00:00%2B00:00` })).status).toBe(200);
});

test('filters on type and customers combine', async () => {
  const site = await anOpenSite();
  site.sparklayer.checkout({ visible: 'one', lines: oneLine });
  site.sparklayer.checkout({ visible: 'two', lines: oneLine, type: 'order_unconfirmed' });
  site.sparklayer.checkout({ visible: 'three', lines: oneLine, customer: customers.dollars.uuid });
  const ours = { 'customer_identifiers[sparklayer]': customers.example.uuid };
  expect(await visibles(site, { type: 'order' })).toEqual(['one', 'three']);
  expect(await visibles(site, { type: 'order', ...ours })).toEqual(['one']);
  expect((await site.call('GET', list, { query: { type: 'ordre' } })).status).toBe(400);
});

test('a page size outside 1 to 500 is refused, and the default is 100', async () => {
  const site = await anOpenSite();
  for (let number = 0; number < 101; number += 1) site.sparklayer.place({});
  expect(rows((await site.call('GET', list)).body)).toHaveLength(100);
  expect(rows((await site.call('GET', list, { query: { offset: '100' } })).body)).toHaveLength(1);
  for (const limit of ['0', '501', 'many', '1.5']) {
    expect((await site.call('GET', list, { query: { limit } })).status).toBe(400);
  }
  expect((await site.call('GET', list, { query: { offset: '-1' } })).status).toBe(400);
});

test('a purchase that changes while one pages moves to the end, and another is skipped', async () => {
  const site = await anOpenSite();
  for (const visible of ['A', 'B', 'C', 'D']) site.sparklayer.checkout({ visible, lines: oneLine });
  const first = await visibles(site, { limit: '2' });
  site.sparklayer.touch('A');
  const second = await visibles(site, { limit: '2', offset: '2' });
  expect([first, second]).toEqual([
    ['A', 'B'],
    ['D', 'A'],
  ]);
});

test('a summary holds what the contract names, and no packages', async () => {
  const { sparklayer, call } = await anOpenSite();
  sparklayer.checkout({ lines: oneLine });
  const [summary] = rows((await call('GET', list)).body);
  expect(summary).toMatchObject({ type: 'order', calculated_fulfilment_status: 'processing', currency_code: 'GBP' });
  expect(object(summary)).not.toHaveProperty('packages');
  expect(object(summary)).not.toHaveProperty('revision_date');
});

async function visibles({ call }: TestSite, query: Readonly<Record<string, string>> = {}): Promise<unknown[]> {
  const reply = await call('GET', list, { query });
  return rows(reply.body).map((row) => object(row['purchase_identifiers'])['visible']);
}
