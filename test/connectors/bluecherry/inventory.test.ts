import { afterEach, expect, test } from 'vitest';

import type { PartReading } from '../../../connectors/bluecherry/bluecherry.ts';
import type { BlueCherrySettings } from '../../../connectors/bluecherry/settings.ts';
import { headed, startScriptedErp, type Reply, type Script, type ScriptedErp } from './scripted-erp.ts';
import { aCall, connect } from './support.ts';

const PART = { division: '01', warehouse: 'W01' };

let erp: ScriptedErp | undefined;

afterEach(async () => {
  await erp?.close();
  erp = undefined;
});

async function against(script: Script, settings: Partial<BlueCherrySettings> = {}) {
  const server = await startScriptedErp(script);
  erp = server;
  const bluecherry = connect(server.url, { timeouts: { requestMs: 5_000, writeMs: 5_000 }, ...settings });
  return { server, bluecherry, inventory: bluecherry.inventory };
}

type Row = Readonly<Record<string, unknown>>;

/** The contract's first row. */
function aStockRow(change: Row = {}): Row {
  return {
    pkey: 1,
    division: '01 ',
    style: '00123',
    color_code: 'blk  ',
    lbl_code: 'A',
    dimension: null,
    size_bk: 3,
    size_desc: 'M',
    upc: '012345678905',
    location: 'W01   ',
    qoh: 120,
    pick_qty: 10,
    open_qty: 30,
    resv_qty: 0,
    wip_qty: 200,
    po_qty: 0,
    intran_qty: 50,
    ots_qty: 80,
    ots_wip_qty: 330,
    next_date: '12/10/2025',
    next_qty: 50,
    last_mod: '2025-11-23 05:58:11',
    ...change,
  };
}

const SKU = { division: '01', style: '00123', color: 'BLK', label: 'A', dimension: '', size: 'M', upc: '012345678905' };

function snapshot(rows: readonly Row[], head: Row = {}): Reply {
  const data = { as_of: '2025-11-23 06:00:00', snapshot_id: 881, complete_ok: 'Y', ...head, header: rows };
  return { body: { version: '1.0', data } };
}

/** Pages by number; what follows them is empty, of the snapshot of the last one. */
const pages =
  (...replies: (readonly Row[])[]): Script =>
  ({ query }) =>
    snapshot(replies[Number(query['_pgno']) - 1] ?? []);

function partOf(reading: PartReading) {
  if (reading.kind === 'unstable') throw new Error(reading.says);
  return reading;
}

test('a part is all pages of one snapshot, at its own page size, and each page is told', async () => {
  const { server, inventory } = await against(pages([aStockRow()], [aStockRow({ pkey: 2, size_desc: 'L' })]));
  const told: number[] = [];
  const reading = await inventory.readPart(PART, aCall(), (rows) => told.push(rows));
  expect(reading).toMatchObject({
    kind: 'complete',
    skipped: 0,
    unreadable: [],
    part: { ...PART, snapshot: '881', asOf: '2025-11-23T11:00:00.000Z', rows: [{ sku: SKU }, { sku: { size: 'L' } }] },
  });
  expect(partOf(reading).part.rows[0]).toEqual({
    sku: SKU,
    sizeBucket: 3,
    warehouse: 'W01',
    buckets: {
      onHand: 120,
      picked: 10,
      open: 30,
      reserved: 0,
      openToSell: 80,
      openToSellWithWork: 330,
      workInProcess: 200,
      onPurchaseOrder: 0,
      inTransit: 50,
    },
  });
  expect(told).toEqual([1, 2, 2]);
  expect(server.received.map(({ query }) => [query['_pgno'], query['_pgsize'], query['$filter']])).toEqual(
    ['1', '2', '3'].map((page) => [page, '200', "division eq '01' and location eq 'W01'"]),
  );
});

test('figures may be texts, padded, negative, or absent where they are not asked for', async () => {
  const texts = { qoh: ' 4 ', ots_qty: '-5.00', pick_qty: '', resv_qty: null, open_qty: '9', size_bk: '4' };
  const { pick_qty: _none, ots_wip_qty: _neither, ...row } = aStockRow(texts);
  const { inventory } = await against(pages([row]));
  expect(partOf(await inventory.readPart(PART, aCall())).part.rows).toMatchObject([
    {
      sizeBucket: 4,
      buckets: { onHand: 4, openToSell: -5, picked: 0, reserved: 0, open: 9, openToSellWithWork: -5 },
    },
  ]);
});

test('rows without codes are counted, rows with odd figures are named, and neither spoils the others', async () => {
  const rows = [
    aStockRow(),
    aStockRow({ pkey: 2, style: '  ' }),
    aStockRow({ pkey: 3, size_desc: 'L', qoh: 12.5 }),
    aStockRow({ pkey: 4, size_desc: 'XL', ots_qty: null }),
    aStockRow({ pkey: 5, size_desc: 'S', open_qty: 'many' }),
    aStockRow({ pkey: 6, size_desc: 'XS', intran_qty: '1e3' }),
  ];
  const { bluecherry, inventory } = await against(pages(rows));
  expect(await inventory.readPart(PART, aCall())).toMatchObject({
    kind: 'complete',
    part: { rows: [{ sku: SKU }] },
    skipped: 1,
    unreadable: [
      { sku: { size: 'L' }, warehouse: 'W01', field: 'qoh' },
      { sku: { size: 'XL' }, field: 'ots_qty' },
      { sku: { size: 'S' }, field: 'open_qty' },
      { sku: { size: 'XS' }, field: 'intran_qty' },
    ],
  });
  expect(bluecherry.usage().skippedRows).toBe(1);
});

test.each([
  ['the first', ['N', 'Y']],
  ['the last', ['Y', ' ']],
])('a part is incomplete as soon as %s page does not call it complete', async (_which, flags) => {
  const { inventory } = await against(({ query }) => {
    const page = Number(query['_pgno']) - 1;
    return snapshot(page === 0 ? [aStockRow()] : [], { complete_ok: flags[page] });
  });
  expect(await inventory.readPart(PART, aCall())).toMatchObject({ kind: 'incomplete', part: { rows: [{ sku: SKU }] } });
});

test('a part without a single row is complete when its page says so', async () => {
  const { server, inventory } = await against(pages());
  expect(await inventory.readPart(PART, aCall())).toMatchObject({ kind: 'complete', part: { rows: [] } });
  expect(server.received).toHaveLength(1);
});

test('a snapshot replaced between two pages, the empty last one included, is read again from the start', async () => {
  const ids = [881, 882, 882, 882, 883, 883, 883, 883];
  const { server, inventory } = await against(({ query }, number) =>
    snapshot(Number(query['_pgno']) < 3 ? [aStockRow({ pkey: Number(query['_pgno']) })] : [], {
      snapshot_id: ids[number - 1],
    }),
  );
  expect(await inventory.readPart(PART, aCall())).toMatchObject({ kind: 'complete', part: { snapshot: '883' } });
  expect(server.received.map(({ query }) => query['_pgno'])).toEqual(['1', '2', '1', '2', '3', '1', '2', '3']);
});

test('a snapshot that is replaced under every reading gives nothing after three new beginnings', async () => {
  const { server, inventory } = await against((_request, number) =>
    snapshot([aStockRow({ pkey: number })], { snapshot_id: 800 + number }),
  );
  expect(await inventory.readPart(PART, aCall())).toMatchObject({ ...PART, kind: 'unstable' });
  expect(server.received).toHaveLength(8);
});

test('the same snapshot of another time, or a row that comes twice, is a reading begun again too', async () => {
  const moved = [[{ pkey: 1 }], [{ pkey: 1 }, { pkey: 2 }], [{ pkey: 1 }], [{ pkey: 2 }], []];
  const times = ['06:00:00', '06:15:00'];
  const { server, inventory } = await against((_request, number) => {
    if (number <= 2) return snapshot([aStockRow({ pkey: number })], { as_of: `2025-11-23 ${times[number - 1]}` });
    return snapshot((moved[number - 3] ?? []).map(aStockRow));
  });
  expect(partOf(await inventory.readPart(PART, aCall())).part.rows).toHaveLength(2);
  expect(server.received).toHaveLength(7);
});

test.each([
  ['a repeated page', () => snapshot([aStockRow()]), 'BROKEN_PAGING'],
  ['an ignored filter', () => snapshot([aStockRow({ location: 'W02' })]), 'FILTER_IGNORED'],
  ['a page without its snapshot', () => headed(aStockRow()), 'SCHEMA_DRIFT'],
  ['a page without a time', () => snapshot([], { as_of: '' }), 'SCHEMA_DRIFT'],
])('%s fails the reading', async (_what, reply, code) => {
  const { inventory } = await against(reply);
  await expect(inventory.readPart(PART, aCall())).rejects.toMatchObject({ code });
});

test.each([
  // The hour from one to two comes twice: 05:30 and 06:30 UTC.
  ['2025-11-02 01:30:00', '2025-11-02T05:30:00.000Z'],
  ['2025-11-02 00:59:59', '2025-11-02T04:59:59.000Z'],
  ['2025-11-02 02:00:00', '2025-11-02T07:00:00.000Z'],
  // The hour from two to three never comes.
  ['2026-03-08 01:59:59', '2026-03-08T06:59:59.000Z'],
  ['2026-03-08T03:00:00', '2026-03-08T07:00:00.000Z'],
])('figures as of %s in New York are of %s, never fresher than they are', async (as_of, asOf) => {
  const { server, inventory } = await against(() => snapshot([aStockRow()], { as_of }));
  expect(await inventory.glance(aCall())).toEqual({ snapshot: '881', asOf });
  expect(server.received.map(({ rawQuery }) => rawQuery)).toEqual(['_pgno=1&_pgsize=1']);
});

test('changes begin ten minutes before the figures at hand, and hold every location once', async () => {
  const rows = [
    aStockRow({ last_mod: '2025-11-23 06:10:00' }),
    aStockRow({ pkey: 2, location: 'W02', last_mod: '2025-11-23 06:11:00' }),
    aStockRow({ pkey: 3, location: '', qoh: 'x', last_mod: '2025-11-23 06:11:00' }),
  ];
  const head = { as_of: '2025-11-23 06:15:00', snapshot_id: '882', complete_ok: 'N' };
  const { server, inventory } = await against(({ query }) => snapshot(query['_pgno'] === '1' ? rows : [], head));
  const changes = await inventory.readChanges({ asOf: '2025-11-23T11:00:00.000Z' }, aCall());
  expect(changes).toMatchObject({
    kind: 'changes',
    snapshot: '882',
    asOf: '2025-11-23T11:15:00.000Z',
    rows: [{ warehouse: 'W01' }, { warehouse: 'W02' }],
    unreadable: [{ warehouse: '', field: 'qoh' }],
    cursor: { changedUntil: '2025-11-23 06:11:00', isHeld: false },
  });
  expect(server.received[0]?.query['$filter']).toBe("last_mod gt '2025-11-23 05:50:00'");
  if (changes.kind !== 'changes') throw new Error(changes.says);

  expect(await inventory.readChanges(changes.cursor, aCall())).toMatchObject({ rows: [], unreadable: [] });
  expect(server.received.at(-1)?.query['$filter']).toBe("last_mod gt '2025-11-23 06:01:00'");
});

test('in the night the clocks go back, changes reach back over the hour that comes twice', async () => {
  const { server, inventory } = await against(() => snapshot([], { complete_ok: 'N' }));
  await inventory.readChanges({ asOf: '2025-11-02T05:30:00.000Z' }, aCall());
  expect(server.received[0]?.query['$filter']).toBe("last_mod gt '2025-11-02 00:20:00'");
});

test('changes of a snapshot that is replaced under every reading are none', async () => {
  const { inventory } = await against((_request, number) =>
    snapshot([aStockRow({ pkey: number })], { snapshot_id: 800 + number }),
  );
  const since = { asOf: '2025-11-23T10:00:00.000Z' };
  expect(await inventory.readChanges(since, aCall())).toMatchObject({ kind: 'unstable' });
});

const aProduction = (change: Row = {}): Row => ({
  pkey: 6100,
  prod_num: '50077',
  due_date: '12/10/2025',
  productionorderdetailbystage: {
    rows: [
      {
        style: '00123',
        color_code: 'blk ',
        lbl_code: 'A',
        dimension: '',
        size_desc: 'M',
        upc: '012345678905',
        prod_qty: '50',
        location: 'W01   ',
      },
      {
        style: '00123',
        color_code: 'BLK',
        lbl_code: 'A',
        dimension: '',
        size_desc: 'L',
        upc: '',
        prod_qty: 0,
        location: null,
      },
    ],
  },
  ...change,
});

test('goods on their way are read by stage, with a date if there is one, although rows show no stage', async () => {
  const later = aProduction({ pkey: 6101, prod_num: '50078', due_date: null });
  const { server, inventory } = await against(({ query }) =>
    headed(...(query['$filter'] === "stage_num eq '3'" && query['_pgno'] === '1' ? [aProduction(), later] : [])),
  );
  const { division: _hidden, ...codes } = SKU;
  expect(await inventory.listIncoming([2, 3, 3], aCall())).toEqual(
    [
      { number: '50077', due: '2025-12-10' },
      { number: '50078', due: null },
    ].map((one) => ({ ...one, stage: 3, sku: codes, warehouse: 'W01', quantity: 50 })),
  );
  expect(server.received.map(({ query }) => [query['$filter'], query['_include'], query['_pgno']])).toEqual([
    ["stage_num eq '2'", 'all', '1'],
    ["stage_num eq '3'", 'all', '1'],
    ["stage_num eq '3'", 'all', '2'],
  ]);
});

test.each([3, '3.0', ' 03', null])('a production order that shows its stage as %j is of stage 3', async (stage_num) => {
  const { inventory } = await against(({ query }) =>
    headed(...(query['_pgno'] === '1' ? [aProduction({ stage_num })] : [])),
  );
  expect(await inventory.listIncoming([3], aCall())).toMatchObject([{ number: '50077', stage: 3 }]);
});

test.each([
  ['of another stage', aProduction({ stage_num: 2 }), 'FILTER_IGNORED'],
  ['without its lines', aProduction({ productionorderdetailbystage: undefined }), 'SCHEMA_DRIFT'],
])('a production order %s fails the reading', async (_what, row, code) => {
  const { inventory } = await against(({ query }) => headed(...(query['_pgno'] === '1' ? [row] : [])));
  await expect(inventory.listIncoming([3], aCall())).rejects.toMatchObject({ code });
});
