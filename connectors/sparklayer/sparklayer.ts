import { setTimeout as pause } from 'node:timers/promises';

import PQueue from 'p-queue';
import * as z from 'zod';

import {
  purchaseKeyText,
  type Purchase,
  type PurchaseKey,
  type PurchaseNote,
  type PurchaseSummary,
  type StockLocation,
  type StorefrontCustomer,
} from '../../domain/purchase.ts';
import { annotate, type AnnotateOutcome, type ReadPurchase } from './annotate-purchase.ts';
import { readJson, send, toError, type CallOptions, type HttpAnswer, type HttpCall } from './http.ts';
import type { Log } from './log.ts';
import { OWN_WRITES_REMEMBERED, type SparkLayerSettings } from './settings.ts';
import { SparkLayerError } from './spark-layer-error.ts';
import { createTokens } from './tokens.ts';
import { toPurchase, toSummary } from './translate-purchase.ts';
import { customerSchema, stockLocationSchema } from './wire/customers.ts';
import { LIST_QUERY, purchaseSchema, summarySchema } from './wire/purchase.ts';

export type { AnnotateOutcome } from './annotate-purchase.ts';
export type { CallOptions } from './http.ts';
export type { SparkLayerSettings } from './settings.ts';

export interface PurchaseQuery {
  /** One type per call (A6). */
  readonly type: string;
  /** ISO instants, inclusive. */
  readonly updatedSince: string | null;
  readonly placedSince: string | null;
  readonly limit: number;
  readonly offset: number;
}

export interface PurchasePage {
  readonly rows: readonly PurchaseSummary[];
  /** Rows that could not be read: one of them must not lose the others. Place and path, never data. */
  readonly unreadable: readonly { readonly index: number; readonly path: string }[];
}

export interface SparkLayer {
  /** A token and one cheap read. */
  probe(call: CallOptions): Promise<void>;
  listPurchases(query: PurchaseQuery, call: CallOptions): Promise<PurchasePage>;
  /** null = gone. */
  getPurchase(key: PurchaseKey, call: CallOptions): Promise<Purchase | null>;
  /** Writes our note to a purchase; see `annotate`. */
  annotatePurchase(
    key: PurchaseKey,
    change: (purchase: Purchase) => PurchaseNote | null,
    call: CallOptions,
  ): Promise<AnnotateOutcome>;
  getCustomer(id: string, call: CallOptions): Promise<StorefrontCustomer | null>;
  listStockLocations(call: CallOptions): Promise<readonly StockLocation[]>;
  /** Whether this `updated_at` is our own last write, as far as this process knows. */
  isOwnWrite(key: PurchaseKey, updatedAt: string): boolean;
  close(): Promise<void>;
}

/** The client of one storefront: authentication, pacing, schemas and our words. Repeats no call but after a 401, once. */
export function createSparkLayer(
  settings: SparkLayerSettings,
  { clock, log }: { readonly clock: () => Date; readonly log: Log },
): SparkLayer {
  const tokens = createTokens(settings);
  const queue = new PQueue({
    concurrency: settings.concurrency,
    ...(settings.minGapMs > 0 ? { interval: settings.minGapMs, intervalCap: 1 } : {}),
  });
  const ownWrites = new Map<string, number>();
  let heldUntil = 0;

  return {
    async probe(call) {
      await list(stockLocationSchema, get('/api/v1/stock-locations', 'GET stock-locations'), call);
    },

    async listPurchases({ type, updatedSince, placedSince, limit, offset }, call) {
      const query = new URLSearchParams({
        [LIST_QUERY.type]: type,
        [LIST_QUERY.limit]: String(limit),
        [LIST_QUERY.offset]: String(offset),
      });
      if (updatedSince !== null) query.set(LIST_QUERY.updatedSince, wireTime(updatedSince));
      if (placedSince !== null) query.set(LIST_QUERY.placedSince, wireTime(placedSince));
      const route = 'GET purchases';
      const rows = parsed(
        route,
        z.array(z.unknown()),
        readJson(route, await good(get(`/api/v1/purchases?${query.toString()}`, route), call)),
      );
      const page: { rows: PurchaseSummary[]; unreadable: { index: number; path: string }[] } = {
        rows: [],
        unreadable: [],
      };
      for (const [index, row] of rows.entries()) {
        const summary = summarySchema.safeParse(row);
        if (summary.success) page.rows.push(toSummary(summary.data));
        else page.unreadable.push({ index, path: summary.error.issues[0]?.path.join('.') ?? '' });
      }
      if (page.unreadable.length > 0)
        log.warn({ unreadable: page.unreadable }, 'rows of the purchase list cannot be read');
      return page;
    },

    async getPurchase(key, call) {
      return (await read(key, call))?.purchase ?? null;
    },

    async annotatePurchase(key, change, call) {
      const outcome = await annotate(
        { read: (wanted) => read(wanted, call), replace: (wanted, members) => replace(wanted, members, call) },
        key,
        change,
      );
      if (outcome.kind === 'written') rememberOwnWrite(key, outcome.purchase.updatedAt);
      return outcome;
    },

    async getCustomer(id, call) {
      const route = 'GET customer';
      const answer = await request(get(`/api/v1/customers/${encodeURIComponent(id)}`, route), call);
      if (answer.status === 404) return null;
      const customer = parsed(route, customerSchema, readJson(route, ok(route, answer)));
      return {
        id: customer.id,
        company: customer.company_name ?? null,
        email: customer.email ?? null,
        accountingId: customer.accounting_id?.trim() || null,
        status: customer.status ?? null,
      };
    },

    async listStockLocations(call) {
      const locations = await list(stockLocationSchema, get('/api/v1/stock-locations', 'GET stock-locations'), call);
      return locations.map(({ id, name, external_id }) => ({ id, name, externalId: external_id ?? null }));
    },

    isOwnWrite: (key, updatedAt) => ownWrites.has(ownWrite(key, updatedAt)),

    async close() {
      await queue.onIdle();
    },
  };

  async function read(key: PurchaseKey, call: CallOptions): Promise<ReadPurchase | null> {
    const route = 'GET purchase';
    const answer = await request(get(purchasePath(key), route), call);
    return answer.status === 404 ? null : toRead(route, ok(route, answer), key);
  }

  async function replace(
    key: PurchaseKey,
    members: Readonly<Record<string, unknown>>,
    call: CallOptions,
  ): Promise<ReadPurchase> {
    const route = 'PUT purchase';
    const answer = await good({ method: 'PUT', path: purchasePath(key), route, headers: {}, body: members }, call);
    return toRead(route, answer, key);
  }

  function toRead(route: string, answer: HttpAnswer, key: PurchaseKey): ReadPurchase {
    const body = readJson(route, answer);
    const wire = parsed(route, purchaseSchema, body);
    // The schema may trim or drop nothing: what goes back is what came.
    const members = parsed(route, z.record(z.string(), z.unknown()), body);
    return { purchase: toPurchase(wire, key), members };
  }

  async function list<Schema extends z.ZodType>(
    schema: Schema,
    http: HttpCall,
    call: CallOptions,
  ): Promise<readonly z.output<Schema>[]> {
    return parsed(http.route, z.array(schema), readJson(http.route, await good(http, call)));
  }

  async function good(http: HttpCall, call: CallOptions): Promise<HttpAnswer> {
    return ok(http.route, await request(http, call));
  }

  function ok(route: string, answer: HttpAnswer): HttpAnswer {
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw toError(route, answer, clock());
  }

  async function request(http: HttpCall, call: CallOptions): Promise<HttpAnswer> {
    return queue.add(() => authorized(http, call), { signal: call.signal });
  }

  /** On a 401 the token is renewed once and the call repeated once; a second refusal stops the site. */
  async function authorized(http: HttpCall, call: CallOptions): Promise<HttpAnswer> {
    await whileHeld(call);
    const token = await tokens.get(call);
    const first = await withToken(http, token, call);
    if (first.status !== 401) return first;
    tokens.refused(token);
    const second = await withToken(http, await tokens.get(call), call);
    if (second.status !== 401) return second;
    tokens.close();
    log.warn({ route: http.route }, 'SparkLayer refuses a token it has just issued');
    return second;
  }

  async function withToken(http: HttpCall, token: string, call: CallOptions): Promise<HttpAnswer> {
    const answer = await send(settings, { ...http, headers: { authorization: `Bearer ${token}` } }, call);
    if (answer.status === 429)
      heldUntil = Math.max(heldUntil, Date.now() + (toError(http.route, answer, clock()).retryAfterMs ?? 0));
    return answer;
  }

  /** After a 429 all calls of the site wait, not only the one that was refused. */
  async function whileHeld({ signal, deadline }: CallOptions): Promise<void> {
    for (let left = heldUntil - Date.now(); left > 0; left = heldUntil - Date.now()) {
      if (heldUntil + settings.timeouts.requestMs > deadline)
        throw new SparkLayerError('SparkLayer asks to wait', {
          code: 'RATE_LIMITED',
          fate: 'wait',
          status: 429,
          retryAfterMs: left,
        });
      await pause(left, undefined, { signal });
    }
  }

  function rememberOwnWrite(key: PurchaseKey, updatedAt: string): void {
    ownWrites.set(ownWrite(key, updatedAt), Date.now());
    const [oldest] = ownWrites.keys();
    if (ownWrites.size > OWN_WRITES_REMEMBERED && oldest !== undefined) ownWrites.delete(oldest);
  }
}

function get(path: string, route: string): HttpCall {
  return { method: 'GET', path, route, headers: {}, body: undefined };
}

function purchasePath({ kind, value }: PurchaseKey): string {
  return `/api/v1/purchases/${kind}/${encodeURIComponent(value)}`;
}

function ownWrite(key: PurchaseKey, updatedAt: string): string {
  return `${purchaseKeyText(key)} ${Date.parse(updatedAt)}`;
}

/** Times go out with offset and milliseconds (A47). */
function wireTime(instant: string): string {
  return new Date(instant).toISOString().replace('Z', '+00:00');
}

/** A body that does not fit names the path and never the data. */
function parsed<Schema extends z.ZodType>(route: string, schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new SparkLayerError(`${route}: the answer is not as documented at ${issue?.path.join('.') || 'its top'}`, {
    code: 'SCHEMA_DRIFT',
    fate: 'gate',
  });
}
