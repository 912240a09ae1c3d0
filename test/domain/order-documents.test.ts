import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { describeOrder, stageOfOrder } from '../../domain/describe-order.ts';
import { eachDocument, seenFrom, seenFromHome, views } from '../../domain/order-documents.ts';
import { decide, newOrder } from '../../domain/order-lifecycle.ts';
import type { DocumentPlan, DocumentState, ErpGlance, OrderEvent, OrderState, Step } from '../../domain/order-state.ts';
import { problemKind } from '../../domain/problems.ts';
import type { PreparedSalesOrder } from '../../domain/sales-order.ts';
import { documentReference } from '../../domain/storefront-reference.ts';
import { aSalesOrder, PURCHASE_REFERENCE, PURCHASE_UUID } from '../support/builders.ts';
import { DocumentsWorld, type DocumentsHappening } from './documents-world.ts';
import {
  ACCEPTED,
  ACT,
  aFollowedDocument,
  allCancelled,
  alreadyInErp,
  amendedTo,
  anArrivedPurchase,
  aReplacement,
  ASSUMED,
  aStop,
  cancelRefused,
  deadButtons,
  followed,
  foundNothing,
  glance,
  impossible,
  LATER,
  looked,
  MUCH_LATER,
  nothingLeft,
  OPEN_SETTLEMENT,
  OPEN_UNITS,
  ORDER_NUMBER,
  PACING,
  partlyCancelled,
  planned,
  prepared,
  preparing,
  pressable,
  purchaseChanged,
  PURCHASE_GONE,
  refused,
  replaced,
  replaceDone,
  replaceSent,
  revised,
  STAGED,
  START,
  submitted,
  writtenAs,
  type Story,
} from './order-story.ts';

const SECOND_NUMBER = '500002';
const FIRST = aSalesOrder();
const SECOND = aSalesOrder({ reference: documentReference(PURCHASE_REFERENCE, 2), division: '02', warehouse: 'CA' });
const STAGED_SECOND = { ...STAGED, row: 2 };
const ACCEPTED_SECOND = { ...ACCEPTED, orderNumber: SECOND_NUMBER };
const LOST = { kind: 'unknown', why: 'socket closed' } as const;
const SAME: DocumentPlan['plan'] = { kind: 'same' };

const SEED = { seed: 20_260_220, numRuns: 800, endOnFailure: false } as const;

const happenings = fc.array(
  fc.record<DocumentsHappening>({
    what: fc.oneof(
      { weight: 26, arbitrary: fc.constant('step' as const) },
      { weight: 5, arbitrary: fc.constant('personActs' as const) },
      { weight: 1, arbitrary: fc.constant('purchaseVanishes' as const) },
      {
        weight: 14,
        arbitrary: fc.constantFrom<DocumentsHappening['what']>(
          'erpImports',
          'erpImports',
          'erpImports',
          'erpRefuses',
          'postArrives',
          'clerkPicks',
          'clerkCancels',
          'clerkEdits',
          'clerkUndoes',
          'buyerEdits',
          'buyerEdits',
          'buyerReverts',
          'pollerTells',
          'timePasses',
        ),
      },
    ),
    how: fc.nat(2 ** 31 - 1),
  }),
  { minLength: 5, maxLength: 80, size: 'max' },
);

const NOTHING_WANTED: DocumentPlan['plan'] = {
  kind: 'cancelOpen',
  changes: [],
  lines: null,
  sent: null,
  assumed: ASSUMED,
};

const STEPS: readonly Step[] = [
  { at: 'settled', orderNumber: '1' },
  { at: 'over', orderNumber: '2' },
  { at: 'parked', orderNumber: null },
  { at: 'toSubmit', order: FIRST, permission: { kind: 'first' } },
  { at: 'toFollow', orderNumber: '3' },
];

/** One to five documents of an order, in the order in which it is seen from them. */
const documentsOfOrder = fc
  .uniqueArray(fc.integer({ min: 2, max: 9 }), { maxLength: 4 })
  .chain((further) => fc.shuffledSubarray([1, ...further], { minLength: further.length + 1 }))
  .chain((numbers) => fc.tuple(...numbers.map(documentOf)));

/** A basket of two divisions, prepared and not sent. */
function twoPrepared(): Story {
  return anArrivedPurchase().when(prepared({}, { orders: [FIRST, SECOND] }));
}

/** The import job has both. */
function twoStaged(): Story {
  return twoPrepared().when(submitted(STAGED), submitted(STAGED_SECOND, 2));
}

/** The ERP has both, and both sides were read. */
function twoSettled(): Story {
  return twoPrepared().when(submitted(ACCEPTED), submitted(ACCEPTED_SECOND, 2), bothRead());
}

/** The ERP has the first and refused the second. */
function secondRefused(): Story {
  return twoPrepared().when(submitted(ACCEPTED), submitted(refused('CUST_INACT', 'content'), 2), firstRead());
}

/** The buyer changed something of both divisions, and that is decided on. */
function twoEdited(): Story {
  return twoSettled().when(purchaseChanged()).untilItLooks();
}

describe('an order seen from its documents', () => {
  test('is the same order: no view loses or mixes anything', () => {
    fc.assert(
      fc.property(documentsOfOrder, (documents) => {
        const state = orderOf(documents);
        const numbers = documents.map(({ document }) => document).toSorted((left, right) => left - right);
        expect(views(state).map(({ document }) => document)).toEqual(numbers);
        expect(eachDocument(state, (view) => view)).toEqual(state);
        for (const part of documents) {
          const view = seenFrom(state, part.document);
          expect(partOf(view)).toEqual(part);
          expect(view.others.map(({ document }) => document)).toEqual(numbers.filter((each) => each !== part.document));
          expect(seenFrom(view, state.document)).toEqual(state);
          expect(seenFromHome(view)).toEqual(seenFromHome(state));
          for (const other of documents)
            expect(seenFrom(view, other.document)).toEqual(seenFrom(state, other.document));
        }
      }),
    );
  });

  test('is changed in each of them, once, and what is common once for each', () => {
    fc.assert(
      fc.property(documentsOfOrder, (documents) => {
        const state = orderOf(documents);
        const changed = eachDocument(state, (view) => ({
          ...view,
          revision: view.revision + 100,
          facts: { ...view.facts, holdCode: `${view.facts.holdCode}!` },
          overtaken: view.overtaken + 1,
        }));
        expect(changed.document).toBe(state.document);
        expect(changed.overtaken).toBe(documents.length);
        const expected = documents.map((part) => ({
          ...part,
          revision: part.revision + 100,
          holdCode: `${part.holdCode}!`,
        }));
        expect(views(changed).map(partOf)).toEqual(expected.toSorted((left, right) => left.document - right.document));
      }),
    );
  });

  test('from a document that it does not have is seen as it was', () => {
    const { state } = twoPrepared();
    expect(seenFrom(state, 7)).toEqual(state);
  });

  test('is seen from the first that still matters', () => {
    expect(twoSettled().state.document).toBe(1);
    const first = { document: 1, division: '01', plan: NOTHING_WANTED };
    const over = twoEdited().when(planned([first, second(SAME)]), allCancelled());
    expect(over.state).toMatchObject({ document: 2, facts: { orderNumber: SECOND_NUMBER } });
  });
});

describe('a basket of two divisions', () => {
  test('is one document for each, recorded before the first post, and sent in turn', () => {
    const story = twoPrepared();
    expect(story.state.others).toMatchObject([{ document: 2, division: '02', warehouse: 'CA', posts: 'none' }]);
    expect(story.act).toMatchObject({ do: 'submit', document: 1, order: FIRST, permission: { kind: 'first' } });
    const next = story.when(submitted(STAGED));
    expect(next.act).toMatchObject({
      do: 'submit',
      document: 2,
      order: SECOND,
      permission: { kind: 'first' },
      attempt: 1,
    });
    expect(next.when(submitted(STAGED_SECOND, 2)).act.do).toBe('wait');
  });

  test('is told apart by the references of the import log', () => {
    const story = twoStaged().when(imported(SECOND, SECOND_NUMBER));
    expect(views(story.state).map(({ step, facts }) => [step.at, facts.orderNumber])).toEqual([
      ['awaiting', ''],
      ['toFollow', SECOND_NUMBER],
    ]);
    // One side is read while the other is awaited: what is on its way is shown to the buyer as it is.
    expect(story.act).toMatchObject({
      do: 'follow',
      documents: [
        { document: 1, orderNumber: '', onTheirWay: ['AC-1001-BLK-M'] },
        { document: 2, orderNumber: SECOND_NUMBER },
      ],
    });
  });

  test('is one order for people: its numbers, and the stage of the slowest', () => {
    const story = twoSettled().when(erpShowsOf(2, { status: 'picked' }));
    expect(stageOfOrder(story.state)).toBe('accepted');
    const page = describeOrder(story.state, story.act);
    expect(page).toContain(`| ERP order 1 (01) | ${ORDER_NUMBER}, open (O) |`);
    expect(page).toContain(`| ERP order 2 (02) | ${SECOND_NUMBER}, picked (O) |`);
  });

  test('that changes just before its first half is sent is prepared anew as a whole', () => {
    const changed = { kind: 'purchaseChanged', updatedAt: LATER } as const;
    const story = twoPrepared().when(submitted(changed));
    expect(story.act).toEqual({ do: 'prepare', customerOverride: null });
    const again = story.when(prepared({ fingerprint: 'content-2', updatedAt: LATER }, { orders: [FIRST, SECOND] }));
    expect(again.act).toMatchObject({
      do: 'submit',
      document: 1,
      permission: { kind: 'first' },
      fingerprint: 'content-2',
    });
    expect(again.state.others).toHaveLength(1);
  });

  test('that cannot be prepared any more then sends nothing, and waits for a person', () => {
    const changed = { kind: 'purchaseChanged', updatedAt: LATER } as const;
    const story = twoPrepared().when(submitted(changed), impossible('SKU_UNKNOWN', { updatedAt: LATER }));
    expect(story.act).toMatchObject({ do: 'wait', until: null });
    expect(story.codes).toEqual(['SKU_UNKNOWN']);
    expect(deadButtons(story.state)).toEqual([]);
    expect(story.repair('retry').when(prepared({}, { orders: [FIRST, SECOND] })).act).toMatchObject({
      do: 'submit',
      document: 1,
    });
  });

  test('that changes while its first half is under way decides on the second with it', () => {
    const changed = { kind: 'purchaseChanged', updatedAt: LATER } as const;
    const story = twoPrepared().when(submitted(STAGED), submitted(changed, 2));
    expect(story.act.do).toBe('wait');
    const there = story.when(looked(ACCEPTED), firstRead({ purchase: amendedTo() }));
    expect(there.act).toMatchObject({ do: 'revise', anyway: true });
    const plans = [first(aReplacement()), second({ kind: 'send', order: SECOND })];
    const going = there.when(planned(plans));
    expect(going.act).toMatchObject({ do: 'replace', document: 1 });
    expect(going.when(replaceDone()).act).toMatchObject({ do: 'submit', document: 2, permission: { kind: 'first' } });
    // Refused, nothing of it is there: it is prepared anew as a whole.
    expect(story.when(looked(refused('STYLE_NF', 'content'))).act.do).toBe('prepare');
  });

  test('keeps a division’s document when the divisions change and something of it may be there', () => {
    const lost = anArrivedPurchase()
      .when(prepared({}, { orders: [{ ...SECOND, reference: PURCHASE_REFERENCE }] }))
      .when({ is: 'stepRefused', document: 1, why: 'the second attempt broke' });
    const again = lost.repair('retry').when(prepared({}, { orders: [FIRST, SECOND] }));
    expect(views(again.state).map(({ document, step, facts }) => [document, step.at, facts.division])).toEqual([
      [1, 'unknown', '02'],
      [2, 'toSubmit', '01'],
    ]);
    expect(again.act).toMatchObject({
      do: 'look',
      document: 1,
      order: { division: '02', reference: PURCHASE_REFERENCE },
    });
    expect(again.when(foundNothing()).act).toMatchObject({
      do: 'submit',
      document: 2,
      order: { division: '01', reference: documentReference(PURCHASE_REFERENCE, 2) },
    });
  });
});

describe('one of two documents that the ERP refuses', () => {
  test('parks, while the other lives on', () => {
    const story = secondRefused();
    expect(story.codes).toEqual(['ERP_REFUSED']);
    expect(story.state.problems[0]?.says).toContain('of division 02');
    expect(views(story.state).map(({ step }) => step.at)).toEqual(['settled', 'parked']);
    expect(stageOfOrder(story.state)).toBe('parked');
    expect(deadButtons(story.state)).toEqual([]);
    expect(story.when(erpShowsOf(1, { status: 'picked' })).untilItLooks().act.do).toBe('follow');
  });

  test('is sent again by retry, and only that', () => {
    const deciding = secondRefused().repair('retry').when(firstRead());
    expect(deciding.act).toMatchObject({
      do: 'revise',
      anyway: true,
      documents: [{ orderNumber: ORDER_NUMBER }, { document: 2, division: '02', orderNumber: '' }],
    });
    const again = deciding.when(
      planned([first(SAME), second({ kind: 'send', order: SECOND })], { fingerprint: 'content-1' }),
    );
    expect(again.act).toMatchObject({ do: 'submit', document: 2, permission: { kind: 'allSettled' }, attempt: 2 });
    expect(again.codes).toEqual([]);
    expect(again.when(submitted(ACCEPTED_SECOND, 2), bothRead()).state).toMatchObject({ problems: [], document: 1 });
  });

  test('is not sent again by itself because the other moves', () => {
    const story = secondRefused()
      .when(erpShowsOf(1, { status: 'picked' }))
      .untilItLooks()
      .when(firstRead());
    expect(story.act).toMatchObject({ do: 'wait', until: null });
    expect(story.codes).toEqual(['ERP_REFUSED']);
  });

  test('goes in when the buyer corrects the purchase, and its problem is over', () => {
    const deciding = secondRefused().when(purchaseChanged()).untilItLooks();
    const story = deciding.when(planned([first(SAME), second({ kind: 'send', order: SECOND })]));
    expect(story.codes).toEqual([]);
    expect(story.act).toMatchObject({ do: 'submit', document: 2, attempt: 2, fingerprint: 'content-2' });
  });

  test('is dropped when nothing of its division is wanted any more, and no longer keeps the order open', () => {
    const deciding = secondRefused().when(purchaseChanged()).untilItLooks();
    const story = deciding.when(planned([first(SAME)]), firstRead({ purchase: writtenAs('content-2') }));
    expect(story.codes).toEqual([]);
    expect(views(story.state).map(({ step }) => step.at)).toEqual(['settled', 'over']);
    expect(stageOfOrder(story.state)).toBe('accepted');
  });

  test('is cancelled with the other by a person', () => {
    const story = secondRefused().repair('cancel');
    expect(story.act).toMatchObject({ do: 'cancel', document: 1 });
    const ended = story.when(allCancelled(), nothingLeft());
    expect(ended.act).toMatchObject({ do: 'recordClosing', outcome: 'cancelled', act: ACT });
    expect(stageOfOrder(story.when(allCancelled()).state)).toBe('cancelled');
  });

  test('goes with the other when the purchase is withdrawn, and the order ends', () => {
    const story = secondRefused().when(PURCHASE_GONE, withdrawn('cancel'));
    expect(story.act).toMatchObject({ do: 'cancel', document: 1 });
    const ended = story.when(allCancelled(), nothingLeft({ kind: 'gone' }));
    expect(ended.act).toEqual({ do: 'finish', outcome: 'cancelled' });
  });
});

describe('two documents that the ERP refuses', () => {
  const both = twoStaged().when(looked(refused('STYLE_NF', 'content')), looked(refused('CUST_INACT', 'content'), 2));

  test('are both said', () => {
    expect(both.codes).toEqual(['ERP_REFUSED', 'ERP_REFUSED']);
    const says = both.state.problems.map((problem) => problem.says).join(' ');
    expect(says).toContain('STYLE_NF');
    expect(says).toContain('CUST_INACT');
  });

  test('are both sent again under their next numbers', () => {
    const again = both.repair('retry').when(prepared({}, { orders: [FIRST, SECOND] }));
    expect(again.codes).toEqual([]);
    expect(again.act).toMatchObject({ do: 'submit', document: 1, permission: { kind: 'allSettled' }, attempt: 2 });
    const next = again.when(submitted(STAGED));
    expect(next.act).toMatchObject({ do: 'submit', document: 2, permission: { kind: 'allSettled' }, attempt: 2 });
  });

  test.each<readonly [string, OrderEvent]>([
    ['by a person', { is: 'repaired', repair: { kind: 'retry', ...ACT } }],
    ['because the purchase changed', purchaseChanged()],
  ])('are prepared anew %s only when the ERP has decided on both', (_, wish) => {
    const waiting = twoStaged().when(looked(refused('STYLE_NF', 'content')), wish);
    expect(waiting.act.do).toBe('wait');
    expect(views(waiting.state).map(({ step }) => step.at)).toEqual(['parked', 'awaiting']);
    expect(waiting.when(looked(refused('CUST_INACT', 'content'), 2)).act.do).toBe('prepare');
    // There, it is decided on both sides.
    const there = waiting.when(looked(ACCEPTED_SECOND, 2), secondRead());
    expect(there.act).toMatchObject({ do: 'revise', anyway: true });
  });

  test('end the order when a person cancels it meanwhile', () => {
    const wished = twoStaged()
      .when(looked(refused('STYLE_NF', 'content')))
      .repair('cancel');
    const ended = wished.when(looked(refused('CUST_INACT', 'content'), 2));
    expect(ended.act).toMatchObject({ do: 'recordClosing', outcome: 'cancelled', act: ACT });
    expect(ended.when({ is: 'closingRecorded' }).act).toEqual({ do: 'finish', outcome: 'cancelled' });
  });

  test('end the order when the purchase is gone meanwhile', () => {
    const gone = twoStaged().when(looked(refused('STYLE_NF', 'content')), PURCHASE_GONE);
    const ended = gone.when(looked(refused('CUST_INACT', 'content'), 2));
    expect(ended.act).toEqual({ do: 'finish', outcome: 'withdrawn' });
  });
});

describe('cancelling two documents', () => {
  test('that were not sent ends the order, and sends neither', () => {
    expect(twoPrepared().repair('cancel').act).toMatchObject({ do: 'recordClosing', outcome: 'cancelled', act: ACT });
    const pausing = { kind: 'notPosted', why: 'HTTP 503', retryAfterMs: 20_000 } as const;
    const held = twoPrepared().when(submitted(pausing), submitted(pausing, 2));
    expect(held.repair('cancel').act).toMatchObject({ do: 'recordClosing', outcome: 'cancelled' });
  });

  test('of which one is on its way sends no other, and cancels that one in the ERP', () => {
    const pausing = { kind: 'notPosted', why: 'HTTP 503', retryAfterMs: 20_000 } as const;
    const wished = twoPrepared().when(submitted(pausing), submitted(STAGED_SECOND, 2)).repair('cancel');
    expect(wished.untilItLooks().act).toMatchObject({ do: 'look', document: 2 });
    const there = wished.when(looked(ACCEPTED_SECOND, 2));
    expect(there.act).toMatchObject({ do: 'cancel', document: 2, cancelling: { lines: null, act: ACT } });
  });

  test('waits until nothing of either is under way', () => {
    const wished = twoStaged().when(looked(ACCEPTED)).repair('cancel');
    expect(wished.state.cancelWish).toEqual(ACT);
    const both = wished.when(looked(ACCEPTED_SECOND, 2));
    expect(both.act).toMatchObject({ do: 'cancel', document: 1 });
    const next = both.when(allCancelled());
    expect(next.act).toMatchObject({ do: 'cancel', document: 2 });
    const done = next.when(allCancelled(2, SECOND_NUMBER));
    expect(done.act.do).toBe('follow');
    expect(done.when(bothCancelled()).act).toMatchObject({ do: 'recordClosing', outcome: 'cancelled', act: ACT });
  });

  test.each<readonly [string, readonly OrderEvent[]]>([
    ['the first', [partlyCancelled(), allCancelled(2, SECOND_NUMBER)]],
    ['the second', [allCancelled(), partlyCancelled(2, SECOND_NUMBER)]],
    ['both', [partlyCancelled(), partlyCancelled(2, SECOND_NUMBER)]],
  ])('as far as possible says how far: %s is picked in part', (which, answers) => {
    const story = twoSettled()
      .repair('cancel')
      .when(...answers);
    expect(story.codes).toEqual(which === 'both' ? ['CANCEL_PARTIAL', 'CANCEL_PARTIAL'] : ['CANCEL_PARTIAL']);
    const numbers = story.state.problems.map(({ says }) => /order (\d+)/.exec(says)?.[1]);
    expect(numbers).toEqual(
      which === 'both' ? [ORDER_NUMBER, SECOND_NUMBER] : [which === 'the first' ? ORDER_NUMBER : SECOND_NUMBER],
    );
    const read = story.when(bothRead());
    expect(read.act).toMatchObject({ do: 'wait', until: null });
    expect(read.codes).toEqual(story.codes);
  });

  test('of which one is refused cancels the other, and can be tried again', () => {
    const story = twoSettled().repair('cancel').when(cancelRefused(), allCancelled(2, SECOND_NUMBER));
    expect(story.codes).toEqual(['CANCEL_REFUSED']);
    expect(views(story.state).map(({ step }) => step.at)).toEqual(['parked', 'over']);
    expect(story.when(bothRead()).repair('cancel').act).toMatchObject({ do: 'cancel', document: 1 });
  });

  test('because the purchase is gone says of each how far it went, and is not tried again by itself', () => {
    const story = twoSettled()
      .when(PURCHASE_GONE, withdrawn('cancel'))
      .when(partlyCancelled(), partlyCancelled(2, SECOND_NUMBER));
    expect(story.codes).toEqual(['CANCEL_PARTIAL', 'CANCEL_PARTIAL']);
    const read = story.when(bothRead({ purchase: { kind: 'gone' } }));
    expect(read.act).toMatchObject({ do: 'wait', until: null });
    expect(read.when(PURCHASE_GONE).act).toMatchObject({ do: 'wait', until: null });
  });

  test('leaves the trouble of the other where it is', () => {
    const held = twoSettled().when(erpShowsOf(2, { status: 'credit_hold' }));
    const plans = [first(NOTHING_WANTED), second(SAME)];
    const story = held.when(purchaseChanged()).untilItLooks().when(planned(plans), allCancelled());
    expect(story.codes).toEqual(['ERP_HOLD']);
  });

  test('does not forget one that may be in the ERP: it is looked for, and cancelled there', () => {
    const lost = twoPrepared().when({ is: 'stepRefused', document: 1, why: 'the second attempt broke' });
    const wished = lost.when(submitted(STAGED_SECOND, 2)).repair('cancel');
    expect(wished.state.cancelWish).toEqual(ACT);
    const looking = wished
      .when(looked(ACCEPTED_SECOND, 2), allCancelled(2, SECOND_NUMBER))
      .when(
        planned([
          first({ kind: 'send', order: FIRST }),
          { document: 3, division: '02', plan: { kind: 'send', order: SECOND } },
        ]),
      );
    expect(looking.act).toMatchObject({ do: 'look', document: 1 });
    expect(looking.state.others.map(({ document }) => document)).toEqual([2]);
    expect(looking.when(looked({ ...ACCEPTED, how: 'adopted' })).act).toMatchObject({ do: 'cancel', document: 1 });
    expect(looking.when(foundNothing('laterJobFinished')).act).toMatchObject({
      do: 'recordClosing',
      outcome: 'cancelled',
    });
  });

  test('does not end the order while one may be in the ERP', () => {
    const lost = twoPrepared().when(
      { is: 'stepRefused', document: 1, why: 'the second attempt broke' },
      submitted(refused('STYLE_NF', 'content'), 2),
    );
    for (const story of [lost.repair('cancel'), lost.when(PURCHASE_GONE)]) {
      expect(story.act).not.toMatchObject({ do: 'finish' });
      expect(story.act).not.toMatchObject({ do: 'recordClosing' });
    }
    const withdrawnOnly = lost.repair('retry').when(preparing({ kind: 'withdrawn', why: 'the purchase is gone' }));
    expect(withdrawnOnly.codes).toContain('WITHDRAWN');
    expect(withdrawnOnly.act).toMatchObject({ do: 'wait', until: null });
  });
});

describe('a document that waits for a person while it may be in the ERP', () => {
  const broken = { is: 'stepRefused', document: 2, why: 'the second attempt broke' } as const;
  const lost = twoPrepared().when(submitted(ACCEPTED), broken, firstRead());
  const bothUnfit = twoPrepared()
    .when({ ...broken, document: 1 }, broken)
    .repair('retry')
    .when(impossible('SKU_UNKNOWN'));

  test('is followed when the poller finds it', () => {
    const found = lost.when(erpShowsOf(2, {}));
    expect(found.act).toMatchObject({ do: 'follow', documents: [{}, { orderNumber: SECOND_NUMBER, sent: null }] });
    const deciding = found.when(bothRead());
    expect(deciding.act).toMatchObject({ do: 'revise', anyway: true });
    expect(deciding.when(planned([first(SAME), second(SAME)]), bothRead()).codes).toEqual([]);
  });

  test('is followed though the purchase cannot be prepared any more', () => {
    expect(bothUnfit.codes).toEqual(['SKU_UNKNOWN']);
    const found = bothUnfit.when(erpShowsOf(2, {}));
    expect(found.act).toMatchObject({ do: 'follow', documents: [{ orderNumber: '' }, { orderNumber: SECOND_NUMBER }] });
  });

  test('is cancelled when the poller finds it after a person had cancelled the order', () => {
    const found = lost.repair('cancel').when(erpShowsOf(2, {}));
    expect(found.act).toMatchObject({ do: 'cancel', document: 1 });
    expect(found.when(allCancelled()).act).toMatchObject({ do: 'cancel', document: 2, orderNumber: SECOND_NUMBER });
  });

  test('is looked for when the import log names it, or a cancelled order of it is shown', () => {
    const send = planned([first(SAME), second({ kind: 'send', order: SECOND })]);
    for (const news of [imported(SECOND, SECOND_NUMBER), erpShowsOf(2, { status: 'cancelled_house' })]) {
      const told = lost.when(news);
      expect(told.act).toMatchObject({ do: 'revise', anyway: true });
      expect(told.when(send).act).toMatchObject({ do: 'look', document: 2 });
    }
  });

  test('stays with the person when there are several, and when it was refused', () => {
    const several = erpShowsOf(2, {});
    if (several.is !== 'erpChanged') throw new Error('not news of the ERP');
    const copy = { ...several, orders: several.orders.flatMap((order) => [order, { ...order, orderNumber: '77' }]) };
    const parked = lost.when(copy);
    expect(parked.codes).toContain('DUPLICATE_IN_ERP');
    expect(parked.when(several).act).toMatchObject({ do: 'wait', until: null });
    const faults = [{ code: 'STYLE_NF', text: 'x', line: null }];
    const about = { transaction: '900', row: 2, controlNumber: '123456789', reference: SECOND.reference };
    const refusal = { kind: 'refused', ...about, faults } as const;
    const told = lost.when({ is: 'erpChanged', imports: [refusal], orders: [], credits: [], moved: false });
    expect(told.act).toMatchObject({ do: 'wait', until: null });
  });
});

describe('a refused look at one of two documents', () => {
  const blind = { is: 'stepRefused', document: 2, why: 'HTTP 403' } as const;
  const looking = twoPrepared().when(submitted(STAGED), submitted(STAGED_SECOND, 2)).untilItLooks();

  test('is not over when the other is seen, but when it is seen itself', () => {
    const seen = looking.when({ ...blind, document: 1 }, blind);
    expect(seen.codes).toEqual(['STEP_REFUSED', 'STEP_REFUSED']);
    const one = seen.untilItLooks().when(looked(ACCEPTED));
    expect(one.state.problems.map(({ says }) => says)).toEqual([expect.stringContaining('document 2')]);
    expect(one.when(looked(ACCEPTED_SECOND, 2)).codes).toEqual([]);
  });

  test('keeps nobody from going on with the other', () => {
    const story = looking.when(blind, looked(ACCEPTED), followed({ purchase: { kind: 'conflict', why: 'in use' } }));
    expect(story.codes).toEqual(['WRITE_BACK_REFUSED', 'STEP_REFUSED']);
    const retold = story.when(erpShowsOf(1, { status: 'picked' })).untilItLooks();
    const mended = retold.when(...(retold.act.do === 'look' ? [blind] : [])).when(firstRead());
    expect(mended.codes).toEqual(['STEP_REFUSED']);
    expect(views(mended.state).map(({ step }) => step.at)).toEqual(['settled', 'awaiting']);
  });
});

describe('two documents that the ERP overtakes together', () => {
  const both = [first(aReplacement()), second(aReplacement(SECOND))];
  const overtakenBoth = ([1, 2] as const).map((document) =>
    replaced({ kind: 'overtaken', why: 'it was picked' }, document),
  );

  test('are overtaken once', () => {
    let story = twoEdited();
    for (let round = 1; round <= 5; round++) {
      story = story.when(planned(both), ...overtakenBoth);
      expect(story.state.overtaken).toBe(round);
      expect(story.act.do).toBe('revise');
    }
  });

  test('wait for a person after five rounds, and nothing is decided anew', () => {
    let story = twoEdited();
    for (let round = 1; round <= 6; round++) story = story.when(planned(both), ...overtakenBoth);
    expect(story.codes).toEqual(['AMENDED']);
    expect(story.state).toMatchObject({ revise: null, refused: 'content-2' });
    expect(views(story.state).map(({ step }) => step.at)).toEqual(['parked', 'settled']);
    expect(story.repair('retry').state.revise).toEqual({ kind: 'now' });
  });
});

describe('a document that is over', () => {
  test('is told to the steps that read both sides, so that the ERP may forget it', () => {
    const story = twoEdited().when(planned([first(NOTHING_WANTED), second(SAME)]), allCancelled());
    expect(story.act).toMatchObject({ do: 'follow', documents: [{ place: 'over' }, { place: 'live' }] });
  });

  test('ends the order a person cancelled, though the ERP does not show it any more', () => {
    const over = twoSettled().repair('cancel').when(allCancelled(), allCancelled(2, SECOND_NUMBER));
    const story = over.when({ is: 'followed', outcome: { kind: 'notThere', orderNumber: ORDER_NUMBER } });
    expect(story.act).toMatchObject({ do: 'recordClosing', outcome: 'cancelled' });
  });
});

describe('a document of an earlier run of which nobody knows the division', () => {
  test('is of the division that is sent for it from then on', () => {
    const opened = anArrivedPurchase()
      .when(alreadyInErp({ sameContent: false }, [ORDER_NUMBER, '']), firstRead({ purchase: amendedTo() }))
      .when(planned([first(SAME), second({ kind: 'send', order: SECOND })]));
    expect(opened.act).toMatchObject({ do: 'look', document: 2 });
    expect(views(opened.state).map(({ facts }) => facts.division)).toEqual(['01', '02']);
  });
});

describe('a verdict on two documents', () => {
  test('of which one parks is carried out for none', () => {
    const story = twoEdited().when(planned([first(aStop()), second(aReplacement(SECOND))]));
    expect(story.act).toMatchObject({ do: 'wait', until: null });
    expect(story.codes).toEqual(['AMENDED']);
    expect(views(story.state).map(({ step, revision }) => [step.at, revision])).toEqual([
      ['parked', 1],
      ['settled', 1],
    ]);
    expect(story.state.revisions).toMatchObject([
      { document: 1, what: 'park' },
      { document: 2, what: 'replace' },
    ]);
  });

  test('says every reason for which it is not carried out', () => {
    const story = twoEdited().when(planned([first(aStop('AMENDED', 'Too late.')), second(aStop('EDIT_CONFLICT'))]));
    expect(story.codes).toEqual(['AMENDED', 'EDIT_CONFLICT']);
    expect(deadButtons(story.state)).toEqual([]);
  });

  test('is carried out one after the other, each under its own revision, and then read once', () => {
    const story = twoEdited().when(planned([first(aReplacement()), second(aReplacement(SECOND))]));
    expect(story.act).toMatchObject({ do: 'replace', document: 1, orderNumber: ORDER_NUMBER, revision: 2 });
    const next = story.when(replaceDone());
    expect(next.act).toMatchObject({ do: 'replace', document: 2, orderNumber: SECOND_NUMBER, revision: 2 });
    const done = next.when(replaceDone(2, { orderNumber: SECOND_NUMBER }));
    expect(done.act).toMatchObject({ do: 'follow', fingerprint: 'content-2', trustEntry: false });
    const read = done.when(bothRead({ purchase: writtenAs('content-2') }));
    expect(read.act).toMatchObject({ do: 'wait', until: null });
  });

  test('of which the ERP refuses one goes on with the other, and does not begin anew', () => {
    const plans = [first(aReplacement()), second(aReplacement(SECOND))];
    const story = twoEdited().when(planned(plans), replaced({ kind: 'refused', why: 'STYLE_NF' }));
    expect(story.act).toMatchObject({ do: 'replace', document: 2, fingerprint: 'content-2' });
    const done = story.when(replaceDone(2, { orderNumber: SECOND_NUMBER }));
    expect(done.codes).toEqual(['REPLACE_REFUSED']);
    const read = done.when(bothRead({ purchase: amendedTo() }));
    expect(read.codes).toEqual(['REPLACE_REFUSED']);
    expect(read.act).toMatchObject({ do: 'wait', until: null });
  });

  test('of which the ERP refuses one still sends a new document', () => {
    const plans = [
      first(aReplacement()),
      { document: 3, division: '03', plan: { kind: 'send', order: SECOND } },
    ] as const;
    const story = twoEdited().when(planned(plans), replaced({ kind: 'refused', why: 'STYLE_NF' }));
    expect(story.act).toMatchObject({ do: 'submit', document: 3, fingerprint: 'content-2' });
  });

  test('that was carried out in part takes no content for the one both sides know', () => {
    const plans = [first(aReplacement()), second(aReplacement(SECOND))];
    const partly = twoEdited()
      .when(planned(plans), replaceDone(), replaced({ kind: 'refused', why: 'STYLE_NF' }, 2))
      .when(bothRead({ purchase: amendedTo() }));
    // Back at what both had: one of them has the newer content now.
    const reverted = partly.when(purchaseChanged(MUCH_LATER)).untilItLooks();
    expect(reverted.act).toMatchObject({ do: 'revise', fingerprint: '', trustEntry: false });
    const plansBack = [first(aReplacement(FIRST)), second(SAME)];
    const back = reverted.when(planned(plansBack, { fingerprint: 'content-1', updatedAt: MUCH_LATER }));
    expect(back.act).toMatchObject({ do: 'replace', document: 1, revision: 3, fingerprint: 'content-1' });
    expect(back.codes).toEqual([]);
  });

  test('of which one is overtaken is made anew for both', () => {
    const plans = [first(aReplacement()), second(aReplacement(SECOND))];
    const story = twoEdited().when(planned(plans), replaceDone(), replaced({ kind: 'overtaken', why: 'picked' }, 2));
    const read = story.when(bothRead({ purchase: amendedTo() }));
    expect(read.act).toMatchObject({ do: 'revise', anyway: true, fingerprint: '', trustEntry: false });
  });

  test('for one of them leaves the reason of the other that waits where it is', () => {
    const parked = twoSettled()
      .repair('release')
      .when(replaced({ kind: 'refused', why: 'picked' }));
    const story = parked.when(replaceDone(2, { orderNumber: SECOND_NUMBER }));
    expect(story.codes).toEqual(['REPLACE_REFUSED']);
    expect(views(story.state).map(({ step }) => step.at)).toEqual(['parked', 'toFollow']);
  });

  test('that does not name one because it is cancelled in the ERP lets that one rest', () => {
    const parked = twoEdited().when(planned([first(aStop()), second(SAME)]));
    const story = parked
      .when(erpShowsOf(1, { status: 'cancelled_house' }), purchaseChanged(MUCH_LATER))
      .untilItLooks()
      .when(planned([second(SAME)], { fingerprint: 'content-3', updatedAt: MUCH_LATER }));
    expect(story.codes).toEqual([]);
    expect(views(story.state).map(({ step }) => step.at)).toEqual(['settled', 'settled']);
  });

  test('that nothing changed after all sends what was never sent meanwhile', () => {
    const changed = { kind: 'purchaseChanged', updatedAt: LATER } as const;
    const parked = twoPrepared()
      .when(submitted(ACCEPTED), submitted(changed, 2), firstRead({ purchase: amendedTo() }))
      .when(planned([first(aStop()), second({ kind: 'send', order: SECOND })]));
    expect(parked.codes).toEqual(['AMENDED']);
    const reverted = parked.when(purchaseChanged(MUCH_LATER)).untilItLooks();
    const story = reverted.when(revised({ kind: 'unchanged', updatedAt: MUCH_LATER }));
    expect(story.act).toMatchObject({ do: 'revise', anyway: true });
    const sending = story.when(
      planned([first(SAME), second({ kind: 'send', order: SECOND })], { fingerprint: 'content-1' }),
    );
    expect(sending.act).toMatchObject({ do: 'submit', document: 2, permission: { kind: 'first' } });
  });

  test('to enter one anew shows the buyer nothing of it as cancelled while the other is read', () => {
    const reenter = { kind: 'reenter', changes: [], assumed: ASSUMED } as const;
    const story = twoEdited().when(planned([first(reenter), second(aReplacement(SECOND))]), allCancelled());
    // What the other was planned for is decided anew with it.
    const overtaken = story.when(replaced({ kind: 'overtaken', why: 'the purchase changed' }, 2));
    expect(overtaken.act).toMatchObject({ do: 'revise', fingerprint: '', trustEntry: false });
    const moving = story.when(replaceDone(2, { orderNumber: SECOND_NUMBER }));
    expect(moving.act).toMatchObject({ do: 'follow', fingerprint: '', trustEntry: false });
    expect(moving.when(bothRead({ purchase: amendedTo() })).act).toMatchObject({ do: 'revise', anyway: true });
  });
});

describe('a step on both sides, while a document is under way,', () => {
  const reading = twoStaged().when(looked(ACCEPTED_SECOND, 2));

  test('that the storefront refuses does not forget what is under way', () => {
    const story = reading.when(secondRead({ purchase: { kind: 'conflict', why: 'number in use' } }));
    expect(views(story.state).map(({ step }) => step.at)).toEqual(['awaiting', 'parked']);
    expect(story.codes).toEqual(['WRITE_BACK_REFUSED']);
    expect(story.untilItLooks().act).toMatchObject({ do: 'look', document: 1, transaction: '900' });
  });

  test('that a system refuses for good parks what is there, and looks on for the rest', () => {
    const story = reading.when({ is: 'stepRefused', document: 1, why: 'HTTP 403' });
    expect(views(story.state).map(({ step }) => step.at)).toEqual(['awaiting', 'parked']);
    expect(story.codes).toEqual(['STEP_REFUSED']);
    expect(story.act).toMatchObject({ do: 'wait', until: expect.any(String) });
    expect(story.untilItLooks().act).toMatchObject({ do: 'look', document: 1 });
    expect(story.repair('retry').act.do).toBe('follow');
  });

  test('that finds several ERP orders parks the one that is there', () => {
    const findings = [{ code: 'DUPLICATE_IN_ERP', says: 'Two.' }] as const;
    const story = reading.when(secondRead({ findings }));
    expect(views(story.state).map(({ step }) => step.at)).toEqual(['awaiting', 'parked']);
  });

  test('that does not find one of two leaves the other watched, and both can be read again', () => {
    const both = twoPrepared().when(submitted(ACCEPTED), submitted(ACCEPTED_SECOND, 2));
    const story = both.when({ is: 'followed', outcome: { kind: 'notThere', orderNumber: SECOND_NUMBER } });
    expect(views(story.state).map(({ step }) => step.at)).toEqual(['settled', 'parked']);
    expect(deadButtons(story.state)).toEqual([]);
    expect(story.repair('retry').act).toMatchObject({ do: 'follow' });
    expect(story.when(erpShowsOf(1, { status: 'picked' })).untilItLooks().act.do).toBe('follow');
  });
});

describe('what people may press of two documents', () => {
  test('where the outcome of one is unknown includes every button that is offered', () => {
    const lost = twoPrepared()
      .when(submitted(ACCEPTED), submitted(LOST, 2), firstRead())
      .after(2 * PACING.importCycle)
      .when({ is: 'timePassed' }, looked({ kind: 'nothing', watermark: null, cleared: null }, 2));
    expect(lost.codes).toEqual(['OUTCOME_UNKNOWN']);
    expect(deadButtons(lost.state)).toEqual([]);
    expect(lost.repair('sendAnyway').act).toMatchObject({ do: 'submit', document: 2, permission: { by: 'person' } });
    expect(lost.adopt(SECOND_NUMBER).act).toMatchObject({
      do: 'checkAdoption',
      document: 2,
      orderNumber: SECOND_NUMBER,
    });
  });

  test('is no header change while one of them is being changed', () => {
    const story = twoEdited().when(planned([first(SAME), second(aReplacement(SECOND))]));
    expect(pressable(story)).toEqual(['cancel']);
    const underWay = story.when(replaceSent(SECOND, 2));
    expect(pressable(underWay)).toEqual(['cancel']);
  });

  test('is not closing while one of them is awaited', () => {
    const story = twoPrepared().when(submitted(LOST), submitted(STAGED_SECOND, 2));
    expect(pressable(story)).not.toContain('close');
  });

  test.each(['remap', 'release'] as const)('%s changes the header of each that is live', (kind) => {
    const story = twoSettled()
      .when(erpShowsOf(1, { status: 'cancelled_house' }))
      .repair(kind);
    expect(views(story.state).map(({ step, revision }) => [step.at, revision])).toEqual([
      ['settled', 1],
      ['toReplace', 2],
    ]);
    const both = twoSettled().repair(kind);
    expect(views(both.state).map(({ step }) => step.at)).toEqual(['toReplace', 'toReplace']);
  });
});

describe('a run that opens anew for several documents', () => {
  test.each<readonly [readonly string[], readonly string[]]>([
    [
      [ORDER_NUMBER, SECOND_NUMBER],
      ['settled', 'settled'],
    ],
    [
      [ORDER_NUMBER, ''],
      ['settled', 'parked'],
    ],
    [
      ['', SECOND_NUMBER],
      ['parked', 'settled'],
    ],
  ])('of which the ERP has %j reads what is there', (numbers, places) => {
    const story = anArrivedPurchase().when(alreadyInErp({ sameContent: true }, numbers));
    expect(story.act.do).toBe('follow');
    const read = story.when(numbers[0] === '' ? secondRead() : numbers[1] === '' ? firstRead() : bothRead());
    expect(views(read.state).map(({ step }) => step.at)).toEqual(places);
    expect(read.act).toMatchObject({ do: 'wait', until: null });
    // What is not there says so, and can be decided on.
    expect(read.codes).toEqual(places.includes('parked') ? ['ERP_REFUSED'] : []);
    expect(deadButtons(read.state)).toEqual([]);
  });

  test('looks for what may be there before it sends it', () => {
    const story = anArrivedPurchase().when(alreadyInErp({ sameContent: true }, [ORDER_NUMBER, '']), firstRead());
    const deciding = story.repair('retry').when(firstRead());
    const looking = deciding.when(
      planned([first(SAME), second({ kind: 'send', order: SECOND })], { fingerprint: 'content-1' }),
    );
    expect(looking.act).toMatchObject({ do: 'look', document: 2, since: START });
  });

  test('forgets what is not wanted any more', () => {
    const story = anArrivedPurchase().when(alreadyInErp({ sameContent: true }, [ORDER_NUMBER, '']), firstRead());
    const decided = story.repair('retry').when(firstRead(), planned([first(SAME)], { fingerprint: 'content-1' }));
    expect(views(decided.state).map(({ step }) => step.at)).toEqual(['settled', 'over']);
    expect(decided.codes).toEqual([]);
  });
});

describe('closing an order of two documents', () => {
  const invoiced = (change: Partial<ErpGlance> = {}) => ({
    glance: glance({ status: 'invoiced', ...change }),
    stage: 'invoiced' as const,
    units: { ...OPEN_UNITS, open: 0, invoiced: 10 },
  });
  const settlement = { ...OPEN_SETTLEMENT, invoiced: '100.00', open: '0.00', complete: true };

  test('waits for both, and for the time for credits', () => {
    const read = bothRead({
      settlement,
      documents: [
        aFollowedDocument(invoiced()),
        aFollowedDocument({ document: 2, ...invoiced({ document: 2, orderNumber: SECOND_NUMBER }) }),
      ],
    });
    const closing = twoSettled().when(read);
    expect(closing.act).toMatchObject({ do: 'wait', until: '2026-04-20T15:00:00.000Z' });
    expect(closing.untilItLooks().act).toEqual({ do: 'finish', outcome: 'closed' });
  });

  test('does not happen while one of them was never accepted', () => {
    const read = firstRead({ settlement, documents: [aFollowedDocument(invoiced())] });
    expect(secondRefused().when(read).act).toMatchObject({ do: 'wait', until: null });
  });

  test('does not happen by what was read before one of them was there', () => {
    const cancelledFirst = aFollowedDocument({
      glance: glance({ status: 'cancelled_house' }),
      stage: 'cancelled',
      units: { ...OPEN_UNITS, open: 0, cancelled: 10 },
    });
    const complete = { ...OPEN_SETTLEMENT, cancelled: '100.00', open: '0.00', complete: true };
    const story = twoPrepared()
      .when(submitted(ACCEPTED), submitted(STAGED_SECOND, 2))
      .when(firstRead({ documents: [cancelledFirst], settlement: complete }))
      .when(purchaseChanged(), looked(ACCEPTED_SECOND, 2))
      .when({ is: 'followed', outcome: { kind: 'notThere', orderNumber: ORDER_NUMBER } });
    const unchanged = story
      .repair('retry')
      .when(secondRead())
      .when(revised({ kind: 'unchanged', updatedAt: LATER }));
    expect(unchanged.act).not.toMatchObject({ do: 'finish' });
  });
});

describe('two documents of which the import job decides on one', () => {
  const overdue = twoStaged()
    .after(PACING.importOverdue)
    .when({ is: 'timePassed' }, looked(STAGED), looked(ACCEPTED_SECOND, 2), secondRead());
  const late = overdue.when({ is: 'timePassed' }).untilItLooks().when(looked(STAGED));

  test('by a person’s word only the other is sent', () => {
    expect(late.codes).toEqual(['IMPORT_OVERDUE']);
    expect(deadButtons(late.state)).toEqual([]);
    const sent = late.repair('sendAnyway').when(foundNothing());
    expect(sent.act).toMatchObject({ do: 'submit', document: 1, permission: { kind: 'cleared', by: 'person' } });
    expect(sent.codes).toEqual([]);
  });

  test('only the one that the import job passed over is of unknown outcome', () => {
    const passed = late.untilItLooks().when(foundNothing('laterJobFinished'));
    expect(views(passed.state).map(({ step }) => step.at)).toEqual(['unknown', 'settled']);
  });

  test('each is told by itself, although one post took both along', () => {
    const both = twoStaged()
      .after(PACING.importOverdue)
      .when({ is: 'timePassed' }, looked(STAGED), looked(STAGED_SECOND, 2));
    expect(both.codes).toEqual(['IMPORT_OVERDUE', 'IMPORT_OVERDUE']);
    expect(both.when(looked(ACCEPTED)).state.problems).toMatchObject([
      { code: 'IMPORT_OVERDUE', says: expect.stringContaining('row 2') },
    ]);
  });
});

describe('whatever happens to an order of two divisions', () => {
  test('nothing is sent twice, none of the buyer’s changes is lost or written over, and it comes to rest', () => {
    fc.assert(
      fc.property(fc.constantFrom('replace', 'reenter'), happenings, (changeIs, story) => {
        const world = new DocumentsWorld(changeIs);
        for (const happening of story) {
          world.happen(happening);
          expect(world.broken).toEqual([]);
        }
        expect(world.comesToRest()).toBe(true);
        expect(world.broken).toEqual([]);
        const { state, contents } = world;
        if (state.step.at === 'finished' || state.problems.length > 0 || !contents || state.cancelledBy) return;
        expect(contents.erp).toEqual(contents.purchase);
      }),
      SEED,
    );
  });

  test('it ends as cancelled or withdrawn only when the ERP has no live order of it, and will not get one', () => {
    fc.assert(
      fc.property(fc.constantFrom('replace', 'reenter'), happenings, (changeIs, story) => {
        const world = new DocumentsWorld(changeIs);
        for (const happening of story) world.happen(happening);
        world.comesToRest();
        const { step } = world.state;
        if (step.at !== 'finished' || step.outcome === 'closed') return;
        expect(world.liveOrders).toEqual([]);
        expect(world.isAnythingUnderWay).toBe(false);
      }),
      SEED,
    );
  });

  test('each document that waits for a person has a reason, and every button that is offered is taken', () => {
    fc.assert(
      fc.property(fc.constantFrom('replace', 'reenter'), happenings, (changeIs, story) => {
        const world = new DocumentsWorld(changeIs);
        for (const happening of story) {
          world.happen(happening);
          const { state } = world;
          const action = decide(state);
          const isWaiting = action.do === 'wait' && action.until === null;
          if (!isWaiting) continue;
          const isParked = views(state).some(({ step }) => step.at === 'parked');
          const fates = state.problems.map(({ code }) => problemKind(code).fate);
          expect(isParked && !fates.includes('park') && !fates.includes('proceedWithReview')).toBe(false);
          expect(deadButtons(state)).toEqual([]);
          // Nothing is left undone, and no document is forgotten on its way.
          const places = views(state).map(({ step }) => step.at);
          expect(places.filter((place) => !['settled', 'parked', 'over', 'finished'].includes(place))).toEqual([]);
          expect(state.follow).toBeNull();
        }
      }),
      SEED,
    );
  });
});

function first(plan: DocumentPlan['plan']): DocumentPlan {
  return { document: 1, division: '01', plan };
}

function second(plan: DocumentPlan['plan']): DocumentPlan {
  return { document: 2, division: '02', plan };
}

type Followed = Parameters<typeof followed>[0];

function theSecond(change: Partial<ErpGlance> = {}) {
  const shown = glance({ document: 2, orderNumber: SECOND_NUMBER, ...change });
  return aFollowedDocument({ document: 2, glance: shown, agreed: SECOND });
}

function bothRead(change: Followed = {}): OrderEvent {
  return followed({ documents: [aFollowedDocument(), theSecond()], ...change });
}

function firstRead(change: Followed = {}): OrderEvent {
  return followed({ documents: [aFollowedDocument()], ...change });
}

function secondRead(change: Followed = {}): OrderEvent {
  return followed({ documents: [theSecond()], ...change });
}

/** Both sides read when nothing of either will come. */
function bothCancelled(change: Followed = {}): OrderEvent {
  const gone = { stage: 'cancelled', units: { ...OPEN_UNITS, open: 0, cancelled: 10 } } as const;
  const status = { status: 'cancelled_customer', statusLetter: 'X' } as const;
  return followed({
    documents: [
      { ...aFollowedDocument({ glance: glance(status) }), ...gone },
      { ...theSecond(status), ...gone },
    ],
    settlement: { ...OPEN_SETTLEMENT, cancelled: '200.00', open: '0.00', complete: true },
    ...change,
  });
}

function withdrawn(verdict: 'cancel' | 'park'): OrderEvent {
  return revised({ kind: 'withdrawn', verdict, why: 'The purchase is gone', fingerprint: null });
}

/** The poller tells of one document. */
function erpShowsOf(document: number, change: Partial<ErpGlance>): OrderEvent {
  const orderNumber = document === 1 ? ORDER_NUMBER : SECOND_NUMBER;
  const shown = glance({ document, orderNumber, changedAt: '2026-01-20T15:30:00.000Z', ...change });
  return { is: 'erpChanged', imports: [], orders: [shown], credits: [], moved: false };
}

/** The import log says that a document is in the ERP. */
function imported({ reference }: PreparedSalesOrder, orderNumber: string): OrderEvent {
  const about = { transaction: '900', row: 2, controlNumber: '123456789', reference };
  const imports = [{ kind: 'imported', ...about, orderNumber, warnings: [] } as const];
  return { is: 'erpChanged', imports, orders: [], credits: [], moved: false };
}

function documentOf(document: number): fc.Arbitrary<DocumentState> {
  return fc.record({
    document: fc.constant(document),
    step: fc.constantFrom(...STEPS),
    stage: fc.constantFrom('prepared', 'accepted', 'picked', 'parked'),
    heldSince: fc.constantFrom(null, START, LATER),
    refusedSince: fc.constantFrom(null, { since: START, why: 'JOB_RUNNING' }),
    revision: fc.nat(9),
    attempt: fc.nat(9),
    posts: fc.constantFrom('none', 'some', 'doubtful'),
    sent: fc.constantFrom(null, FIRST, SECOND),
    agreed: fc.constantFrom(null, FIRST, SECOND),
    followedAt: fc.constantFrom(null, START, LATER),
    inErpBy: fc.constantFrom(null, START, LATER),
    toldVersion: fc.string(),
    units: fc.constantFrom(null, OPEN_UNITS),
    division: fc.string(),
    warehouse: fc.string(),
    holdCode: fc.string(),
    orderNumber: fc.string(),
    erpStatus: fc.constantFrom(null, 'open', 'picked'),
    erpStatusLetter: fc.string(),
  });
}

/** An order seen from the first of these documents. */
function orderOf([first, ...others]: readonly DocumentState[]): OrderState {
  const state = newOrder({ site: 'acme', key: PURCHASE_UUID, reference: PURCHASE_REFERENCE }, START);
  if (!first) return state;
  const { division, warehouse, holdCode, orderNumber, erpStatus, erpStatusLetter, ...own } = first;
  return {
    ...state,
    ...own,
    facts: { ...state.facts, division, warehouse, holdCode, orderNumber, erpStatus, erpStatusLetter },
    others: others.toSorted((left, right) => left.document - right.document),
  };
}

/** What a view shows of its own document. */
function partOf({ facts, ...view }: OrderState): DocumentState {
  const { document, step, stage, heldSince, refusedSince = null, revision, attempt, posts } = view;
  const { sent, agreed, followedAt, inErpBy = null, toldVersion, units } = view;
  const { division, warehouse, holdCode, orderNumber, erpStatus, erpStatusLetter } = facts;
  const own = {
    document,
    step,
    stage,
    heldSince,
    refusedSince,
    revision,
    attempt,
    posts,
    sent,
    agreed,
    followedAt,
    inErpBy,
    toldVersion,
    units,
  };
  return { ...own, division, warehouse, holdCode, orderNumber, erpStatus, erpStatusLetter };
}
