import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { LevelWrite } from '../../../domain/stock/stock-row.ts';
import {
  startSparkLayer,
  type SparkLayerOptions,
  type SparkLayerStandIn,
} from '../../../sandbox/sparklayer/stand-in.ts';
import { startScriptedStorefront, type Reply, type Script, type ScriptedStorefront } from './scripted-storefront.ts';
import { aCall, connect } from './support.ts';

const WRITE = 'POST /api/v1/batch-update-stock';
const FETCH = 'POST /api/v1/batch-fetch-stock';
const PATIENT = { requestMs: 5_000 };

function aLevel(sku: string, change: Partial<LevelWrite> = {}): LevelWrite {
  return { sku, location: 'warehouse-1', units: 7, restockDate: null, floor: null, ...change };
}

function levels(count: number): LevelWrite[] {
  return Array.from({ length: count }, (_, index) => aLevel(`SKU-${index}`));
}

describe('stock of a storefront', () => {
  let storefront: ScriptedStorefront;
  let client: ReturnType<typeof connect>;

  beforeEach(async () => {
    storefront = await startScriptedStorefront(() => ({ status: 204 }));
    client = connect(storefront.url, { stockRowsPerCall: 4, concurrency: 2, timeouts: PATIENT });
  });
  afterEach(async () => {
    await client.close();
    await storefront.close();
  });

  const write = (rows: readonly LevelWrite[], onWritten?: (rows: readonly LevelWrite[]) => void) =>
    client.stock.writeLevels(rows, aCall(), onWritten);
  const sent = () => storefront.calls().map(({ body }) => skusIn(body));
  const problem = (property?: string, code = 'resource-id-invalid'): Reply => ({
    status: 400,
    body: { title: 'Bad Request', status: 400, errors: [{ code, ...(property && { property }) }] },
  });
  /** Refuses calls that hold one of these, and says so as a server would whose first row has this number. */
  const refusing =
    (bad: readonly string[], firstRow: number | null): Script =>
    ({ body }) => {
      const index = skusIn(body).findIndex((sku) => bad.includes(sku));
      if (index < 0) return { status: 204 };
      return problem(firstRow === null ? undefined : `${index + firstRow}.stock_level`);
    };

  test('is written in chunks, absolute, with all three values, and the last of a pair counts', async () => {
    const told: number[] = [];
    const rows = [aLevel('A'), ...levels(4), aLevel('A', { units: 3, restockDate: '2026-03-01', floor: -9 })];
    const { written, refused } = await write(rows, (batch) => told.push(batch.length));
    expect([written.length, refused, told]).toEqual([5, [], [4, 1]]);
    expect(sent()).toEqual([['A', 'SKU-0', 'SKU-1', 'SKU-2'], ['SKU-3']]);
    expect(storefront.calls()[0]?.body).toMatchObject([
      {
        sku: 'A',
        stock_location_external_id: 'warehouse-1',
        stock_level: 3,
        restock_date: '2026-03-01',
        min_stock_level: -9,
      },
      { restock_date: null, min_stock_level: null },
      {},
      {},
    ]);
    await write([]);
    expect(storefront.calls()).toHaveLength(2);
  });

  test('leaves out the rows that an answer names, sends the rest once more, and says why', async () => {
    storefront.answers(refusing(['SKU-1'], 0));
    const { written, refused } = await write(levels(6));
    expect(written.map(({ sku }) => sku)).toEqual(['SKU-0', 'SKU-2', 'SKU-3', 'SKU-4', 'SKU-5']);
    expect(refused).toEqual([
      { row: aLevel('SKU-1'), reason: 'refused', why: 'refused (resource-id-invalid on stock_level)' },
    ]);
    expect(storefront.calls()).toHaveLength(3);
  });

  test.each([
    ['names none', null],
    ['counts rows from one', 1],
    ['counts rows from a hundred', 100],
    ['names one at a time', 0],
  ])('finds the faulty rows alone where an answer %s', async (_how, firstRow) => {
    await client.close();
    client = connect(storefront.url, { stockRowsPerCall: 64, concurrency: 2, timeouts: PATIENT });
    const bad = ['SKU-0', 'SKU-31', 'SKU-63'];
    storefront.answers(refusing(bad, firstRow));
    const { written, refused } = await write(levels(64));
    expect(refused.map(({ row }) => row.sku)).toEqual(bad);
    expect(new Set(written).size).toBe(61);
  });

  test('an unknown location is found once, and no row of it is sent again', async () => {
    storefront.answers(({ body }) => {
      const index = locationsIn(body).indexOf('nowhere');
      return index < 0 ? { status: 204 } : problem(`${index}.stock_location_external_id`, 'resource-id-not-found');
    });
    const rows = levels(8).map((row, index) => (index % 2 ? { ...row, location: 'nowhere' } : row));
    const { written, refused } = await write(rows);
    expect(written).toHaveLength(4);
    expect(refused.map(({ row, reason }) => [row.location, reason])).toEqual(
      Array.from({ length: 4 }, () => ['nowhere', 'unknownLocation']),
    );
    expect(storefront.calls()).toHaveLength(3);
  });

  test.each([
    ['twelve at the head', (place: number) => place < 12],
    ['twelve at the head and as many at the end', (place: number) => place < 12 || place >= 388],
  ])('%s of 400 rows are faulty, and keep none of the others back', async (_which, isBad) => {
    await client.close();
    client = connect(storefront.url, { concurrency: 2, timeouts: PATIENT });
    const rows = levels(400);
    const bad = new Set(rows.filter((_row, place) => isBad(place)).map(({ sku }) => sku));
    storefront.answers(({ body }) => ({ status: skusIn(body).some((sku) => bad.has(sku)) ? 400 : 204 }));
    const { written, refused } = await write(rows);
    expect([new Set(written).size, written.length, refused.length]).toEqual([400 - bad.size, 400 - bad.size, bad.size]);
    expect(new Set(refused.map(({ row }) => row.sku))).toEqual(bad);
  });

  test('a refusal of everything is not looked for row by row for ever', async () => {
    storefront.answers(() => problem());
    await expect(write(levels(400))).rejects.toMatchObject({ code: 'REFUSED', fate: 'park' });
    expect(storefront.calls().length).toBeLessThan(20);
  });

  test('a call that is too large is halved, and the smaller size is kept', async () => {
    storefront.answers(({ body }) => (skusIn(body).length > 2 ? { status: 413 } : { status: 204 }));
    expect((await write(levels(8))).written).toHaveLength(8);
    expect(sent().map(({ length }) => length)).toEqual([4, 2, 2, 2, 2]);
    await write(levels(4));
    expect(
      sent()
        .slice(5)
        .map(({ length }) => length),
    ).toEqual([2, 2]);
  });

  test.each<[string, Reply, string, string]>([
    ['500', { status: 500 }, 'SERVER_ERROR', 'wait'],
    ['no answer', { instead: 'drop' }, 'CONNECTION_LOST', 'wait'],
    ['403', { status: 403 }, 'REFUSED', 'park'],
    ['a single row that is too large', { status: 413 }, 'REFUSED', 'park'],
  ])('%s is thrown, and what was stored before is told', async (_what, reply, code, fate) => {
    storefront.answers((_request, number) => (number === 1 ? { status: 204 } : reply));
    const told: LevelWrite[] = [];
    await expect(write(levels(5), (rows) => told.push(...rows))).rejects.toMatchObject({ code, fate });
    expect(told).toHaveLength(4);
    expect(storefront.calls()).toHaveLength(2);
  });

  const stored = (change: object = {}) => ({ stock_location_id: 'id-1', stock_level: 4, ...change });

  test('is read in chunks, each SKU once; what a level does not say of its location the list does', async () => {
    storefront.answers(({ path, body }) => {
      if (path === '/api/v1/stock-locations')
        return {
          body: [
            { id: 'id-1', name: 'Main', external_id: 'warehouse-1' },
            { id: 'id-2', name: 'Old' },
          ],
        };
      return {
        body: skusIn(body).map((sku) => ({
          sku,
          odd: true,
          stock_levels: sku === 'B' ? [] : [stored(), stored({ stock_location_id: 'id-2' })],
        })),
      };
    });
    const asked: number[] = [];
    const found = await client.stock.fetchLevels(['A', 'B', 'A', 'C', 'D', 'E'], aCall(), (skus) => asked.push(skus));
    expect(found.map(({ sku, location }) => [sku, location])).toEqual(
      ['A', 'C', 'D', 'E'].flatMap((sku) => [
        [sku, 'warehouse-1'],
        [sku, null],
      ]),
    );
    expect(found[0]).toMatchObject({ locationId: 'id-1', units: 4, restockDate: null, floor: null });
    expect(storefront.calls('POST').map(({ body }) => skusIn(body))).toEqual([['A', 'B', 'C', 'D'], ['E']]);
    expect(storefront.calls('GET')).toHaveLength(1);
    expect(asked).toEqual([4, 5]);
  });

  test('levels that name their location cost no look at the list, and a date is a date', async () => {
    const level = stored({
      stock_location_external_id: 'w-9',
      restock_date: '2026-03-01T00:00:00Z',
      min_stock_level: -9,
    });
    storefront.answers(() => ({ body: [{ sku: 'A', stock_levels: [level] }] }));
    expect(await client.stock.fetchLevels(['A'], aCall())).toEqual([
      { sku: 'A', locationId: 'id-1', location: 'w-9', units: 4, restockDate: '2026-03-01', floor: -9 },
    ]);
    expect(storefront.calls()).toHaveLength(1);
  });

  test('a reading that is too large is halved, one of another shape stops', async () => {
    storefront.answers(({ body }) => {
      const skus = skusIn(body);
      return skus.length > 1 ? { status: 413 } : { body: skus.map((sku) => ({ sku, stock_levels: [] })) };
    });
    expect(await client.stock.fetchLevels(['A', 'B', 'C'], aCall())).toEqual([]);
    expect(sent().map(({ length }) => length)).toEqual([3, 2, 1, 1, 1]);
    storefront.answers(() => ({ body: [{ sku: 'A' }] }));
    await expect(client.stock.fetchLevels(['A'], aCall())).rejects.toMatchObject({
      code: 'SCHEMA_DRIFT',
      fate: 'gate',
    });
  });

  const NORTH = { name: 'North', externalId: 'north' };
  const inList = { id: 'id-7', name: 'Up north', external_id: 'north' };

  test.each<[string, Reply, object]>([
    ['200', { body: { id: 'id-8', name: 'North', external_id: 'north' } }, { id: 'id-8' }],
    ['201', { status: 201, body: { id: 'id-8', name: 'North', external_id: 'north' } }, { id: 'id-8' }],
    ['201 without a body', { status: 201 }, { id: 'id-7' }],
    ['409', { status: 409 }, { id: 'id-7', name: 'Up north' }],
    ['a 400 that means the same', problem('external_id', 'resource-already-exists'), { id: 'id-7' }],
  ])('a location answered with %s is there', async (_what, reply, location) => {
    storefront.answers(({ method }) => (method === 'GET' ? { body: [inList] } : reply));
    expect(await client.stock.createLocation(NORTH, aCall())).toMatchObject({ externalId: 'north', ...location });
    expect(storefront.calls('POST')[0]?.body).toEqual({ name: 'North', external_id: 'north' });
  });

  test('a location that is refused for another cause, or cannot be found, is an error', async () => {
    storefront.answers(() => problem('name'));
    await expect(client.stock.createLocation(NORTH, aCall())).rejects.toMatchObject({ code: 'REFUSED' });
    storefront.answers(({ method }) => (method === 'GET' ? { body: [] } : { status: 409 }));
    await expect(client.stock.createLocation(NORTH, aCall())).rejects.toMatchObject({ status: 409 });
  });
});

describe('against the stand-in', () => {
  let storefront: SparkLayerStandIn;
  let client: ReturnType<typeof connect>;

  afterEach(async () => {
    await client.close();
    await storefront.close();
  });

  async function start(options: SparkLayerOptions = {}) {
    storefront = await startSparkLayer(options);
    const { url: baseUrl, siteId, clientId, clientSecret } = storefront;
    client = connect(baseUrl, { siteId, clientId, clientSecret, timeouts: PATIENT });
    return client.stock;
  }

  test('one row of 500 that is refused, named or not, keeps none of the others back', async () => {
    const stock = await start();
    for (const how of ['named', 'unnamed'] as const) {
      storefront.refuseStock('SKU-321', how);
      const { written, refused } = await stock.writeLevels(levels(500), aCall());
      expect([written.length, refused.map(({ row }) => row.sku)]).toEqual([499, ['SKU-321']]);
    }
    const found = await stock.fetchLevels(
      levels(600).map(({ sku }) => sku),
      aCall(),
    );
    expect(found).toHaveLength(499);
    expect(storefront.callCounts()).toMatchObject({ [FETCH]: 2 });
    storefront.refuseStock('SKU-321', null);
    expect((await stock.writeLevels(levels(500), aCall())).refused).toEqual([]);
    expect(storefront.contractViolations()).toEqual([]);
  });

  test('an unknown location and a limit of rows cost some calls; a hand’s edit is read as it is', async () => {
    const stock = await start({ largestStockBatch: 150 });
    const rows = [...levels(300), ...levels(300).map((row) => ({ ...row, location: 'nowhere' }))];
    const { written, refused } = await stock.writeLevels(rows, aCall());
    expect([written.length, refused.length]).toEqual([300, 300]);
    expect(new Set(refused.map(({ reason }) => reason))).toEqual(new Set(['unknownLocation']));
    expect(storefront.calls(WRITE).length).toBeLessThan(14);
    storefront.setStock('SKU-1', 'warehouse-1', { stock_level: 99 });
    storefront.faults.add({ kind: 'missingFields', route: FETCH, fields: ['stock_location_external_id'] });
    expect(await stock.fetchLevels(['SKU-1', 'SKU-X'], aCall())).toMatchObject([
      { sku: 'SKU-1', location: 'warehouse-1', units: 99 },
    ]);
    expect(await stock.createLocation({ name: 'Again', externalId: 'warehouse-1' }, aCall())).toMatchObject({
      name: 'Main warehouse',
    });
  });

  test('an answer lost after the write is thrown to be tried again, which changes nothing', async () => {
    const stock = await start();
    storefront.faults.add({ kind: 'answerLostAfterCommit', route: WRITE });
    await expect(stock.writeLevels(levels(2), aCall())).rejects.toMatchObject({ fate: 'wait' });
    expect((await stock.writeLevels(levels(2), aCall())).written).toHaveLength(2);
    expect(storefront.stock('SKU-1')).toMatchObject({ 'warehouse-1': { stock_level: 7 } });
  });
});

/** Of a call that writes, or of one that reads. */
function skusIn(body: unknown): string[] {
  if (Array.isArray(body)) return body.map(({ sku }) => String(sku));
  return typeof body === 'object' && body !== null && 'skus' in body && Array.isArray(body.skus) ? body.skus : [];
}

function locationsIn(body: unknown): string[] {
  return Array.isArray(body) ? body.map((row) => String(row.stock_location_external_id)) : [];
}
