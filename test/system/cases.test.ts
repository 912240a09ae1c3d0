import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import type { CaseGlance } from '../../domain/cases/case-glance.ts';
import { caseId } from '../../domain/cases/case-id.ts';
import { listCases, type CaseRow } from '../../scripts/case-lookup.ts';
import * as messages from '../../workflows/case-messages.ts';
import { runCli } from '../support/cli.ts';
import { startInstep, type Instep } from '../support/instep.ts';
import { openMailBox, withMail, type MailBox } from '../support/mail-box.ts';

/** As many as the suite has time for; `INSTEP_TEST_CASE_ORDERS=100` makes it a hundred, which takes two minutes. */
const ORDERS = Number(process.env['INSTEP_TEST_CASE_ORDERS'] ?? 10);
const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 1, unitPrice: '20.00' }];

let box: MailBox;
let instep: Instep;
let keys: readonly string[];
let id: string;
beforeAll(async () => {
  box = await openMailBox();
  instep = await startInstep({ workers: 1, site: (site) => ({ ...site, ...withMail(box) }) });
  id = caseId({ site: instep.name, code: 'LOCATION_NOT_MAPPED', key: 'pop-up-store' });
  keys = Array.from({ length: ORDERS }, () => instep.checksOut({ lines: LINES, location: 'pop-up-store' }));
  await instep.pollsPurchases();
});
afterAll(async () => {
  await instep.stop();
  await box.dies();
});

test(
  'many orders with one unmapped location are one case, one alert and one repair',
  { timeout: 90_000 + 3_000 * ORDERS },
  async () => {
    const full = await untilCase(({ count, dueAt }) => count === ORDERS && dueAt !== null);
    expect(full).toMatchObject({ owner: 'warehouse', severity: 'high', stage: 'open', orders: ORDERS });
    expect(full.says).toContain('“pop-up-store”');
    const totals = await Promise.all(keys.map(async (key) => Number((await instep.state(key)).facts.total)));
    expect(Number(full.valueAtRisk)).toBeCloseTo(
      totals.reduce((sum, total) => sum + total, 0),
      2,
    );
    expect(full.moneyAtRisk).toEqual([{ currency: 'GBP', amount: full.valueAtRisk }]);
    await imports();
    const listed = await untilListed();
    expect(listed).toMatchObject([{ id, code: 'LOCATION_NOT_MAPPED', glance: { count: ORDERS } }]);

    // Map the location, and repair: all orders leave the default warehouse.
    await instep.rewritesSite((site) => {
      const { locations } = site.rules;
      const table = [...locations.table, { location: 'pop-up-store', warehouses: { '01': 'W02', '02': 'W02' } }];
      return { ...site, rules: { ...site.rules, locations: { ...locations, table } } };
    });
    await instep.killWorkers();
    await instep.startWorker();
    const { address } = inject('temporal');
    const repair = ['case', 'repair', id, 'remap', '--reason', 'it is mapped now', '--yes'];
    const { code, err } = await runCli(address, ...repair).ended;
    expect([code, err]).toEqual([0, expect.stringContaining(`repair: taken. ${id}`)]);
    const repaired = instep.client.workflow.getHandle(id);
    await importsWhatComes(async () => (await repaired.describe()).status.name !== 'RUNNING');
    expect((await repaired.result()).history.map(({ what }: { what: string }) => what).join('\n')).toMatch(
      new RegExp(`remap on ${ORDERS} orders: ${ORDERS} done`),
    );
    for (const key of keys) {
      const { problems, facts } = await instep.state(key);
      expect([problems, facts.warehouse, instep.liveOrders(key).length]).toEqual([[], 'W02', 1]);
    }
    expect(await alerts()).toEqual(['opened', 'closed']);
    expect(box.mails.map(({ to }) => to)).toEqual(Array(2).fill('warehouse@example.com'));
  },
);

test('an order that a person closes takes itself out of its case, which closes', async () => {
  const key = instep.checksOut({ lines: [{ sku: 'NO-SUCH-SKU', quantity: 1, unitPrice: '5.00' }] });
  id = caseId({ site: instep.name, code: 'SKU_UNKNOWN', key: 'NO-SUCH-SKU' });
  await instep.pollsPurchases();
  await untilCase(({ count }) => count === 1);
  await instep.repair(key, { kind: 'close' });
  await instep.handle(key).result();
  expect(await instep.client.workflow.getHandle(id).result()).toMatchObject({ timesOpened: 1 });
});

test('a dead mail server loses no alert: it is a case of its own, and both end well when the server returns', async () => {
  await box.dies();
  const before = box.mails.length;
  const key = instep.checksOut({ lines: LINES, location: 'kiosk' });
  await instep.pollsPurchases();
  id = caseId({ site: instep.name, code: 'ALERT_CHANNEL_DEAD', key: 'mail' });
  expect(await untilCase(({ count }) => count === 1)).toMatchObject({ owner: 'integration' });
  await box.returns();
  expect(await instep.client.workflow.getHandle(id).result()).toMatchObject({ timesOpened: 1 });
  const [mail, ...more] = box.mails.slice(before);
  expect([mail?.to, more]).toEqual(['warehouse@example.com', []]);
  expect(mail?.raw).toContain('kiosk');
  await instep.untilAt(key, 'awaiting');
});

/** The orders go in, each at the default warehouse and on hold. */
async function imports(): Promise<void> {
  for (const key of keys) await instep.untilAt(key, 'awaiting');
  await instep.imports();
  for (const key of keys) await instep.untilAt(key, 'settled');
}

/** Whenever something was posted to the ERP its import job runs, until something is over. */
async function importsWhatComes(isOver: () => Promise<boolean>): Promise<void> {
  const posts = () => instep.erp.calls('POST /api/salesOrder').length;
  for (let [imported, round] = [0, 0]; !(await isOver()); round++) {
    const posted = posts();
    if (posted > imported || round % 20 === 0) await instep.imports();
    imported = posted;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

async function untilCase(wanted: (glance: CaseGlance) => boolean): Promise<CaseGlance> {
  let last: CaseGlance | null = null;
  for (let round = 0; round < 400; round++) {
    last = await instep.client.workflow
      .getHandle(id)
      .query(messages.glance)
      .catch(() => last);
    if (last && wanted(last)) return last;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`never came to be: ${JSON.stringify(last)}`);
}

/** Visibility shows a little later what the case knows. */
async function untilListed(): Promise<readonly CaseRow[]> {
  for (let round = 0; ; round++) {
    const rows = await listCases(instep.client, { site: instep.name, owner: 'warehouse', limit: 10 });
    if (rows.length > 0 || round > 100) return rows;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function alerts(): Promise<readonly string[]> {
  const { events } = await instep.client.workflow.getHandle(id).fetchHistory();
  const scheduled = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: each }) => (each ? [each] : []));
  return scheduled
    .filter(({ activityType }) => activityType?.name === 'alert')
    .map(({ input }) => JSON.parse(Buffer.from(input?.payloads?.[0]?.data ?? []).toString()).why);
}
