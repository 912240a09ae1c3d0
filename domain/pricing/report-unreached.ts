import { MOST_NAMED, type Finding } from '../findings.ts';
import { absolute, canonicalAmount, multiply, sameAmount, subtract, sum, toCents, type Amount } from '../money.ts';
import { perCurrency } from '../money-per-currency.ts';
import type { SkuCodes } from '../sales-order.ts';
import type { PriceFinder } from './find-price.ts';
import type { BucketOf } from './learn-size-buckets.ts';
import { isForBuyers } from './plan-prices.ts';
import type { PriceTroubles } from './price-findings.ts';
import type { PriceRow } from './price-row.ts';
import type { StorefrontManagedList } from './price-rules.ts';
import type { RecentOrder } from './recent-order.ts';
import type { HeldPrices } from './storefront-prices.ts';

/**
 * What is settled between the ERP and a list for one SKU: the ERP's price when both agreed, or when following began; null
 * = it had none. Unsettled: nobody knows that price, and the one of today did not reach the list.
 */
export type SettledPrice = { readonly kind: 'settled'; readonly price: Amount | null } | { readonly kind: 'unsettled' };

/** By storefront SKU. */
export type SettledPrices = ReadonlyMap<string, SettledPrice>;

export interface ListFollowed {
  readonly rule: StorefrontManagedList;
  readonly skus: ReadonlyMap<string, SkuCodes>;
  readonly bucketOf: BucketOf;
  readonly findPrice: PriceFinder;
  /** As `findPrice`, on the day of `rule.since`. */
  readonly findPriceThen: PriceFinder;
  /** `YYYY-MM-DD` of `rule.since` in the ERP's zone. */
  readonly sinceDay: string;
  readonly held: HeldPrices;
  /** As the last run left it; null = there was none, or its memory is lost. */
  readonly settled: SettledPrices | null;
}

/** A price change of the ERP that did not reach a list which people manage. */
export interface UnreachedPrice {
  readonly sku: string;
  /** null = the ERP no longer has one. */
  readonly erp: Amount | null;
  readonly storefront: Amount;
}

export interface Unreached extends PriceTroubles {
  readonly unreached: readonly UnreachedPrice[];
  /** For the next run. */
  readonly settled: SettledPrices;
}

/** What it would have done to orders that were sold at the list's price. */
export interface UnreachedEffect extends UnreachedPrice {
  readonly list: string;
  readonly currency: string;
  /** How many; and the first of them, as people call them. */
  readonly count: number;
  readonly orders: readonly string[];
  /** ERP price less storefront price, over all their units; null = the ERP has none. */
  readonly difference: Amount | null;
}

const MOST_ORDERS_NAMED = 20;

/**
 * Compares a list that people manage with the ERP; which SKUs are in it is theirs to say. A difference is reported while
 * the ERP's price is another than the settled one. Without memory the ERP's rows decide: one that was changed or began
 * after `since`, or another price than on that day. So with the memory nothing that is open gets lost but a price that
 * was deleted, which leaves no trace in the ERP.
 */
export function findUnreached(followed: ListFollowed): Unreached {
  const { skus, bucketOf, findPrice, held } = followed;
  const unreached: UnreachedPrice[] = [];
  const settled = new Map<string, SettledPrice>();
  const invalid: { sku: string; price: Amount | null }[] = [];
  const sizeUnknown: string[] = [];
  for (const [sku, [first]] of held) {
    const codes = skus.get(sku);
    if (!codes || !first) continue;
    const before = followed.settled?.get(sku);
    const { row, isSizeUnknown, isUnreadable } = findPrice(codes, bucketOf(codes));
    const isInvalid = row !== null && !isForBuyers(row.price);
    if (isSizeUnknown) sizeUnknown.push(sku);
    else if (isInvalid) invalid.push({ sku, price: row.price });
    if (isUnreadable || isSizeUnknown || isInvalid) {
      // Nobody knows what the list should show; what was settled stays so.
      if (before !== undefined) settled.set(sku, before);
      continue;
    }
    const erp = row?.price ? canonicalAmount(row.price) : null;
    if (isSame(erp, first.price) || !isChanged(followed, codes, row, before))
      settled.set(sku, { kind: 'settled', price: erp });
    else {
      unreached.push({ sku, erp, storefront: first.price });
      settled.set(sku, before ?? { kind: 'unsettled' });
    }
  }
  return { unreached, settled, invalid, sizeUnknown };
}

/** With the orders, of those read, that were sold at the list's price; what a buyer paid by another list is not touched. */
export function withTouchedOrders(
  unreached: readonly UnreachedPrice[],
  { list, source: { currency } }: StorefrontManagedList,
  orders: readonly RecentOrder[],
): readonly UnreachedEffect[] {
  const sold = orders
    .filter((order) => order.currency === currency)
    .flatMap(({ name, lines }) => lines.map((line) => ({ ...line, name })));
  const bySku = Map.groupBy(sold, ({ sku }) => sku);
  return unreached.map(({ sku, erp, storefront }) => {
    const atThisPrice = (bySku.get(sku) ?? []).filter(({ listPrice }) => sameAmount(listPrice, toCents(storefront)));
    const names = [...new Set(atThisPrice.map(({ name }) => name))];
    const each = erp === null ? null : subtract(erp, storefront);
    return {
      list,
      currency,
      sku,
      erp,
      storefront,
      count: names.length,
      orders: names.slice(0, MOST_ORDERS_NAMED),
      difference: each && toCents(sum(atThisPrice.map(({ quantity }) => multiply(each, quantity)))),
    };
  });
}

/** One finding for the list; `unread` = orders of the time that were not looked into. */
export function unreachedFinding(
  { list }: StorefrontManagedList,
  effects: readonly UnreachedEffect[],
  { days, unread }: { readonly days: number; readonly unread: number },
): Finding | null {
  if (effects.length === 0) return null;
  const rest = unread > 0 ? ` ${unread} orders of these ${days} days were not looked into.` : '';
  const money = effects.map(({ currency, difference }) => ({ currency, amount: absolute(difference ?? '0') }));
  return {
    code: 'PRICE_NOT_REACHED',
    key: list,
    says: `The ERP’s price changed and the list “${list}”, which the storefront manages, did not follow.${rest}`,
    count: effects.length,
    concerns: effects.slice(0, MOST_NAMED).map((effect) => inWords(effect, days)),
    value: toCents(sum(money.map(({ amount }) => amount))),
    money: perCurrency(money),
  };
}

function inWords({ sku, erp, storefront, currency, count, orders, difference }: UnreachedEffect, days: number): string {
  const price = (amount: Amount | null) => (amount === null ? 'none' : `${toCents(amount)} ${currency}`);
  const names = orders.length < count ? [...orders, '…'] : orders;
  const sold =
    count === 0
      ? `no order in ${days} days`
      : `orders in ${days} days: ${count} (${names.join(', ')}), difference ${price(difference)}`;
  return `${sku}: ERP ${price(erp)}, storefront ${price(storefront)}; ${sold}`;
}

function isChanged(
  { rule, settled, findPriceThen, bucketOf, sinceDay }: ListFollowed,
  codes: SkuCodes,
  row: PriceRow | null,
  before: SettledPrice | undefined,
): boolean {
  const erp = row?.price ?? null;
  if (before !== undefined) return before.kind === 'unsettled' || !isSame(before.price, erp);
  // It came into the list since the last run, at the price that people gave it.
  if (settled !== null) return false;
  if (row?.changedAt && Date.parse(row.changedAt) > Date.parse(rule.since)) return true;
  if (row?.from && row.from > sinceDay) return true;
  return !isSame(findPriceThen(codes, bucketOf(codes)).row?.price ?? null, erp);
}

function isSame(left: Amount | null, right: Amount | null): boolean {
  return left === null || right === null ? left === right : sameAmount(left, right);
}
