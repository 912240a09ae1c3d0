import { expect, test } from 'vitest';

import { misfits } from '../../../sandbox/bluecherry/contract.ts';
import { anErp, type Row } from './client.ts';

const PAGE = '/api/inventory?_pgsize=200';
const SKU = { division: '01', style: 'AC-1001', color: 'BLK', label: 'A', dimension: '', size: 'M' };

test('a snapshot may break off, or be cut short and call itself complete, with rows that fit the contract', async () => {
  const { erp, get } = await anErp();
  const page = async (number = 1) => (await get(`${PAGE}&_pgno=${number}`)).data;
  const whole = await page(2);
  expect(whole).toMatchObject({ complete_ok: 'Y' });
  erp.faults.add({ kind: 'incompleteSnapshot' });
  expect(await page()).toMatchObject({ complete_ok: 'N' });
  expect(await page()).toMatchObject({ complete_ok: 'Y' });
  const count = 200 + whole.header.length;
  erp.faults.add({ kind: 'truncatedSnapshot', keep: 0.8 });
  const cut = await get(`${PAGE}&_pgno=2`);
  expect(cut.data).toMatchObject({ complete_ok: 'Y', header: whole.header.slice(0, Math.floor(count * 0.8) - 200) });
  erp.faults.add({ kind: 'oddRow', change: { qoh: '12.5' } });
  const { header } = await page();
  expect(header.map(({ qoh }: Row) => qoh).slice(0, 2)).toEqual(['12.5', 800]);
  expect(misfits('InventoryList', cut)).toEqual([]);
});

test('where work counts as stock only the figure of what can be sold is higher', async () => {
  const rowOf = async (options: Parameters<typeof anErp>[0]) => {
    const { find } = await anErp(options);
    const { data } = await find('inventory', "division eq '01' and location eq 'W01'", '&_pgsize=1');
    const [row] = data.header;
    return row;
  };
  const sound = await rowOf({});
  expect(sound).toMatchObject({ qoh: 5_000, ots_qty: 5_000, ots_wip_qty: 5_250 });
  expect(await rowOf({ countsWorkAsStock: true })).toEqual({ ...sound, ots_qty: 5_250 });
});

test('a filter found once is found anew in the next snapshot', async () => {
  const { erp, find } = await anErp();
  const onHand = async () => (await find('inventory', "location eq 'W01'", '&_pgsize=1')).data.header[0].qoh;
  expect(await onHand()).toBe(5_000);
  erp.adjustStock({ ...SKU, size: 'S' }, 'W01', -5_001);
  expect(await onHand()).toBe(-1);
});

test('stamps show every second of a clock that is turned back and forth', async () => {
  const { erp, get } = await anErp();
  const asOf = async () => {
    erp.runJob('ats_snapshot');
    return (await get(`${PAGE}&_pgno=2`)).data.as_of;
  };
  expect(await asOf()).toBe('2025-11-23 10:30:00');
  erp.advanceClock(1_000);
  expect(await asOf()).toBe('2025-11-23 10:30:01');
  erp.advanceClock(-1_000);
  expect(await asOf()).toBe('2025-11-23 10:30:00');
});

test('stock can be adjusted from another process', async () => {
  const { erp, find } = await anErp({ sim: true });
  const post = async (body: Row) => {
    const response = await fetch(new URL('/sim/stock', erp.url), { method: 'POST', body: JSON.stringify(body) });
    return response.status;
  };
  expect(await post({ ...SKU, location: 'W02', quantity: -1 })).toBe(200);
  expect(await post({ ...SKU, location: 'W02' })).toBe(404);
  expect(await post({ ...SKU, size: 'XXL', location: 'W02', quantity: 1 })).toBe(400);
  expect((await find('inventory', "location eq 'W02'", '&_pgsize=3')).data.header).toMatchObject([
    { size_desc: 'S', qoh: 800 },
    { size_desc: 'M', qoh: 799 },
    { size_desc: 'L', qoh: 800 },
  ]);
});
