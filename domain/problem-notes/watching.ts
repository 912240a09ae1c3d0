import type { ProblemCode } from '../problems.ts';
import { note, type ProblemNote } from './problem-note.ts';

/** Of the proof, the sweep, the audit, messages, and the connections. */
export const WATCHING: Readonly<Partial<Record<ProblemCode, ProblemNote>>> = {
  UNACCOUNTED: note(
    'Purchases were neither in the ERP, nor on their way, nor excluded by a rule. They were started the moment they were found.',
    'Not lost any more; but the intake must not pass any over, so somebody has to look why.',
    'prove-completeness',
  ),
  PROOF_NOT_TIED: note(
    'The proof puts every purchase into one class, and the classes of a day do not add up to what the storefront lists.',
    'Not an unaccounted purchase: those are named as that.',
    'prove-completeness',
  ),
  ERP_ORDER_WITHOUT_PURCHASE: note(
    'The ERP has a live order with a reference of ours, and the storefront has no such purchase.',
    'Not an order that was entered by hand in the ERP: those carry no reference of ours.',
    'prove-completeness',
  ),
  PURCHASES_VANISHED: note(
    'The storefront does not find the purchases of many open orders at once; none of them was taken for withdrawn, and no ERP order was cancelled.',
    'Not a few purchases that buyers withdrew: those are cancelled or parked, as the site file says.',
    'sweep-purchases',
  ),
  LOCATION_WITHOUT_CODE: note(
    'A stock location of the storefront has no external id, so no order and no table can name it.',
    'Not a location without stock.',
    'audit-site',
  ),
  DIVISION_UNKNOWN: note(
    'The site file sells a division that the ERP does not have.',
    'Not a division without goods.',
    'audit-site',
  ),
  SHIP_VIA_UNKNOWN: note(
    'The site file gives a ship-via code to a shipping method, and the ERP does not have it.',
    'Not a carrier that is missing in the storefront.',
    'audit-site',
  ),
  SHIPPING_METHOD_NOT_MAPPED: note(
    'Buyers chose a shipping method that the site file has no ship-via code for; the store’s or the customer’s own is taken.',
    'Not a stopped order: it goes in, perhaps by another carrier than the buyer paid for.',
    'audit-site',
  ),
  SKU_ONLY_IN_ERP: note(
    'Items that the site would sell are in the ERP and not on sale in the storefront.',
    'Not an error of an order: nobody can order them.',
    'audit-site',
  ),
  PRICE_LIST_UNOWNED: note(
    'The storefront has a price list that an integration is to write, and the site file does not say who does.',
    'Not a wrong price: but nobody would notice one.',
    'audit-site',
  ),
  LIMITS_TOO_LOW: note(
    'What the schedules ask of the ERP is more than it lets through; or a full read of stock takes longer than a snapshot lives.',
    'Not a failed call: everything would only come later and later.',
    'audit-site',
  ),
  OWNER_WITHOUT_ADDRESS: note(
    'A team that owns problems has no e-mail address and no other channel.',
    'Not a dead channel: that is ALERT_CHANNEL_DEAD.',
    'audit-site',
  ),
  FEED_FAILED: note(
    'The last run of a feed ended with a failure.',
    'Not lost data: a feed’s cursor stays where it was.',
    'watch',
  ),
  FEED_LATE: note(
    'A feed should have run and did not, or a run does not come to its end.',
    'Not a feed outside of its window, nor one that somebody paused.',
    'watch',
  ),
  SCHEDULE_MISSING: note(
    'A feed that the site file turns on has no schedule on the server.',
    'Not a feed that is off.',
    'watch',
  ),
  SCHEDULE_PAUSED: note(
    'Somebody paused the schedule of a feed, or Instep did for a reason that stands in its note.',
    'Not an outage: it waits until it is resumed.',
    'watch',
  ),
  SCHEDULE_ALTERED: note('A schedule on the server is not what the site file declares.', 'Not a late run.', 'watch'),
  INTAKE_BROKEN: note(
    'The storefront was asked for its newest purchases and did not answer as it should.',
    'Not a quiet shop: that is STOREFRONT_QUIET.',
    'watch',
  ),
  STOREFRONT_QUIET: note(
    'No purchase has come for longer than this hour of the week makes likely.',
    'Not a broken intake: the storefront answers and takes the credentials.',
    'watch',
  ),
  PURCHASE_UNCONFIRMED: note(
    'Purchases were placed in the storefront and stay unconfirmed: they are no orders, so nothing takes them in.',
    'Not an order that the ERP does not accept: that is UNCONFIRMED_LATE.',
    'watch',
  ),
  APPROVAL_OVERDUE: note(
    'Purchases wait for an approval in the buyer’s own company for longer than usual.',
    'Not a fault of the storefront or of Instep: a person of the buyer’s is asked.',
    'watch',
  ),
  UNCONFIRMED_LATE: note(
    'Orders are on their way to the ERP for longer than usual. Hours in which the ERP takes no orders do not count.',
    'Not orders that wait for a person: those have cases of their own.',
    'watch',
  ),
  UNCONFIRMED_OVERDUE: note(
    'Orders are on their way to the ERP for much longer than usual. Hours in which the ERP takes no orders do not count.',
    'Not orders that wait for a person: those have cases of their own.',
    'watch',
  ),
  ORDER_OVERSOLD: note(
    'Orders that the ERP accepted have more open than is physically in their warehouse.',
    'Not a wrong published level: the goods were there when it was published, or were sold elsewhere.',
    'watch',
  ),
  MONTH_NOT_TIED: note(
    'Of a closed month differences or invoices are left that nobody has agreed to, or its figures do not add up.',
    'Not an order that is still open: those are carried into the next month.',
    'month-end',
  ),
  STOCK_DRIFT: note(
    'Published stock levels are not what should be there now; the finding says why.',
    'Not an oversold order.',
    'report',
  ),
  PRICE_DRIFT: note(
    'Published prices are not what should be there now; the finding says why.',
    'Not a list that people keep: that is PRICE_NOT_REACHED.',
    'report',
  ),
  ALERT_CHANNEL_DEAD: note(
    'A channel of messages does not take them any more. They leave by the next one of the route meanwhile.',
    'Not a lost message: where there is no other channel they wait.',
    'alerts',
  ),
  ALERT_ADDRESS_REFUSED: note(
    'A mail address, or the webhook of a chat, does not take what is sent to it, though its channel works: refused for good at once, or put off for long.',
    'Not a dead channel: others still get their messages by it.',
    'alerts',
  ),
  STEP_REFUSED: note(
    'A system refused a step of an order for good, in a way that nobody foresaw.',
    'Not a passing trouble.',
    'any',
  ),
  STEP_OVERDUE: note(
    'A system does not answer, or not in time, or refuses for a passing reason, for longer than usual.',
    'Not a stopped order or feed: it is tried again without end.',
    'any',
  ),
  CREDENTIALS_REFUSED: note(
    'A system refused the keys or the login of the site. Nothing is sent there until they are good again.',
    'Not a lack of rights of a person.',
    'any',
  ),
  SCHEMA_DRIFT: note(
    'A system answers in another form than it is known for. Nothing is guessed.',
    'Not a fault of one order, though one may have met it first.',
    'any',
  ),
  WRONG_ENVIRONMENT: note(
    'The address of the ERP and the environment that the site file declares do not agree; nothing is written.',
    'Not a connection problem.',
    'any',
  ),
  QUOTA_EXHAUSTED: note(
    'The ERP’s gateway takes no more calls until its quota is filled again.',
    'Not an outage: it says when it goes on, and Instep waits for that.',
    'any',
  ),
};
