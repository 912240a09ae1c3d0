import type { ProblemCode } from '../problems.ts';
import { note, type ProblemNote } from './problem-note.ts';

/** Of customers, products, stock and prices. */
export const FEEDS: Readonly<Partial<Record<ProblemCode, ProblemNote>>> = {
  CUSTOMER_WITHOUT_ERP_CODE: note(
    'Customers of the storefront name no customer of the ERP.',
    'Not an order in trouble yet: none of theirs has come, or it waits as CUSTOMER_NOT_LINKED.',
    'sync-customers',
    'audit-site',
  ),
  CUSTOMER_NOT_IN_ERP: note(
    'Customers of the storefront name an ERP customer that the divisions of this site do not have.',
    'Not a slow cache: the whole list was read.',
    'sync-customers',
    'audit-site',
  ),
  CUSTOMER_INACTIVE_IN_ERP: note(
    'Customers may buy in the storefront and are closed in the ERP, in all divisions or in one.',
    'Not a credit hold.',
    'sync-customers',
    'audit-site',
  ),
  CUSTOMER_CURRENCY_DIFFERS: note(
    'ERP and storefront keep the account of a customer in different currencies.',
    'Not an exchange rate that is out of date: nothing is converted.',
    'sync-customers',
    'audit-site',
  ),
  PAYMENT_ACCOUNT_INCOMPLETE: note(
    'Limit, balance, currency or terms of a customer are missing on one side, and the storefront takes all of them or none.',
    'Not a limit of zero.',
    'sync-customers',
    'audit-site',
  ),
  TERMS_NOT_MAPPED: note(
    'Customers have terms in the ERP that the site file does not translate; their accounts stay as they are.',
    'Not a stopped order: orders go by the ERP’s own terms.',
    'sync-customers',
    'audit-site',
  ),
  PRICE_LEVEL_NOT_MAPPED: note(
    'Customers have a price level and currency that the site file gives no lists to; they keep the lists that they have.',
    'Not a missing price.',
    'sync-customers',
    'audit-site',
  ),
  CUSTOMER_WRITE_REFUSED: note(
    'The storefront did not take the change of a customer.',
    'Not a passing trouble: those wait for the next run (STEP_OVERDUE).',
    'sync-customers',
  ),
  STORES_ONLY_IN_ERP: note(
    'Stores of a customer are in the ERP and are no addresses in the storefront, so nobody can order for them.',
    'Not an error of an order.',
    'sync-customers',
  ),
  ADDRESS_DIFFERS: note(
    'A store’s address is not the same on both sides; goods would go to the one on the order.',
    'Not something that is mended for you: the storefront has no call for it.',
    'sync-customers',
  ),
  CUSTOMERS_SHRUNKEN: note(
    'The ERP’s list of customers is far shorter than the last time; nothing was changed, lest buyers be closed for nothing.',
    'Not a small clean-up: a few customers fewer are taken as they are.',
    'sync-customers',
  ),
  VARIANT_WITHOUT_ERP_SKU: note(
    'The storefront sells SKUs that are no items of the ERP.',
    'Not an item that is out of stock.',
    'sync-products',
    'audit-site',
  ),
  VARIANT_ELSEWHERE: note(
    'A variant stands under another product than its style’s.',
    'Not a variant that cannot be ordered: orders for it go in.',
    'sync-products',
  ),
  SKU_WITHOUT_UPC: note(
    'Items that the site would sell have no UPC, and the site’s SKU is the UPC.',
    'Not an error where SKUs are made of codes.',
    'sync-products',
    'audit-site',
  ),
  UPC_SHARED: note(
    'One UPC stands on several items of the ERP. The first division’s owns it; the others are known by their codes.',
    'Not two seasons of one item: those are one.',
    'sync-products',
    'audit-site',
  ),
  SIZE_OUT_OF_RANGE: note(
    'Items have no size, or one beyond the 24 of a size range.',
    'Not a size that buyers do not like to read: names are the site’s (products.sizes).',
    'sync-products',
    'audit-site',
  ),
  PRODUCT_WRITE_REFUSED: note(
    'The storefront did not take a product or variant, or another variant holds its SKU.',
    'Not a passing trouble.',
    'sync-products',
  ),
  CATALOGUE_SHRUNKEN: note(
    'Far more variants would leave the shop in one run than the site allows; none of them was taken off.',
    'Not the end of a season within the site’s bound.',
    'sync-products',
  ),
  STOCK_INCOMPLETE: note(
    'The ERP’s snapshot of stock says of itself that it does not hold everything.',
    'Not an empty warehouse.',
    'sync-inventory',
  ),
  STOCK_STALE: note(
    'The ERP’s figures of stock are older than the site allows, or of a time that is yet to come.',
    'Not a feed that stopped: it runs, and reads old figures.',
    'sync-inventory',
  ),
  STOCK_SHRUNKEN: note(
    'A snapshot has far fewer rows than the last one; it was not taken.',
    'Not a sell-out: what is sold out still has its row.',
    'sync-inventory',
  ),
  STOCK_UNSTABLE: note(
    'The snapshot was replaced while it was read, again and again.',
    'Not a broken ERP: the job runs more often than a reading takes.',
    'sync-inventory',
  ),
  STOCK_BROKEN: note(
    'Rows of stock have figures that are no whole numbers, name no item, or name one twice.',
    'Not negative stock: that is understood.',
    'sync-inventory',
  ),
  STOCK_OVERSTATED: note(
    'The ERP calls more open to sell than lies there unpromised, mostly because it counts work orders.',
    'Not an oversale: the lower figure is published.',
    'sync-inventory',
  ),
  STOCK_ABSENT: note(
    'Items that are on sale are not in the ERP’s snapshot.',
    'Not the same as none: that only the site file may say.',
    'sync-inventory',
  ),
  STOCK_WRITE_REFUSED: note(
    'The storefront did not take a level of stock.',
    'Not a passing trouble.',
    'sync-inventory',
  ),
  STOCK_LOCATION_UNKNOWN: note(
    'The site file names a stock location that the storefront does not have.',
    'Not a location that the file lacks: that is LOCATION_NOT_MAPPED.',
    'sync-inventory',
    'audit-site',
  ),
  STOCK_UNMATCHED: note(
    'The storefront has stock of SKUs that no item of the ERP is called.',
    'Not stock that was lost.',
    'sync-inventory',
  ),
  PRICES_SHRUNKEN: note(
    'The ERP has prices for far fewer SKUs than a list holds; the list was not touched.',
    'Not single prices that ended.',
    'sync-prices',
  ),
  PRICE_LIST_MISSING: note(
    'The site file names a price list that the storefront does not have.',
    'Not an empty list.',
    'sync-prices',
    'audit-site',
  ),
  PRICE_LIST_FOREIGN: note(
    'The site file wants to write a list that belongs to people or to the platform.',
    'Not a question of rights: Instep leaves others’ lists alone.',
    'sync-prices',
  ),
  PRICE_LIST_CURRENCY: note(
    'A list is kept in another currency than the site file says.',
    'Not an exchange rate.',
    'sync-prices',
  ),
  PRICE_INVALID: note(
    'The ERP has a price that is zero, negative or no whole cents.',
    'Not a price that seems too low: that is not judged.',
    'sync-prices',
  ),
  PRICE_SIZE_UNKNOWN: note(
    'The ERP has prices by size, and its stock does not say which size of the range an item is.',
    'Not a missing price.',
    'sync-prices',
  ),
  PRICE_REFUSED: note('The storefront did not take prices of a list.', 'Not a passing trouble.', 'sync-prices'),
  PRICE_LIST_BUSY: note(
    'Somebody else wrote the same list at the same time, again and again.',
    'Not a refused price.',
    'sync-prices',
  ),
  PRICE_NOT_REACHED: note(
    'A price changed in the ERP, and a list that people keep in the storefront did not follow.',
    'Not written for you: that list is the storefront’s.',
    'sync-prices',
  ),
};
