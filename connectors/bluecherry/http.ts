import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

import got, { RequestError, TimeoutError } from 'got';

import { KEY_HEADER } from './wire/assumptions.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly key: string;
  /** JSON text of a write; null for a read. */
  readonly body: string | null;
  readonly timeoutMs: number;
  /** null = nobody ends it but its time-out: what has left is never withdrawn. */
  readonly signal: AbortSignal | null;
}

export type HttpResult =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly text: string;
      readonly retryAfter: string | null;
      readonly date: string | null;
    }
  /** Certain: not a byte of the request left. */
  | { readonly kind: 'notSent'; readonly why: string }
  /** The request may have arrived; nobody knows what became of it. */
  | { readonly kind: 'lost'; readonly why: string };

/** Faults that happen while a connection is made, before anything is sent. */
const BEFORE_SENDING = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
]);
const PHASES_BEFORE_SENDING = new Set(['lookup', 'connect', 'secureConnect']);
const CONNECT_TIMEOUT_MS = 10_000;

/** One HTTP client of one site. Retries nothing, follows nothing, throws nothing but the signal's reason. */
export class Http {
  readonly #keepAlive = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  /** A write never uses an old connection: one that the server has just closed would leave its outcome unknown. */
  readonly #fresh = { http: new HttpAgent({ keepAlive: false }), https: new HttpsAgent({ keepAlive: false }) };

  async send({ method, url, key, body, timeoutMs, signal }: HttpRequest): Promise<HttpResult> {
    // Shorter than the whole, so that a connection that was never made is known as such.
    const connectMs = Math.min(CONNECT_TIMEOUT_MS, Math.ceil(timeoutMs * 0.8));
    try {
      const response = await got(url, {
        method,
        headers: {
          accept: 'application/json',
          [KEY_HEADER]: key,
          ...(body === null ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === null ? {} : { body }),
        agent: body === null ? this.#keepAlive : this.#fresh,
        timeout: { lookup: connectMs, connect: connectMs, secureConnect: connectMs, request: timeoutMs },
        retry: { limit: 0 },
        followRedirect: false,
        throwHttpErrors: false,
        responseType: 'text',
        ...(signal ? { signal } : {}),
      });
      return {
        kind: 'answer',
        status: response.statusCode,
        text: response.body,
        retryAfter: response.headers['retry-after'] ?? null,
        date: response.headers.date ?? null,
      };
    } catch (error) {
      signal?.throwIfAborted();
      return faultOf(error);
    }
  }

  close(): void {
    for (const agent of [...Object.values(this.#keepAlive), ...Object.values(this.#fresh)]) agent.destroy();
  }
}

function faultOf(error: unknown): HttpResult {
  if (!(error instanceof RequestError)) throw error;
  if (error instanceof TimeoutError)
    return PHASES_BEFORE_SENDING.has(error.event)
      ? { kind: 'notSent', why: 'no connection in time' }
      : { kind: 'lost', why: 'no answer in time' };
  const { code, timings } = error;
  const wasNeverSecured = /^(EPROTO$|ERR_SSL_|ERR_TLS_)/.test(code) && timings?.secureConnect === undefined;
  return BEFORE_SENDING.has(code) || isConnectCall(error.cause) || wasNeverSecured
    ? { kind: 'notSent', why: `no connection (${code})` }
    : { kind: 'lost', why: `connection lost (${code})` };
}

/** The operating system names the call that failed: while connecting nothing was sent yet. */
function isConnectCall(cause: unknown): boolean {
  return (
    cause instanceof Error && 'syscall' in cause && (cause.syscall === 'connect' || cause.syscall === 'getaddrinfo')
  );
}
