import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { SearchAttributeUpdatePair, UpdateDefinition } from '@temporalio/common';

import { attentionOf, describeAction, describeOrder, mostUrgent, stageOfOrder } from '../domain/describe-order.ts';
import { isLateNews, openedAgain } from '../domain/late-news.ts';
import { decide, evolve, isFinished, newOrder } from '../domain/order-lifecycle.ts';
import { refuseRepair } from '../domain/order-acts.ts';
import { isIdle } from '../domain/order-documents.ts';
import type { Action, FinalOutcome, OrderEvent, OrderState, RepairRequest, Stage } from '../domain/order-state.ts';
import { problemKind } from '../domain/problems.ts';
import * as messages from './messages.ts';
import { perform } from './perform-action.ts';
import { attributes } from './search-attributes.ts';
import { tellCasesOf, type ToldCase } from './tell-cases.ts';

/** Long before replays get slow. */
const LONG_HISTORY = 1_500;

export interface OrderLifecycleInput {
  readonly site: string;
  /** The purchase's key as text. */
  readonly key: string;
  /** Empty when the purchase has no identifier the ERP can carry. */
  readonly reference: string;
  /** The order so far, when a fresh history goes on with it. */
  readonly state: OrderState | null;
  /** The cases that know that the order is in them, when a fresh history goes on with it. */
  readonly told?: readonly ToldCase[];
  /** What came too late for the run before, which had ended the order. */
  readonly news?: readonly OrderEvent[];
}

export interface OrderOutcome {
  readonly outcome: FinalOutcome;
  readonly orderNumber: string;
}

/**
 * The life of one order, from the purchase to its end: decide, do, take in what happened. All rules are in
 * `domain/order-lifecycle.ts`. This is the first version of the rules; the next one is told apart by `patched`, read
 * once in each run.
 */
export async function orderLifecycle(input: OrderLifecycleInput): Promise<OrderOutcome> {
  let state = input.state ?? newOrder(input, now());
  let wantsFreshHistory = false;
  // What the start, or the run before, has already shown; the attributes of a run pass on to the next.
  let shown: Shown =
    input.state === null
      ? { key: 'received|none|', dueSince: now() }
      : { key: '', dueSince: workflowInfo().typedSearchAttributes.get(attributes.DueAt)?.toISOString() ?? null };
  const inbox: OrderEvent[] = [...(input.news ?? [])];
  // The time that was waited for: by the time a task begins the clock shows more.
  let reached: string | null = null;
  const cases = tellCasesOf(input.site, input.told ?? []);
  receiveMessages();

  while (!isFinished(state)) {
    if (reached !== null) state = evolve(state, { is: 'timePassed' }, reached);
    reached = null;
    takeIn(inbox.splice(0));
    const action = decide(state);
    shown = showToPeople(state, action, shown);
    if (action.do === 'wait' || action.do === 'recordClosing') cases.tell(state);
    if (action.do === 'finish') break;
    if (action.do !== 'wait') {
      takeIn([await perform(action, state)]);
      continue;
    }
    const isLong = workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > LONG_HISTORY;
    // An order that waits for long without being at rest, as while the ERP is away, must not outgrow its history either.
    if (cases.isIdle() && (isLong || (wantsFreshHistory && isIdle(state)))) await startFreshHistory();
    await pause(action);
  }
  await cases.settle(() => state);
  await condition(allHandlersFinished);
  const news = inbox.filter((event) => isLateNews(state, event));
  // The feeds have told it, and will not again.
  if (news.length > 0)
    await continueAsNew<typeof orderLifecycle>({
      ...input,
      state: openedAgain(state, now()),
      told: cases.told(),
      news,
    });
  // An act that was accepted during the last step: its story says that it came too late.
  takeIn(inbox.splice(0));
  return {
    outcome: state.step.at === 'finished' ? state.step.outcome : 'closed',
    orderNumber: state.facts.orderNumber,
  };

  function tell(event: OrderEvent): void {
    inbox.push(event);
  }

  function renew(): void {
    wantsFreshHistory = true;
  }

  function takeIn(events: readonly OrderEvent[]): void {
    for (const event of events) state = evolve(state, event, now());
  }

  async function pause({ until, why }: Extract<Action, { do: 'wait' }>): Promise<void> {
    const hasNews = () =>
      inbox.length > 0 || cases.isBehind(state) || (wantsFreshHistory && isIdle(state) && cases.isIdle());
    if (until === null) return condition(hasNews);
    const left = Math.max(Date.parse(until) - Date.now(), 1);
    const told = await condition(hasNews, left, { summary: why });
    if (!told) reached = until;
  }

  async function startFreshHistory(): Promise<void> {
    await condition(allHandlersFinished);
    if (inbox.length > 0) return;
    await continueAsNew<typeof orderLifecycle>({ ...input, state, told: cases.told(), news: [] });
  }

  function receiveMessages(): void {
    setHandler(messages.purchaseChanged, ({ updatedAt }) => tell({ is: 'purchaseChanged', updatedAt }), {
      description: 'The storefront’s poller saw a change of the purchase',
    });
    setHandler(messages.purchaseGone, () => tell({ is: 'purchaseGone' }), {
      description: 'The purchase is gone or no longer an order',
    });
    setHandler(messages.erpChanged, (news) => tell({ is: 'erpChanged', ...news }), {
      description: 'The ERP’s poller saw this order in the import log, or among orders, picks, invoices and credits',
    });
    setHandler(messages.renew, renew, {
      description: 'Start a fresh history as soon as the order is idle',
    });
    setHandler(messages.state, () => state, { description: 'The whole state of the order' });
    setHandler(messages.timeline, () => state.timeline, { description: 'What happened so far' });
    onRepair(messages.retry, (act) => ({ ...act, kind: 'retry' }), 'Prepare anew; in the ERP: read both sides again');
    onRepair(messages.resync, (act) => ({ ...act, kind: 'resync' }), 'Read both sides again and bring them together');
    onRepair(
      messages.acceptErp,
      ({ alsoMore = false, ...act }) => ({ ...act, kind: 'acceptErp', alsoMore }),
      'Take the ERP’s version into the purchase; alsoMore: even if it is more, or another price',
    );
    onRepair(
      messages.pushStorefront,
      (act) => ({ ...act, kind: 'pushStorefront' }),
      'Send the storefront’s version to the ERP again',
    );
    onRepair(messages.askOwner, (act) => ({ ...act, kind: 'askOwner' }), 'Leave it open, for this owner to decide');
    onRepair(messages.remap, (act) => ({ ...act, kind: 'remap' }), 'Take the warehouse from the location table again');
    onRepair(messages.release, (act) => ({ ...act, kind: 'release' }), 'Lift the hold that Instep set');
    onRepair(messages.cancel, (act) => ({ ...act, kind: 'cancel' }), 'Cancel the order; once sent, in the ERP');
    onRepair(messages.close, (act) => ({ ...act, kind: 'close' }), 'Stop following the order; it is settled by hand');
    onRepair(
      messages.sendAnyway,
      (act) => ({ ...act, kind: 'sendAnyway' }),
      'The ERP certainly does not have it: send',
    );
    onRepair(
      messages.replaceCustomer,
      (act) => ({ ...act, kind: 'replaceCustomer' }),
      'Send the order for this ERP customer',
    );
    onRepair(messages.adopt, (act) => ({ ...act, kind: 'adopt' }), 'This ERP order is the purchase');
  }

  function onRepair<Args extends Repairing>(
    definition: UpdateDefinition<messages.Acknowledgement, [Args]>,
    toRequest: (args: Args) => RepairRequest,
    description: string,
  ): void {
    setHandler(
      definition,
      (args: Args) => {
        tell({ is: 'repaired', repair: toRequest(args) });
        return { stage: stageOfOrder(state), now: describeAction(decide(state)) };
      },
      {
        description,
        validator: (args: Args) => {
          const refusal = refuseRepair(state, toRequest(args));
          if (refusal !== null) throw ApplicationFailure.nonRetryable(refusal, 'REPAIR_REFUSED');
        },
      },
    );
  }
}

interface Repairing {
  readonly actor: string;
  readonly reason: string;
}

/** What searching shows of the order. */
interface Shown {
  readonly key: string;
  /** Since when it is on its way to the ERP, wherever it was before: what it waited for a person does not count. */
  readonly dueSince: string | null;
}

const ON_THE_WAY: ReadonlySet<Stage> = new Set(['received', 'submitted']);

/** Attributes are for searching: written when one that people search for has changed, and then together. */
function showToPeople(state: OrderState, action: Action, shown: Shown): Shown {
  setCurrentDetails(describeOrder(state, action));
  // Preparing takes a moment; nobody searches for it, and every attribute costs an event.
  const place = stageOfOrder(state);
  const stage = place === 'prepared' ? 'received' : place;
  const attention = attentionOf(state);
  const urgent = mostUrgent(state.problems);
  const { customer, purchaseOrder, visibleNumber, orderNumber, total } = state.facts;
  const key = [stage, attention, orderNumber, ...(state.askedOwner ? [state.askedOwner] : [])].join('|');
  if (key === shown.key) return shown;
  const dueSince = ON_THE_WAY.has(stage) ? (shown.dueSince ?? now()) : null;
  const pairs: SearchAttributeUpdatePair[] = [
    { key: attributes.Stage, value: stage },
    { key: attributes.Attention, value: attention },
  ];
  // null takes an attribute away; only an order that had trouble before has one to take.
  if (urgent || shown.key !== '')
    pairs.push(
      { key: attributes.Owner, value: urgent && (state.askedOwner ?? problemKind(urgent.code).owner) },
      { key: attributes.ValueAtRisk, value: urgent && total !== null ? Number(total) : null },
    );
  if (dueSince !== null || shown.dueSince !== null)
    pairs.push({ key: attributes.DueAt, value: dueSince === null ? null : new Date(dueSince) });
  if (customer) pairs.push({ key: attributes.Customer, value: customer });
  if (purchaseOrder) pairs.push({ key: attributes.PurchaseOrder, value: purchaseOrder.slice(0, 100) });
  if (visibleNumber) pairs.push({ key: attributes.OrderNumber, value: visibleNumber });
  if (orderNumber) pairs.push({ key: attributes.ErpOrder, value: orderNumber });
  upsertSearchAttributes(pairs);
  return { key, dueSince };
}

function now(): string {
  return new Date(Date.now()).toISOString();
}
