import * as z from 'zod';

import { canonicalAmount, toNumber } from '../../../domain/money.ts';
import type {
  HeldPrices,
  PriceBreak,
  PriceWrite,
  StorefrontPriceList,
} from '../../../domain/pricing/storefront-prices.ts';
import type { ProblemItem } from '../spark-layer-error.ts';
import { text } from './purchase.ts';

const LISTS_PATH = '/api/v1/price-lists';
export const LISTS_ROUTE = 'GET /api/v2/price-lists';
export const CREATE_LIST_ROUTE = `POST ${LISTS_PATH}`;
export const ONE_LIST_ROUTE = `GET ${LISTS_PATH}/{slug}`;
export const READ_PRICING_ROUTE = `GET ${LISTS_PATH}/{slug}/pricing`;
export const WRITE_PRICING_ROUTE = `PATCH ${LISTS_PATH}/{slug}/pricing`;

/** The source of every list that we open; `slug` and `source` never change. */
const OUR_SOURCE = 'integration';

/** The most that is served; always sent, because the default is smaller (A7). */
const LISTS_PER_PAGE = 250;

/** Pages are counted from 1; one past the end is empty (A7). */
export function listsPath(page: number): string {
  return `/api/v2/price-lists?page=${page}&page_size=${LISTS_PER_PAGE}`;
}

/** `total_pages` may be 0 on an empty site, so pages are compared with `>=`; an empty page ends the list as well (A7). */
export function isLastPage(page: number, { data, pagination }: z.output<typeof priceListPageSchema>): boolean {
  return data.length === 0 || page >= pagination.total_pages;
}

export const CREATE_LIST_PATH = LISTS_PATH;

export function priceListPath(slug: string): string {
  return `${LISTS_PATH}/${encodeURIComponent(slug)}`;
}

export function pricingPath(slug: string): string {
  return `${priceListPath(slug)}/pricing`;
}

/** `source` is optional on a read; its literals are open. */
export const priceListSchema = z.looseObject({
  slug: z.string().min(1),
  name: text,
  currency_code: z.string().min(1),
  source: text,
});

/** The name of the member `data` is assumed (A7). */
export const priceListPageSchema = z.looseObject({
  data: z.array(priceListSchema),
  pagination: z.looseObject({ total_pages: z.number().int() }),
});

/** Amounts of this area are JSON numbers; their shortest text is the decimal that was meant. */
const price = z
  .union([z.number(), z.string().regex(/^\d+(\.\d+)?$/)])
  .transform((value) => canonicalAmount(String(value)));

/** One row for each SKU and break, everything in one array. */
export const pricingSchema = z.array(z.looseObject({ sku: z.string().min(1), quantity: z.number().int(), price }));

export function toPriceList({
  slug,
  name,
  currency_code,
  source,
}: z.output<typeof priceListSchema>): StorefrontPriceList {
  return { slug, name: name ?? '', currency: currency_code.trim().toUpperCase(), source: source?.trim() ?? '' };
}

export function toHeldPrices(rows: z.output<typeof pricingSchema>): HeldPrices {
  const held = new Map<string, PriceBreak[]>();
  for (const { sku, quantity, price } of rows) {
    const breaks = held.get(sku) ?? [];
    breaks.push({ quantity, price });
    held.set(sku, breaks);
  }
  for (const breaks of held.values()) breaks.sort((left, right) => left.quantity - right.quantity);
  return held;
}

/** Slug and name have lengths that are assumed (A38): the site file holds them to. Currencies are lower case in samples. */
export function createListBody({
  slug,
  name,
  currency,
}: {
  readonly slug: string;
  readonly name: string;
  readonly currency: string;
}): string {
  return JSON.stringify({ slug, name, currency_code: currency.toLowerCase(), source: OUR_SOURCE });
}

/** Each SKU once per call, with all its breaks (A37); `[]` takes it off the list. */
export function pricingBody(rows: readonly PriceWrite[]): string {
  return JSON.stringify(
    rows.map(({ sku, breaks }) => ({
      sku,
      pricing: breaks.map(({ quantity, price }) => ({ quantity, price: toNumber(price) })),
    })),
  );
}

/**
 * Which rows of a call a 400 names, by their place, with the member that is wrong. `line` is the 1-based place in the
 * array sent, and nothing of such a call is stored (A4); a problem object names `<index>.<member>` (A3).
 */
export function faultyRows(problems: readonly ProblemItem[], count: number): ReadonlyMap<number, string> {
  const faulty = new Map<number, string>();
  for (const { line, property, code } of problems) {
    const named = /^\[?(\d+)\]?(?:\.(.+))?$/.exec(property);
    const index = line === null ? Number(named?.[1] ?? Number.NaN) : line - 1;
    if (!(index >= 0 && index < count) || faulty.has(index)) continue;
    faulty.set(index, (line === null ? named?.[2] : property) || code || 'not said');
  }
  return faulty;
}
