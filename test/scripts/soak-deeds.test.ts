import { expect, test } from 'vitest';

import { FAMILIES, nextDeed } from '../../scripts/soak/deeds.ts';
import { createRandom } from '../../scripts/soak/random.ts';

const SOME = { families: FAMILIES, ordersPerStep: 0.1, killsPerStep: 0.01 };

/** What was drawn, without what it does. */
function drawn(seed: number, count: number, play = SOME): readonly string[] {
  const random = createRandom(seed);
  let orders = 0;
  return Array.from({ length: count }, () => {
    const deed = nextDeed(random, orders, play);
    if (deed.name === 'checkOut') orders += 1;
    return `${deed.family} ${deed.name} ${JSON.stringify(deed.with)}`;
  });
}

test('the same seed draws the same deeds, another one others', () => {
  expect(drawn(7, 2_000)).toEqual(drawn(7, 2_000));
  expect(drawn(7, 100)).not.toEqual(drawn(8, 100));
});

test('every family plays, and about as many orders are checked out as were wanted', () => {
  const deeds = drawn(1, 5_000);
  for (const family of FAMILIES) expect(deeds.some((deed) => deed.startsWith(`${family} `))).toBe(true);
  const orders = deeds.filter((deed) => deed.includes(' checkOut ')).length;
  expect(orders).toBeGreaterThan(400);
  expect(orders).toBeLessThan(600);
});

test('families that are left out do nothing', () => {
  const deeds = drawn(1, 1_000, { ...SOME, families: ['buyers', 'work'] });
  expect(new Set(deeds.map((deed) => deed.split(' ')[0]))).toEqual(new Set(['buyers', 'work']));
});

test('keys that are drawn are UUIDs of their own', () => {
  const random = createRandom(3);
  const keys = Array.from({ length: 200 }, random.uuid);
  expect(new Set(keys).size).toBe(200);
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
