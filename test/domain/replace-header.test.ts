import { describe, expect, test } from 'vitest';

import { matchesTarget, withHeader } from '../../domain/replace-header.ts';
import type { ErpSalesOrderLine } from '../../domain/sales-order.ts';
import { aSalesOrder, asShownByErp, PURCHASE_REFERENCE } from '../support/builders.ts';

const sent = aSalesOrder({
  holdCode: 'LOC',
  siteFields: { udford1c: PURCHASE_REFERENCE, udford2c: 'pi_1' },
  notes: 'SparkLayer SL-1042',
  tax: '8.00',
  freight: '5.00',
  store: '0042',
  terms: 'N30',
});
const order = asShownByErp(sent);
const [line] = order.lines ?? [];
const lines = (...changes: readonly Partial<ErpSalesOrderLine>[]) =>
  changes.map((change, index) => {
    if (!line) throw new Error('an order has a line');
    return { ...line, sequence: index + 1, ...change };
  });
const same = { reference: PURCHASE_REFERENCE, holdCode: 'LOC', warehouse: 'NJ' } as const;

describe('an order sent anew with another header', () => {
  test('restates everything else as it was read, because a replace overwrites everything', () => {
    expect(withHeader(order, same, sent)).toEqual(sent);
  });

  test('loses its hold on release, and nothing else', () => {
    expect(withHeader(order, { ...same, holdCode: '' }, sent)).toEqual({ ...sent, holdCode: '' });
  });

  test('keeps what a clerk changed meanwhile', () => {
    const edited = { ...order, notes: 'call first', freight: '0', lines: lines({ price: '9.00', notes: 'gift' }) };
    expect(withHeader(edited, { ...same, holdCode: '' })).toMatchObject({
      notes: 'call first',
      freight: '0',
      lines: [{ price: '9.00', notes: 'gift' }],
    });
  });

  test('moves the lines of the old warehouse, not one that a clerk had moved', () => {
    const split = { ...order, lines: lines({ warehouse: 'NJ' }, { warehouse: 'TOR' }, { warehouse: '' }) };
    const target = withHeader(split, { ...same, warehouse: 'CA' });
    expect(target.warehouse).toBe('CA');
    expect(target.lines.map(({ warehouse }) => warehouse)).toEqual(['CA', 'TOR', 'CA']);
  });

  test('does not bring cancelled pieces back to life', () => {
    const cancelled = {
      ...order,
      lines: lines(
        { cancelledByCustomer: 4 },
        { cancelledByHouse: 10 },
        { cancelledByCustomer: 3, cancelledByHouse: 3 },
      ),
    };
    expect(withHeader(cancelled, same).lines.map(({ sequence, quantity }) => [sequence, quantity])).toEqual([
      [1, 6],
      [3, 4],
    ]);
  });

  test('never changes the sequence of a line', () => {
    const gaps = { ...order, lines: lines({ sequence: 7 }, { sequence: 3 }) };
    expect(withHeader(gaps, same).lines.map(({ sequence }) => sequence)).toEqual([7, 3]);
  });

  test('can be made of an order without ship-to, dates and lines', () => {
    const bare = { ...order, shipTo: null, startDate: null, endDate: null, orderDate: null, lines: null };
    expect(withHeader(bare, same)).toMatchObject({ startDate: '', endDate: '', lines: [], shipTo: { name: '-' } });
  });
});

describe('an order is as wanted', () => {
  const target = withHeader(order, { ...same, holdCode: '', warehouse: 'CA' });

  test('when hold, warehouse, tax and lines are', () => {
    expect(matchesTarget(asShownByErp(target), target)).toBe(true);
    expect(matchesTarget({ ...asShownByErp(target), tax: '8.0' }, target)).toBe(true);
    expect(matchesTarget({ ...asShownByErp(target), lines: lines({ warehouse: '' }) }, target)).toBe(true);
  });

  test.each([
    ['the hold stands', { holdCode: 'LOC' }],
    ['the warehouse is the old one', { warehouse: 'NJ' }],
    ['the tax is another', { tax: '0' }],
    ['a line is missing', { lines: [] }],
    ['the lines were not read', { lines: null }],
    ['a line is at the old warehouse', { lines: lines({ warehouse: 'NJ' }) }],
    ['the contact is another', { shipTo: { ...target.shipTo, contact: 'Grace Buyer' } }],
    ['a price is another', { lines: lines({ warehouse: 'CA', price: '1.00' }) }],
  ])('not while %s', (_, change) => {
    expect(matchesTarget({ ...asShownByErp(target), ...change }, target)).toBe(false);
  });
});
