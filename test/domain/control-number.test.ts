import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { controlNumber } from '../../domain/control-number.ts';
import { PURCHASE_REFERENCE } from '../support/builders.ts';

const first = { site: 'acme', reference: PURCHASE_REFERENCE, revision: 1, attempt: 1 } as const;

test('a control number is nine digits', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.nat(), fc.nat(), (site, reference, revision, attempt) => {
      expect(controlNumber({ site, reference, revision, attempt })).toMatch(/^\d{9}$/);
    }),
    { seed: 3, numRuns: 200 },
  );
});

test('a repeat after an unknown outcome carries the same number', () => {
  expect(controlNumber({ ...first })).toBe(controlNumber({ ...first }));
});

test('the number of a post is what it always was: a deploy does not change the fence of an order under way', () => {
  expect(controlNumber(first)).toMatchInlineSnapshot(`"656899320"`);
});

test.each([
  ['attempt', { ...first, attempt: 2 }],
  ['revision', { ...first, revision: 2 }],
  ['document', { ...first, reference: `${PURCHASE_REFERENCE}-2` }],
  ['site', { ...first, site: 'other' }],
])('another %s has another number', (_, other) => {
  expect(controlNumber(other)).not.toBe(controlNumber(first));
});

test('attempt and revision are not mistaken for one another', () => {
  expect(controlNumber({ ...first, revision: 1, attempt: 12 })).not.toBe(
    controlNumber({ ...first, revision: 11, attempt: 2 }),
  );
});
