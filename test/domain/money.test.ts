import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  canonicalAmount,
  divideRoundedUp,
  isGreater,
  isNegative,
  isWholeCents,
  isZero,
  multiply,
  sameAmount,
  subtract,
  sum,
  toCents,
  toNumber,
} from '../../domain/money.ts';

const cents = fc.integer({ min: 0, max: 99_999_999 }).map((value) => (value / 100).toFixed(2));

describe('money', () => {
  test.each([
    [[], '0'],
    [['0.1', '0.2'], '0.3'],
    [['999999999999.99', '0.01'], '1000000000000'],
    [['-5', '5'], '0'],
  ])('adds %j exactly', (amounts, total) => {
    expect(sum(amounts)).toBe(total);
  });

  test.each([
    ['24', '24.00'],
    ['0.005', '0.01'],
    ['0.0049', '0.00'],
    ['1.005', '1.01'],
    ['2.675', '2.68'],
    ['-1.005', '-1.01'],
  ])('shows %s as %s', (amount, shown) => {
    expect(toCents(amount)).toBe(shown);
  });

  test.each([
    ['100', 3, '33.34'],
    ['100', 4, '25.00'],
    ['0.01', 3, '0.01'],
    ['0', 7, '0.00'],
    ['10.02', 2, '5.01'],
  ])('%s for %i pieces costs %s apiece', (amount, parts, price) => {
    expect(divideRoundedUp(amount, parts)).toBe(price);
  });

  test('a unit price never charges too little, and less than a cent a piece too much', () => {
    fc.assert(
      fc.property(cents, fc.integer({ min: 1, max: 5000 }), (net, quantity) => {
        const excess = subtract(multiply(divideRoundedUp(net, quantity), quantity), net);
        expect(isNegative(excess)).toBe(false);
        expect(isGreater(multiply('0.01', quantity), excess)).toBe(true);
        expect(isWholeCents(excess)).toBe(true);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test('equal values are equal however they are written, and have one canonical form', () => {
    expect(sameAmount('15.9', '15.900')).toBe(true);
    expect(sameAmount('15.9', '15.91')).toBe(false);
    expect(canonicalAmount('15.900')).toBe(canonicalAmount('15.9'));
    expect(canonicalAmount('0.00')).toBe('0');
  });

  test('zero has no sign', () => {
    expect(isZero('-0.00')).toBe(true);
    expect(isNegative('-0.00')).toBe(false);
    expect(isNegative('-0.01')).toBe(true);
  });

  test('a part of a cent is noticed, a written zero after it is not', () => {
    expect(isWholeCents('1.250')).toBe(true);
    expect(isWholeCents('1.251')).toBe(false);
  });

  test('an amount of thirteen digits survives as a number for the wire', () => {
    expect(toNumber('1234567890123.45')).toBe(1_234_567_890_123.45);
  });
});
