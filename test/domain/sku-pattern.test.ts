import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { codesOfPattern } from '../../domain/sku-pattern.ts';

test.each([
  ['{style}-{color}-{size}', 'AC1001-BLK-M', { style: 'AC1001', color: 'BLK', size: 'M' }],
  ['{style}-{color}-{size}', 'AC-1001-BLK-M', { style: 'AC-1001', color: 'BLK', size: 'M' }],
  ['{style}.{color}', 'A.B', { style: 'A', color: 'B' }],
  [
    '{division}/{style}/{dimension}{-}{size}',
    '01/S/32{-}L',
    { division: '01', style: 'S', dimension: '32', size: 'L' },
  ],
  ['SKU-{style}', 'SKU-77', { style: '77' }],
  ['{style}#', '77#', { style: '77' }],
  ['{style}', 'ANY THING', { style: 'ANY THING' }],
])('by %s, “%s” reads first as %j', (pattern, sku, codes) => {
  expect(codesOfPattern(pattern, sku)[0]).toEqual(codes);
});

test('a separator inside a code makes several readings, the longest first codes first', () => {
  expect(codesOfPattern('{style}-{color}-{size}', 'AC-1001-BLK-M')).toEqual([
    { style: 'AC-1001', color: 'BLK', size: 'M' },
    { style: 'AC', color: '1001-BLK', size: 'M' },
    { style: 'AC', color: '1001', size: 'BLK-M' },
  ]);
});

test.each([
  ['{style}-{color}-{size}', 'AC1001-BLK'],
  ['{style}-{color}', '-BLK'],
  ['{style}-{color}', 'AC-'],
  ['SKU-{style}', '77'],
  ['{style}#', '77'],
  ['{style}{color}', 'AB'],
  ['{style}', ''],
])('by %s, “%s” cannot be read', (pattern, sku) => {
  expect(codesOfPattern(pattern, sku)).toEqual([]);
});

test('what was composed is among the readings, and every reading composes the same SKU again', () => {
  const code = fc.string({ unit: fc.constantFrom('A', 'B', '1', '-'), minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(code, code, code, (style, color, size) => {
      const readings = codesOfPattern('{style}-{color}-{size}', `${style}-${color}-${size}`);
      expect(readings).toContainEqual({ style, color, size });
      for (const each of readings)
        expect(`${each.style ?? ''}-${each.color ?? ''}-${each.size ?? ''}`).toBe(`${style}-${color}-${size}`);
    }),
    { seed: 4, numRuns: 200 },
  );
});
