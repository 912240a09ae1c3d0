import { Decimal } from 'decimal.js';

import { erpDate } from './clock.ts';
import { LONG_AGO, skusOfStyle, type Erp, type LogRow, type Row } from './erp.ts';
import { creditLetter, goods, letterOf, subTotal, total, type Order, type OrderLine } from './orders.ts';
import type { Entry } from './resources.ts';
import { text } from './values.ts';

const KEPT_MS = 30 * 24 * 3_600_000;

export function orderEntries(erp: Erp): readonly Entry[] {
  const orders = [...erp.orders.values()].map((order): Entry => {
    const { header, money, pkey } = order;
    return {
      fields: {
        pkey,
        ord_num: order.ordNum,
        ord_status: order.strangeLetter ?? letterOf(order),
        credit_status: creditLetter(order),
        hold_reason: null,
        appr_num: order.approval,
        ...header,
        customer: header['customer']?.padEnd(10) ?? '',
        udford3d: header['udford3d'] || null,
        udford4i: header['udford4i'] || null,
        // Worked out only for the rows of the page.
        get sub_total() {
          return Number(subTotal(order));
        },
        disc_amt: Number(money.discount),
        frgt_amt: money.freight,
        tax_amt: Number(money.tax),
        tax_fixed_ok: order.taxFixed ? 'Y' : 'N',
        get total_amt() {
          return total(order);
        },
        last_mod: order.changed,
      },
      children: () => ({
        salesorderaddress: { rows: order.addresses },
        salesorderdetail: { rows: order.lines.map((line) => orderLine(erp, order, line)) },
      }),
    };
  });
  return [...orders, ...writeEntries(erp)];
}

/** Writes that are no orders, among which some installations list them: little but whose they are. */
function writeEntries(erp: Erp): readonly Entry[] {
  const { showsWrites } = erp.options;
  if (showsWrites === null) return [];
  return [...erp.writes.values()].map(({ pkey, row, letter, changed }) => ({
    fields: {
      pkey,
      ord_num: text(row['ord_num']) || (showsWrites === 'numbered' ? `W${pkey}` : ''),
      ord_status: letter,
      ...Object.fromEntries(
        ['po_num', 'altpo', 'udford1c', 'division', 'customer', 'store', 'curr_code'].map((name) => [
          name,
          text(row[name]),
        ]),
      ),
      last_mod: changed,
    },
    children: () => ({ salesorderaddress: { rows: [] }, salesorderdetail: { rows: [] } }),
  }));
}

function orderLine(erp: Erp, { pkey }: Order, line: OrderLine): Row {
  return {
    pkey: pkey * 1_000 + line.sequence,
    fkey: String(pkey),
    line_seq: line.sequence,
    ...codesOf(erp, line),
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
    inv_num: line.invoiceNumber,
  };
}

function codesOf(erp: Erp, { sku: key }: Pick<OrderLine, 'sku'>): Row {
  const sku = erp.catalogue.get(key);
  return {
    division: sku?.division.padEnd(3) ?? '',
    style: sku?.style ?? '',
    color_code: sku?.color ?? '',
    lbl_code: sku?.label.padEnd(5) ?? '',
    dimension: sku?.dimension ?? '',
    size_desc: sku?.size ?? '',
    upc: sku?.upc ?? '',
  };
}

/** Rows younger than thirty days, but for those that a fault hides. */
export function logEntries(erp: Erp): readonly Entry[] {
  const oldest = erp.clock.now().getTime() - KEPT_MS;
  return [...erp.log.values()]
    .flat()
    .filter(({ hidden, at }) => !hidden && at >= oldest)
    .map((row) => ({ fields: logRow(row) }));
}

export function logRow(row: LogRow): Row {
  return {
    pkey: row.pkey,
    row_seq: row.rowSeq,
    resource: row.resource,
    isa_num: row.isaNum,
    ext_ref: row.extRef,
    status: row.status,
    ord_num: row.ordNum,
    line_seq: row.lineSeq,
    errorCode: row.errorCode,
    errorMessage: row.errorMessage,
    last_mod: row.changed,
  };
}

export function pickEntries(erp: Erp): readonly Entry[] {
  return erp.picks.map(({ pkey, number, order, location, date, lines, shipDate, invoiceNumber, changed }) => {
    const { header, money } = order;
    return {
      fields: {
        pkey,
        pick_num: number,
        ord_num: order.ordNum,
        po_num: header['po_num'],
        altpo: header['altpo'],
        customer: header['customer'],
        department: header['department'],
        division: header['division']?.padEnd(3),
        location: location.padEnd(6),
        center_code: header['center_code'],
        ord_type: header['ord_type'],
        ord_status: order.strangeLetter ?? letterOf(order),
        pick_date: `${date} 00:00:00`,
        ship_date: shipDate === null ? null : erpDate(shipDate),
        end_date: header['end_date'],
        last_mod: changed,
        curr_code: header['curr_code'],
        disc_amt: Number(money.discount),
        tax_amt: money.tax,
        frgt_amt: Number(money.freight),
        insu_amt: 0,
        misc_amt: 0,
        shipper: header['shipper'],
        ship_terms: header['ship_terms'],
        inv_num: invoiceNumber,
        udford1c: header['udford1c'],
        udford2c: header['udford2c'],
      },
      children: () => ({
        pickaddress: { rows: order.addresses },
        pickdetail: {
          rows: lines.map(({ line, quantity }, index) => ({
            pkey: pkey * 1_000 + index,
            line_seq: line.sequence,
            ...codesOf(erp, line),
            price: Number(line.price),
            bk_qty: quantity,
            total_qty: quantity,
            location: location.padEnd(6),
            lot: '',
            pick_num: number,
          })),
        },
      }),
    };
  });
}

export function invoiceEntries(erp: Erp): readonly Entry[] {
  return erp.invoices.map(({ pkey, number, order, pick, date, due, lines, ...invoice }) => ({
    fields: {
      pkey,
      inv_num: number,
      inv_date: erpDate(date),
      due_date: erpDate(due),
      ord_num: order.ordNum,
      pick_num: pick.number,
      po_num: order.header['po_num'],
      customer: order.header['customer']?.padEnd(10),
      store: order.header['store'],
      division: order.header['division'],
      curr_code: order.header['curr_code'],
      sub_total: Number(invoice.subTotal),
      disc_amt: Number(invoice.discount),
      frgt_amt: invoice.freight,
      tax_amt: Number(invoice.tax),
      total_amt: invoice.total,
      paid_amt: Number(invoice.paid),
      balance: new Decimal(invoice.total).minus(invoice.paid).toFixed(2),
      status: invoice.isVoid ? 'V' : new Decimal(invoice.paid).gte(invoice.total) ? 'P' : 'O',
      shipper: order.header['shipper'],
      track_no: [`1Z999AA1${pick.number.padStart(10, '0')}`],
      last_mod: invoice.changed,
    },
    children: () => ({
      invoiceaddress: { rows: order.addresses },
      invoicedetail: {
        rows: lines.map(({ line, quantity }, index) => ({
          pkey: pkey * 1_000 + index,
          ord_num: order.ordNum,
          line_seq: line.sequence,
          ...codesOf(erp, line),
          size_qty: quantity,
          price: Number(line.price),
          amount: goods(line, quantity).toFixed(2),
        })),
      },
    }),
  }));
}

export function creditMemoEntries(erp: Erp): readonly Entry[] {
  return erp.credits.map(({ pkey, number, order, invoiceNumber, namesOrder, date, lines, ...memo }) => ({
    fields: {
      pkey,
      cm_num: number,
      cm_date: erpDate(date),
      inv_num: invoiceNumber,
      ord_num: namesOrder ? order.ordNum : '',
      rma_num: '',
      customer: order.header['customer']?.padEnd(10),
      store: order.header['store'],
      division: order.header['division'],
      po_num: order.header['po_num'],
      curr_code: order.header['curr_code'],
      reason_code: memo.reason,
      restock_ok: memo.restock ? 'Y' : 'N',
      disposition: '',
      sub_total: Number(memo.subTotal),
      disc_amt: 0,
      frgt_amt: '0.00',
      tax_amt: Number(memo.tax),
      total_amt: memo.total,
      applied_amt: 0,
      balance: memo.total,
      last_mod: memo.changed,
    },
    children: () => ({
      creditmemoaddress: { rows: [] },
      creditmemodetail: {
        rows: lines.map(({ line, quantity }, index) => ({
          pkey: pkey * 1_000 + index,
          ord_num: order.ordNum,
          line_seq: line.sequence,
          ...codesOf(erp, line),
          size_qty: quantity,
          price: Number(line.price),
          amount: goods(line, quantity).toFixed(2),
        })),
      },
    }),
  }));
}

export function productionEntries(erp: Erp): readonly Entry[] {
  return erp.production.map(({ number, kind, stage, due, style, quantity, location }, index) => ({
    fields: {
      pkey: 6_100 + index,
      prod_num: number,
      ref_num: '',
      prod_type: kind === 'make' ? 'M' : 'P',
      orgentdate: '09/02/2025',
      due_date: erpDate(due),
      last_mod: LONG_AGO,
      co_curr: 'USD',
      department: '',
      terms_ship: 'FOB',
      center_code: '',
      stage_num: stage,
    },
    children: () => ({
      productionorderaddressbystage: {
        rows: [{ addr_type: 'VN', name: 'Mill Ltd', address1: '4 Loom Way', city: 'Porto', country: 'PT' }],
      },
      productionorderdetailbystage: {
        rows: skusOfStyle(erp, style).map((key, place) => {
          // No division is shown here.
          const { division: _hidden, ...codes } = codesOf(erp, { sku: key });
          return {
            pkey: (6_100 + index) * 100 + place,
            prod_line: place + 1,
            ...codes,
            ean: '',
            cost: 9.15,
            total_cost: new Decimal('9.15').times(quantity).toFixed(2),
            prod_qty: quantity,
            location: location.padEnd(6),
          };
        }),
      },
    }),
  }));
}
