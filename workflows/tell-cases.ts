import { condition, proxyActivities, workflowInfo } from '@temporalio/workflow';

import type { TellCasesActivities } from '../activities/tell-cases.ts';
import { casesOfOrder } from '../domain/cases/case-of-problem.ts';
import type { Amount } from '../domain/money.ts';
import type { OrderState } from '../domain/order-state.ts';
import { ordersQueue } from './task-queues.ts';

/** A case that was told that the order is in it. */
export interface ToldCase {
  readonly id: string;
  readonly value: Amount | null;
}

export interface CaseTeller {
  /** What has been told so far; for the next history. */
  told(): readonly ToldCase[];
  /** Begins to tell the cases, where what they know is not what the order has now. Does not wait. */
  tell(state: OrderState): void;
  /** Whether more is to be told than what is being told. */
  isBehind(state: OrderState): boolean;
  /** Whether nothing is being told. */
  isIdle(): boolean;
  /** Tells the cases and waits until they know. */
  settle(state: () => OrderState): Promise<void>;
}

/**
 * Tells the cases of a site what an order is in. An order without problems tells nothing. The telling goes on beside the
 * order's own life: whatever holds it up, no order waits for it.
 */
export function tellCasesOf(site: string, before: readonly ToldCase[]): CaseTeller {
  let told = before;
  let isTelling = false;
  const { tellCases } = proxyActivities<TellCasesActivities>({
    taskQueue: ordersQueue(site),
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1 minute' },
  });

  const teller: CaseTeller = {
    told: () => told,
    isIdle: () => !isTelling,
    isBehind: (state) => !isTelling && differs(state),
    tell(state) {
      if (teller.isBehind(state)) void tellNow(state);
    },
    async settle(state) {
      while (isTelling || differs(state())) {
        if (isTelling) await condition(() => !isTelling);
        else await tellNow(state());
      }
    },
  };
  return teller;

  async function tellNow(state: OrderState): Promise<void> {
    isTelling = true;
    const { visibleNumber, total, currency } = state.facts;
    const causes = casesOfOrder(state);
    const joins = causes
      .filter(({ id }) => !told.some((each) => each.id === id && each.value === total))
      .map(({ id: _id, ...cause }) => cause);
    const leaves = told.map(({ id }) => id).filter((id) => !causes.some((cause) => cause.id === id));
    const member = {
      id: workflowInfo().workflowId,
      label: visibleNumber,
      value: total,
      currency,
      since: sinceOf(state),
    };
    const summary = [
      joins.length > 0 && `It is in ${joins.map(({ code }) => code).join(', ')}`,
      leaves.length > 0 && `It leaves ${leaves.join(', ')}`,
    ];
    await tellCases.executeWithOptions({ summary: summary.filter(Boolean).join('; ') }, [{ member, joins, leaves }]);
    told = causes.map(({ id }) => ({ id, value: total }));
    isTelling = false;
  }

  function differs(state: OrderState): boolean {
    const causes = casesOfOrder(state);
    const { total } = state.facts;
    return (
      causes.length !== told.length ||
      causes.some(({ id }) => !told.some((each) => each.id === id && each.value === total))
    );
  }
}

/** The latest thing that happened to the order is what brought it there. */
function sinceOf({ timeline }: OrderState): string {
  return timeline.at(-1)?.at ?? '';
}
