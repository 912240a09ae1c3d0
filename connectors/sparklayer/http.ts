import got, { HTTPError, RequestError, TimeoutError, type Method } from 'got';

import { PAUSE_MS, type SparkLayerSettings } from './settings.ts';
import { SparkLayerError } from './spark-layer-error.ts';
import { readProblems } from './wire/errors.ts';

/** What every call carries: it ends when its caller is cancelled, and is not sent when time is short. */
export interface CallOptions {
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  readonly deadline: number;
}

export interface HttpCall {
  readonly method: Method & ('GET' | 'PUT' | 'POST');
  /** Path with its query, already encoded. */
  readonly path: string;
  /** Names the call in errors, without identifiers. */
  readonly route: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | undefined;
}

/** One call, bounded in time. Repeats nothing: Temporal owns the retries. Throws only when no answer came. */
export async function send(
  { baseUrl, userAgent, siteId, timeouts }: SparkLayerSettings,
  { method, path, route, headers, body }: HttpCall,
  { signal, deadline }: CallOptions,
): Promise<HttpAnswer> {
  signal.throwIfAborted();
  if (deadline - Date.now() < timeouts.requestMs)
    throw new SparkLayerError(`${route}: no time left to send it`, { code: 'NO_TIME_LEFT', fate: 'wait' });
  try {
    const response = await got(`${baseUrl}${path}`, {
      method,
      headers: {
        'user-agent': userAgent,
        'site-id': siteId,
        accept: 'application/json, application/problem+json',
        ...headers,
      },
      ...(body === undefined ? {} : { json: body }),
      retry: { limit: 0 },
      timeout: { request: timeouts.requestMs },
      throwHttpErrors: false,
      followRedirect: false,
      responseType: 'text',
      signal,
    });
    return { status: response.statusCode, body: response.body, retryAfter: response.headers['retry-after'] };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof TimeoutError)
      throw new SparkLayerError(`${route}: no answer within ${timeouts.requestMs} ms`, {
        code: 'TIMEOUT',
        fate: 'wait',
      });
    if (error instanceof RequestError && !(error instanceof HTTPError))
      throw new SparkLayerError(`${route}: ${error.code}`, { code: 'CONNECTION_LOST', fate: 'wait' });
    throw error;
  }
}

/** The JSON of a good answer. HTML with 200, or half a body, is a passing trouble of something in between. */
export function readJson(route: string, { body, status }: HttpAnswer): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new SparkLayerError(`${route}: the answer is not JSON`, {
      code: 'UNREADABLE_ANSWER',
      fate: 'wait',
      status,
      retryAfterMs: PAUSE_MS,
    });
  }
}

/** What an answer that is no success means (contract, section 3). */
export function toError(route: string, { status, body, retryAfter }: HttpAnswer, now: Date): SparkLayerError {
  const problems = readProblems(body);
  const words = problems.map(({ code, property }) => [code, property].filter(Boolean).join(' on ')).join(', ');
  const message = `${route}: HTTP ${status}${words && ` (${words})`}`;
  if (status === 429)
    return new SparkLayerError(message, {
      code: 'RATE_LIMITED',
      fate: 'wait',
      status,
      retryAfterMs: retryAfterMs(retryAfter, now) ?? PAUSE_MS,
    });
  if (status >= 500 || status === 408)
    return new SparkLayerError(message, {
      code: 'SERVER_ERROR',
      fate: 'wait',
      status,
      retryAfterMs: retryAfterMs(retryAfter, now),
    });
  if (status === 401) return new SparkLayerError(message, { code: 'CREDENTIALS_REFUSED', fate: 'gate', status });
  return new SparkLayerError(message, { code: 'REFUSED', fate: 'park', status, problems });
}

/** `Retry-After` in both its forms, as milliseconds from now (A5). */
export function retryAfterMs(text: string | undefined, now: Date): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(text.trim())) return Math.ceil(Number(text) * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}
