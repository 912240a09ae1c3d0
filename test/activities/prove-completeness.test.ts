import { afterAll, beforeAll, expect, test } from 'vitest';

import { createProofActivities } from '../../activities/prove-completeness.ts';
import { asActivity, startSteps, type Steps } from '../support/steps.ts';

const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' }];
const AN_HOUR_MS = 3_600_000;

let steps: Steps;
beforeAll(async () => {
  steps = await startSteps();
});
afterAll(() => steps.stop());

/** The proof of a site on which these orders run. */
function aProof(...running: readonly string[]) {
  const { site, sparklayer, bluecherry } = steps.dependencies;
  const activities = createProofActivities({
    site,
    sparklayer,
    bluecherry,
    orders: {
      startOrTell: () => Promise.resolve(),
      isKnown: () => Promise.resolve(false),
      tellChanged: () => Promise.resolve(false),
      tellErpChange: () => Promise.resolve(true),
    },
    glances: {
      running: async function* () {
        yield* running.map((key) => ({ key, stage: 'submitted', attention: 'none' }));
      },
    },
    pulse: { lastCompleted: () => Promise.resolve(null), watchDeclaredAt: () => Promise.resolve(null) },
    clock: () => new Date(Date.now() + AN_HOUR_MS),
  });
  return () => asActivity(() => activities.proveCompleteness());
}

/** Makes the storefront answer a purchase that cannot be understood, but for its row of the list. */
function breakPurchase(key: string) {
  steps.storefront.amend(key, (purchase) => void Object.assign(purchase, { custom_fields: [{ name: 5 }] }));
}

test('a purchase that cannot be read stops no proof, is told by each, and is in one class', async () => {
  const prove = aProof();
  const order = await steps.accepted({ lines: LINES });
  await steps.accepted({ lines: LINES });
  const nowhere = String(steps.storefront.checkout({ lines: LINES }).purchase_identifiers.sparklayer);
  breakPurchase(nowhere);
  for (let times = 0; times < 2; times++) {
    const { report, toStart } = await prove();
    expect(report.stats).toMatchObject({ purchases: 3, inErpEqual: 2, unaccounted: 1 });
    expect(report.gaps).toEqual([]);
    expect(report.findings).toMatchObject([
      { code: 'UNACCOUNTED' },
      {
        code: 'SCHEMA_DRIFT',
        key: 'purchases',
        count: 1,
        concerns: [steps.storefront.purchase(nowhere)?.purchase_identifiers.visible],
      },
    ]);
    expect(toStart).toMatchObject([{ identifiers: { sparklayer: nowhere } }]);
  }
  // One that no list shows is there all the same: its order is no orphan.
  breakPurchase(order.key);
  steps.storefront.setType(order.key, 'cart');
  const { report } = await prove();
  expect(report.stats).toMatchObject({ purchases: 2, withoutPurchase: 0 });
  expect(report.findings.at(-1)).toMatchObject({
    code: 'SCHEMA_DRIFT',
    count: 2,
    concerns: [expect.any(String), order.key],
  });
});

test('one that the storefront refuses stops no proof, stands by its row, and is named as not read', async () => {
  const prove = aProof();
  const [listed, stranger] = [
    String(steps.storefront.checkout({ lines: LINES }).purchase_identifiers.sparklayer),
    (await steps.accepted({ lines: LINES })).key,
  ];
  steps.storefront.setType(stranger, 'cart');
  const number = String(steps.storefront.purchase(listed)?.purchase_identifiers.visible);
  for (const key of [listed, stranger]) {
    const route = `GET /api/v1/purchases/sparklayer/${key}`;
    steps.storefront.faults.add({ kind: 'status', status: key === listed ? 500 : 403, route });
  }
  const { report, toStart } = await prove();
  expect(report.noted.find((each) => each.number === number)?.kind).toBe('unaccounted');
  expect(toStart.map(({ identifiers }) => identifiers.sparklayer)).toContain(listed);
  expect(report.stats).toMatchObject({ withoutPurchase: 0 });
  expect(report.findings.find(({ code }) => code === 'SCHEMA_DRIFT')?.concerns).toEqual(
    expect.arrayContaining([number, stranger]),
  );
});

test('a storefront that answers for no purchase fails the proof, to be tried again', async () => {
  const prove = aProof();
  for (let count = 0; count < 12; count++) steps.storefront.checkout({ lines: LINES });
  const route = 'GET /api/v1/purchases/{lookupBy}/{identifier}';
  const recovers = steps.storefront.faults.add({ kind: 'status', status: 503, route, times: 99 });
  await expect(prove()).rejects.toMatchObject({ type: 'SERVER_ERROR', nonRetryable: false });
  recovers();
  expect((await prove()).report.unaccounted).toBeGreaterThanOrEqual(12);
});

test('one that the list shows and that is not found is asked for by the next proof again', async () => {
  const prove = aProof();
  const key = String(steps.storefront.checkout({ lines: LINES }).purchase_identifiers.sparklayer);
  const visible = steps.storefront.purchase(key)?.purchase_identifiers.visible;
  const standing = async () => {
    const { report } = await prove();
    return report.noted.find(({ number }) => number === visible)?.kind;
  };
  steps.storefront.faults.add({ kind: 'status', status: 404, route: `GET /api/v1/purchases/sparklayer/${key}` });
  expect(await standing()).toBe('excluded');
  expect(await standing()).toBe('unaccounted');
});

test('a purchase that has a platform’s id now is where its order goes, by the number that it was known by', async () => {
  const visible = 'SL-77';
  const key = String(steps.storefront.checkout({ lines: LINES, visible }).purchase_identifiers.sparklayer);
  const { sparklayer: _, ...identifiers } = steps.storefront.purchase(key)?.purchase_identifiers ?? {};
  const purchase = steps.storefront.purchase(key);
  steps.storefront.remove(key);
  steps.storefront.place({ ...purchase, purchase_identifiers: { ...identifiers, platform: '77' } });
  const standing = async (...running: readonly string[]) => {
    const { report } = await aProof(...running)();
    return report.noted.find(({ number }) => number === visible)?.kind;
  };
  expect(await standing()).toBe('unaccounted');
  expect(await standing('visible:SL-77')).toBe('inFlight');
  expect(await standing('platform:77')).toBe('inFlight');
});

test('purchases that nothing identifies are not proven, and each of them is told', async () => {
  const prove = aProof();
  const before = (await prove()).report;
  for (const identifiers of [{}, { sparklayer: null, visible: ' ' }]) {
    const key = String(steps.storefront.checkout({ lines: LINES }).purchase_identifiers.sparklayer);
    const purchase = steps.storefront.purchase(key);
    steps.storefront.remove(key);
    steps.storefront.place({ ...purchase, purchase_identifiers: identifiers });
  }
  const { report } = await prove();
  expect(report.stats).toMatchObject({ purchases: before.purchases, excluded: before.stats['excluded'] });
  const nameless = report.findings.find(({ code }) => code === 'SCHEMA_DRIFT')?.concerns;
  expect(nameless?.filter((each) => each.endsWith(': purchase_identifiers'))).toHaveLength(2);
});

test('purchases that the list shows without a total are not passed off as of equal value', async () => {
  const { key } = await steps.accepted({ lines: LINES });
  const number = String(steps.storefront.purchase(key)?.purchase_identifiers.visible);
  const told = async () => (await aProof()()).report.findings.find((finding) => finding.key === 'purchase totals');
  expect(await told()).toBeUndefined();
  const recovers = steps.storefront.faults.add({
    kind: 'missingFields',
    route: 'GET /api/v1/purchases',
    fields: ['calculated_total'],
    times: 99,
  });
  expect((await told())?.concerns).toContain(number);
  recovers();
});

test('purchases whose last change is dated in the future are told', async () => {
  const key = String(steps.storefront.checkout({ lines: LINES }).purchase_identifiers.sparklayer);
  steps.storefront.setClock('2099-01-01T00:00:00Z');
  const touched = steps.storefront.touch(key);
  steps.storefront.setClock(new Date().toISOString());
  const { findings } = (await aProof()()).report;
  expect(findings.find((finding) => finding.key === 'purchase times')).toMatchObject({
    code: 'SCHEMA_DRIFT',
    concerns: [touched.purchase_identifiers.visible],
  });
});
