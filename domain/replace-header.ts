import { sameAmount } from './money.ts';
import type { ErpSalesOrder, PreparedSalesOrder } from './sales-order.ts';

/** What a repair may change in the header of an order that is already in the ERP (decision 23). */
export interface HeaderValues {
  readonly reference: string;
  readonly holdCode: string;
  readonly warehouse: string;
}

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

/**
 * The whole order as it was just read, with another hold or warehouse: a replace overwrites everything, so everything
 * is restated. Cancelled parts stay out, or they would come back to life.
 */
export function withHeader(order: ErpSalesOrder, { reference, holdCode, warehouse }: HeaderValues): PreparedSalesOrder {
  const moved = warehouse !== order.warehouse;
  return {
    reference,
    division: order.division,
    warehouse,
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
    holdCode,
    discount: order.discount,
    discountCode: order.discountCode,
    freight: order.freight,
    tax: order.tax,
    notes: order.notes,
    siteFields: order.siteFields,
    billTo: order.billTo,
    shipTo: order.shipTo ?? NOWHERE,
    lines: (order.lines ?? []).flatMap((line) => {
      const quantity = line.ordered - line.cancelledByCustomer - line.cancelledByHouse;
      if (quantity <= 0) return [];
      const { sequence, sku, price, listPrice, discountPercent, startDate, endDate, notes } = line;
      // A clerk may have moved a single line; only those at the old warehouse follow the header.
      const place = moved && line.warehouse === order.warehouse ? warehouse : line.warehouse;
      return [
        {
          sequence,
          sku,
          quantity,
          price,
          warehouse: place || warehouse,
          listPrice,
          discountPercent,
          startDate,
          endDate,
          notes,
        },
      ];
    }),
  };
}

/** Whether the ERP's order already is as wanted. */
export function matchesTarget(order: ErpSalesOrder, target: PreparedSalesOrder): boolean {
  const lines = order.lines ?? [];
  return (
    order.warehouse === target.warehouse &&
    order.holdCode === target.holdCode &&
    sameAmount(order.tax, target.tax) &&
    target.lines.every((wanted) => {
      const line = lines.find(({ sequence }) => sequence === wanted.sequence);
      return (
        line !== undefined &&
        (line.warehouse || order.warehouse) === wanted.warehouse &&
        sameAmount(line.price, wanted.price)
      );
    })
  );
}
