import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createBlueCherry } from '../../../connectors/bluecherry/bluecherry.ts';
import { flat, headed, startScriptedErp, type Received, type Reply, type ScriptedErp } from './scripted-erp.ts';
import { aCall, aLog, aSite, NOON } from './support.ts';

type Row = Readonly<Record<string, unknown>>;

let erp: ScriptedErp;
let folder: string;
let tables: Record<string, Row[]>;
const open: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bluecherry-cache-'));
  tables = {
    style: [
      aStyle(1, '00123', [aSku('01', 'BLK', 'M', '111111111111'), aSku('02', 'BLK', 'M', '222222222222')]),
      aStyle(2, 'AC-7', [aSku('01', 'RED', 'L', '')]),
      aStyle(3, 'OLD', [aSku('01', 'RED', 'S', '333333333333')], { active_ok: 'N' }),
    ],
    customer: [
      aCustomer(1, 'ACME01', '01'),
      aCustomer(2, 'ACME01', '02', { active_ok: 'N' }),
      aCustomer(3, 'WIDE', ''),
    ],
    customerStore: [aStore(1, 'ACME01', '0001'), aStore(2, 'ACME01', '0002', { active_ok: 'N' })],
    Location: [{ pkey: 1, location: 'W01  ', loc_name: 'Main', loc_type: 'W' }],
  };
  erp = await startScriptedErp(answer);
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((connector) => connector.close()));
  await erp.close();
  await rm(folder, { recursive: true, force: true });
});

/** Filters and pages as the ERP does, two rows a page. */
function answer({ resource, query }: Received): Reply {
  const clause = /^(\w+) (eq|gt) '(.*)'$/.exec(query['$filter'] ?? '');
  const [, field = '', operator, literal = ''] = clause ?? [];
  const rows = (tables[resource] ?? []).filter((row) => {
    if (query['pkey'] !== undefined) return String(row['pkey']) === query['pkey'];
    if (!clause) return true;
    const value = String(row[field]).trim();
    return operator === 'gt' ? value > literal : value.toUpperCase() === literal.toUpperCase();
  });
  const page = rows.slice((Number(query['_pgno']) - 1) * 2, Number(query['_pgno']) * 2);
  return resource === 'style' || resource === 'customer' ? headed(...page) : flat(...page);
}

function aStyle(pkey: number, style: string, skus: readonly { division: string; sku: Row }[], change: Row = {}): Row {
  return {
    pkey,
    style,
    last_mod: '2025-11-20 10:00:00',
    styledetail: {
      rows: skus.map(({ division, sku }) => ({ pkey: 1, division, stylecolorsizes: { 'rows-i': [sku] } })),
    },
    ...change,
  };
}

function aSku(division: string, color_code: string, size_desc: string, upc: string) {
  return {
    division: `${division} `,
    sku: { fkey: 1, upc, ean: null, color_code, size_desc, dimension: '', lbl_code: 'a   ' },
  };
}

function aCustomer(pkey: number, customer: string, division: string, change: Row = {}): Row {
  const last_mod = '2025-11-20 10:00:00';
  return {
    pkey,
    customer: `${customer}  `,
    division,
    active_ok: 'Y',
    terms: 'N30',
    curr_code: 'USD',
    factor: null,
    last_mod,
    ...change,
  };
}

function aStore(pkey: number, customer: string, store: string, change: Row = {}): Row {
  return { pkey, customer, store, store_name: 'Troy', center_code: null, last_mod: '2025-11-20 10:00:00', ...change };
}

function start(change: Parameters<typeof aSite>[1] = {}, clock: () => Date = () => NOON) {
  const log = aLog();
  const settings = aSite(erp.url, { cacheDir: folder, paging: { size: 2, capConfirmed: false }, ...change });
  const bluecherry = createBlueCherry(settings, { clock, log });
  open.push(bluecherry);
  return { reference: bluecherry.reference, log };
}

const asked = () =>
  erp.received.map(({ resource, query }) => `${resource} ${query['$filter'] ?? 'all'} ${query['_pgno']}`);

describe('SKUs', () => {
  test('are found by UPC and by codes, without case, in their own division', async () => {
    const { reference } = start();
    expect(await reference.findSku({ by: 'upc', upc: '222222222222' }, aCall())).toEqual({
      kind: 'one',
      sku: { division: '02', style: '00123', color: 'BLK', label: 'A', dimension: '', size: 'M', upc: '222222222222' },
      activeInErp: true,
    });
    const codes = { division: '01', style: '00123', color: 'blk', size: 'm' };
    expect(await reference.findSku({ by: 'codes', codes }, aCall())).toMatchObject({
      kind: 'one',
      sku: { division: '01' },
    });
  });

  test('that are several are all named', async () => {
    const { reference } = start();
    const codes = { style: '00123', color: 'BLK', size: 'M' };
    expect(await reference.findSku({ by: 'codes', codes }, aCall())).toMatchObject({
      kind: 'several',
      skus: [{ division: '01' }, { division: '02' }],
    });
  });

  test('of a style that is not active are found and said to be so', async () => {
    const { reference } = start();
    expect(await reference.findSku({ by: 'upc', upc: '333333333333' }, aCall())).toMatchObject({
      kind: 'one',
      activeInErp: false,
    });
  });

  test('of a named style cost one call before the catalogue was ever read', async () => {
    const { reference } = start();
    await reference.findSku({ by: 'codes', codes: { style: 'AC-7', color: 'RED', size: 'L' } }, aCall());
    expect(asked()).toEqual(["style style eq 'AC-7' 1"]);
  });

  test('that are new in the ERP are found by what changed, once for all who miss them', async () => {
    const { reference } = start();
    await reference.refresh(aCall());
    const calls = erp.received.length;
    tables['style']?.push(
      aStyle(9, 'NEW', [aSku('01', 'BLU', 'M', '999999999999')], { last_mod: '2025-11-25 11:59:00' }),
    );
    const [one, two] = await Promise.all([
      reference.findSku({ by: 'upc', upc: '999999999999' }, aCall()),
      reference.findSku({ by: 'upc', upc: '888888888888' }, aCall()),
    ]);
    expect(one).toMatchObject({ kind: 'one', sku: { style: 'NEW' } });
    expect(two).toEqual({ kind: 'none' });
    expect(asked().slice(calls)).toEqual([
      "style last_mod gt '2025-11-20 09:50:00' 1",
      "style last_mod gt '2025-11-20 09:50:00' 2",
      "style last_mod gt '2025-11-20 09:50:00' 3",
      // Whether the list moved meanwhile.
      "style last_mod gt '2025-11-25 11:50:00' 1",
      "style last_mod gt '2025-11-25 11:50:00' 2",
    ]);
  });

  test('are not gone where the answer comes without the children that were asked for', async () => {
    const { reference } = start();
    await reference.refresh(aCall());
    tables['style'] = (tables['style'] ?? []).map((row) => ({ ...row, styledetail: undefined }));
    await expect(reference.refresh(aCall())).rejects.toMatchObject({ code: 'SCHEMA_DRIFT', fate: 'gate' });
    expect(await reference.findSku({ by: 'upc', upc: '111111111111' }, aCall())).toMatchObject({ kind: 'one' });
    const missed = { by: 'codes', codes: { style: 'AC-7', color: 'RED', size: 'XL' } } as const;
    await expect(reference.findSku(missed, aCall())).rejects.toMatchObject({ code: 'SCHEMA_DRIFT' });
  });

  test('may be none: of a colour without a live size the sizes are missing', async () => {
    tables['style'] = [{ ...aStyle(1, 'BARE', []), styledetail: { rows: [{ pkey: 1, division: '01' }] } }];
    expect(await start().reference.styles(aCall())).toMatchObject([{ style: 'BARE', skus: [] }]);
  });

  describe('of a style that cannot be read', () => {
    const spoilt = { last_mod: '2025-11-20 10:00' };

    test.each([
      ['has a time of change without seconds', spoilt],
      ['has an empty child', { styledetail: { rows: [{ division: '01', stylecolorsizes: null }] } }],
      ['came without its children', { styledetail: undefined }],
    ])('are not gone: a first reading names the style that %s, also after a restart', async (_name, change) => {
      tables['style']?.splice(1, 1, aStyle(2, 'AC-7', [aSku('01', 'RED', 'L', '')], change));
      const { reference } = start();
      expect((await reference.styles(aCall())).map(({ style }) => style)).toEqual(['00123', 'OLD']);
      expect(reference.unknownStyles()).toEqual(['AC-7']);
      const again = start().reference;
      expect(await again.knownStyles(aCall())).toHaveLength(2);
      expect(again.unknownStyles()).toEqual(['AC-7']);
    });

    test('are none where it was known before', async () => {
      const { reference } = start();
      await reference.styles(aCall());
      tables['style']?.push(aStyle(2, 'AC-7', [], { ...spoilt, last_mod: '2025-11-25 11:5' }));
      expect(await reference.styles(aCall())).toHaveLength(3);
      expect(reference.unknownStyles()).toEqual([]);
    });

    test('are known as soon as it can be read', async () => {
      tables['style']?.push(aStyle(7, 'NEW', [], spoilt));
      const { reference } = start();
      await reference.styles(aCall());
      expect(reference.unknownStyles()).toEqual(['NEW']);
      tables['style']?.splice(-1, 1, aStyle(7, 'NEW', [], { last_mod: '2025-11-25 11:59:00' }));
      expect(await reference.styles(aCall())).toHaveLength(4);
      expect(reference.unknownStyles()).toEqual([]);
    });

    test('are gone with it, which is asked for before that is said', async () => {
      let now = NOON;
      tables['style']?.push(aStyle(7, '', [], { ...spoilt, style: { code: 'NEW' } }));
      const { reference } = start({}, () => now);
      await reference.styles(aCall());
      expect(reference.unknownStyles()).toEqual(['row 7']);
      tables['style']?.pop();
      now = new Date(NOON.getTime() + 24 * 3_600_000);
      await reference.styles(aCall());
      expect(reference.unknownStyles()).toEqual([]);
      expect(erp.received.some(({ query }) => query['pkey'] === '7')).toBe(true);
    });
  });

  test('are waited for no longer than the caller can; the reading goes on', async () => {
    const gate = Promise.withResolvers<void>();
    erp.answers(async (request) => {
      await gate.promise;
      return answer(request);
    });
    const { reference } = start({ timeouts: { requestMs: 5_000, writeMs: 500 } });
    const query = { by: 'upc', upc: '111111111111' } as const;
    await expect(reference.findSku(query, aCall({ deadline: Date.now() + 50 }))).rejects.toMatchObject({
      code: 'NO_TIME_LEFT',
    });
    gate.resolve();
    expect(await reference.findSku(query, aCall())).toMatchObject({ kind: 'one' });
    expect(asked().filter((call) => call === 'style all 1')).toHaveLength(1);
  });
});

describe('customers and stores', () => {
  test('a customer belongs to a division, or to all', async () => {
    const { reference } = start();
    await reference.refresh(aCall());
    expect(await reference.findCustomer('acme01', '01', aCall())).toMatchObject({
      customer: 'ACME01',
      division: '01',
      active: true,
      terms: 'N30',
      currency: 'USD',
    });
    expect(await reference.findCustomer('WIDE', '02', aCall())).toMatchObject({ customer: 'WIDE', division: '' });
  });

  test('one that is unknown or inactive is asked for once before that is said', async () => {
    const { reference } = start();
    await reference.refresh(aCall());
    const calls = erp.received.length;
    tables['customer'] = [aCustomer(2, 'ACME01', '02'), aCustomer(7, 'FRESH', '01')];
    expect(await reference.findCustomer('ACME01', '02', aCall())).toMatchObject({ active: true });
    expect(await reference.findCustomer('FRESH', '01', aCall())).toMatchObject({ active: true });
    expect(await reference.findCustomer('NOBODY', '01', aCall())).toBeNull();
    expect(asked().slice(calls)).toEqual([
      "customer customer eq 'ACME01' 1",
      "customer customer eq 'FRESH' 1",
      "customer customer eq 'NOBODY' 1",
    ]);
  });

  test('one that cannot be read stops who waits for it, and nobody else', async () => {
    tables['customer']?.push(aCustomer(9, 'ODD', '01', { active_ok: 1 }));
    const { reference } = start();
    await reference.refresh(aCall());
    expect(await reference.findCustomer('WIDE', '01', aCall())).toMatchObject({ active: true });
    await expect(reference.findCustomer('ODD', '01', aCall())).rejects.toMatchObject({ code: 'SCHEMA_DRIFT' });
  });

  test('stores are those of the customer, inactive ones marked', async () => {
    const { reference } = start();
    expect(await reference.storesOf('acme01', aCall())).toMatchObject([
      { store: '0001', active: true, distributionCentre: '' },
      { store: '0002', active: false },
    ]);
    expect(await reference.storesOf('WIDE', aCall())).toEqual([]);
  });
});

describe('a row that says whether it is active', () => {
  test.each([
    ['Y', true],
    ['N', false],
    [' ', false],
    [null, false],
    [undefined, true],
  ])('with %j is %j: blank is no, and only where nothing is said it counts as active', async (active_ok, active) => {
    tables['style'] = [aStyle(1, '00123', [aSku('01', 'BLK', 'M', '1')], { active_ok })];
    tables['customerStore'] = [aStore(1, 'ACME01', '0001', { active_ok })];
    tables['terms'] = [{ pkey: 1, terms: 'N30', active_ok }];
    tables['division'] = [{ pkey: 1, division: '01', active_ok }];
    const { reference } = start();
    const [style] = await reference.styles(aCall());
    const [store] = await reference.stores(aCall());
    const [terms] = await reference.terms(aCall());
    const [division] = await reference.divisions(aCall());
    expect([style?.active, store?.active, terms?.active, division?.active]).toEqual(Array(4).fill(active));
  });
});

describe('the cache', () => {
  test('is on disk between starts, and a restart reads only what changed', async () => {
    await start().reference.refresh(aCall());
    const calls = erp.received.length;
    const { reference } = start();
    expect(await reference.findSku({ by: 'upc', upc: '111111111111' }, aCall())).toMatchObject({ kind: 'one' });
    expect(await reference.findCustomer('ACME01', '01', aCall())).toMatchObject({ active: true });
    expect(erp.received).toHaveLength(calls);
    await reference.refresh(aCall());
    expect(
      asked()
        .slice(calls)
        .every((call) => call.includes("last_mod gt '2025-11-20 09:50:00'")),
    ).toBe(true);
  });

  test('of before rows that could not be read were kept is still of use', async () => {
    await start().reference.refresh(aCall());
    const path = join(folder, 'styles.json');
    const file = JSON.parse(await readFile(path, 'utf8'));
    const { unknown: _none, ...content } = file.content;
    await writeFile(path, JSON.stringify({ ...file, content }));
    const calls = erp.received.length;
    expect(await start().reference.knownStyles(aCall())).toHaveLength(3);
    expect(erp.received).toHaveLength(calls);
  });

  test('is read as a whole again after a day, because deletions leave no trace', async () => {
    let now = NOON;
    const { reference } = start({}, () => now);
    await reference.refresh(aCall());
    tables['style']?.shift();
    await reference.refresh(aCall());
    expect(await reference.findSku({ by: 'upc', upc: '111111111111' }, aCall())).toMatchObject({ kind: 'one' });
    now = new Date(NOON.getTime() + 24 * 3_600_000);
    await reference.refresh(aCall());
    expect(await reference.findSku({ by: 'upc', upc: '111111111111' }, aCall())).toEqual({ kind: 'none' });
  });

  test('does not let a full read that brought nothing wipe what was known', async () => {
    let now = NOON;
    const { reference, log } = start({}, () => now);
    await reference.refresh(aCall());
    tables = {};
    now = new Date(NOON.getTime() + 24 * 3_600_000);
    await reference.refresh(aCall());
    expect(await reference.findSku({ by: 'upc', upc: '111111111111' }, aCall())).toMatchObject({ kind: 'one' });
    expect(log.lines.filter(({ level }) => level === 'warn')).not.toEqual([]);
  });

  test.each([
    ['cut off', (text: string) => text.slice(0, 40)],
    ['of another version', (text: string) => text.replace('"version":2', '"version":0')],
    ['of another ERP', (text: string) => text.replace('INSTEP/TEST', 'INSTEP/LIVE')],
  ])('that is %s is read anew, with a word in the log', async (_, spoil) => {
    await start().reference.refresh(aCall());
    const file = join(folder, 'styles.json');
    await writeFile(file, spoil(await readFile(file, 'utf8')));
    const { reference, log } = start();
    expect(await reference.findSku({ by: 'upc', upc: '111111111111' }, aCall())).toMatchObject({ kind: 'one' });
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'warn', fields: { name: 'styles' } }));
  });

  test('leaves no drafts behind, and without a folder it is only in memory', async () => {
    await start().reference.refresh(aCall());
    expect((await readdir(folder)).toSorted()).toEqual(['customers.json', 'stores.json', 'styles.json']);
    const { reference } = start({ cacheDir: null });
    expect(await reference.findSku({ by: 'upc', upc: '111111111111' }, aCall())).toMatchObject({ kind: 'one' });
  });

  test('is refreshed in the background, and troubles there are only logged', async () => {
    erp.answers(() => ({ status: 400, body: { message: 'Out of paper' } }));
    const { reference, log } = start();
    const stop = reference.startRefreshing(10);
    await expect.poll(() => log.lines.length).toBeGreaterThan(1);
    erp.answers(answer);
    await expect.poll(() => readdir(folder)).toHaveLength(3);
    stop();
  });
});

test('short lists are remembered; while the ERP is silent the old one is better than none', async () => {
  const { reference } = start({ mastersEveryMs: 20 });
  expect(await reference.warehouses(aCall())).toEqual([{ warehouse: 'W01', name: 'Main', type: 'W' }]);
  erp.answers(() => ({ status: 400, body: { message: 'Out of paper' } }));
  await new Promise((resolve) => setTimeout(resolve, 40));
  const calls = erp.received.length;
  expect(await reference.warehouses(aCall())).toHaveLength(1);
  expect(erp.received.length).toBe(calls + 1);
});
