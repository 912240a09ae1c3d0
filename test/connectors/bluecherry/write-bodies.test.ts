import { readFileSync } from 'node:fs';

import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

import { resolveSettings } from '../../../connectors/bluecherry/settings.ts';
import { toWireCancel, toWireOrder, tooLong } from '../../../connectors/bluecherry/write-sales-order.ts';
import type { PreparedSalesOrder } from '../../../domain/sales-order.ts';
import { aPreparedOrder, aSite } from './support.ts';

const contract: object = parse(
  readFileSync(new URL('../../../docs/contracts/bluecherry.openapi.yaml', import.meta.url), 'utf8'),
);
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema({ $id: 'contract', ...contract });

function faultsOf(schema: string, body: unknown): readonly string[] {
  const validate = ajv.getSchema(`contract#/components/schemas/${schema}`);
  if (!validate) throw new Error(`the contract has no ${schema}`);
  void validate(JSON.parse(JSON.stringify(body)));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const settings = resolveSettings(aSite('http://erp/INSTEP/TEST'));
const wire = (change: Partial<PreparedSalesOrder> = {}, replaces: string | null = null) =>
  toWireOrder(aPreparedOrder(change), '000000123', replaces, settings);

const text = (maxLength: number) => fc.string({ maxLength });
const amounts = fc.integer({ min: 0, max: 99_999_999 }).map((cents) => (cents / 100).toFixed(2));
const dates = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

const anyOrder: fc.Arbitrary<Partial<PreparedSalesOrder>> = fc.record(
  {
    store: text(10),
    terms: text(3),
    holdCode: text(5),
    notes: text(500),
    discount: amounts,
    freight: amounts,
    tax: amounts,
    startDate: dates,
    billTo: fc.option(
      fc.record({
        name: text(60),
        line1: text(60),
        line2: text(60),
        city: text(40),
        state: text(20),
        postalCode: text(15),
        country: fc.constantFrom('', 'us', 'GB', 'England'),
        contact: text(60),
        email: text(120),
      }),
    ),
    siteFields: fc.record(
      { udford2c: text(30), udford3d: fc.oneof(dates, fc.constant('')), udford4i: fc.constantFrom('', '7') },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

test('whatever an order holds, its body satisfies the contract’s closed schema', () => {
  fc.assert(
    fc.property(anyOrder, fc.option(fc.constant('104512')), (change, replaces) => {
      expect(faultsOf('SalesOrderWrite', [wire(change, replaces)])).toEqual([]);
    }),
  );
});

test('a field that the contract does not know would be noticed', () => {
  expect(faultsOf('SalesOrderWrite', [{ ...wire(), ponum: 'X' }])).not.toEqual([]);
});

test('an order as it goes over the wire', () => {
  const body = wire({ siteFields: { udford2c: 'pay-1', udford3d: '2025-11-30', udford4i: '7', udford1c: 'stale' } });
  expect(body).toMatchObject({
    trans_type: 'N',
    isa_num: '000000123',
    vnd_id: 'SPARKLAYER',
    vnd_qual: 'ZZ',
    ext_ref: aPreparedOrder().reference,
    altpo: aPreparedOrder().reference,
    udford1c: aPreparedOrder().reference,
    udford2c: 'pay-1',
    udford3d: '11/30/2025',
    udford4i: 7,
    ord_date: '11/23/2025',
    frgt_amt: 12.5,
    tax_amt: 19.8,
    tax_fixed_ok: 'Y',
    salesorderdetail: { rows: [{ line_seq: 1, size_qty: 6, price: 24, location: 'W01' }] },
  });
  expect(body).not.toHaveProperty('ord_num');
  expect(JSON.stringify(body)).not.toContain('null');
});

test('where the site names another field for the PO, it goes there and not to po_num', () => {
  const other = resolveSettings({
    ...aSite('http://erp/INSTEP/TEST'),
    fields: { ...settings.fields, purchaseOrder: 'otherrefnum' },
  });
  const body = toWireOrder(aPreparedOrder({ siteFields: { otherrefnum: 'stale' } }), '000000123', null, other);
  expect(body).toMatchObject({ otherrefnum: 'PO-77812' });
  expect(body).not.toHaveProperty('po_num');
});

test('codes go in upper case where the site says so; names and notes stay', () => {
  const line = aPreparedOrder().lines.map((each) => ({
    ...each,
    sku: { ...each.sku, color: 'blk' },
    notes: 'gift wrap',
  }));
  const body = wire({ customer: 'acme01', notes: 'Call first', lines: line });
  expect(body).toMatchObject({
    customer: 'ACME01',
    notes: 'Call first',
    salesorderdetail: { rows: [{ color_code: 'BLK', notes: 'gift wrap' }] },
  });
});

test('values that would be cut are named by their field, those of lines and addresses too', () => {
  const { lines, shipTo } = aPreparedOrder();
  const body = wire({
    purchaseOrder: 'P'.repeat(23),
    notes: 'n'.repeat(500),
    shipTo: { ...shipTo, city: 'c'.repeat(41) },
    lines: lines.map((each) => ({ ...each, notes: 'n'.repeat(201) })),
  });
  expect(tooLong(body, settings.lengths).toSorted()).toEqual(['city', 'notes', 'po_num']);
});

test('cancels satisfy the contract', () => {
  expect(
    faultsOf('SalesOrderCancelWrite', [
      toWireCancel('104512', { reasonCode: 'BUYR', by: 'customer', line: null }),
      toWireCancel('104512', { reasonCode: 'OOS', by: 'house', line: 2 }),
    ]),
  ).toEqual([]);
});
