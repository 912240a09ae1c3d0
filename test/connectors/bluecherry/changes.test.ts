import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';

import { parseErpCursor, type ErpChanges } from '../../../connectors/bluecherry/bluecherry.ts';
import { aCreditMemo, anInvoice, aPick } from './billing-rows.ts';
import { flat, headed, startScriptedErp, type Reply, type ScriptedErp } from './scripted-erp.ts';
import { aCall, aLogRow, anErpOrder, connect } from './support.ts';

type Row = Readonly<Record<string, unknown>>;
type Lists = Readonly<Record<string, readonly Row[]>>;

const RESOURCES = ['importLog', 'salesOrder', 'pick', 'invoice', 'creditMemo'] as const;
type Resource = (typeof RESOURCES)[number];
const LATELY = '2025-11-25 11:50:00';

/** One row of each list. */
const ONE_EACH: Lists = {
  importLog: [aLogRow({ status: 'S', ord_num: '104512' })],
  salesOrder: [anErpOrder({ last_mod: LATELY })],
  pick: [aPick()],
  invoice: [anInvoice()],
  creditMemo: [aCreditMemo()],
};

let erp: ScriptedErp | undefined;
/** What the ERP holds now; the filter and pages of two rows are honoured. */
let lists: Lists = {};
/** A list that answers this instead. */
let instead: { readonly resource: string; readonly reply: Reply } | null = null;

afterEach(async () => {
  await erp?.close();
  erp = undefined;
  lists = {};
  instead = null;
});

async function start(first: Lists, settings: Parameters<typeof connect>[1] = {}) {
  lists = first;
  const server = await startScriptedErp(({ resource, query }) => {
    if (instead?.resource === resource) return instead.reply;
    const since = /last_mod gt '([^']+)'/.exec(query['$filter'] ?? '')?.[1] ?? '';
    const page = Number(query['_pgno']);
    const rows = (lists[resource] ?? []).filter(({ last_mod }) => typeof last_mod !== 'string' || last_mod > since);
    const shown = rows.slice((page - 1) * 2, page * 2);
    return resource === 'importLog' ? flat(...shown) : headed(...shown);
  });
  erp = server;
  return { server, bluecherry: connect(server.url, settings) };
}

/** Numbers told, by list. */
function told({ imports, salesOrders, picks, invoices, creditMemos }: ErpChanges) {
  return {
    importLog: imports.map(({ transaction }) => transaction),
    salesOrder: salesOrders.map(({ orderNumber }) => orderNumber),
    pick: picks.map(({ number }) => number),
    invoice: invoices.map(({ number }) => number),
    creditMemo: creditMemos.map(({ number }) => number),
  };
}

const NOTHING = { importLog: [], salesOrder: [], pick: [], invoice: [], creditMemo: [] };
const ALL = {
  importLog: ['55012'],
  salesOrder: ['104512'],
  pick: ['300871'],
  invoice: ['700231'],
  creditMemo: ['C2044'],
};

describe('changes of the ERP', () => {
  test('are told of all five lists, once', async () => {
    const { bluecherry } = await start(ONE_EACH);
    const first = await bluecherry.readChanges(null, aCall());
    expect(told(first)).toEqual(ALL);
    const second = await bluecherry.readChanges(first.cursor, aCall());
    expect(told(second)).toEqual(NOTHING);
    expect(second.cursor).toEqual(first.cursor);
  });

  test('are headers: lines are null even where the ERP shows them unasked', async () => {
    const { server, bluecherry } = await start(ONE_EACH);
    const { invoices, creditMemos, picks } = await bluecherry.readChanges(null, aCall());
    expect(invoices).toMatchObject([{ number: '700231', orderNumber: '104512', lines: null }]);
    expect(creditMemos).toMatchObject([{ number: 'C2044', invoiceNumber: '700231', lines: null }]);
    expect(picks).toEqual([
      { number: '300871', orderNumber: '104512', invoiceNumber: '', altPo: 'REF-1', referenceField: 'REF-1' },
    ]);
    expect(server.received.every(({ query }) => query['_include'] === undefined)).toBe(true);
  });

  test('say whose a pick is by the site’s fields, padded or absent', async () => {
    const pick = aPick({ altpo: null, udford2c: ' REF-2  ', udford1c: 'no' });
    const fields = {
      purchaseOrder: 'po_num',
      altPo: 'altpo',
      referenceField: 'udford2c',
      vndId: 'vnd_id',
      vndQual: 'vnd_qual',
    };
    const { bluecherry } = await start({ pick: [pick] }, { fields });
    expect((await bluecherry.readChanges(null, aCall())).picks).toMatchObject([{ altPo: '', referenceField: 'REF-2' }]);
  });

  test('of an invoice without a total are told: only who shows the invoice needs it', async () => {
    const { bluecherry } = await start({ invoice: [anInvoice({ total_amt: null })] });
    expect(told(await bluecherry.readChanges(null, aCall())).invoice).toEqual(['700231']);
  });

  test.each([
    ['pick', 'pick_num', aPick],
    ['invoice', 'inv_num', anInvoice],
    ['creditMemo', 'cm_num', aCreditMemo],
    ['salesOrder', 'ord_num', (change: Row) => anErpOrder({ last_mod: LATELY, ...change })],
  ] as const)('of list %s without %s are left out and counted once, and the rest is told', async (list, key, row) => {
    const { bluecherry } = await start({ ...ONE_EACH, [list]: [row({ [key]: ' ', pkey: 9 }), row({})] });
    const changes = await bluecherry.readChanges(null, aCall());
    expect(told(changes)).toEqual(ALL);
    expect(changes.unreadable).toHaveLength(1);
    expect((await bluecherry.readChanges(changes.cursor, aCall())).unreadable).toEqual([]);
    expect(bluecherry.usage().skippedRows).toBe(1);
  });

  const ODD: Readonly<Record<string, Row>> = {
    importLog: aLogRow({ pkey: 9, ext_ref: 'EDI-1', line_seq: 'third' }),
    salesOrder: anErpOrder({ pkey: 9, ord_num: '9', altpo: 'EDI-1', udford1c: '', ord_date: 'soon', last_mod: LATELY }),
    pick: aPick({ pkey: 9, altpo: 'EDI-1', udford1c: '', inv_num: ['700231'] }),
    invoice: anInvoice({ pkey: 9, inv_num: '9', ord_num: '104999', inv_date: 'soon' }),
    creditMemo: aCreditMemo({ pkey: 9, cm_num: 'C9', ord_num: '104999', total_amt: 'a lot' }),
  };

  test.each(RESOURCES)(
    'of list %s that cannot be read are left out and named once, and the rest is told',
    async (list) => {
      const { bluecherry } = await start({ ...ONE_EACH, [list]: [ODD[list] ?? {}, ...(ONE_EACH[list] ?? [])] });
      const changes = await bluecherry.readChanges(null, aCall());
      expect(told(changes)).toEqual(ALL);
      const whose = list === 'invoice' || list === 'creditMemo' ? { orderNumber: '104999' } : { altPo: 'EDI-1' };
      expect(changes.unreadable).toEqual([
        {
          altPo: '',
          referenceField: '',
          orderNumber: '',
          ...whose,
          says: expect.stringContaining(`/api/${list}: the answer`),
        },
      ]);
      expect(bluecherry.usage().skippedRows).toBe(1);
      expect((await bluecherry.readChanges(changes.cursor, aCall())).unreadable).toEqual([]);
    },
  );

  test.each(RESOURCES)('of list %s are left out where the only one cannot be read', async (list) => {
    const { bluecherry } = await start({ ...ONE_EACH, [list]: [ODD[list] ?? {}] });
    const changes = await bluecherry.readChanges(null, aCall());
    expect(told(changes)).toEqual({ ...ALL, [list]: [] });
    expect(changes.unreadable).toHaveLength(1);
  });

  test.each(RESOURCES)(
    'of list %s none of which can be read are no changes: the shape is another one',
    async (list) => {
      const odd = ODD[list] ?? {};
      const { bluecherry } = await start({ ...ONE_EACH, [list]: [odd, { ...odd, pkey: 10, ord_num: '10' }] });
      await expect(bluecherry.readChanges(null, aCall())).rejects.toMatchObject({ code: 'SCHEMA_DRIFT', fate: 'gate' });
    },
  );

  test('of the second that was told already are told when they are others, and not again', async () => {
    const { bluecherry } = await start({ invoice: [anInvoice()], pick: [aPick()] });
    const first = await bluecherry.readChanges(null, aCall());
    lists = {
      invoice: [anInvoice(), anInvoice({ pkey: 33011, inv_num: '700232' })],
      pick: [aPick({ inv_num: '700231' })],
    };
    const second = await bluecherry.readChanges(first.cursor, aCall());
    expect(told(second)).toEqual({ ...NOTHING, invoice: ['700232'], pick: ['300871'] });
    expect(told(await bluecherry.readChanges(second.cursor, aCall()))).toEqual(NOTHING);
  });

  test('with a stamp a little older than the cursor are told: sets move while they are read', async () => {
    const { bluecherry } = await start({ creditMemo: [aCreditMemo()] });
    const { cursor } = await bluecherry.readChanges(null, aCall());
    lists = { creditMemo: [aCreditMemo(), aCreditMemo({ pkey: 2, cm_num: 'C1', last_mod: '2025-11-25 11:41:00' })] };
    expect(told(await bluecherry.readChanges(cursor, aCall())).creditMemo).toEqual(['C1']);
  });

  test('that are seen on two pages are told once', async () => {
    const rows = ['1', '2', '2', '3'].map((inv_num) => anInvoice({ pkey: Number(inv_num), inv_num }));
    const { bluecherry } = await start({ invoice: rows });
    expect(told(await bluecherry.readChanges(null, aCall())).invoice.toSorted()).toEqual(['1', '2', '3']);
  });

  test('are no news when the ERP only writes the same row in another way', async () => {
    const one = { ...anInvoice({ customer: 'ACME01', due_date: null }), track_no: ['1Z'] };
    const { bluecherry } = await start({ invoice: [one], salesOrder: [anErpOrder({ last_mod: LATELY })] });
    const { cursor } = await bluecherry.readChanges(null, aCall());
    lists = {
      invoice: [
        { ...one, sub_total: '144.00', frgt_amt: '12.5000', customer: 'ACME01   ', pkey: '33010', due_date: ' ' },
      ],
      salesOrder: [anErpOrder({ tax_amt: 19.8, sub_total: 240, last_mod: LATELY.replace(' ', 'T'), notes: undefined })],
    };
    expect(told(await bluecherry.readChanges(cursor, aCall()))).toEqual(NOTHING);
    lists = { ...lists, invoice: [{ ...one, paid_amt: 0.01 }] };
    expect(told(await bluecherry.readChanges(cursor, aCall())).invoice).toEqual(['700231']);
  });

  test.each([
    ['some minutes', '2025-11-25 12:05:00'],
    ['days', '2025-11-28 12:00:00'],
  ])('that are dated %s ahead of our clock are told once more, and then not again and again', async (_, last_mod) => {
    const { bluecherry } = await start({ salesOrder: [anErpOrder({ last_mod })], invoice: [anInvoice({ last_mod })] });
    let cursor: ErpChanges['cursor'] | null = null;
    const seen: unknown[] = [];
    for (let pass = 0; pass < 4; pass++) {
      const changes: ErpChanges = await bluecherry.readChanges(cursor, aCall());
      ({ cursor } = changes);
      seen.push([changes.salesOrders.map(({ isSettling }) => isSettling), changes.invoices.length]);
    }
    expect(seen).toEqual([
      [[true], 1],
      [[false], 0],
      [[], 0],
      [[], 0],
    ]);
  });

  test('whatever happens within one second, every state of every row is told exactly once', async () => {
    const { bluecherry } = await start({});
    const change = fc.record({
      pkey: fc.integer({ min: 1, max: 4 }),
      paid: fc.integer({ min: 0, max: 2 }),
      second: fc.integer({ min: 0, max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 4 }), async (passes) => {
        const rows = new Map<number, Row>();
        const seen: string[] = [];
        const shown = new Set<string>();
        let cursor: ErpChanges['cursor'] | null = null;
        for (const [index, pass] of passes.entries()) {
          for (const { pkey, paid, second } of pass)
            rows.set(pkey, {
              ...anInvoice({ pkey, inv_num: String(pkey), paid_amt: paid }),
              last_mod: `2025-11-25 11:5${index}:0${second}`,
            });
          lists = { invoice: [...rows.values()] };
          for (const row of rows.values())
            shown.add(`${String(row['inv_num'])} ${String(row['paid_amt'])} ${String(row['last_mod'])}`);
          const changes: ErpChanges = await bluecherry.readChanges(cursor, aCall());
          cursor = changes.cursor;
          for (const { number, paid, changedAt } of changes.invoices)
            seen.push(`${number} ${paid} 2025-11-25 11:${changedAt.slice(14, 19)}`);
        }
        expect(seen.toSorted()).toEqual([...shown].toSorted());
      }),
      { numRuns: 25 },
    );
  });
});

describe('a pass that breaks off', () => {
  const BREAKS: readonly (readonly [string, Reply, string])[] = [
    ['a 503', { status: 503 }, 'ERP_UNAVAILABLE'],
    ['a page that is no answer', { body: '<html></html>' }, 'UNREADABLE_ANSWER'],
    ['another envelope', { body: { version: '1.0', data: { rows: [] } } }, 'SCHEMA_DRIFT'],
  ];
  const CASES = RESOURCES.flatMap((resource) =>
    BREAKS.map(([name, reply, code]) => [resource, name, reply, code] as const),
  );

  test.each(CASES)('at %s with %s tells nothing, and nothing is lost', async (resource, _, reply, code) => {
    const { bluecherry } = await start({});
    const { cursor } = await bluecherry.readChanges(null, aCall());
    lists = ONE_EACH;
    instead = { resource, reply };
    await expect(bluecherry.readChanges(cursor, aCall())).rejects.toMatchObject({ code });
    instead = null;
    expect(told(await bluecherry.readChanges(cursor, aCall()))).toEqual(ALL);
  });

  test.each<Resource>([...RESOURCES])('at %s because the filter was ignored tells nothing', async (resource) => {
    const { bluecherry } = await start(ONE_EACH);
    const [row] = ONE_EACH[resource] ?? [];
    const old = { ...row, last_mod: '2019-01-01 00:00:00' };
    instead = { resource, reply: resource === 'importLog' ? flat(old) : headed(old) };
    await expect(bluecherry.readChanges(null, aCall())).rejects.toMatchObject({ code: 'FILTER_IGNORED', fate: 'gate' });
  });
});

describe('a cursor', () => {
  const half = { changedUntil: '2025-11-25 11:55:00', seen: ['abc'], isHeld: false };

  test('of before picks, invoices and credit memos were read is good: those begin a day back', async () => {
    const old = parseErpCursor(structuredClone({ importLog: half, salesOrders: half }));
    expect(old).toEqual({ importLog: half, salesOrders: half, picks: null, invoices: null, creditMemos: null });
    const { server, bluecherry } = await start({ ...ONE_EACH, importLog: [], salesOrder: [] });
    expect(told(await bluecherry.readChanges(old, aCall()))).toEqual({ ...ALL, importLog: [], salesOrder: [] });
    const first = server.received.filter(({ query }) => query['_pgno'] === '1');
    expect(first.map(({ resource, query }) => `${resource} ${query['$filter']?.slice(-21)}`)).toEqual([
      "importLog '2025-11-25 11:45:00'",
      "salesOrder '2025-11-25 11:45:00'",
      "pick '2025-11-24 12:00:00'",
      "invoice '2025-11-24 12:00:00'",
      "creditMemo '2025-11-24 12:00:00'",
    ]);
  });

  test('survives being written down', async () => {
    const { bluecherry } = await start(ONE_EACH);
    const { cursor } = await bluecherry.readChanges(null, aCall());
    expect(parseErpCursor(JSON.parse(JSON.stringify(cursor)))).toEqual(cursor);
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['a text', 'cursor'],
    ['without sales orders', { importLog: half }],
    ['with a time of another form', { importLog: half, salesOrders: { ...half, changedUntil: '11/25/2025' } }],
    ['with half a list', { importLog: half, salesOrders: half, picks: { changedUntil: half.changedUntil } }],
  ])('that is %s is none', (_, value) => {
    expect(parseErpCursor(value)).toBeNull();
  });

  describe('after a pause', () => {
    const old = parseErpCursor({
      importLog: half,
      salesOrders: half,
      invoices: { changedUntil: '2025-11-25 09:00:00', seen: [] },
    });
    const early = anInvoice({ last_mod: '2025-11-25 09:30:00' });
    const jumped = anInvoice({ pkey: 2, inv_num: '700232', last_mod: '2025-11-25 09:40:00' });
    const lately = anInvoice({ pkey: 3, inv_num: '700233' });
    const marks = (server: ScriptedErp) =>
      server.received
        .filter(({ resource, query }) => resource === 'invoice' && query['_pgno'] === '1')
        .map(({ query }) => query['$filter']?.slice(-9, -1));

    test('stays for one more pass, because a row may have jumped over a page border while the list moved', async () => {
      const { server, bluecherry } = await start({ invoice: [early, lately] });
      const first = await bluecherry.readChanges(old, aCall());
      expect(told(first).invoice).toEqual(['700231', '700233']);
      lists = { invoice: [early, jumped, lately] };
      const second = await bluecherry.readChanges(parseErpCursor(JSON.parse(JSON.stringify(first.cursor))), aCall());
      expect(told(second).invoice).toEqual(['700232']);
      expect(told(await bluecherry.readChanges(second.cursor, aCall())).invoice).toEqual([]);
      expect(marks(server)).toEqual(['08:50:00', '08:50:00', '11:40:00']);
    });

    test('goes on after that pass, whatever it shows', async () => {
      const { server, bluecherry } = await start({ invoice: [early, lately] });
      let cursor = old;
      for (let pass = 0; pass < 4; pass++) {
        lists = { invoice: [{ ...early, paid_amt: pass }, lately] };
        ({ cursor } = await bluecherry.readChanges(cursor, aCall()));
      }
      expect(marks(server)).toEqual(['08:50:00', '08:50:00', '11:40:00', '11:40:00']);
    });
  });

  test('reaches back as long in the night summer time begins as in any other', async () => {
    const mark = { changedUntil: '2026-03-08 03:00:30', seen: [] };
    const spring = parseErpCursor({ importLog: mark, salesOrders: { ...mark, changedUntil: '2026-03-08 03:30:00' } });
    lists = {};
    const server = await startScriptedErp(({ resource }) => (resource === 'importLog' ? flat() : headed()));
    erp = server;
    const bluecherry = connect(server.url, {}, () => new Date('2026-03-08T07:35:00Z'));
    await bluecherry.readChanges(spring, aCall());
    expect(server.received.slice(0, 2).map(({ query }) => query['$filter'])).toEqual([
      "last_mod gt '2026-03-08 01:50:30'",
      "last_mod gt '2026-03-08 03:20:00'",
    ]);
  });

  test('of an empty list stays where it was, so that nothing before its first row is missed', async () => {
    const { bluecherry } = await start({});
    const { cursor } = await bluecherry.readChanges(null, aCall());
    lists = { creditMemo: [aCreditMemo({ last_mod: '2025-11-24 18:00:00' })] };
    expect(told(await bluecherry.readChanges(cursor, aCall())).creditMemo).toEqual(['C2044']);
  });
});
