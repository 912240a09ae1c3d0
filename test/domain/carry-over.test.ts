import { describe, expect, test } from 'vitest';

import { planAmendment, type AmendmentPlan } from '../../domain/plan-amendment.ts';
import { purchaseChanges } from '../../domain/purchase-changes.ts';
import { withHeader } from '../../domain/replace-header.ts';
import { agreeOn, restate } from '../../domain/restate-order.ts';
import type { ErpSalesOrder, ErpSalesOrderLine, PreparedSalesOrder, SalesOrderLine } from '../../domain/sales-order.ts';
import type { AmendmentTable, OrderRules } from '../../domain/site-rules.ts';
import { aSalesOrder, asShownByErp, theRules, theSku } from '../support/builders.ts';

const [first] = aSalesOrder().lines;
const aLine = (change: Partial<SalesOrderLine> = {}): SalesOrderLine => {
  if (!first) throw new Error('an order has a line');
  return { ...first, ...change };
};
const LARGE = aLine({ sequence: 2, item: 'AC-1001-BLK-L', sku: theSku({ size: 'L' }), quantity: 4, price: '12.50' });
const sent = aSalesOrder({ lines: [aLine(), LARGE], tax: '30.00' });
const inErp = asShownByErp(sent);
const agreed = agreeOn(sent, inErp);
/** A site that lets the house cancel without asking anybody. */
const TOLERANT = theRules({
  erpEdits: { toleratedAmount: '0.00', toleratedFields: [], toleratedCauses: ['houseCancel', 'customerCancel'] },
});

function withLines(...changes: readonly Partial<ErpSalesOrderLine>[]): ErpSalesOrder {
  return { ...inErp, lines: (inErp.lines ?? []).map((line, index) => ({ ...line, ...changes[index] })) };
}

interface Given {
  readonly shown?: ErpSalesOrder;
  readonly wanted: PreparedSalesOrder;
  readonly sent?: PreparedSalesOrder | null;
  readonly agreed?: PreparedSalesOrder | null;
  readonly prefer?: 'nobody' | 'storefront';
  readonly rules?: OrderRules;
}

function plan({ rules = theRules(), ...given }: Given): AmendmentPlan {
  return planAmendment({ sent, agreed, shown: inErp, prefer: 'nobody', ...given }, rules);
}

/** What the ERP order shall be; a plan of another kind fails the test. */
function targetOf(given: Given): PreparedSalesOrder {
  const made = plan(given);
  if (made.kind !== 'replace') throw new Error(`planned ${JSON.stringify(made)}`);
  return made.target;
}

const units = ({ lines }: PreparedSalesOrder) => lines.map(({ sequence, quantity }) => [sequence, quantity]);
const asking = (change: Partial<PreparedSalesOrder['asked']>) => ({ ...sent.asked, ...change });
const withTable = (table: AmendmentTable) => theRules({ amendments: { ...theRules().amendments, table } });

describe('what was cancelled in the ERP, and the purchase does not show yet', () => {
  const poOnly = { ...sent, purchaseOrder: 'PO-2' };

  test('a line that the house cancelled stays cancelled when the buyer changes something else', () => {
    const shown = withLines({}, { open: 0, cancelledByHouse: 4 });
    expect(units(targetOf({ shown, wanted: poOnly, rules: TOLERANT }))).toEqual([[1, 10]]);
  });

  test('a part of a line stays cancelled when the buyer takes less of it than is left, or a little off', () => {
    const shown = withLines({ open: 6, cancelledByHouse: 4 });
    const less = (quantity: number) => ({ ...sent, lines: [aLine({ quantity }), LARGE] });
    expect(units(targetOf({ shown, wanted: less(8), rules: TOLERANT }))).toEqual([
      [1, 6],
      [2, 4],
    ]);
    expect(units(targetOf({ shown, wanted: less(5), rules: TOLERANT }))).toEqual([
      [1, 5],
      [2, 4],
    ]);
  });

  test('what the buyer adds comes on top of what is left', () => {
    const shown = withLines({ open: 6, cancelledByHouse: 4 });
    const wanted = { ...sent, lines: [aLine({ quantity: 12 }), LARGE] };
    expect(units(targetOf({ shown, wanted, rules: TOLERANT }))).toEqual([
      [1, 8],
      [2, 4],
    ]);
  });

  test('an order of which nothing would be left is cancelled, not replaced by an order without lines', () => {
    const shown = withLines({}, { open: 0, cancelledByHouse: 4 });
    const wanted = { ...sent, lines: [LARGE] };
    expect(plan({ shown, wanted, rules: TOLERANT })).toMatchObject({ kind: 'cancelOpen', lines: null });
  });
});

describe('a line that the ERP split for a back-order', () => {
  const split = (moved: Partial<ErpSalesOrderLine> = {}): ErpSalesOrder => {
    const shown = withLines({ ordered: 6, open: 6, ...moved });
    const [line] = inErp.lines ?? [];
    return line ? { ...shown, lines: [...(shown.lines ?? []), { ...line, sequence: 3, ordered: 4, open: 4 }] } : shown;
  };
  const wanting = (quantity: number) => ({ ...sent, lines: [aLine({ quantity }), LARGE] });
  const ofItem = (order: PreparedSalesOrder) =>
    order.lines.filter(({ item }) => item === first?.item).map(({ sequence, quantity }) => [sequence, quantity]);

  test.each([
    [
      10,
      [
        [1, 6],
        [3, 4],
      ],
    ],
    [
      7,
      [
        [1, 6],
        [3, 1],
      ],
    ],
    [6, [[1, 6]]],
    [5, [[1, 5]]],
    [
      12,
      [
        [1, 8],
        [3, 4],
      ],
    ],
  ])('brings in all as much as the buyer wants: %i', (quantity, lines) => {
    const wanted = { ...wanting(quantity), purchaseOrder: 'PO-2' };
    expect(ofItem(targetOf({ shown: split(), wanted }))).toEqual(lines);
  });

  test('loses both parts with the item', () => {
    const wanted = { ...sent, lines: [LARGE], tax: '10.00' };
    expect(targetOf({ shown: split(), wanted }).lines.map(({ sequence }) => sequence)).toEqual([2]);
  });

  test('gives up the part that is still open after the pick of the other', () => {
    const shown = split({ open: 0, picked: 6 });
    expect(plan({ shown, wanted: wanting(6) })).toMatchObject({ kind: 'cancelOpen', lines: [3] });
    expect(plan({ shown, wanted: wanting(8) })).toMatchObject({ kind: 'park' });
    expect(plan({ shown, wanted: { ...sent, lines: [LARGE] } })).toMatchObject({ kind: 'cancelOpen', lines: [3] });
  });

  test('is not taken for one where a clerk added more of the item', () => {
    const [line] = inErp.lines ?? [];
    if (!line) throw new Error('no line');
    const extra = { ...line, sequence: 3, ordered: 4, open: 4 };
    const shown = { ...inErp, lines: [...(inErp.lines ?? []), extra] };
    const rules = theRules({
      erpEdits: { toleratedAmount: '0.00', toleratedFields: ['line'], toleratedCauses: [] },
    });
    const target = targetOf({ shown, wanted: wanting(7), rules });
    expect(target.lines.map(({ sequence, quantity }) => [sequence, quantity])).toEqual([
      [1, 7],
      [2, 4],
      [3, 4],
    ]);
  });
});

describe('the storefront’s version sent again', () => {
  test('settles what the ERP cancelled and the purchase shows already', () => {
    const shown = withLines({ open: 6, cancelledByHouse: 4 });
    const wanted = { ...sent, tax: '22.00', lines: [aLine({ quantity: 6 }), LARGE] };
    expect(plan({ shown, sent: wanted, wanted, prefer: 'storefront' })).toMatchObject({
      kind: 'replace',
      target: { tax: '22.00', lines: [{ quantity: 6 }, { quantity: 4 }] },
    });
    expect(plan({ shown, sent: wanted, wanted })).toEqual({ kind: 'same' });
    const picked = withLines({ open: 0, picked: 6, cancelledByHouse: 4 });
    expect(plan({ shown: picked, sent: wanted, wanted, prefer: 'storefront' })).toEqual({ kind: 'same' });
  });
});

describe('money after a part was cancelled', () => {
  const shown = withLines({ open: 6, cancelledByHouse: 4 });
  const header = { reference: sent.reference, holdCode: '', warehouse: 'CA' };

  test('a header sent anew carries the tax and the discount of what is left, as the ERP would have invoiced them', () => {
    const discounted = { ...shown, discount: '15.00', discountCode: 'PROMO' };
    expect(withHeader(discounted, header, agreed)).toMatchObject({ tax: '22.00', discount: '11.00' });
  });

  test('an amendment carries the storefront’s tax of the lines that are left, also if it is the same as before', () => {
    const wanted = { ...sent, tax: '22.01', lines: [aLine({ quantity: 6 }), LARGE], purchaseOrder: 'PO-2' };
    const known = { ...sent, tax: '22.01', lines: [aLine({ quantity: 6 }), LARGE] };
    expect(targetOf({ shown, wanted, sent: known, rules: TOLERANT })).toMatchObject({
      tax: '22.01',
      lines: [{ quantity: 6 }, { quantity: 4 }],
    });
  });

  test('tax that the purchase still has for cancelled units goes down with them', () => {
    const wanted = { ...sent, purchaseOrder: 'PO-2' };
    expect(targetOf({ shown, wanted, rules: TOLERANT })).toMatchObject({ tax: '22.00' });
  });

  test('what was cancelled by line before does not come back as tax', () => {
    const left = { ...sent, lines: [aLine()], tax: '20.00' };
    const cancelled = withLines({}, { open: 0, cancelledByCustomer: 4 });
    const after = { ...agreed, lines: [aLine(), { ...LARGE, quantity: 0 }] };
    const wanted = { ...left, purchaseOrder: 'PO-2' };
    expect(targetOf({ shown: cancelled, wanted, sent: left, agreed: after })).toMatchObject({ tax: '20.00' });
  });
});

describe('what a clerk set and the storefront does not own', () => {
  test('a hold stays when the buyer changes the way of paying', () => {
    const wanted = { ...sent, orderType: 'WEB', terms: 'PPD', asked: asking({ paymentMethod: 'card' }) };
    expect(targetOf({ shown: { ...inErp, holdCode: 'FRAUD' }, wanted })).toMatchObject({
      holdCode: 'FRAUD',
      terms: 'PPD',
      orderType: 'WEB',
    });
  });

  test('hold and notes stay when a person sends the storefront’s version again', () => {
    const shown = { ...inErp, holdCode: 'FRAUD', notes: 'Call first', freight: '9.00' };
    expect(targetOf({ shown, wanted: sent, prefer: 'storefront' })).toMatchObject({
      holdCode: 'FRAUD',
      notes: 'Call first',
      freight: '0.00',
    });
  });

  test('a bill-to stays where the purchase names none', () => {
    const billTo = { ...sent.shipTo, name: 'Accounts payable' };
    const wanted = { ...sent, purchaseOrder: 'PO-2' };
    expect(targetOf({ shown: { ...inErp, billTo }, wanted })).toMatchObject({ billTo });
  });

  test('an allowance that both sides agreed on stays beside the buyer’s rounding', () => {
    const shown = { ...inErp, discount: '5.00', discountCode: 'PROMO' };
    const wanted = { ...sent, lines: [aLine({ quantity: 3, price: '3.34' }), LARGE], discount: '0.02', tax: '20.00' };
    expect(
      targetOf({
        shown,
        agreed: { ...agreed, discount: '5.00', discountCode: 'PROMO' },
        wanted: { ...wanted, discountCode: 'RND' },
      }),
    ).toMatchObject({ discount: '5.02', discountCode: 'PROMO' });
  });

  test('a discount that falls away takes its code with it', () => {
    const rounded = { ...sent, discount: '0.02', discountCode: 'RND' };
    const wanted = { ...sent, lines: [aLine({ quantity: 9 }), LARGE] };
    expect(
      targetOf({
        shown: asShownByErp(rounded),
        sent: rounded,
        agreed: agreeOn(rounded, asShownByErp(rounded)),
        wanted,
      }),
    ).toMatchObject({ discount: '0.00', discountCode: '' });
  });
});

describe('the hold of an order that went to the default warehouse', () => {
  const unmapped = aSalesOrder({ holdCode: 'LOC', asked: { ...sent.asked, location: 'loc-new' } });
  const shown = asShownByErp(unmapped);
  const known = agreeOn(unmapped, shown);
  const mapped = { ...unmapped, holdCode: '', warehouse: 'CA' };

  test('stays while the order is not at the warehouse the table names now', () => {
    const wanted = { ...mapped, purchaseOrder: 'PO-2' };
    expect(targetOf({ shown, sent: unmapped, agreed: known, wanted })).toMatchObject({
      holdCode: 'LOC',
      warehouse: 'NJ',
    });
  });

  test('goes when the buyer names a location that the table knows, and the order goes there', () => {
    const wanted = { ...mapped, asked: { ...unmapped.asked, location: 'loc-west' } };
    expect(targetOf({ shown, sent: unmapped, agreed: known, wanted })).toMatchObject({
      holdCode: '',
      warehouse: 'CA',
      lines: [{ warehouse: 'CA' }],
    });
  });
});

describe('dates', () => {
  test('a requested date moves the lines too, but not one that a clerk gave a date of its own', () => {
    const dates = { startDate: inErp.startDate, endDate: inErp.endDate };
    const shown = withLines(dates, { startDate: '2026-05-05', endDate: '2026-06-05' });
    const wanted = {
      ...sent,
      startDate: '2026-03-01',
      endDate: '2026-03-31',
      asked: asking({ deliveryDate: '2026-03-01' }),
    };
    expect(targetOf({ shown, wanted })).toMatchObject({
      startDate: '2026-03-01',
      endDate: '2026-03-31',
      lines: [
        { startDate: null, endDate: null },
        { startDate: '2026-05-05', endDate: '2026-06-05' },
      ],
    });
  });

  test('the storefront’s version sent again brings the lines back to the agreed dates', () => {
    const dates = { startDate: '2026-07-01', endDate: '2026-08-01' };
    const shown = { ...withLines(dates, dates), ...dates };
    expect(targetOf({ shown, wanted: sent, prefer: 'storefront' })).toMatchObject({
      startDate: agreed.startDate,
      lines: [{ startDate: null }, { startDate: null }],
    });
  });

  test('what the ERP does not show and the contract wants is sent as it was agreed', () => {
    const shown = {
      ...inErp,
      orderDate: null,
      startDate: null,
      endDate: null,
      orderType: '',
      currency: '',
      shipTo: null,
    };
    const wanted = { ...sent, lines: [aLine({ quantity: 3 }), LARGE] };
    const rules = theRules({
      erpEdits: { toleratedAmount: '0.00', toleratedFields: ['startDate', 'endDate', 'shipTo'], toleratedCauses: [] },
    });
    const { orderDate, startDate, endDate, orderType, currency, shipTo } = sent;
    const kept = { orderDate, startDate, endDate, orderType, currency, shipTo };
    expect(targetOf({ shown, wanted, rules })).toMatchObject(kept);
    expect(withHeader(shown, { reference: sent.reference, holdCode: '', warehouse: 'NJ' }, agreed)).toMatchObject(kept);
  });
});

describe('a run that does not know what was sent', () => {
  const found = restate(inErp, sent.reference, null);
  const items = {
    ...found,
    lines: found.lines.map((line, index) => ({ ...line, item: sent.lines[index]?.item ?? '' })),
  };
  const wanted = { ...sent, lines: [aLine({ quantity: 7 }), LARGE], tax: '24.00' };

  test('sees only what the buyer changed, and keeps hold, notes, place and dates of the ERP', () => {
    const shown = { ...inErp, holdCode: 'FRAUD', notes: 'Call first' };
    const asked = { location: 'loc-east', deliveryDate: null, paymentMethod: 'on_account' };
    const made = plan({
      shown,
      sent: null,
      agreed: { ...items, holdCode: 'FRAUD', notes: 'Call first' },
      wanted: { ...wanted, asked },
    });
    expect(made).toMatchObject({
      kind: 'replace',
      changes: [{ kind: 'quantityDown' }, { what: 'tax' }],
      target: { holdCode: 'FRAUD', notes: 'Call first', startDate: inErp.startDate, warehouse: 'NJ' },
    });
  });

  test('takes another warehouse, date or way of paying than the ERP has for the buyer’s', () => {
    const asked = { location: 'loc-west', deliveryDate: '2026-04-01', paymentMethod: 'card' };
    const other = { ...sent, asked, warehouse: 'CA', startDate: '2026-04-01', endDate: '2026-05-01', orderType: 'WEB' };
    const made = plan({ sent: null, agreed: items, wanted: { ...other, terms: 'PPD' } });
    expect(made.kind === 'replace' && made.changes.map(({ kind }) => kind)).toEqual(['date', 'location', 'payment']);
    expect(made).toMatchObject({
      target: { warehouse: 'CA', startDate: '2026-04-01', orderType: 'WEB', terms: 'PPD' },
    });
  });
});

describe('line numbers', () => {
  test('that were once used are never used again, also after the line is gone from both sides', () => {
    const once = targetOf({ wanted: { ...sent, lines: [aLine()], tax: '20.00' } });
    const there = asShownByErp(once);
    const small = aLine({ sequence: 2, item: 'AC-1001-BLK-S', sku: theSku({ size: 'S' }), quantity: 3 });
    const made = planAmendment(
      {
        sent: { ...sent, lines: [aLine()], tax: '20.00', highestLine: 2 },
        agreed: once,
        shown: there,
        wanted: { ...sent, lines: [aLine(), small], tax: '26.00' },
        prefer: 'nobody',
      },
      theRules(),
    );
    expect(made.kind === 'replace' && units(made.target)).toEqual([
      [1, 10],
      [3, 3],
    ]);
    expect(made.kind === 'replace' && made.sent.highestLine).toBe(3);
  });
});

describe('several kinds of change at once', () => {
  const more = { ...sent, lines: [aLine({ quantity: 12 }), LARGE] };

  test('what adding alone cannot give is not lost behind a supplement', () => {
    const rules = withTable({ open: { quantityUp: 'supplement' } });
    expect(plan({ wanted: more, rules })).toMatchObject({ kind: 'supplement' });
    expect(plan({ wanted: { ...more, purchaseOrder: 'PO-2' }, rules })).toMatchObject({ kind: 'park' });
    const cheaper = { ...sent, lines: [aLine({ quantity: 12 }), { ...LARGE, price: '11.00' }] };
    expect(plan({ wanted: cheaper, rules })).toMatchObject({ kind: 'park' });
  });

  test('a supplement that would need less discount than the order has is for a person', () => {
    const rounded = { ...sent, discount: '0.02', discountCode: 'RND' };
    const shown = asShownByErp(rounded);
    const rules = withTable({ open: { quantityUp: 'supplement' } });
    expect(
      plan({ sent: rounded, agreed: agreeOn(rounded, shown), shown, wanted: { ...more, tax: '34.00' }, rules }),
    ).toMatchObject({ kind: 'park' });
  });

  test('a cancel of lines does not swallow what else the buyer changed', () => {
    const rules = withTable({ open: { lineRemoved: 'cancelOpen' } });
    expect(plan({ wanted: { ...sent, lines: [LARGE] }, rules })).toMatchObject({ kind: 'cancelOpen', lines: [1] });
    expect(plan({ wanted: { ...sent, lines: [LARGE], purchaseOrder: 'PO-2' }, rules })).toMatchObject({
      kind: 'replace',
      target: { purchaseOrder: 'PO-2', lines: [{ sequence: 2 }] },
    });
  });
});

describe('no change of the buyer’s', () => {
  test('is a store that the ERP opened or closed for the same address', () => {
    const known = { ...sent, store: '0042', distributionCentre: 'DC1' };
    expect(purchaseChanges(sent, known)).toEqual([]);
    expect(purchaseChanges(known, sent)).toEqual([]);
    expect(targetOf({ wanted: { ...known, purchaseOrder: 'PO-2' } })).toMatchObject({
      store: '',
      distributionCentre: '',
    });
  });

  test('is our own reference in the place of a PO, of whatever document', () => {
    const { reference } = sent;
    const standingIn = { ...sent, reference: `${reference}.3`, purchaseOrder: reference };
    expect(purchaseChanges(standingIn, { ...standingIn, purchaseOrder: `${reference}.3` })).toEqual([]);
    expect(purchaseChanges(standingIn, { ...standingIn, purchaseOrder: 'PO-2' })).toMatchObject([
      { kind: 'purchaseOrder' },
    ]);
  });
});

test('another contact at the same address is a change, and reaches the ERP', () => {
  const wanted = { ...sent, shipTo: { ...sent.shipTo, contact: 'Grace Buyer' } };
  expect(targetOf({ wanted })).toMatchObject({ shipTo: { contact: 'Grace Buyer' } });
});

test('an item that a clerk put in the place of another is not taken for the one that was agreed', () => {
  const shown = withLines({ sku: theSku({ size: 'XL' }) });
  expect(restate(shown, sent.reference, agreed).lines.map(({ item }) => item)).toEqual(['', LARGE.item]);
});

test('a verdict knows the content it was made for, also if the ERP does not move its stamp', () => {
  const wanted = { ...sent, purchaseOrder: 'PO-2' };
  const contentOf = (shown: ErpSalesOrder) => {
    const made = plan({ shown, wanted });
    return made.kind === 'replace' ? made.assumed.content : '';
  };
  expect(contentOf({ ...inErp, status: 'released', statusLetter: 'R' })).toBe(contentOf(inErp));
  expect(contentOf({ ...inErp, notes: 'Call first' })).not.toBe(contentOf(inErp));
  expect(contentOf(withLines({ notes: 'gift' }))).not.toBe(contentOf(inErp));
});
