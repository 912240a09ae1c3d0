import { expect, test } from 'vitest';

import { addReports, isToGoOn } from '../../../domain/catalogue/add-reports.ts';

function aReport(stats: Readonly<Record<string, number>>) {
  return { stats, findings: [] };
}

test.each([
  ['it wrote and ran out of time', { created: 9, left: 5 }, true],
  ['nothing is left', { created: 9, left: 0 }, false],
  ['it wrote nothing, so that it never would end', { created: 0, left: 5 }, false],
  ['the storefront is in trouble', { created: 9, failed: 10, left: 5 }, false],
  ['nothing is to be written', {}, false],
])('a run goes on, or not, when %s', (_, stats, isGoing) => {
  expect(isToGoOn(aReport(stats))).toBe(isGoing);
});

test('what was done adds up, how things stand is the last word', () => {
  const before = aReport({ created: 9, discontinued: 1, variants: 100, left: 5 });
  expect(addReports(before, aReport({ created: 5, discontinued: 0, variants: 109, left: 0 })).stats).toEqual({
    created: 14,
    discontinued: 1,
    variants: 109,
    left: 0,
  });
});
