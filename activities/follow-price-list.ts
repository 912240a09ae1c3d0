import { DateTime } from 'luxon';

import type { SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import type { Finding } from '../domain/findings.ts';
import { createPriceFinder } from '../domain/pricing/find-price.ts';
import { judgePriceList, listFinding } from '../domain/pricing/judge-price-list.ts';
import { priceFindings } from '../domain/pricing/price-findings.ts';
import type { PriceRules, StorefrontManagedList } from '../domain/pricing/price-rules.ts';
import {
  findUnreached,
  unreachedFinding,
  withTouchedOrders,
  type UnreachedEffect,
} from '../domain/pricing/report-unreached.ts';
import type { StorefrontPriceList } from '../domain/pricing/storefront-prices.ts';
import type { Call } from './calls.ts';
import type { PriceMemory } from './price-memory.ts';
import type { RecentOrderReader } from './read-recent-orders.ts';
import type { ErpPriceBook } from './write-price-list.ts';

export interface FollowPriceList {
  readonly pricing: PriceRules;
  readonly zone: string;
  readonly prices: SparkLayer['prices'];
  readonly book: ErpPriceBook;
  readonly memory: PriceMemory;
  readonly recentOrders: RecentOrderReader;
  readonly call: Call;
}

export interface PriceListFollowed {
  readonly effects: readonly UnreachedEffect[];
  readonly ordersRead: number;
  readonly findings: readonly Finding[];
}

/** Orders of this time are told with a price change that did not reach its list. */
const ORDER_DAYS = 30;

/** Looks which of the ERP's price changes did not reach a list that people manage. Writes nothing there. */
export async function followPriceList(
  { pricing, zone, prices, book, memory, recentOrders, call }: FollowPriceList,
  rule: StorefrontManagedList,
  known: StorefrontPriceList | null,
): Promise<PriceListFollowed> {
  const wrong = listFinding(rule, judgePriceList(rule, known));
  const held = wrong ? null : await prices.readPricing(rule.list, call);
  if (!held) {
    const finding = wrong ?? listFinding(rule, { kind: 'missing' });
    return { effects: [], ordersRead: 0, findings: finding ? [finding] : [] };
  }
  const { skus, bucketOf, today } = book;
  const sinceDay = DateTime.fromISO(rule.since, { zone }).toISODate() ?? '';
  const { unreached, settled, ...troubles } = findUnreached({
    rule,
    skus,
    bucketOf,
    findPrice: createPriceFinder(book, rule.source, today),
    findPriceThen: createPriceFinder(book, rule.source, sinceDay),
    sinceDay,
    held,
    settled: await memory.recall(rule),
  });
  await memory.remember(rule, settled);
  const met = priceFindings(rule.list, troubles);
  if (unreached.length === 0) return { effects: [], ordersRead: 0, findings: met };
  const { orders, unread } = await recentOrders.read(ORDER_DAYS, pricing.ordersRead, call);
  const effects = withTouchedOrders(unreached, rule, orders);
  const finding = unreachedFinding(rule, effects, { days: ORDER_DAYS, unread });
  return { effects, ordersRead: orders.length, findings: finding ? [...met, finding] : met };
}
