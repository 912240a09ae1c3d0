import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

import got, { RequestError, TimeoutError } from 'got';

import type { SparkLayerSettings } from './settings.ts';
import { noTimeLeft, SparkLayerError } from './spark-layer-error.ts';

/** What every call carries: it ends when its caller is cancelled, and is not sent when time is short. */
export interface CallOptions {
  readonly signal: AbortSignal;
  /** Epoch ms; a call is not sent when less than the HTTP time-out is left. */
  readonly deadline: number;
}

export interface HttpCall {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH';
  /** Path with its query, already encoded. */
  readonly path: string;
  /** Names the call in errors, with placeholders instead of identifiers. */
  readonly route: string;
  /** JSON text; null for a read. */
  readonly body: string | null;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | null;
  /** The server's own clock. */
  readonly date: string | null;
}

export interface Http {
  /** One call, bounded in time. Throws when no answer came or it was not sent; a bad status is an answer. */
  send(call: HttpCall, token: string | null, options: CallOptions): Promise<HttpAnswer>;
  close(): void;
}

/** The HTTP client of one site. Repeats nothing (Temporal owns the retries) and follows nothing. */
export function createHttp({ baseUrl, siteId, userAgent, timeouts }: SparkLayerSettings): Http {
  const agent = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  const origin = baseUrl.replace(/\/+$/, '');
  return {
    async send({ method, path, route, body }, token, { signal, deadline }) {
      signal.throwIfAborted();
      if (deadline - Date.now() < timeouts.requestMs) throw noTimeLeft(route);
      try {
        const response = await got(`${origin}${path}`, {
          method,
          headers: {
            'user-agent': userAgent,
            'site-id': siteId,
            accept: 'application/json, application/problem+json',
            ...(token === null ? {} : { authorization: `Bearer ${token}` }),
            ...(body === null ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === null ? {} : { body }),
          agent,
          retry: { limit: 0 },
          timeout: { request: timeouts.requestMs },
          throwHttpErrors: false,
          followRedirect: false,
          responseType: 'text',
          signal,
        });
        return {
          status: response.statusCode,
          body: response.body,
          retryAfter: response.headers['retry-after'] ?? null,
          date: response.headers.date ?? null,
        };
      } catch (error) {
        signal.throwIfAborted();
        throw noAnswer(route, error, timeouts.requestMs);
      }
    },
    close() {
      agent.http.destroy();
      agent.https.destroy();
    },
  };
}

function noAnswer(route: string, error: unknown, requestMs: number): unknown {
  if (error instanceof TimeoutError)
    return new SparkLayerError({ code: 'TIMEOUT', fate: 'wait', route, says: `no answer within ${requestMs} ms` });
  if (error instanceof RequestError)
    return new SparkLayerError({ code: 'CONNECTION_LOST', fate: 'wait', route, says: `no answer (${error.code})` });
  return error;
}
