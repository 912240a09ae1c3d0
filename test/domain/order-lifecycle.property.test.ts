import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { decide } from '../../domain/order-lifecycle.ts';
import { refuseRepair } from '../../domain/order-acts.ts';
import type { OrderState } from '../../domain/order-state.ts';
import { isProblemCode, problemKind, type Repair } from '../../domain/problems.ts';
import { requestOf } from './order-story.ts';
import { World, type Happening } from './order-world.ts';

const happenings = fc.array(
  fc.record<Happening>({
    what: fc.oneof(
      { weight: 24, arbitrary: fc.constant('step' as const) },
      { weight: 8, arbitrary: fc.constant('personActs' as const) },
      { weight: 1, arbitrary: fc.constant('purchaseVanishes' as const) },
      {
        weight: 10,
        arbitrary: fc.constantFrom<Happening['what']>(
          'erpImports',
          'erpImports',
          'erpRefuses',
          'postArrives',
          'postVanishes',
          'importDropsIt',
          'clerkChangesStatus',
          'clerkCancels',
          'clerkCopies',
          'purchaseChanges',
          'purchaseReverts',
          'clerkEdits',
          'rulesBreak',
          'rulesHeal',
          'pollerTells',
          'timePasses',
        ),
      },
    ),
    how: fc.nat(2 ** 31 - 1),
  }),
  { minLength: 5, maxLength: 60, size: 'max' },
);

const SEED = { seed: 20_260_120, numRuns: 1_200, endOnFailure: false } as const;

/** Plays the story, looking at the order after everything that happens. */
function play(story: readonly Happening[], look: (world: World) => void): World {
  const world = new World();
  for (const happening of story) {
    world.happen(happening);
    look(world);
  }
  return world;
}

describe('whatever happens to an order', () => {
  test('it is sent only when nothing of it is under way or there, only as prepared, and never twice', () => {
    fc.assert(
      fc.property(happenings, (story) => {
        const world = play(story, ({ broken, ownLiveOrders }) => {
          expect(broken).toEqual([]);
          expect(ownLiveOrders.length).toBeLessThanOrEqual(1);
        });
        world.comesToRest();
        expect(world.broken).toEqual([]);
      }),
      { ...SEED, numRuns: 3_000 },
    );
  });

  test('it ends or waits as soon as the world answers', () => {
    fc.assert(
      fc.property(happenings, (story) => {
        const world = play(story, () => {});
        expect(world.comesToRest()).toBe(true);
      }),
      SEED,
    );
  });

  test('it parks only with a problem, and with something to press that is taken', () => {
    fc.assert(
      fc.property(happenings, (story) => {
        play(story, ({ state }) => {
          const { problems } = state;
          expect(problems.every(({ code, says }) => isProblemCode(code) && says !== '')).toBe(true);
          // What a person has pressed and is being done needs nothing more.
          const isBusy =
            state.step.at === 'replacing' ||
            state.step.at === 'cancelling' ||
            state.follow !== null ||
            state.revise !== null;
          const isShownAsParked = decide(state).do === 'wait' && state.stage === 'parked' && !isBusy;
          const isParked = state.step.at === 'parked' || isShownAsParked;
          const offered = problems.flatMap(({ code }) => problemKind(code).press);
          const hasWayOut = offered.some((kind) => isTaken(state, kind));
          expect({ isParked, hasWayOut: hasWayOut || !isParked }).toEqual({ isParked, hasWayOut: true });
        });
      }),
      SEED,
    );
  });

  test('it ends as cancelled or withdrawn only when the ERP has no live order of ours, and will not get one', () => {
    fc.assert(
      fc.property(happenings, (story) => {
        const world = play(story, () => {});
        world.comesToRest();
        const { step } = world.state;
        if (step.at !== 'finished' || step.outcome === 'closed') return;
        expect(world.ownLiveOrders).toEqual([]);
        expect(world.isAnythingUnderWay).toBe(false);
      }),
      SEED,
    );
  });

  test('a cancel that was accepted is carried out, or waits for a person’s answer to something else', () => {
    fc.assert(
      fc.property(happenings, (story) => {
        const world = play(story, () => {});
        world.comesToRest();
        const { cancelWish, problems } = world.state;
        const isAsked = cancelWish !== null && problems.length > 0;
        expect(world.isCancelWanted && !isAsked ? world.ownLiveOrders : []).toEqual([]);
      }),
      SEED,
    );
  });

  test('it never forgets its ERP order number', () => {
    fc.assert(
      fc.property(happenings, (story) => {
        let known = '';
        play(story, ({ state: { facts, step } }) => {
          const isForgotten = known !== '' && facts.orderNumber === '';
          known = facts.orderNumber;
          const parkedAs = step.at === 'parked' ? (step.orderNumber ?? '') : known;
          expect({ isForgotten, parkedAs }).toEqual({ isForgotten: false, parkedAs: known });
        });
      }),
      SEED,
    );
  });

  test('at rest in the ERP it shows no trouble that is over, keeps no wish undone, and knows how things stand', () => {
    fc.assert(
      fc.property(happenings, (story) => {
        const world = play(story, ({ state }) => {
          // With both sides about to be read it is not at rest.
          if (state.step.at !== 'settled' || state.follow !== null || state.revise !== null) return;
          const codes = state.problems.map(({ code }) => code);
          expect(codes).not.toContain('STEP_OVERDUE');
          expect(codes).not.toContain('OUTCOME_UNKNOWN');
          expect(codes).not.toContain('IMPORT_OVERDUE');
          expect(codes).not.toContain('CHANGE_OVERDUE');
          expect(state.cancelWish).toBeNull();
        });
        expect(world.comesToRest()).toBe(true);
        const { step, facts } = world.state;
        const shown = step.at === 'settled' ? world.statusOf(step.orderNumber) : facts.erpStatus;
        // A letter the site file does not name keeps the last known state; a run that found the order has none yet.
        const isComparable = shown !== 'unknown' && facts.erpStatus !== null;
        expect(isComparable ? facts.erpStatus : shown).toBe(shown);
      }),
      SEED,
    );
  });

  test('a change that was told is never forgotten: at rest, with nobody asked, the ERP has the purchase’s content', () => {
    fc.assert(
      fc.property(happenings, (story) => {
        const world = play(story, () => {});
        expect(world.comesToRest()).toBe(true);
        const { contents, state } = world;
        if (!contents || state.step.at !== 'settled' || state.problems.length > 0) return;
        expect(contents.erp).toBe(contents.purchase);
      }),
      SEED,
    );
  });

  test('its state is plain data: what a fresh history is given is what was there', () => {
    fc.assert(
      fc.property(happenings, (story) => {
        play(story, ({ state }) => expect(JSON.parse(JSON.stringify(state))).toStrictEqual(state));
      }),
      { ...SEED, numRuns: 300 },
    );
  });
});

test('the stories reach every place of an order', () => {
  const places = new Set<OrderState['step']['at']>();
  for (const story of fc.sample(happenings, SEED)) play(story, ({ state }) => places.add(state.step.at));
  expect([...places].toSorted()).toEqual([
    'awaiting',
    'cancelling',
    'finished',
    'over',
    'parked',
    'pausing',
    'replacing',
    'settled',
    'toAdopt',
    'toCancel',
    'toClose',
    'toFollow',
    'toPrepare',
    'toReplace',
    'toSubmit',
    'unknown',
  ]);
});

function isTaken(state: OrderState, kind: Repair): boolean {
  return refuseRepair(state, requestOf(kind)) === null;
}
