import { Decimal } from 'decimal.js';

import { openAmount, type Erp, type LogRow } from './erp.ts';
import { onHand, openToSell, openToSellWithWip } from './ledger.ts';
import { letterOf, subTotal, total, type Order } from './orders.ts';
import { divisions, locations, shippers, stores, terms } from './seed.ts';

export type Row = Record<string, unknown>;

export interface Resource {
  readonly shape: 'flat' | 'header' | 'inventory';
  /** Fields a filter may name, and how. */
  readonly filters: Readonly<Record<string, 'eq' | 'gt'>>;
  /** Child collections, shown only when asked for. */
  readonly children: readonly string[];
  readonly rows: (erp: Erp) => readonly Row[];
}

const LONG_AGO = '2025-06-01 12:00:00';

/** Everything that can be read, by lower-case name. Codes are padded and numbers mixed: normal, not a fault. */
export const RESOURCES: Readonly<Record<string, Resource>> = {
  style: { shape: 'header', filters: { last_mod: 'gt', style: 'eq' }, children: ['styledetail'], rows: styleRows },
  location: {
    shape: 'flat',
    filters: { loc_type: 'eq', last_mod: 'gt' },
    children: [],
    rows: () =>
      locations.map(({ location, name, type }, index) => ({
        pkey: 12 + index,
        location: location.padEnd(6),
        loc_name: name,
        loc_type: type,
        resv_wh: '',
        last_mod: LONG_AGO,
      })),
  },
  shipper: {
    shape: 'flat',
    filters: { last_mod: 'gt' },
    children: [],
    rows: () =>
      shippers.map(({ shipper, name }, index) => ({ pkey: 3 + index, shipper, ship_name: name, last_mod: LONG_AGO })),
  },
  pick: {
    shape: 'header',
    filters: { last_mod: 'gt', pick_date: 'gt', pick_num: 'eq', ord_num: 'eq', customer: 'eq', division: 'eq' },
    children: [],
    rows: () => [],
  },
  salesorder: {
    shape: 'header',
    filters: {
      last_mod: 'gt',
      ord_num: 'eq',
      po_num: 'eq',
      altpo: 'eq',
      customer: 'eq',
      udford1c: 'eq',
      division: 'eq',
      ord_status: 'eq',
    },
    children: ['salesorderaddress', 'salesorderdetail'],
    rows: (erp) => [...erp.orders.values()].map((order) => orderRow(erp, order)),
  },
  importlog: {
    shape: 'flat',
    filters: { last_mod: 'gt', status: 'eq', ext_ref: 'eq', isa_num: 'eq' },
    children: [],
    rows: (erp) => erp.log.filter(({ hidden }) => !hidden).map(logRow),
  },
  customer: {
    shape: 'header',
    filters: { last_mod: 'gt', customer: 'eq', division: 'eq', active_ok: 'eq' },
    children: ['customeraddress', 'customercredit'],
    rows: customerRows,
  },
  customerstore: {
    shape: 'flat',
    filters: { last_mod: 'gt', customer: 'eq', store: 'eq' },
    children: [],
    rows: storeRows,
  },
  terms: {
    shape: 'flat',
    filters: { last_mod: 'gt' },
    children: [],
    rows: () =>
      terms.map(({ terms: code, name, days }, index) => ({
        pkey: 1 + index,
        terms: code,
        terms_desc: name,
        net_days: days,
        disc_days: 0,
        disc_pct: 0,
        active_ok: 'Y',
        last_mod: LONG_AGO,
      })),
  },
  division: {
    shape: 'flat',
    filters: { last_mod: 'gt' },
    children: [],
    rows: () =>
      divisions.map(({ division, name }, index) => ({
        pkey: 1 + index,
        division: division.padEnd(3),
        div_name: name,
        active_ok: 'Y',
        last_mod: LONG_AGO,
      })),
  },
  season: {
    shape: 'flat',
    filters: { last_mod: 'gt' },
    children: [],
    rows: () => [
      {
        pkey: 7,
        season: 'SP26',
        season_desc: 'Spring 2026',
        start_date: '01/01/2026',
        end_date: '06/30/2026',
        active_ok: 'Y',
        last_mod: LONG_AGO,
      },
    ],
  },
  inventory: {
    shape: 'inventory',
    filters: { location: 'eq', division: 'eq', last_mod: 'gt' },
    children: [],
    rows: inventoryRows,
  },
  pricelist: {
    shape: 'flat',
    filters: { last_mod: 'gt', customer: 'eq', style: 'eq', price_code: 'eq', division: 'eq' },
    children: [],
    rows: () => [],
  },
  invoice: {
    shape: 'header',
    filters: { last_mod: 'gt', ord_num: 'eq', inv_num: 'eq', customer: 'eq' },
    children: ['invoicedetail'],
    rows: () => [],
  },
  creditmemo: {
    shape: 'header',
    filters: { last_mod: 'gt', ord_num: 'eq', inv_num: 'eq', cm_num: 'eq', customer: 'eq' },
    children: ['creditmemodetail'],
    rows: () => [],
  },
  productionorderbystage: {
    shape: 'header',
    filters: { stage_num: 'eq', last_mod: 'gt', prod_num: 'eq' },
    children: [],
    rows: () => [],
  },
};

function styleRows(erp: Erp): readonly Row[] {
  const styles = Map.groupBy(erp.catalogue.values(), ({ style }) => style);
  return [...styles].map(([style, all], index) => ({
    pkey: 4_101 + index,
    style,
    style_name: style,
    style_desc: `Style ${style}`,
    group_code1: 'KNT',
    active_ok: 'Y',
    last_mod: LONG_AGO,
    styledetail: {
      rows: [...Map.groupBy(all, ({ division, color }) => `${division}/${color}`).values()].map((rows, detail) => ({
        pkey: 7_001 + index * 100 + detail,
        division: (rows[0]?.division ?? '').padEnd(3),
        season: 'SP26',
        std_cost: '9.1500',
        gar_wgt: 0.2,
        third_party_item: '',
        catg_dest1: 'B2B',
        catg_dest2: '',
        stylecolorsizes: {
          'rows-i': rows.map((sku) => ({
            fkey: 7_001 + index * 100 + detail,
            upc: sku.upc,
            ean: '',
            color_code: sku.color,
            size_desc: sku.size,
            dimension: sku.dimension,
            lbl_code: sku.label.padEnd(5),
          })),
        },
      })),
    },
  }));
}

function orderRow(erp: Erp, order: Order): Row {
  const { header, money } = order;
  return {
    pkey: order.pkey,
    ord_num: order.ordNum,
    ord_status: letterOf(order),
    credit_status: order.creditStatus,
    hold_reason: '',
    appr_num: '',
    ...header,
    udford3d: header['udford3d'] || null,
    udford4i: header['udford4i'] || null,
    customer: (header['customer'] ?? '').padEnd(10),
    sub_total: Number(subTotal(order)),
    disc_amt: Number(money.discount),
    frgt_amt: money.freight,
    tax_amt: Number(money.tax),
    tax_fixed_ok: order.taxFixed ? 'Y' : 'N',
    total_amt: total(order),
    last_mod: order.changed,
    salesorderaddress: { rows: order.addresses },
    salesorderdetail: {
      rows: order.lines.map((line, index) => {
        const sku = erp.catalogue.get(line.sku);
        return {
          pkey: order.pkey * 1_000 + index,
          fkey: order.pkey,
          line_seq: line.sequence,
          division: sku?.division ?? '',
          style: sku?.style ?? '',
          color_code: sku?.color ?? '',
          lbl_code: (sku?.label ?? '').padEnd(5),
          dimension: sku?.dimension ?? '',
          size_desc: sku?.size ?? '',
          upc: sku?.upc ?? '',
          location: line.location.padEnd(6),
          price: Number(line.price),
          ...line.extra,
          qty_ord: line.ordered,
          qty_open: String(line.open),
          qty_alloc: line.allocated,
          qty_pick: line.picked,
          qty_inv: line.invoiced,
          qty_canc_c: line.cancelledC,
          qty_canc_h: line.cancelledH,
          pick_num: line.pickNumber,
          inv_num: '',
        };
      }),
    },
  };
}

function logRow(row: LogRow): Row {
  const { pkey, rowSeq, resource, isaNum, extRef, status, ordNum, lineSeq, errorCode, errorMessage, changed } = row;
  return {
    pkey,
    row_seq: rowSeq,
    resource,
    isa_num: isaNum,
    ext_ref: extRef,
    status,
    ord_num: ordNum,
    line_seq: lineSeq,
    errorCode,
    errorMessage,
    last_mod: changed,
  };
}

function customerRows(erp: Erp): readonly Row[] {
  return erp.customers.map((customer, index) => {
    const open = openAmount(erp, customer);
    const available = new Decimal(customer.creditLimit).minus(customer.arBalance).minus(open).toFixed(2);
    return {
      pkey: 210 + index,
      customer: customer.customer.padEnd(10),
      cust_name: customer.name,
      active_ok: customer.active ? 'Y' : 'N',
      division: customer.division,
      terms: customer.terms,
      terms_desc: customer.terms,
      credit_limit: Number(customer.creditLimit),
      credit_avail: Number(available),
      ar_balance: customer.arBalance,
      open_order_amt: Number(open),
      past_due_amt: Number(customer.pastDue),
      credit_hold_ok: customer.creditHold ? 'Y' : 'N',
      factor: customer.factor,
      shipper: 'UPS',
      salesper1: 'R10',
      price_code: 'B',
      disc_pct: 0,
      tax_exempt_ok: 'N',
      curr_code: customer.currency,
      location: 'W01',
      last_mod: LONG_AGO,
      customeraddress: {
        rows: [
          {
            addr_type: 'BT',
            name: customer.name,
            addr1: '1 Head Office Road',
            city: 'Hull',
            state: '',
            zipcode: 'HU1 1AA',
            country: 'GB',
            email: customer.email || null,
          },
        ],
      },
      customercredit: { rows: [] },
    };
  });
}

function storeRows(): readonly Row[] {
  return stores.map(({ customer, store, name, addr1, city, state, zipcode, country, centre, active }, index) => ({
    pkey: 511 + index,
    customer,
    store,
    store_name: name,
    addr1,
    addr2: '',
    city,
    state,
    zipcode,
    country,
    contact: '',
    email: '',
    center_code: centre,
    active_ok: active ? 'Y' : 'N',
    tax_code: '',
    shipper: '',
    last_mod: LONG_AGO,
  }));
}

function inventoryRows(erp: Erp): readonly Row[] {
  return erp.ledger.rows().map(({ sku: key, location, buckets }, index) => {
    const sku = erp.catalogue.get(key);
    return {
      pkey: index + 1,
      division: sku?.division ?? '',
      style: sku?.style ?? '',
      color_code: sku?.color ?? '',
      lbl_code: sku?.label ?? '',
      dimension: sku?.dimension ?? '',
      size_bk: sku?.bucket ?? 0,
      size_desc: sku?.size ?? '',
      upc: sku?.upc ?? '',
      location,
      qoh: onHand(buckets),
      pick_qty: buckets.PK,
      open_qty: String(buckets.OP),
      resv_qty: buckets.RS + buckets.DM,
      wip_qty: buckets.ST,
      po_qty: 0,
      intran_qty: 0,
      ots_qty: openToSell(buckets),
      ots_wip_qty: openToSellWithWip(buckets),
      next_date: '',
      next_qty: 0,
      last_mod: erp.clock.stamp(),
    };
  });
}
