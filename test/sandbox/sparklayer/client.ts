import { expect, onTestFinished } from 'vitest';
import { matchRoute } from '../../../sandbox/sparklayer/api.ts';
import { answerErrors } from '../../../sandbox/sparklayer/contract.ts';
import {
  startSparkLayer,
  type SparkLayerOptions,
  type SparkLayerStandIn,
} from '../../../sandbox/sparklayer/stand-in.ts';
import { unknownMember } from '../../../sandbox/sparklayer/unknown-members.ts';
import { isObject, type Open } from '../../../sandbox/sparklayer/wire.ts';

export interface Call {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as it is, after the question mark. */
  readonly rawQuery?: string;
  /** Replaces the standard headers of the same name; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
}

export interface TestSite {
  readonly sparklayer: SparkLayerStandIn;
  /** One call with all headers; the answer is held against the contract. */
  readonly call: (method: string, path: string, call?: Call) => Promise<Reply>;
  /** The same without a look at the answer, for faults. */
  readonly rawCall: (method: string, path: string, call?: Call) => Promise<Reply>;
  /** A new token for all later calls. */
  readonly renewToken: () => Promise<Reply>;
}

/** A stand-in whose clock stands still at 2026-02-02 10:00 UTC until a test moves it; closed with the test. */
export async function anOpenSite(options: SparkLayerOptions = {}): Promise<TestSite> {
  const sparklayer = await startSparkLayer({ clock: () => new Date('2026-02-02T10:00:00Z'), ...options });
  onTestFinished(() => sparklayer.close());
  let token = '';

  const rawCall = async (
    method: string,
    path: string,
    { body, query, rawQuery, headers }: Call = {},
  ): Promise<Reply> => {
    const search = rawQuery ?? new URLSearchParams(query).toString();
    const standard: Record<string, string | undefined> = {
      'Site-Id': sparklayer.siteId,
      'User-Agent': 'instep-test/1',
      Authorization: `Bearer ${token}`,
      'Content-Type': body === undefined ? undefined : 'application/json',
      ...headers,
    };
    const sent = Object.entries(standard).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as [string, string]],
    );
    const payload = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const response = await fetch(`${sparklayer.url}${path}${search === '' ? '' : `?${search}`}`, {
      method,
      headers: sent,
      ...(payload !== undefined && { body: payload }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: json(text) };
  };

  const call = async (method: string, path: string, options: Call = {}): Promise<Reply> => {
    const reply = await rawCall(method, path, options);
    const url = new URL(path, sparklayer.url);
    const match = matchRoute({ method, url, rawQuery: '', headers: {}, text: '' });
    if (match) expect(answerErrors(match.operation, reply.status, reply.body)).toEqual([]);
    expect(withoutUnknownMember(reply.body)).toEqual([]);
    return reply;
  };

  const renewToken = async () => {
    const { siteId: _siteId, clientId: client_id, clientSecret: client_secret } = sparklayer;
    const reply = await call('POST', '/api/auth/token', {
      body: { grant_type: 'client_credentials', client_id, client_secret },
      headers: { Authorization: undefined },
    });
    if (reply.status === 200) token = String(object(reply.body)['access_token']);
    return reply;
  };
  await renewToken();
  return { sparklayer, call, rawCall, renewToken };
}

/** What a client does by the contract before a PUT: every `calculated_*` member goes, all the rest stays. */
export function writable(node: unknown): Open {
  return object(stripped(node));
}

export function object(value: unknown): Open {
  if (!isObject(value)) throw new TypeError(`Not an object: ${JSON.stringify(value)}`);
  return value;
}

export function rows(value: unknown): Open[] {
  if (!Array.isArray(value)) throw new TypeError(`Not a list: ${JSON.stringify(value)}`);
  return value.map(object);
}

export function pathOf(purchase: { purchase_identifiers: { sparklayer?: string | null } }): string {
  return `/api/v1/purchases/sparklayer/${purchase.purchase_identifiers.sparklayer}`;
}

export function errorCodes(reply: Reply): unknown[] {
  return rows(object(reply.body)['errors'] ?? []).map((error) => error['code']);
}

export const oneLine = [{ sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' }];

function stripped(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(stripped);
  if (!isObject(node)) return node;
  const kept = Object.entries(node).filter(([key]) => !key.startsWith('calculated_'));
  return Object.fromEntries(kept.map(([key, value]) => [key, stripped(value)]));
}

function withoutUnknownMember(node: unknown, path = '$'): string[] {
  if (Array.isArray(node)) return node.flatMap((entry, index) => withoutUnknownMember(entry, `${path}[${index}]`));
  if (!isObject(node)) return [];
  const below = Object.entries(node).flatMap(([key, value]) =>
    key === 'full_transaction' ? [] : withoutUnknownMember(value, `${path}.${key}`),
  );
  return unknownMember in node ? below : [path, ...below];
}

function json(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
