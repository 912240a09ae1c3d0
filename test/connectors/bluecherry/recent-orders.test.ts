import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { BlueCherry, LookUp } from '../../../connectors/bluecherry/bluecherry.ts';
import { flat, headed, startScriptedErp, type Received, type Reply, type ScriptedErp } from './scripted-erp.ts';
import { aCall, aLogRow, anErpLine, anErpOrder, connect } from './support.ts';

type Row = Readonly<Record<string, unknown>>;

/** An ERP with two lists, oldest change first: whatever is changed moves to the end. */
class Lists {
  orders: Row[] = [];
  log: Row[] = [];
  /** Called before a page is cut out of its list. */
  beforePage: (request: Received) => void = () => undefined;
  fault: (request: Received) => Reply | null = () => null;
  /** Which row comes first; the oldest change, as a rule. */
  inOrder: (left: Row, right: Row) => number = byChange;

  order(change: Row): void {
    const row = anErpOrder({ pkey: change['ord_num'], udford1c: change['altpo'], ...change });
    this.orders = [...this.orders.filter((each) => each['ord_num'] !== row['ord_num']), row];
  }

  logRow(change: Row): void {
    this.log = [...this.log, aLogRow(change)];
  }

  answer = (request: Received): Reply => {
    const broken = this.fault(request);
    if (broken) return broken;
    this.beforePage(request);
    const isLog = request.resource === 'importLog';
    const all = isLog ? this.log : request.resource === 'salesOrder' ? this.orders : [];
    const fitting = all.filter((row) => fits(row, request)).toSorted(this.inOrder);
    const [page, size] = [Number(request.query['_pgno']), Number(request.query['_pgsize'])];
    const rows = fitting.slice((page - 1) * size, page * size);
    return isLog ? flat(...rows) : headed(...rows);
  };
}

function byChange(left: Row, right: Row): number {
  return String(left['last_mod']).localeCompare(String(right['last_mod']));
}

function fits(row: Row, { query }: Received): boolean {
  if (query['pkey'] !== undefined && String(row['pkey']) !== query['pkey']) return false;
  const [, field = '', operator, literal = ''] = /^(\w+) (eq|gt) '(.*)'$/.exec(query['$filter'] ?? '') ?? [];
  if (field === '') return true;
  return operator === 'gt' ? String(row[field]) > literal : String(row[field]) === literal;
}

function isList({ query }: Received): boolean {
  return query['$filter']?.startsWith('last_mod') ?? false;
}

/** No time-out is looked at here: on a busy machine none shall show. */
const PATIENT = { requestMs: 10_000, writeMs: 10_000 };

let lists: Lists;
let erp: ScriptedErp;
let bluecherry: BlueCherry;

beforeEach(async () => {
  lists = new Lists();
  erp = await startScriptedErp((request) => lists.answer(request));
  bluecherry = connect(erp.url, { paging: { size: 2, capConfirmed: false }, timeouts: PATIENT });
});

afterEach(async () => {
  await bluecherry.close();
  await erp.close();
});

const about = (reference: string, change: Partial<LookUp> = {}): LookUp => ({
  reference,
  placedOn: '2025-11-25',
  transaction: null,
  fields: ['altPo'],
  by: 'shared',
  ...change,
});

const look = (reference: string, change: Partial<LookUp> = {}) => bluecherry.lookUp(about(reference, change), aCall());

const names = (count: number, word = 'NEW') => Array.from({ length: count }, (_, index) => `${word}-${index + 1}`);

const own = () => erp.received.filter((request) => !isList(request)).length;

describe('who looks for a reference', () => {
  test('is answered, with all who look at the same time, by one reading of each list', async () => {
    lists.order({ ord_num: '1', altpo: 'NEW-3' });
    lists.logRow({ ext_ref: 'NEW-4', pkey: 7 });
    const found = await Promise.all(names(20).map((name) => look(name)));
    expect(erp.received).toHaveLength(4);
    expect(found.filter(({ orders, imports }) => orders.length + imports.length > 0)).toHaveLength(2);
    expect(found[2]?.orders).toMatchObject([{ orderNumber: '1', altPo: 'NEW-3' }]);
    expect(found[3]?.imports).toMatchObject([{ kind: 'pending', transaction: '7', reference: 'NEW-4' }]);
  });

  test('is answered whatever the only row calls the time of its change', async () => {
    lists.order({ ord_num: '1', altpo: '', last_mod: '2025-11-25 09:00' });
    await Promise.all(names(6).map((name) => look(name)));
    lists.order({ ord_num: '2', altpo: 'NEW-2' });
    const found = await Promise.all(names(6).map((name) => look(name)));
    expect(found[1]?.orders).toMatchObject([{ orderNumber: '2' }]);
    expect(erp.received.map(({ query }) => query['$filter']).filter((filter) => filter?.includes('Invalid'))).toEqual(
      [],
    );
  });

  test('alone asks for it alone, because that costs less', async () => {
    await look('NEW-1');
    expect(erp.received.map(({ query }) => query['$filter'])).toEqual(["ext_ref eq 'NEW-1'", "altpo eq 'NEW-1'"]);
  });

  test('while a reading is under way is answered by the next one', async () => {
    const second: Promise<unknown>[] = [];
    lists.beforePage = (request) => {
      if (request.resource !== 'salesOrder' || second.length > 0) return;
      // The import log was read already, and the orders are about to be.
      lists.logRow({ ext_ref: 'LATE-2', pkey: 8 });
      second.push(...names(5, 'LATE').map((name) => look(name)));
    };
    await Promise.all(names(5).map((name) => look(name)));
    const found = await Promise.all(second);
    expect(found[1]).toMatchObject({ imports: [{ transaction: '8' }] });
    expect(own()).toBe(0);
  });

  test('whose purchase is older than all that was read asks for it alone', async () => {
    lists.order({ ord_num: '1', altpo: 'OLD-1', last_mod: '2025-11-21 09:00:00' });
    await Promise.all(names(6).map((name) => look(name)));
    const before = erp.received.length;
    expect((await look('OLD-1', { placedOn: '2025-11-21' })).orders).toHaveLength(1);
    expect(erp.received).toHaveLength(before + 2);
  });

  test('finds an order that the ERP dates up to a day before its purchase: a clock or a zone may be wrong', async () => {
    lists.order({ ord_num: '1', altpo: 'NEW-2', last_mod: '2025-11-24 00:00:01' });
    lists.logRow({ ext_ref: 'NEW-3', pkey: 7, last_mod: '2025-11-24 00:00:01' });
    const found = await Promise.all(names(6).map((name) => look(name)));
    expect(found[1]?.orders).toMatchObject([{ orderNumber: '1' }]);
    expect(found[2]?.imports).toMatchObject([{ transaction: '7' }]);
    expect(own()).toBe(0);
  });

  test('reads further back together with others whose purchases are as old', async () => {
    lists.order({ ord_num: '1', altpo: 'OLD-1', last_mod: '2025-11-21 09:00:00' });
    await Promise.all(names(6).map((name) => look(name)));
    const found = await Promise.all(names(6, 'OLD').map((name) => look(name, { placedOn: '2025-11-21' })));
    expect(found.map(({ orders }) => orders.length)).toEqual([1, 0, 0, 0, 0, 0]);
    expect(own()).toBe(0);
  });

  test.for(['', '2025-10-01'])('of a purchase placed on “%s” asks for it alone', async (placedOn) => {
    await Promise.all(names(6).map((name) => look(name, { placedOn })));
    expect(own()).toBe(12);
  });

  test('and must be sure that a post may follow asks for it alone, in both fields', async () => {
    await Promise.all(names(6).map((name) => look(name, { by: 'alone', fields: ['altPo', 'referenceField'] })));
    expect(own()).toBe(18);
  });

  test('finds an order that carries it in the other field only', async () => {
    lists.order({ ord_num: '1', altpo: '', udford1c: 'new-2' });
    const found = await Promise.all(names(6).map((name) => look(name, { fields: ['altPo', 'referenceField'] })));
    expect(found[1]?.orders).toHaveLength(1);
  });

  test('is told a refusal by the ERP itself, with all its faults', async () => {
    for (const line_seq of [1, 2])
      lists.logRow({ ext_ref: 'NEW-1', status: 'E', errorCode: 'INV_SKU', line_seq, last_mod: '2025-11-25 11:55:00' });
    const found = await Promise.all(names(6).map((name) => look(name)));
    expect(found[0]?.imports).toMatchObject([{ kind: 'refused', faults: [{ line: 1 }, { line: 2 }] }]);
    // A page of two is full, so that the next one is asked for, too.
    expect(own()).toBe(3);
  });

  test('finds nothing of a transaction of others that came with its own', async () => {
    lists.logRow({ pkey: 9, row_seq: 1, ext_ref: 'NEW-1', status: 'E', errorCode: 'INV_SKU' });
    lists.logRow({ pkey: 9, row_seq: 2, ext_ref: 'NEW-2' });
    const found = await Promise.all(names(6).map((name) => look(name, { transaction: name === 'NEW-2' ? '9' : null })));
    expect(found[1]?.imports).toMatchObject([{ kind: 'pending', row: 2 }]);
  });

  test('sees a decision in the second in which it was still pending', async () => {
    lists.logRow({ pkey: 9, ext_ref: 'NEW-1' });
    await Promise.all(names(6).map((name) => look(name)));
    lists.log = [];
    lists.logRow({ pkey: 9, ext_ref: 'NEW-1', status: 'S', ord_num: '104512' });
    const found = await Promise.all(names(6).map((name) => look(name)));
    expect(found[0]?.imports).toMatchObject([{ kind: 'imported', orderNumber: '104512' }]);
  });
});

describe('of an order that was taken in', () => {
  const staged = (name: string) => look(name, { transaction: '9', fields: ['altPo', 'referenceField'] });

  test('what was seen a moment ago is enough, and costs nothing', async () => {
    lists.logRow({ pkey: 9, ext_ref: 'NEW-1' });
    await Promise.all(names(6).map((name) => look(name)));
    await bluecherry.readChanges(null, aCall());
    const before = erp.received.length;
    expect((await staged('NEW-1')).imports).toMatchObject([{ kind: 'pending' }]);
    expect(erp.received).toHaveLength(before);
  });

  test('nothing seen is no answer: the ERP is asked for it alone', async () => {
    await Promise.all(names(6).map((name) => look(name)));
    const before = own();
    lists.logRow({ pkey: 9, ext_ref: 'CUT', isa_num: '000000123' });
    expect((await staged('NEW-1')).imports).toMatchObject([{ reference: 'CUT' }]);
    expect(own()).toBe(before + 4);
  });
});

describe('a list that moves while it is read', () => {
  const seven = () => {
    for (let number = 1; number <= 7; number++)
      lists.order({ ord_num: String(number), altpo: `REF-${number}`, last_mod: `2025-11-25 11:0${number}:00` });
  };

  test('hides no order that another pushed over a page border', async () => {
    seven();
    let isMoved = false;
    lists.beforePage = ({ resource, query }) => {
      if (resource !== 'salesOrder' || query['_pgno'] !== '2' || isMoved) return;
      isMoved = true;
      // The first of the first page goes to the end: the first of the second is now on the page that was read already.
      lists.order({ ord_num: '1', altpo: 'REF-1', last_mod: '2025-11-25 12:00:00' });
    };
    const found = await Promise.all(names(9, 'REF').map((name) => look(name)));
    expect(found.map(({ orders }) => orders.length)).toEqual([1, 1, 1, 1, 1, 1, 1, 0, 0]);
    expect(isMoved).toBe(true);
  });

  test('hides no order that goes to a page that was read, whatever the stamp of another is', async () => {
    seven();
    // Its clock is half an hour behind ours, and one row says otherwise.
    lists.order({ ord_num: '8', altpo: 'EDI-8', udford1c: '', last_mod: '2025-11-26 01:00:00' });
    lists.inOrder = (left, right) => byChange(right, left);
    lists.beforePage = ({ resource, query }) => {
      if (resource === 'salesOrder' && query['_pgno'] === '2')
        lists.order({ ord_num: '1', altpo: 'REF-1', last_mod: '2025-11-25 11:30:00' });
    };
    const found = await Promise.all(names(9, 'REF').map((name) => look(name)));
    expect(found.map(({ orders }) => orders.length)).toEqual([1, 1, 1, 1, 1, 1, 1, 0, 0]);
  });

  test('and never stands still is not believed: everybody asks for his own', async () => {
    seven();
    let minute = 10;
    lists.beforePage = (request) => {
      if (request.resource === 'salesOrder' && isList(request))
        lists.order({ ord_num: '1', altpo: 'REF-1', last_mod: `2025-11-25 12:${minute++}:00` });
    };
    await Promise.all(names(30, 'REF').map((name) => look(name)));
    expect(own()).toBe(60);
  });

  test('whatever changes meanwhile, what was there before the question is found, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 9 }),
        fc.array(fc.option(fc.integer({ min: 0, max: 8 })), { maxLength: 12 }),
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        async (count, touched, asksForAbsent) => {
          lists = new Lists();
          const fresh = connect(erp.url, { paging: { size: 1, capConfirmed: false }, timeouts: PATIENT });
          const put = (index: number, at: number) =>
            lists.order({
              ord_num: `N${index}`,
              altpo: `REF-${index}`,
              last_mod: `2025-11-25 ${at < 60 ? '11' : '12'}:${String(at % 60).padStart(2, '0')}:00`,
            });
          for (let index = 0; index < count; index++) put(index, index);
          let clock = 60;
          const moves = [...touched];
          lists.beforePage = (request) => {
            const move = request.resource === 'salesOrder' ? moves.shift() : null;
            if (typeof move === 'number' && move < count) put(move, clock++);
          };
          const wanted = asksForAbsent.map((isAbsent, index) => (isAbsent ? `ABSENT-${index}` : `REF-${index}`));
          const found = await Promise.all(wanted.map((name) => fresh.lookUp(about(name), aCall())));
          await fresh.close();
          expect(found.map(({ orders }) => orders.length)).toEqual(
            wanted.map((name) => (name.startsWith('REF') && Number(name.slice(4)) < count ? 1 : 0)),
          );
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('a list that cannot be read', () => {
  const ignored = () => headed(anErpOrder({ last_mod: '2020-01-01 00:00:00' }));
  const unreadable = ({ query }: Received) =>
    headed(...(query['_pgno'] === '1' ? [anErpOrder({ altpo: 'V100045', last_mod: '' })] : []));
  test.for([
    ['because its filter is ignored', ignored],
    ['because a row that may be ours has lost its keys', unreadable],
  ] as const)('%s stops nobody: everybody asks for his own, and for a while nobody tries', async ([, fault]) => {
    lists.order({ ord_num: '1', altpo: 'NEW-1' });
    lists.fault = (request) => (isList(request) && request.resource === 'salesOrder' ? fault(request) : null);
    const found = await Promise.all(names(6).map((name) => look(name)));
    expect(found.map(({ orders }) => orders.length)).toEqual([1, 0, 0, 0, 0, 0]);
    const before = erp.received.filter(isList).length;
    await Promise.all(names(6).map((name) => look(name)));
    expect(erp.received.filter(isList)).toHaveLength(before);
  });

  test.for([{ ord_date: 'soon' }, { ord_num: '' }])(
    'only in a row of others, %j, is read all the same',
    async (change) => {
      lists.order({ ord_num: '1', altpo: 'NEW-1' });
      lists.order({ ord_num: '2', altpo: 'EDI-2', udford1c: '' });
      lists.orders = lists.orders.map((row) => (row['altpo'] === 'EDI-2' ? { ...row, ...change } : row));
      const found = await Promise.all(names(6).map((name) => look(name)));
      expect(found.map(({ orders }) => orders.length)).toEqual([1, 0, 0, 0, 0, 0]);
      expect(own()).toBe(0);
    },
  );

  test('because the ERP is down fails all who look', async () => {
    lists.fault = (request) => (isList(request) ? { status: 503, body: '' } : null);
    const ends = await Promise.allSettled(names(6).map((name) => look(name)));
    expect(ends.map(({ status }) => status)).toEqual(names(6).map(() => 'rejected'));
    expect(own()).toBe(0);
  });

  test('is left as soon as it has cost what asking for each would', async () => {
    for (let number = 1; number <= 90; number++)
      lists.order({ ord_num: String(number), altpo: `REF-${number}`, last_mod: '2025-11-25 11:00:00' });
    await Promise.all(names(6).map((name) => look(name)));
    expect(erp.received.filter(isList).length).toBeLessThanOrEqual(13);
    expect(own()).toBe(12);
  });
});

describe('writes that the ERP lists among its orders', () => {
  test.for(['S', 'E'])('with the letter %s and no number do not keep the list from being read', async (letter) => {
    lists.order({ ord_num: '', pkey: '900', altpo: 'NEW-1', ord_status: letter, last_mod: '2025-11-25 11:50:00' });
    lists.order({ ord_num: '2', altpo: 'NEW-2' });
    const found = await Promise.all(names(6).map((name) => look(name)));
    expect(found.map(({ orders }) => orders.length)).toEqual([0, 1, 0, 0, 0, 0]);
    expect(own()).toBe(0);
  });

  test('hide no order that one of them pulls over a page border as it goes', async () => {
    lists.order({ ord_num: '', pkey: '900', altpo: 'NEW-1', ord_status: 'S', last_mod: '2025-11-25 11:00:00' });
    for (const number of [2, 3, 4, 5, 6, 7, 8, 9])
      lists.order({ ord_num: String(number), altpo: `NEW-${number}`, last_mod: `2025-11-25 11:0${number}:00` });
    let isImported = false;
    lists.beforePage = ({ resource, query }) => {
      if (resource !== 'salesOrder' || query['_pgno'] !== '2' || isImported) return;
      isImported = true;
      lists.orders = lists.orders.filter((row) => row['ord_num'] !== '');
      lists.order({ ord_num: '1', altpo: 'NEW-1', last_mod: '2025-11-25 12:00:00' });
    };
    const found = await Promise.all(names(9).map((name) => look(name)));
    expect(isImported).toBe(true);
    expect(found.slice(1).map(({ orders }) => orders.length)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });
});

describe('orders that are followed', () => {
  const read = (number: number, asOf: 'now' | 'lately' = 'now') =>
    bluecherry.readOrderOf(
      { reference: `REF-${number}`, orderNumber: String(number), placedOn: '2025-11-25', asOf },
      aCall(),
    );
  const twelve = Array.from({ length: 12 }, (_, index) => index + 1);

  beforeEach(() => {
    for (const number of twelve)
      lists.order({ ord_num: String(number), altpo: `REF-${number}`, last_mod: '2025-11-25 11:50:00' });
    bluecherry = connect(erp.url, { timeouts: PATIENT });
  });

  test('at the same time are read together, with their lines', async () => {
    const found = await Promise.all(twelve.map((number) => read(number)));
    expect(found.map(([order]) => order?.orderNumber)).toEqual(twelve.map(String));
    expect(found.every(([order]) => order?.lines?.length === 1)).toBe(true);
    // The lists to know who carries what, and one page with lines.
    expect(erp.received).toHaveLength(4);
  });

  test('are read together although one of others among them cannot be read', async () => {
    lists.order({ ord_num: '90', altpo: 'EDI-1', last_mod: '2025-11-25 11:50:00' });
    lists.orders = lists.orders.map((row) =>
      row['ord_num'] === '90' ? { ...row, salesorderdetail: { rows: [anErpLine({ price: null })] } } : row,
    );
    const found = await Promise.all(twelve.map((number) => read(number)));
    expect(found.every(([order]) => order?.lines?.length === 1)).toBe(true);
    expect(erp.received).toHaveLength(4);
  });

  test('that were read a moment ago cost nothing, unless they changed since', async () => {
    await Promise.all(twelve.map((number) => read(number)));
    const before = erp.received.length;
    await read(3, 'lately');
    expect(erp.received).toHaveLength(before);
    lists.order({ ord_num: '3', altpo: 'REF-3', ord_status: 'H', last_mod: '2025-11-25 11:59:00' });
    await bluecherry.readChanges(null, aCall());
    expect((await read(3, 'lately'))[0]?.status).toBe('hold');
  });

  test('whose reference a second order carries are asked for alone, and both are shown', async () => {
    lists.order({ ord_num: '99', altpo: 'REF-5', last_mod: '2025-11-25 11:55:00' });
    const found = await Promise.all(twelve.map((number) => read(number)));
    expect(found[4]?.map(({ orderNumber }) => orderNumber).toSorted()).toEqual(['5', '99']);
  });

  test('are read as of now, whatever was read before', async () => {
    await Promise.all(twelve.map((number) => read(number)));
    // A change that does not move the header.
    lists.orders = lists.orders.map((row) => ({ ...row, ord_status: 'H' }));
    const found = await Promise.all(twelve.map((number) => read(number)));
    expect(found.map(([order]) => order?.status)).toEqual(twelve.map(() => 'hold'));
  });
});
