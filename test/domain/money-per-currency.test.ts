import { expect, test } from 'vitest';

import { moneyInWords, perCurrency } from '../../domain/money-per-currency.ts';

const money = (amount: string, currency: string) => ({ amount, currency });

test('money is added up in each currency, and never across them', () => {
  const all = [money('1000', 'USD'), money('250.5', 'CAD'), money('0.005', 'USD'), money('749.50', 'CAD')];
  expect(perCurrency(all)).toEqual([money('1000.00', 'CAD'), money('1000.01', 'USD')]);
  expect(moneyInWords(all)).toBe('1000.00 CAD + 1000.01 USD');
});

test.each([
  ['what comes to nothing', [money('0', 'USD'), money('5', 'CAD')], '5.00 CAD'],
  ['a currency that is not said', [money('5', ''), money('7', 'USD')], '5.00 + 7.00 USD'],
  ['nothing', [], ''],
])('%s is “%s” in words', (_what, all, words) => {
  expect(moneyInWords(all)).toBe(words);
});
