import {
  createBlueCherry,
  type BlueCherrySettings,
  type CallOptions,
  type Log,
} from '../../../connectors/bluecherry/bluecherry.ts';
import type { PreparedSalesOrder } from '../../../domain/sales-order.ts';

export const NOON = new Date('2025-11-25T17:00:00Z');

/** Settings of a site without limits; noon in the ERP's zone. */
export function aSite(baseUrl: string, change: Partial<BlueCherrySettings> = {}): BlueCherrySettings {
  return {
    baseUrl,
    environment: 'test',
    environmentSegments: { test: 'TEST', live: 'LIVE' },
    keys: ['key-1', 'key-2'],
    zone: 'US/Eastern',
    limits: null,
    batchWaitMs: 5,
    timeouts: { requestMs: 500, writeMs: 500 },
    paging: { size: 100, capConfirmed: false },
    ...change,
  };
}

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export function aLog(): Log & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  return {
    lines,
    info: (fields, message) => void lines.push({ level: 'info', fields, message }),
    warn: (fields, message) => void lines.push({ level: 'warn', fields, message }),
    error: (fields, message) => void lines.push({ level: 'error', fields, message }),
  };
}

export function connect(baseUrl: string, change: Partial<BlueCherrySettings> = {}, clock: () => Date = () => NOON) {
  return createBlueCherry(aSite(baseUrl, change), { clock, log: aLog() });
}

export function aCall(change: Partial<CallOptions> = {}): CallOptions {
  return { signal: new AbortController().signal, deadline: Date.now() + 20_000, priority: 'order', ...change };
}

const ADDRESS = {
  name: 'Acme 0001',
  line1: '9 Mill Rd',
  line2: '',
  city: 'Troy',
  state: 'NY',
  postalCode: '12180',
  country: 'US',
  contact: '',
  email: '',
} as const;

export function aPreparedOrder(change: Partial<PreparedSalesOrder> = {}): PreparedSalesOrder {
  return {
    reference: '01JABCDEFGHJKMNPQRSTVWXYZ0',
    division: '01',
    warehouse: 'W01',
    customer: 'ACME01',
    store: '0001',
    distributionCentre: '',
    department: '',
    salesperson: '',
    season: '',
    orderType: 'B2B',
    purchaseOrder: 'PO-77812',
    orderDate: '2025-11-23',
    startDate: '2025-11-25',
    endDate: '2025-12-25',
    terms: 'N30',
    shipVia: 'UPS',
    shipTerms: 'PP',
    currency: 'USD',
    holdCode: '',
    discount: '0.00',
    discountCode: '',
    freight: '12.50',
    tax: '19.80',
    notes: '',
    siteFields: {},
    billTo: null,
    shipTo: ADDRESS,
    lines: [
      {
        sequence: 1,
        item: 'AC-1001-BLK-M',
        sku: {
          division: '01',
          style: '00123',
          color: 'BLK',
          label: 'A',
          dimension: '',
          size: 'M',
          upc: '012345678905',
        },
        quantity: 6,
        price: '24.00',
        warehouse: 'W01',
        listPrice: null,
        discountPercent: null,
        startDate: null,
        endDate: null,
        notes: '',
      },
    ],
    highestLine: 1,
    asked: { location: 'warehouse-1', deliveryDate: null, paymentMethod: 'on_account' },
    ...change,
  };
}

/** A row of `salesOrder` with one line, as the contract's example shows it. */
export function anErpOrder(change: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    pkey: 80455,
    ord_num: '104512',
    ord_status: 'P',
    credit_status: 'A',
    hold_code: '',
    po_num: 'PO-77812',
    altpo: 'REF-1',
    udford1c: 'REF-1',
    udford2c: null,
    udford3d: '11/30/2025',
    division: '01 ',
    location: 'W01   ',
    customer: 'acme01    ',
    store: '0001',
    ord_type: 'B2B',
    ord_date: '11/23/2025',
    start_date: '2025-11-24',
    end_date: '2025-12-15T00:00:00',
    terms: 'N30',
    shipper: 'UPS',
    curr_code: 'USD',
    sub_total: '240.00',
    disc_amt: null,
    frgt_amt: 12.5,
    tax_amt: '19.8000',
    tax_fixed_ok: 'Y',
    total_amt: 272.3,
    last_mod: '2025-11-25 09:12:44',
    salesorderaddress: {
      rows: [
        {
          addr_type: 'ST',
          name: 'Acme 0001',
          addr1: '9 Mill Rd',
          city: 'Troy',
          state: 'NY',
          zipcode: '12180',
          country: 'US',
        },
      ],
    },
    salesorderdetail: { rows: [anErpLine()] },
    ...change,
  };
}

export function anErpLine(change: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    pkey: 1,
    fkey: 80455,
    line_seq: '1',
    division: '01',
    style: '00123',
    color_code: 'BLK  ',
    lbl_code: 'A',
    dimension: null,
    size_desc: 'M',
    upc: '012345678905',
    location: 'W01',
    price: 24,
    qty_ord: 6,
    qty_open: '0',
    qty_alloc: null,
    qty_pick: 6,
    qty_inv: 0,
    qty_canc_c: 0,
    qty_canc_h: 0,
    ...change,
  };
}

export function aLogRow(change: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    pkey: 55012,
    row_seq: 1,
    resource: 'salesOrder',
    isa_num: '000000123',
    ext_ref: 'REF-1',
    status: 'P',
    ord_num: '',
    line_seq: null,
    errorCode: '',
    errorMessage: '',
    last_mod: '2025-11-25 11:50:00',
    ...change,
  };
}
