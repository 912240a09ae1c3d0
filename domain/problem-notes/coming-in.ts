import type { ProblemCode } from '../problems.ts';
import { note, type ProblemNote } from './problem-note.ts';

/** Of orders on their way in: customer, goods, money, addresses. */
export const COMING_IN: Readonly<Partial<Record<ProblemCode, ProblemNote>>> = {
  CUSTOMER_NOT_LINKED: note(
    'The buyer’s customer in the storefront names no customer of the ERP, so nobody knows for whom the order would be entered.',
    'Not a missing customer in the ERP: it may well be there, only the link is missing.',
    'prepare',
  ),
  CUSTOMER_UNKNOWN: note(
    'The storefront names an ERP customer that the ERP does not have in the division of the goods.',
    'Not an inactive customer: that is CUSTOMER_INACTIVE.',
    'prepare',
  ),
  CUSTOMER_INACTIVE: note(
    'The ERP has the customer, closed for orders. The cache was not trusted: the ERP was asked once more before.',
    'Not a credit hold: that is the ERP’s decision, and such an order goes in (ERP_HOLD).',
    'prepare',
  ),
  CURRENCY_MISMATCH: note(
    'The purchase is in another currency than the one in which the ERP keeps the customer.',
    'Not a wrong price: nothing is converted, and no amount was judged.',
    'prepare',
  ),
  CURRENCY_UNKNOWN: note(
    'The purchase says no currency, or none that exists, so its money means nothing.',
    'Not a rounding or tax problem.',
    'prepare',
  ),
  SKU_MISSING: note(
    'A line of the purchase has no SKU.',
    'Not a SKU that the ERP lacks: that is SKU_UNKNOWN.',
    'prepare',
  ),
  SKU_UNKNOWN: note(
    'No item of the ERP is called as a line of the purchase says, or only one that is not for sale. The ERP was asked once more before.',
    'Not a lack of stock: stock never stops an order.',
    'prepare',
  ),
  SKU_AMBIGUOUS: note(
    'A SKU of the purchase fits several items of the ERP, and nothing tells which one is meant.',
    'Not a UPC that stands in two divisions: there the first division of the site file owns it.',
    'prepare',
    'sync-products',
    'audit-site',
  ),
  QUANTITY_INVALID: note(
    'A line has a quantity that is no whole number above zero.',
    'Not a quantity beyond the stock: buyers may order more than there is where the storefront lets them.',
    'prepare',
  ),
  NO_LINES: note(
    'Nothing of the purchase is left to be sent: every line is shipped elsewhere, returned or cancelled.',
    'Not a cancelled purchase: that ends by itself.',
    'prepare',
  ),
  DIVISIONS_MIXED: note(
    'The goods belong to several divisions of the ERP, and the site file says that such a purchase is not split (amendments.mixedDivisions: park).',
    'Not a wrong SKU: each of them is known.',
    'prepare',
  ),
  DIVISION_MISMATCH: note(
    'The location of the purchase, or the division itself, has no warehouse for the division of the goods.',
    'Not an unknown location: that goes in on hold (LOCATION_NOT_MAPPED).',
    'prepare',
  ),
  TYPE_UNKNOWN: note(
    'The storefront gave the purchase a type that Instep has never heard of, so nobody can say whether it is an order.',
    'Not a cart, quote or unapproved purchase: those are known, and left alone.',
    'prepare',
  ),
  PLACED_DATE_MISSING: note(
    'The purchase does not say when it was placed. What is older than the go-live must not be sent a second time.',
    'Not a late order: its age is not known at all.',
    'prepare',
  ),
  PACKAGE_UNSUPPORTED: note(
    'Somebody else has shipped, returned or cancelled a part of the purchase before it was in the ERP.',
    'Not a shipment of the ERP: those are Instep’s own and never a problem.',
    'prepare',
  ),
  TOTALS_WRONG: note(
    'The lines, freight and tax of the purchase do not come to its own total, to the cent.',
    'Not a difference to the ERP: the purchase contradicts itself.',
    'prepare',
  ),
  TAX_WRONG: note(
    'The tax of lines and shipping is not the tax that the purchase as a whole names.',
    'Not a wrong tax rate: Instep computes no tax.',
    'prepare',
  ),
  ROUNDING_NOT_POSSIBLE: note(
    'The net of a line divided by its quantity is not whole cents, and the site has no code under which the excess cents could go.',
    'Not a lost cent: nothing was sent.',
    'prepare',
  ),
  DISCOUNT_NOT_POSSIBLE: note(
    'The purchase has a discount that must be shown apart, and the site has no code for it.',
    'Not a discount that is too high: its size is not judged.',
    'prepare',
  ),
  PAYMENT_NOT_CONFIRMED: note(
    'The order is to be sent only when it is paid in full, and the storefront does not show the whole payment yet.',
    'Not an order on account: those never wait for money.',
    'prepare',
  ),
  PAYMENT_METHOD_UNKNOWN: note(
    'The buyer paid in a way that the site file says nothing of.',
    'Not an unpaid order.',
    'prepare',
    'audit-site',
  ),
  TERMS_UNKNOWN: note(
    'The site file gives terms to a payment method that the ERP does not have, or has as inactive.',
    'Not the customer’s own terms: those are never sent.',
    'prepare',
    'audit-site',
  ),
  SHIP_TO_MISSING: note(
    'The purchase has no address to ship to, or one without street, city or country.',
    'Not an unknown store: that is STORE_UNKNOWN.',
    'prepare',
  ),
  SHIP_TO_SEVERAL: note(
    'The packages of the purchase go to different addresses; an ERP order has one.',
    'Not a split by division: that is done for you.',
    'prepare',
  ),
  STORE_UNKNOWN: note(
    'The ship-to is none of the customer’s stores in the ERP, and the site file asks for a known one.',
    'Not a wrong address: it may be right and only not entered in the ERP.',
    'prepare',
  ),
  PO_TOO_LONG: note(
    'The buyer’s PO number is longer than the ERP’s field. The ERP would cut it without a word, and invoices would carry another number.',
    'Not a PO that was used before: that is not checked.',
    'prepare',
  ),
  VALUE_TOO_LONG: note(
    'A value of the order is longer than the ERP’s field takes.',
    'Not an ERP refusal: nothing was sent.',
    'prepare',
  ),
  REFERENCE_NOT_POSSIBLE: note(
    'The purchase’s identifier cannot be written so that the ERP keeps it unchanged, and without it the order could be sent twice.',
    'Not the number that people see.',
    'prepare',
  ),
  LOCATION_NOT_MAPPED: note(
    'Orders name, or the storefront has, a stock location that the table of locations does not know. Orders go in at the default warehouse of their division, on hold.',
    'Not a lost order: it is in the ERP, and does not ship by itself.',
    'prepare',
    'audit-site',
  ),
  WAREHOUSE_UNKNOWN: note(
    'The site file names a warehouse that the ERP does not have, or that keeps no stock.',
    'Not an empty warehouse.',
    'prepare',
    'audit-site',
  ),
  DELIVERY_DATE_UNREADABLE: note(
    'The date that the buyer asked for cannot be read. The order went in with today’s and a remark, on hold.',
    'Not a date in the past: that becomes today without a word.',
    'prepare',
  ),
};
