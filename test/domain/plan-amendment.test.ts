import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { amendmentAction, planAmendment, mergeInto, withoutOthers } from '../../domain/plan-amendment.ts';
import { purchaseChanges } from '../../domain/purchase-changes.ts';
import { agreeOn, restate } from '../../domain/restate-order.ts';
import type { ErpSalesOrder, ErpSalesOrderLine, PreparedSalesOrder, SalesOrderLine } from '../../domain/sales-order.ts';
import type { AmendmentAction, ErpStage } from '../../domain/site-rules.ts';
import { aSalesOrder, asShownByErp, theRules, theSku } from '../support/builders.ts';

const [first] = aSalesOrder().lines;
const aLine = (change: Partial<SalesOrderLine>): SalesOrderLine => {
  if (!first) throw new Error('an order has a line');
  return { ...first, ...change };
};
const OTHER = aLine({ sequence: 2, item: 'AC-1001-BLK-L', sku: theSku({ size: 'L' }), quantity: 4, price: '12.50' });
const sent = aSalesOrder({ lines: [aLine({}), OTHER], tax: '30.00', terms: '' });
const inErp = asShownByErp(sent);
const agreed = agreeOn(sent, inErp);
const RULES = theRules();

/** The ERP order at a stage: everything open, or some of the first line already further. */
function at(stage: ErpStage, change: Partial<ErpSalesOrder> = {}): ErpSalesOrder {
  const moved: Record<ErpStage, Partial<ErpSalesOrderLine>> = {
    open: {},
    held: {},
    released: {},
    allocated: { allocated: 10 },
    picked: { open: 4, picked: 6 },
    partlyShipped: { open: 4, picked: 0, invoiced: 6 },
    invoiced: { open: 0, invoiced: 10 },
    cancelled: { open: 0, cancelledByCustomer: 10 },
  };
  const rest =
    stage === 'invoiced' ? { open: 0, invoiced: 4 } : stage === 'cancelled' ? { open: 0, cancelledByCustomer: 4 } : {};
  const status: Partial<Record<ErpStage, ErpSalesOrder['status']>> = {
    held: 'hold',
    released: 'released',
    allocated: 'allocated',
  };
  const lines = (inErp.lines ?? []).map((line) => ({ ...line, ...(line.sequence === 1 ? moved[stage] : rest) }));
  return { ...inErp, status: status[stage] ?? 'open', lines, ...change };
}

const withQuantity = (quantity: number, tax = '30.00') => ({ ...sent, tax, lines: [aLine({ quantity }), OTHER] });
const plan = (shown: ErpSalesOrder, wanted: PreparedSalesOrder | null, prefer: 'nobody' | 'storefront' = 'nobody') =>
  planAmendment({ sent, agreed, shown, wanted, prefer }, RULES);

describe('what the buyer changed', () => {
  test('nothing is no change, and neither is another day, another mapping, or a choice left to the ERP', () => {
    expect(purchaseChanges(sent, sent)).toEqual([]);
    const later = { ...sent, startDate: '2026-05-01', endDate: '2026-06-01', warehouse: 'CA', terms: 'N60' };
    expect(purchaseChanges(sent, later)).toEqual([]);
    expect(plan(at('open'), later)).toEqual({ kind: 'same' });
  });

  test.each<readonly [string, PreparedSalesOrder, object]>([
    ['more', withQuantity(12), { kind: 'quantityUp', before: '10', after: '12', money: '20' }],
    ['less', withQuantity(7), { kind: 'quantityDown', money: '-30' }],
    ['a line less', { ...sent, lines: [OTHER] }, { kind: 'lineRemoved', money: '-100' }],
    [
      'a line more',
      { ...sent, lines: [...sent.lines, aLine({ item: 'NEW', quantity: 1 })] },
      { kind: 'lineAdded', money: '10' },
    ],
    ['a price', { ...sent, lines: [aLine({ price: '11.00' }), OTHER] }, { kind: 'price', money: '10' }],
    ['the PO', { ...sent, purchaseOrder: 'PO-2' }, { kind: 'purchaseOrder' }],
    ['the address', { ...sent, shipTo: { ...sent.shipTo, line1: 'Elsewhere 1' } }, { kind: 'address' }],
    ['the date', { ...sent, asked: { ...sent.asked, deliveryDate: '2026-03-01' } }, { kind: 'date' }],
    ['the location', { ...sent, asked: { ...sent.asked, location: 'loc-west' } }, { kind: 'location' }],
    ['the payment', { ...sent, asked: { ...sent.asked, paymentMethod: 'card' } }, { kind: 'payment' }],
    ['the customer', { ...sent, customer: 'OTHER' }, { kind: 'customer' }],
    ['tax alone', { ...sent, tax: '31.00' }, { kind: 'price', what: 'tax', money: '1' }],
  ])('%s', (_, wanted, change) => {
    expect(purchaseChanges(sent, wanted)).toMatchObject([change]);
  });
});

describe('stage × change', () => {
  const early: readonly ErpStage[] = ['open', 'held', 'released', 'allocated'];
  test.each(early)('while the ERP order is %s it is replaced as a whole', (stage) => {
    expect(plan(at(stage), withQuantity(7))).toMatchObject({ kind: 'replace', assumed: { stage } });
  });

  test.each<ErpStage>(['picked', 'partlyShipped'])('while it is %s more is for a person', (stage) => {
    expect(plan(at(stage), withQuantity(12))).toMatchObject({ kind: 'park', problem: { code: 'AMENDED' } });
  });

  test.each<ErpStage>(['picked', 'partlyShipped'])(
    'while it is %s less is a cancel of the open rest, if that gives it',
    (stage) => {
      expect(plan(at(stage), withQuantity(6, '20.00'))).toMatchObject({ kind: 'cancelOpen', lines: [1] });
      expect(plan(at(stage), { ...sent, lines: [aLine({})] })).toMatchObject({ kind: 'cancelOpen', lines: [2] });
      const part = plan(at(stage), withQuantity(8));
      expect(part).toMatchObject({ kind: 'park' });
      expect(part.kind === 'park' && part.problem.says).toContain('Part of a line cannot be cancelled after the pick');
    },
  );

  test.each<ErpStage>(['invoiced', 'cancelled'])('once it is %s everything is for a person', (stage) => {
    expect(plan(at(stage), withQuantity(7))).toMatchObject({ kind: 'park' });
  });

  test('nothing wanted any more cancels what is open, says so when all is invoiced, and is content when it is cancelled', () => {
    expect(plan(at('picked'), null)).toMatchObject({ kind: 'cancelOpen', lines: null });
    expect(plan(at('invoiced'), null)).toMatchObject({ kind: 'park' });
    expect(plan(at('cancelled'), null)).toEqual({ kind: 'same' });
  });

  test.each<readonly [AmendmentAction, object]>([
    ['supplement', { kind: 'supplement', order: { tax: '2.00', lines: [{ sequence: 1, quantity: 2 }] } }],
    ['reenter', { kind: 'reenter' }],
    ['park', { kind: 'park' }],
  ])('the site’s own word wins: %s', (action, made) => {
    const rules = theRules({ amendments: { ...RULES.amendments, table: { picked: { quantityUp: action } } } });
    const wanted = withQuantity(12, '32.00');
    expect(planAmendment({ sent, agreed, shown: at('picked'), wanted, prefer: 'nobody' }, rules)).toMatchObject(made);
  });

  test('what the site leaves out follows the default, cell by cell', () => {
    const own = { ...RULES.amendments, table: { open: { price: 'park' } } } as const;
    expect(amendmentAction(own, 'open', 'price')).toBe('park');
    expect(amendmentAction(own, 'open', 'quantityUp')).toBe('replace');
    expect(amendmentAction(own, 'allocated', 'price')).toBe('replace');
    expect(amendmentAction(own, 'allocated', 'customer')).toBe('park');
    expect(amendmentAction(own, 'picked', 'lineRemoved')).toBe('cancelOpen');
    expect(amendmentAction(own, 'partlyShipped', 'lineAdded')).toBe('park');
    expect(amendmentAction(own, 'invoiced', 'quantityDown')).toBe('park');
  });
});

describe('both sides changed', () => {
  const edited = at('open', { freight: '9.00' });

  test('nothing is overwritten: a person chooses', () => {
    const made = plan(edited, withQuantity(7));
    expect(made).toMatchObject({ kind: 'park', problem: { code: 'EDIT_CONFLICT' } });
    expect(made.kind === 'park' && made.problem.says).toMatch(/10 → 7.*freight 9\.00 instead of 0\.00/);
  });

  test('the storefront’s version, pushed by a person, restores everything that was agreed', () => {
    const clerk = at('open', { freight: '9.00', terms: 'COD', warehouse: 'CA', endDate: '2026-12-01' });
    const made = plan(
      { ...clerk, lines: (clerk.lines ?? []).map((line) => ({ ...line, warehouse: 'CA' })) },
      sent,
      'storefront',
    );
    expect(made).toMatchObject({
      kind: 'replace',
      target: {
        freight: '0.00',
        terms: 'N30',
        warehouse: 'NJ',
        endDate: agreed.endDate,
        lines: [{ warehouse: 'NJ' }, { warehouse: 'NJ' }],
      },
    });
  });
});

describe('carrying over', () => {
  const text = fc.stringMatching(/^[A-Z]{1,5}$/);

  test('what the buyer did not touch stays as the ERP shows it, whatever it is; what the buyer touched is the purchase’s', () => {
    fc.assert(
      fc.property(
        fc.record({
          salesperson: text,
          season: text,
          department: text,
          notes: text,
          holdCode: text,
          shipTerms: text,
          terms: text,
        }),
        fc.record({
          purchaseOrder: text,
          quantity: fc.integer({ min: 1, max: 50 }),
          tax: fc.integer({ min: 0, max: 9_999 }),
        }),
        (clerk, buyer) => {
          const shown = { ...inErp, ...clerk };
          const tax = (buyer.tax / 100).toFixed(2);
          const wanted = { ...withQuantity(buyer.quantity, tax), purchaseOrder: buyer.purchaseOrder };
          const { target } = mergeInto(shown, sent, wanted, agreed);
          expect(target).toMatchObject({ ...clerk, purchaseOrder: buyer.purchaseOrder, tax });
          expect(target.lines.map(({ sequence, quantity }) => [sequence, quantity])).toEqual([
            [1, buyer.quantity],
            [2, 4],
          ]);
        },
      ),
    );
  });

  test('a line keeps its number, a new one gets one that was never used, and an amendment of an amendment finds both', () => {
    const added = { ...sent, lines: [OTHER, aLine({ item: 'NEW', sku: theSku({ size: 'S' }), quantity: 3 })] };
    const once = mergeInto(inErp, sent, added, agreed);
    expect(once.target.lines.map(({ sequence, item }) => [sequence, item])).toEqual([
      [2, OTHER.item],
      [3, 'NEW'],
    ]);
    const there = asShownByErp(once.target);
    const back = mergeInto(there, once.sent, sent, once.target);
    expect(back.target.lines.map(({ sequence, item, quantity }) => [sequence, item, quantity])).toEqual([
      [2, OTHER.item, 4],
      [4, first?.item, 10],
    ]);
  });

  test('cancelled parts stay out of a restatement, and lines of the ERP’s own stay in', () => {
    const shown = at('open', {
      lines: (inErp.lines ?? []).map((line) =>
        line.sequence === 1 ? { ...line, open: 6, cancelledByHouse: 4 } : line,
      ),
    });
    expect(restate(shown, sent.reference, agreed).lines.map(({ quantity }) => quantity)).toEqual([6, 4]);
  });
});

describe('several documents of one division', () => {
  test('share the lines and the money without losing a unit or a cent', () => {
    const whole = { ...sent, tax: '30.00', lines: [aLine({ quantity: 12 }), OTHER] };
    const supplement = aSalesOrder({ lines: [aLine({ quantity: 2 })], tax: '4.00' });
    const rest = withoutOthers(whole, [supplement]);
    expect(rest).toMatchObject({ kind: 'rest', order: { tax: '26.00', lines: [{ quantity: 10 }, { quantity: 4 }] } });
    expect(withoutOthers(aSalesOrder({ lines: [OTHER] }), [supplement])).toEqual({ kind: 'tooMuch' });
  });
});
