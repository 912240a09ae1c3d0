import PQueue from 'p-queue';

import type { HeldPrices, PriceWrite, StorefrontPriceList } from '../../domain/pricing/storefront-prices.ts';
import { isGone, readAnswer, toError } from './answers.ts';
import type { Caller } from './caller.ts';
import type { CallOptions, HttpCall } from './http.ts';
import type { Log } from './log.ts';
import { PRICE_ROUNDS, PRICE_ROWS_PER_CALL, type SparkLayerSettings } from './settings.ts';
import {
  CREATE_LIST_PATH,
  CREATE_LIST_ROUTE,
  createListBody,
  isLastPage,
  LISTS_ROUTE,
  listsPath,
  ONE_LIST_ROUTE,
  priceListPageSchema,
  priceListPath,
  priceListSchema,
  pricingPath,
  pricingSchema,
  READ_PRICING_ROUTE,
  toHeldPrices,
  toPriceList,
} from './wire/pricing.ts';
import { writePricing, type PricesWritten } from './write-pricing.ts';

export type { PricesWritten } from './write-pricing.ts';

/**
 * The storefront's price lists. Which of them may be written is the caller's to know. Nothing here changes a list
 * itself, its currency least of all: that relabels amounts without converting them. Throws `SparkLayerError`.
 */
export interface Prices {
  listPriceLists(call: CallOptions): Promise<readonly StorefrontPriceList[]>;
  /** Opens a list of source `integration`. Where the slug is taken the list that has it is answered, whosever it is. */
  createPriceList(
    list: { readonly slug: string; readonly name: string; readonly currency: string },
    call: CallOptions,
  ): Promise<StorefrontPriceList>;
  /** null = there is no such list. */
  readPricing(slug: string, call: CallOptions): Promise<HeldPrices | null>;
  /** Each SKU once; its prices in the list are replaced as a whole. One call on a list at a time, in this process. */
  writePricing(slug: string, rows: readonly PriceWrite[], call: CallOptions): Promise<PricesWritten>;
}

export interface PricesOf {
  readonly caller: Caller;
  readonly settings: SparkLayerSettings;
  readonly clock: () => Date;
  readonly log: Log;
}

export function createPrices({ caller, settings, clock, log }: PricesOf): Prices {
  const turns = new Map<string, PQueue>();
  const writes = {
    caller,
    clock,
    rowsPerCall: settings.priceRowsPerCall ?? PRICE_ROWS_PER_CALL,
    rounds: settings.priceRounds ?? PRICE_ROUNDS,
    requestMs: settings.timeouts.requestMs,
  };

  return {
    async listPriceLists(call) {
      const lists = new Map<string, StorefrontPriceList>();
      for (let page = 1; ; page++) {
        const answer = await caller.call(get(listsPath(page), LISTS_ROUTE), call);
        const read = readAnswer(LISTS_ROUTE, priceListPageSchema, answer, clock());
        for (const list of read.data) lists.set(list.slug, toPriceList(list));
        if (isLastPage(page, read)) return [...lists.values()];
      }
    },

    async createPriceList(list, call) {
      const body = createListBody(list);
      const http = { method: 'POST', path: CREATE_LIST_PATH, route: CREATE_LIST_ROUTE, body } as const;
      const answer = await caller.call(http, call);
      // Taken: 409, or 400 with whatever code (A35). If it is there, that is what the refusal meant.
      if (answer.status === 400 || answer.status === 409) {
        const existing = await caller.call(get(priceListPath(list.slug), ONE_LIST_ROUTE), call);
        if (isGone(ONE_LIST_ROUTE, existing)) throw toError(CREATE_LIST_ROUTE, answer, clock());
        return toPriceList(readAnswer(ONE_LIST_ROUTE, priceListSchema, existing, clock()));
      }
      return toPriceList(readAnswer(CREATE_LIST_ROUTE, priceListSchema, answer, clock()));
    },

    async readPricing(slug, call) {
      const answer = await caller.call(get(pricingPath(slug), READ_PRICING_ROUTE), call);
      return isGone(READ_PRICING_ROUTE, answer)
        ? null
        : toHeldPrices(readAnswer(READ_PRICING_ROUTE, pricingSchema, answer, clock()));
    },

    async writePricing(slug, rows, call) {
      const turn = turns.get(slug) ?? new PQueue({ concurrency: 1 });
      turns.set(slug, turn);
      const { signal } = call;
      const outcome = await turn.add(() => writePricing(writes, slug, rows, call), { signal });
      if (outcome.refused.length > 0 || outcome.postponed > 0)
        log.warn({ slug, refused: outcome.refused.length, postponed: outcome.postponed }, 'prices were not all taken');
      return outcome;
    },
  };
}

function get(path: string, route: string): HttpCall {
  return { method: 'GET', path, route, body: null };
}
