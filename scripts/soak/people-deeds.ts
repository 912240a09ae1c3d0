import { anOrder, keyOf, NotPossible, referencesOf, type Deed, type Playground } from './deed.ts';
import type { Random } from './random.ts';

/** Somebody presses a button on an order that asks for it. What the order refuses, or does not know, is without effect. */
export function pressAButton(random: Random, orders: number): Deed {
  const drawn = {
    order: anOrder(random, orders),
    button: random.weighted([
      [40, 'retry'],
      [16, 'acceptErp'],
      [16, 'pushStorefront'],
      [10, 'cancel'],
      [4, 'close'],
      [5, 'remap'],
      [5, 'release'],
      [4, 'replaceCustomer'],
    ]),
  };
  return {
    family: 'people',
    name: 'press',
    with: drawn,
    async act(play) {
      const key = keyOf(play, drawn.order);
      const state = await play.site.stateOf(key);
      if (!state || state.problems.length === 0) throw new NotPossible('the order asks for nobody');
      const isSure = state.step.at === 'unknown' && isCertainlyNotThere(play, key, state.step.since);
      await play.site.repair(key, isSure ? 'sendAnyway' : drawn.button, {
        ...(drawn.button === 'replaceCustomer' && { customer: 'CUST-0042' }),
      });
    },
  };
}

/** Only who has looked into the ERP, and has waited, may say that an order is not there. */
function isCertainlyNotThere({ site: { erp } }: Playground, key: string, since: string): boolean {
  return (
    Date.now() - Date.parse(since) > LATEST_ARRIVAL_MS &&
    referencesOf(key).every(
      (reference) => erp.salesOrders({ reference }).length === 0 && erp.importLog({ reference }).length === 0,
    )
  );
}

/** Longer than any fault delays a post. */
const LATEST_ARRIVAL_MS = 5_000;
