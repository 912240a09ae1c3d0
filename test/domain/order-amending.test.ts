import { describe, expect, test } from 'vitest';

import { describeOrder } from '../../domain/describe-order.ts';
import { decide, isFinished } from '../../domain/order-lifecycle.ts';
import { refuseRepair } from '../../domain/order-acts.ts';
import type { Difference } from '../../domain/compare-sales-order.ts';
import type { OrderEvent } from '../../domain/order-state.ts';
import type { PreparedSalesOrder } from '../../domain/sales-order.ts';
import type { AmendmentPlan } from '../../domain/plan-amendment.ts';
import type { ProblemCode, Repair } from '../../domain/problems.ts';
import { aSalesOrder } from '../support/builders.ts';
import {
  ACCEPTED,
  ACT,
  aFollowedDocument,
  allCancelled,
  allInvoiced,
  alreadyInErp,
  amendedTo,
  anArrivedPurchase,
  aPreparedOrder,
  aReplacement,
  aSettledOrder,
  ASSUMED,
  aStop,
  cancelledInErp,
  cancelRefused,
  COMPLETE,
  deadButtons,
  erpShows,
  followed,
  glance,
  glanceOfPurchase,
  LATER,
  looked,
  MUCH_LATER,
  nothingLeft,
  ORDER_NUMBER,
  PACING,
  partlyCancelled,
  planned,
  prepared,
  pressable,
  purchaseChanged,
  PURCHASE_GONE,
  replaced,
  replaceDone,
  replacePending,
  replaceSent,
  requestOf,
  revised,
  START,
  Story,
  submitted,
  TAX_DIFFERENCE,
  TWO_MORE,
  writtenAs,
} from './order-story.ts';

const TARGET = aSalesOrder({ notes: 'content-2' });
const SKU_UNKNOWN = { code: 'SKU_UNKNOWN', says: 'No such SKU.' } as const;
const UNEXPLAINED_LINE = { what: 'tax', agreed: '40.00', billed: '41.00', money: '1.00', rule: null } as const;
const UNEXPLAINED = { ...COMPLETE, lines: [UNEXPLAINED_LINE] };
const REMAP = { code: 'REMAP_NOT_POSSIBLE', says: 'Still none.' } as const;
const unmapped = { code: 'LOCATION_NOT_MAPPED', says: 'Unknown location.' } as const;

/** The buyer changed the purchase, and the time for further edits is over. */
function anEditedOrder(): Story {
  return aSettledOrder().when(purchaseChanged()).untilItLooks();
}

/** The replacement was sent; the import job has it. */
function aReplacingOrder(): Story {
  return anEditedOrder().when(planned(aReplacement()), replaceSent(TARGET));
}

/** The ERP has the amendment, and both sides were read. */
function anAmendedOrder(): Story {
  return aReplacingOrder().when(replaceDone(), followed({ purchase: writtenAs('content-2') }));
}

/** The amendment came after the pick. */
function aStoppedOrder(): Story {
  return anEditedOrder().when(planned(aStop()));
}

/** A clerk edited the ERP's order. */
function anOrderEditedInErp(): Story {
  return aSettledOrder().when(erpShows('open')).untilItLooks().when(editedInErp());
}

/** Buyer and clerk both changed the order. */
function aConflict(): Story {
  return anOrderEditedInErp()
    .when(purchaseChanged())
    .untilItLooks()
    .when(planned(aStop('EDIT_CONFLICT')));
}

describe('edits in quick succession', () => {
  test('move the decision, and are decided on once', () => {
    const first = aSettledOrder().when(purchaseChanged('2026-01-20T16:00:00.000Z'));
    expect(first.act).toMatchObject({ do: 'wait', until: '2026-01-20T15:00:20.000Z' });
    const third = first
      .after(15_000)
      .when(purchaseChanged('2026-01-20T16:00:15.000Z'))
      .after(15_000)
      .when(purchaseChanged('2026-01-20T16:00:30.000Z'));
    expect(third.act).toMatchObject({ do: 'wait', until: '2026-01-20T15:00:50.000Z' });
    const decided = third.untilItLooks().when(planned(aReplacement(), { updatedAt: '2026-01-20T16:00:30.000Z' }));
    expect(decided.act.do).toBe('replace');
    expect(decided.when(purchaseChanged('2026-01-20T16:00:15.000Z')).state).toEqual(decided.state);
  });

  test('are decided on after ten times the wait, though the buyer still edits', () => {
    let story = aSettledOrder();
    for (let edit = 0; edit < 12; edit++)
      story = story.when(purchaseChanged(`2026-01-20T16:00:${String(edit + 10)}.000Z`)).after(15_000);
    expect(story.act).toMatchObject({ do: 'wait', until: '2026-01-20T15:03:05.000Z' });
    const more = story.when(purchaseChanged('2026-01-20T16:01:00.000Z')).after(15_000);
    const last = more.when(purchaseChanged('2026-01-20T16:02:00.000Z'));
    expect(last.act).toMatchObject({ do: 'wait', until: '2026-01-20T15:03:20.000Z' });
    const decided = last.untilItLooks();
    expect(decided.act.do).toBe('revise');
    // The next edits have a wait of their own.
    const next = decided
      .when(revised({ kind: 'unchanged', updatedAt: '2026-01-20T16:02:00.000Z' }))
      .when(purchaseChanged(MUCH_LATER));
    expect(next.act).toMatchObject({ do: 'wait', until: '2026-01-20T15:03:40.000Z' });
  });

  test('of a site that does not wait for more are decided on at once', () => {
    const pacing = { ...PACING, settle: 0 };
    const hasty = anArrivedPurchase().when(prepared({}, { pacing }), submitted(ACCEPTED), followed());
    expect(hasty.when(purchaseChanged()).act.do).toBe('revise');
  });

  test('while the one before is decided on are decided on as well', () => {
    const newer = anEditedOrder().when(planned(aReplacement()), purchaseChanged(MUCH_LATER));
    expect(newer.state.revise).not.toBeNull();
    expect(newer.act).toMatchObject({ do: 'replace', fingerprint: 'content-2' });
  });
});

describe('a verdict', () => {
  test('is asked for with everything the documents were agreed on', () => {
    expect(anEditedOrder().act).toEqual({
      do: 'revise',
      documents: [
        {
          document: 1,
          reference: aSalesOrder().reference,
          division: '01',
          orderNumber: ORDER_NUMBER,
          place: 'live',
          sent: aSalesOrder(),
          agreed: aSalesOrder(),
          onTheirWay: [],
        },
      ],
      fingerprint: 'content-1',
      trustEntry: true,
      anyway: false,
      prefer: 'nobody',
      customerOverride: null,
    });
  });

  test('that nothing changed sends nothing and reads nothing', () => {
    const story = anEditedOrder().when(revised({ kind: 'unchanged', updatedAt: LATER }));
    expect(story.act).toMatchObject({ do: 'wait', until: null });
    expect(story.state).toMatchObject({ decidedUpdatedAt: LATER, revisions: [], problems: [] });
  });

  test('that all is the same already tells the purchase so, and is no amendment', () => {
    const story = anEditedOrder().when(planned({ kind: 'same' }));
    expect(story.act).toMatchObject({ do: 'follow', fingerprint: 'content-2', trustEntry: false });
    expect(story.state.revisions).toEqual([]);
    const read = story.when(followed({ purchase: writtenAs('content-2') }));
    expect(read.act).toMatchObject({ do: 'wait', until: null });
    expect(read.state).toMatchObject({ fingerprint: 'content-2', intended: null });
  });

  test('to replace sends the whole order as the next revision, for the content it was made for', () => {
    const story = anEditedOrder().when(planned(aReplacement()));
    expect(story.act).toMatchObject({
      do: 'replace',
      document: 1,
      orderNumber: ORDER_NUMBER,
      replacement: { kind: 'amendment', target: TARGET, assumed: ASSUMED },
      agreed: aSalesOrder(),
      fingerprint: 'content-2',
      revision: 2,
      attempt: 1,
    });
  });

  test('that arrived is what both sides agree on from then on', () => {
    const done = aReplacingOrder().when(replaceDone());
    expect(done.act).toMatchObject({ do: 'follow', fingerprint: 'content-2', trustEntry: false });
    const plan = aReplacement();
    expect(done.state).toMatchObject({ agreed: plan.target, sent: plan.sent, problems: [] });
    const told = done.when(followed({ purchase: writtenAs('content-2', MUCH_LATER) }));
    expect(told.state).toMatchObject({ fingerprint: 'content-2', intended: null, decidedUpdatedAt: MUCH_LATER });
    // Our own write is no further edit.
    expect(told.when(purchaseChanged(MUCH_LATER)).state).toEqual(told.state);
    const again = told.when(purchaseChanged('2026-01-20T18:00:00.000Z')).untilItLooks();
    expect(again.act).toMatchObject({ do: 'revise', fingerprint: 'content-2' });
    expect(again.when(planned(aReplacement())).act).toMatchObject({ do: 'replace', revision: 3, attempt: 1 });
  });

  test('is kept for the table people read: when, at which stage, before and after, and the money', () => {
    const { state } = anAmendedOrder();
    expect(state.revisions).toEqual([
      { at: '2026-01-20T15:00:20.000Z', what: 'replace', document: 1, stage: 'open', changes: [TWO_MORE] },
    ]);
    expect(state.timeline.map(({ what }) => what)).toContain(
      'Amended: AC-1001-BLK-M: 10 → 12 (+20.00) (20.00 in all).',
    );
    expect(describeOrder(state, decide(state))).toContain(
      '| 2026-01-20 15:00:20 | 1 | open | replace | AC-1001-BLK-M | 10 | 12 | 20.00 |',
    );
  });

  test('is one of the last twenty in that table', () => {
    let story = anEditedOrder();
    for (let turn = 0; turn < 25; turn++) story = story.when(planned(aStop('AMENDED', `No ${turn}.`))).repair('retry');
    expect(story.state.revisions).toHaveLength(20);
  });

  test('to cancel lines cancels their open rest, and what is left is agreed on', () => {
    const sent = aSalesOrder({ notes: 'less' });
    const plan = { kind: 'cancelOpen', changes: [], lines: [2, 3], sent, assumed: ASSUMED } as const;
    const story = anEditedOrder().when(planned(plan));
    const cancelling = { lines: [2, 3], sent, afterwards: 'end', act: null };
    expect(story.act).toEqual({
      do: 'cancel',
      document: 1,
      orderNumber: ORDER_NUMBER,
      cancelling,
      agreed: aSalesOrder(),
    });
    const agreed = aSalesOrder({ notes: 'what is left' });
    const done = story.when(cancelledInErp({ kind: 'done', glance: glance(), left: 0, says: 'Done.', agreed }));
    expect(done.state).toMatchObject({ agreed, sent, stage: 'accepted', problems: [] });
    expect(done.act).toMatchObject({ do: 'follow', fingerprint: 'content-2' });
  });

  test('to cancel lines that the ERP refuses waits for a person, who finds the buyer’s change there', () => {
    const plan = { kind: 'cancelOpen', changes: [], lines: [2], sent: aSalesOrder(), assumed: ASSUMED } as const;
    const parked = anEditedOrder().when(planned(plan), cancelRefused());
    expect(parked.codes).toEqual(['CANCEL_REFUSED']);
    expect(parked.state).toMatchObject({ refused: 'content-2', intended: null });
    const again = parked.when(followed({ purchase: amendedTo() }));
    expect(again.act).toMatchObject({ do: 'wait', until: null });
  });

  test('with a review keeps the order on its way, and says what to look at', () => {
    const story = anEditedOrder().when(planned(aReplacement(), {}, [unmapped]));
    expect(story.act.do).toBe('replace');
    expect(story.codes).toEqual(['LOCATION_NOT_MAPPED']);
    expect(
      anEditedOrder().when(planned(aReplacement(), {}, [unmapped]), planned(aReplacement(), {}, [unmapped])).codes,
    ).toEqual(['LOCATION_NOT_MAPPED']);
  });
});

describe('a review that the buyer’s change makes needless', () => {
  const heldTarget = aSalesOrder({ warehouse: 'NJ', holdCode: 'LOC' });
  const held = aPreparedOrder([unmapped]).when(
    submitted(ACCEPTED),
    followed({
      documents: [aFollowedDocument({ glance: glance({ holdCode: 'LOC' }), agreed: heldTarget, sent: heldTarget })],
    }),
  );
  const deciding = held.when(purchaseChanged()).untilItLooks();
  const moved = aSalesOrder({ warehouse: 'CA', holdCode: '' });
  const readAs = (holdCode: string) =>
    followed({
      purchase: writtenAs('content-2'),
      documents: [aFollowedDocument({ glance: glance({ holdCode }), agreed: moved })],
    });

  test('stands while the ERP is told, and goes when it has the change', () => {
    const telling = deciding.when(planned(aReplacement(moved)));
    expect(telling.codes).toEqual(['LOCATION_NOT_MAPPED']);
    const done = telling.when(replaceDone(), readAs(''));
    expect(done.codes).toEqual([]);
    // Told once more, it is no news.
    expect(done.when(readAs('')).codes).toEqual([]);
  });

  test('of the date goes as well', () => {
    const unreadable = { code: 'DELIVERY_DATE_UNREADABLE', says: 'Which date?' } as const;
    const story = aSettledOrder([unreadable]).when(purchaseChanged()).untilItLooks();
    expect(story.when(planned(aReplacement()), replaceDone(), readAs('')).codes).toEqual([]);
  });

  test('leaves the other one, for which the order is still held', () => {
    const unreadable = { code: 'DELIVERY_DATE_UNREADABLE', says: 'Which date?' } as const;
    const target = aSalesOrder({ warehouse: 'CA', holdCode: 'LOC' });
    const story = deciding.when(planned(aReplacement(target), {}, [unreadable]));
    expect(story.when(replaceDone(), readAs('LOC')).codes).toEqual(['DELIVERY_DATE_UNREADABLE']);
  });

  test('stands when the ERP refuses the change', () => {
    const story = deciding.when(planned(aReplacement(moved)), replaced({ kind: 'refused', why: 'x' }), readAs('LOC'));
    expect(story.codes).toContain('LOCATION_NOT_MAPPED');
  });

  test.each<readonly [string, AmendmentPlan]>([
    ['leaves the order where it is', { ...aReplacement(heldTarget), sent: moved }],
    ['does not touch the order', { kind: 'same' }],
    ['cancels a line', { kind: 'cancelOpen', changes: [], lines: [1], sent: moved, assumed: ASSUMED }],
  ])('stands when what is sent %s', (_, plan) => {
    const story = deciding.when(planned(plan));
    const answer =
      plan.kind === 'cancelOpen'
        ? [cancelledInErp({ kind: 'done', glance: glance({ holdCode: 'LOC' }), left: 0, says: 'Done.', agreed: null })]
        : plan.kind === 'same'
          ? []
          : [replaceDone(1, { holdCode: 'LOC' })];
    expect(story.when(...answer, readAs('LOC')).codes).toEqual(['LOCATION_NOT_MAPPED']);
  });
});

describe('a look at a change in the ERP that is refused for good', () => {
  test.each<readonly [string, Story, OrderEvent]>([
    ['replace', aReplacingOrder(), replaceDone()],
    ['cancel', aCancellingOrder(), partlyCancelled()],
  ])('goes on after a %s, which may be under way; people see it until a look succeeds', (_, story, answer) => {
    const { place } = story;
    const broken = story.untilItLooks().when({ is: 'stepRefused', document: 1, why: 'HTTP 403' });
    expect(broken.place).toBe(place);
    expect(broken.codes).toEqual(['STEP_REFUSED']);
    expect(broken.act).toMatchObject({ do: 'wait', until: expect.any(String) });
    expect(pressable(broken)).toContain('retry');
    expect(broken.repair('retry').act).toEqual(story.untilItLooks().act);
    const again = broken.untilItLooks().when({ is: 'stepRefused', document: 1, why: 'HTTP 403' });
    expect(again.codes).toEqual(['STEP_REFUSED']);
    expect(again.state.timeline).toHaveLength(broken.state.timeline.length);
    expect(again.untilItLooks().when(answer).codes).not.toContain('STEP_REFUSED');
  });
});

describe('a replacement', () => {
  test('that the ERP overtook is decided anew, five times in a row; then a person looks', () => {
    let story = anEditedOrder();
    for (let turn = 0; turn < 5; turn++) {
      story = story.when(planned(aReplacement()), overtaken());
      expect(story.act).toMatchObject({ do: 'revise', anyway: true, fingerprint: 'content-1', trustEntry: true });
      expect(story.codes).toEqual([]);
    }
    const parked = story.when(planned(aReplacement()), overtaken());
    expect(parked.codes).toEqual(['AMENDED']);
    expect(parked.state.step).toEqual({ at: 'parked', orderNumber: ORDER_NUMBER });
    expect(parked.act).toMatchObject({ do: 'follow' });
    expect(parked.repair('retry').state.overtaken).toBe(0);
  });

  test('that was overtaken too often is not decided on again by the next news of the ERP', () => {
    let story = anEditedOrder();
    for (let turn = 0; turn < 6; turn++) story = story.when(planned(aReplacement()), overtaken());
    const news = story.when(followed({ purchase: amendedTo() }), erpShows('released')).untilItLooks();
    const read = news.when(followed({ purchase: amendedTo() }));
    expect(read.codes).toEqual(['AMENDED']);
    expect(read.act).toMatchObject({ do: 'wait', until: null });
  });

  test('that goes through begins a new row', () => {
    const story = anEditedOrder().when(planned(aReplacement()), overtaken(), planned(aReplacement()), overtaken());
    expect(story.state.overtaken).toBe(2);
    expect(story.when(planned(aReplacement()), replaceDone()).state.overtaken).toBe(0);
  });

  test('that was overtaken because the buyer edited again takes the newest content, under another number', () => {
    const story = anEditedOrder()
      .when(planned(aReplacement()), overtaken())
      .when(planned(aReplacement(), { fingerprint: 'content-3', updatedAt: MUCH_LATER }));
    expect(story.act).toMatchObject({ do: 'replace', fingerprint: 'content-3', revision: 3, attempt: 1 });
  });

  test('that the ERP refuses parks with its words; the next attempt has another number', () => {
    const parked = aReplacingOrder().when(replaced({ kind: 'refused', why: 'CUST_INACT: the customer is inactive' }));
    expect(parked.codes).toEqual(['REPLACE_REFUSED']);
    expect(parked.state.problems[0]?.says).toContain('CUST_INACT: the customer is inactive');
    expect(parked.state).toMatchObject({ stage: 'parked', refused: 'content-2', intended: null, revision: 2 });
    const again = parked
      .repair('retry')
      .when(followed({ purchase: amendedTo() }))
      .when(planned(aReplacement()));
    expect(again.act.do === 'replace' && [again.act.revision, again.act.attempt]).not.toEqual([2, 1]);
    expect(again.codes).toEqual([]);
  });

  test('whose answer was lost goes again under the same number', () => {
    const story = aReplacingOrder().when(replaced({ kind: 'repeat' }));
    expect(story.act).toMatchObject({ do: 'replace', revision: 2, attempt: 1, fingerprint: 'content-2' });
  });

  test('is looked for in widening gaps', () => {
    const story = aReplacingOrder();
    expect(story.act).toMatchObject({ do: 'wait', until: '2026-01-20T15:00:50.000Z' });
    const pending = story.untilItLooks().when(replacePending());
    expect(pending.act).toMatchObject({ do: 'wait', until: '2026-01-20T15:01:50.000Z' });
  });

  test('that a system refuses for good is not taken for carried out', () => {
    const parked = anEditedOrder().when(planned(aReplacement()), { is: 'stepRefused', document: 1, why: 'HTTP 403' });
    expect(parked.codes).toEqual(['STEP_REFUSED']);
    // The purchase says content-2, the ERP has content-1: that is an amendment, which a person has.
    expect(parked.act).toMatchObject({ do: 'follow', fingerprint: 'content-1' });
    expect(parked.when(followed({ purchase: amendedTo() })).act).toMatchObject({ do: 'wait', until: null });
    expect(parked.repair('retry').when(followed({ purchase: amendedTo() })).act).toMatchObject({
      do: 'revise',
      anyway: true,
    });
  });

  test('of a run that opened anew counts above every revision of the run before', () => {
    const first = anArrivedPurchase()
      .when(alreadyInErp({ sameContent: false }), followed({ purchase: amendedTo() }))
      .when(planned(aReplacement()));
    const second = anArrivedPurchase()
      .after(1_000)
      .when(alreadyInErp({ sameContent: false }), followed({ purchase: amendedTo() }))
      .when(planned(aReplacement()));
    const revisions = [first, second].map(({ act }) => (act.do === 'replace' ? act.revision : 0));
    expect(revisions[0]).toBeGreaterThan(1_000);
    expect(revisions[1]).toBeGreaterThan(revisions[0] ?? 0);
  });
});

test('an order knows by when the ERP had what was agreed on: as of its last reading after we sent something, no later one', () => {
  expect(aPreparedOrder().when(submitted(ACCEPTED)).state.inErpBy).toBeNull();
  const settled = aPreparedOrder().when(submitted(ACCEPTED)).after(1_000).when(followed());
  const inErpBy = settled.now;
  expect(settled.state.inErpBy).toBe(inErpBy);
  const picked = settled.after(60_000).when(erpShows('picked')).untilItLooks().when(followed());
  expect(picked.state).toMatchObject({ step: { at: 'settled' }, inErpBy });

  const replacing = settled.when(purchaseChanged()).untilItLooks().when(planned(aReplacement()), replaceSent(TARGET));
  const done = replacing.after(60_000).when(replaceDone());
  expect(done.state).toMatchObject({ step: { at: 'toFollow' }, inErpBy });
  const read = done.after(1_000);
  expect(read.when(followed({ purchase: writtenAs('content-2') })).state.inErpBy).toBe(read.now);
});

describe('a clerk’s edit while a replacement is staged', () => {
  const PRICE: Difference = {
    field: 'price',
    line: 1,
    agreed: '20.00',
    shown: '18.00',
    money: '-20.00',
    cause: 'clerk',
    tolerated: false,
  };
  const edited = aReplacingOrder()
    .untilItLooks()
    .when(replacePending([PRICE]));
  const read = followed({ purchase: writtenAs('content-2') });

  test('is told once, with what it was, and the replacement is followed on', () => {
    expect(edited.codes).toEqual(['EDIT_OVERWRITTEN']);
    expect(edited.state.problems[0]?.says).toContain(`ERP order ${ORDER_NUMBER}`);
    expect(edited.state.problems[0]?.says).toContain('line 1 price 18.00 instead of 20.00');
    expect(edited.act).toMatchObject({ do: 'wait', until: expect.any(String) });
    const again = edited.untilItLooks().when(replacePending([PRICE]));
    expect(again.state.problems).toEqual(edited.state.problems);
    expect(again.state.timeline).toEqual(edited.state.timeline);
  });

  test('stays said when the replacement has overwritten it, until a person answers', () => {
    const done = edited.when(replaceDone());
    expect(done.act.do).toBe('follow');
    const settled = done.when(read);
    expect(settled.codes).toEqual(['EDIT_OVERWRITTEN']);
    expect(settled.state).toMatchObject({ stage: 'parked', step: { at: 'parked' } });
    expect(deadButtons(settled.state)).toEqual([]);
    const news = settled.when(erpShows('released')).untilItLooks().when(read);
    expect(news.codes).toEqual(['EDIT_OVERWRITTEN']);
    const answered = settled.repair('retry').when(read);
    expect(answered.codes).toEqual([]);
    expect(answered.act.do).toBe('revise');
    const over = answered.when(planned({ kind: 'same' }), read);
    expect(over.place).toBe('settled');
    expect(over.act).toMatchObject({ do: 'wait', until: null });
  });

  test('that the clerk takes back is none', () => {
    const back = edited.untilItLooks().when(replacePending());
    expect(back.codes).toEqual([]);
    expect(back.when(replaceDone()).place).toBe('toFollow');
  });

  test('stays said while nobody can compare', () => {
    expect(edited.untilItLooks().when(replacePending(null)).state.problems).toEqual(edited.state.problems);
  });

  test('that changes again is told as it is now', () => {
    const more = edited.untilItLooks().when(replacePending([{ ...PRICE, shown: '17.00' }]));
    expect(more.codes).toEqual(['EDIT_OVERWRITTEN']);
    expect(more.state.problems[0]?.says).toContain('17.00');
  });

  test.each<readonly [string, OrderEvent]>([
    ['refused', replaced({ kind: 'refused', why: 'STYLE_NF' })],
    ['overtaken', overtaken()],
    ['not there, and sent again', replaced({ kind: 'repeat' })],
  ])('was not overwritten when the replacement is %s', (_, answer) => {
    expect(edited.when(answer).codes).not.toContain('EDIT_OVERWRITTEN');
  });

  test('that the site tolerates is passed', () => {
    const passed = aReplacingOrder()
      .untilItLooks()
      .when(replacePending([{ ...PRICE, tolerated: true }]));
    expect(passed.codes).toEqual([]);
  });
});

describe('an import job that stalls', () => {
  const overdueAt = (story: Story) => story.after(PACING.importOverdue).when({ is: 'timePassed' });
  const said = (story: Story) => story.state.timeline.filter(({ what }) => what.includes('has not decided')).length;
  const pendingCancel = cancelledInErp({ kind: 'pending' });

  test.each<readonly [string, Story, OrderEvent, OrderEvent]>([
    ['replacement', aReplacingOrder(), replacePending(), replaceDone()],
    ['release', aReleasingOrder(), replacePending(), replaced({ kind: 'refused', why: 'x' })],
    ['cancel', aCancellingOrder(), pendingCancel, partlyCancelled()],
    ['cancel, which it refuses then', aCancellingOrder(), pendingCancel, cancelRefused()],
  ])('over a %s is said once, after a while, and gone with its decision', (_, story, pending, answer) => {
    expect(story.untilItLooks().when(pending).codes).not.toContain('CHANGE_OVERDUE');
    const late = overdueAt(story).when(pending);
    expect(late.codes).toContain('CHANGE_OVERDUE');
    expect(late.state.problems[0]?.says).toContain(`order ${ORDER_NUMBER}`);
    const later = late.untilItLooks().when(pending);
    expect(later.state.problems).toEqual(late.state.problems);
    expect(said(later)).toBe(1);
    expect(later.when(answer).codes).not.toContain('CHANGE_OVERDUE');
  });

  test('over a cancel counts from the first, also if its answer is lost each time and it goes again', () => {
    const lost = cancelledInErp({ kind: 'underWay', transaction: null });
    const again = aCancellingOrder().untilItLooks().when(lost);
    expect(again.act.do).toBe('wait');
    const late = overdueAt(again);
    expect(late.act).toMatchObject({ do: 'followCancel', transaction: null, postedAt: again.now });
    expect(late.when(lost).codes).toContain('CHANGE_OVERDUE');
  });

  test('over a cancel counts from the first, also if it is dropped and goes again', () => {
    const sentAgain = cancelledInErp({ kind: 'sentAgain', transaction: '902' });
    const late = overdueAt(aCancellingOrder()).when(sentAgain);
    expect(late.codes).toContain('CHANGE_OVERDUE');
    expect(late.untilItLooks().act).toMatchObject({ do: 'followCancel', transaction: '902', postedAt: late.now });
    expect(late.untilItLooks().when(sentAgain).state.problems).toEqual(late.state.problems);
    expect(late.when(allCancelled()).codes).not.toContain('CHANGE_OVERDUE');
  });

  test('offers nothing that would be refused', () => {
    const late = [aReplacingOrder(), aReleasingOrder()].map((story) => overdueAt(story).when(replacePending()));
    const stories = [...late, overdueAt(aCancellingOrder()).when(pendingCancel)];
    for (const { state } of stories) {
      const problems = state.problems.filter(({ code }) => code === 'CHANGE_OVERDUE');
      expect(problems).toHaveLength(1);
      expect(deadButtons({ ...state, problems })).toEqual([]);
    }
  });

  test('over a replacement that it passed over is said no more when the verdict is made anew', () => {
    const late = overdueAt(aReplacingOrder()).when(replacePending());
    const anew = late.when(replaced({ kind: 'overtaken', why: 'the import job passed over transaction 901' }));
    expect(anew.codes).not.toContain('CHANGE_OVERDUE');
    expect(anew.act).toMatchObject({ do: 'revise', anyway: true });
  });

  test('over one line of a cancel counts anew with the next', () => {
    const lines = anEditedOrder().when(
      planned(aCancelOfLines()),
      cancelledInErp({ kind: 'underWay', transaction: '901' }),
    );
    const next = overdueAt(lines).when(cancelledInErp({ kind: 'underWay', transaction: '902' }));
    expect(next.codes).toEqual([]);
    expect(next.untilItLooks().when(pendingCancel).codes).toEqual([]);
  });
});

describe('a release of an order that is cancelled in part', () => {
  const releasing = (before: PreparedSalesOrder, target: PreparedSalesOrder) =>
    aSettledOrder([unmapped])
      .repair('release')
      .when(replaced({ kind: 'underWay', target, before, transaction: '901' }), replaceDone());
  const entered = aSalesOrder();
  const share = { ...entered, tax: '1.00', discount: '0.50' };

  test('agrees on the share of tax and discount that it sent', () => {
    const { agreed } = releasing(entered, share).state;
    expect(agreed).toMatchObject({ tax: '1.00', discount: '0.50', lines: entered.lines });
  });

  test('does not agree on a tax that a clerk had set', () => {
    const { agreed } = releasing({ ...entered, tax: '99.00' }, share).state;
    expect(agreed).toMatchObject({ tax: entered.tax, discount: '0.50' });
  });
});

describe('a purchase that changes while its order is being replaced', () => {
  test('waits until that is done, and is decided on then', () => {
    const changed = aReplacingOrder().when(purchaseChanged(MUCH_LATER));
    expect(changed.act).toMatchObject({ do: 'wait' });
    const settled = changed.untilItLooks();
    expect(settled.act).toMatchObject({ do: 'wait', why: 'Awaiting the ERP’s answer to the change' });
    const looking = settled.untilItLooks();
    expect(looking.act.do).toBe('followReplace');
    const done = looking.when(replaceDone());
    expect(done.act).toMatchObject({ do: 'follow', fingerprint: 'content-2' });
    const read = done.when(followed({ purchase: amendedTo('content-3', MUCH_LATER) }));
    expect(read.act).toMatchObject({ do: 'revise', anyway: true, fingerprint: 'content-2', trustEntry: true });
  });

  test('back to what it said before is an amendment, also if the one in between has to wait for a person', () => {
    const stopped = aReplacingOrder()
      .when(purchaseChanged(MUCH_LATER), replaceDone())
      .when(followed({ purchase: amendedTo('content-3', MUCH_LATER) }))
      .untilItLooks()
      .when(planned(aStop(), { fingerprint: 'content-3', updatedAt: MUCH_LATER }));
    const reverted = stopped.when(purchaseChanged('2026-01-20T18:00:00.000Z')).untilItLooks();
    // The ERP has content-2 now: content-1 is not what both sides know.
    expect(reverted.act).toMatchObject({ do: 'revise', fingerprint: 'content-2' });
  });

  test('is decided on when the replacement is refused', () => {
    const refused = aReplacingOrder().when(purchaseChanged(MUCH_LATER), replaced({ kind: 'refused', why: 'picked' }));
    const read = refused.when(followed({ purchase: amendedTo('content-3', MUCH_LATER) })).untilItLooks();
    expect(read.act).toMatchObject({ do: 'revise', anyway: true });
  });
});

describe('an amendment that waits for a person', () => {
  test('says why, what was wanted, and what to press', () => {
    const parked = aStoppedOrder();
    expect(parked.state.step).toEqual({ at: 'parked', orderNumber: ORDER_NUMBER });
    expect(parked.codes).toEqual(['AMENDED']);
    expect(parked.state.revisions).toMatchObject([{ what: 'park', stage: null, changes: [TWO_MORE] }]);
    expect(pressable(parked)).toEqual(expect.arrayContaining(['retry', 'acceptErp', 'askOwner', 'cancel', 'close']));
    expect(parked.act).toMatchObject({ do: 'wait', until: null });
  });

  test('is not decided on again by itself for the same content', () => {
    const read = aStoppedOrder()
      .when(erpShows('picked'))
      .untilItLooks()
      .when(followed({ purchase: amendedTo() }));
    expect(read.codes).toEqual(['AMENDED']);
    expect(read.act).toMatchObject({ do: 'wait', until: null });
    expect(read.state.step).toEqual({ at: 'parked', orderNumber: ORDER_NUMBER });
  });

  test('is decided anew by retry, and goes on if that is possible now', () => {
    const retried = aStoppedOrder().repair('retry');
    expect(retried.act.do).toBe('follow');
    const deciding = retried.when(followed({ purchase: amendedTo() }));
    expect(deciding.act).toMatchObject({ do: 'revise', anyway: true });
    expect(deciding.when(planned(aStop())).codes).toEqual(['AMENDED']);
    expect(deciding.when(planned(aReplacement())).act.do).toBe('replace');
  });

  test.each<readonly [string, OrderEvent]>([
    ['told by the storefront’s poller', purchaseChanged(MUCH_LATER)],
    ['found when both sides are read', followed({ purchase: amendedTo('content-3', MUCH_LATER) })],
  ])('is decided anew for newer content, %s', (_, news) => {
    const deciding = aStoppedOrder().when(news).untilItLooks();
    expect(deciding.act.do).toBe('revise');
    const going = deciding.when(planned(aReplacement(), { fingerprint: 'content-3', updatedAt: MUCH_LATER }));
    expect(going.act).toMatchObject({ do: 'replace', fingerprint: 'content-3' });
    expect(going.codes).toEqual([]);
  });

  test('goes on by itself when the buyer changes it back, and tells the purchase how things stand', () => {
    const reverted = aStoppedOrder().when(purchaseChanged(MUCH_LATER)).untilItLooks();
    const story = reverted.when(revised({ kind: 'unchanged', updatedAt: MUCH_LATER }));
    expect(story.codes).toEqual([]);
    expect(story.state).toMatchObject({ step: { at: 'settled' }, stage: 'accepted', refused: null });
    expect(story.act.do).toBe('follow');
    // The same edit once more is news again.
    const again = story.when(followed(), followed({ purchase: amendedTo('content-2', MUCH_LATER) }));
    expect(again.untilItLooks().act.do).toBe('revise');
  });

  test('goes on by itself when both sides are read and it was changed back', () => {
    const story = aStoppedOrder().when(erpShows('picked')).untilItLooks().when(followed());
    expect(story.codes).toEqual([]);
    expect(story.place).toBe('settled');
  });

  test('stays for a person when something else stops the order as well', () => {
    const duplicates = [{ code: 'DUPLICATE_IN_ERP', says: 'Two.' }] as const;
    const story = aStoppedOrder()
      .when(erpShows('picked'))
      .untilItLooks()
      .when(followed({ purchase: amendedTo(), findings: duplicates }))
      .when(purchaseChanged(MUCH_LATER))
      .untilItLooks()
      .when(revised({ kind: 'unchanged', updatedAt: MUCH_LATER }));
    expect(story.codes).toEqual(['DUPLICATE_IN_ERP']);
    expect(story.place).toBe('parked');
  });

  test('is not forgotten because a person lifts a hold meanwhile', () => {
    const refused = aReplacingOrder().when(replaced({ kind: 'refused', why: 'STYLE_NF' }));
    const released = refused.repair('release').when(replaceDone(), followed({ purchase: amendedTo() }));
    expect(released.codes).toEqual(['REPLACE_REFUSED']);
    expect(released.repair('retry').when(followed({ purchase: amendedTo() })).act.do).toBe('revise');
  });
});

describe('a purchase that cannot be prepared any more', () => {
  const impossible = (code: ProblemCode) =>
    revised({
      kind: 'impossible',
      problems: [{ code, says: `It is ${code}.` }],
      purchase: glanceOfPurchase({ fingerprint: 'content-2', updatedAt: LATER }),
    });

  test('parks in the ERP with its reasons, once for a content', () => {
    const parked = anEditedOrder().when(impossible('SKU_UNKNOWN'));
    expect(parked.codes).toEqual(['SKU_UNKNOWN']);
    expect(parked.state.step).toEqual({ at: 'parked', orderNumber: ORDER_NUMBER });
    expect(parked.when(followed({ purchase: amendedTo() })).act).toMatchObject({ do: 'wait', until: null });
    expect(deadButtons(parked.state)).toEqual([]);
  });

  test.each<readonly [string, OrderEvent, string]>([
    ['corrected', planned(aReplacement(), { fingerprint: 'content-3', updatedAt: MUCH_LATER }), 'replace'],
    ['corrected to what the ERP has', planned({ kind: 'same' }, { fingerprint: 'content-3' }), 'follow'],
    ['changed back', revised({ kind: 'unchanged', updatedAt: MUCH_LATER }), 'follow'],
  ])('goes on without that problem when it is %s', (_, verdict, next) => {
    const parked = anEditedOrder().when(impossible('SKU_UNKNOWN'));
    const story = parked.when(purchaseChanged(MUCH_LATER)).untilItLooks().when(verdict);
    expect(story.codes).toEqual([]);
    expect(story.act.do).toBe(next);
  });

  test('for its customer can be sent for another, which both sides are asked about', () => {
    const parked = anEditedOrder().when(impossible('CUSTOMER_UNKNOWN'));
    expect(deadButtons(parked.state)).toEqual([]);
    const named = parked.replaceCustomer('OTHER').when(followed({ purchase: amendedTo() }));
    expect(named.act).toMatchObject({ do: 'revise', anyway: true, customerOverride: 'OTHER' });
  });
});

describe('an edit in the ERP', () => {
  test('is raised with its money, and shown field by field', () => {
    const story = anOrderEditedInErp();
    expect(story.codes).toEqual(['ERP_EDIT']);
    expect(story.place).toBe('settled');
    expect(story.state.problems[0]?.says).toContain(`ERP order ${ORDER_NUMBER} differs from what was agreed by 1.00`);
    const page = describeOrder(story.state, story.act);
    expect(page).toContain('### The ERP has it otherwise');
    expect(page).toContain(`| ${ORDER_NUMBER} | tax | 40.00 | 41.00 | 1.00 |`);
  });

  test('is over by itself when the ERP is put right again', () => {
    const right = anOrderEditedInErp().when(erpShows('open')).when(followed());
    expect(right.codes).toEqual([]);
    expect(right.state.differences).toEqual([{ orderNumber: ORDER_NUMBER, differences: [] }]);
  });

  test('is told once in the story, however often it is read', () => {
    const story = anOrderEditedInErp().when(editedInErp(), editedInErp());
    expect(story.codes).toEqual(['ERP_EDIT']);
    expect(story.state.timeline.filter(({ what }) => what.startsWith('The ERP’s order is not'))).toHaveLength(1);
  });

  test('does not keep the order from being amended, cancelled or followed', () => {
    const story = anOrderEditedInErp();
    expect(story.when(purchaseChanged()).untilItLooks().act.do).toBe('revise');
    expect(story.repair('cancel').act.do).toBe('cancel');
    expect(story.when(erpShows('picked')).untilItLooks().act.do).toBe('follow');
  });
});

describe('taking the ERP’s version', () => {
  const asked = anOrderEditedInErp().acceptErp(false);

  test('reads both sides with the person’s word, and makes the ERP’s version the agreed one', () => {
    expect(asked.act).toMatchObject({ do: 'follow', accept: { alsoMore: false, act: ACT } });
    const version = aSalesOrder({ tax: '41.00' });
    const taken = asked.when(
      followed({
        accepted: 'yes',
        documents: [aFollowedDocument({ agreed: version, sent: version })],
        takenOver: [{ ...TAX_DIFFERENCE, tolerated: true }],
        purchase: writtenAs('content-of-the-erp'),
      }),
    );
    expect(taken.codes).toEqual([]);
    expect(taken.state).toMatchObject({
      agreed: version,
      sent: version,
      fingerprint: 'content-of-the-erp',
      answer: null,
      takenOver: [{ field: 'tax' }],
    });
    expect(taken.act).toMatchObject({ do: 'wait', until: null });
  });

  test('that is more asks for the explicit choice, and goes with it', () => {
    const choosing = asked.when(editedInErp({ accepted: 'needsChoice' }));
    expect(choosing.codes).toEqual(['ACCEPT_NEEDS_CHOICE', 'ERP_EDIT']);
    expect(choosing.state).toMatchObject({ step: { at: 'parked' }, answer: null });
    expect(deadButtons(choosing.state)).toEqual([]);
    const taken = choosing.acceptErp(true);
    expect(taken.act).toMatchObject({ do: 'follow', accept: { alsoMore: true } });
    const done = taken.when(followed({ accepted: 'yes', purchase: writtenAs('content-of-the-erp') }));
    expect(done.codes).toEqual([]);
    expect(done.place).toBe('settled');
  });

  test('over a change of the buyer’s that nobody has seen takes nothing: that is decided on, and asked again', () => {
    const unseen = asked.when(editedInErp({ accepted: 'unseen', purchase: amendedTo('content-2') }));
    expect(unseen.codes).toEqual(['ERP_EDIT']);
    expect(unseen.state).toMatchObject({ answer: null, fingerprint: 'content-1' });
    expect(unseen.state.timeline.at(-1)?.what).toContain('what shall hold is to be said again');
    const decided = unseen.untilItLooks();
    expect(decided.act).toMatchObject({ do: 'revise', prefer: 'nobody' });
    const conflict = decided.when(planned(aStop('EDIT_CONFLICT')));
    expect(deadButtons(conflict.state)).toEqual([]);
    expect(conflict.acceptErp(false).act).toMatchObject({ do: 'follow', refused: 'content-2', accept: { act: ACT } });
  });

  test('needs no choice any more when the ERP is put right meanwhile', () => {
    const right = asked
      .when(editedInErp({ accepted: 'needsChoice' }), erpShows('released'))
      .untilItLooks()
      .when(followed());
    expect(right.codes).toEqual([]);
    expect(right.place).toBe('settled');
  });

  test('ends an amendment that waited for a person', () => {
    const taken = aStoppedOrder()
      .acceptErp(true)
      .when(followed({ accepted: 'yes', purchase: writtenAs('content-3') }));
    expect(taken.codes).toEqual([]);
    expect(taken.state).toMatchObject({ step: { at: 'settled' }, refused: null, fingerprint: 'content-3' });
  });

  test('that the purchase does not take is not taken for agreed', () => {
    const version = aSalesOrder({ tax: '41.00' });
    const failed = asked.when(
      followed({
        accepted: 'yes',
        documents: [aFollowedDocument({ agreed: version, sent: version })],
        purchase: { kind: 'conflict', why: 'number in use' },
      }),
    );
    expect(failed.codes).toEqual(['WRITE_BACK_REFUSED', 'ERP_EDIT']);
    expect(failed.state).toMatchObject({ agreed: aSalesOrder(), sent: aSalesOrder() });
    expect(deadButtons(failed.state)).toEqual([]);
    const again = failed.repair('retry').when(editedInErp());
    expect(again.codes).toEqual(['ERP_EDIT']);
  });

  test('first looks at a change of the buyer’s that nobody has seen yet: if it is one, a person chooses again', () => {
    const changed = anOrderEditedInErp().when(purchaseChanged()).acceptErp(false);
    expect(changed.act).toMatchObject({ do: 'revise', prefer: 'nobody' });
    const conflict = changed.when(planned(aStop('EDIT_CONFLICT')));
    expect(conflict.codes).toEqual(expect.arrayContaining(['EDIT_CONFLICT', 'ERP_EDIT']));
    expect(conflict.state.answer).toBeNull();
    expect(conflict.acceptErp(false).act).toMatchObject({ do: 'follow', accept: { act: ACT } });
  });

  test.each<readonly [string, OrderEvent]>([
    ['was none', revised({ kind: 'unchanged', updatedAt: LATER })],
    ['changes nothing in the ERP', planned({ kind: 'same' })],
  ])('goes on when that change %s', (_, verdict) => {
    const story = anOrderEditedInErp().when(purchaseChanged()).acceptErp(false).when(verdict);
    expect(story.act).toMatchObject({ do: 'follow', accept: { alsoMore: false } });
  });

  test('is over when the ERP does not show the order: a later reading takes nothing over', () => {
    const missing = asked.when({ is: 'followed', outcome: { kind: 'notThere', orderNumber: ORDER_NUMBER } });
    expect(missing.state.answer).toBeNull();
    expect(missing.repair('retry').act).toMatchObject({ do: 'follow', accept: null });
  });
});

describe('sending the storefront’s version again', () => {
  const asked = anOrderEditedInErp().repair('pushStorefront');

  test('decides anew in favour of the storefront, and replaces what the clerk did', () => {
    expect(asked.act).toMatchObject({ do: 'revise', anyway: true, prefer: 'storefront' });
    const going = asked.when(planned(aReplacement(), { fingerprint: 'content-1' }));
    expect(going.act).toMatchObject({ do: 'replace', fingerprint: 'content-1', revision: 2 });
    expect(going.state.answer).toBeNull();
    const done = going.when(replaceDone(), followed());
    expect(done.codes).toEqual([]);
    expect(done.act).toMatchObject({ do: 'wait', until: null });
  });

  test('that comes too late parks, and the edit stays visible', () => {
    const late = asked.when(planned(aStop(), { fingerprint: 'content-1' }));
    expect(late.codes).toEqual(['AMENDED', 'ERP_EDIT']);
    expect(deadButtons(late.state)).toEqual([]);
    expect(late.when(editedInErp()).codes).toEqual(['AMENDED', 'ERP_EDIT']);
  });

  test('that came too late is over when the ERP is put right', () => {
    const late = asked.when(planned(aStop(), { fingerprint: 'content-1' }));
    const right = late.when(erpShows('picked')).untilItLooks().when(followed());
    expect(right.codes).toEqual([]);
    expect(right.state).toMatchObject({ step: { at: 'settled' }, refused: null });
  });
});

describe('asking an owner', () => {
  test('leaves the question open under that name', () => {
    const story = anOrderEditedInErp().askOwner('warehouse');
    expect(story.state.askedOwner).toBe('warehouse');
    expect(story.codes).toEqual(['ERP_EDIT']);
    expect(describeOrder(story.state, story.act)).toContain('| To be decided by | warehouse |');
    expect(story.when(editedInErp()).state.askedOwner).toBe('warehouse');
  });

  test('is over with the question: the next one is its own owner’s', () => {
    const over = anOrderEditedInErp().askOwner('warehouse').when(followed());
    expect(over.state.askedOwner).toBeNull();
  });
});

describe('a conflict between buyer and clerk', () => {
  test('overwrites nothing, and offers both sides', () => {
    const conflict = aConflict();
    expect(conflict.codes).toEqual(['EDIT_CONFLICT', 'ERP_EDIT']);
    expect(conflict.act).toMatchObject({ do: 'wait', until: null });
    expect(deadButtons(conflict.state)).toEqual([]);
  });

  test('is ended by taking the ERP’s version', () => {
    const taken = aConflict()
      .acceptErp(true)
      .when(followed({ accepted: 'yes', purchase: writtenAs('content-3') }));
    expect(taken.codes).toEqual([]);
    expect(taken.act).toMatchObject({ do: 'wait', until: null });
  });

  test('is ended by sending the storefront’s', () => {
    const going = aConflict().repair('pushStorefront').when(planned(aReplacement()));
    expect(going.act).toMatchObject({ do: 'replace', fingerprint: 'content-2' });
    expect(going.codes).toEqual(['ERP_EDIT']);
    expect(going.when(replaceDone(), followed({ purchase: writtenAs('content-2') })).codes).toEqual([]);
  });

  test('is none any more when the clerk puts the ERP right: the buyer’s change goes', () => {
    const right = aConflict()
      .when(erpShows('released'))
      .untilItLooks()
      .when(followed({ purchase: amendedTo() }));
    expect(right.act).toMatchObject({ do: 'revise', anyway: true, prefer: 'nobody' });
    expect(right.when(planned(aReplacement())).codes).toEqual([]);
  });

  test('is an edit of the clerk’s when the buyer changes the purchase back', () => {
    const back = aConflict().when(purchaseChanged(MUCH_LATER)).untilItLooks();
    const story = back.when(revised({ kind: 'unchanged', updatedAt: MUCH_LATER }), editedInErp());
    expect(story.codes).toEqual(['ERP_EDIT']);
    expect(story.place).toBe('settled');
  });
});

describe('what is possible to press', () => {
  const always: readonly Repair[] = ['retry', 'resync', 'remap', 'release', 'cancel', 'close'];
  const answers: readonly Repair[] = [...always, 'acceptErp', 'pushStorefront', 'askOwner'];
  test.each<readonly [string, Story, readonly Repair[]]>([
    ['while an edit settles', aSettledOrder().when(purchaseChanged()), always],
    ['while it is decided on', anEditedOrder(), always],
    ['when it waits for a person', aStoppedOrder(), answers],
    ['while the replacement is sent', anEditedOrder().when(planned(aReplacement())), ['cancel']],
    ['while it is replaced', aReplacingOrder(), ['cancel']],
    ['once it is replaced', aReplacingOrder().when(replaceDone()), ['cancel']],
    ['once it is amended', anAmendedOrder(), always],
    ['when the ERP refused it', aReplacingOrder().when(replaced({ kind: 'refused', why: 'x' })), answers],
    ['when the ERP was edited', anOrderEditedInErp(), answers],
    ['in a conflict', aConflict(), answers],
    ['while the ERP’s version is taken', anOrderEditedInErp().acceptErp(false), answers],
    ['while lines are cancelled', anEditedOrder().when(planned(aCancelOfLines())), []],
    ['when a cancel was refused', aSettledOrder().repair('cancel').when(cancelRefused()), [...always, 'askOwner']],
    ['when all is invoiced', aSettledOrder().when(allInvoiced()), always],
  ])('%s', (_, story, kinds) => {
    expect(pressable(story)).toEqual(kinds);
  });

  test.each<readonly [string, Story]>([
    ['AMENDED', aStoppedOrder()],
    ['EDIT_CONFLICT', aConflict()],
    ['ERP_EDIT', anOrderEditedInErp()],
    [
      'ACCEPT_NEEDS_CHOICE',
      anOrderEditedInErp()
        .acceptErp(false)
        .when(editedInErp({ accepted: 'needsChoice' })),
    ],
    ['REPLACE_REFUSED', aReplacingOrder().when(replaced({ kind: 'refused', why: 'x' }))],
    ['CANCEL_REFUSED', aSettledOrder().repair('cancel').when(cancelRefused())],
    ['CANCEL_PARTIAL', aSettledOrder().repair('cancel').when(partlyCancelled(), followed())],
    ['WITHDRAWN', aSettledOrder().when(PURCHASE_GONE, withdrawn('park'))],
    ['INVOICE_DIFFERS', aSettledOrder().when(allInvoiced({ settlement: UNEXPLAINED }))],
    ['WRITE_BACK_REFUSED', aSettledOrder().when(followed({ purchase: { kind: 'conflict', why: 'number in use' } }))],
    ['ERP_HOLD', aSettledOrder().when(erpShows('credit_hold'))],
    ['ERP_REFUSED', aSettledOrder().when({ is: 'followed', outcome: { kind: 'notThere', orderNumber: ORDER_NUMBER } })],
    ['DUPLICATE_IN_ERP', aSettledOrder().when(erpShows('open', 'open'))],
    ['STEP_REFUSED', anEditedOrder().when({ is: 'stepRefused', document: 1, why: 'HTTP 403' })],
    ['LOCATION_NOT_MAPPED', aSettledOrder([unmapped])],
    [
      'REMAP_NOT_POSSIBLE',
      aSettledOrder([unmapped])
        .repair('remap')
        .when(replaced({ kind: 'impossible', problem: REMAP })),
    ],
  ])('includes every button that %s offers', (code, story) => {
    expect(story.codes).toContain(code);
    expect(deadButtons(story.state)).toEqual([]);
  });

  test.each<readonly [Repair, Story]>([
    ['release', aSettledOrder([unmapped]).repair('release')],
    ['remap', aSettledOrder([unmapped]).repair('remap')],
  ])('%s is not answered by a new verdict when the ERP has moved on: the person is told', (_, asked) => {
    const story = asked.when(replaceSent(TARGET), overtaken('the order is picked'));
    expect(story.codes).toContain('REPLACE_REFUSED');
    expect(story.state.problems.map(({ says }) => says).join(' ')).toContain('the order is picked');
    expect(story.state.revise).toBeNull();
  });
});

describe('news of the ERP', () => {
  test.each<readonly [string, Story, OrderEvent]>([
    ['being replaced', aReplacingOrder(), replaceDone()],
    ['being released', aReleasingOrder(), replaceDone()],
    ['being released, which is refused then', aReleasingOrder(), replaced({ kind: 'refused', why: 'x' })],
    ['being cancelled', aCancellingOrder(), partlyCancelled()],
    ['being cancelled, which is refused then', aCancellingOrder(), cancelRefused()],
  ])('while the order is %s waits, and both sides are read afterwards', (_, story, answer) => {
    const told = story.when(erpShows('picked'));
    expect(told.state.facts.erpStatus).toBe('picked');
    expect(told.act.do).not.toBe('follow');
    const after = told.after(PACING.merge).when({ is: 'timePassed' });
    expect(after.act.do).not.toBe('follow');
    expect(after.when(answer).act.do).toBe('follow');
  });

  test('of picks, invoices and credits wait as well', () => {
    const news: OrderEvent = { is: 'erpChanged', imports: [], orders: [], credits: ['CM-1'], moved: true };
    const told = aReplacingOrder().when(news).after(PACING.merge).when({ is: 'timePassed' });
    expect(told.act.do).not.toBe('follow');
    expect(told.when(replaceDone()).act).toMatchObject({ do: 'follow', creditMemos: ['CM-1'] });
  });

  test('that are told twice while it is replaced are read once', () => {
    const read = aReplacingOrder()
      .when(erpShows('picked'), replaceDone())
      .when(followed({ purchase: writtenAs('content-2'), glance: glance({ status: 'picked' }) }));
    expect(read.when(erpShows('picked')).act).toMatchObject({ do: 'wait', until: null });
  });

  test('that an order is missing never lets another one be sent in its place', () => {
    const missing: OrderEvent = { is: 'followed', outcome: { kind: 'notThere', orderNumber: ORDER_NUMBER } };
    const parked = aSettledOrder().when(erpShows('released')).untilItLooks().when(missing);
    expect(parked.codes).toEqual(['ERP_REFUSED']);
    expect(parked.repair('retry').when(missing).act).toMatchObject({ do: 'wait', until: null });
    expect(parked.when(purchaseChanged()).untilItLooks().act).toMatchObject({ do: 'wait', until: null });
    // Shown again, it goes on, and what was told meanwhile is decided on.
    const back = parked.when(purchaseChanged()).untilItLooks().when(erpShows('open')).untilItLooks();
    const read = back.when(followed({ purchase: amendedTo() }));
    expect(read.codes).toEqual([]);
    expect(read.act.do).toBe('revise');
  });
});

describe('a cancel', () => {
  test('by a person is not undone by an edit of the buyer’s that was not decided on yet', () => {
    const cancelled = aSettledOrder().when(purchaseChanged()).repair('cancel').when(allCancelled());
    const late = cancelled.after(PACING.settle).when({ is: 'timePassed' });
    expect(late.act.do).toBe('follow');
    expect(late.when(nothingLeft(amendedTo())).act).toMatchObject({
      do: 'recordClosing',
      outcome: 'cancelled',
      act: ACT,
    });
  });

  test('by a person is not undone by mending the write-back', () => {
    const stuck = aSettledOrder()
      .repair('cancel')
      .when(allCancelled(), nothingLeft({ kind: 'conflict', why: 'in use' }));
    expect(stuck.codes).toEqual(['WRITE_BACK_REFUSED']);
    expect(deadButtons(stuck.state)).toEqual([]);
    const mended = stuck.repair('retry');
    expect(mended.act.do).toBe('follow');
    expect(mended.when(nothingLeft()).act).toMatchObject({ do: 'recordClosing', outcome: 'cancelled' });
  });

  test.each<readonly [string, Story, readonly OrderEvent[]]>([
    ['in the ERP', aSettledOrder().repair('cancel').when(allCancelled(), nothingLeft()), [nothingLeft()]],
    ['before it was sent', aPreparedOrder().repair('cancel'), [prepared()]],
  ])('%s whose closing is refused is closed by retry, and nothing is sent', (_, closing, steps) => {
    expect(closing.act.do).toBe('recordClosing');
    const refused = closing.when({ is: 'stepRefused', document: 1, why: 'HTTP 403' });
    expect(refused.codes).toEqual(['STEP_REFUSED']);
    expect(deadButtons(refused.state)).toEqual([]);
    const again = refused.repair('retry').when(...steps);
    expect(again.act).toMatchObject({ do: 'recordClosing', outcome: 'cancelled', act: ACT });
  });

  test('as far as possible says how far, and is tried again only by a person', () => {
    const partly = aSettledOrder().repair('cancel').when(partlyCancelled(), followed());
    expect(partly.codes).toEqual(['CANCEL_PARTIAL']);
    expect(partly.state.problems[0]?.says).toContain('6 of 10 units are cancelled, 4 picked.');
    expect(partly.act).toMatchObject({ do: 'wait', until: null });
    expect(partly.repair('cancel').act.do).toBe('cancel');
  });

  test('as far as possible is all of it when the warehouse stops the rest, and ends under the person’s name', () => {
    const stopped = aSettledOrder().repair('cancel').when(partlyCancelled(), followed(), erpShows('cancelled_house'));
    expect(stopped.untilItLooks().when(nothingLeft()).act).toMatchObject({ do: 'recordClosing', act: ACT });
  });

  test('of a purchase that is gone is decided on once, also if the ERP refuses it', () => {
    const refused = aSettledOrder().when(PURCHASE_GONE, withdrawn('cancel'), cancelRefused());
    expect(refused.codes).toEqual(['CANCEL_REFUSED']);
    const read = refused
      .when(erpShows('picked'))
      .untilItLooks()
      .when(followed({ purchase: { kind: 'gone' } }));
    expect(read.act).toMatchObject({ do: 'wait', until: null });
  });
});

describe('a purchase that comes back', () => {
  test('after its withdrawal waited for a person goes on by itself', () => {
    const parked = aSettledOrder().when(PURCHASE_GONE, withdrawn('park'));
    const back = parked
      .when(purchaseChanged())
      .untilItLooks()
      .when(revised({ kind: 'unchanged', updatedAt: LATER }));
    expect(back.codes).toEqual([]);
    expect(back.state).toMatchObject({ purchaseGone: false, refused: null, step: { at: 'settled' } });
    // Withdrawn once more it is decided on once more.
    expect(back.when(followed(), PURCHASE_GONE).act.do).toBe('revise');
  });

  test('with another content is amended', () => {
    const parked = aSettledOrder().when(PURCHASE_GONE, withdrawn('park'));
    const back = parked.when(purchaseChanged()).untilItLooks().when(planned(aReplacement()));
    expect(back.codes).toEqual([]);
    expect(back.state.purchaseGone).toBe(false);
    expect(back.act.do).toBe('replace');
  });
});

describe('a new document', () => {
  const supplement = aSalesOrder({ reference: `${aSalesOrder().reference}.2`, notes: 'more' });

  test('for what is more has its number before its first post', () => {
    const plan = { kind: 'supplement', changes: [TWO_MORE], order: supplement } as const;
    const story = anEditedOrder().when(planned([{ document: 2, division: '01', plan }]));
    expect(story.state.others).toMatchObject([{ document: 2, posts: 'none', step: { at: 'toSubmit' } }]);
    expect(story.act).toMatchObject({
      do: 'submit',
      document: 2,
      order: supplement,
      permission: { kind: 'first' },
      fingerprint: 'content-2',
      revision: 1,
      attempt: 1,
    });
    const accepted = story.when(submitted({ ...ACCEPTED, orderNumber: '500002' }, 2));
    expect(accepted.act).toMatchObject({
      do: 'follow',
      documents: [
        { document: 1, orderNumber: ORDER_NUMBER },
        { document: 2, orderNumber: '500002', sent: supplement },
      ],
    });
  });

  test('takes the place of one that is entered anew: cancelled, decided anew, sent', () => {
    const story = anEditedOrder().when(planned({ kind: 'reenter', changes: [TWO_MORE], assumed: ASSUMED }));
    expect(story.act).toMatchObject({ do: 'cancel', cancelling: { lines: null, afterwards: 'reenter', act: null } });
    const cancelled = story.when(allCancelled());
    expect(cancelled.act).toMatchObject({ do: 'revise', anyway: true });
    const sending = cancelled.when(
      planned([{ document: 2, division: '01', plan: { kind: 'send', order: supplement } }]),
    );
    expect(sending.act).toMatchObject({
      do: 'submit',
      document: 2,
      permission: { kind: 'first' },
      fingerprint: 'content-2',
    });
    const settled = sending.when(
      submitted({ ...ACCEPTED, orderNumber: '500002' }, 2),
      followed({
        purchase: writtenAs('content-2'),
        documents: [
          aFollowedDocument({ glance: glance({ status: 'cancelled_customer' }), stage: 'cancelled' }),
          aFollowedDocument({ document: 2, glance: glance({ document: 2, orderNumber: '500002' }) }),
        ],
      }),
    );
    expect(settled.state).toMatchObject({ document: 2, stage: 'accepted', problems: [], cancelledBy: null });
    expect(settled.act).toMatchObject({ do: 'wait', until: null });
  });

  test('that cannot be made after the cancel waits for a person, and nothing is shown to the buyer as cancelled', () => {
    const cancelled = anEditedOrder().when(
      planned({ kind: 'reenter', changes: [TWO_MORE], assumed: ASSUMED }),
      allCancelled(),
    );
    const purchase = glanceOfPurchase({ fingerprint: 'content-2', updatedAt: LATER });
    const parked = cancelled.when(revised({ kind: 'impossible', problems: [SKU_UNKNOWN], purchase }));
    expect(parked.codes).toEqual(['SKU_UNKNOWN']);
    // No content is the known one: only number and state are written.
    expect(parked.act).toMatchObject({ do: 'follow', fingerprint: '', trustEntry: false });
    const read = parked.when(followed({ purchase: amendedTo() }));
    expect(read.act).toMatchObject({ do: 'wait', until: null });
    expect(deadButtons(read.state)).toEqual([]);
    expect(read.repair('retry').when(followed({ purchase: amendedTo() })).act.do).toBe('revise');
  });

  test('is not made while part of the one before cannot be cancelled; it is when the rest is cancelled too', () => {
    const parked = anEditedOrder().when(
      planned({ kind: 'reenter', changes: [TWO_MORE], assumed: ASSUMED }),
      partlyCancelled(),
      followed({ purchase: amendedTo() }),
    );
    expect(parked.codes).toEqual(['CANCEL_PARTIAL']);
    expect(parked.state).toMatchObject({ step: { at: 'parked' }, refused: 'content-2' });
    expect(parked.act).toMatchObject({ do: 'wait', until: null });
    const rest = parked.when(erpShows('cancelled_house')).untilItLooks().when(nothingLeft(amendedTo()));
    expect(rest.act).toMatchObject({ do: 'revise', anyway: true });
  });
});

describe('an order whose goods are all invoiced', () => {
  const invoiced = aSettledOrder().when(allInvoiced());
  const creditPeriodEnds = '2026-04-20T15:00:00.000Z';

  test('closes when the time for credits is over', () => {
    expect(invoiced.act).toMatchObject({ do: 'wait', until: creditPeriodEnds });
    const closed = invoiced.untilItLooks();
    expect(closed.act).toEqual({ do: 'finish', outcome: 'closed' });
    expect(closed.state.stage).toBe('closed');
    expect(isFinished(closed.state)).toBe(true);
  });

  test.each<readonly [string, OrderEvent]>([
    ['the ERP’s order differs', allInvoiced({ documents: [aFollowedDocument({ differences: [TAX_DIFFERENCE] })] })],
    ['its money is not explained', allInvoiced({ settlement: { ...COMPLETE, lines: [UNEXPLAINED_LINE] } })],
    ['something of it is open again', followed()],
    ['the buyer changed the purchase', allInvoiced({ purchase: amendedTo() })],
  ])('does not close while %s', (_, event) => {
    const open = aSettledOrder().when(event).after(PACING.creditPeriod).when({ is: 'timePassed' });
    expect(isFinished(open.state)).toBe(false);
    const later = invoiced.when(erpShows('invoiced')).untilItLooks().when(event);
    expect(isFinished(later.after(PACING.creditPeriod).when({ is: 'timePassed' }).state)).toBe(false);
  });

  test('does not close over an edit that settles, and closes when that was none', () => {
    const almost = invoiced.after(PACING.creditPeriod - 10_000).when(purchaseChanged());
    const due = almost.after(10_000).when({ is: 'timePassed' });
    expect(isFinished(due.state)).toBe(false);
    const deciding = due.untilItLooks();
    expect(deciding.act.do).toBe('revise');
    expect(deciding.when(revised({ kind: 'unchanged', updatedAt: LATER })).act).toEqual({
      do: 'finish',
      outcome: 'closed',
    });
  });

  test('does not close over news of the ERP that nobody has read, and closes after they were', () => {
    const almost = invoiced.after(PACING.creditPeriod - 10_000).when(erpShows('closed'));
    const due = almost.after(10_000).when({ is: 'timePassed' });
    expect(isFinished(due.state)).toBe(false);
    expect(due.untilItLooks().when(allInvoiced()).act).toEqual({ do: 'finish', outcome: 'closed' });
  });

  test('does not close while an amendment waits for a person, and closes when that is settled', () => {
    const parked = invoiced.when(purchaseChanged()).untilItLooks().when(planned(aStop()));
    const due = parked.after(PACING.creditPeriod).when({ is: 'timePassed' });
    expect(due.codes).toEqual(['AMENDED']);
    expect(due.act).toMatchObject({ do: 'wait', until: null });
    const settled = due.when(purchaseChanged(MUCH_LATER)).untilItLooks();
    const read = settled.when(revised({ kind: 'unchanged', updatedAt: MUCH_LATER }), allInvoiced());
    expect(read.act).toEqual({ do: 'finish', outcome: 'closed' });
  });

  test('closes although an edit came in that was none before its goods were invoiced', () => {
    const story = aSettledOrder().when(purchaseChanged(), allInvoiced()).untilItLooks();
    const unchanged = story.when(revised({ kind: 'unchanged', updatedAt: LATER }));
    expect(unchanged.act.do).toBe('follow');
    expect(unchanged.when(allInvoiced()).act).toMatchObject({ do: 'wait', until: expect.any(String) });
  });

  test('closes after too much was billed once that is credited', () => {
    const differs = aSettledOrder().when(allInvoiced({ settlement: { ...COMPLETE, lines: [UNEXPLAINED_LINE] } }));
    expect(differs.codes).toEqual(['INVOICE_DIFFERS']);
    const credited = { ...COMPLETE, lines: [{ ...UNEXPLAINED_LINE, rule: 'credited' as const }] };
    const read = differs
      .when(erpShows('invoiced'))
      .untilItLooks()
      .when(allInvoiced({ settlement: credited }));
    expect(read.codes).toEqual([]);
    expect(isFinished(read.untilItLooks().state)).toBe(true);
  });

  test('remembers the credit memos that a reading found, as those that were told', () => {
    const told = invoiced.when({ is: 'erpChanged', imports: [], orders: [], credits: ['CM-2'], moved: false });
    const read = told.untilItLooks().when(allInvoiced({ creditMemos: ['CM-1', 'CM-2'] }));
    const again = read.when(erpShows('invoiced')).untilItLooks();
    expect(again.act).toMatchObject({ do: 'follow', creditMemos: ['CM-2', 'CM-1'] });
    // An answer of a version that did not tell takes none of them away.
    expect(again.when(allInvoiced()).state.creditMemos).toEqual(['CM-2', 'CM-1']);
  });

  test.each<readonly [string, OrderEvent]>([
    ['a credit memo', allInvoiced({ settlement: { ...COMPLETE, credited: '20.00' } })],
    ['a new invoice', allInvoiced({ settlement: { ...COMPLETE, invoiced: '99.99' } })],
  ])('waits for credits anew after %s', (_, event) => {
    const month = 30 * 86_400_000;
    const moved = invoiced.after(month).when(erpShows('invoiced')).untilItLooks();
    const again = moved.when(event);
    const until = again.act.do === 'wait' && again.act.until !== null ? Date.parse(again.act.until) : 0;
    expect(until - Date.parse(again.now)).toBe(PACING.creditPeriod);
    // What only moves otherwise does not begin it anew.
    expect(moved.when(allInvoiced()).act).toMatchObject({ until: creditPeriodEnds });
  });

  test('is open again when an invoice is voided', () => {
    expect(invoiced.when(followed()).act).toMatchObject({ do: 'wait', until: null });
  });

  test('ends at once when nothing of it came', () => {
    expect(aSettledOrder().when(nothingLeft()).act).toEqual({ do: 'finish', outcome: 'cancelled' });
  });
});

describe('an order that was found in the ERP', () => {
  test('and may have gone in with another content is compared with the purchase', () => {
    const lost = aPreparedOrder().when({ is: 'stepRefused', document: 1, why: 'the second attempt broke' });
    const looking = lost.when(purchaseChanged(), prepared({ fingerprint: 'content-2', updatedAt: LATER }));
    expect(looking.act.do).toBe('look');
    const found = looking.when(looked({ ...ACCEPTED, how: 'adopted' }));
    expect(found.act).toMatchObject({ do: 'follow', fingerprint: '', trustEntry: false, documents: [{ sent: null }] });
    const read = found.when(followed({ purchase: amendedTo() }));
    expect(read.act).toMatchObject({ do: 'revise', anyway: true });
    expect(read.when(planned(aReplacement())).act).toMatchObject({ do: 'replace', fingerprint: 'content-2' });
  });
});

describe('an act that was accepted before the step in hand went elsewhere', () => {
  const tooLate = (kind: Repair): OrderEvent => ({ is: 'repaired', repair: requestOf(kind) });

  test('is refused by the order as it stands now', () => {
    for (const kind of ['release', 'remap', 'acceptErp', 'pushStorefront', 'retry', 'close'] as const)
      expect(refuseRepair(aReplacingOrder().state, requestOf(kind))).toContain('Possible now: cancel.');
  });

  test.each(['release', 'remap', 'retry', 'resync', 'replaceCustomer', 'close'] as const)(
    '%s waits until the order rests',
    (kind) => {
      const story = aReplacingOrder().when(tooLate(kind));
      expect(story.state.pressed).toEqual([requestOf(kind)]);
      expect(story.state.timeline.at(-1)?.what).toBe(`${kind} is carried out as soon as the order rests.`);
    },
  );

  test.each([
    ['release', 'replace'],
    ['remap', 'replace'],
    ['close', 'recordClosing'],
  ] as const)('%s is carried out then', (kind, does) => {
    const rested = aReplacingOrder()
      .when(tooLate(kind), replaceDone())
      .when(followed({ purchase: writtenAs('content-2') }));
    expect(rested.act).toMatchObject({ do: does });
    expect(rested.state.pressed).toEqual([]);
  });

  test('is kept once of each kind, and carried out in turn', () => {
    const story = aReplacingOrder().when(tooLate('release'), tooLate('remap'), tooLate('release'));
    expect(story.state.pressed).toEqual([requestOf('remap'), requestOf('release')]);
    const first = story.when(replaceDone()).when(followed({ purchase: writtenAs('content-2') }));
    expect(first.act).toMatchObject({ do: 'replace', replacement: { kind: 'header', change: 'remap' } });
    const second = first.when(replaceDone()).when(followed({ purchase: writtenAs('content-2') }));
    expect(second.act).toMatchObject({ do: 'replace', replacement: { kind: 'header', change: 'release' } });
  });

  test('is told as not carried out when the order does not take it at rest either, or has ended', () => {
    const noCustomer = aReplacingOrder()
      .when(tooLate('replaceCustomer'), replaceDone())
      .when(followed({ purchase: writtenAs('content-2') }));
    expect(noCustomer.state.pressed).toEqual([]);
    expect(noCustomer.state.timeline.at(-1)?.what).toMatch(
      /^replaceCustomer was not carried out\. “replaceCustomer” is/,
    );
    const ended = aReplacingOrder()
      .when(tooLate('release'), tooLate('cancel'), replaceDone(), allCancelled())
      .when(nothingLeft());
    expect(ended.state.pressed).toEqual([]);
    expect(ended.state.timeline.map(({ what }) => what)).toContainEqual(
      expect.stringMatching(/^release was not carried out\./),
    );
  });

  test.each(['acceptErp', 'pushStorefront', 'sendAnyway', 'adopt', 'askOwner'] as const)(
    '%s, which was about that moment, is told as not carried out',
    (kind) => {
      const story = aReplacingOrder().when(tooLate(kind));
      expect(story.state.pressed).toEqual([]);
      expect(story.state.timeline.at(-1)?.what).toMatch(new RegExp(`^${kind} was not carried out\\. `));
    },
  );

  test('to cancel is honoured after a verdict that cancels a line', () => {
    const story = anEditedOrder().when(planned(aCancelOfLines()), tooLate('cancel'));
    expect(story.state.cancelWish).toEqual(ACT);
    const lines = story.when(partlyCancelled());
    expect(lines.act).toMatchObject({ do: 'cancel', cancelling: { lines: null, act: ACT } });
  });

  test('to cancel is honoured after the ERP refused to cancel the line', () => {
    const story = anEditedOrder().when(planned(aCancelOfLines()), tooLate('cancel'), cancelRefused());
    expect(story.act).toMatchObject({ do: 'cancel', cancelling: { lines: null, act: ACT } });
    const refused = story.when(cancelRefused());
    expect(refused.codes).toEqual(['CANCEL_REFUSED']);
    expect(refused.state).toMatchObject({ step: { at: 'parked' }, cancelWish: null });
  });

  test('to cancel keeps an order from being entered again', () => {
    const story = anEditedOrder().when(
      planned({ kind: 'reenter', changes: [TWO_MORE], assumed: ASSUMED }),
      tooLate('cancel'),
      allCancelled(),
    );
    expect(story.state).toMatchObject({ step: { at: 'over' }, cancelledBy: ACT, cancelWish: null });
    expect(story.act.do).toBe('follow');
    const ended = story.when(nothingLeft());
    expect(ended.act).toMatchObject({ do: 'recordClosing', outcome: 'cancelled', act: ACT });
  });

  test('waits in the state of an earlier version, which knows no such acts', () => {
    const { pressed: _pressed, ...state } = aReplacingOrder().state;
    const story = new Story(state, START).when(tooLate('release'), replaceDone());
    expect(story.when(followed({ purchase: writtenAs('content-2') })).act.do).toBe('replace');
  });
});

function overtaken(why = 'it was picked'): OrderEvent {
  return replaced({ kind: 'overtaken', why });
}

/** Both sides read: a clerk's edit, seen under another stamp than before. */
function editedInErp(change: Parameters<typeof followed>[0] = {}): OrderEvent {
  return followed({ documents: [aFollowedDocument({ differences: [TAX_DIFFERENCE] })], ...change });
}

function withdrawn(verdict: 'cancel' | 'park'): OrderEvent {
  return revised({ kind: 'withdrawn', verdict, why: 'The purchase is gone', fingerprint: null });
}

function aCancelOfLines(): AmendmentPlan {
  return { kind: 'cancelOpen', changes: [], lines: [2], sent: aSalesOrder(), assumed: ASSUMED };
}

function aReleasingOrder(): Story {
  return aSettledOrder([unmapped]).repair('release').when(replaceSent(TARGET));
}

function aCancellingOrder(): Story {
  return aSettledOrder()
    .repair('cancel')
    .when(cancelledInErp({ kind: 'underWay', transaction: '901' }));
}
