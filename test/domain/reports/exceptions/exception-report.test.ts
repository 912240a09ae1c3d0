import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { absolute, sameAmount, subtract, sum } from '../../../../domain/money.ts';
import {
  reportExceptions,
  SECTIONS,
  type ExceptionRow,
} from '../../../../domain/reports/exceptions/exception-report.ts';
import { renderExceptions, sectionTable } from '../../../../domain/reports/exceptions/render-exceptions.ts';

const row = fc.record({
  section: fc.constantFrom(...SECTIONS),
  order: fc.string(),
  erpOrders: fc.array(fc.string(), { maxLength: 2 }),
  field: fc.string(),
  storefront: fc.string(),
  erp: fc.string(),
  money: fc.integer({ min: -1e9, max: 1e9 }).map((cents) => (cents / 100).toFixed(2)),
  units: fc.option(fc.integer({ min: -1e6, max: 1e6 })),
  currency: fc.constantFrom('USD', 'GBP'),
  cause: fc.string(),
  since: fc.constantFrom(null, '2026-11-20T10:00:00.000Z'),
  owner: fc.constantFrom('ecommerce', 'finance', 'warehouse', 'integration'),
  mend: fc.string(),
  link: fc.constant(null),
}) satisfies fc.Arbitrary<ExceptionRow>;

function reportOf(rows: readonly ExceptionRow[], driftLeftOut = 0) {
  return reportExceptions({
    site: 'example',
    at: '2026-11-26T06:45:00.000Z',
    zone: 'UTC',
    proof: { unaccounted: 0, purchases: rows.length },
    compared: rows.length,
    rows,
    driftLeftOut,
    days: [],
    notLookedAt: [],
  });
}

test('no row is lost, the most money comes first, and the totals of a currency are the sum of its rows', () => {
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const report = reportOf(rows);
      expect(report.rows).toHaveLength(rows.length);
      const moneys = report.rows.map(({ money }) => Number(absolute(money)));
      expect(moneys).toEqual(moneys.toSorted((left, right) => right - left));
      for (const currency of ['USD', 'GBP']) {
        const of = (all: readonly { readonly currency: string; readonly money: string }[]) =>
          sum(all.filter((each) => each.currency === currency).map(({ money }) => money));
        expect(sameAmount(subtract(of(report.totals), of(rows)), '0')).toBe(true);
      }
    }),
  );
});

test('what a buyer wrote is text on the page, never a part of it', () => {
  const [some] = fc.sample(row, 1);
  if (!some) throw new Error('no row');
  const page = renderExceptions(reportOf([{ ...some, order: '<script>alert(1)</script>' }]), 'now');
  expect(page).not.toContain('<script>alert');
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
});

test('of drift that is too much to show the last line says how much more there is, below the dearest', () => {
  const [some] = fc.sample(row, 1);
  if (!some) throw new Error('no row');
  const drifted: ExceptionRow = { ...some, section: 'drift', money: '0.00', units: 7, storefront: '3', erp: '10' };
  const report = reportOf([drifted, { ...drifted, units: -20 }, { ...drifted, money: '2.00', units: null }], 12);
  const { columns, rows, total } = sectionTable(report, 'drift');
  const units = columns.findIndex(({ title }) => title === 'Units');
  expect(rows.map((cells) => cells[units])).toEqual(['', '-20', '7']);
  expect(total?.[0]).toBe('and 12 more in drift.json');
  expect(renderExceptions(report, 'now')).toContain('and 12 more in drift.json');
});
