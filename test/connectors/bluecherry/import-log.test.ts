import { afterEach, expect, test } from 'vitest';

import { flat, headed, startScriptedErp, type Received, type Script, type ScriptedErp } from './scripted-erp.ts';
import { aCall, aLogRow, anErpOrder, connect, NOON } from './support.ts';

let erp: ScriptedErp | undefined;

afterEach(async () => {
  await erp?.close();
  erp = undefined;
});

async function against(script: Script, clock: () => Date = () => NOON) {
  const server = await startScriptedErp(script);
  erp = server;
  return { server, bluecherry: connect(server.url, {}, clock) };
}

/** Answers a log as the ERP would: filtered, on one page. */
function logOf(...rows: readonly Readonly<Record<string, unknown>>[]): Script {
  return ({ query, resource }) => {
    if (resource !== 'importLog') return headed();
    if (query['_pgno'] !== '1') return flat();
    const clause = /^(\w+) (eq|gt) '(.*)'$/.exec(query['$filter'] ?? '');
    const [, field = '', operator, literal = ''] = clause ?? [];
    return flat(
      ...rows.filter((row) => {
        if (query['pkey'] !== undefined) return String(row['pkey']) === query['pkey'];
        return operator === 'gt' ? String(row[field]) > literal : String(row[field]).trim() === literal;
      }),
    );
  };
}

const DONE = aLogRow({ status: 'S', ord_num: '104512' });

test('a transaction is asked for by its plain key', async () => {
  const { server, bluecherry } = await against(logOf(DONE));
  expect(await bluecherry.findImportResults({ transaction: '55012' }, aCall())).toHaveLength(1);
  expect(server.received[0]?.rawQuery).toBe('pkey=55012&_pgno=1&_pgsize=100');
});

test.each([
  ['000000123', 123],
  ['AB-9', 'ab-9 '],
])('the control number %s is found where the log shows it as %j', async (controlNumber, isa_num) => {
  const { bluecherry } = await against(() => flat(aLogRow({ isa_num })));
  expect(await bluecherry.findImportResults({ controlNumber }, aCall())).toHaveLength(1);
});

test('a control number that is another one means that the filter was ignored', async () => {
  const { bluecherry } = await against(() => flat(aLogRow({ isa_num: 124 })));
  await expect(bluecherry.findImportResults({ controlNumber: '000000123' }, aCall())).rejects.toMatchObject({
    code: 'FILTER_IGNORED',
  });
});

test('rows of one element are one result: pending, imported, imported with warnings, refused with every fault', async () => {
  const { bluecherry } = await against(
    logOf(
      aLogRow({ row_seq: '1' }),
      aLogRow({ row_seq: 2, status: 'S', ord_num: 104512 }),
      aLogRow({ row_seq: 3, status: 'W', ord_num: '104513', errorCode: 'DUP_PO', errorMessage: 'PO used before' }),
      aLogRow({
        row_seq: 3,
        status: 'W',
        ord_num: '104513',
        errorCode: 'PRICE_DIFF',
        errorMessage: 'Price',
        line_seq: 2,
      }),
      aLogRow({ row_seq: 4, status: 'E', errorCode: 'INV_SIZE', errorMessage: 'Size', line_seq: '2' }),
      aLogRow({ row_seq: 4, status: 'E', errorCode: 'INV_STORE', errorMessage: 'Store', line_seq: 0 }),
    ),
  );
  const results = await bluecherry.findImportResults({ reference: 'REF-1' }, aCall());
  expect(results.map(({ kind, row }) => [row, kind])).toEqual([
    [1, 'pending'],
    [2, 'imported'],
    [3, 'imported'],
    [4, 'refused'],
  ]);
  expect(results[1]).toMatchObject({
    orderNumber: '104512',
    warnings: [],
    transaction: '55012',
    controlNumber: '000000123',
  });
  expect(results[2]).toMatchObject({
    orderNumber: '104513',
    warnings: [{ code: 'DUP_PO' }, { code: 'PRICE_DIFF', line: 2 }],
  });
  expect(results[3]).toMatchObject({
    faults: [
      { code: 'INV_SIZE', line: 2 },
      { code: 'INV_STORE', line: null },
    ],
  });
});

test('success without an order number is not an order yet', async () => {
  const { bluecherry } = await against(logOf(aLogRow({ status: 'S' })));
  expect(await bluecherry.findImportResults({ reference: 'REF-1' }, aCall())).toMatchObject([{ kind: 'pending' }]);
});

test('the refused repeat of our own post is left out, that of a stranger is not', async () => {
  const repeat = aLogRow({ pkey: 55020, status: 'E', errorCode: 'DUP_ISA', errorMessage: 'seen' });
  const { bluecherry } = await against(logOf(DONE, repeat));
  expect(await bluecherry.findImportResults({ reference: 'REF-1' }, aCall())).toMatchObject([
    { kind: 'imported', transaction: '55012' },
  ]);
  erp?.answers(logOf(aLogRow({ ...DONE, ext_ref: 'OTHER' }), repeat));
  expect(await bluecherry.findImportResults({ reference: 'REF-1' }, aCall())).toMatchObject([
    { kind: 'refused', transaction: '55020', faults: [{ code: 'DUP_ISA' }] },
  ]);
});

test('a repeat that is asked for by its own transaction is recognised too, with one more look', async () => {
  const repeat = aLogRow({ pkey: 55020, status: 'E', errorCode: 'DUP_ISA', errorMessage: 'seen' });
  const { server, bluecherry } = await against(logOf(DONE, repeat));
  expect(await bluecherry.findImportResults({ transaction: '55020' }, aCall())).toEqual([]);
  expect(server.received.map(({ query }) => query['$filter'] ?? query['pkey'])).toEqual([
    '55020',
    "isa_num eq '000000123'",
    "isa_num eq '000000123'",
  ]);
});

test('a row of the log that cannot be identified stops a look-up', async () => {
  const { bluecherry } = await against(logOf(DONE, aLogRow({ status: '' })));
  await expect(bluecherry.findImportResults({ reference: 'REF-1' }, aCall())).rejects.toMatchObject({
    code: 'SCHEMA_DRIFT',
  });
});

test('a row of the log that cannot be read stops a look-up', async () => {
  const { bluecherry } = await against(logOf(DONE, aLogRow({ row_seq: 2, line_seq: 'third' })));
  await expect(bluecherry.findImportResults({ reference: 'REF-1' }, aCall())).rejects.toMatchObject({
    code: 'SCHEMA_DRIFT',
  });
});

test('what moved since is not told without an order’s row that cannot be read; a cancel’s is left out', async () => {
  const since = new Date(NOON.getTime() - 60 * 60_000);
  const unreadable = { row_seq: 2, line_seq: 'third' };
  const cancel = aLogRow({ ...unreadable, resource: 'salesOrderCancel' });
  const { bluecherry } = await against(logOf(DONE, cancel));
  expect(await bluecherry.findImportsSince(since, aCall())).toMatchObject([{ result: { orderNumber: '104512' } }]);
  await erp?.close();
  const worse = await against(logOf(DONE, aLogRow(unreadable)));
  await expect(worse.bluecherry.findImportsSince(since, aCall())).rejects.toMatchObject({ code: 'SCHEMA_DRIFT' });
});

test('the highest transaction counts an order that cannot be read: it was staged all the same; a cancel it does not', async () => {
  const unreadable = { status: 'S', line_seq: 'third' };
  const order = aLogRow({ ...unreadable, pkey: 10 });
  const cancel = aLogRow({ ...unreadable, pkey: 900_000, resource: 'salesOrderCancel' });
  const { bluecherry } = await against(logOf(aLogRow({ pkey: 9 }), order, cancel));
  expect(await bluecherry.highestTransaction(aCall())).toBe('10');
  expect(await bluecherry.finishedAfter('9', NOON, aCall())).toBe(false);
});

test('the highest transaction counts what is pending; later work that is finished is remembered and then free', async () => {
  const rows = [
    aLogRow({ pkey: 9 }),
    aLogRow({ pkey: 10, row_seq: 1 }),
    aLogRow({ pkey: 8, status: 'S', ord_num: '1' }),
  ];
  const { server, bluecherry } = await against(logOf(...rows));
  expect(await bluecherry.highestTransaction(aCall())).toBe('10');
  expect(await bluecherry.finishedAfter('9', NOON, aCall())).toBe(false);
  erp?.answers(logOf(...rows, aLogRow({ pkey: 12, status: 'E', errorCode: 'INV_SKU' })));
  expect(await bluecherry.finishedAfter('10', NOON, aCall())).toBe(true);
  const calls = server.received.length;
  expect(await bluecherry.finishedAfter('10', NOON, aCall())).toBe(true);
  expect(server.received).toHaveLength(calls);
});

test('a finished cancel says nothing of the orders that wait', async () => {
  const { bluecherry } = await against(
    logOf(aLogRow({ pkey: 12, status: 'S', ord_num: '1', resource: 'salesOrderCancel' })),
  );
  expect(await bluecherry.finishedAfter('10', NOON, aCall())).toBe(false);
});

test('orders are measured by orders, wherever the keys of cancels are', async () => {
  const cancel = aLogRow({ pkey: 900_000, status: 'S', ord_num: '1', resource: 'salesOrderCancel' });
  const nameless = aLogRow({ pkey: 900_001, status: 'S', ord_num: '1', resource: '', isa_num: '', ext_ref: '' });
  const { bluecherry } = await against(logOf(cancel, nameless, aLogRow()));
  expect(await bluecherry.highestTransaction(aCall())).toBe('55012');
  expect(await bluecherry.finishedAfter('55012', NOON, aCall())).toBe(false);
  erp?.answers(logOf(cancel, nameless, aLogRow({ pkey: 55_013, resource: '', status: 'S', ord_num: '2' })));
  expect(await bluecherry.finishedAfter('55012', NOON, aCall())).toBe(true);
});

test('an order that was finished long before the question proves nothing, however high its key', async () => {
  const old = aLogRow({ pkey: 80_010, ext_ref: 'OLD', status: 'S', ord_num: '1', last_mod: '2025-11-20 09:00:00' });
  const { bluecherry } = await against(logOf(old, aLogRow()));
  expect(await bluecherry.highestTransaction(aCall())).toBe('55012');
  expect(await bluecherry.findImportResults({ reference: 'OLD' }, aCall())).toHaveLength(1);
  expect(await bluecherry.finishedAfter('55012', NOON, aCall())).toBe(false);
});

test('what a look-up saw does not stand for the night before it', async () => {
  const waiting = aLogRow({ pkey: 55_020, last_mod: '2025-11-25 02:00:00' });
  const { bluecherry } = await against(logOf(waiting, DONE));
  expect(await bluecherry.findImportResults({ transaction: '55012' }, aCall())).toHaveLength(1);
  expect(await bluecherry.highestTransaction(aCall())).toBe('55020');
});

test('a night of nothing but cancels is followed by the week', async () => {
  const cancel = aLogRow({ pkey: 9, status: 'S', ord_num: '1', resource: 'salesOrderCancel' });
  const { bluecherry } = await against(logOf(cancel, aLogRow({ last_mod: '2025-11-21 10:00:00' })));
  expect(await bluecherry.highestTransaction(aCall())).toBe('55012');
});

test('many who ask at once are answered by one reading', async () => {
  const { server, bluecherry } = await against(logOf(aLogRow()));
  const marks = await Promise.all([1, 2, 3, 4, 5].map(() => bluecherry.highestTransaction(aCall())));
  expect(new Set(marks)).toEqual(new Set(['55012']));
  // The page, and the empty one after it.
  expect(server.received).toHaveLength(2);
});

test('an empty log is asked for a night, then a week, and has no highest transaction', async () => {
  const { server, bluecherry } = await against(logOf());
  expect(await bluecherry.highestTransaction(aCall())).toBeNull();
  expect(server.received.map(({ query }) => query['$filter'])).toEqual([
    "last_mod gt '2025-11-24 10:00:00'",
    "last_mod gt '2025-11-17 12:00:00'",
  ]);
});

test('changes are told once, and what is still in the overlap is not told again', async () => {
  const { server, bluecherry } = await against(({ resource, query }) => {
    if (query['_pgno'] !== '1') return resource === 'importLog' ? flat() : headed();
    return resource === 'importLog' ? flat(DONE) : headed(anErpOrder({ last_mod: '2025-11-25 11:59:00' }));
  });
  const first = await bluecherry.readChanges(null, aCall());
  expect(first).toMatchObject({
    imports: [{ kind: 'imported' }],
    salesOrders: [{ orderNumber: '104512', lines: null }],
  });
  const second = await bluecherry.readChanges(first.cursor, aCall());
  expect(second).toMatchObject({ imports: [], salesOrders: [] });
  expect(second.cursor).toEqual(first.cursor);
  const filters = server.received.filter(({ query }) => query['_pgno'] === '1').map((request) => filterOf(request));
  expect(filters).toEqual([
    "importLog: last_mod gt '2025-11-24 12:00:00'",
    "salesOrder: last_mod gt '2025-11-24 12:00:00'",
    "pick: last_mod gt '2025-11-24 12:00:00'",
    "invoice: last_mod gt '2025-11-24 12:00:00'",
    "creditMemo: last_mod gt '2025-11-24 12:00:00'",
    "importLog: last_mod gt '2025-11-25 11:40:00'",
    "salesOrder: last_mod gt '2025-11-25 11:49:00'",
    "pick: last_mod gt '2025-11-25 11:49:00'",
    "invoice: last_mod gt '2025-11-25 11:49:00'",
    "creditMemo: last_mod gt '2025-11-25 11:49:00'",
  ]);
  expect(server.received.every(({ query }) => query['_include'] === undefined)).toBe(true);
});

test('another change within the same second is told', async () => {
  const { bluecherry } = await against(logOf(aLogRow()));
  const { cursor } = await bluecherry.readChanges(null, aCall());
  erp?.answers(logOf(DONE));
  expect(await bluecherry.readChanges(cursor, aCall())).toMatchObject({ imports: [{ kind: 'imported' }] });
});

test('a new row brings the whole result of its element', async () => {
  const one = aLogRow({ status: 'E', errorCode: 'INV_SIZE' });
  const { bluecherry } = await against(logOf(one));
  const { cursor } = await bluecherry.readChanges(null, aCall());
  erp?.answers(logOf(one, aLogRow({ status: 'E', errorCode: 'INV_STORE' })));
  const { imports } = await bluecherry.readChanges(cursor, aCall());
  expect(imports).toMatchObject([{ faults: [{ code: 'INV_SIZE' }, { code: 'INV_STORE' }] }]);
});

test('a time of change in the future does not move the cursor past the ERP’s clock', async () => {
  const { bluecherry } = await against(
    logOf(aLogRow({ last_mod: '2025-11-25 12:30:00' }), aLogRow({ row_seq: 2, last_mod: '2027-01-01 00:00:00' })),
  );
  const { cursor, imports } = await bluecherry.readChanges(null, aCall());
  expect(imports).toHaveLength(2);
  expect(cursor.importLog.changedUntil).toBe('2025-11-25 12:00:00');
  expect((await bluecherry.readChanges(cursor, aCall())).imports).toEqual([]);
});

test('in the night summer time ends the overlap is longer than the hour that repeats', async () => {
  const repeated = new Date('2025-11-02T06:10:00Z');
  const { server, bluecherry } = await against(logOf(), () => repeated);
  const cursor = { changedUntil: '2025-11-02 01:59:00', seen: [], isHeld: false };
  const next = await bluecherry.readChanges(
    { importLog: cursor, salesOrders: cursor, picks: null, invoices: null, creditMemos: null },
    aCall(),
  );
  expect(server.received[0]?.query['$filter']).toBe("last_mod gt '2025-11-02 00:49:00'");
  expect(next.cursor.importLog.changedUntil).toBe('2025-11-02 01:10:00');
});

test('a pass that breaks off moves nothing', async () => {
  const { bluecherry } = await against(({ resource }) => (resource === 'importLog' ? flat() : { status: 500 }));
  await expect(bluecherry.readChanges(null, aCall())).rejects.toMatchObject({ code: 'ERP_UNAVAILABLE' });
});

function filterOf({ resource, query }: Received): string {
  return `${resource}: ${query['$filter']}`;
}
