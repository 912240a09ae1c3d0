import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createBlueCherry, type BlueCherry } from '../../../connectors/bluecherry/bluecherry.ts';
import { startBlueCherry } from '../../../sandbox/bluecherry/stand-in.ts';
import { flat, startScriptedErp, type Received, type Reply, type ScriptedErp } from './scripted-erp.ts';
import { aCall, aLog, aSite, connect, NOON } from './support.ts';

type Row = Readonly<Record<string, unknown>>;

const A_DAY_MS = 24 * 3_600_000;
const AN_HOUR_MS = 3_600_000;

/** A price list of two rows a page; oldest change first unless said otherwise, so that an edited row goes to the end. */
class Prices {
  rows: Row[] = [];
  order: 'change' | 'entry' = 'change';
  /** Called before a page is cut out of the list. */
  beforePage: (request: Received, number: number) => void = () => undefined;
  #requests = 0;

  /** Enters a price, or changes it; `at` is a time of the day of `NOON`, or a whole stamp. */
  set(pkey: number, price: number, at: string): void {
    const last_mod = at.length > 8 ? at : `2025-11-25 ${at}`;
    const row = { pkey, price_code: 'A', curr_code: 'USD', style: `S${pkey}`, price, last_mod };
    const place = this.rows.findIndex((each) => each['pkey'] === pkey);
    if (place < 0) this.rows.push(row);
    else this.rows[place] = row;
  }

  remove(pkey: number): void {
    this.rows = this.rows.filter((row) => row['pkey'] !== pkey);
  }

  answer = (request: Received): Reply => {
    this.beforePage(request, ++this.#requests);
    const since = /last_mod gt '(.*)'/.exec(request.query['$filter'] ?? '')?.[1] ?? '';
    const { pkey } = request.query;
    const fitting = this.rows.filter(
      (row) => String(row['last_mod']) > since && (pkey === undefined || String(row['pkey']) === pkey),
    );
    const [page, size] = [Number(request.query['_pgno']), Number(request.query['_pgsize'])];
    return flat(
      ...(this.order === 'change' ? fitting.toSorted(byChange) : fitting).slice((page - 1) * size, page * size),
    );
  };
}

function byChange(left: Row, right: Row): number {
  return String(left['last_mod']).localeCompare(String(right['last_mod']));
}

let list: Prices;
let erp: ScriptedErp;
let bluecherry: BlueCherry;
let log: ReturnType<typeof aLog>;
let now: Date;

beforeEach(async () => {
  list = new Prices();
  erp = await startScriptedErp((request) => list.answer(request));
  now = NOON;
  log = aLog();
  bluecherry = start();
});

afterEach(async () => {
  await bluecherry.close();
  await erp.close();
});

function start(): BlueCherry {
  const patient = { requestMs: 10_000, writeMs: 10_000 };
  const settings = aSite(erp.url, { paging: { size: 2, capConfirmed: false }, timeouts: patient });
  return createBlueCherry(settings, { clock: () => now, log });
}

/** Price by key, as they are known after a refresh. */
async function known(): Promise<Readonly<Record<string, number>>> {
  const rows = await bluecherry.prices.rows(aCall());
  return Object.fromEntries(rows.map(({ key, price }) => [key, Number(price)]));
}

const asShown = () => Object.fromEntries(list.rows.map(({ pkey, price }) => [String(pkey), Number(price)]));

const five = () => {
  for (let pkey = 1; pkey <= 5; pkey++) list.set(pkey, pkey, `08:0${pkey}:00`);
};

/** Does something once, before the given page of a list that is asked for in this way. */
function once(isMeant: (request: Received) => boolean, act: () => void): void {
  let isDone = false;
  list.beforePage = (request) => {
    if (isDone || !isMeant(request)) return;
    isDone = true;
    act();
  };
}

const isWhole = ({ query }: Received) => query['$filter'] === undefined && query['pkey'] === undefined;
const secondPage = (request: Received) => isWhole(request) && request.query['_pgno'] === '2';
const secondOfDelta = (request: Received) => !isWhole(request) && request.query['_pgno'] === '2';
const asked = (from: number) =>
  erp.received.slice(from).map(({ query }) => `${query['pkey'] ?? query['$filter'] ?? 'all'} ${query['_pgno']}`);

describe('the first reading of a list', () => {
  test('costs one call more than its pages where nobody touched it', async () => {
    five();
    expect(await known()).toEqual(asShown());
    expect(asked(0)).toEqual(['all 1', 'all 2', 'all 3', 'all 4', "last_mod gt '2025-11-25 11:50:00' 1"]);
  });

  test('of one page is not asked about', async () => {
    list.set(1, 1, '08:00:00');
    expect(await known()).toEqual({ 1: 1 });
    expect(asked(0)).toEqual(['all 1', 'all 2']);
  });

  test('leaves a row out that changed at no time of the calendar, says so, and goes on once it is mended', async () => {
    list.set(1, 1, '08:00:00');
    list.set(2, 2, '09:60:00');
    expect(await known()).toEqual({ 1: 1 });
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    list.set(2, 2, '11:55:00');
    expect(await known()).toEqual(asShown());
  });

  test('is done anew where an edited row pulled another over a page border', async () => {
    five();
    once(secondPage, () => list.set(1, 100, '12:00:00'));
    expect(await known()).toEqual({ 1: 100, 2: 2, 3: 3, 4: 4, 5: 5 });
    expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  test('that never stands still keeps what any round showed, says so, and ends', async () => {
    five();
    let second = 0;
    list.beforePage = (request) => {
      // The first row goes to the end before every second page.
      if (request.query['_pgno'] === '2' && isWhole(request)) {
        const first = list.rows.toSorted(byChange)[0];
        list.set(Number(first?.['pkey']), 100, `12:00:${String(second++).padStart(2, '0')}`);
      }
    };
    expect(await known()).toEqual(asShown());
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'warn', fields: { resource: 'priceList' } }));
    expect(erp.received.length).toBeLessThan(40);
  });

  test('that takes longer than the overlap loses no change of a row that was read already', async () => {
    list.order = 'entry';
    for (const pkey of [1, 2, 3]) list.set(pkey, pkey, '11:55:00');
    once(secondOfDelta, () => {
      list.set(1, 100, '12:01:00');
      now = new Date(NOON.getTime() + 20 * 60_000);
      list.set(9, 9, '12:20:00');
    });
    await known();
    expect(await known()).toEqual({ 1: 100, 2: 2, 3: 3, 9: 9 });
  });
});

describe('a list that is known is read as a whole again after a day, and', () => {
  beforeEach(async () => {
    five();
    await known();
    now = new Date(NOON.getTime() + A_DAY_MS);
  });

  test('costs what its pages cost beside what every refresh does, and finds what is gone by one call', async () => {
    list.remove(2);
    const before = erp.received.length;
    expect(await known()).toEqual(asShown());
    expect(asked(before)).toEqual([
      // As ever: what changed.
      "last_mod gt '2025-11-25 07:55:00' 1",
      "last_mod gt '2025-11-25 07:55:00' 2",
      "last_mod gt '2025-11-25 07:55:00' 3",
      'all 1',
      'all 2',
      'all 3',
      '2 1',
    ]);
  });

  test('drops no row that an edit pulled over a page border', async () => {
    once(secondPage, () => list.set(1, 100, '2025-11-26 12:00:00'));
    const seen = await known();
    expect(Object.keys(seen)).toEqual(['1', '2', '3', '4', '5']);
    expect(await known()).toEqual(asShown());
    expect(asked(0)).toContain('3 1');
  });

  test('drops no row that a deletion pulled over a page border', async () => {
    once(secondPage, () => list.remove(1));
    expect(await known()).toEqual({ 1: 1, 2: 2, 3: 3, 4: 4, 5: 5 });
    now = new Date(NOON.getTime() + 2 * A_DAY_MS);
    expect(await known()).toEqual({ 2: 2, 3: 3, 4: 4, 5: 5 });
  });

  test('is read once more where so much is gone that asking for each would cost more', async () => {
    for (let pkey = 6; pkey <= 30; pkey++) list.set(pkey, pkey, '2025-11-26 08:00:00');
    await known();
    for (let pkey = 3; pkey <= 28; pkey++) list.remove(pkey);
    now = new Date(NOON.getTime() + 2 * A_DAY_MS);
    const before = erp.received.length;
    expect(await known()).toEqual({ 1: 1, 2: 2, 29: 29, 30: 30 });
    expect(asked(before).filter((call) => call.startsWith('all'))).toHaveLength(6);
    expect(asked(before).filter((call) => /^\d/.test(call))).toEqual([]);
  });

  test('drops nothing while it is being emptied', async () => {
    for (let pkey = 6; pkey <= 30; pkey++) list.set(pkey, pkey, '2025-11-26 08:00:00');
    await known();
    now = new Date(NOON.getTime() + 2 * A_DAY_MS);
    // A job that deletes every row but the last ones, two at a time, faster than pages are read.
    list.beforePage = (request) => {
      if (isWhole(request)) list.rows = [...list.rows.slice(0, -8).slice(3), ...list.rows.slice(-8)];
    };
    const seen = await known();
    for (const key of Object.keys(asShown())) expect(seen).toHaveProperty(key);
  });
});

describe('a delta of several pages', () => {
  beforeEach(async () => {
    five();
    await known();
    now = new Date(NOON.getTime() + AN_HOUR_MS);
    for (let pkey = 1; pkey <= 4; pkey++) list.set(pkey, 10 * pkey, `${8 + pkey}:00:00`.padStart(8, '0'));
  });

  test('is read anew where a row that changed meanwhile pulled another over a page border', async () => {
    once(secondOfDelta, () => list.set(5, 50, '13:00:00'));
    expect(await known()).toEqual({ 1: 10, 2: 20, 3: 30, 4: 40, 5: 50 });
  });

  test('that never stands still is read again from where it began', async () => {
    let [oldest, round] = [5, 0];
    // In every round an old row goes to the end, so that the third one is pulled over the border unseen.
    list.beforePage = ({ query }) => {
      if (!query['$filter']?.includes('07:55')) return;
      if (query['_pgno'] === '1' && round++ > 0) list.set((oldest = 100 + round), 1, '08:30:00');
      if (query['_pgno'] === '2') list.set(oldest, 1_000, `13:0${round}:00`);
    };
    expect(await known()).toMatchObject({ 1: 10, 2: 2, 3: 30 });
    list.beforePage = () => undefined;
    expect(await known()).toEqual(asShown());
    expect(asShown()).toMatchObject({ 2: 20 });
  });

  test('that showed nothing new is not asked about: the next one begins where it did', async () => {
    await known();
    const before = erp.received.length;
    await known();
    expect(new Set(asked(before).map((call) => call.slice(0, -2)))).toEqual(
      new Set(["last_mod gt '2025-11-25 11:50:00'"]),
    );
  });
});

describe('a row that cannot be read', () => {
  const spoil = (pkey: number, at = '09:00:00') => {
    list.set(pkey, pkey, at);
    list.rows = list.rows.map((row) => (row['pkey'] === pkey ? { ...row, price: 'on request' } : row));
  };

  test('is left out with a word in the log, and the rest goes on', async () => {
    five();
    spoil(2);
    expect(await known()).toEqual({ 1: 1, 3: 3, 4: 4, 5: 5 });
    expect(log.lines).toContainEqual({
      level: 'warn',
      fields: {
        resource: 'priceList',
        rows: 1,
        says: ['GET /api/priceList: the answer does not have the agreed shape at price'],
      },
      message: 'rows that cannot be read were left out',
    });
  });

  test('does not take away what was known of it, not even after a day', async () => {
    five();
    await known();
    spoil(2);
    expect(await known()).toEqual({ 1: 1, 2: 2, 3: 3, 4: 4, 5: 5 });
    now = new Date(NOON.getTime() + A_DAY_MS);
    expect(await known()).toEqual({ 1: 1, 2: 2, 3: 3, 4: 4, 5: 5 });
    list.set(2, 200, '2025-11-26 11:00:00');
    expect(await known()).toMatchObject({ 2: 200 });
  });

  test('is no exception where none of a page can be read: then the shape is another one', async () => {
    five();
    for (let pkey = 1; pkey <= 5; pkey++) spoil(pkey, `08:0${pkey}:00`);
    await expect(known()).rejects.toMatchObject({ code: 'SCHEMA_DRIFT', fate: 'gate' });
  });
});

test('whatever is edited, entered and deleted meanwhile, no row that stays is unknown after any reading', async () => {
  const deed = fc.record({
    at: fc.integer({ min: 0, max: 40 }),
    what: fc.constantFrom('edit', 'enter', 'delete'),
    which: fc.nat(11),
  });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 3, max: 9 }), fc.array(deed, { maxLength: 8 }), async (count, deeds) => {
      list = new Prices();
      now = NOON;
      const fresh = start();
      for (let pkey = 1; pkey <= count; pkey++) list.set(pkey, pkey, `08:0${pkey}:00`);
      await fresh.prices.rows(aCall());
      const stamp = () => {
        now = new Date(now.getTime() + 1_000);
        return new Date(now.getTime() - 5 * AN_HOUR_MS).toISOString().slice(0, 19).replace('T', ' ');
      };
      let calls = 0;
      let next = 100;
      list.beforePage = () => {
        calls += 1;
        for (const { what, which } of deeds.filter(({ at }) => at === calls)) {
          const pkey = Number(list.rows[which % Math.max(1, list.rows.length)]?.['pkey']);
          if (what === 'enter') list.set(next++, 1, stamp());
          else if (list.rows.length === 0) continue;
          else if (what === 'edit') list.set(pkey, next++, stamp());
          else list.remove(pkey);
        }
      };
      for (let day = 1; day <= 2; day++) {
        now = new Date(now.getTime() + A_DAY_MS);
        await fresh.prices.rows(aCall());
      }
      list.beforePage = () => undefined;
      const rows = await fresh.prices.rows(aCall());
      await fresh.close();
      expect(Object.fromEntries(rows.map(({ key, price }) => [key, Number(price)]))).toMatchObject(asShown());
    }),
    { numRuns: 30 },
  );
});

test('no price is missing where the ERP orders its list by change and one is edited while it is read', async () => {
  const standIn = await startBlueCherry({ listOrder: 'change' });
  const reading = connect(standIn.url, { keys: standIn.keys, paging: { size: 10, capConfirmed: false } }, standIn.now);
  const route = 'GET /api/priceList';
  standIn.faults.add({ kind: 'slow', ms: 200, route, after: 1 });
  const first = reading.prices.rows(aCall());
  await expect.poll(() => standIn.calls(route).length).toBe(2);
  standIn.setPrice({
    customer: 'ACME01',
    currency: 'USD',
    division: '01',
    style: '00123',
    color: 'BLK',
    label: 'A',
    sizes: [3, 4],
    price: '19.00',
  });
  const rows = await first;
  const again = await reading.prices.rows(aCall());
  expect(rows.map(({ key }) => key).toSorted()).toEqual(again.map(({ key }) => key).toSorted());
  const whole = connect(standIn.url, { keys: standIn.keys }, standIn.now);
  expect(rows).toHaveLength((await whole.prices.rows(aCall())).length);
  await Promise.all([reading.close(), whole.close()]);
  await standIn.close();
});
