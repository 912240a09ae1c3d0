import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createIntakeActivities } from '../../activities/intake-activities.ts';
import { createSparkLayer, type SparkLayer } from '../../connectors/sparklayer/sparklayer.ts';
import type { PurchaseSummary } from '../../domain/purchase.ts';
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
function anIntake(known: readonly string[] = [], { site, sparklayer, clock } = steps.dependencies) {
  const started: string[] = [];
  const asked: string[] = [];
  const activities = createIntakeActivities({
    site,
    sparklayer,
    clock,
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
  return {
    run: (last: unknown = null) => asActivity(() => activities.takeInPurchases({ last })),
    started,
    asked,
  };
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

describe('a purchase whose time of change is far in the future', () => {
  const NOW = Date.parse('2026-03-02T10:00:00Z');
  const FAR = '2099-01-01T00:00:00+00:00';
  const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
  const aRow = (value: string, updatedAt: string): PurchaseSummary => ({
    key: { kind: 'visible', value },
    identifiers: { sparklayer: null, platform: null, internal: null, visible: value },
    type: 'order',
    placedAt: null,
    updatedAt,
    customerReference: null,
    currency: 'GBP',
    total: '10.00',
  });

  /** The intake at `NOW` from a list of these rows. */
  function anIntakeOf(rows: readonly PurchaseSummary[]) {
    const sparklayer: SparkLayer = {
      ...steps.dependencies.sparklayer,
      async listPurchases({ type, updatedSince }) {
        const isWanted = (row: PurchaseSummary) =>
          row.type === type && Date.parse(row.updatedAt) >= Date.parse(updatedSince ?? '1970-01-01T00:00:00Z');
        return { rows: rows.filter(isWanted), unreadable: [] };
      },
    };
    return anIntake([], { ...steps.dependencies, sparklayer, clock: () => new Date(NOW) });
  }

  test('is taken in once, and hides none that changes after it', async () => {
    const rows = [aRow('1', at(-30)), aRow('2', FAR)];
    const { run, started } = anIntakeOf(rows);
    const first = await run();
    expect(started.splice(0)).toEqual(['visible:1 V1', 'visible:2 V2']);
    expect(first).toMatchObject({ stats: { datedAhead: 1 }, cursor: { order: { mark: at(-30) } } });
    rows.push(aRow('3', at(-1)));
    const second = await run(first);
    expect(started).toEqual(['visible:3 V3']);
    expect(second).toMatchObject({ stats: { datedAhead: 1 }, cursor: { order: { mark: at(-1) } } });
  });

  test('left its mark to an earlier run: it is brought back to now', async () => {
    const { run, started } = anIntakeOf([aRow('1', at(-5)), aRow('2', FAR)]);
    const last = { cursor: { order: { mark: FAR, seen: { 'visible:2': FAR } } } };
    const { cursor } = await run(last);
    expect(started).toEqual(['visible:1 V1']);
    expect(cursor['order']?.mark).toBe(new Date(NOW).toISOString());
  });

  test.each([
    ['as far ahead as each reading reaches back', 10, 10],
    ['further ahead than that', 11, -30],
  ])('%s', async (_, ahead, mark) => {
    const { cursor } = await anIntakeOf([aRow('1', at(-30)), aRow('2', at(ahead))]).run();
    expect(cursor['order']?.mark).toBe(at(mark));
  });
});
