import { afterEach, expect, test } from 'vitest';

import type { BlueCherry, PartReading } from '../../../connectors/bluecherry/bluecherry.ts';
import type { BlueCherrySettings } from '../../../connectors/bluecherry/settings.ts';
import {
  startBlueCherry,
  type BlueCherryOptions,
  type BlueCherryStandIn,
} from '../../../sandbox/bluecherry/stand-in.ts';
import { aCall, connect, NOON } from './support.ts';

const PART = { division: '01', warehouse: 'W01' };
const ROUTE = 'GET /api/inventory';
const CREW = { division: '01', style: 'AC-1001', color: 'BLK', label: 'A', dimension: '', size: 'M' };

let erp: BlueCherryStandIn;
let bluecherry: BlueCherry;

afterEach(async () => {
  await bluecherry.close();
  const broken = [...erp.contractViolations(), ...erp.checkInvariants()];
  await erp.close();
  expect(broken).toEqual([]);
});

async function start(options: BlueCherryOptions = {}, change: Partial<BlueCherrySettings> = {}) {
  erp = await startBlueCherry({ clock: () => NOON, ...options });
  const inventory = { pageSize: 10, restarts: 3 };
  const timeouts = { requestMs: 5_000, writeMs: 5_000 };
  bluecherry = connect(erp.url, { keys: erp.keys, inventory, timeouts, ...change }, erp.now);
  return bluecherry.inventory;
}

function rowsOf(reading: PartReading) {
  if (reading.kind === 'unstable') throw new Error(reading.says);
  return reading.part.rows;
}

function crewIn(rows: ReturnType<typeof rowsOf>) {
  const row = rows.find(({ sku }) => sku.style === CREW.style && sku.color === 'BLK' && sku.size === 'M');
  if (!row) throw new Error('no crew');
  return row.buckets;
}

test('a part holds all of its location, padded and mixed as it comes, and changes tell what moved since', async () => {
  const inventory = await start();
  // Longer ago than changes reach back.
  erp.advanceClock(3_600_000);
  const reading = await inventory.readPart(PART, aCall());
  const rows = rowsOf(reading);
  expect(reading).toMatchObject({ kind: 'complete', skipped: 0, unreadable: [] });
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.every(({ sku, warehouse }) => sku.division === '01' && warehouse === 'W01')).toBe(true);
  expect(crewIn(rows)).toMatchObject({ onHand: 5_000, openToSell: 5_000, openToSellWithWork: 5_250, inTransit: 50 });
  const outlet = rowsOf(await inventory.readPart({ division: '01', warehouse: 'W03' }, aCall()));
  expect(outlet.find(({ sku }) => sku.size === 'XL')?.buckets).toMatchObject({ onHand: 120, openToSell: -80 });

  erp.faults.add({ kind: 'numbersAsStrings', route: ROUTE, times: 99 });
  expect(rowsOf(await inventory.readPart(PART, aCall()))).toEqual(rows);
  erp.faults.clear();

  const before = await inventory.glance(aCall());
  expect(reading).toMatchObject({ part: before });
  erp.advanceClock(15 * 60_000);
  erp.adjustStock(CREW, 'W01', -4_990);
  erp.adjustStock(CREW, 'W02', 1);
  const after = await inventory.glance(aCall());
  expect(after.snapshot).not.toBe(before.snapshot);
  const changes = await inventory.readChanges(before, aCall());
  expect(changes).toMatchObject({ ...after, kind: 'changes', skipped: 0, unreadable: [] });
  if (changes.kind !== 'changes') throw new Error(changes.says);
  expect(changes.rows.map(({ warehouse, buckets }) => [warehouse, buckets.onHand])).toEqual([
    ['W01', 10],
    ['W02', 801],
  ]);
  expect(await inventory.readChanges(changes.cursor, aCall())).toMatchObject({ kind: 'changes', rows: [] });
});

test('a reading under faults is begun again, refused, or short, and never a mixture', async () => {
  const inventory = await start();
  const whole = rowsOf(await inventory.readPart(PART, aCall()));
  const pages = Math.ceil(whole.length / 10) + 1;
  const calls = () => erp.calls(ROUTE).length;

  const under = async (fault: Parameters<typeof erp.faults.add>[0]) => {
    erp.faults.clear();
    erp.faults.add({ route: ROUTE, ...fault });
    const before = calls();
    const reading = await inventory.readPart(PART, aCall());
    return { reading, cost: calls() - before };
  };
  const changed = await under({ kind: 'snapshotChanged', after: 1 });
  expect(changed).toMatchObject({ reading: { kind: 'complete' }, cost: pages + 3 });
  expect(rowsOf(changed.reading)).toEqual(whole);
  const shifted = await under({ kind: 'pageShift' });
  expect(shifted).toMatchObject({ reading: { kind: 'complete' }, cost: pages + 2 });
  expect(rowsOf(shifted.reading)).toEqual(whole);
  expect(await under({ kind: 'snapshotChanged', times: 99 })).toMatchObject({ reading: { kind: 'unstable' }, cost: 8 });
  expect((await under({ kind: 'incompleteSnapshot', times: 99 })).reading).toMatchObject({ kind: 'incomplete' });
  const short = (await under({ kind: 'truncatedSnapshot', keep: 0.8, times: 99 })).reading;
  expect(short.kind).toBe('complete');
  expect(rowsOf(short)).toEqual(whole.slice(0, Math.floor(whole.length * 0.8)));
  const odd = (await under({ kind: 'oddRow', change: { qoh: '12.5' } })).reading;
  expect(odd).toMatchObject({ kind: 'complete', unreadable: [{ sku: whole[0]?.sku, field: 'qoh' }] });
  expect(rowsOf(odd)).toEqual(whole.slice(1));
  await expect(under({ kind: 'filterIgnored' })).rejects.toMatchObject({ code: 'FILTER_IGNORED' });
  await expect(under({ kind: 'repeatedPage' })).rejects.toMatchObject({ code: 'BROKEN_PAGING' });
});

test('where the ERP counts work as stock its own figure is higher than its ledger, and a stalled job grows old', async () => {
  const inventory = await start({ countsWorkAsStock: true });
  const inflated = crewIn(rowsOf(await inventory.readPart(PART, aCall())));
  expect(inflated).toMatchObject({ onHand: 5_000, open: 0, picked: 0, openToSell: 5_250 });
  erp.stallJob('ats_snapshot');
  const before = await inventory.glance(aCall());
  erp.advanceClock(5 * 3_600_000);
  erp.adjustStock(CREW, 'W01', -1);
  expect(await inventory.glance(aCall())).toEqual(before);
});

test('goods on their way come by stage, with the day they are due', async () => {
  const inventory = await start();
  const goods = await inventory.listIncoming([2, 3], aCall());
  const of = (number: string) => goods.filter((one) => one.number === number);
  expect(of('50077')[0]).toMatchObject({ stage: 3, due: '2026-12-10', warehouse: 'W01', quantity: 50 });
  expect(of('50080')[0]).toMatchObject({ stage: 2, warehouse: '', sku: { style: 'MN-2001' } });
  expect(of('50078')).toEqual([]);
});
