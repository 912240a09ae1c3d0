import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { contractExample, schemaErrors } from '../../../sandbox/sparklayer/contract.ts';
import { customers } from '../../../sandbox/sparklayer/seed.ts';
import { anOpenSite, errorCodes, object, oneLine, pathOf, writable, type TestSite } from './client.ts';

test("the contract's new order reads back as it was placed, its calculated members worked out anew", async () => {
  const { sparklayer, call } = await anOpenSite();
  const order = contractExample('NewOrder');
  const path = pathOf(sparklayer.place(order));
  expect((await call('GET', path)).body).toMatchObject(order);
  expect((await call('GET', '/api/v1/purchases/visible/B2B01123')).body).toMatchObject(order);
  expect(sparklayer.checkInvariants()).toEqual([]);
});

test("the contract's partly shipped write is taken, and its new packages get ids", async () => {
  const { sparklayer, call } = await anOpenSite();
  const path = pathOf(sparklayer.place(contractExample('NewOrder')));
  const write = contractExample('PartlyShippedWrite');
  const reply = await call('PUT', path, { body: write });
  expect(reply.status).toBe(200);
  expect(reply.body).toMatchObject({
    calculated_fulfilment_status: 'partially_shipped',
    calculated_total: { number: '228.00', currency: 'GBP' },
    dates: { updated_at: '2026-02-02T10:00:00.000+00:00' },
    revision_date: '2026-02-02T10:00:00.000+00:00',
    packages: [
      { identifiers: { sparklayer_package_id: '9b1d7c1e-0c55-4a55-9a3c-1f2a6f0e7a01' } },
      { type: 'shipment', identifiers: { sparklayer_package_id: expect.any(String) } },
      { type: 'cancellation', identifiers: { sparklayer_package_id: expect.any(String) } },
    ],
  });
  expect((await call('GET', '/api/v1/purchases/internal/SO-1001')).status).toBe(200);
  expect(sparklayer.checkInvariants()).toEqual([]);
});

test('a purchase read, freed of calculated members and written back loses nothing', async () => {
  const site = await anOpenSite();
  const { path, body } = await readForWrite(site);
  expect((await site.call('PUT', path, { body })).status).toBe(200);
  expect(site.sparklayer.lostFields()).toEqual([]);
  expect(site.sparklayer.contractViolations()).toEqual([]);
});

test('a full replace loses what is left out, and the stand-in tells which', async () => {
  const site = await anOpenSite();
  const { path, body } = await readForWrite(site);
  const { metadata: _lost, ...rest } = body;
  const [line] = site.sparklayer.purchase(uuidOf(path))?.packages ?? [];
  const id = String(line?.identifiers?.sparklayer_package_id);
  const { not_in_contract: _alsoLost, ...dates } = object(rest['dates']);
  await site.call('PUT', path, { body: { ...rest, dates, packages: withoutUnknownMembers(rest['packages']) } });
  const name = `PUT ${path.replace('/api/v1/purchases/', '')}`;
  expect(site.sparklayer.lostFields()).toContain(`${name}: metadata`);
  expect(site.sparklayer.lostFields()).toContain(`${name}: dates.not_in_contract`);
  expect(site.sparklayer.lostFields()).toContain(`${name}: packages[${id}].line_items[AC-1001-BLK-M].not_in_contract`);
  expect(site.sparklayer.purchase(uuidOf(path))).not.toHaveProperty('metadata');
});

test('an open package that was shipped away is not a loss', async () => {
  const site = await anOpenSite();
  const { path, body } = await readForWrite(site);
  const [open] = Array.isArray(body['packages']) ? body['packages'] : [];
  const { identifiers: _newId, ...shipped } = object(open);
  await site.call('PUT', path, { body: { ...body, packages: [{ ...shipped, type: 'shipment' }] } });
  expect(site.sparklayer.lostFields()).toEqual([]);
  expect(site.sparklayer.checkInvariants()).toEqual([]);
});

test('a calculated member is refused at any depth', async () => {
  const site = await anOpenSite();
  const { path, body } = await readForWrite(site);
  const dates = { ...object(body['dates']), calculated_submitted_at: null };
  const deep = { ...body, packages: [{ type: 'incoming', line_items: [], somewhere: [{ calculated_deep: 1 }] }] };
  for (const sent of [{ ...body, calculated_total: null }, { ...body, dates }, deep]) {
    expect((await site.call('PUT', path, { body: sent })).status).toBe(400);
  }
  expect(site.sparklayer.contractViolations()).toHaveLength(3);
  expect(site.sparklayer.purchase(uuidOf(path))?.packages).toHaveLength(1);
});

test('the required members of a write are required even when empty', async () => {
  const site = await anOpenSite();
  const { path, body } = await readForWrite(site);
  const { accounting_files: _files, ...withoutFiles } = body;
  expect((await site.call('PUT', path, { body: withoutFiles })).status).toBe(400);
});

test('the SparkLayer id of a purchase cannot be changed, left out or added', async () => {
  const site = await anOpenSite();
  const { path, body } = await readForWrite(site, { visible: 'ours' });
  const identifiers = object(body['purchase_identifiers']);
  const byVisible = '/api/v1/purchases/visible/ours';
  const put = (to: string, sparklayer: string | null) =>
    site.call('PUT', to, { body: { ...body, purchase_identifiers: { ...identifiers, sparklayer } } });
  expect((await put(path, randomUUID())).status).toBe(403);
  expect((await put(byVisible, null)).status).toBe(403);
  expect((await put(path, null)).status).toBe(200);
  site.sparklayer.place({ purchase_identifiers: { visible: 'bare' } });
  const added = { ...body, purchase_identifiers: { visible: 'bare', sparklayer: randomUUID() } };
  expect((await site.call('PUT', '/api/v1/purchases/visible/bare', { body: added })).status).toBe(403);
});

test('a revision older than the stored one is a conflict; without one there is no lock', async () => {
  const site = await anOpenSite();
  const { path, body } = await readForWrite(site);
  site.sparklayer.touch(uuidOf(path));
  const outdated = await site.call('PUT', path, { body });
  expect([outdated.status, errorCodes(outdated)]).toEqual([409, ['purchase-revision-outdated']]);
  const { revision_date: _none, ...unlocked } = body;
  expect((await site.call('PUT', path, { body: unlocked })).status).toBe(200);
});

test('with the lock switched off an outdated revision overwrites in silence', async () => {
  const site = await anOpenSite({ revisionLock: false });
  const { path, body } = await readForWrite(site);
  site.sparklayer.amend(uuidOf(path), (purchase) => {
    purchase.customer_reference = 'PO-NEW';
  });
  expect((await site.call('PUT', path, { body })).status).toBe(200);
  expect(site.sparklayer.purchase(uuidOf(path))?.customer_reference).not.toBe('PO-NEW');
});

test('an identifier of another purchase is a conflict, after the revision has been looked at', async () => {
  const site = await anOpenSite();
  site.sparklayer.place({ purchase_identifiers: { internal: 'SO-1' } });
  const { path, body } = await readForWrite(site);
  const taken = { ...body, purchase_identifiers: { ...object(body['purchase_identifiers']), internal: 'SO-1' } };
  expect(errorCodes(await site.call('PUT', path, { body: taken }))).toEqual(['purchase-identifier-conflict']);
  site.sparklayer.touch(uuidOf(path));
  expect(errorCodes(await site.call('PUT', path, { body: taken }))).toEqual(['purchase-revision-outdated']);
});

test('an unknown customer is refused only where it differs from the stored one', async () => {
  const site = await anOpenSite();
  const stranger = randomUUID();
  const { path, body } = await readForWrite(site);
  const unlocked = { ...body, revision_date: null, customer_identifiers: { sparklayer: stranger } };
  const refused = await site.call('PUT', path, { body: { ...unlocked, revision_date: body['revision_date'] } });
  expect([refused.status, errorCodes(refused)]).toEqual([400, ['resource-id-not-found']]);
  site.sparklayer.amend(uuidOf(path), (purchase) => {
    purchase.customer_identifiers.sparklayer = stranger;
  });
  expect((await site.call('PUT', path, { body: unlocked })).status).toBe(200);
});

test('the path fills an absent identifier; an update renames, a create that disagrees with its path is refused', async () => {
  const site = await anOpenSite();
  const { path: _path, body } = await readForWrite(site);
  const born = { ...body, purchase_identifiers: { visible: null }, revision_date: null };
  const created = await site.call('PUT', '/api/v1/purchases/visible/WEB%2F7', { body: born });
  expect(created.body).toMatchObject({ purchase_identifiers: { visible: 'WEB/7' } });
  const renamed = { ...born, purchase_identifiers: { visible: 'WEB/8' } };
  expect((await site.call('PUT', '/api/v1/purchases/visible/WEB%2F7', { body: renamed })).status).toBe(200);
  expect((await site.call('GET', '/api/v1/purchases/visible/WEB%2F7')).status).toBe(404);
  expect((await site.call('PUT', '/api/v1/purchases/visible/WEB%2F9', { body: renamed })).status).toBe(400);
});

test('a PUT under an unknown SparkLayer id creates, so that a late write revives what was deleted', async () => {
  const site = await anOpenSite();
  const { path, body } = await readForWrite(site);
  expect((await site.call('DELETE', path)).status).toBe(204);
  expect((await site.call('DELETE', path)).status).toBe(404);
  expect((await site.call('PUT', path, { body })).status).toBe(200);
  expect(site.sparklayer.purchase(uuidOf(path))).toBeDefined();
  expect(site.sparklayer.contractViolations()).toEqual([expect.stringContaining('brings back a deleted purchase')]);
});

test('a SparkLayer lookup takes a UUID only', async () => {
  const { call } = await anOpenSite();
  const reply = await call('GET', '/api/v1/purchases/sparklayer/B2B01123');
  expect([reply.status, errorCodes(reply)]).toEqual([400, ['resource-id-invalid']]);
  expect((await call('GET', '/api/v1/purchases/slug/x')).status).toBe(400);
});

test('an unconfirmed order becomes the order by a PUT of that type', async () => {
  const site = await anOpenSite();
  const { path, body } = await readForWrite(site, { type: 'order_unconfirmed' });
  const internal = { ...object(body['purchase_identifiers']), internal: 'SO-77' };
  const reply = await site.call('PUT', path, { body: { ...body, type: 'order', purchase_identifiers: internal } });
  expect(reply.body).toMatchObject({ type: 'order', calculated_fulfilment_status: 'processing' });
});

test('every accepted write moves the times, strictly rising over the whole site though the clock stands still', async () => {
  const site = await anOpenSite();
  const one = site.sparklayer.checkout({ lines: oneLine });
  const two = site.sparklayer.checkout({ lines: oneLine });
  const again = await site.call('PUT', pathOf(one), { body: writable(one) });
  const { dates, revision_date } = object(again.body);
  const times = [one.dates.updated_at, two.dates.updated_at, object(dates)['updated_at']].map((time) =>
    Date.parse(String(time)),
  );
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(new Set(times).size).toBe(3);
  expect(revision_date).toBe(object(dates)['updated_at']);
});

test('a split that changes what was ordered is found', async () => {
  const site = await anOpenSite();
  const path = pathOf(site.sparklayer.place(contractExample('NewOrder')));
  const { revision_date: _none, ...write } = contractExample('PartlyShippedWrite');
  const packages = Array.isArray(write['packages']) ? write['packages'].slice(0, 2) : [];
  await site.call('PUT', path, { body: { ...write, packages } });
  expect(site.sparklayer.checkInvariants()).toEqual(['B2B01123: packages hold 9 of AC-1001-BLK-M, ordered were 10']);
});

test('an unknown member that comes back changed is as good as lost', async () => {
  const site = await anOpenSite();
  const { path, body } = await readForWrite(site);
  await site.call('PUT', path, { body: { ...body, not_in_contract: 'made up' } });
  expect(site.sparklayer.lostFields()).toEqual([`PUT ${path.replace('/api/v1/purchases/', '')}: not_in_contract`]);
});

test('a return lowers the total and repeats what was shipped, so that quantities stay as ordered', async () => {
  const site = await anOpenSite();
  const path = pathOf(site.sparklayer.place(contractExample('NewOrder')));
  const write = contractExample('PartlyShippedWrite');
  const [incoming, shipment, cancellation] = Array.isArray(write['packages']) ? write['packages'] : [];
  const returned = { ...object(shipment), type: 'return' };
  const reply = await site.call('PUT', path, {
    body: { ...write, packages: [incoming, shipment, cancellation, returned] },
  });
  expect(reply.body).toMatchObject({
    calculated_total: { number: '84.00' },
    calculated_fulfilment_status: 'partially_shipped',
  });
  expect(site.sparklayer.checkInvariants()).toEqual([]);
});

test('packages of unknown type count neither in totals nor in quantities', async () => {
  const site = await anOpenSite();
  const { path, body } = await readForWrite(site, { customer: customers.dollars.uuid });
  const [open] = Array.isArray(body['packages']) ? body['packages'] : [];
  const backorder = { ...object(open), type: 'backorder', identifiers: {}, shipping_method: null };
  const reply = await site.call('PUT', path, { body: { ...body, packages: [open, backorder] } });
  expect(reply.body).toMatchObject({
    calculated_total: { number: '240.00' },
    calculated_total_usd: { number: '240.00', currency: 'USD' },
  });
  expect(site.sparklayer.checkInvariants()).toEqual([]);
  expect(schemaErrors('Purchase', reply.body)).toEqual([]);
});

async function readForWrite({ sparklayer, call }: TestSite, checkout: object = {}) {
  const path = pathOf(sparklayer.checkout({ lines: oneLine, ...checkout }));
  return { path, body: writable((await call('GET', path)).body) };
}

function uuidOf(path: string): string {
  return path.split('/').at(-1) ?? '';
}

function withoutUnknownMembers(node: unknown): unknown {
  return JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === 'not_in_contract' ? undefined : value)));
}
