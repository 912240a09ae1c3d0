import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { caseId } from '../../../domain/cases/case-id.ts';
import { caseOfProblem, casesOfOrder } from '../../../domain/cases/case-of-problem.ts';
import { severityOf } from '../../../domain/cases/severity-of.ts';
import { newOrder } from '../../../domain/order-lifecycle.ts';
import type { OrderState } from '../../../domain/order-state.ts';
import { problemCodes, type Problem } from '../../../domain/problems.ts';

const NOW = '2026-01-20T10:00:00.000Z';
const order = (key: string, problems: readonly Problem[] = [], customer = ''): OrderState => {
  const state = newOrder({ site: 'north', key, reference: 'R' }, NOW);
  return { ...state, problems, facts: { ...state.facts, customer } };
};
const idOf = (problem: Problem, key: string, customer = '') => caseId(caseOfProblem(problem, order(key, [], customer)));

describe('two orders', () => {
  test.each<[string, Problem, Problem]>([
    ['one unmapped location', at('LOCATION_NOT_MAPPED', 'pop-up'), at('LOCATION_NOT_MAPPED', 'pop-up')],
    ['one unknown SKU, told by an older version', { code: 'SKU_UNKNOWN', says: 'No “A-1”.' }, at('SKU_UNKNOWN', 'A-1')],
    [
      'an import job that does not run',
      { code: 'IMPORT_OVERDUE', says: 'Since nine.' },
      { code: 'IMPORT_OVERDUE', says: 'Since ten.' },
    ],
    ['an ERP that refuses with one code', at('ERP_REFUSED', 'PERIOD_CLOSED'), at('ERP_REFUSED', 'PERIOD_CLOSED')],
    ['a customer on credit hold', { code: 'ERP_HOLD', says: 'A' }, { code: 'ERP_HOLD', says: 'B' }],
  ])('of %s are one case', (_, left, right) => {
    expect(idOf(left, 'a', 'C1')).toBe(idOf(right, 'b', 'C1'));
  });

  test.each<[string, Problem, Problem]>([
    ['two locations', at('LOCATION_NOT_MAPPED', 'pop-up'), at('LOCATION_NOT_MAPPED', 'outlet')],
    ['refusals with other codes', at('ERP_REFUSED', 'DUP_PO'), at('ERP_REFUSED', 'DUP_PO+PAST_CANCEL')],
    [
      'refusals without a code, whatever they quote',
      { code: 'ERP_REFUSED', says: 'Refused: “Out of paper”' },
      { code: 'ERP_REFUSED', says: 'Refused: “Out of paper”' },
    ],
    ['sums that do not add up', at('TOTALS_WRONG', 'x'), at('TOTALS_WRONG', 'x')],
    [
      'buyers nobody can name',
      { code: 'CUSTOMER_NOT_LINKED', says: 'No code.' },
      { code: 'CUSTOMER_NOT_LINKED', says: 'No code.' },
    ],
  ])('of %s are two cases', (_, left, right) => {
    expect(idOf(left, 'a')).not.toBe(idOf(right, 'b'));
  });
});

test('a case of refusals says what they have in common, and that the words are one order’s', () => {
  const problem: Problem = { code: 'ERP_REFUSED', says: 'DUP_PO: PO 12 is there.', about: 'DUP_PO' };
  expect(casesOfOrder(order('a', [problem]))).toMatchObject([
    {
      id: 'case:north:ERP_REFUSED:DUP_PO',
      says: 'The ERP refuses orders with DUP_PO. Of one of them: DUP_PO: PO 12 is there. The others may differ; each has its own on its page.',
    },
  ]);
});

test('an order is in each of its cases once, and in none when it is finished', () => {
  const twice = order('a', [at('SKU_UNKNOWN', 'A'), at('SKU_UNKNOWN', 'A'), at('SKU_UNKNOWN', 'B')]);
  expect(casesOfOrder(twice).map(({ id, says }) => [id, says])).toEqual([
    ['case:north:SKU_UNKNOWN:A', 'It is A.'],
    ['case:north:SKU_UNKNOWN:B', 'It is B.'],
  ]);
  expect(casesOfOrder({ ...twice, step: { at: 'finished', outcome: 'closed' } })).toEqual([]);
  const act = { actor: 'kim', reason: 'done' };
  expect(casesOfOrder({ ...twice, step: { at: 'toClose', outcome: 'closed', act } })).toEqual([]);
});

test.each([
  ['', 'case:n:SKU_UNKNOWN:-'],
  ['AC-1001-BLK-M', 'case:n:SKU_UNKNOWN:AC-1001-BLK-M'],
  ['Größe 4', expect.stringMatching(/^case:n:SKU_UNKNOWN:Größe-4~[0-9a-f]{8}$/)],
  ['-', expect.stringMatching(/^case:n:SKU_UNKNOWN:~[0-9a-f]{8}$/)],
])('the key “%s” stands in the id as %s', (key, id) => {
  expect(caseId({ site: 'n', code: 'SKU_UNKNOWN', key })).toEqual(id);
});

test('different keys never share an id, and none is long or holds blanks', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 150 }), fc.string({ maxLength: 12 }), (left, right) => {
      const [one, two] = [left, right].map((key) => caseId({ site: 'n', code: 'SKU_UNKNOWN', key }));
      expect(one === two).toBe(left.trim() === right.trim());
      expect(one).toMatch(/^case:n:SKU_UNKNOWN:\S{1,200}$/u);
    }),
    { numRuns: 100, seed: 3 },
  );
});

test('every problem has a severity, and the site’s word goes first', () => {
  for (const code of problemCodes()) expect(['urgent', 'high', 'normal', 'low']).toContain(severityOf(code, {}));
  expect(severityOf('CREDENTIALS_REFUSED', {})).toBe('urgent');
  expect(severityOf('SKU_UNKNOWN', {})).toBe('high');
  expect(severityOf('SKU_UNKNOWN', { SKU_UNKNOWN: 'low' })).toBe('low');
});

function at(code: Problem['code'], about: string): Problem {
  return { code, says: `It is ${about}.`, about };
}
