import type { Amount } from './money.ts';
import type { Owner } from './site-rules.ts';

/**
 * What happens because of a problem (decision 20): Temporal retries · the order goes in, on hold, with a review ·
 * this order waits for a person · the site or feed waits as a whole.
 */
export type Fate = 'wait' | 'proceedWithReview' | 'park' | 'gate';

export interface ProblemKind {
  readonly code: string;
  readonly fate: Fate;
  readonly owner: Owner;
  /** What a person does to end it. */
  readonly mend: string;
  /** Commands that release the order, for the UI. */
  readonly press: readonly Repair[];
}

export type Repair =
  | 'retry'
  | 'resync'
  | 'remap'
  | 'release'
  | 'replaceCustomer'
  | 'cancel'
  | 'sendAnyway'
  | 'adopt'
  | 'acceptErp'
  | 'pushStorefront'
  | 'askOwner'
  | 'close';

/** One problem of one order, in words for people. */
export interface Problem {
  readonly code: ProblemCode;
  readonly says: string;
  /** What it is about where other orders can share it: a location, a SKU, codes of faults. By it they become one case. */
  readonly about?: string;
}

/** What the owner of a parked order needs to see. */
export interface ProblemReport extends Problem {
  readonly fate: Fate;
  readonly owner: Owner;
  readonly mend: string;
  readonly press: readonly Repair[];
  readonly valueAtRisk: Amount | null;
}

const REPAIR: readonly Repair[] = ['retry', 'cancel', 'close'];

function park(owner: Owner, mend: string, press: readonly Repair[] = REPAIR) {
  return { fate: 'park', owner, mend, press } as const;
}

/** Met by a feed, which goes on: it is gone when a later run no longer meets it. */
function feed(owner: Owner, mend: string) {
  return { fate: 'wait', owner, mend, press: [] } as const;
}

/**
 * Every way in which an order, a feed or a site can be in trouble. Everything that is held, parked, gated, alerted or
 * reported is one of these.
 */
const CATALOGUE = {
  // The buyer and the customer record
  CUSTOMER_NOT_LINKED: park(
    'ecommerce',
    'Give the storefront customer its ERP code (accounting_id), then retry; or name the ERP customer with replaceCustomer.',
    ['retry', 'replaceCustomer', 'cancel', 'close'],
  ),
  CUSTOMER_UNKNOWN: park(
    'finance',
    'Open the customer in the ERP, or correct its code in the storefront, then retry; or name another with replaceCustomer.',
    ['retry', 'replaceCustomer', 'cancel', 'close'],
  ),
  CUSTOMER_INACTIVE: park(
    'finance',
    'Reactivate the customer in the ERP, then retry; or name another with replaceCustomer.',
    ['retry', 'replaceCustomer', 'cancel', 'close'],
  ),
  CURRENCY_MISMATCH: park(
    'finance',
    'The ERP keeps this customer in another currency. Correct the customer in the ERP, or cancel.',
    ['retry', 'replaceCustomer', 'cancel', 'close'],
  ),
  CURRENCY_UNKNOWN: park('ecommerce', 'Correct the currency of the purchase in the storefront, then retry.'),

  // The goods
  SKU_MISSING: park('ecommerce', 'Give every line of the purchase a SKU in the storefront, then retry.'),
  SKU_UNKNOWN: park('ecommerce', 'Create the SKU in the ERP or correct it in the storefront, then retry.'),
  SKU_AMBIGUOUS: park(
    'ecommerce',
    'The SKU names several items of the ERP. Make it unique (UPC per division, or all codes), then retry.',
  ),
  QUANTITY_INVALID: park(
    'ecommerce',
    'Every quantity must be a whole number above zero. Correct the purchase in the storefront, then retry.',
  ),
  NO_LINES: park(
    'ecommerce',
    'The purchase has nothing left to send. Correct it in the storefront and retry, or close the order.',
  ),
  DIVISIONS_MIXED: park(
    'ecommerce',
    'Place one purchase per division: an ERP order cannot mix them. Correct the purchase and retry, or cancel.',
  ),
  DIVISION_MISMATCH: park(
    'integration',
    'The location has no warehouse for the division of these SKUs. Complete the location table in the site file, restart Instep, then retry.',
    ['retry', 'remap', 'cancel', 'close'],
  ),
  TYPE_UNKNOWN: park(
    'integration',
    'The storefront gave the purchase a type Instep does not know. Correct it there, then retry.',
  ),
  PLACED_DATE_MISSING: park(
    'ecommerce',
    'The purchase does not say when it was placed, so it may be older than the go-live. Correct it and retry, or close.',
  ),
  PACKAGE_UNSUPPORTED: park(
    'warehouse',
    'Part of the purchase was already shipped, returned or cancelled elsewhere. Settle it by hand and close, or correct it and retry.',
  ),

  // Money
  TOTALS_WRONG: park('finance', 'The purchase does not add up. Correct it in the storefront, then retry.'),
  TAX_WRONG: park(
    'finance',
    'The tax of the lines and the shipping is not the tax of the order. Correct the purchase in the storefront, then retry.',
  ),
  ROUNDING_NOT_POSSIBLE: park(
    'finance',
    'The price per piece is not whole cents. Ask integration to name a rounding code in the site file (money.roundingCode) and to restart Instep, then retry.',
  ),
  DISCOUNT_NOT_POSSIBLE: park(
    'finance',
    'The ERP wants a code for discounts. Ask integration to name one in the site file (money.discountCode) and to restart Instep, then retry.',
  ),
  PAYMENT_NOT_CONFIRMED: park(
    'finance',
    'The purchase must be paid up front and is not. It goes on by itself when the payment shows; or cancel.',
  ),
  PAYMENT_METHOD_UNKNOWN: park(
    'finance',
    'Ask integration to add the payment method to the site file and to restart Instep, then retry.',
  ),
  TERMS_UNKNOWN: park(
    'finance',
    'The ERP has no such terms. Open them there; or ask integration to correct the site file and to restart Instep. Then retry.',
  ),

  // Addresses, numbers and dates
  SHIP_TO_MISSING: park('ecommerce', 'Give the purchase a ship-to address, then retry.'),
  SHIP_TO_SEVERAL: park(
    'ecommerce',
    'All packages must go to one address. Correct the purchase in the storefront, then retry.',
  ),
  STORE_UNKNOWN: park(
    'finance',
    'The ERP does not know this ship-to as a store of the customer. Add the store; or ask integration to allow one-off ship-tos in the site file and to restart Instep. Then retry.',
  ),
  PO_TOO_LONG: park('ecommerce', 'Shorten the PO number on the purchase, then retry.'),
  VALUE_TOO_LONG: park('ecommerce', 'Shorten the value, then retry; the ERP would cut it without a word.'),
  REFERENCE_NOT_POSSIBLE: park(
    'integration',
    'The purchase has no identifier that the ERP can carry unchanged. Enter it by hand and close.',
    ['close'],
  ),
  LOCATION_NOT_MAPPED: {
    fate: 'proceedWithReview',
    owner: 'warehouse',
    mend: 'The order is in the ERP, on hold at the default warehouse. Ask integration to add the location to the site file and to restart Instep, then remap the order; or release it as it is.',
    press: ['remap', 'release', 'cancel'],
  },
  WAREHOUSE_UNKNOWN: park(
    'integration',
    'The warehouse of the location table is no stock-keeping warehouse of the ERP. Correct the site file, restart Instep, then retry.',
    ['retry', 'remap', 'cancel', 'close'],
  ),
  DELIVERY_DATE_UNREADABLE: {
    fate: 'proceedWithReview',
    owner: 'ecommerce',
    mend: 'Ask the buyer for the date; the order went in with today’s and a remark, on hold. Correct it in the ERP, or let it stand, and release the order.',
    press: ['release', 'cancel'],
  },

  // The ERP's answer
  ERP_REFUSED: park('integration', 'Mend what the ERP names, then retry.'),
  IMPORT_OVERDUE: {
    fate: 'wait',
    owner: 'integration',
    mend: 'The ERP took the order in and does not decide. Ask the ERP team to run the import job; the order goes on by itself. It is there under a number: adopt it. It is neither there nor staged any more: sendAnyway, which looks once more before it sends.',
    press: ['adopt', 'sendAnyway', 'cancel', 'close'],
  },
  CHANGE_OVERDUE: {
    fate: 'wait',
    owner: 'integration',
    mend: 'The ERP took a change or a cancel in and does not decide. Ask the ERP team to run the import job; the order goes on by itself.',
    press: [],
  },
  OUTCOME_UNKNOWN: park(
    'integration',
    'Look for the order in the ERP. It is there: adopt it. It is certainly not there: sendAnyway. Instep keeps looking meanwhile.',
    ['sendAnyway', 'adopt', 'close'],
  ),
  DUPLICATE_IN_ERP: park(
    'finance',
    'Cancel all but one of these orders in the ERP, then retry. To keep one that was entered by hand instead of ours, close the order here and follow it by hand.',
    ['retry', 'close'],
  ),
  REFERENCE_CUT: {
    fate: 'gate',
    owner: 'integration',
    mend: 'The ERP cut or changed our reference. Widen the field in the ERP, or name another in the site file and restart Instep; then resume the intake (instep schedules resume).',
    press: ['retry', 'close'],
  },
  ERP_EDIT: {
    fate: 'proceedWithReview',
    owner: 'finance',
    mend: 'The ERP’s order is not what was agreed. Nothing was repaired: acceptErp takes the ERP’s version, pushStorefront sends the storefront’s again, askOwner names who decides.',
    press: ['acceptErp', 'pushStorefront', 'askOwner', 'cancel'],
  },
  EDIT_CONFLICT: park(
    'ecommerce',
    'The buyer and the ERP both changed the order; nothing was overwritten. Take the ERP’s version (acceptErp) or send the storefront’s (pushStorefront).',
    ['acceptErp', 'pushStorefront', 'askOwner', 'cancel', 'close'],
  ),
  EDIT_OVERWRITTEN: park(
    'ecommerce',
    'A clerk changed the ERP’s order while a change of it was staged there, which overwrites the edit. Enter it in the ERP again if it shall hold; then retry, which ends this.',
    ['retry', 'resync', 'askOwner', 'cancel', 'close'],
  ),
  ACCEPT_NEEDS_CHOICE: park(
    'finance',
    'The ERP has more, or another price. To write that to the purchase press acceptErp with alsoMore; or pushStorefront.',
    ['acceptErp', 'pushStorefront', 'askOwner', 'close'],
  ),
  CANCEL_PARTIAL: {
    fate: 'proceedWithReview',
    owner: 'warehouse',
    mend: 'Part of what the buyer cancelled is already picked or shipped. Stop it in the warehouse, or take the return.',
    press: ['retry', 'close'],
  },
  INVOICE_DIFFERS: {
    fate: 'proceedWithReview',
    owner: 'finance',
    mend: 'Invoices and credits do not add up to the order. Correct the invoice in the ERP, or credit what is billed too much, to the cent; a memo with units must name the invoice. The order looks again by itself.',
    press: ['retry', 'askOwner', 'close'],
  },
  CREDIT_EXCEEDS: {
    fate: 'proceedWithReview',
    owner: 'finance',
    mend: 'More was credited than invoiced. Check the credit memos in the ERP.',
    press: ['retry', 'askOwner', 'close'],
  },
  ERP_STATUS_UNKNOWN: {
    fate: 'proceedWithReview',
    owner: 'integration',
    mend: 'Add the status letter to the site file (erp.statusLetters) and restart Instep.',
    press: ['retry', 'close'],
  },
  ERP_HOLD: {
    fate: 'proceedWithReview',
    owner: 'finance',
    mend: 'The ERP holds the order for credit. Approve or decline it in the ERP; the order follows by itself.',
    press: ['cancel'],
  },
  CANCEL_REFUSED: park(
    'warehouse',
    'The ERP no longer cancels this order. Stop it in the warehouse, or take the return.',
    ['cancel', 'close'],
  ),
  REPLACE_REFUSED: park(
    'warehouse',
    'The ERP does not take the change. Mend what it names and retry; or change the order in the ERP and press acceptErp.',
    ['retry', 'acceptErp', 'cancel', 'close'],
  ),
  ADOPT_REFUSED: park('integration', 'That ERP order is not this purchase. Name another, or send.', [
    'adopt',
    'sendAnyway',
    'close',
  ]),
  REMAP_NOT_POSSIBLE: park(
    'integration',
    'The location still has no warehouse for this division, or the change needs another division. Complete the location table in the site file, restart Instep and remap; or cancel and place anew.',
    ['remap', 'release', 'cancel', 'close'],
  ),

  // The purchase moved
  AMENDED: park(
    'ecommerce',
    'The buyer changed the purchase later than the ERP order allows. Change it back in the storefront, or settle it in the ERP and press acceptErp; retry decides anew; or cancel what is open.',
    ['retry', 'acceptErp', 'askOwner', 'cancel', 'close'],
  ),
  WITHDRAWN: park(
    'ecommerce',
    'The buyer withdrew the purchase while its order is in the ERP. Cancel it, or close if it shall stay.',
    ['cancel', 'retry', 'close'],
  ),
  WRITE_BACK_REFUSED: park(
    'integration',
    'The purchase does not take the ERP order number: an identifier belongs to another purchase. Settle it in the storefront, then retry.',
  ),

  PURCHASES_VANISHED: {
    fate: 'gate',
    owner: 'integration',
    mend: 'Look whether the site file names the right storefront (after a change of it restart Instep), and whether a gateway answers in its place; the next sweep looks again. If they are gone indeed, let one run past the guard, with a reason.',
    press: [],
  },

  // Customers in step: the feed goes on, and looks again at every run
  CUSTOMER_WITHOUT_ERP_CODE: feed(
    'ecommerce',
    'Give the storefront customer its ERP code (accounting_id), or close it there. Its orders would park.',
  ),
  CUSTOMER_NOT_IN_ERP: feed(
    'finance',
    'Open the customer in the ERP in a division of this site, or correct its code in the storefront. Its orders would park.',
  ),
  CUSTOMER_INACTIVE_IN_ERP: feed(
    'finance',
    'Reactivate the customer in the ERP, or close it in the storefront; where the site file lets the ERP own it (customers.owns: active), that is done for you.',
  ),
  CUSTOMER_CURRENCY_DIFFERS: feed(
    'finance',
    'ERP and storefront keep this account in different currencies. Correct one of them; nothing is written meanwhile.',
  ),
  PAYMENT_ACCOUNT_INCOMPLETE: feed(
    'finance',
    'Complete credit limit, balance and currency where the finding says they are missing; nothing is written meanwhile.',
  ),
  TERMS_NOT_MAPPED: feed(
    'integration',
    'Add the terms code to the site file (customers.terms), in days or as none, and restart Instep.',
  ),
  PRICE_LEVEL_NOT_MAPPED: feed(
    'integration',
    'Add the price level and currency to the site file (customers.priceLists), and restart Instep.',
  ),
  CUSTOMER_WRITE_REFUSED: feed(
    'integration',
    'The storefront does not take the change. Mend what the finding names; the next run tries again.',
  ),
  STORES_ONLY_IN_ERP: feed(
    'ecommerce',
    'Add the stores as addresses of their customer in the storefront, or close them in the ERP.',
  ),
  ADDRESS_DIFFERS: feed(
    'ecommerce',
    'Correct the address in the storefront, or in the ERP: the storefront has no call that changes one.',
  ),
  CUSTOMERS_SHRUNKEN: {
    fate: 'gate',
    owner: 'integration',
    mend: 'Ask the ERP team why the list of customers shrank. It is as it should be: let one run past the guard, with a reason.',
    press: [],
  },

  // Products in step: the feed goes on, and looks again at every run
  VARIANT_WITHOUT_ERP_SKU: feed(
    'ecommerce',
    'Correct the SKU in the storefront, open the item in the ERP, or take the variant off sale there. An order for it would park.',
  ),
  VARIANT_ELSEWHERE: feed(
    'ecommerce',
    'The storefront cannot move a variant. Delete it there, and the next run creates it under its own product; or leave it, and keep it up by hand.',
  ),
  SKU_WITHOUT_UPC: feed('ecommerce', 'Give the items a UPC in the ERP; the next run publishes them.'),
  UPC_SHARED: feed(
    'ecommerce',
    'Give each item its own UPC in the ERP. Until then the first division’s owns it, and the others are known by their codes.',
  ),
  SIZE_OUT_OF_RANGE: feed(
    'ecommerce',
    'Correct the size or its place in the size range in the ERP. An item without a size is not published.',
  ),
  PRODUCT_WRITE_REFUSED: feed(
    'integration',
    'The storefront does not take the product or variant. Mend what the finding names; a later run tries again.',
  ),
  CATALOGUE_SHRUNKEN: {
    fate: 'gate',
    owner: 'integration',
    mend: 'Ask the ERP team why so many items are gone or no longer for sale. It is as it should be: let one run past the guard, with a reason.',
    press: [],
  },

  // Stock in step: the feed goes on, and looks again at every run
  STOCK_INCOMPLETE: feed(
    'integration',
    'Ask the ERP team why the snapshot broke off. The last good figures stay and only lower; the next complete one ends this, or let one run past the guard, with a reason.',
  ),
  STOCK_STALE: feed(
    'integration',
    'Ask the ERP team to run the stock snapshot. The last good figures stay and only lower, with a buffer that grows; a fresh one ends this, or let one run past the guard, with a reason. Where it is ahead of our clock, set the clock that is wrong, or have the snapshot job write the ERP’s own local time: that cannot be let past.',
  ),
  STOCK_SHRUNKEN: feed(
    'integration',
    'Ask the ERP team why so many rows are gone; nothing was taken from it. It is as it should be: let one run past the guard, with a reason.',
  ),
  STOCK_UNSTABLE: feed(
    'integration',
    'The snapshot changed while it was read, as often as it was tried. It ends by itself; if it does not, the snapshot job runs more often than a reading takes.',
  ),
  STOCK_BROKEN: feed(
    'integration',
    'Correct the rows in the ERP: a figure that is no whole number, an item without a style or twice, another warehouse. They count as absent meanwhile.',
  ),
  STOCK_OVERSTATED: feed(
    'warehouse',
    'Ask the ERP team to take work orders out of open to sell. The lower figure is published meanwhile; nothing is oversold.',
  ),
  STOCK_ABSENT: feed(
    'warehouse',
    'Bring the SKUs back into the ERP’s snapshot or take them off sale. Absence means none only where the site file says so (stock.absentMeansZero).',
  ),
  STOCK_WRITE_REFUSED: feed(
    'integration',
    'The storefront does not take the level. Mend what the finding names; the next run tries again.',
  ),
  STOCK_LOCATION_UNKNOWN: feed(
    'integration',
    'Create the stock location in the storefront with this external id, or correct the site file (stock.feeds, locations.table) and restart Instep.',
  ),
  STOCK_UNMATCHED: feed(
    'ecommerce',
    'Correct the SKU in the storefront or in the ERP; or keep up its stock by hand, it is never written.',
  ),

  // Prices in step: one finding for each list and cause
  PRICES_SHRUNKEN: {
    fate: 'gate',
    owner: 'finance',
    mend: 'The ERP has prices for far fewer SKUs than the list holds; nothing was written. Mend the prices in the ERP; or let one run pass the guard, with a reason.',
    press: [],
  },
  PRICE_LIST_MISSING: feed(
    'ecommerce',
    'The storefront has no such list. Ask integration to correct its slug in the site file (pricing.lists), or to give it a name there so that Instep opens it; and to restart Instep.',
  ),
  PRICE_LIST_FOREIGN: feed(
    'ecommerce',
    'Instep writes only lists of source integration. Ask integration to name another list in the site file (pricing.lists), or to let the storefront manage this one; and to restart Instep.',
  ),
  PRICE_LIST_CURRENCY: feed(
    'finance',
    'The list is kept in another currency than the site file says. Ask integration to correct the site file, or to name a new list there, and to restart Instep: a list’s currency cannot be changed without relabelling its amounts.',
  ),
  PRICE_INVALID: feed(
    'finance',
    'Correct the price in the ERP: it must be above zero and whole cents. Until then the SKU keeps the price that it has.',
  ),
  PRICE_SIZE_UNKNOWN: feed(
    'integration',
    'The ERP has prices for some sizes of these, and its stock rows do not tell which size of the range they are. Let the feed of stock read their warehouses, or give them a price for all sizes.',
  ),
  PRICE_REFUSED: feed('integration', 'Mend what the storefront names; the next run sends these prices again.'),
  PRICE_LIST_BUSY: feed(
    'integration',
    'Somebody else keeps writing this list. Stop that; the next run sends what is missing.',
  ),
  PRICE_NOT_REACHED: feed(
    'ecommerce',
    'Take the ERP’s price over in the storefront. If it shall stay as it is, ask integration to move the list’s “since” in the site file (pricing.lists) to today and to restart Instep.',
  ),

  // The proof of completeness
  UNACCOUNTED: feed(
    'integration',
    'These purchases were neither in the ERP nor on their way. They were started at once and go on by themselves; find out why the intake passed them over.',
  ),
  PROOF_NOT_TIED: feed(
    'integration',
    'The proof counts purchases of these days twice or not at all: a fault of Instep, which its makers have to mend. Until then compare these days by hand (instep report exceptions: both sides, day by day).',
  ),
  ERP_ORDER_WITHOUT_PURCHASE: feed(
    'ecommerce',
    'The storefront has no such purchase any more. Cancel the order in the ERP if nobody wants it, or enter the purchase again.',
  ),

  // Before an order meets them: found by the audit, gone when a later audit no longer finds them
  LOCATION_WITHOUT_CODE: feed(
    'ecommerce',
    'Give the stock location an external id in the storefront, and ask integration to name it in the site file (locations.table, stock.feeds) and to restart Instep; or remove it in the storefront.',
  ),
  DIVISION_UNKNOWN: feed(
    'integration',
    'Correct the division in the site file (divisions) and restart Instep, or open it in the ERP. No order of its goods could be sent.',
  ),
  SHIP_VIA_UNKNOWN: feed(
    'warehouse',
    'Open the ship-via code in the ERP; or ask integration to correct it in the site file (shipping.methods, shipping.otherwise) and to restart Instep.',
  ),
  SHIPPING_METHOD_NOT_MAPPED: feed(
    'warehouse',
    'Choose a ship-via code for the method, and ask integration to name it in the site file (shipping.methods; shipping.otherwise is for all others) and to restart Instep.',
  ),
  SKU_ONLY_IN_ERP: feed(
    'ecommerce',
    'Put the items on sale in the storefront, or ask integration to keep them out by the site file (products.publish) and to restart Instep. Where Instep keeps the products (products.mode: write) the next run does it.',
  ),
  PRICE_LIST_UNOWNED: feed(
    'finance',
    'Ask integration to say in the site file who keeps the list (pricing.lists, managedBy: erp or storefront) and to restart Instep; or delete the list in the storefront.',
  ),
  LIMITS_TOO_LOW: feed(
    'integration',
    'Let the schedules ask less often (schedules, erp.pollSeconds, erp.refreshCatalogueSeconds), or have the ERP’s limits raised and write them into the site file (erp.limits); and restart Instep.',
  ),
  OWNER_WITHOUT_ADDRESS: feed(
    'integration',
    'Give the team an address (owners) or a channel (alerts.routesOf) in the site file, and restart Instep. Until then only the pages and the log tell of its cases.',
  ),

  // Found by the watch, gone when a later look no longer finds them
  FEED_FAILED: feed(
    'integration',
    'Mend what the failure names. The next run tries again by itself, and ends this when it comes to its end.',
  ),
  FEED_LATE: feed(
    'integration',
    'Look whether the workers and the Temporal server run (instep schedules show). The feed goes on by itself from where it was.',
  ),
  SCHEDULE_MISSING: feed(
    'integration',
    'Make the schedules as declared: instep schedules apply. The feed goes on from its last run.',
  ),
  SCHEDULE_PAUSED: feed(
    'integration',
    'Ask who paused it, mend the reason, and resume it: instep schedules resume. Nothing of that feed moves meanwhile.',
  ),
  SCHEDULE_ALTERED: feed('integration', 'Make the schedules as declared: instep schedules apply.'),
  INTAKE_BROKEN: feed(
    'integration',
    'The storefront does not answer, or refuses the credentials: purchases do not come in. Mend that (renew the credentials where the site file says they are, and restart Instep); the intake goes on from where it was.',
  ),
  STOREFRONT_QUIET: feed(
    'ecommerce',
    'Look whether buyers can log in and check out. The connection is good; if nobody buys, there is nothing to do.',
  ),
  PURCHASE_UNCONFIRMED: feed(
    'ecommerce',
    'Find out why the platform, or its sync with the storefront, confirms no purchases; the buyers believe they ordered. Each becomes an order as soon as it is confirmed. If nobody but Instep shall confirm them, ask integration to add order_unconfirmed to the site file (intake.types) and to restart Instep.',
  ),
  APPROVAL_OVERDUE: feed(
    'ecommerce',
    'Ask the approvers at the buyers’ whether they know of these purchases. Each becomes an order as soon as it is approved; what nobody wants any more is removed in the storefront.',
  ),
  UNCONFIRMED_LATE: feed(
    'integration',
    'Look at the orders that the finding names (instep order show), and whether the ERP’s import job runs. They go on by themselves.',
  ),
  UNCONFIRMED_OVERDUE: feed(
    'integration',
    'The buyers wait. Look at the orders that the finding names (instep order show), and have the ERP’s import job run.',
  ),
  ORDER_OVERSOLD: feed(
    'warehouse',
    'Find the goods, move them in from another warehouse, or tell the buyers. The orders named first cost most; the newest go short.',
  ),

  // Drift, found every night
  STOCK_DRIFT: feed(
    'ecommerce',
    'By its cause: a late feed sets it right at its next run; a refused write names what to mend; of an edit by hand ask who made it, it is overwritten; a mapping gap needs the SKU in both systems.',
  ),
  PRICE_DRIFT: feed(
    'finance',
    'By its cause: a late feed sets it right at its next run; a refused write names what to mend; of an edit by hand ask who made it, it is overwritten; a mapping gap needs the SKU in both systems.',
  ),

  // A month that is closed
  MONTH_NOT_TIED: feed(
    'finance',
    'Open the newest pack of that month, in the reports of the site: each has a line with its order, its money and who answers for it. Take the ERP’s version over (acceptErp), or mend it in the system that is wrong; then make the pack anew: instep report month-end --month. Once the pack of a later month is kept it is too late for that: the mend shows in that month, and a person ends this case (instep case resolve).',
  ),

  // Alerts
  ALERT_CHANNEL_DEAD: feed(
    'integration',
    'Messages leave by the next channel of the route meanwhile, and where there is none they wait. Mend what the finding names: the address, the credentials or the server of the channel (alerts.channels in the site file); after a change there restart Instep. It is tried every few minutes, and ends when that works or a message leaves by it.',
  ),
  ALERT_ADDRESS_REFUSED: feed(
    'integration',
    'Messages for it go another way meanwhile. Have the mailbox opened; or correct the address that the finding names in the site file (owners, cases.escalation), or make the chat’s webhook anew (alerts.channels), and restart Instep. It ends with the next message that is taken there, which is tried when Instep starts and every few hours.',
  ),

  // Connections and the site as a whole
  STEP_REFUSED: park('integration', 'Mend what the refusal names, then retry.'),
  STEP_OVERDUE: {
    fate: 'wait',
    owner: 'integration',
    mend: 'A system does not answer, or refuses for a reason that should pass, such as a locked record. Instep keeps trying; the order goes on by itself.',
    press: [],
  },
  CREDENTIALS_REFUSED: {
    fate: 'gate',
    owner: 'integration',
    mend: 'Renew the credentials where the site file says they are, and restart Instep: they are read when it starts. Then everything goes on by itself.',
    press: [],
  },
  SCHEMA_DRIFT: {
    fate: 'gate',
    owner: 'integration',
    mend: 'A vendor changed its answers. Compare with docs/contracts and update the connector.',
    press: [],
  },
  WRONG_ENVIRONMENT: {
    fate: 'gate',
    owner: 'integration',
    mend: 'The address and the declared environment disagree. Correct the site file and restart Instep.',
    press: [],
  },
  QUOTA_EXHAUSTED: {
    fate: 'gate',
    owner: 'integration',
    mend: 'The call quota is used up; everything goes on by itself when it is replenished.',
    press: [],
  },
} as const satisfies Record<string, Omit<ProblemKind, 'code'>>;

export type ProblemCode = keyof typeof CATALOGUE;

export function problemKind(code: ProblemCode): ProblemKind {
  return { code, ...CATALOGUE[code] };
}

export function problemCodes(): readonly ProblemCode[] {
  return Object.keys(CATALOGUE).filter(isProblemCode);
}

export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(CATALOGUE, text);
}

/** The problem with everything its owner needs: fate, mend, what to press, the money at risk. */
export function reportProblem(problem: Problem, valueAtRisk: Amount | null): ProblemReport {
  const { fate, owner, mend, press } = problemKind(problem.code);
  return { ...problem, fate, owner, mend, press, valueAtRisk };
}
