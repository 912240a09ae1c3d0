import { describe, expect, test } from 'vitest';

import { compareOpenOrder } from '../../../../domain/reports/exceptions/compare-open-order.ts';
import { withoutTakenOver } from '../../../../domain/reports/exceptions/without-taken-over.ts';
import type { Difference } from '../../../../domain/compare-sales-order.ts';
import { aSalesOrder, asShownByErp } from '../../../support/builders.ts';

const RULES = { toleratedFields: [], toleratedAmount: '0.00' } as const;
const wanted = aSalesOrder({ tax: '8.00', freight: '5.00', discount: '3.00', terms: 'N30' });
const shown = asShownByErp(wanted);

/** The same order as the ERP has it, with so many of its first line in it. */
function withUnits(units: number, change: object = {}) {
  const lines = (shown.lines ?? []).map((line, index) =>
    index === 0 ? { ...line, ordered: units, open: units } : line,
  );
  return { ...shown, lines, ...change };
}

describe('what belongs together is compared together', () => {
  test('an order split by division is no difference', () => {
    const second = { ...wanted, division: '02', freight: '0', discount: '0', tax: '2.00' };
    const lines = second.lines.map((line) => ({ ...line, sku: { ...line.sku, division: '02' } }));
    const both = [wanted, { ...second, lines }];
    expect(
      compareOpenOrder(
        both,
        both.map((order) => asShownByErp(order)),
        RULES,
      ),
    ).toEqual([]);
  });

  test('nor is one whose rest is in a supplement', () => {
    const [line] = shown.lines ?? [];
    const supplement = {
      ...withUnits(1, { orderNumber: 'supplement', tax: '0', freight: '0', discount: '0' }),
      lines: line ? [{ ...line, ordered: 1, open: 1 }] : [],
    };
    const documents = [withUnits((line?.ordered ?? 0) - 1), supplement];
    expect(compareOpenOrder([wanted], documents, RULES)).toEqual([]);
    expect(compareOpenOrder([wanted], documents.slice(0, 1), RULES)).toMatchObject([{ field: 'quantity' }]);
  });

  test('a discount that a clerk changed counts against the order', () => {
    expect(compareOpenOrder([wanted], [{ ...shown, discount: '10.5' }], RULES)).toMatchObject([
      { field: 'discount', storefront: '3.00', erp: '10.50', money: '-7.50', owner: 'finance' },
    ]);
  });

  test('freight and tax that cancel each other out are two differences', () => {
    const found = compareOpenOrder([wanted], [{ ...shown, freight: '6.00', tax: '7.00' }], RULES);
    expect(found.map(({ field, money }) => [field, money])).toEqual([
      ['tax', '-1.00'],
      ['freight', '1.00'],
    ]);
  });
});

describe('what a person has taken over from the ERP', () => {
  const edited = { ...shown, freight: '25.00', terms: 'N60' };
  const takenOver = [
    { field: 'freight', line: null, agreed: '5.00', shown: '25.00', money: '20', cause: 'clerk', tolerated: true },
    { field: 'terms', line: null, agreed: 'N30', shown: 'n60 ', money: '0', cause: 'clerk', tolerated: true },
  ] as const satisfies readonly Difference[];

  test('is no difference any more', () => {
    const found = compareOpenOrder([wanted], [edited], RULES);
    expect(found.map(({ field }) => field)).toEqual(['freight', 'terms']);
    expect(withoutTakenOver(found, takenOver)).toEqual([]);
  });

  test('is one again when the ERP changes it once more', () => {
    const found = compareOpenOrder([wanted], [{ ...edited, freight: '25.01', terms: 'COD' }], RULES);
    expect(withoutTakenOver(found, takenOver).map(({ field, erp }) => [field, erp])).toEqual([
      ['freight', '25.01'],
      ['terms', 'COD'],
    ]);
  });

  test('says nothing of other fields, nor of lines', () => {
    const found = compareOpenOrder([wanted], [withUnits(1, { tax: '9.00' })], RULES);
    expect(withoutTakenOver(found, takenOver)).toEqual(found);
  });
});
