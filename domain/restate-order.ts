import { liveUnits } from './erp-stage.ts';
import type { AskedFor, ErpSalesOrder, ErpSalesOrderLine, PreparedSalesOrder, SalesOrderLine } from './sales-order.ts';

const NOWHERE = {
  name: '-',
  line1: '',
  line2: '',
  city: '',
  state: '',
  postalCode: '',
  country: '',
  contact: '',
  email: '',
} as const;

const NOTHING_ASKED: AskedFor = { location: null, deliveryDate: null, paymentMethod: null };

/**
 * The ERP's order as it was just read, as a replacement of itself: a replace overwrites everything, so everything is
 * restated. Cancelled parts stay out, or they would come back to life. Which storefront item a line is, is known from
 * what was agreed before.
 */
export function restate(order: ErpSalesOrder, reference: string, known: PreparedSalesOrder | null): PreparedSalesOrder {
  return {
    reference,
    division: order.division,
    warehouse: order.warehouse,
    customer: order.customer,
    store: order.store,
    distributionCentre: order.distributionCentre,
    department: order.department,
    salesperson: order.salesperson,
    season: order.season,
    orderType: order.orderType,
    purchaseOrder: order.purchaseOrder,
    orderDate: order.orderDate ?? '',
    startDate: order.startDate ?? '',
    endDate: order.endDate ?? '',
    terms: order.terms,
    shipVia: order.shipVia,
    shipTerms: order.shipTerms,
    currency: order.currency,
    holdCode: order.holdCode,
    discount: order.discount,
    discountCode: order.discountCode,
    freight: order.freight,
    tax: order.tax,
    notes: order.notes,
    siteFields: order.siteFields,
    billTo: order.billTo,
    shipTo: order.shipTo ?? NOWHERE,
    lines: (order.lines ?? []).flatMap((line) => restateLine(order, line, known)),
    asked: known?.asked ?? NOTHING_ASKED,
  };
}

/**
 * What both sides agreed on once the ERP has taken the order in: what was sent, and where it left the choice to the ERP,
 * what the ERP chose. What the ERP changed unasked stays a difference.
 */
export function agreeOn(sent: PreparedSalesOrder, shown: ErpSalesOrder): PreparedSalesOrder {
  const chosen = (ours: string, theirs: string | null) => ours || (theirs ?? '');
  return {
    ...sent,
    store: chosen(sent.store, shown.store),
    distributionCentre: chosen(sent.distributionCentre, shown.distributionCentre),
    department: chosen(sent.department, shown.department),
    salesperson: chosen(sent.salesperson, shown.salesperson),
    season: chosen(sent.season, shown.season),
    terms: chosen(sent.terms, shown.terms),
    shipVia: chosen(sent.shipVia, shown.shipVia),
    shipTerms: chosen(sent.shipTerms, shown.shipTerms),
    startDate: chosen(sent.startDate, shown.startDate),
    endDate: chosen(sent.endDate, shown.endDate),
  };
}

function restateLine(
  order: ErpSalesOrder,
  line: ErpSalesOrderLine,
  known: PreparedSalesOrder | null,
): readonly SalesOrderLine[] {
  const quantity = liveUnits(line);
  if (quantity <= 0) return [];
  const { sequence, sku, price, listPrice, discountPercent, startDate, endDate, notes } = line;
  return [
    {
      sequence,
      item: known?.lines.find((each) => each.sequence === sequence)?.item ?? '',
      sku,
      quantity,
      price,
      warehouse: line.warehouse || order.warehouse,
      listPrice,
      discountPercent,
      startDate,
      endDate,
      notes,
    },
  ];
}
