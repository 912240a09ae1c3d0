import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { createIntakeActivities } from '../../activities/intake-activities.ts';
import { createSparkLayer } from '../../connectors/sparklayer/sparklayer.ts';
import type { SparkLayerStandIn } from '../../sandbox/sparklayer/stand-in.ts';
import { asActivity, startSteps, type Steps } from '../support/steps.ts';

const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 1, unitPrice: '20.00' }];

let steps: Steps;
let storefront: SparkLayerStandIn;
beforeEach(async () => {
  steps = await startSteps({
    site: (site) => ({ ...site, intake: { ...site.intake, types: ['order_unconfirmed', 'order'] } }),
  });
  ({ storefront } = steps);
});
afterEach(() => steps.stop());

/** The intake of one process, whose orders are known by these keys. */
function anIntake(known: readonly string[] = [], { site, sparklayer } = steps.dependencies) {
  const started: string[] = [];
  const asked: string[] = [];
  const activities = createIntakeActivities({
    site,
    sparklayer,
    orders: {
      startOrTell: (key, reference) => Promise.resolve(void started.push(`${key} ${reference}`)),
      isKnown: (key) => Promise.resolve(asked.push(key) > 0 && known.includes(key)),
      openOrders: async function* () {},
      unacceptedOrders: async function* () {},
      stateOf: () => Promise.resolve(null),
      tellChanged: () => Promise.resolve(true),
      tellGone: () => Promise.resolve(true),
      tellErpChange: () => Promise.resolve(true),
      openFor: () => Promise.resolve(),
      lastResultOf: () => Promise.resolve(null),
    },
  });
  return { run: () => asActivity(() => activities.takeInPurchases({ last: null })), started, asked };
}

/** Somebody's purchase that SparkLayer gave no id. */
function aForeignPurchase(identifiers: object) {
  const { purchase_identifiers: placed } = storefront.checkout({ lines: LINES });
  const key = String(placed.sparklayer);
  const purchase = storefront.purchase(key);
  storefront.remove(key);
  return storefront.place({ ...purchase, purchase_identifiers: identifiers });
}

test('a purchase whose order is known by its visible number stays that one when a platform gives it an id', async () => {
  aForeignPurchase({ visible: '100', platform: '55' });
  const { run, started, asked } = anIntake(['visible:100']);
  await run();
  expect(started).toEqual(['visible:100 V100']);
  expect(asked).toEqual(['visible:100']);
});

test('a purchase is known by its best identifier when nobody has seen it; most are asked for nowhere', async () => {
  aForeignPurchase({ visible: '101', platform: '56' });
  aForeignPurchase({ visible: '102' });
  const { sparklayer } = storefront.checkout({ lines: LINES }).purchase_identifiers;
  const { run, started, asked } = anIntake();
  await run();
  const keys = new Set(started.map((each) => each.split(' ')[0]));
  expect(keys).toEqual(new Set(['platform:56', 'visible:102', sparklayer]));
  expect(asked).toEqual(['visible:101']);
});

test('a purchase that nothing identifies is told as unreadable; one that only our number names was born in the ERP', async () => {
  for (const identifiers of [{}, { internal: ' ' }, { internal: 'SO-1' }]) aForeignPurchase(identifiers);
  const { run, started } = anIntake();
  const { stats, unreadable } = await run();
  expect(stats).toMatchObject({ read: 1, bornInErp: 1, handedOver: 0 });
  expect(unreadable).toEqual(['order, row 0: purchase_identifiers', 'order, row 1: purchase_identifiers']);
  expect(started).toEqual([]);
});

test('our confirmation of an order comes back as our own write, and is decided on by nobody', async () => {
  const order = await steps.accepted({ lines: LINES, type: 'order_unconfirmed' });
  const { run, started } = anIntake();
  expect((await run()).stats).toMatchObject({ read: 1, ownWrites: 1, handedOver: 0 });
  expect(started).toEqual([]);
  // A process that knows nothing of what another one wrote tells the order, which finds nothing new.
  const other = createSparkLayer(steps.site.storefront, { clock: () => new Date(), log: pino({ level: 'silent' }) });
  expect((await anIntake([], { ...steps.dependencies, sparklayer: other }).run()).stats).toMatchObject({
    handedOver: 1,
  });
  await other.close();
  expect(await steps.revise(order)).toMatchObject({ kind: 'unchanged' });
});
