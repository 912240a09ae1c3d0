import type { IncomingHttpHeaders } from 'node:http';
import { badRequest, ok, problem, Refusal, type Answer } from './answers.ts';
import type { ApiRequest, Handler } from './api-request.ts';
import { bodyErrors, operations, type Operation } from './contract.ts';
import { customerHandlers } from './customer-routes.ts';
import { priceHandlers } from './price-routes.ts';
import { productHandlers } from './product-routes.ts';
import { purchaseHandlers } from './purchase-routes.ts';
import type { Site } from './site.ts';
import { stockHandlers } from './stock-routes.ts';
import { isObject } from './wire.ts';

/** One call as it came in; `status` is 0 while it runs and where it was cut unhandled. */
export interface CallRecord {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly route: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  status: number;
  readonly faults: string[];
}

export interface Incoming {
  readonly method: string;
  readonly url: URL;
  readonly rawQuery: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface RouteMatch {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
}

export const handlers: Readonly<Record<string, Handler>> = {
  createAccessToken: ({ site, body }) => ok(issueToken(site, body)),
  ...purchaseHandlers,
  ...customerHandlers,
  ...stockHandlers,
  ...priceHandlers,
  ...productHandlers,
};

export function matchRoute({ method, url }: Incoming): RouteMatch | undefined {
  for (const operation of operations) {
    if (operation.method !== method) continue;
    const params = pathParams(operation.path.split('/'), url.pathname.split('/'));
    if (params) return { operation, params };
  }
  return undefined;
}

/** Headers, query and body by the contract, then the operation; what is refused becomes a problem. */
export function handleApiCall(
  site: Site,
  incoming: Incoming,
  match: RouteMatch | undefined,
  whenDone: ApiRequest['whenDone'],
): Answer {
  const name = `${incoming.method} ${incoming.url.pathname}`;
  const complain = (what: string) => void site.violations.push(`${name}: ${what}`);
  try {
    if (!incoming.headers['user-agent']) complain('no User-Agent');
    if (!match) throw new Refusal({ status: 404, detail: 'No such path.' });
    const handler = handlers[match.operation.id];
    if (!handler) throw new Refusal({ status: 501, detail: 'The stand-in does not know this call.' });
    refuseStrangers(site, incoming, match.operation);
    const query = checkedQuery(incoming, match.operation, complain);
    const body = checkedBody(incoming, match.operation, complain);
    return handler({ site, ...match, query, body, whenDone });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return problem(error.refusal);
  }
}

function pathParams(pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== path.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = path[index] ?? '';
    if (!part.startsWith('{')) {
      if (part !== segment) return undefined;
    } else if (segment === '') return undefined;
    else params[part.slice(1, -1)] = decoded(segment);
  }
  return params;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function refuseStrangers(site: Site, { headers }: Incoming, operation: Operation): void {
  const unauthorized = (detail: string) => new Refusal({ status: 401, detail });
  if (headers['site-id'] !== site.settings.siteId) throw unauthorized('The Site-Id header is missing or unknown.');
  if (!operation.needsToken) return;
  const [scheme, token = ''] = (headers.authorization ?? '').split(' ');
  if (scheme !== 'Bearer' || !site.tokens.isValid(token)) throw unauthorized('The token is missing, wrong or expired.');
}

function checkedQuery(
  { url, rawQuery }: Incoming,
  { query }: Operation,
  complain: (what: string) => void,
): Map<string, string> {
  if (/[[\]]/.test(rawQuery)) complain('brackets of a query key are not percent-encoded');
  const found = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    const parameter = query.find((known) => known.name === name);
    if (!parameter) {
      complain(`query parameter ${name} is not in the contract`);
      continue;
    }
    const read = parameter.type === 'integer' && /^-?\d+$/.test(value) ? Number(value) : value;
    if (!parameter.check(read)) {
      complain(`query parameter ${name} has the value ${JSON.stringify(value)}`);
      throw badRequest(`The value of ${name} is not valid.`, name);
    }
    if (found.has(name)) complain(`query parameter ${name} is sent twice`);
    found.set(name, value);
  }
  return found;
}

function checkedBody({ headers, text }: Incoming, operation: Operation, complain: (what: string) => void): unknown {
  if (!operation.hasBody) {
    if (text !== '') complain('a body is sent where none belongs');
    return undefined;
  }
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) {
    complain(`content type ${headers['content-type'] ?? '(none)'}`);
    throw badRequest('Only application/json is read.');
  }
  const body = json(text, complain);
  const errors = bodyErrors(operation, body);
  if (errors.length === 0) return body;
  complain(errors.join('; '));
  throw badRequest(errors.join('; '), propertyOf(errors[0] ?? ''), 'invalid-value');
}

function json(text: string, complain: (what: string) => void): unknown {
  try {
    return JSON.parse(text);
  } catch {
    complain('the body is not JSON');
    throw badRequest('The body is not JSON.');
  }
}

/** `/packages/0/type must be ...` becomes `packages.0.type`. */
function propertyOf(error: string): string {
  return (error.split(' ')[0] ?? '').slice(1).replaceAll('/', '.');
}

function issueToken(site: Site, body: unknown): object {
  const { clientId, clientSecret, tokenLifeSeconds } = site.settings;
  const isKnown = isObject(body) && body['client_id'] === clientId && body['client_secret'] === clientSecret;
  if (!isKnown || site.tokens.refused) throw new Refusal({ status: 401, detail: 'The client is not accepted.' });
  return { access_token: site.tokens.issue(), expires_in: tokenLifeSeconds, token_type: 'Bearer' };
}
