import { describe, expect, test } from 'vitest';

import { availabilityAt } from '../../../domain/stock/index-stock.ts';
import { preOrderOffer, type IncomingGoods } from '../../../domain/stock/pre-order.ts';
import type { StockBuckets } from '../../../domain/stock/stock-row.ts';
import { inUse, item, order, row, stockOf, TODAY, type World } from './stock-world.ts';

const RULE = { stages: [3], horizonDays: 30 };
const coming = (quantity: number, due: string | null, given: Partial<IncomingGoods> = {}): IncomingGoods => ({
  sku: item('A').codes,
  warehouse: 'W01',
  stage: 3,
  due,
  quantity,
  ...given,
});

function offerFor(incoming: readonly IncomingGoods[], figures: Partial<StockBuckets>, world: Partial<World> = {}) {
  const stock = stockOf({ parts: [inUse({ rows: [row('A', figures)] })], ...world, incoming });
  const availability = availabilityAt(stock, item('A'), 'shop');
  const incomingTo = (warehouse: string) => stock.incomingTo(item('A'), warehouse);
  return {
    ...preOrderOffer(availability, { incomingTo, rules: RULE, today: TODAY }),
    published: availability.published,
  };
}

const sold = (restockDate: string | null, floor: number | null, published = 0) => ({ restockDate, floor, published });

test.each<[string, readonly IncomingGoods[], Partial<StockBuckets>, ReturnType<typeof sold>]>([
  [
    'goods due in time are offered with their date',
    [coming(10, '2026-02-01')],
    { inTransit: 10 },
    sold('2026-02-01', -10),
  ],
  ['never beside more than the ERP expects', [coming(10, '2026-02-01')], { inTransit: 4 }, sold('2026-02-01', -4)],
  [
    'not for each delivery anew',
    [coming(10, '2026-02-01'), coming(10, '2026-02-02')],
    { inTransit: 12 },
    sold('2026-02-01', -12),
  ],
  [
    'never mixed into today’s figure',
    [coming(10, '2026-02-01')],
    { onHand: 5, inTransit: 10 },
    sold('2026-02-01', -10, 5),
  ],
  [
    'what is oversold comes off first, and moves the date',
    [coming(10, '2026-01-25'), coming(10, '2026-02-01')],
    { open: 12, inTransit: 20 },
    sold('2026-02-01', -8),
  ],
  ['oversold by more than comes: nothing', [coming(10, '2026-01-25')], { open: 12, inTransit: 10 }, sold(null, null)],
  [
    'the horizon’s last day counts, the day after does not',
    [coming(3, '2026-02-19'), coming(4, '2026-02-20')],
    { inTransit: 7 },
    sold('2026-02-19', -3),
  ],
  [
    'what comes today counts, what is overdue does not',
    [coming(3, TODAY), coming(4, '2026-01-19')],
    { inTransit: 7 },
    sold(TODAY, -3),
  ],
  ['other stages do not count', [coming(3, '2026-02-01', { stage: 1 })], { workInProcess: 3 }, sold(null, null)],
  [
    'other warehouses do not count, nor goods without one or without a date',
    [coming(3, '2026-02-01', { warehouse: 'W09' }), coming(3, '2026-02-01', { warehouse: '' }), coming(3, null)],
    { inTransit: 9 },
    sold(null, null),
  ],
  [
    'work orders inside open to sell are not offered twice',
    [coming(10, '2026-02-01')],
    { openToSell: 10, openToSellWithWork: 10, workInProcess: 10 },
    sold(null, null),
  ],
  [
    'a quantity below zero takes nothing away',
    [coming(-5, '2026-01-25'), coming(10, '2026-02-01')],
    { inTransit: 10 },
    sold('2026-02-01', -10),
  ],
])('%s', (_, incoming, figures, offer) => {
  expect(offerFor(incoming, figures)).toEqual(offer);
});

describe('what else is taken already', () => {
  test('orders the ERP does not know yet come off what is there, then off what comes', () => {
    const unseen = [order('1', [{ sku: 'A', warehouse: 'W01', units: 8 }])];
    expect(offerFor([coming(10, '2026-02-01')], { onHand: 5, inTransit: 10 }, { unseen })).toEqual(
      sold('2026-02-01', -7),
    );
  });

  test('an oversold warehouse that counts as empty today still gets its goods first', () => {
    expect(
      offerFor([coming(50, '2026-02-01')], { open: 30, inTransit: 50 }, { rules: { negatives: 'clampEach' } }),
    ).toEqual(sold('2026-02-01', -20));
  });

  test('nothing is offered of what is unknown', () => {
    expect(offerFor([coming(50, '2026-02-01')], {}, { parts: [] })).toEqual(sold(null, null));
  });
});
