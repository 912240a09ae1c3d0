import {
  ActivityFailure,
  ApplicationFailure,
  condition,
  continueAsNew,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';

import type { BulkActivities } from '../activities/bulk-activities.ts';
import {
  asReported,
  asWaiting,
  describeBulk,
  needsFreshHistory,
  newBulk,
  refuseBulk,
  type BulkProgress,
  type BulkRequest,
  type BulkStatus,
  type OrderResult,
} from '../domain/act-on-orders.ts';
import * as messages from './messages.ts';

/** How fast a bulk goes, and for how long it waits for what it started. */
export interface BulkPace {
  readonly ordersPerMinute: number;
  /** Milliseconds that the first order, and later each other one, has to come to rest. */
  readonly patienceMs: number;
  /** Orders that are asked before a fresh history begins. */
  readonly ordersPerHistory: number;
}

export interface ActOnOrdersInput extends BulkRequest {
  readonly pace: BulkPace;
  /** The bulk so far, when a fresh history goes on with it; `orders` are then those still untouched. */
  readonly progress: BulkProgress | null;
}

const MINUTE = 60_000;
/** A look at many orders takes its time; so many orders a second are looked at, and never more often than the least. */
const LEAST_LOOK_GAP = 5_000;
const LOOK_GAP_PER_ORDER = 100;
/** An order that does not answer its update holds up the others for so long. */
const ANSWER_WITHIN = 2 * MINUTE;
const HEARTBEAT = '10s';
const RETRY = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '15s' } as const;

/**
 * One act on many orders, the list of which a person saw. The first order goes alone: only when it has come to rest
 * without trouble do the others follow, at a pace. What fails is recorded and stops no other order.
 */
export async function actOnOrders(input: ActOnOrdersInput): Promise<BulkProgress> {
  const { pace } = input;
  const orders = [...input.orders];
  let progress = input.progress ?? begun(input);
  let wantsStop = false;
  setHandler(messages.stop, stop, { description: 'End after the order in hand' });
  setHandler(messages.progress, () => progress, { description: 'How far the bulk is, and what did not come out well' });
  show(progress);

  if (progress.status === 'trying') {
    const first = await askNext(pace.patienceMs);
    report(first.result);
    if (first.result.result !== 'done') return ended('firstFailed');
    show({ ...progress, status: 'running' });
  }

  const gap = MINUTE / pace.ordersPerMinute;
  let nextAct = Date.now() + gap;
  let nextLook = Date.now() + lookGap();
  let askedHere = 0;
  while (!isOver()) {
    const { continueAsNewSuggested: isSuggested } = workflowInfo();
    if (needsFreshHistory({ asked: askedHere, left: orders.length, isSuggested }, pace.ordersPerHistory))
      await continueAsNew<typeof actOnOrders>({ ...input, orders, progress });
    const due = Math.min(
      orders.length > 0 ? nextAct : Number.POSITIVE_INFINITY,
      progress.waiting.length > 0 ? nextLook : Number.POSITIVE_INFINITY,
    );
    await pauseUntil(due);
    if (isOver()) break;
    // By the time that was waited for, as in the order’s own life.
    if (orders.length > 0 && nextAct <= due) {
      nextAct = Date.now() + gap;
      askedHere++;
      const { answered, result } = await askNext(0);
      if (answered && result.result === 'notAtRest') {
        if (progress.waiting.length === 0) nextLook = Date.now() + lookGap();
        show(asWaiting(progress, result.order, patienceFromNow()));
      } else report(result);
    }
    if (progress.waiting.length > 0 && nextLook <= due) {
      await lookAtWaiting();
      nextLook = Date.now() + lookGap();
    }
  }
  if (!wantsStop) return ended('completed');
  await lookAtWaiting();
  for (const { order } of progress.waiting)
    report({ order, result: 'notAtRest', says: 'It took the act and was still on its way when the bulk was stopped.' });
  return ended(orders.length > 0 ? 'stopped' : 'completed');

  function stop(): void {
    wantsStop = true;
  }

  function isOver(): boolean {
    return wantsStop || (orders.length === 0 && progress.waiting.length === 0);
  }

  function show(next: BulkProgress): void {
    progress = next;
    setCurrentDetails(describeBulk(progress));
  }

  function report(result: OrderResult): void {
    show(asReported(progress, result));
  }

  function ended(status: BulkStatus): BulkProgress {
    show({ ...progress, status });
    return progress;
  }

  async function askNext(patienceMs: number): Promise<Asked> {
    const [order = ''] = orders.splice(0, 1);
    const { act, actor, reason, because } = input;
    const updateId = `${workflowInfo().workflowId}/${order}`;
    const asked = await ask(order, () =>
      steps(patienceMs).actOnOrder.executeWithOptions({ summary: `${act}: ${order}` }, [
        { order, act, actor, reason, ...(because === undefined ? {} : { because }), updateId, patienceMs },
      ]),
    );
    progress = { ...progress, untouched: orders.length };
    return asked;
  }

  async function lookAtWaiting(): Promise<void> {
    const asked = progress.waiting.map(({ order }) => order);
    if (asked.length === 0) return;
    const results = await looked(asked);
    for (const result of results) report(result);
    for (const { order } of progress.waiting.filter(({ until }) => Date.parse(until) <= Date.now()))
      report({
        order,
        result: 'notAtRest',
        says: `It took the act and is not at rest after ${minutes(pace.patienceMs)}.`,
      });
  }

  async function looked(asked: readonly string[]): Promise<readonly OrderResult[]> {
    try {
      const summary = `Look how ${asked.length} orders took it`;
      return await steps(0).lookAtOrders.executeWithOptions({ summary }, [{ asked }]);
    } catch (error) {
      // The next look tells; what is never seen at rest is reported when its patience ends.
      if (error instanceof ActivityFailure && !isCancellation(error)) return [];
      throw error;
    }
  }

  async function pauseUntil(time: number): Promise<void> {
    const left = Math.max(Math.ceil(time - Date.now()), 1);
    await condition(() => wantsStop, left, { summary: `${pace.ordersPerMinute} orders a minute` });
  }

  function lookGap(): number {
    return Math.max(LEAST_LOOK_GAP, LOOK_GAP_PER_ORDER * progress.waiting.length);
  }

  function patienceFromNow(): string {
    return new Date(Date.now() + pace.patienceMs).toISOString();
  }
}

function begun(input: ActOnOrdersInput): BulkProgress {
  const { ordersPerMinute, patienceMs, ordersPerHistory } = input.pace;
  const isPace = ordersPerMinute > 0 && patienceMs >= 0 && ordersPerHistory >= 1;
  const refusal = isPace ? refuseBulk(input) : 'The pace must be above zero orders a minute, with some patience.';
  if (refusal !== null) throw ApplicationFailure.nonRetryable(refusal, 'BULK_REFUSED');
  return newBulk(input);
}

/** Without an answer it is not known whether the order took the act; how it rests later then says nothing of it. */
interface Asked {
  readonly answered: boolean;
  readonly result: OrderResult;
}

/** An order that does not answer in time is reported, and the next one goes on. */
async function ask(order: string, question: () => Promise<OrderResult>): Promise<Asked> {
  try {
    return { answered: true, result: await question() };
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    const { cause, message } = error;
    const root = cause instanceof TimeoutFailure ? (cause.cause ?? cause) : cause;
    const says = `The order did not answer in time, so it may or may not have taken the act: ${root?.message ?? message}`;
    return { answered: false, result: { order, result: 'notAtRest', says } };
  }
}

function steps(patienceMs: number) {
  return proxyActivities<BulkActivities>({
    startToCloseTimeout: patienceMs + ANSWER_WITHIN,
    scheduleToCloseTimeout: patienceMs + ANSWER_WITHIN,
    heartbeatTimeout: HEARTBEAT,
    retry: RETRY,
  });
}

function minutes(milliseconds: number): string {
  const count = Math.round(milliseconds / (MINUTE / 10)) / 10;
  return count === 1 ? '1 minute' : `${count} minutes`;
}
