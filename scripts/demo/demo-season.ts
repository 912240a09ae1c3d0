import { subtract, toCents } from '../../domain/money.ts';
import type { OrderState } from '../../domain/order-state.ts';
import type { BlueCherryStandIn } from '../../sandbox/bluecherry/stand-in.ts';
import type { SparkLayerStandIn } from '../../sandbox/sparklayer/stand-in.ts';

export interface Season {
  readonly storefront: SparkLayerStandIn;
  readonly erp: BlueCherryStandIn;
  /** Orders by purchase key, as they were last read. */
  readonly states: ReadonlyMap<string, OrderState>;
  /** Reads the orders until this holds; false when time is up. */
  readonly until: (holds: () => boolean) => Promise<boolean>;
  readonly tell: (what: string) => void;
}

/** What was done to which order, for the final table. */
export type Deeds = ReadonlyMap<string, string>;

/**
 * The season goes on after the orders are in: buyers amend and cancel, a clerk edits, the warehouse picks short and ships,
 * finance invoices and credits. Answers what was done to which order.
 */
export async function playSeason({ storefront, erp, states, until, tell }: Season): Promise<Deeds> {
  const deeds = new Map<string, string>();
  // More than was paid up front parks, rightly: these are on account.
  const isOnAccount = (key: string) => storefront.purchase(key)?.payment_method !== 'platform_upfront';
  const quiet = [...states]
    .filter(([key, state]) => isQuietlyAccepted(state) && isOnAccount(key))
    .toSorted(([, left], [, right]) => (left.facts.visibleNumber < right.facts.visibleNumber ? -1 : 1))
    .map(([key]) => key);
  const [amended, raised, edited, cancelled, short, credited] = quiet;
  const stateOf = (key: string) => states.get(key);
  const numberOf = (key: string) => stateOf(key)?.facts.orderNumber ?? '';

  tell('Buyers amend two orders and cancel one; a clerk edits one in the ERP.');
  if (amended) {
    changeQuantity(storefront, amended, -1);
    deeds.set(amended, 'amended: one unit less');
  }
  if (raised) {
    changeQuantity(storefront, raised, 5);
    deeds.set(raised, 'amended: five units more');
  }
  if (cancelled) {
    storefront.cancel(cancelled);
    deeds.set(cancelled, 'cancelled by the buyer');
  }
  if (edited) {
    const [line] = erp.salesOrders({ ordNum: numberOf(edited) })[0]?.lines ?? [];
    if (line) erp.clerkEdits(numberOf(edited), { quantity: { line: line.sequence, quantity: line.ordered - 1 } });
    deeds.set(edited, 'edited by a clerk');
  }
  await until(
    () =>
      [amended, raised].every((key) => !key || isRevised(stateOf(key))) &&
      (!cancelled || stateOf(cancelled)?.step.at === 'finished') &&
      (!edited || hasProblem(stateOf(edited), 'ERP_EDIT')),
  );

  tell('The warehouse picks, one order short, and ships; finance invoices.');
  erp.runJob('allocation');
  erp.runJob('pick_release');
  if (short) {
    const [order] = erp.salesOrders({ ordNum: numberOf(short) });
    const picked = order?.progress.find((line) => line.picked > 1);
    if (picked) {
      erp.pickShort(numberOf(short), picked.sequence, picked.picked - 1);
      deeds.set(short, 'picked one short');
    }
  }
  erp.runJob('ship_confirm');
  erp.runJob('invoicing');
  await until(() => [short, credited].every((key) => !key || (stateOf(key)?.units?.invoiced ?? 0) > 0));

  if (credited) {
    const [invoice] = erp.invoices({ ordNum: numberOf(credited) });
    if (invoice) {
      tell('A customer gets a credit.');
      erp.creditMemo({ ordNum: invoice.ordNum, invoice: invoice.number, amount: '5.00' });
      deeds.set(credited, 'credited 5.00');
      await until(() => stateOf(credited)?.settlement?.credited === '5.00');
    }
  }
  // Still open at the end, so that finance reads of it.
  const [waiting] = [...states].find(([, state]) => hasProblem(state, 'LOCATION_NOT_MAPPED')) ?? [];
  const [line] = (waiting && erp.salesOrders({ ordNum: numberOf(waiting) })[0]?.lines) || [];
  if (waiting && line) {
    tell('A clerk lowers a price on an order that is on hold.');
    const price = toCents(subtract(line.price, '1.50'));
    erp.clerkEdits(numberOf(waiting), { price: { line: line.sequence, price } });
    deeds.set(waiting, 'price lowered by a clerk');
    await until(() => hasProblem(stateOf(waiting), 'ERP_EDIT'));
  }
  await until(() => [...states.values()].every(isAtRest));
  return deeds;
}

/**
 * Whether nothing of the order is under way or due soon. One whose answer was lost, and of which the ERP shows no trace,
 * rests as well once people are told: it is sent again when the ERP has imported something that was staged later
 * (decision 6), and when the buyers' last order is in nothing comes later until the season goes on.
 */
export function isAtRest(state: OrderState | undefined): boolean {
  if (!state) return false;
  if (state.step.at === 'finished') return true;
  const isTold = hasProblem(state, 'OUTCOME_UNKNOWN');
  const steps = [state.step, ...state.others.map(({ step }) => step)];
  return (
    steps.every(({ at }) => at === 'settled' || at === 'parked' || at === 'over' || (at === 'unknown' && isTold)) &&
    state.follow === null &&
    state.revise === null
  );
}

function isQuietlyAccepted(state: OrderState): boolean {
  const { units } = state;
  return (
    state.step.at === 'settled' && state.problems.length === 0 && state.others.length === 0 && (units?.open ?? 0) > 3
  );
}

function isRevised(state: OrderState | undefined): boolean {
  return state !== undefined && state.revisions.length > 0 && isAtRest(state);
}

function hasProblem(state: OrderState | undefined, code: string): boolean {
  return state?.problems.some((problem) => problem.code === code) ?? false;
}

function changeQuantity(storefront: SparkLayerStandIn, key: string, by: number): void {
  const [line] = storefront.purchase(key)?.packages[0]?.line_items ?? [];
  const sku = line?.identifiers.sku;
  if (line && sku) storefront.setQuantity(key, sku, line.quantity + by);
}
