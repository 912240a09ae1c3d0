import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { bufferFor, describeBuffer } from '../../../domain/stock/safety-buffer.ts';
import type { BufferRules, BufferSize } from '../../../domain/stock/stock-rules.ts';
import { anyRules } from './stock-world.ts';

const units = (count: number): BufferSize => ({ in: 'units', units: count });
const percent = (share: number, cap: number | null = null): BufferSize => ({ in: 'percent', percent: share, cap });
const NONE: BufferRules = { site: units(0), locations: {}, styleGroups: [], skus: {}, widening: [] };
const SHOE = { sku: 'A', groups: ['SHOES', 'CORE'], location: 'shop', physical: 40, ageMinutes: 0 };

test('the most specific rule wins: SKU, the first style group that fits, location, site', () => {
  const site = { ...NONE, site: units(1) };
  const location = { ...site, locations: { shop: units(2), depot: units(9) } };
  const group = {
    ...location,
    styleGroups: [
      { group: 1, code: 'CORE', size: units(9) },
      { group: 2, code: 'CORE', size: units(3) },
      { group: 1, code: 'SHOES', size: units(9) },
    ],
  };
  const sku = { ...group, skus: { A: units(0), B: units(9) } };
  expect([site, location, group, sku].map((rules) => bufferFor(SHOE, rules))).toMatchObject([
    { units: 1, rule: { by: 'site', of: '' } },
    { units: 2, rule: { by: 'location', of: 'shop' } },
    { units: 3, rule: { by: 'styleGroup', of: '2 CORE' } },
    { units: 0, rule: { by: 'sku', of: 'A' } },
  ]);
});

test('a SKU that is called like a word of the language has the site’s rule', () => {
  expect(bufferFor({ ...SHOE, sku: 'constructor', location: 'toString' }, { ...NONE, site: units(1) }).units).toBe(1);
});

test.each<[string, BufferSize, number, number]>([
  ['whole per cent stay whole', percent(10), 30, 3],
  ['parts of a unit are held back whole', percent(10), 31, 4],
  ['fractions of a per cent count', percent(2.5), 40, 1],
  ['binary fractions do not', percent(64.4), 250, 161],
  ['a cap holds', percent(50, 6), 40, 6],
  ['nothing of nothing', percent(50), 0, 0],
  ['nothing of less than nothing', percent(50), -20, 0],
  ['units are held back of nothing too', units(5), -20, 5],
])('%s', (_, site, physical, held) => {
  expect(bufferFor({ ...SHOE, physical }, { ...NONE, site }).units).toBe(held);
});

describe('widening with the age of the ERP’s figures', () => {
  const widening = [
    { minutes: 60, percent: 0 },
    { minutes: 240, percent: 10 },
    { minutes: 1440, percent: 50 },
  ];
  test.each([
    [0, 2],
    [60, 2],
    [150, 2 + 2],
    [240, 2 + 4],
    [840, 2 + 12],
    [1440, 2 + 20],
    [99_999, 2 + 20],
  ])('after %i minutes %i units are held back', (ageMinutes, held) => {
    expect(bufferFor({ ...SHOE, ageMinutes }, { ...NONE, site: units(2), widening }).units).toBe(held);
  });

  test('comes on top of a cap, and is rounded together with the rule', () => {
    const rules = { ...NONE, site: percent(50, 1), widening: [{ minutes: 0, percent: 2 }] };
    expect(bufferFor({ ...SHOE, physical: 35 }, rules).units).toBe(2);
  });

  test('never falls with age, for any policy', () => {
    const ages = fc.integer({ min: 0, max: 4000 });
    fc.assert(
      fc.property(anyRules, fc.integer({ min: -50, max: 900 }), ages, ages, ({ buffers }, physical, one, other) => {
        const at = (ageMinutes: number) =>
          bufferFor({ ...SHOE, location: 'depot', physical, ageMinutes }, buffers).units;
        expect(at(Math.max(one, other))).toBeGreaterThanOrEqual(at(Math.min(one, other)));
        expect(Number.isSafeInteger(at(one)) && at(one) >= 0).toBe(true);
      }),
      { seed: 3, numRuns: 100 },
    );
  });
});

test('the reason names the rule and the age', () => {
  const widening = [
    { minutes: 60, percent: 0 },
    { minutes: 240, percent: 10 },
  ];
  const rules = { ...NONE, widening, locations: { shop: percent(10, 20) } };
  expect(describeBuffer(bufferFor({ ...SHOE, ageMinutes: 150 }, rules))).toBe(
    '10 % (20 at most) by the rule of the location shop; and 5 % because the ERP’s figures are 3 hours old',
  );
  expect(describeBuffer(bufferFor(SHOE, { ...NONE, site: units(3) }))).toBe(
    '3 units by the rule of the site; not widened, the ERP’s figures are 0 minutes old',
  );
});
