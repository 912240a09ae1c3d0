import { afterPrepared } from './order-preparing.ts';
import { afterCancel, afterReplace } from './order-repairs.ts';
import { afterErpChange, afterLook, afterSubmission } from './order-submission.ts';
import type { Action, ConfirmOutcome, Instant, OrderEvent, OrderState, RepairRequest, Step } from './order-state.ts';
import {
  asAccepted,
  at,
  isLater,
  later,
  nextLook,
  park,
  problemsWithout,
  remember,
  stageOfStatus,
} from './order-steps.ts';
import { problemKind, type Problem, type Repair } from './problems.ts';
import type { Pacing } from './site-rules.ts';

/** Before the site file has been read: an order that has prepared once carries its site's own pacing. */
const FIRST_PACING: Pacing = { firstLook: 30_000, longestGap: 300_000, importOverdue: 1_800_000, importCycle: 300_000 };

/** The state of an order nobody has looked at yet. */
export function newOrder(
  { site, key, reference }: { site: string; key: string; reference: string },
  now: Instant,
): OrderState {
  return {
    site,
    key,
    reference,
    stage: 'received',
    step: { at: 'toPrepare' },
    problems: [],
    facts: {
      visibleNumber: '',
      buyer: '',
      customer: '',
      purchaseOrder: '',
      currency: '',
      total: null,
      division: '',
      warehouse: '',
      holdCode: '',
      orderNumber: '',
      erpStatus: null,
      erpStatusLetter: '',
      siteVersion: '',
    },
    pacing: FIRST_PACING,
    timeline: [{ at: now, what: 'Received from the storefront.' }],
    decidedUpdatedAt: null,
    toldUpdatedAt: null,
    purchaseGone: false,
    heldSince: null,
    fingerprint: null,
    customerOverride: null,
    document: 1,
    revision: 1,
    attempt: 1,
    posts: 'none',
    sent: null,
    cancelWish: null,
  };
}

/**
 * The one next thing to do. Depends on the state alone: no clock, no site file. A change here changes what a replay
 * does; orders that are under way must then be told apart by a rules version read in each run (decision 36).
 */
export function decide(state: OrderState): Action {
  const { step, revision, attempt } = state;
  switch (step.at) {
    case 'toPrepare':
      return { do: 'prepare', customerOverride: state.customerOverride };
    case 'toSubmit':
      return {
        do: 'submit',
        order: step.order,
        permission: step.permission,
        fingerprint: state.fingerprint ?? '',
        revision,
        attempt,
      };
    case 'pausing':
      return { do: 'wait', until: step.until, why: `Sending again soon: ${step.why}` };
    case 'awaiting':
    case 'unknown': {
      const transaction = step.at === 'awaiting' ? step.transaction : null;
      const watermark = step.at === 'unknown' ? step.watermark : null;
      if (step.look.kind === 'now')
        return { do: 'look', order: step.order, revision, attempt, transaction, since: step.since, watermark };
      const why = step.at === 'awaiting' ? 'Awaiting the ERP’s import job' : 'Looking whether the ERP has the order';
      return { do: 'wait', until: step.look.time, why };
    }
    case 'toConfirm':
      return { do: 'confirm', sent: state.sent, orderNumber: step.orderNumber };
    case 'toAdopt':
      return { do: 'checkAdoption', order: step.order, orderNumber: step.orderNumber };
    case 'settled':
      return { do: 'wait', until: null, why: 'In the ERP; watching both sides' };
    case 'toCompare':
      return { do: 'compare', fingerprint: state.fingerprint ?? '' };
    case 'toTellBuyer':
      return { do: 'tellBuyer', orderNumber: step.orderNumber, status: state.facts.erpStatus ?? 'unknown' };
    case 'toReplace':
      return { do: 'replace', orderNumber: step.orderNumber, change: step.change, revision, attempt };
    case 'replacing':
      return step.look.kind === 'now'
        ? {
            do: 'followReplace',
            orderNumber: step.orderNumber,
            target: step.target,
            revision,
            attempt,
            since: step.since,
          }
        : { do: 'wait', until: step.look.time, why: 'Awaiting the ERP’s answer to the change' };
    case 'toCancel':
      return { do: 'cancel', orderNumber: step.orderNumber };
    case 'cancelling':
      return step.look.kind === 'now'
        ? { do: 'followCancel', orderNumber: step.orderNumber, transaction: step.transaction }
        : { do: 'wait', until: step.look.time, why: 'Awaiting the ERP’s answer to the cancel' };
    case 'parked':
      return { do: 'wait', until: null, why: 'Parked: waiting for a person' };
    case 'toClose':
      return { do: 'recordClosing', outcome: step.outcome, act: step.act };
    case 'finished':
      return { do: 'finish', outcome: step.outcome };
  }
}

/** Folds in what happened. Never throws; an event that does not concern the order's place leaves it where it is. */
export function evolve(state: OrderState, event: OrderEvent, now: Instant): OrderState {
  const isHeld = event.is === 'submitted' && event.outcome.kind === 'notPosted';
  const answered =
    'outcome' in event && !isHeld ? { ...state, problems: problemsWithout(state, ['STEP_OVERDUE']) } : state;
  return asWished(folded(answered, event, now));
}

/** A wish to cancel is fulfilled as soon as the order is in the ERP and at rest (decision 10). */
function asWished(state: OrderState): OrderState {
  const { cancelWish, step, facts } = state;
  if (cancelWish === null || !inErp(state) || (step.at !== 'settled' && step.at !== 'parked')) return state;
  return at({ ...state, cancelWish: null }, { at: 'toCancel', orderNumber: facts.orderNumber, act: cancelWish });
}

function folded(state: OrderState, event: OrderEvent, now: Instant): OrderState {
  switch (event.is) {
    case 'purchaseChanged':
      return afterPurchaseChange(state, event.updatedAt, now);
    case 'purchaseGone':
      return afterPurchaseGone(state, now);
    case 'erpChanged':
      return noticed(afterErpChange(state, event.imports, event.orders, now), now);
    case 'repaired':
      return afterRepair(state, event.repair, now);
    case 'prepared':
      return noticed(afterPrepared(state, event.outcome, now), now);
    case 'submitted':
      return noticed(afterSubmission(state, event.outcome, event.controlNumber, now), now);
    case 'looked':
      return afterLook(state, event.outcome, now);
    case 'confirmed':
      return noticed(afterConfirm(state, event.outcome, now), now);
    case 'adoptionChecked':
      return afterAdoptionCheck(state, event.outcome, now);
    case 'compared':
      return afterCompare(state, event.outcome, now);
    case 'buyerTold':
      return afterBuyerTold(state, event.outcome, now);
    case 'replaced':
      return noticed(afterReplace(state, event.outcome, now), now);
    case 'cancelled':
      return noticed(afterCancel(state, event.outcome, now), now);
    case 'closingRecorded':
      return state.step.at === 'toClose' ? at(state, { at: 'finished', outcome: state.step.outcome }) : state;
    case 'timePassed':
      return afterTime(state);
    case 'stepOverdue':
      return overdue(state, event.why, now);
    case 'stepRefused':
      return refusedForGood(state, event.why, now);
  }
}

/** Why a repair cannot be taken now; null = it can. For validators: synchronous, no effect. */
export function refuseRepair(state: OrderState, repair: RepairRequest): string | null {
  if (!repair.actor.trim() || !repair.reason.trim()) return 'Say who acts and why: actor and reason are obligatory.';
  const { at: place } = state.step;
  if (place === 'finished' || place === 'toClose') return 'The order is finished.';
  const possible: Record<Repair, boolean> = {
    retry: place === 'parked' || place === 'pausing' || place === 'settled',
    replaceCustomer: place === 'parked' && !inErp(state),
    remap: place === 'settled' || place === 'parked',
    release: inErp(state) && (place === 'settled' || place === 'parked'),
    cancel: (state.cancelWish === null || place === 'parked') && place !== 'cancelling' && place !== 'toCancel',
    sendAnyway: place === 'unknown',
    adopt: place === 'unknown',
    close: place === 'parked' || place === 'settled' || place === 'unknown' || place === 'pausing',
  };
  if (possible[repair.kind]) return null;
  const can = Object.entries(possible)
    .filter(([, yes]) => yes)
    .map(([kind]) => kind);
  return `“${repair.kind}” is not possible while the order is ${describePlace(state.step)}. Possible now: ${can.join(', ') || 'nothing, wait'}.`;
}

/** Whether there is nothing more to do in this run. */
export function isFinished(state: OrderState): boolean {
  return state.step.at === 'finished';
}

/** Whether the order may sit still for long: a good moment to start a fresh history. */
export function isIdle(state: OrderState): boolean {
  return state.step.at === 'settled' || state.step.at === 'parked';
}

export function inErp(state: OrderState): boolean {
  return state.facts.orderNumber !== '';
}

function describePlace(step: Step): string {
  const words: Partial<Record<Step['at'], string>> = {
    settled: 'in the ERP',
    parked: 'parked',
    awaiting: 'awaiting the import job',
    unknown: 'of unknown outcome',
    pausing: 'about to be sent again',
    replacing: 'being changed in the ERP',
    cancelling: 'being cancelled in the ERP',
  };
  return words[step.at] ?? 'being worked on';
}

function afterPurchaseChange(state: OrderState, updatedAt: Instant, now: Instant): OrderState {
  if (state.decidedUpdatedAt !== null && !isLater(updatedAt, state.decidedUpdatedAt)) return state;
  if (state.toldUpdatedAt !== null && !isLater(updatedAt, state.toldUpdatedAt)) return state;
  return noticed({ ...state, toldUpdatedAt: updatedAt }, now);
}

/** Acts on a change that was told, if the order is at a place where it may. Elsewhere the next step looks by itself. */
function noticed(state: OrderState, now: Instant): OrderState {
  const { step, toldUpdatedAt, decidedUpdatedAt } = state;
  if (state.purchaseGone && (step.at === 'settled' || step.at === 'parked' || step.at === 'pausing'))
    return afterPurchaseGone(state, now);
  if (toldUpdatedAt === null || (decidedUpdatedAt !== null && !isLater(toldUpdatedAt, decidedUpdatedAt))) return state;
  if (step.at === 'settled') return at(state, { at: 'toCompare', orderNumber: step.orderNumber });
  if (step.at === 'parked' && step.orderNumber !== null)
    return at(state, { at: 'toCompare', orderNumber: step.orderNumber });
  const waitsForPerson = state.problems.some(({ code }) => code === 'AMENDED' || code === 'DUPLICATE_IN_ERP');
  if (step.at === 'parked' && !waitsForPerson)
    return at(remember(state, now, 'The purchase changed; preparing anew.'), { at: 'toPrepare' });
  return state;
}

function afterPurchaseGone(state: OrderState, now: Instant): OrderState {
  const { step } = state;
  if (step.at === 'finished' || step.at === 'toClose') return state;
  const gone = { ...state, purchaseGone: true };
  if (inErp(state)) {
    if (state.problems.some(({ code }) => code === 'WITHDRAWN')) return gone;
    const isResting = step.at === 'settled' || step.at === 'parked';
    return isResting ? park(gone, [withdrawnProblem(state)], now, state.facts.orderNumber) : gone;
  }
  const nothingSent =
    step.at === 'parked' || step.at === 'pausing' || step.at === 'toPrepare' || step.at === 'toSubmit';
  return nothingSent && !hasUnknownPost(state) ? withdrawn(gone, now) : gone;
}

function hasUnknownPost(state: OrderState): boolean {
  return state.posts === 'doubtful';
}

function withdrawn(state: OrderState, now: Instant): OrderState {
  return at(
    {
      ...remember(state, now, 'The buyer withdrew the purchase before it was sent.'),
      stage: 'cancelled',
      problems: [],
    },
    { at: 'finished', outcome: 'withdrawn' },
  );
}

function withdrawnProblem(state: OrderState): Problem {
  return {
    code: 'WITHDRAWN',
    says: `The purchase is gone from the storefront; ERP order ${state.facts.orderNumber} still stands.`,
  };
}

function afterConfirm(state: OrderState, outcome: ConfirmOutcome, now: Instant): OrderState {
  if (state.step.at !== 'toConfirm') return state;
  const { orderNumber } = state.step;
  const { sent } = state;
  if (outcome.kind === 'notThere') {
    const says = `The ERP said it made order ${orderNumber}, but does not show it.`;
    return park(state, [{ code: 'ERP_REFUSED', says }], now, orderNumber);
  }
  const { glance, findings, purchase } = outcome;
  const facts = {
    ...state.facts,
    orderNumber,
    division: sent?.division ?? state.facts.division,
    warehouse: sent?.warehouse ?? state.facts.warehouse,
    holdCode: glance.holdCode,
    erpStatus: glance.status,
    erpStatusLetter: glance.statusLetter,
  };
  const kept = problemsWithout(state, [
    'STEP_OVERDUE',
    'IMPORT_OVERDUE',
    'OUTCOME_UNKNOWN',
    ...findings.map(({ code }) => code),
  ]);
  const accepted = asAccepted({ ...state, facts, problems: [...kept, ...findings] }, glance);
  const told = remember(accepted, now, `Accepted by the ERP as order ${orderNumber}.`);
  if (purchase.kind === 'gone')
    return park({ ...told, purchaseGone: true }, [withdrawnProblem(told)], now, orderNumber);
  if (purchase.kind === 'conflict')
    return park(told, [{ code: 'WRITE_BACK_REFUSED', says: purchase.why }], now, orderNumber);
  const written = { ...told, decidedUpdatedAt: later(purchase.updatedAt, told.decidedUpdatedAt) };
  if (purchase.fingerprint !== state.fingerprint) return park(written, [amended(orderNumber)], now, orderNumber);
  const duplicates = findings.filter(({ code }) => code === 'DUPLICATE_IN_ERP');
  return duplicates.length > 0
    ? park(written, duplicates, now, orderNumber)
    : at(written, { at: 'settled', orderNumber });
}

function amended(orderNumber: string): Problem {
  return {
    code: 'AMENDED',
    says: `The purchase changed after it was sent; ERP order ${orderNumber} still has the earlier content.`,
  };
}

function afterAdoptionCheck(
  state: OrderState,
  outcome: Extract<OrderEvent, { is: 'adoptionChecked' }>['outcome'],
  now: Instant,
): OrderState {
  if (state.step.at !== 'toAdopt') return state;
  const { order, orderNumber, since, watermark } = state.step;
  if (outcome.kind === 'ours')
    return at(
      {
        ...state,
        sent: order,
        facts: { ...state.facts, orderNumber },
        stage: 'submitted',
        problems: problemsWithout(state, ['OUTCOME_UNKNOWN', 'ADOPT_REFUSED', 'DUPLICATE_IN_ERP']),
      },
      { at: 'toConfirm', orderNumber },
    );
  const problems: readonly Problem[] = [
    ...problemsWithout(state, ['ADOPT_REFUSED']),
    { code: 'ADOPT_REFUSED', says: `ERP order ${orderNumber} was not adopted: ${outcome.why}` },
  ];
  return at(remember({ ...state, problems }, now, `ERP order ${orderNumber} was not adopted: ${outcome.why}`), {
    at: 'unknown',
    order,
    since,
    watermark,
    look: { kind: 'now', gap: state.pacing.firstLook },
  });
}

function afterCompare(
  state: OrderState,
  outcome: Extract<OrderEvent, { is: 'compared' }>['outcome'],
  now: Instant,
): OrderState {
  if (state.step.at !== 'toCompare') return state;
  const { orderNumber } = state.step;
  if (outcome.kind === 'withdrawn')
    return park({ ...state, purchaseGone: true }, [withdrawnProblem(state)], now, orderNumber);
  const seen = { ...state, decidedUpdatedAt: later(outcome.updatedAt, state.decidedUpdatedAt) };
  if (outcome.kind === 'amended') return park(seen, [amended(orderNumber)], now, orderNumber);
  const place: Step = state.stage === 'parked' ? { at: 'parked', orderNumber } : { at: 'settled', orderNumber };
  return at(seen, place);
}

function afterBuyerTold(
  state: OrderState,
  outcome: Extract<OrderEvent, { is: 'buyerTold' }>['outcome'],
  now: Instant,
): OrderState {
  if (state.step.at !== 'toTellBuyer') return state;
  const { orderNumber } = state.step;
  if (outcome.kind === 'conflict')
    return park(state, [{ code: 'WRITE_BACK_REFUSED', says: outcome.why }], now, orderNumber);
  const { updatedAt } = outcome;
  const told = {
    ...state,
    decidedUpdatedAt: updatedAt === null ? state.decidedUpdatedAt : later(updatedAt, state.decidedUpdatedAt),
  };
  return noticed(
    at(told, state.stage === 'parked' ? { at: 'parked', orderNumber } : { at: 'settled', orderNumber }),
    now,
  );
}

function afterRepair(state: OrderState, repair: RepairRequest, now: Instant): OrderState {
  if (refuseRepair(state, repair) !== null) return state;
  const { step, facts } = state;
  const told = remember(state, now, `${repair.actor}: ${repair.kind}. ${repair.reason}`);
  const act = { actor: repair.actor, reason: repair.reason };
  switch (repair.kind) {
    case 'retry':
      return retried(told);
    case 'replaceCustomer':
      return at({ ...told, customerOverride: repair.customer.trim() }, { at: 'toPrepare' });
    case 'remap':
      return inErp(told)
        ? at(nextRevision(told), { at: 'toReplace', orderNumber: facts.orderNumber, change: 'remap', act })
        : at(told, { at: 'toPrepare' });
    case 'release':
      return at(nextRevision(told), { at: 'toReplace', orderNumber: facts.orderNumber, change: 'release', act });
    case 'sendAnyway':
      return step.at === 'unknown'
        ? at(
            {
              ...told,
              stage: 'submitted',
              posts: 'some',
              problems: problemsWithout(told, ['OUTCOME_UNKNOWN', 'ADOPT_REFUSED']),
            },
            { at: 'toSubmit', order: step.order, permission: { kind: 'cleared', by: 'person' } },
          )
        : told;
    case 'adopt':
      return step.at === 'unknown'
        ? at(told, {
            at: 'toAdopt',
            order: step.order,
            orderNumber: repair.orderNumber.trim(),
            since: step.since,
            watermark: step.watermark,
          })
        : told;
    case 'cancel':
      return cancelled(told, act);
    case 'close':
      return at(told, { at: 'toClose', outcome: 'closed', act });
  }
}

/** In the ERP: reads both sides again. Not there: prepares anew, with everything that was mended since. */
function retried(state: OrderState): OrderState {
  if (!inErp(state)) return at(state, { at: 'toPrepare' });
  const { orderNumber, erpStatus } = state.facts;
  const reviews = state.problems.filter(({ code }) => problemKind(code).fate === 'proceedWithReview');
  return at(
    { ...state, problems: reviews, stage: stageOfStatus(erpStatus), purchaseGone: false },
    { at: 'toConfirm', orderNumber },
  );
}

function cancelled(state: OrderState, act: { actor: string; reason: string }): OrderState {
  const { step } = state;
  if (inErp(state)) {
    const free = step.at === 'settled' || step.at === 'parked';
    return free
      ? at(state, { at: 'toCancel', orderNumber: state.facts.orderNumber, act })
      : { ...state, cancelWish: act };
  }
  const nothingUnderWay =
    step.at === 'parked' || step.at === 'pausing' || step.at === 'toPrepare' || step.at === 'toSubmit';
  if (nothingUnderWay && !hasUnknownPost(state)) return at(state, { at: 'toClose', outcome: 'cancelled', act });
  // What may be in the ERP is looked for first, and cancelled there.
  return step.at === 'parked' ? at({ ...state, cancelWish: act }, { at: 'toPrepare' }) : { ...state, cancelWish: act };
}

function nextRevision(state: OrderState): OrderState {
  return { ...state, revision: state.revision + 1, attempt: 1 };
}

function afterTime(state: OrderState): OrderState {
  const { step } = state;
  switch (step.at) {
    case 'pausing':
      return at(state, { at: 'toSubmit', order: step.order, permission: step.permission });
    case 'awaiting':
    case 'unknown':
    case 'replacing':
    case 'cancelling':
      return step.look.kind === 'at' ? at(state, { ...step, look: { kind: 'now', gap: step.look.gap } }) : state;
    default:
      return state;
  }
}

function overdue(state: OrderState, why: string, now: Instant): OrderState {
  if (state.problems.some(({ code }) => code === 'STEP_OVERDUE')) return state;
  const problem: Problem = { code: 'STEP_OVERDUE', says: `A step has not succeeded for a long time: ${why}` };
  return remember({ ...state, problems: [...state.problems, problem] }, now, problem.says);
}

/** A step that cannot succeed parks the order; but while something may be under way in the ERP, looking goes on. */
function refusedForGood(state: OrderState, why: string, now: Instant): OrderState {
  const { step } = state;
  const says = `A system refused this step for good: ${why}`;
  if (step.at === 'awaiting' || step.at === 'unknown')
    return at(remember(state, now, says), { ...step, look: nextLook(now, step.look.gap, state.pacing.longestGap) });
  // Naming an order that cannot be checked is no reason to stop looking for the post.
  if (step.at === 'toAdopt') return afterAdoptionCheck(state, { kind: 'notOurs', why }, now);
  // A submit step that broke leaves it open whether an attempt of it sent something.
  const open: OrderState = step.at === 'toSubmit' ? { ...state, posts: 'doubtful' } : state;
  return park(open, [{ code: 'STEP_REFUSED', says }], now, inErp(state) ? state.facts.orderNumber : null);
}
