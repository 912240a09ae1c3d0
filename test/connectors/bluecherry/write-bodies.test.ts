import { readFileSync } from 'node:fs';

import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

import { resolveSettings } from '../../../connectors/bluecherry/settings.ts';
import { toSalesOrder } from '../../../connectors/bluecherry/translate-sales-order.ts';
import { salesOrderRow } from '../../../connectors/bluecherry/wire/sales-order.ts';
import { toWireCancel, toWireOrder, tooLong } from '../../../connectors/bluecherry/write-sales-order.ts';
import { restate } from '../../../domain/restate-order.ts';
import type { PreparedSalesOrder } from '../../../domain/sales-order.ts';
import { aPreparedOrder, aSite } from './support.ts';

const contract: object = parse(
  readFileSync(new URL('../../../docs/contracts/bluecherry.openapi.yaml', import.meta.url), 'utf8'),
);
const contractParts = z.object({ components: z.unknown() }).parse(contract);
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema({ $id: 'contract', ...contract });

function faultsOf(schema: string, body: unknown): readonly string[] {
  const validate = ajv.getSchema(`contract#/components/schemas/${schema}`);
  if (!validate) throw new Error(`the contract has no ${schema}`);
  void validate(JSON.parse(JSON.stringify(body)));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function propertiesOf(schema: string): readonly string[] {
  const { schemas } = z.object({ schemas: z.record(z.string(), z.unknown()) }).parse(contractParts.components);
  const { properties } = z.object({ properties: z.record(z.string(), z.unknown()) }).parse(schemas[schema]);
  return Object.keys(properties).toSorted();
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

/** What is ours to say in every body, whatever the ERP shows. */
const OURS = ['trans_type', 'isa_num', 'vnd_id', 'vnd_qual', 'ext_ref', 'altpo', 'udford1c', 'tax_fixed_ok'];

test('every field that the contract lets us write survives a replace of the order as the ERP shows it', () => {
  const lineFields = propertiesOf('SalesOrderWriteLine');
  const addressFields = propertiesOf('SalesOrderWriteAddress');
  const headerFields = propertiesOf('SalesOrderWriteHeader');
  const shownLine = {
    line_seq: 3,
    style: '00123',
    color_code: 'BLK',
    lbl_code: 'A',
    dimension: '32',
    size_desc: 'M',
    upc: '012345678905',
    size_qty: 6,
    price: 24,
    list_price: 30,
    disc_pct: 20,
    location: 'W02',
    start_date: '11/26/2025',
    end_date: '12/16/2025',
    notes: 'gift wrap',
  };
  const address = (addr_type: string) => ({
    addr_type,
    name: `Acme ${addr_type}`,
    addr1: '9 Mill Rd',
    addr2: 'Dock 4',
    city: 'Troy',
    state: 'NY',
    zipcode: '12180',
    country: 'US',
    contact: 'Jo',
    email: 'jo@acme.example',
  });
  const shown = {
    ord_num: '104512',
    po_num: 'PO-1',
    division: '01',
    location: 'W01',
    customer: 'ACME01',
    store: '0001',
    center_code: 'DC1',
    department: 'MENS',
    ord_type: 'EDI',
    ord_date: '11/23/2025',
    start_date: '11/24/2025',
    end_date: '12/15/2025',
    terms: 'N30',
    shipper: 'UPS',
    ship_terms: 'CC',
    salesper1: 'R10',
    season: 'SP26',
    curr_code: 'USD',
    hold_code: 'CSR',
    disc_amt: 1.5,
    disc_code: 'PROMO',
    frgt_amt: 12.5,
    tax_amt: 19.8,
    notes: 'Call first',
    udford2c: 'pi_1',
    udford3d: '11/30/2025',
    udford4i: 7,
    salesorderaddress: { rows: [address('BT'), address('ST')] },
    salesorderdetail: { rows: [shownLine] },
  };
  // Nothing that the contract names is left out above.
  expect(Object.keys(shown).toSorted()).toEqual(headerFields.filter((field) => !OURS.includes(field)));
  expect(Object.keys(shownLine).toSorted()).toEqual(lineFields);
  expect(Object.keys(address('BT')).toSorted()).toEqual(addressFields);

  const { size_qty, ...line } = shownLine;
  const read = salesOrderRow.parse({
    ...shown,
    pkey: 1,
    ord_status: 'O',
    altpo: 'REF-1',
    udford1c: 'REF-1',
    last_mod: '2025-11-25 09:12:44',
    salesorderdetail: {
      rows: [
        {
          ...line,
          division: '01',
          qty_ord: size_qty + 3,
          qty_open: size_qty,
          qty_pick: 0,
          qty_inv: 0,
          qty_canc_c: 1,
          qty_canc_h: 2,
        },
      ],
    },
  });
  const body = toWireOrder(restate(toSalesOrder(read, settings), 'REF-1', null), '000000124', '104512', settings);
  expect(body).toMatchObject(shown);
  expect(faultsOf('SalesOrderWrite', [body])).toEqual([]);
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
