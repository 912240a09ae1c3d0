import { isIdle, views } from './order-documents.ts';
import { decide } from './order-lifecycle.ts';
import type { Act, Instant, OrderState } from './order-state.ts';
import { problemKind } from './problems.ts';

/** Acts that people ask of many orders at once, by the name of the order's update. */
export const BULK_ACTS = [
  'retry',
  'resync',
  'remap',
  'release',
  'cancel',
  'acceptErp',
  'pushStorefront',
  'close',
] as const;

export type BulkAct = (typeof BULK_ACTS)[number];

/** Most orders of one bulk: as many as a person can answer for, and far from every size limit. */
export const MOST_ORDERS = 5_000;

/** Failures beyond these are kept by their order and result only. */
const FAILURES_WITH_WORDS = 100;
const LONGEST_WORDS = 300;

/**
 * How one order took the act. done: taken, and at rest again without a problem that parks · refused: the order did not
 * take it · stillParked: taken, and parked again · notAtRest: still under way when patience ended · gone: it had ended.
 */
export type ActResult = 'done' | 'refused' | 'stillParked' | 'notAtRest' | 'gone';

export interface OrderResult {
  /** The id of the order's workflow. */
  readonly order: string;
  readonly result: ActResult;
  readonly says: string;
}

/** trying: the first order is in hand · the others follow when it came out well. */
export type BulkStatus = 'trying' | 'running' | 'firstFailed' | 'stopped' | 'completed';

export interface BulkProgress extends Act {
  readonly site: string;
  readonly act: BulkAct;
  readonly status: BulkStatus;
  readonly total: number;
  /** Orders that were not asked yet. */
  readonly untouched: number;
  /** Orders that took the act and are not at rest yet; after `until` they are reported as such. */
  readonly waiting: readonly { readonly order: string; readonly until: Instant }[];
  readonly counts: Readonly<Record<ActResult, number>>;
  readonly failures: readonly OrderResult[];
}

export interface BulkRequest extends Act {
  readonly site: string;
  readonly act: BulkAct;
  readonly orders: readonly string[];
}

/** Why a bulk cannot be done; null = it can. */
export function refuseBulk({ site, orders, actor, reason }: BulkRequest): string | null {
  if (!actor.trim() || !reason.trim()) return 'Say who acts and why: actor and reason are obligatory.';
  if (orders.length === 0) return 'There is no order to act on. Widen the filter.';
  if (orders.length > MOST_ORDERS)
    return `${orders.length} orders are more than one bulk may hold (${MOST_ORDERS}). Narrow the filter, or do them in several bulks with --limit ${MOST_ORDERS}.`;
  if (new Set(orders).size < orders.length) return 'An order is named twice. Name every order once.';
  const stranger = orders.find((order) => !order.startsWith(`order:${site}:`));
  return stranger === undefined
    ? null
    : `“${stranger}” is no order of the site “${site}”. Act on one site at a time, with --site.`;
}

/** A bulk of which nothing is done yet. */
export function newBulk({ site, act, actor, reason, orders }: BulkRequest): BulkProgress {
  return {
    site,
    act,
    actor,
    reason,
    status: 'trying',
    total: orders.length,
    untouched: orders.length,
    waiting: [],
    counts: { done: 0, refused: 0, stillParked: 0, notAtRest: 0, gone: 0 },
    failures: [],
  };
}

/** The order took the act and is on its way. */
export function asWaiting(progress: BulkProgress, order: string, until: Instant): BulkProgress {
  return { ...progress, waiting: [...progress.waiting, { order, until }] };
}

/** How the act on one order came out. */
export function asReported(progress: BulkProgress, { order, result, says }: OrderResult): BulkProgress {
  const words = progress.failures.length < FAILURES_WITH_WORDS ? says.slice(0, LONGEST_WORDS) : '';
  return {
    ...progress,
    waiting: progress.waiting.filter((waiting) => waiting.order !== order),
    counts: { ...progress.counts, [result]: progress.counts[result] + 1 },
    failures: result === 'done' ? progress.failures : [...progress.failures, { order, result, says: words }],
  };
}

/**
 * How an order that took the act came to rest; null = it is still under way. What is in the ERP is at rest only when
 * nothing of it is still to be read or decided: only then it is known what the act has come to.
 */
export function restOf(state: OrderState): Pick<OrderResult, 'result' | 'says'> | null {
  const { step, problems, follow, revise, answer, pressed = [] } = state;
  if (step.at === 'finished') return { result: 'done', says: `Finished: ${step.outcome}.` };
  if (answer !== null || pressed.length > 0 || !isIdle(state) || decide(state).do !== 'wait') return null;
  if (views(state).some((view) => view.step.at === 'parked')) {
    const parking = problems.filter(({ code }) => problemKind(code).fate === 'park');
    const told = parking.length > 0 ? parking : problems;
    return { result: 'stillParked', says: told.map(({ code, says }) => `${code}: ${says}`).join(' ') || 'Parked.' };
  }
  if (follow !== null || revise !== null) return null;
  const open = problems.map(({ code }) => code);
  const rest = open.length > 0 ? `; still to be looked at: ${open.join(', ')}` : '';
  const numbers = views(state).flatMap((view) => (view.step.at === 'settled' ? [view.step.orderNumber] : []));
  return { result: 'done', says: `In the ERP as order ${numbers.join(', ')}${rest}.` };
}

/** One line: what is done to how many orders, and how far it is. */
export function summarizeBulk({ act, total, status, untouched, waiting, counts }: BulkProgress): string {
  const words: Record<BulkStatus, string> = {
    trying: 'trying it on the first order',
    running: 'under way',
    firstFailed: 'the first order did not come out well, so the others were left alone',
    stopped: 'stopped by a person',
    completed: 'all orders were asked',
  };
  const parts = [
    `${counts.done} done`,
    counts.refused > 0 && `${counts.refused} refused`,
    counts.stillParked > 0 && `${counts.stillParked} parked again`,
    counts.notAtRest > 0 && `${counts.notAtRest} not at rest in time`,
    counts.gone > 0 && `${counts.gone} already ended`,
    waiting.length > 0 && `${waiting.length} on their way`,
    untouched > 0 && `${untouched} untouched`,
  ].filter((part) => part !== false);
  return `${act} on ${total} orders: ${parts.join(', ')}; ${words[status]}.`;
}

/** The bulk's page in the Temporal UI: who, why, how far, and what did not come out well. Markdown. */
export function describeBulk(progress: BulkProgress): string {
  const { site, act, actor, reason, failures } = progress;
  const shown = failures.slice(0, FAILURES_WITH_WORDS);
  const more = failures.length - shown.length;
  const list =
    failures.length === 0
      ? []
      : [
          '## What did not come out well',
          [
            '| order | result | |',
            '|---|---|---|',
            ...shown.map(({ order, result, says }) => `| ${escaped(order)} | ${result} | ${escaped(says)} |`),
          ].join('\n'),
          ...(more > 0 ? [`And ${more} more; the query \`progress\` names them.`] : []),
        ];
  return [
    `# ${act} on ${progress.total} orders of ${escaped(site)}`,
    `**Now:** ${escaped(summarizeBulk(progress))}`,
    `**By:** ${escaped(actor)}\n\n**Why:** ${escaped(reason)}`,
    ...list,
  ].join('\n\n');
}

/** Text of others must not become markup. */
function escaped(text: string): string {
  return text.replaceAll(/[\\|<>*_`[\]#]/g, (character) => `\\${character}`).replaceAll(/\s+/g, ' ');
}

/** Whether a bulk goes on in a fresh history: before it asks more than one holds, or where waiting alone has made it long. */
export function needsFreshHistory(
  { asked, left, isSuggested }: { readonly asked: number; readonly left: number; readonly isSuggested: boolean },
  ordersPerHistory: number,
): boolean {
  return isSuggested || (asked >= ordersPerHistory && left > 0);
}
