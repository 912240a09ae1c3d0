import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { sum } from '../../../domain/money.ts';
import {
  classifyPurchase,
  mustBeRead,
  STANDINGS,
  type OrderGlance,
  type ProofRules,
  type PurchaseFacts,
  type Standing,
} from '../../../domain/proof/classify-purchase.ts';
import { findDuplicates, matchDocuments, type ErpDocument } from '../../../domain/proof/match-documents.ts';
import { reportProof } from '../../../domain/proof/report-proof.ts';
import { tieOut } from '../../../domain/proof/tie-out.ts';
import type { PurchaseKey, PurchaseSummary } from '../../../domain/purchase.ts';
import { referenceOf } from '../../../domain/storefront-reference.ts';

const KEY: PurchaseKey = { kind: 'sparklayer', value: 'a0000000-0000-4000-8000-000000000001' };
const REFERENCE = referenceOf(KEY) ?? '';
const OLD = '2026-03-09T12:00:00Z';
const YOUNG = '2026-03-09T14:59:00Z';
const RULES: ProofRules = {
  now: '2026-03-09T15:00:00Z',
  goLive: '2026-01-01T00:00:00Z',
  graceSeconds: 80,
  tolerated: '0.00',
};

function aSummary(given: Partial<PurchaseSummary> = {}): PurchaseSummary {
  return {
    key: KEY,
    identifiers: { sparklayer: KEY.value, platform: null, internal: null, visible: 'S1' },
    type: 'order',
    placedAt: OLD,
    updatedAt: OLD,
    customerReference: null,
    currency: 'GBP',
    total: '120.00',
    ...given,
  };
}

function aDocument(given: Partial<ErpDocument> = {}): ErpDocument {
  return {
    orderNumber: '104001',
    status: 'open',
    altPo: REFERENCE,
    referenceField: REFERENCE,
    orderDate: '2026-03-09',
    currency: 'GBP',
    value: '120',
    uncertain: '0',
    units: 6,
    ...given,
  };
}

const running = (stage: string, attention = 'none'): OrderGlance => ({ key: KEY.value, stage, attention });

function standing(given: Partial<PurchaseFacts> = {}): Standing {
  return classifyPurchase({ summary: aSummary(), documents: [], glance: null, word: 'notRead', ...given }, RULES);
}

/** Its class, with what is said of it. */
function told(given: Partial<PurchaseFacts>): string {
  const found = standing(given);
  switch (found.kind) {
    case 'inErpEqual':
      return found.kind;
    case 'inErpDiffers':
      return `${found.kind}: ${found.differences.map(({ says }) => says).join('; ')}`;
    case 'parked':
      return `${found.kind}: ${found.code}`;
    case 'excluded':
      return `${found.kind}: ${found.rule}`;
    case 'inFlight':
    case 'unaccounted':
      return `${found.kind}: ${found.ageSeconds}`;
  }
}

const cancelled = aDocument({ status: 'cancelled_house', value: '0', units: 0 });
const second = aDocument({ orderNumber: '104002', altPo: `${REFERENCE}.2`, referenceField: `${REFERENCE}.2` });

test.each<[string, Partial<PurchaseFacts>, string]>([
  ['what nobody knows of is unaccounted', {}, 'unaccounted: 10800'],
  ['what is younger than its grace is in flight', { summary: aSummary({ placedAt: YOUNG }) }, 'inFlight: 60'],
  ['what runs is in flight however old', { glance: running('submitted') }, 'inFlight: 10800'],
  ['what waits for a person is parked', { glance: running('parked', 'SKU_UNKNOWN') }, 'parked: SKU_UNKNOWN'],
  ['what the ERP has at the same worth is equal', { documents: [aDocument()] }, 'inErpEqual'],
  ['also while it runs on', { documents: [aDocument()], glance: running('accepted', 'ERP_EDIT') }, 'inErpEqual'],
  [
    'what the ERP accepted and no longer shows is not on its way',
    { glance: running('released') },
    'inErpDiffers: released, but the ERP shows no order of it',
  ],
  [
    'unless it was placed just now',
    { glance: running('accepted'), summary: aSummary({ placedAt: YOUNG }) },
    'inFlight: 60',
  ],
  ['what is being closed as cancelled the ERP need not show', { glance: running('cancelled') }, 'inFlight: 10800'],
  ['half of it in the ERP is in flight', { documents: [aDocument()], glance: running('submitted') }, 'inFlight: 10800'],
  [
    'several documents add up',
    { documents: [aDocument({ value: '100' }), { ...second, value: '20.00' }, cancelled] },
    'inErpEqual',
  ],
  [
    'another total is named with both figures',
    { documents: [aDocument({ value: '119.99' })] },
    'inErpDiffers: total 119.99 instead of 120.00 (-0.01)',
  ],
  [
    'a total that cannot be told to the cent, because some of the order was cancelled, is equal within its bounds',
    { documents: [aDocument({ value: '119.33', uncertain: '0.68' })] },
    'inErpEqual',
  ],
  [
    'another currency is named',
    { documents: [aDocument({ currency: 'USD' })] },
    'inErpDiffers: currency USD instead of GBP (104001)',
  ],
  [
    'what was cancelled in the ERP alone is named so, whether or not the order was closed long ago',
    { documents: [cancelled], word: 'order' },
    'inErpDiffers: cancelled in the ERP (104001)',
  ],
  [
    'what both sides cancelled is equal',
    { documents: [cancelled], summary: aSummary({ total: '0.00' }) },
    'inErpEqual',
  ],
  [
    'a change that is under way is in flight',
    { documents: [aDocument({ value: '100' })], summary: aSummary({ updatedAt: YOUNG }), glance: running('accepted') },
    'inFlight: 10800',
  ],
  [
    'an order that is there twice is never in flight',
    {
      documents: [aDocument(), aDocument({ orderNumber: '104009' })],
      summary: aSummary({ updatedAt: YOUNG }),
      glance: running('accepted'),
    },
    'inErpDiffers: twice in the ERP: 104001, 104009; total 240.00 instead of 120.00 (+120.00)',
  ],
  ['what was closed on the purchase is excluded', { word: 'closed' }, 'excluded: closedByUs'],
  ['also where the ERP still has it', { word: 'closed', documents: [cancelled] }, 'excluded: closedByUs'],
  ['what was cancelled before it was sent is excluded', { word: 'cancelled' }, 'excluded: cancelledByTheBuyer'],
  ['what is gone by now is excluded', { word: 'gone' }, 'excluded: withdrawn'],
  [
    'what was placed before the go-live is excluded',
    { summary: aSummary({ placedAt: '2025-12-31T23:59:59Z' }) },
    'excluded: beforeGoLive',
  ],
  ['what is known by an ERP number only is excluded', { summary: aSummary({ key: null }) }, 'excluded: bornInErp'],
  ['a purchase that was read and is none of these is unaccounted', { word: 'order' }, 'unaccounted: 10800'],
  ['a purchase that cannot be read is where its row and the ERP say', { word: 'unreadable' }, 'unaccounted: 10800'],
  [
    'a purchase without a total cannot differ in it',
    { summary: aSummary({ total: null }), documents: [aDocument()] },
    'inErpEqual',
  ],
])('%s', (_name, given, expected) => {
  expect(told(given)).toBe(expected);
});

test('the purchase itself is read only before it is said that it is missing, or that the ERP differs with nobody at work', () => {
  const asks = (given: Partial<PurchaseFacts>) =>
    mustBeRead({ summary: aSummary(), documents: [], glance: null, word: 'notRead', ...given }, standing(given));
  expect(asks({})).toBe(true);
  expect(asks({ word: 'order' })).toBe(false);
  expect(asks({ documents: [cancelled] })).toBe(true);
  expect(asks({ documents: [cancelled], glance: running('accepted') })).toBe(false);
  expect(asks({ documents: [aDocument()] })).toBe(false);
});

describe('orders of the ERP', () => {
  test('are found by their reference however it is written, in either field; those of others are left alone', () => {
    const lower = aDocument({ altPo: '', referenceField: ` ${REFERENCE.toLowerCase()} ` });
    const stranger = aDocument({ altPo: 'PO-4711', referenceField: '' });
    const rejected = aDocument({ status: 'rejected' });
    const ours = aDocument({ altPo: 'P4711', referenceField: 'p4711' });
    const found = matchDocuments([lower, stranger, rejected, second, ours]);
    expect([...found].map(([key, { documents }]) => [key, documents])).toEqual([
      [KEY.value, [lower, second]],
      ['platform:4711', [ours]],
    ]);
  });

  test('are duplicates where two live ones carry one reference, and not where one was cancelled', () => {
    const documents = [aDocument(), second, cancelled];
    expect(findDuplicates({ key: KEY, documents })).toEqual([]);
    expect(findDuplicates({ key: KEY, documents: [...documents, { ...second, orderNumber: '104003' }] })).toEqual([
      { reference: `${REFERENCE}.2`, orderNumbers: ['104002', '104003'] },
    ]);
  });
});

const cents = fc.integer({ min: 0, max: 10_000_000 }).map((whole) => (whole / 100).toFixed(2));
const times = fc.constantFrom(OLD, YOUNG, '2026-03-08T09:00:00+01:00', '2025-11-01T00:00:00Z', null);
const facts: fc.Arbitrary<PurchaseFacts> = fc.record({
  summary: fc
    .record({
      key: fc.constantFrom(KEY, null),
      placedAt: times,
      updatedAt: fc.constantFrom(OLD, YOUNG),
      currency: fc.constantFrom('GBP', 'USD', null),
      total: fc.option(cents),
    })
    .map(aSummary),
  documents: fc.array(
    fc
      .record({
        status: fc.constantFrom('open', 'invoiced', 'cancelled_house', 'unknown'),
        value: cents,
        currency: fc.constantFrom('GBP', 'USD'),
      })
      .map(aDocument),
    { maxLength: 3 },
  ),
  glance: fc.option(
    fc.constantFrom('received', 'submitted', 'accepted', 'parked', 'closed').map((stage) => running(stage)),
  ),
  word: fc.constantFrom('notRead', 'order', 'closed', 'cancelled', 'gone', 'unreadable'),
});

test('whatever is known, every purchase is in exactly one class, and the classes add up to the storefront’s list to the cent', () => {
  fc.assert(
    fc.property(fc.array(facts, { maxLength: 30 }), (all) => {
      const proven = all.map((each) => ({ facts: each, standing: classifyPurchase(each, RULES) }));
      const listed = all.map(({ summary }) => summary);
      const { days, totals, gaps } = tieOut(proven, listed, 'America/New_York');
      expect(gaps).toEqual([]);
      for (const rows of [days, totals]) {
        expect(rows.reduce((count, each) => count + each.count, 0)).toBe(all.length);
        for (const currency of ['GBP', 'USD', ''])
          expect(Number(sum(rows.filter((each) => each.currency === currency).map(({ value }) => value)))).toBe(
            Number(sum(listed.filter((each) => (each.currency ?? '') === currency).map(({ total }) => total ?? '0'))),
          );
      }
      for (const { kind } of days) expect(STANDINGS).toContain(kind);
    }),
  );
});

test('nothing that runs, is in the ERP, is young or was closed is ever unaccounted', () => {
  fc.assert(
    fc.property(facts, (each) => {
      const { kind } = classifyPurchase(each, RULES);
      const { key, placedAt, updatedAt } = each.summary;
      const isOld = Date.parse(RULES.now) - Date.parse(placedAt ?? updatedAt) >= RULES.graceSeconds * 1000;
      const isOurs = key !== null && (placedAt === null || Date.parse(placedAt) >= Date.parse(RULES.goLive));
      const isNowhere = each.glance === null && each.documents.length === 0;
      const isWanted = ['notRead', 'order', 'unreadable'].includes(each.word);
      expect(kind === 'unaccounted').toBe(isOurs && isNowhere && isOld && isWanted);
    }),
  );
});

test('a purchase that was lost between listing and judging is a gap of its day in the ERP’s zone, and a finding', () => {
  const lost = aSummary({ currency: 'USD', placedAt: '2026-03-08T03:00:00Z' });
  const kept = { summary: aSummary(), documents: [], glance: null, word: 'notRead' } as const;
  const proven = [{ facts: kept, standing: classifyPurchase(kept, RULES) }];
  const proof = { at: RULES.now, from: RULES.goLive, zone: 'America/New_York', listed: [kept.summary, lost], proven };
  const { gaps, findings } = reportProof({
    ...proof,
    duplicates: [],
    orphans: [],
    erpOrders: 0,
    unreadable: [],
    datedAhead: [],
    unread: [],
  });
  expect(gaps).toEqual(['2026-03-07 USD']);
  expect(findings.find(({ code }) => code === 'PROOF_NOT_TIED')).toMatchObject({ concerns: gaps });
});
