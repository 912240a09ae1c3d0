import { describe, expect, test } from 'vitest';

import { attentionOf, mostUrgent } from '../../domain/describe-order.ts';
import { newOrder } from '../../domain/order-lifecycle.ts';
import { isProblemCode, problemCodes, problemKind, reportProblem } from '../../domain/problems.ts';
import { refusalCause } from '../../domain/refusals.ts';

const kinds = problemCodes().map(problemKind);

describe.each(kinds.map((kind) => [kind.code, kind] as const))('%s', (code, { mend, owner, press }) => {
  test('tells its owner how to end it', () => {
    expect(mend).toMatch(/[.!]$/);
    expect(['ecommerce', 'finance', 'warehouse', 'integration']).toContain(owner);
  });

  test('is written as codes are', () => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(isProblemCode(code)).toBe(true);
  });

  test('offers every command once', () => {
    expect(new Set(press).size).toBe(press.length);
  });
});

test.each(kinds.filter(({ fate }) => fate === 'park'))('$code, which parks, always offers a way out', ({ press }) => {
  expect(press).toContain('close');
});

test.each(kinds.filter(({ fate }) => fate === 'proceedWithReview'))(
  '$code can be answered by a command',
  ({ press }) => {
    expect(press.length).toBeGreaterThan(0);
  },
);

test('a command that mend names can be pressed', () => {
  const commands = ['remap', 'release', 'replaceCustomer', 'sendAnyway', 'adopt'] as const;
  const missing = kinds.flatMap(({ code, mend, press }) =>
    commands
      .filter((command) => new RegExp(`\\b${command}\\b`).test(mend) && !press.includes(command))
      .map((command) => `${code}: ${command}`),
  );
  expect(missing).toEqual([]);
});

/** These only name the site file: nothing of it is to be changed. */
const ONLY_NAMED = ['CUSTOMER_INACTIVE_IN_ERP', 'STOCK_ABSENT'];

test.each(kinds.filter(({ code, mend }) => mend.includes('site file') && !ONLY_NAMED.includes(code)))(
  'the site file is read at the start: $code says that Instep is restarted, and asks who has the file',
  ({ mend, owner }) => {
    expect(mend).toMatch(owner === 'integration' ? /restart Instep/ : /[Aa]sk integration .*to restart Instep/);
  },
);

test.each(['', 'toString', '__proto__', 'sku_unknown'])('“%s” is no problem code', (text) => {
  expect(isProblemCode(text)).toBe(false);
});

test('a report holds everything the owner needs', () => {
  expect(reportProblem({ code: 'SKU_UNKNOWN', says: 'No X.' }, '12.00')).toEqual({
    code: 'SKU_UNKNOWN',
    says: 'No X.',
    fate: 'park',
    owner: 'ecommerce',
    mend: problemKind('SKU_UNKNOWN').mend,
    press: ['retry', 'cancel', 'close'],
    valueAtRisk: '12.00',
  });
});

test('what stops an order is shown before what is only noticed', () => {
  const hold = { code: 'ERP_HOLD', says: '' } as const;
  const overdue = { code: 'STEP_OVERDUE', says: '' } as const;
  const refused = { code: 'ERP_REFUSED', says: '' } as const;
  const cut = { code: 'REFERENCE_CUT', says: '' } as const;
  expect(mostUrgent([hold, overdue])).toBe(overdue);
  expect(mostUrgent([hold, overdue, refused])).toBe(refused);
  expect(mostUrgent([refused, cut])).toBe(cut);
  expect(mostUrgent([])).toBeNull();
  expect(attentionOf(newOrder({ site: 's', key: 'k', reference: 'r' }, '2026-01-20T00:00:00.000Z'))).toBe('none');
});

test.each([
  [['STYLE_NF'], 'content'],
  [['REC_LOCKED'], 'passing'],
  [['REC_LOCKED', 'DEADLOCK'], 'passing'],
  [['REC_LOCKED', 'STYLE_NF'], 'content'],
  [['DUP_ISA'], 'numberTaken'],
  [['STYLE_NF', 'DUP_ISA'], 'numberTaken'],
  [[], 'content'],
] as const)('a refusal for %j is one of %s', (codes, cause) => {
  expect(refusalCause(codes.map((code) => ({ code, text: '', line: null })))).toBe(cause);
});
