import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { findingsOf } from '../../../domain/audit/audit-findings.ts';
import { auditSite, type AuditFacts } from '../../../domain/audit/audit-site.ts';
import type { AuditedOrder } from '../../../domain/audit/audited-order.ts';
import type { Gap } from '../../../domain/audit/gap.ts';
import { weighGaps } from '../../../domain/audit/weigh-gaps.ts';
import type { AlertRules } from '../../../domain/alerts/alert-rules.ts';

const ROUTE = { channels: [], when: 'atOnce' } as const;
const ROUTES = { urgent: ROUTE, high: ROUTE, normal: ROUTE, low: ROUTE };
const DIGEST = { zone: 'UTC', at: ['09:00'] };
const ALERTS: AlertRules = {
  channels: [],
  routes: { ecommerce: ROUTES, finance: ROUTES, warehouse: ROUTES, integration: ROUTES },
  quietHours: { ecommerce: null, finance: null, warehouse: null, integration: null },
  digests: { ecommerce: DIGEST, finance: DIGEST, warehouse: DIGEST, integration: DIGEST },
  temporalUi: '',
};
const NOBODY = { email: null };

function anOrder(change: Partial<AuditedOrder> = {}): AuditedOrder {
  return {
    name: 'B2B1',
    currency: 'GBP',
    value: '100.00',
    customer: 'cu_1',
    location: 'shop',
    paymentMethod: 'on_account',
    terms: '',
    shippingMethods: [],
    skus: ['A'],
    divisions: ['01'],
    warehouses: ['W01'],
    ...change,
  };
}

function aGap(location: string, change: Partial<Gap> = {}): Gap {
  return {
    code: 'LOCATION_NOT_MAPPED',
    key: location,
    says: `“${location}” is missing.`,
    concerns: [location],
    effect: 'held',
    touches: (order) => order.location === location,
    ...change,
  };
}

function facts(orders: readonly AuditedOrder[], gaps: readonly Gap[]): AuditFacts {
  return {
    site: 'acme',
    siteVersion: 'v1',
    at: '2026-01-20T05:30:00Z',
    proof: { unaccounted: 0, purchases: 3 },
    days: 30,
    orders,
    unread: 0,
    gaps,
    limits: { perMinute: null, snapshotMinutes: 15, stockPageSize: 200, stockParts: [], schedules: [] },
    alerts: ALERTS,
    owners: { ecommerce: NOBODY, finance: NOBODY, warehouse: NOBODY, integration: NOBODY },
    escalation: { ecommerce: [], finance: [], warehouse: [], integration: [] },
    severities: {},
    notLookedAt: [],
    compared: {},
  };
}

describe('gaps by what they would have cost', () => {
  test('the dearest comes first by its share of what was sold in a currency, not by the bare number', () => {
    const orders = [
      anOrder({ location: 'a', currency: 'JPY', value: '9000.00' }),
      anOrder({ location: 'b', currency: 'JPY', value: '900000.00' }),
      anOrder({ location: 'c', currency: 'GBP', value: '500.00' }),
      anOrder({ currency: 'GBP', value: '100.00' }),
    ];
    const weighed = weighGaps([aGap('a'), aGap('c'), aGap('none'), aGap('b')], orders, {});
    expect(weighed.map(({ key }) => key)).toEqual(['b', 'c', 'a', 'none']);
    expect(weighed[0]?.cost).toEqual({ orders: 1, money: [{ currency: 'JPY', amount: '900000.00' }] });
    expect(weighed[3]?.cost).toEqual({ orders: 0, money: [] });
  });

  test('a gap never costs more than was sold, and an order counts once in each', () => {
    const order = fc.record({
      location: fc.constantFrom('a', 'b', 'c'),
      currency: fc.constantFrom('GBP', 'USD'),
      cents: fc.integer({ min: 0, max: 10_000_000 }),
    });
    fc.assert(
      fc.property(fc.array(order, { maxLength: 30 }), (given) => {
        const orders = given.map(({ cents, ...rest }) => anOrder({ ...rest, value: (cents / 100).toFixed(2) }));
        const gaps = [aGap('a'), aGap('b'), aGap('c'), aGap('all', { touches: () => true })];
        const audit = auditSite(facts(orders, gaps));
        for (const { key, cost } of audit.gaps.filter(({ code }) => code === 'LOCATION_NOT_MAPPED')) {
          const own = given.filter(({ location }) => key === 'all' || location === key);
          expect(cost.orders).toBe(own.length);
          for (const { currency, amount } of cost.money) {
            const cents = own.filter((each) => each.currency === currency).reduce((sum, each) => sum + each.cents, 0);
            expect(Math.round(Number(amount) * 100)).toBe(cents);
          }
        }
        expect(audit.stopped).toEqual(audit.sold);
      }),
    );
  });

  test('a team without an address is told what of its own nobody would have heard of', () => {
    const orders = [anOrder({ location: 'a', value: '70.00' }), anOrder()];
    const audit = auditSite(
      facts(orders, [aGap('a'), aGap('x', { code: 'CUSTOMER_NOT_IN_ERP', touches: () => false })]),
    );
    const costOf = (owner: string) =>
      audit.gaps.find(({ code, key }) => code === 'OWNER_WITHOUT_ADDRESS' && key === owner)?.cost.orders;
    expect([costOf('warehouse'), costOf('finance')]).toEqual([1, 0]);
    expect(audit.stopped.orders).toBe(1);
  });
});

describe('the cases of an audit', () => {
  const audit = auditSite(
    facts(
      [anOrder({ location: 'a' }), anOrder({ location: 'a', currency: 'USD' })],
      [aGap('a'), aGap('', { code: 'UPC_SHARED', concerns: ['1', '2'] })],
    ),
  );

  test('say what it would have cost; money of two currencies has no sum', () => {
    const found = findingsOf(audit, []).find(({ key }) => key === 'a');
    expect(found?.money).toEqual([
      { currency: 'GBP', amount: '100.00' },
      { currency: 'USD', amount: '100.00' },
    ]);
    expect(found?.says).toBe(
      '“a” is missing. Of the last 30 days 2 orders, 100.00 GBP and 100.00 USD: they would have gone in on hold.',
    );
  });

  test('leave out what a running feed tells of itself', () => {
    const codes = (running: Parameters<typeof findingsOf>[1]) => findingsOf(audit, running).map(({ code }) => code);
    expect(codes([])).toContain('UPC_SHARED');
    expect(codes(['products'])).not.toContain('UPC_SHARED');
    expect(codes(['products', 'customers', 'prices', 'stock'])).toContain('LOCATION_NOT_MAPPED');
  });
});
