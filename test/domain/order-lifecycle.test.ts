import { describe, expect, test } from 'vitest';

import { describeOrder, summarizeOrder } from '../../domain/describe-order.ts';
import { decide, evolve, isFinished } from '../../domain/order-lifecycle.ts';
import { refuseRepair } from '../../domain/order-acts.ts';
import { isIdle } from '../../domain/order-documents.ts';
import type { OrderEvent } from '../../domain/order-state.ts';
import { problemKind } from '../../domain/problems.ts';
import { aSalesOrder } from '../support/builders.ts';
import {
  ACCEPTED,
  ACT,
  aFollowedDocument,
  allCancelled,
  alreadyInErp,
  amendedTo,
  cancelledInErp,
  cancelRefused,
  deadButtons,
  LATER,
  MUCH_LATER,
  nothingLeft,
  pressable,
  replaceDone,
  replacePending,
  replaceSent,
  revised,
  TAX_DIFFERENCE,
  anArrivedPurchase,
  anOrderOfUnknownOutcome,
  aPreparedOrder,
  aSettledOrder,
  aStagedOrder,
  followed,
  erpShows,
  foundNothing,
  glance,
  impossible,
  looked,
  ORDER_NUMBER,
  PACING,
  prepared,
  preparing,
  PURCHASE_GONE,
  purchaseChanged,
  refused,
  requestOf,
  STAGED,
  START,
  submitted,
  type Story,
} from './order-story.ts';

const unmapped = { code: 'LOCATION_NOT_MAPPED', says: 'Unknown location.' } as const;

describe('an order that goes well', () => {
  test('is prepared, sent once, awaited, followed, and then watched', () => {
    const arrived = anArrivedPurchase();
    expect(arrived.act).toEqual({ do: 'prepare', customerOverride: null });
    const ready = arrived.when(prepared());
    expect(ready.act).toMatchObject({
      do: 'submit',
      permission: { kind: 'first' },
      fingerprint: 'content-1',
      revision: 1,
      attempt: 1,
    });
    const staged = ready.when(submitted(STAGED));
    expect(staged.act).toMatchObject({ do: 'wait', until: '2026-01-20T15:00:30.000Z' });
    expect(staged.state.stage).toBe('submitted');
    const imported = staged.when(importLog({ kind: 'imported', orderNumber: ORDER_NUMBER, warnings: [] }));
    expect(imported.act).toMatchObject({
      do: 'follow',
      documents: [{ document: 1, orderNumber: ORDER_NUMBER, sent: aSalesOrder() }],
    });
    const settled = imported.when(followed());
    expect(settled.act).toMatchObject({ do: 'wait', until: null });
    expect(settled.state).toMatchObject({ stage: 'accepted', problems: [], facts: { orderNumber: ORDER_NUMBER } });
    expect(isIdle(settled.state)).toBe(true);
  });

  test('takes no notice of its own write to the purchase', () => {
    const settled = aSettledOrder();
    expect(settled.when(purchaseChanged('2026-01-20T15:00:05.000Z')).state).toEqual(settled.state);
  });

  test.each([
    ['open', 'accepted'],
    ['released', 'released'],
    ['allocated', 'released'],
    ['picked', 'picked'],
    ['partially_shipped', 'shipped'],
    ['invoiced', 'invoiced'],
    ['closed', 'invoiced'],
  ] as const)('is shown as the ERP shows it: %s is %s, and both sides are read soon', (status, stage) => {
    const story = aSettledOrder().when(erpShows(status));
    expect(story.state.stage).toBe(stage);
    expect(story.place).toBe('settled');
    expect(story.act).toMatchObject({ do: 'wait', until: expect.any(String) });
    expect(story.untilItLooks().act.do).toBe('follow');
  });

  test('that the ERP had already, by the note on the purchase, is read once and then only watched', () => {
    const story = anArrivedPurchase().when(alreadyInErp({ sameContent: true }));
    expect(story.act).toMatchObject({ do: 'follow', documents: [{ orderNumber: ORDER_NUMBER }] });
    const settled = story.when(followed());
    expect(settled.act).toMatchObject({ do: 'wait', until: null });
    expect(settled.state).toMatchObject({ stage: 'accepted', facts: { orderNumber: ORDER_NUMBER } });
  });

  test('that was placed before the go-live ends as excluded', () => {
    const story = anArrivedPurchase().when(preparing({ kind: 'excluded', why: 'placed before the go-live' }));
    expect(story.act).toEqual({ do: 'finish', outcome: 'excluded' });
    expect(isFinished(story.state)).toBe(true);
  });
});

describe('an order that cannot be prepared', () => {
  const parked = anArrivedPurchase().when(impossible('SKU_UNKNOWN'));

  test('parks with its reasons, and is prepared anew when a person has mended them', () => {
    expect(parked.act).toMatchObject({ do: 'wait', until: null });
    expect(parked.state).toMatchObject({ stage: 'parked', posts: 'none' });
    expect(parked.codes).toEqual(['SKU_UNKNOWN']);
    const again = parked.repair('retry').when(prepared());
    expect(again.codes).toEqual([]);
    expect(again.act).toMatchObject({ do: 'submit', permission: { kind: 'first' }, attempt: 1 });
  });

  test('asked among many because of a problem that it has no longer, is left alone', () => {
    const cancel = { kind: 'cancel', ...ACT } as const;
    expect(refuseRepair(parked.state, { ...cancel, because: 'SKU_UNKNOWN' })).toBeNull();
    expect(refuseRepair(parked.state, { ...cancel, because: 'ERP_HOLD' })).toBe(
      'The order does not have ERP_HOLD any more, so it was left alone.',
    );
  });

  test('is prepared anew by itself when the purchase changes', () => {
    expect(parked.when(purchaseChanged(LATER)).act).toMatchObject({ do: 'prepare' });
    expect(parked.when(purchaseChanged(START)).state).toEqual(parked.state);
  });

  test('is sent for the customer a person names, now and at every later preparing', () => {
    const named = anArrivedPurchase().when(impossible('CUSTOMER_UNKNOWN')).replaceCustomer(' OTHER ');
    expect(named.act).toEqual({ do: 'prepare', customerOverride: 'OTHER' });
    expect(named.when(impossible('SKU_UNKNOWN')).repair('retry').act).toEqual({
      do: 'prepare',
      customerOverride: 'OTHER',
    });
  });

  test('ends when the buyer withdraws it', () => {
    expect(parked.when(PURCHASE_GONE).act).toEqual({ do: 'finish', outcome: 'withdrawn' });
  });

  test.each(['cancel', 'close'] as const)('ends by %s, and the purchase is told who and why', (kind) => {
    const closing = parked.repair(kind);
    expect(closing.act).toMatchObject({ do: 'recordClosing', act: ACT });
    expect(closing.when({ is: 'closingRecorded' }).act).toEqual({
      do: 'finish',
      outcome: kind === 'cancel' ? 'cancelled' : 'closed',
    });
  });
});

describe('a refusal by the ERP', () => {
  test.each([
    [['STYLE_NF', 'DUP_PO', 'STYLE_NF'], 'DUP_PO+STYLE_NF'],
    [['STYLE_NF', ''], undefined],
    [['ERP_REFUSED'], undefined],
  ])('with %j is about %s', (codes, about) => {
    const parked = aStagedOrder().when(importLog({ kind: 'refused', faults: codes.map(fault) }));
    expect(parked.state.problems[0]?.about).toBe(about);
  });

  test('of the content parks; a repaired order goes with the next control number', () => {
    const parked = aStagedOrder().when(importLog({ kind: 'refused', faults: [fault('STYLE_NF')] }));
    expect(parked.codes).toEqual(['ERP_REFUSED']);
    expect(parked.state.problems[0]?.says).toContain('STYLE_NF');
    expect(parked.state.problems[0]?.about).toBe('STYLE_NF');
    expect(parked.repair('retry').when(prepared()).act).toMatchObject({
      do: 'submit',
      permission: { kind: 'allSettled' },
      attempt: 2,
    });
  });

  test('of an older post of the same reference says nothing about the one we follow', () => {
    const staged = aStagedOrder();
    const older = importLog({ kind: 'refused', faults: [fault('STYLE_NF')] }, { transaction: '899' });
    expect(staged.when(older).state).toEqual(staged.state);
  });

  test('of an earlier run is not taken for this one’s: it is looked for under the next number, and goes on evidence', () => {
    const outcome = { kind: 'refusedEarlier', why: 'what an earlier run of it sent', nextAttempt: 3 } as const;
    const looking = aPreparedOrder().when(submitted(outcome));
    expect(looking.codes).toEqual([]);
    const again = looking.untilItLooks();
    expect(again.act).toMatchObject({ do: 'look', attempt: 3, transaction: null });
    expect(again.when(foundNothing()).act.do).toBe('wait');
    expect(again.when(foundNothing('laterJobFinished')).act).toMatchObject({ do: 'submit', attempt: 3 });
  });

  test('for a passing reason that does not pass is met ever more seldom, and said as long as it lasts', () => {
    const day = 24 * 3_600_000;
    let story = aPreparedOrder();
    let posts = 0;
    const unsaid: string[] = [];
    while (Date.parse(story.now) - Date.parse(START) < day) {
      if (story.act.do === 'submit') {
        posts += 1;
        story = story
          .when(submitted(STAGED))
          .after(90_000)
          .when(looked(refused('REC_LOCKED', 'passing')));
      }
      story = story.untilItLooks();
      const isLong = Date.parse(story.now) - Date.parse(START) >= PACING.importOverdue + 90_000;
      if (isLong && !story.codes.includes('STEP_OVERDUE')) unsaid.push(story.now);
    }
    const told = story.state.timeline.filter(({ what }) => what.startsWith('The ERP refuses the order'));
    expect(unsaid).toEqual([]);
    expect(told).toHaveLength(1);
    expect(posts).toBeLessThan(60);
    expect(story.state.problems[0]?.says).toContain('2026-01-20T15:01:30.000Z: REC_LOCKED');
    const imported = story.when(submitted(ACCEPTED));
    expect(imported.codes).toEqual([]);
    expect(imported.state.refusedSince).toBeNull();
  });

  test('for a passing reason counts anew once it was refused for good', () => {
    const parked = aPreparedOrder()
      .when(submitted(refused('REC_LOCKED', 'passing')))
      .untilItLooks()
      .when(submitted(refused('STYLE_NF', 'content')));
    expect(parked.state.refusedSince).toBeNull();
    const again = parked
      .after(86_400_000)
      .repair('retry')
      .when(prepared(), submitted(refused('REC_LOCKED', 'passing')));
    expect(again.codes).toEqual([]);
    expect(again.act).toMatchObject({ do: 'wait', until: new Date(Date.parse(again.now) + 60_000).toISOString() });
  });

  test('for a passing reason is met by sending again after a minute, under the next number', () => {
    const pausing = aPreparedOrder().when(submitted(refused('REC_LOCKED', 'passing')));
    expect(pausing.act).toMatchObject({ do: 'wait', until: '2026-01-20T15:01:00.000Z' });
    expect(pausing.untilItLooks().act).toMatchObject({
      do: 'submit',
      permission: { kind: 'allSettled' },
      attempt: 2,
    });
  });

  test('because the control number is somebody else’s takes the next number at once, but not for ever', () => {
    let story = aPreparedOrder();
    const attempts: number[] = [];
    while (story.act.do === 'submit' && attempts.length < 50) {
      attempts.push(story.act.attempt);
      story = story.when(submitted(refused('DUP_ISA', 'numberTaken')));
    }
    expect(attempts).toEqual([1, 2, 3, 4, 5, 6]);
    expect(story.codes).toEqual(['ERP_REFUSED']);
  });

  test('while a cancel is wished for ends the order as cancelled', () => {
    const story = aStagedOrder()
      .repair('cancel')
      .when(looked(refused('STYLE_NF', 'content')));
    expect(story.act).toMatchObject({ do: 'recordClosing', outcome: 'cancelled', act: ACT });
  });

  test('of a purchase that is gone ends the order as withdrawn', () => {
    const story = aStagedOrder().when(PURCHASE_GONE, looked(refused('STYLE_NF', 'content')));
    expect(story.act).toEqual({ do: 'finish', outcome: 'withdrawn' });
  });
});

describe('a post that certainly did not leave', () => {
  const pausing = aPreparedOrder().when(submitted({ kind: 'notPosted', why: 'limit', retryAfterMs: 20_000 }));

  test('goes again after the pause, with the same permission and the same control number', () => {
    expect(pausing.act).toMatchObject({ do: 'wait', until: '2026-01-20T15:00:20.000Z' });
    expect(pausing.untilItLooks().act).toMatchObject({ do: 'submit', permission: { kind: 'first' }, attempt: 1 });
  });

  test('pauses a second at least', () => {
    const story = aPreparedOrder().when(submitted({ kind: 'notPosted', why: 'x', retryAfterMs: 0 }));
    expect(story.act).toMatchObject({ until: '2026-01-20T15:00:01.000Z' });
  });

  test('is said when it cannot leave for long, and no longer once it left', () => {
    let story = aPreparedOrder();
    for (let turn = 0; turn < 200; turn++)
      story = story.when(submitted({ kind: 'notPosted', why: 'HTTP 503', retryAfterMs: 20_000 })).untilItLooks();
    expect(story.codes).toEqual(['STEP_OVERDUE']);
    expect(story.act.do).toBe('submit');
    expect(story.when(submitted(STAGED)).codes).toEqual([]);
  });

  test.each([
    ['cancel', 'recordClosing'],
    ['close', 'recordClosing'],
    ['retry', 'prepare'],
  ] as const)('can be met by %s', (kind, act) => {
    expect(pausing.repair(kind).act.do).toBe(act);
  });

  test('is not repeated when the purchase is gone', () => {
    expect(pausing.when(PURCHASE_GONE).act).toEqual({ do: 'finish', outcome: 'withdrawn' });
  });
});

describe('a post of unknown outcome', () => {
  const lost = anOrderOfUnknownOutcome();

  test('is looked for, and never sent again by the passing of time alone', () => {
    let story = lost;
    for (let looks = 0; looks < 100; looks++) {
      story = story.untilItLooks();
      expect(story.act).toMatchObject({ do: 'look', transaction: null, attempt: 1, since: START });
      story = story.when(foundNothing());
    }
    expect(story.place).toBe('unknown');
    expect(story.codes).toEqual(['OUTCOME_UNKNOWN']);
    expect(story.state.stage).toBe('parked');
  });

  test('parks for people after two import cycles, once, and goes on looking', () => {
    const story = lost.after(2 * PACING.importCycle - 1).when({ is: 'timePassed' }, foundNothing());
    expect(story.codes).toEqual([]);
    const parked = story.after(1).when(foundNothing(null, '905'));
    expect(parked.codes).toEqual(['OUTCOME_UNKNOWN']);
    expect(parked.act).toMatchObject({ do: 'wait', until: expect.any(String) });
    expect(parked.untilItLooks().act).toMatchObject({ do: 'look', watermark: '905' });
    expect(parked.untilItLooks().when(foundNothing(null, '905')).codes).toEqual(['OUTCOME_UNKNOWN']);
  });

  test('found in the import log is followed', () => {
    const story = lost.untilItLooks().when(looked(STAGED));
    expect(story.place).toBe('awaiting');
    expect(story.untilItLooks().act).toMatchObject({ do: 'look', transaction: '900' });
  });

  test('found later as an order is adopted, and the problem is over', () => {
    const parked = parkedUnknown();
    for (const found of [erpShows('open'), looked({ ...ACCEPTED, how: 'adopted' })]) {
      const story = parked.when(found);
      expect(followedNumbers(story)).toEqual([ORDER_NUMBER]);
      expect(story.codes).toEqual([]);
      expect(story.when(followed()).state).toMatchObject({ stage: 'accepted', problems: [] });
    }
  });

  test.each(['laterJobFinished', 'trustedFence'] as const)(
    'is sent again, under the same number, on evidence: %s',
    (by) => {
      expect(parkedUnknown().when(foundNothing(by)).act).toMatchObject({
        do: 'submit',
        permission: { kind: 'cleared', by },
        attempt: 1,
      });
    },
  );

  test('is sent again on a person’s word', () => {
    const story = parkedUnknown().repair('sendAnyway');
    expect(story.act).toMatchObject({ do: 'submit', permission: { kind: 'cleared', by: 'person' }, attempt: 1 });
    expect(story.codes).toEqual([]);
  });

  test('is not sent on a person’s word when it was cancelled, or the buyer withdrew it: it ends', () => {
    const cancelled = anOrderOfUnknownOutcome().repair('cancel').repair('sendAnyway');
    expect(cancelled.act).toMatchObject({ do: 'recordClosing', outcome: 'cancelled', act: ACT });
    const withdrawn = anOrderOfUnknownOutcome().when(PURCHASE_GONE).repair('sendAnyway');
    expect(withdrawn.state.step).toEqual({ at: 'finished', outcome: 'withdrawn' });
  });

  test('that a person sends anyway and that does not leave is not shown as parked without a problem', () => {
    const story = parkedUnknown()
      .repair('sendAnyway')
      .when(submitted({ kind: 'notPosted', why: 'limit', retryAfterMs: 20_000 }));
    expect(story.place).toBe('pausing');
    expect(story.state.stage === 'parked' && story.codes.length === 0).toBe(false);
  });

  test('refused under our number parks with the ERP’s words', () => {
    expect(parkedUnknown().when(looked(refused('STYLE_NF', 'content'))).codes).toEqual(['ERP_REFUSED']);
  });

  test('ends as cancelled once it is certain that nothing is there', () => {
    const wished = lost.repair('cancel');
    expect(wished.place).toBe('unknown');
    expect(wished.when(foundNothing('laterJobFinished')).act).toMatchObject({
      do: 'recordClosing',
      outcome: 'cancelled',
    });
  });

  test('ends as withdrawn once it is certain that nothing is there', () => {
    const story = lost.when(PURCHASE_GONE);
    expect(story.place).toBe('unknown');
    expect(story.when(foundNothing('laterJobFinished')).act).toEqual({ do: 'finish', outcome: 'withdrawn' });
  });

  test('is not forgotten when closing is refused for good', () => {
    const refusedClosing = lost.repair('close').when({ is: 'stepRefused', document: 1, why: 'HTTP 403' });
    expect(refusedClosing.codes).toEqual(['STEP_REFUSED']);
    expect(refusedClosing.repair('retry').when(prepared()).act.do).toBe('look');
  });

  test('is not forgotten when a look is refused for good', () => {
    const story = lost.untilItLooks().when({ is: 'stepRefused', document: 1, why: 'schema drift' });
    expect(story.place).toBe('unknown');
    expect(story.act.do).toBe('wait');
  });

  test.each<readonly [string, Story]>([
    ['of unknown outcome', lost],
    ['awaiting the import job', aStagedOrder()],
  ])('is looked for on when %s and a look is refused for good; people see it until one succeeds', (_, looking) => {
    const { place } = looking;
    const story = looking.untilItLooks().when({ is: 'stepRefused', document: 1, why: 'schema drift' });
    expect(story.codes).toEqual(['STEP_REFUSED']);
    expect(story.state.problems[0]?.says).toContain('schema drift');
    const { timeline } = story.state;
    const again = story.untilItLooks().when({ is: 'stepRefused', document: 1, why: 'schema drift' });
    expect(again.state.timeline).toEqual(timeline);
    expect(again.repair('retry').act.do).toBe('look');
    const seen = again.untilItLooks().when(foundNothing());
    expect(seen.place).toBe(place);
    expect(seen.codes).not.toContain('STEP_REFUSED');
    expect(again.when(erpShows('open')).codes).toEqual([]);
  });

  test('looks at once when the poller sees it pending', () => {
    expect(lost.when(importLog({ kind: 'pending' })).act.do).toBe('look');
  });
});

describe('adopting', () => {
  const asked = parkedUnknown().adopt(' 77 ');

  test('checks the ERP order a person names before it believes it', () => {
    expect(asked.act).toMatchObject({ do: 'checkAdoption', orderNumber: '77' });
    const ours = asked.when({ is: 'adoptionChecked', document: 1, outcome: { kind: 'ours' } });
    expect(ours.act).toMatchObject({ do: 'follow', documents: [{ orderNumber: '77', sent: aSalesOrder() }] });
    expect(ours.codes).toEqual([]);
  });

  test('refused, says why and looks on; another number or sending stays possible', () => {
    const refusedOnce = asked.when({
      is: 'adoptionChecked',
      document: 1,
      outcome: { kind: 'notOurs', why: 'customer X' },
    });
    expect(refusedOnce.codes).toContain('ADOPT_REFUSED');
    expect(refusedOnce.act.do).toBe('look');
    expect(pressable(refusedOnce)).toEqual(expect.arrayContaining(['adopt', 'sendAnyway', 'close']));
    const twice = refusedOnce
      .adopt('78')
      .when({ is: 'adoptionChecked', document: 1, outcome: { kind: 'notOurs', why: 'Y' } });
    expect(twice.codes.filter((code) => code === 'ADOPT_REFUSED')).toHaveLength(1);
  });

  test('that a system refuses for good does not forget that a post may be under way', () => {
    const story = asked.when({ is: 'stepRefused', document: 1, why: 'HTTP 403' });
    const next = story.place === 'parked' ? story.repair('retry').when(prepared()) : story;
    expect(next.act.do).not.toBe('submit');
  });

  test('an order keeps its number when confirming it is refused for good', () => {
    const story = asked.when(
      { is: 'adoptionChecked', document: 1, outcome: { kind: 'ours' } },
      { is: 'stepRefused', document: 1, why: '403' },
    );
    expect(story.state.facts.orderNumber).toBe('77');
    expect(followedNumbers(story.repair('retry'))).toEqual(['77']);
  });

  test('with a cancel wished for cancels the adopted order', () => {
    const story = parkedUnknown()
      .repair('cancel')
      .adopt('77')
      .when(
        { is: 'adoptionChecked', document: 1, outcome: { kind: 'ours' } },
        followed({ glance: glance({ orderNumber: '77' }) }),
      );
    expect(reachesCancel(story)).toBe(true);
  });
});

describe('several ERP orders for one purchase', () => {
  const duplicates = { kind: 'duplicates', orderNumbers: ['500001', '500002'] } as const;
  const parked = aPreparedOrder().when(submitted(duplicates));

  test('park, name themselves, and are never a reason to send', () => {
    expect(parked.codes).toEqual(['DUPLICATE_IN_ERP']);
    expect(parked.state.problems[0]?.says).toContain('500001, 500002');
    expect(parked.repair('retry').when(prepared()).act.do).toBe('look');
  });

  test('mended to one, are that one', () => {
    const story = parked.repair('retry').when(prepared(), looked({ ...ACCEPTED, how: 'adopted' }));
    expect(followedNumbers(story)).toEqual([ORDER_NUMBER]);
  });

  test('seen by the poller while awaiting, park', () => {
    expect(aStagedOrder().when(erpShows('open', 'open')).codes).toEqual(['DUPLICATE_IN_ERP']);
  });

  test('of which all but one are cancelled are no duplicates', () => {
    const story = aStagedOrder().when(erpShows('cancelled_house', 'open'));
    expect(story.codes).not.toContain('DUPLICATE_IN_ERP');
    expect(followedNumbers(story)).toEqual(['500002']);
  });

  test('seen on confirming, park an order that keeps its number', () => {
    const story = aPreparedOrder().when(
      submitted(ACCEPTED),
      followed({ findings: [{ code: 'DUPLICATE_IN_ERP', says: 'Two.' }] }),
    );
    expect(story.state.step).toEqual({ at: 'parked', orderNumber: ORDER_NUMBER });
    expect(story.repair('retry').act.do).toBe('follow');
  });

  test('seen by the poller later, park an order that keeps its number', () => {
    const story = aSettledOrder().when(erpShows('open', 'open'));
    expect(story.codes).toEqual(['DUPLICATE_IN_ERP']);
    expect(story.state.step).toEqual({ at: 'parked', orderNumber: ORDER_NUMBER });
  });

  test('are not forgotten when the purchase cannot be prepared meanwhile', () => {
    const later = parked.repair('retry').when(impossible('SKU_UNKNOWN'));
    expect(later.repair('cancel').act).not.toMatchObject({ do: 'recordClosing', outcome: 'cancelled' });
    expect(later.when(PURCHASE_GONE).act).not.toMatchObject({ do: 'finish', outcome: 'withdrawn' });
  });

  test('are not forgotten when the purchase is withdrawn meanwhile', () => {
    const later = parked.repair('retry').when(preparing({ kind: 'withdrawn', why: 'gone' }));
    expect(later.act).not.toMatchObject({ do: 'finish', outcome: 'withdrawn' });
  });

  test('are not answered by adopting one and preparing the order as if it were new', () => {
    const inErp = aSettledOrder().when(erpShows('open', 'open'));
    const adopting = [parked, inErp].filter((story) => pressable(story).includes('adopt'));
    expect(adopting.map((story) => story.adopt('500002').act.do)).not.toContain('prepare');
  });
});

describe('an import that passed over the order', () => {
  const passed = aStagedOrder().untilItLooks().when(foundNothing('laterJobFinished'));

  test('makes its outcome unknown: it is sent only on evidence that is later still', () => {
    expect(passed.place).toBe('unknown');
    expect(passed.state.timeline.at(-1)?.what).toContain('transaction 900');
    const looking = passed.untilItLooks();
    expect(looking.act).toMatchObject({ do: 'look', transaction: null, watermark: null });
    const waiting = looking.when(foundNothing(null, '905'));
    expect(waiting.place).toBe('unknown');
    const cleared = waiting.untilItLooks().when(foundNothing('laterJobFinished', '905'));
    expect(cleared.act).toMatchObject({ do: 'submit', permission: { kind: 'cleared', by: 'laterJobFinished' } });
  });

  test('is over as soon as the order is found', () => {
    expect(passed.untilItLooks().when(looked(ACCEPTED)).act.do).toBe('follow');
    expect(passed.when(erpShows('open')).act.do).toBe('follow');
    expect(passed.untilItLooks().when(looked(STAGED)).place).toBe('awaiting');
  });

  test('is an alarm no more, but people may say how it stands', () => {
    const late = overdue().untilItLooks().when(foundNothing('laterJobFinished'));
    expect(late.codes).toEqual([]);
    expect(pressable(late)).toEqual(expect.arrayContaining(['adopt', 'sendAnyway', 'close']));
  });

  test('and passes over its repeat, leaves it to people', () => {
    const again = passed.untilItLooks().when(foundNothing('laterJobFinished'), submitted(STAGED));
    const still = again.untilItLooks().when(foundNothing('laterJobFinished'));
    expect(still.place).toBe('awaiting');
    const late = still.after(PACING.importOverdue).when({ is: 'timePassed' }, foundNothing('laterJobFinished'));
    expect(late.codes).toEqual(['IMPORT_OVERDUE']);
    expect(late.repair('sendAnyway').when(foundNothing('laterJobFinished')).act).toMatchObject({ do: 'submit' });
  });

  test('and passes over its repeat, ends it all the same if nobody wants it any more', () => {
    const again = passed.untilItLooks().when(foundNothing('laterJobFinished'), submitted(STAGED)).repair('cancel');
    const gone = again
      .untilItLooks()
      .when(foundNothing('laterJobFinished'))
      .untilItLooks()
      .when(foundNothing('laterJobFinished'));
    expect(gone.act).toMatchObject({ do: 'recordClosing', outcome: 'cancelled' });
  });
});

describe('an import that takes long', () => {
  test('is an alarm after its time, said once, and never a reason to send again', () => {
    let story = aStagedOrder();
    for (let looks = 0; looks < 60; looks++) {
      story = story.untilItLooks();
      expect(story.act).toMatchObject({ do: 'look', transaction: '900' });
      story = story.when(looks % 2 === 0 ? looked(STAGED) : foundNothing());
      expect(story.place).toBe('awaiting');
    }
    expect(story.codes).toEqual(['IMPORT_OVERDUE']);
    expect(story.when(looked(ACCEPTED)).codes).toEqual([]);
  });

  test('offers only what is taken, and nothing more once it is to be cancelled', () => {
    const late = overdue();
    expect(problemKind('IMPORT_OVERDUE').press).toEqual(expect.arrayContaining(['adopt', 'sendAnyway', 'cancel']));
    expect(deadButtons(late.state)).toEqual([]);
    const wished = late.repair('cancel');
    expect(wished.codes).toEqual([]);
    const told = wished.untilItLooks().when(looked(STAGED));
    expect(told.codes).toEqual(['CHANGE_OVERDUE']);
    expect(deadButtons(told.state)).toEqual([]);
    expect(pressable(told)).not.toContain('sendAnyway');
    expect(told.when(looked(ACCEPTED)).codes).toEqual([]);
  });

  test('gives nobody a say before it is one', () => {
    for (const kind of ['adopt', 'sendAnyway', 'close'] as const) expect(pressable(aStagedOrder())).not.toContain(kind);
  });

  test('by a person’s word is the ERP order named, which is followed', () => {
    const checking = overdue().adopt('500007');
    expect(checking.act).toMatchObject({ do: 'checkAdoption', orderNumber: '500007', order: aSalesOrder() });
    const ours = checking.when(adoptionChecked({ kind: 'ours' }));
    expect(ours.act.do).toBe('follow');
    expect(ours.state.facts.orderNumber).toBe('500007');
    expect(ours.codes).toEqual([]);
  });

  test('goes on waiting when the ERP order named is not this purchase', () => {
    const late = overdue();
    const not = late.adopt('500007').when(adoptionChecked({ kind: 'notOurs', why: 'of another customer' }));
    expect(not.act).toMatchObject({ do: 'look', transaction: '900' });
    expect(not.codes).toEqual(['IMPORT_OVERDUE', 'ADOPT_REFUSED']);
    expect(deadButtons(not.state)).toEqual([]);
    const found = not.when(looked(ACCEPTED));
    expect(found.codes).toEqual([]);
    expect(not.when(looked(refused('STYLE_NF', 'content'))).codes).toEqual(['ERP_REFUSED']);
  });

  test('is sent by a person’s word only after one more look that finds nothing', () => {
    const disowned = overdue().repair('sendAnyway');
    expect(disowned.act).toMatchObject({ do: 'look', transaction: '900' });
    expect(pressable(disowned)).not.toContain('sendAnyway');
    const sent = disowned.when(foundNothing());
    expect(sent.act).toMatchObject({ do: 'submit', permission: { kind: 'cleared', by: 'person' }, attempt: 1 });
    expect(sent.codes).toEqual([]);
  });

  test('is not sent by a person’s word while the import log shows it, and says so', () => {
    const staged = overdue().repair('sendAnyway').when(looked(STAGED));
    expect(staged.act).toMatchObject({ do: 'wait' });
    expect(staged.codes).toEqual(['IMPORT_OVERDUE']);
    expect(staged.state.timeline.at(-1)?.what).toContain('nothing was sent');
    expect(staged.untilItLooks().when(foundNothing()).place).toBe('awaiting');
    expect(pressable(staged)).toContain('sendAnyway');
  });

  test('is not sent by a person’s word that another person’s cancel came after', () => {
    const both = overdue().repair('sendAnyway').repair('cancel').when(foundNothing());
    expect(both.place).toBe('awaiting');
    expect(both.state.cancelWish).toEqual(ACT);
  });

  test('can be settled by hand', () => {
    expect(overdue().repair('close').act).toMatchObject({ do: 'recordClosing', outcome: 'closed' });
  });

  test('is looked at in widening gaps up to the longest', () => {
    let story = aStagedOrder();
    const gaps: number[] = [];
    for (let looks = 0; looks < 6; looks++) {
      const before = story.now;
      story = story.untilItLooks();
      gaps.push(Date.parse(story.now) - Date.parse(before));
      story = story.when(looked(STAGED));
    }
    expect(gaps).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000]);
  });
});

describe('cancelling', () => {
  test('before anything was sent ends the order', () => {
    expect(anArrivedPurchase().repair('cancel').act).toMatchObject({ do: 'recordClosing', outcome: 'cancelled' });
    expect(aPreparedOrder().repair('cancel').act).toMatchObject({ do: 'recordClosing', outcome: 'cancelled' });
  });

  test('while the import job has it waits, then cancels in the ERP', () => {
    const wished = aStagedOrder().repair('cancel');
    expect(wished.place).toBe('awaiting');
    expect(pressable(wished)).not.toContain('cancel');
    const imported = wished.when(looked(ACCEPTED));
    expect(imported.act).toMatchObject({
      do: 'cancel',
      orderNumber: ORDER_NUMBER,
      cancelling: { lines: null, act: ACT },
    });
    expect(imported.state.cancelWish).toBeNull();
  });

  test('pressed while the submit step was on its way cancels in the ERP what it made', () => {
    // The workflow takes in the step's result first, then what people pressed meanwhile.
    const story = aPreparedOrder().when(submitted(ACCEPTED)).repair('cancel').when(followed());
    expect(reachesCancel(story)).toBe(true);
  });

  test('pressed while the order is read back cancels it, or can be pressed again', () => {
    const story = aSettledOrder().repair('retry').repair('cancel').when(followed());
    expect(reachesCancel(story)).toBe(true);
  });

  test('pressed while both sides are compared cancels it, or can be pressed again', () => {
    const story = aSettledOrder()
      .when(purchaseChanged(LATER))
      .repair('cancel')
      .when(revised({ kind: 'unchanged', updatedAt: LATER }));
    expect(reachesCancel(story)).toBe(true);
  });

  test('pressed while the header is changed cancels it, or can be pressed again', () => {
    const replacing = aSettledOrder([unmapped]).repair('release').repair('cancel');
    const done = replacing.when({
      is: 'replaced',
      document: 1,
      outcome: { kind: 'done', glance: glance(), warehouse: 'NJ' },
    });
    expect(reachesCancel(done)).toBe(true);
    const not = replacing.when({ is: 'replaced', document: 1, outcome: { kind: 'refused', why: 'picked' } });
    expect(reachesCancel(not)).toBe(true);
  });

  test('in the ERP follows the ERP’s answer, and ends when it is cancelled there', () => {
    const asked = aSettledOrder().repair('cancel');
    expect(asked.act).toMatchObject({ do: 'cancel', orderNumber: ORDER_NUMBER, cancelling: { lines: null, act: ACT } });
    const underWay = asked.when(cancelledInErp({ kind: 'underWay', transaction: '901' }));
    const looking = underWay.untilItLooks();
    expect(looking.act).toMatchObject({ do: 'followCancel', orderNumber: ORDER_NUMBER, transaction: '901' });
    expect(looking.when(cancelledInErp({ kind: 'pending' })).act).toMatchObject({ do: 'wait' });
    const done = looking.when(allCancelled());
    expect(done.state.stage).toBe('cancelled');
    // The purchase is told first, then it is noted who cancelled and why.
    expect(done.act.do).toBe('follow');
    expect(done.when(nothingLeft()).act).toMatchObject({ do: 'recordClosing', outcome: 'cancelled', act: ACT });
  });

  test('that the ERP refuses parks the order where it is, and can be tried again', () => {
    const story = aSettledOrder()
      .repair('cancel')
      .when({ is: 'cancelled', document: 1, outcome: { kind: 'refused', why: 'It is picked.' } });
    expect(story.codes).toEqual(['CANCEL_REFUSED']);
    expect(story.state.step).toEqual({ at: 'parked', orderNumber: ORDER_NUMBER });
    expect(pressable(story)).toEqual(expect.arrayContaining(['cancel', 'close', 'retry']));
  });
});

describe('a purchase that changes', () => {
  test('while it is about to be sent is prepared anew, and nothing was sent', () => {
    const story = aPreparedOrder().when(submitted({ kind: 'purchaseChanged', updatedAt: LATER }));
    expect(story.act.do).toBe('prepare');
    expect(story.state.posts).toBe('none');
    expect(story.when(prepared()).act).toMatchObject({ do: 'submit', permission: { kind: 'first' } });
  });

  test('while it is staged or unknown is noticed when both sides are read', () => {
    for (const story of [aStagedOrder(), anOrderOfUnknownOutcome()]) {
      const changed = story.when(purchaseChanged(LATER));
      expect(changed.place).toBe(story.place);
      const read = changed.when(looked(ACCEPTED), followed({ purchase: amendedTo() }));
      expect(read.untilItLooks().act).toMatchObject({ do: 'revise', anyway: true });
    }
  });

  test('while it is staged is prepared anew when the ERP refuses what it was', () => {
    for (const story of [aStagedOrder(), anOrderOfUnknownOutcome()]) {
      const changed = story.when(purchaseChanged(LATER), looked(refused('STYLE_NF', 'content')));
      expect(changed.act.do).toBe('prepare');
    }
  });

  test('when it is in the ERP is decided on after the edits have settled', () => {
    const told = aSettledOrder().when(purchaseChanged(LATER));
    expect(told.act).toMatchObject({ do: 'wait', until: '2026-01-20T15:00:20.000Z' });
    const again = told.after(15_000).when(purchaseChanged(MUCH_LATER));
    expect(again.act).toMatchObject({ do: 'wait', until: '2026-01-20T15:00:35.000Z' });
    const deciding = again.untilItLooks();
    expect(deciding.act).toMatchObject({ do: 'revise', fingerprint: 'content-1', anyway: false });
    const same = deciding.when(revised({ kind: 'unchanged', updatedAt: MUCH_LATER }));
    expect(same.act).toMatchObject({ do: 'wait', until: null });
    expect(same.when(purchaseChanged(MUCH_LATER)).state).toEqual(same.state);
  });

  test('that was once dated years ahead hides no later one', () => {
    const ahead = '2099-01-01T00:00:00.000Z';
    const told = aSettledOrder().when(purchaseChanged(ahead)).untilItLooks();
    const decided = told.when(revised({ kind: 'unchanged', updatedAt: ahead }));
    expect(decided.when(purchaseChanged(ahead)).state).toEqual(decided.state);
    const later = decided.when(purchaseChanged(MUCH_LATER)).untilItLooks();
    expect(later.act).toMatchObject({ do: 'revise' });
    const again = later.when(revised({ kind: 'unchanged', updatedAt: MUCH_LATER }));
    expect(again.when(purchaseChanged(MUCH_LATER)).state).toEqual(again.state);
    const parked = anArrivedPurchase().when(impossible('SKU_UNKNOWN', { updatedAt: ahead }));
    expect(parked.when(purchaseChanged(ahead)).state).toEqual(parked.state);
    expect(parked.when(purchaseChanged(MUCH_LATER)).act).toMatchObject({ do: 'prepare' });
  });

  test('before this run began, though its order is in the ERP, is decided on after both sides were read', () => {
    const story = anArrivedPurchase().when(alreadyInErp({ sameContent: false }), followed({ purchase: amendedTo() }));
    expect(story.act).toMatchObject({ do: 'revise', anyway: true });
  });

  test('while the order is parked in the ERP is decided on, and parks on if nothing can be done', () => {
    const parked = aSettledOrder().repair('cancel').when(cancelRefused());
    const story = parked.when(purchaseChanged(LATER)).untilItLooks();
    expect(story.act.do).toBe('revise');
    const same = story.when(revised({ kind: 'unchanged', updatedAt: LATER }));
    expect(same.state.step).toEqual({ at: 'parked', orderNumber: ORDER_NUMBER });
    expect(same.codes).toEqual(['CANCEL_REFUSED']);
  });

  test('is told twice, or late, changes nothing', () => {
    const parked = anArrivedPurchase().when(impossible('SKU_UNKNOWN', { updatedAt: LATER }));
    expect(parked.when(purchaseChanged(START), purchaseChanged(LATER)).state).toEqual(parked.state);
  });
});

describe('a purchase that is withdrawn', () => {
  test.each([
    ['before it is prepared', anArrivedPurchase()],
    ['before it is sent', aPreparedOrder()],
  ])('%s ends the order', (_, story) => {
    expect(story.when(PURCHASE_GONE).act).toEqual({ do: 'finish', outcome: 'withdrawn' });
  });

  test('found out by the steps ends the order too', () => {
    const outcome = { kind: 'withdrawn', why: 'it is a cart now' } as const;
    expect(anArrivedPurchase().when(preparing(outcome)).act).toMatchObject({ outcome: 'withdrawn' });
    expect(aPreparedOrder().when(submitted({ kind: 'withdrawn' })).act).toMatchObject({ outcome: 'withdrawn' });
  });

  test('while it is staged is cancelled in the ERP once it is there, or parks, as the site says', () => {
    const story = aStagedOrder().when(PURCHASE_GONE, looked(ACCEPTED), followed({ purchase: { kind: 'gone' } }));
    const deciding = story.act.do === 'revise' ? story : story.untilItLooks();
    expect(deciding.act.do).toBe('revise');
    const parked = deciding.when(revised({ kind: 'withdrawn', verdict: 'park', why: 'It is gone', fingerprint: null }));
    expect(parked.codes).toEqual(['WITHDRAWN']);
    expect(parked.repair('cancel').act.do).toBe('cancel');
    const going = deciding.when(
      revised({ kind: 'withdrawn', verdict: 'cancel', why: 'It is gone', fingerprint: null }),
    );
    expect(going.act).toMatchObject({ do: 'cancel', cancelling: { lines: null, act: null } });
  });

  test('and comes back while what was sent is still looked for is not forgotten', () => {
    const lost = aPreparedOrder().when({ is: 'stepRefused', document: 1, why: 'the second attempt broke' });
    const gone = lost.repair('retry').when(preparing({ kind: 'withdrawn', why: 'the purchase is gone' }));
    expect(gone.codes).toContain('WITHDRAWN');
    const back = gone.when(purchaseChanged(LATER));
    expect(back.act.do).toBe('prepare');
    const looking = back.when(prepared({ updatedAt: LATER }));
    expect(looking.when(foundNothing('laterJobFinished')).act).toMatchObject({ do: 'submit' });
  });

  test('leaves what was sent to the poller, who finds it: it is followed, and decided on', () => {
    const lost = aPreparedOrder().when({ is: 'stepRefused', document: 1, why: 'the second attempt broke' });
    const gone = lost.repair('retry').when(preparing({ kind: 'withdrawn', why: 'the purchase is gone' }));
    const found = gone.when(erpShows('open'));
    expect(followedNumbers(found)).toEqual([ORDER_NUMBER]);
    const read = found.when(followed({ purchase: { kind: 'gone' } }));
    expect(read.act).toMatchObject({ do: 'revise', anyway: true });
    const parked = read.when(revised({ kind: 'withdrawn', verdict: 'park', why: 'It is gone', fingerprint: null }));
    expect(parked.codes).toContain('WITHDRAWN');
    expect(parked.state.problems.find(({ code }) => code === 'WITHDRAWN')?.says).toContain(ORDER_NUMBER);
  });

  test('when it is in the ERP is decided on once', () => {
    const deciding = aSettledOrder().when(PURCHASE_GONE);
    expect(deciding.act).toMatchObject({ do: 'revise', anyway: true });
    const parked = deciding.when(revised({ kind: 'withdrawn', verdict: 'park', why: 'It is gone', fingerprint: null }));
    expect(parked.codes).toEqual(['WITHDRAWN']);
    expect(parked.when(PURCHASE_GONE).act).toMatchObject({ do: 'wait', until: null });
    expect(pressable(parked)).toEqual(expect.arrayContaining(['cancel', 'retry', 'close']));
  });

  test('and cancelled in the ERP ends the order', () => {
    const story = aSettledOrder()
      .when(PURCHASE_GONE, revised({ kind: 'withdrawn', verdict: 'cancel', why: 'It is gone', fingerprint: null }))
      .when(allCancelled())
      .when(nothingLeft({ kind: 'gone' }));
    expect(story.act).toEqual({ do: 'finish', outcome: 'cancelled' });
  });

  test('and cancelled as far as possible says how far, and does not try again by itself', () => {
    const story = aSettledOrder()
      .when(PURCHASE_GONE, revised({ kind: 'withdrawn', verdict: 'cancel', why: 'It is gone', fingerprint: null }))
      .when(
        cancelledInErp({ kind: 'done', glance: glance(), left: 4, says: '6 of 10 units are cancelled.', agreed: null }),
      )
      .when(followed({ purchase: { kind: 'gone' } }));
    expect(story.codes).toEqual(['CANCEL_PARTIAL']);
    expect(story.act).toMatchObject({ do: 'wait', until: null });
  });

  test.each([
    ['being cancelled', aSettledOrder().repair('cancel'), cancelRefused()],
    ['being changed', aSettledOrder([unmapped]).repair('release'), replaceDone()],
  ])('while it is %s is not forgotten', (_, story, answer) => {
    const after = story.when(PURCHASE_GONE, answer);
    const read = after.act.do === 'follow' ? after.when(followed({ purchase: { kind: 'gone' } })) : after;
    expect(read.act.do).toBe('revise');
  });
});

describe('what the ERP does with an order', () => {
  test('a credit hold is shown and the buyer is told; its release too', () => {
    const held = aSettledOrder().when(erpShows('credit_hold'));
    expect(held.codes).toEqual(['ERP_HOLD']);
    const read = held.untilItLooks();
    expect(read.act.do).toBe('follow');
    const released = read.when(followed({ glance: glance({ status: 'credit_hold' }) }), erpShows('open'));
    expect(released.codes).toEqual([]);
    expect(released.untilItLooks().act.do).toBe('follow');
  });

  test('a news that comes while both sides are read is not lost', () => {
    const reading = aSettledOrder().when(erpShows('credit_hold')).untilItLooks();
    // The step's answer is taken in first, then what was told meanwhile.
    const news = reading.when(followed({ glance: glance({ status: 'credit_hold' }) }), erpShows('picked'));
    expect(news.state.facts.erpStatus).toBe('picked');
    expect(news.untilItLooks().act.do).toBe('follow');
  });

  test('several news within the site’s window are read once', () => {
    const first = aSettledOrder().when(erpShows('released'));
    const second = first.after(5_000).when(erpShows('allocated'));
    expect(second.act).toMatchObject({ do: 'wait', until: '2026-01-20T15:00:20.000Z' });
  });

  test('the same news twice is none', () => {
    const told = aSettledOrder()
      .when(erpShows('released'))
      .untilItLooks()
      .when(followed({ glance: glance({ status: 'released' }) }));
    expect(told.when(erpShows('released')).state).toEqual(told.state);
  });

  test('an unknown status letter keeps the last state and is said', () => {
    const story = aSettledOrder().when(erpShows('picked'), erpShows('unknown'));
    expect(story.state).toMatchObject({ stage: 'picked', facts: { erpStatus: 'picked' } });
    expect(story.codes).toEqual(['ERP_STATUS_UNKNOWN']);
    expect(story.when(erpShows('invoiced')).codes).toEqual([]);
  });

  test('a parked order stays parked while its status is followed', () => {
    const parked = aSettledOrder().repair('cancel').when(cancelRefused(), erpShows('picked'));
    expect(parked.state).toMatchObject({ stage: 'parked', facts: { erpStatus: 'picked' } });
    const held = parked.untilItLooks().when(followed({ glance: glance({ status: 'credit_hold' }) }));
    expect(held.state.step).toEqual({ at: 'parked', orderNumber: ORDER_NUMBER });
    expect(held.codes).toEqual(expect.arrayContaining(['CANCEL_REFUSED', 'ERP_HOLD']));
  });

  test('an order it says it made but does not show parks, and can be read again', () => {
    const story = aPreparedOrder().when(submitted(ACCEPTED), {
      is: 'followed',
      outcome: { kind: 'notThere', orderNumber: ORDER_NUMBER },
    });
    expect(story.codes).toEqual(['ERP_REFUSED']);
    expect(followedNumbers(story.repair('retry'))).toEqual([ORDER_NUMBER]);
  });

  test('a difference from what was agreed is shown with its money, and the order goes on', () => {
    const documents = [aFollowedDocument({ differences: [TAX_DIFFERENCE] })];
    const story = aPreparedOrder().when(submitted(ACCEPTED), followed({ documents }));
    expect(story.place).toBe('settled');
    expect(story.codes).toEqual(['ERP_EDIT']);
    expect(story.state.problems[0]?.says).toContain('tax 41.00 instead of 40.00 (+1.00)');
    expect(pressable(story)).toEqual(expect.arrayContaining(['acceptErp', 'pushStorefront', 'askOwner']));
  });

  test('a difference that the site tolerates is remembered once, not raised', () => {
    const documents = [aFollowedDocument({ differences: [{ ...TAX_DIFFERENCE, tolerated: true }] })];
    const story = aPreparedOrder().when(submitted(ACCEPTED), followed({ documents }), followed({ documents }));
    expect(story.codes).toEqual([]);
    expect(story.state.timeline.filter(({ what }) => what.startsWith('Differs within'))).toHaveLength(1);
  });

  test('a write-back that the storefront refuses parks', () => {
    const purchase = { kind: 'conflict', why: 'number in use' } as const;
    expect(aPreparedOrder().when(submitted(ACCEPTED), followed({ purchase })).codes).toEqual(['WRITE_BACK_REFUSED']);
  });
});

describe('an order on hold with a review', () => {
  const held = aSettledOrder([unmapped]);

  test('keeps its review in the ERP', () => {
    expect(held.place).toBe('settled');
    expect(held.codes).toEqual(['LOCATION_NOT_MAPPED']);
    expect(pressable(held)).toEqual(expect.arrayContaining(['remap', 'release', 'cancel']));
  });

  test.each(['remap', 'release'] as const)('is changed in the ERP by %s, under the next revision', (kind) => {
    const asked = held.repair(kind);
    expect(asked.act).toMatchObject({
      do: 'replace',
      orderNumber: ORDER_NUMBER,
      replacement: { kind: 'header', change: kind, act: ACT },
      revision: 2,
      attempt: 1,
    });
    const target = aSalesOrder({ warehouse: 'CA' });
    const underWay = asked.when(replaceSent(target));
    expect(underWay.act.do).toBe('wait');
    const looking = underWay.untilItLooks();
    expect(looking.act).toMatchObject({ do: 'followReplace', revision: 2, attempt: 1, target, since: START });
    expect(looking.when(replacePending()).act.do).toBe('wait');
    expect(looking.when({ is: 'replaced', document: 1, outcome: { kind: 'repeat' } }).act).toMatchObject({
      do: 'replace',
      revision: 2,
      attempt: 1,
    });
    const done = looking.when({
      is: 'replaced',
      document: 1,
      outcome: { kind: 'done', glance: glance(), warehouse: 'CA' },
    });
    expect(done.act.do).toBe('follow');
    expect(done.codes).toEqual([]);
    expect(done.state.facts.warehouse).toBe('CA');
  });

  test('looks at once when the poller sees the ERP order change', () => {
    const underWay = held.repair('remap').when(replaceSent(aSalesOrder()));
    expect(underWay.when(erpShows('open')).act.do).toBe('followReplace');
  });

  test('parks when the ERP refuses the change; the next try has another control number', () => {
    const parked = held
      .repair('release')
      .when({ is: 'replaced', document: 1, outcome: { kind: 'refused', why: 'picked' } });
    expect(parked.codes).toEqual(['REPLACE_REFUSED', 'LOCATION_NOT_MAPPED']);
    const again = parked.repair('release').act;
    expect(again.do === 'replace' && [again.revision, again.attempt]).not.toEqual([2, 1]);
  });

  test('parks when there is still no warehouse, and can be remapped again', () => {
    const problem = { code: 'REMAP_NOT_POSSIBLE', says: 'Still none.' } as const;
    const parked = held.repair('remap').when({ is: 'replaced', document: 1, outcome: { kind: 'impossible', problem } });
    expect(parked.codes).toEqual(['REMAP_NOT_POSSIBLE', 'LOCATION_NOT_MAPPED']);
    const done = parked
      .repair('remap')
      .when({ is: 'replaced', document: 1, outcome: { kind: 'done', glance: glance(), warehouse: 'CA' } });
    expect(done.codes).toEqual([]);
  });

  test('keeps its review through a retry', () => {
    expect(held.repair('retry').when(followed()).codes).toEqual(['LOCATION_NOT_MAPPED']);
  });

  test('not yet in the ERP is prepared anew by remap', () => {
    const parked = anArrivedPurchase().when(impossible('DIVISION_MISMATCH'));
    expect(parked.repair('remap').act.do).toBe('prepare');
    expect(pressable(parked)).not.toContain('release');
  });
});

describe('a step that does not succeed', () => {
  test('is said once, tried on, and no longer said when it succeeds', () => {
    const late: OrderEvent = { is: 'stepOverdue', document: 1, why: 'HTTP 503' };
    const story = anArrivedPurchase().when(late, late);
    expect(story.codes).toEqual(['STEP_OVERDUE']);
    expect(story.act.do).toBe('prepare');
    expect(story.when(prepared()).codes).toEqual([]);
  });

  test.each([
    [
      'deciding',
      aSettledOrder().when(purchaseChanged(LATER)).untilItLooks(),
      revised({ kind: 'unchanged', updatedAt: LATER }),
    ],
    ['reading back', aPreparedOrder().when(submitted(ACCEPTED)), followed()],
    ['changing the header', aSettledOrder().repair('release'), replaceDone()],
    ['looking', anOrderOfUnknownOutcome().untilItLooks(), foundNothing()],
  ])('is no longer said when %s succeeded late', (_, story, answer) => {
    expect(story.when({ is: 'stepOverdue', document: 1, why: 'HTTP 503' }, answer).codes).not.toContain('STEP_OVERDUE');
  });

  test('refused for good parks, with the system’s words', () => {
    const story = anArrivedPurchase().when({ is: 'stepRefused', document: 1, why: 'bug 7' });
    expect(story.codes).toEqual(['STEP_REFUSED']);
    expect(story.state.problems[0]?.says).toContain('bug 7');
    expect(story.repair('retry').act.do).toBe('prepare');
  });

  test('refused for good in the ERP parks the order with its number', () => {
    const story = aPreparedOrder().when(submitted(ACCEPTED), { is: 'stepRefused', document: 1, why: 'bug 7' });
    expect(story.state.step).toEqual({ at: 'parked', orderNumber: ORDER_NUMBER });
    expect(story.repair('retry').act.do).toBe('follow');
  });

  test('of submitting, refused for good, leaves it open whether something left', () => {
    const story = aPreparedOrder().when({ is: 'stepRefused', document: 1, why: 'the second attempt broke' });
    const next = story.place === 'parked' ? story.repair('retry').when(prepared()) : story;
    expect(next.act.do).not.toBe('submit');
  });
});

describe('what people may press', () => {
  test.each([
    ['while it is prepared', anArrivedPurchase(), ['cancel']],
    ['while the import job has it', aStagedOrder(), ['cancel']],
    ['while its outcome is unknown', anOrderOfUnknownOutcome(), ['cancel', 'sendAnyway', 'close', 'adopt']],
    ['in the ERP', aSettledOrder(), ['retry', 'resync', 'remap', 'release', 'cancel', 'close']],
    [
      'parked before the ERP',
      anArrivedPurchase().when(impossible('SKU_UNKNOWN')),
      ['retry', 'remap', 'cancel', 'close', 'replaceCustomer', 'askOwner'],
    ],
    [
      'parked in the ERP',
      aSettledOrder().repair('cancel').when(cancelRefused()),
      ['retry', 'resync', 'remap', 'release', 'cancel', 'close', 'askOwner'],
    ],
    ['being cancelled', aSettledOrder().repair('cancel'), []],
    ['once it ends', anArrivedPurchase().when(PURCHASE_GONE), []],
  ] as const)('%s', (_, story, kinds) => {
    expect(pressable(story)).toEqual(kinds);
  });

  test('needs an actor and a reason', () => {
    const { state } = anArrivedPurchase().when(impossible('SKU_UNKNOWN'));
    expect(refuseRepair(state, { kind: 'retry', actor: ' ', reason: 'x' })).toContain('obligatory');
    expect(refuseRepair(state, { kind: 'retry', actor: 'x', reason: '' })).toContain('obligatory');
  });

  test('is told with the refusal', () => {
    expect(refuseRepair(aStagedOrder().state, { kind: 'sendAnyway', ...ACT })).toBe(
      '“sendAnyway” is not possible while the order is awaiting the import job. Possible now: cancel.',
    );
  });

  test.each([
    ['replaceCustomer', 'customer', anArrivedPurchase().when(impossible('CUSTOMER_UNKNOWN'))],
    ['adopt', 'orderNumber', anOrderOfUnknownOutcome()],
    ['askOwner', 'owner', anArrivedPurchase().when(impossible('CUSTOMER_UNKNOWN'))],
    ['acceptErp', 'alsoMore', aSettledOrder()],
  ] as const)('%s needs its %s, which the UI does not ask for', (kind, argument, { state, now }) => {
    for (const value of [undefined, null, 0, {}, ' ']) {
      // As it arrives: whatever somebody typed.
      const repair = JSON.parse(JSON.stringify({ ...requestOf(kind), [argument]: value }));
      expect(refuseRepair(state, repair)).toContain(`${argument} is`);
      const { timeline, ...after } = evolve(state, { is: 'repaired', repair }, now);
      expect({ ...after, timeline: state.timeline }).toEqual(state);
      expect(timeline.at(-1)?.what).toContain(`${kind} was not carried out. Say`);
    }
    for (const repair of [{ kind }, { kind, actor: 5, reason: ['x'] }])
      expect(refuseRepair(state, JSON.parse(JSON.stringify(repair)))).toContain('obligatory');
  });

  test('is told, and has no other effect, when it answers how things stood and they stand otherwise', () => {
    const { state } = aStagedOrder();
    const { timeline, ...after } = aStagedOrder().when({ is: 'repaired', repair: requestOf('sendAnyway') }).state;
    expect({ ...after, timeline: state.timeline }).toEqual(state);
    expect(timeline.slice(-2).map(({ what }) => what)).toEqual([
      'ada: sendAnyway. because',
      expect.stringMatching(/^sendAnyway was not carried out\./),
    ]);
  });

  test('is remembered with who and why', () => {
    const { state } = anArrivedPurchase().when(impossible('SKU_UNKNOWN')).repair('retry');
    expect(state.timeline.at(-1)?.what).toBe('ada: retry. because');
  });
});

describe('the story people read', () => {
  test('is kept to the last sixty lines', () => {
    let story = anArrivedPurchase();
    for (let turn = 0; turn < 80; turn++) story = story.when(impossible('SKU_UNKNOWN')).repair('retry');
    expect(story.state.timeline).toHaveLength(60);
  });

  test('shows the order, what is wrong, and what to press, with the markup of others made harmless', () => {
    const { state } = anArrivedPurchase().when(impossible('SKU_UNKNOWN', { buyer: '**Evil** [x](y)' }));
    const page = describeOrder(state, decide(state));
    expect(page).toContain('**SKU_UNKNOWN** · ecommerce');
    expect(page).toContain('`retry` · `cancel` · `close`');
    expect(page).toContain('\\*\\*Evil\\*\\* \\[x\\](y)');
    expect(summarizeOrder(state)).toBe('SL-1042 · **Evil** [x](y) · 100.00 USD');
  });
});

/** Taken in, and not decided on for so long that people are told. */
function overdue(): Story {
  return aStagedOrder().after(PACING.importOverdue).when({ is: 'timePassed' }, looked(STAGED));
}

function adoptionChecked(outcome: Extract<OrderEvent, { is: 'adoptionChecked' }>['outcome']): OrderEvent {
  return { is: 'adoptionChecked', document: 1, outcome };
}

function parkedUnknown(): Story {
  return anOrderOfUnknownOutcome()
    .after(2 * PACING.importCycle)
    .when({ is: 'timePassed' }, foundNothing());
}

/** A wish to cancel an ERP order was kept: it is being done, or it can be pressed again. */
function reachesCancel(story: Story): boolean {
  return story.act.do === 'cancel' || pressable(story).includes('cancel');
}

function followedNumbers({ act }: Story): readonly string[] {
  return act.do === 'follow' ? act.documents.map(({ orderNumber }) => orderNumber) : [];
}

function fault(code: string) {
  return { code, text: `It is ${code}`, line: null } as const;
}

type ImportWord =
  | { readonly kind: 'pending' }
  | { readonly kind: 'imported'; readonly orderNumber: string; readonly warnings: readonly ReturnType<typeof fault>[] }
  | { readonly kind: 'refused'; readonly faults: readonly ReturnType<typeof fault>[] };

function importLog(word: ImportWord, { transaction = '900' } = {}): OrderEvent {
  const about = { transaction, row: 1, controlNumber: '123456789', reference: aSalesOrder().reference };
  return { is: 'erpChanged', imports: [{ ...about, ...word }], orders: [], credits: [], moved: false };
}
