import { z } from 'zod';

import { ERP_ORDER_STATUSES, type ErpSalesOrder } from '../../domain/sales-order.ts';
import { keptSku } from './kept-sku.ts';

const text = z.string();
const maybe = text.nullable();
const address = z
  .object({
    name: text,
    line1: text,
    line2: text,
    city: text,
    state: text,
    postalCode: text,
    country: text,
    contact: text,
    email: text,
  })
  .nullable();
const line = z.object({
  sequence: z.number(),
  sku: keptSku,
  warehouse: text,
  price: text,
  listPrice: maybe,
  discountPercent: maybe,
  startDate: maybe,
  endDate: maybe,
  notes: text,
  ordered: z.number(),
  open: z.number(),
  allocated: z.number(),
  picked: z.number(),
  invoiced: z.number(),
  cancelledByCustomer: z.number(),
  cancelledByHouse: z.number(),
  latestInvoice: text,
});

/** A whole sales order as it is kept on disk. */
export const keptOrder: z.ZodType<ErpSalesOrder> = z.object({
  orderNumber: text,
  status: z.enum(ERP_ORDER_STATUSES),
  statusLetter: text,
  creditStatus: text,
  holdCode: text,
  holdReason: text,
  purchaseOrder: text,
  altPo: text,
  referenceField: text,
  division: text,
  warehouse: text,
  customer: text,
  store: text,
  distributionCentre: text,
  department: text,
  orderType: text,
  orderDate: maybe,
  startDate: maybe,
  endDate: maybe,
  terms: text,
  shipVia: text,
  shipTerms: text,
  salesperson: text,
  season: text,
  currency: text,
  subTotal: maybe,
  discount: text,
  discountCode: text,
  freight: text,
  tax: text,
  taxFixed: z.boolean(),
  total: maybe,
  notes: text,
  siteFields: z.record(text, text),
  billTo: address,
  shipTo: address,
  lines: z.array(line).nullable(),
  changedAt: text,
});
