import { Context } from '@temporalio/activity';

import type { Site } from '../config/site.ts';
import type { SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import { findingOf, present, type FeedReport, type GuardOverride } from '../domain/findings.ts';
import { mostGoneAtOnce } from '../domain/most-gone-at-once.ts';
import { standingOfType } from '../domain/purchase-type.ts';
import { parsePurchaseKey, type PurchaseKey } from '../domain/purchase.ts';
import { withCalls, type Call } from './calls.ts';
import { toFeedFailure, translating } from './failures.ts';
import { inParallel } from './in-parallel.ts';
import type { OrderWorkflows } from './order-workflows.ts';
import { createPatience, type Patience } from './patience.ts';

export interface SweepDependencies {
  readonly site: Pick<Site, 'intake'>;
  readonly sparklayer: Pick<SparkLayer, 'getPurchase'>;
  readonly orders: Pick<OrderWorkflows, 'openOrders' | 'tellChanged' | 'tellGone' | 'stateOf'>;
}

export interface SweepPurchases {
  readonly override: GuardOverride | null;
}

export type SweepActivities = ReturnType<typeof createSweepActivities>;

const AT_ONCE = 4;
const GUARD = 'PURCHASES_VANISHED';
/** Instead of an `updated_at`. */
const GONE = 'gone';

type Found =
  | { readonly is: 'there'; readonly updatedAt: string }
  /** The storefront has it, as a cart, a quote or the like. */
  | { readonly is: 'noOrder' }
  | { readonly is: 'notFound' }
  | { readonly is: 'unreadable' };

/** What became of the purchases of open orders, where no list tells: of one that was deleted none does. */
export function createSweepActivities({ site, sparklayer, orders }: SweepDependencies) {
  /** Open order → what it was told last: that need not be in its history again. */
  const told = new Map<string, string>();
  /** Open order → what a sweep found that did not come to its end: the next attempt goes on from there. */
  const foundBefore = new Map<string, Found>();
  let sweptBy = '';

  return {
    /**
     * Reads the purchase of every open order once, and tells what the sweep before did not see. Where too many are not
     * found at once none of them is withdrawn. Safe to repeat. A sweep begun by an older release has no input.
     */
    async sweepOpenPurchases({ override }: SweepPurchases = { override: null }): Promise<FeedReport> {
      const { runId } = Context.current().info.workflowExecution ?? { runId: '' };
      // What an earlier run found is of an hour ago.
      if (runId !== sweptBy) foundBefore.clear();
      sweptBy = runId;
      return translating(toFeedFailure, () => withCalls((call) => sweep(override, call)));
    },
  };

  async function sweep(override: GuardOverride | null, call: Call): Promise<FeedReport> {
    const open = new Set<string>();
    for await (const text of orders.openOrders()) open.add(text);
    const found = new Map<string, Found>();
    const patience = createPatience();
    let withdrawn = 0;
    await inParallel([...open], AT_ONCE, async (text) => {
      const key = parsePurchaseKey(text);
      if (!key) return;
      const one = foundBefore.get(text) ?? (await look(key, patience, call));
      if (one.is !== 'unreadable') foundBefore.set(text, one);
      found.set(text, one);
      Context.current().heartbeat({ open: open.size, looked: found.size });
      if (one.is === 'there') await tell(text, one.updatedAt);
      else if (one.is === 'noOrder' && (await tell(text, GONE))) withdrawn++;
    });
    const those = (is: Found['is']) => [...open].filter((text) => found.get(text)?.is === is);
    const [notFound, unreadable] = [those('notFound'), those('unreadable')];
    patience.end();
    foundBefore.clear();
    const fresh = notFound.filter((text) => told.get(text) !== GONE);
    const isTooMuch = override?.guard !== GUARD && (await areTooMany(fresh, open.size));
    const heldBack = isTooMuch ? fresh : [];
    if (!isTooMuch) for (const text of fresh) if (await tell(text, GONE)) withdrawn++;
    for (const text of told.keys()) if (!open.has(text)) told.delete(text);
    return {
      stats: { open: open.size, withdrawn, heldBack: heldBack.length, unreadable: unreadable.length },
      findings: present([
        findingOf(GUARD, heldBack, {
          says: `The storefront does not find ${heldBack.length} purchases of ${open.size} open orders; none was taken for withdrawn.`,
        }),
        findingOf('SCHEMA_DRIFT', unreadable, {
          key: 'purchases',
          says: 'Purchases of open orders cannot be read; whether they were changed or withdrawn nobody knows.',
        }),
      ]),
    };
  }

  /** One that cannot be read must not stop the sweep of all the others. */
  async function look(key: PurchaseKey, patience: Patience, call: Call): Promise<Found> {
    try {
      const purchase = await sparklayer.getPurchase(key, call);
      patience.answered();
      if (!purchase) return { is: 'notFound' };
      return standingOfType(purchase.type, site.intake.types) === 'noOrder'
        ? { is: 'noOrder' }
        : { is: 'there', updatedAt: purchase.updatedAt };
    } catch (error) {
      if (!patience.bears(error)) throw error;
      return { is: 'unreadable' };
    }
  }

  /** Whether the order was told something new. It may have ended while it was swept. */
  async function tell(text: string, found: string): Promise<boolean> {
    if (told.get(text) === found) return false;
    const isTold = await (found === GONE ? orders.tellGone(text) : orders.tellChanged(text, found));
    told.set(text, found);
    return isTold;
  }

  /** What an order knows already is no news: after a restart nobody remembers what the sweep before told. */
  async function areTooMany(notFound: readonly string[], open: number): Promise<boolean> {
    const most = mostGoneAtOnce(open);
    if (notFound.length <= most) return false;
    let news = 0;
    for (const text of notFound) {
      if (!(await orders.stateOf(text))?.purchaseGone) news++;
      if (news > most) return true;
    }
    return false;
  }
}
