import { describe, expect, test } from 'vitest';

import { describeOrder } from '../../domain/describe-order.ts';
import type { BilledDocument } from '../../domain/settle-money.ts';
import { allInvoiced, aSettledOrder, COMPLETE } from './order-story.ts';

const INVOICE: BilledDocument = {
  kind: 'invoice',
  number: '700001',
  orderNumber: '500001',
  date: '2026-02-01',
  units: 16,
  total: '569.88',
  paid: '100.00',
  currency: 'GBP',
  carrier: 'UPSG',
  tracking: ['1Z1', '1Z2'],
  parcels: 7,
  standing: 'valid',
};
const CREDIT: BilledDocument = {
  kind: 'credit',
  number: '900001',
  orderNumber: '500001',
  date: '2026-02-09',
  units: 2,
  total: '-48.00',
  currency: 'GBP',
  ofInvoice: '700001',
};

const invoiced = (...documents: readonly BilledDocument[]) =>
  allInvoiced({ settlement: { ...COMPLETE, documents: [...documents] } });
const timelineOf = (story: ReturnType<typeof aSettledOrder>) => story.state.timeline.map(({ what }) => what);

describe('the page of an order', () => {
  test('has a table of its invoices and credits', () => {
    const { state, act } = aSettledOrder().when(invoiced(CREDIT, INVOICE));
    const page = describeOrder(state, act);
    expect(page).toContain(
      [
        '### Invoices and credits',
        '',
        '| number | ERP order | date | units | total | paid | carrier | tracking |',
        '|---|---|---|---|---|---|---|---|',
        '| Credit memo 900001 for invoice 700001 | 500001 | 2026-02-09 | -2 | -48.00 GBP |  |  |  |',
        '| Invoice 700001 | 500001 | 2026-02-01 | 16 | 569.88 GBP | 100.00 | UPSG | 1Z1, 1Z2 and 5 more |',
      ].join('\n'),
    );
  });

  test.each([
    ['void', '(void)'],
    ['gone', '(not shown any more)'],
  ] as const)('marks an invoice that is %s', (standing, mark) => {
    const { state, act } = aSettledOrder().when(invoiced({ ...INVOICE, standing }));
    expect(describeOrder(state, act)).toContain(`| Invoice 700001 ${mark} |`);
  });

  test('has no such table while nothing is billed, nor where an earlier version remembered none', () => {
    for (const story of [aSettledOrder(), aSettledOrder().when(allInvoiced())])
      expect(describeOrder(story.state, story.act)).not.toContain('Invoices and credits');
  });

  test('says once in what happened that an invoice and a credit memo appeared, and that it was voided', () => {
    const story = aSettledOrder().when(invoiced(), invoiced(INVOICE), invoiced(INVOICE), invoiced(CREDIT, INVOICE));
    expect(timelineOf(story).slice(-2)).toEqual([
      'Invoice 700001: 16 units, 569.88 GBP, tracking 1Z1, 1Z2 and 5 more.',
      'Credit memo 900001: 2 units, -48.00 GBP, for invoice 700001.',
    ]);
    expect(timelineOf(story.when(invoiced(CREDIT)))).toContain('Invoice 700001 is not shown by the ERP any more.');
  });
});
