import {
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  ChildWorkflowFailure,
  condition,
  continueAsNew,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  startChild,
  upsertMemo,
  upsertSearchAttributes,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import { TypedSearchAttributes, type UpdateDefinition } from '@temporalio/common';

import type { AlertActivities } from '../activities/alert-activities.ts';
import type { PlanCaseActivities } from '../activities/plan-case.ts';
import type { TellCasesActivities } from '../activities/tell-cases.ts';
import { glanceOf, type CaseGlance } from '../domain/cases/case-glance.ts';
import { caseId } from '../domain/cases/case-id.ts';
import { refuseCaseAct } from '../domain/cases/case-acts.ts';
import { decide, evolve, isIdle, newCase, remainsOf } from '../domain/cases/case-lifecycle.ts';
import { sizeOf } from '../domain/cases/case-steps.ts';
import type {
  CaseAct,
  CaseAction,
  CaseCause,
  CaseEvent,
  CaseRemains,
  CaseStage,
  CaseState,
} from '../domain/cases/case-state.ts';
import { describeCase, describeCaseAction } from '../domain/cases/describe-case.ts';
import { toNumber } from '../domain/money.ts';
import type { actOnOrders } from './act-on-orders.ts';
import * as messages from './case-messages.ts';
import { attributes } from './search-attributes.ts';

/** Long before replays get slow. */
const LONG_HISTORY = 3_000;
const ORDERS_PER_HISTORY = 500;
const START_TO_CLOSE = '1 minute';
/** A message that has not left by then is tried again later, so that the case hears what comes meanwhile. */
const ALERT_WITHIN = '5 minutes';
const RETRY = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1 minute' } as const;

export interface ExceptionCaseInput extends CaseCause {
  /** The case so far, when a fresh history goes on with it. */
  readonly state: CaseState | null;
}

const { recallCase } = proxyActivities<TellCasesActivities>({ startToCloseTimeout: START_TO_CLOSE, retry: RETRY });
const { planCase } = proxyActivities<PlanCaseActivities>({ startToCloseTimeout: START_TO_CLOSE, retry: RETRY });
const { alert } = proxyActivities<AlertActivities>({
  startToCloseTimeout: START_TO_CLOSE,
  scheduleToCloseTimeout: ALERT_WITHIN,
  retry: RETRY,
});

/**
 * One cause of trouble at one site, from the first that is concerned until nothing is left: decide, do, take in what
 * happened. All rules are in `domain/cases/case-lifecycle.ts`. Its result is what is kept for when the cause comes back.
 */
export async function exceptionCase(input: ExceptionCaseInput): Promise<CaseRemains> {
  // What the version that wrote the state did not know yet is as in a new case.
  let state: CaseState = { ...newCase(input, now()), ...input.state };
  let wantsFreshHistory = false;
  // What the start, or the run before, has already shown.
  let shown = input.state === null ? '' : attributeKey(state, state.stage);
  let sources = JSON.stringify(workflowInfo().memo?.['sources'] ?? []);
  const inbox: CaseEvent[] = [];
  // The time that was waited for, as in the order's own life.
  let reached: string | null = null;
  receiveMessages();

  for (;;) {
    if (reached !== null) state = evolve(state, { is: 'timePassed' }, reached);
    reached = null;
    takeIn(inbox.splice(0));
    const action = decide(state);
    showToPeople(action);
    if (action.do === 'finish') break;
    if (action.do !== 'wait') {
      takeIn([await perform(action)]);
      continue;
    }
    const isLong = workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > LONG_HISTORY;
    if (isIdle(state) && (isLong || wantsFreshHistory)) await startFreshHistory();
    await pause(action);
  }
  await condition(allHandlersFinished);
  return remainsOf(state, now());

  async function perform(action: Exclude<CaseAction, { do: 'wait' | 'finish' }>): Promise<CaseEvent> {
    const options = { summary: describeCaseAction(state, action) };
    switch (action.do) {
      case 'recall':
        return { is: 'recalled', before: await recallCase.executeWithOptions(options, [{ id: caseId(input) }]) };
      case 'plan': {
        const { code, owner, from, until } = action;
        return { is: 'planned', plan: await planCase.executeWithOptions(options, [{ code, owner, from, until }]) };
      }
      case 'alert': {
        const { why, level, to } = action;
        try {
          const { remarks } = await alert.executeWithOptions(options, [{ case: glanceOf(state), why, level, to }]);
          return { is: 'alerted', why, level, to, remarks };
        } catch (error) {
          if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
          return { is: 'alertFailed', why, level, error: error.cause?.message ?? error.message };
        }
      }
      case 'repair':
        return beginRepair(action, options.summary);
    }
  }

  /** The bulk goes on by itself; how it came out is told to the case like everything else. */
  async function beginRepair(
    { act, by, orders }: Extract<CaseAction, { do: 'repair' }>,
    staticSummary: string,
  ): Promise<CaseEvent> {
    const { site } = state;
    const workflowId = `bulk:${site}:${act}:${uuid4().slice(0, 8)}`;
    const { ordersPerMinute = 60, patienceMs = 600_000 } = state.plan?.pace.repair ?? {};
    const bulk = await startChild<typeof actOnOrders>('actOnOrders', {
      workflowId,
      args: [
        {
          site,
          act,
          ...by,
          because: state.code,
          orders,
          pace: { ordersPerMinute, patienceMs, ordersPerHistory: ORDERS_PER_HISTORY },
          progress: null,
        },
      ],
      parentClosePolicy: 'ABANDON',
      staticSummary,
      typedSearchAttributes: new TypedSearchAttributes([{ key: attributes.Site, value: site }]),
    });
    void bulk.result().then(
      (outcome) => void inbox.push({ is: 'repairEnded', outcome }),
      (error: unknown) => {
        if (!(error instanceof ChildWorkflowFailure)) throw error;
        inbox.push({ is: 'repairFailed', why: error.cause?.message ?? error.message });
      },
    );
    return { is: 'repairBegun', bulk: workflowId };
  }

  function tell(event: CaseEvent): void {
    inbox.push(event);
  }

  /** The case with all that waits for the end of the step in hand. */
  function foreseen(): CaseState {
    return inbox.reduce((seen, event) => evolve(seen, event, now()), state);
  }

  function takeIn(events: readonly CaseEvent[]): void {
    for (const event of events) state = evolve(state, event, now());
  }

  async function pause({ until, why }: Extract<CaseAction, { do: 'wait' }>): Promise<void> {
    const hasNews = () => inbox.length > 0 || (wantsFreshHistory && isIdle(state));
    if (until === null) return condition(hasNews);
    const left = Math.max(Date.parse(until) - Date.now(), 1);
    const told = await condition(hasNews, left, { summary: why });
    if (!told) reached = until;
  }

  async function startFreshHistory(): Promise<void> {
    await condition(allHandlersFinished);
    if (inbox.length > 0) return;
    await continueAsNew<typeof exceptionCase>({ ...input, state });
  }

  /** Attributes are for searching: written when one that people search for has changed, and then together. */
  function showToPeople(action: CaseAction): void {
    setCurrentDetails(describeCase(state, action));
    // Which feeds and checks report to it: asked for by them when they find nothing any more.
    const from = sourcesOf(state);
    if (JSON.stringify(from) !== sources) upsertMemo({ sources: from });
    sources = JSON.stringify(from);
    if (action.do === 'recall' || action.do === 'plan') return;
    const stage = action.do === 'finish' ? 'resolved' : state.stage;
    const key = attributeKey(state, stage);
    if (key === shown) return;
    shown = key;
    const { owner, severity, dueAt, code, site } = state;
    upsertSearchAttributes([
      { key: attributes.Site, value: site },
      { key: attributes.Attention, value: code },
      { key: attributes.Stage, value: stage },
      { key: attributes.Owner, value: owner },
      { key: attributes.Severity, value: severity },
      { key: attributes.ValueAtRisk, value: toNumber(sizeOf(state).value) },
      ...(dueAt === null ? [] : [{ key: attributes.DueAt, value: new Date(dueAt) }]),
    ]);
  }

  function receiveMessages(): void {
    setHandler(messages.add, ({ says, member }) => tell({ is: 'added', says, member }), {
      description: 'An order is in it',
    });
    setHandler(messages.withdraw, ({ members }) => tell({ is: 'withdrawn', members }), {
      description: 'Orders are in it no longer',
    });
    setHandler(messages.report, (finding) => tell({ is: 'reported', finding }), {
      description: 'What a feed or check says now; a count of 0 withdraws it',
    });
    setHandler(messages.renew, () => void (wantsFreshHistory = true), {
      description: 'Start a fresh history as soon as no repair is under way',
    });
    setHandler(messages.state, () => state, { description: 'The whole case, with every order' });
    setHandler(messages.glance, () => glanceOf(state), { description: 'The case at a glance' });
    onAct(
      messages.acknowledge,
      (by) => ({ is: 'acknowledged', ...by }),
      'Somebody is on it: quiet while there is time to mend it',
    );
    onAct(messages.assign, (by) => ({ is: 'assigned', ...by }), 'It belongs to this owner, whose time begins now');
    onAct(messages.snooze, (by) => ({ is: 'snoozed', ...by }), 'Nobody is told of it until this instant');
    onAct(messages.note, (by) => ({ is: 'noted', ...by }), 'Put the reason into its history');
    onAct(messages.resolve, (by) => ({ is: 'resolved', ...by }), 'Settled: it is quiet, unless more comes');
    onAct(
      messages.repair,
      (by) => ({ is: 'repairWanted', ...by }),
      'Ask this of all its orders: of one first, and of the others when that came out well',
    );
  }

  function onAct<Args extends Signed>(
    definition: UpdateDefinition<CaseGlance, [Args]>,
    toAct: (args: Args) => CaseAct,
    description: string,
  ): void {
    setHandler(
      definition,
      (args: Args) => {
        tell(toAct(args));
        return glanceOf(foreseen());
      },
      {
        description,
        validator: (args: Args) => {
          const refusal = refuseCaseAct(foreseen(), toAct(args), now());
          if (refusal !== null) throw ApplicationFailure.nonRetryable(refusal, 'ACT_REFUSED');
        },
      },
    );
  }
}

interface Signed {
  readonly actor: string;
  readonly reason: string;
}

function attributeKey(state: CaseState, stage: CaseStage): string {
  const { owner, severity, dueAt } = state;
  return [stage, owner, severity, dueAt ?? '', sizeOf(state).value].join('|');
}

function sourcesOf({ findings }: CaseState): readonly string[] {
  return findings.map(({ source }) => source).toSorted();
}

function now(): string {
  return new Date(Date.now()).toISOString();
}
