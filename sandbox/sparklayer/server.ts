import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { problem, type Answer } from './answers.ts';
import { handleApiCall, matchRoute, type CallRecord, type Incoming } from './api.ts';
import { answerOfFault, answerUnderFault } from './fault-answers.ts';
import type { Fault, FaultBook } from './faults.ts';
import { amendByMerge, touch } from './deeds.ts';
import type { Site } from './site.ts';
import { withUnknownMembers } from './unknown-members.ts';
import { isObject } from './wire.ts';

export interface Host {
  readonly site: Site;
  readonly faults: FaultBook;
  readonly calls: CallRecord[];
  /** Serves `/sim`; absent where it is not wanted. */
  readonly sim?: (method: string, url: URL, body: unknown) => Answer;
}

export function createHttpServer(host: Host): Server {
  return createServer((request, response) => {
    serve(host, request, response).catch((error: unknown) => {
      host.site.violations.push(`The stand-in itself failed: ${error instanceof Error ? error.stack : String(error)}`);
      send(response, problem({ status: 500, detail: 'The stand-in itself failed.' }));
    });
  });
}

async function serve(host: Host, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const incoming = await read(request);
  if (host.sim && incoming.url.pathname.startsWith('/sim/')) {
    return send(response, host.sim(incoming.method, incoming.url, parsed(incoming.text)));
  }
  const match = matchRoute(incoming);
  const route = match?.operation.route ?? `${incoming.method} ${incoming.url.pathname}`;
  const call = recorded(host, incoming, route);
  const offset = Number(incoming.url.searchParams.get('offset') ?? 0);
  const faults = host.faults.take({ route, actual: `${incoming.method} ${incoming.url.pathname}`, offset });
  call.faults.push(...faults.map((fault) => fault.kind));
  for (const fault of faults) act(host.site, fault, incoming, match?.params);

  const early = faults
    .map((fault) => answerOfFault(fault, host.site.clock.now()))
    .find((answer) => answer !== undefined);
  const silent = faults.find((fault) => fault.kind === 'hang' || fault.kind === 'connectionCut');
  if (silent) return cut(response, silent.kind === 'hang' ? silent.ms : 0);

  const repeats = faults.some((fault) => fault.kind === 'repeatRow');
  const release: (() => void)[] = [];
  const handled = early ?? handleApiCall(host.site, shifted(incoming, repeats), match, (then) => release.push(then));
  const answer = faults.reduce((so, fault) => answerUnderFault(fault, so), handled);
  for (const fault of faults) moveRows(host, fault, incoming, answer);
  call.status = answer.status;
  response.once('close', () => release.forEach((then) => then()));
  if (faults.some((fault) => fault.kind === 'answerLostAfterCommit')) return cut(response, 0);
  const slow = faults.find((fault) => fault.kind === 'slow');
  later(response, slow?.ms ?? 0, () => send(response, answer));
}

async function read(request: IncomingMessage): Promise<Incoming> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return {
    method: request.method ?? 'GET',
    url: new URL(request.url ?? '/', 'http://stand-in.invalid'),
    rawQuery: (request.url ?? '').split('?')[1] ?? '',
    headers: request.headers,
    text: Buffer.concat(chunks).toString('utf8'),
  };
}

function recorded(host: Host, incoming: Incoming, route: string): CallRecord {
  const call: CallRecord = {
    at: host.site.clock.now().toISOString(),
    method: incoming.method,
    path: incoming.url.pathname,
    route,
    query: Object.fromEntries(incoming.url.searchParams),
    headers: incoming.headers,
    body: parsed(incoming.text),
    status: 0,
    faults: [],
  };
  host.calls.push(call);
  return call;
}

/** What a fault does to the site before the call is handled. */
function act(site: Site, fault: Fault, { headers }: Incoming, params: Readonly<Record<string, string>> = {}): void {
  if (fault.kind === 'tokenDiesEarly') site.tokens.revoke((headers.authorization ?? '').replace(/^Bearer /, ''));
  if (fault.kind !== 'foreignWriteBeforePut') return;
  const stored = site.purchases.findAny(params['identifier'] ?? '');
  if (!stored) return;
  const reference = `${stored.record.customer_reference ?? ''} (changed by someone else)`;
  amendByMerge(site, params['identifier'] ?? '', fault.merge ?? { customer_reference: reference });
}

function shifted(incoming: Incoming, repeats: boolean): Incoming {
  if (!repeats) return incoming;
  const url = new URL(incoming.url);
  url.searchParams.set('offset', String(Number(url.searchParams.get('offset')) - 1));
  return { ...incoming, url };
}

function moveRows({ site, faults }: Host, fault: Fault, { url }: Incoming, { json }: Answer): void {
  if (fault.kind !== 'rowsMoveWhilePaging') return;
  const rows = Array.isArray(json) ? json : [];
  if (rows.length < Number(url.searchParams.get('limit') ?? 100)) return faults.giveBack(fault);
  for (const row of rows.slice(0, fault.rows ?? 1)) {
    const identifiers = isObject(row) && isObject(row['purchase_identifiers']) ? row['purchase_identifiers'] : {};
    touch(site, String(identifiers['sparklayer'] ?? identifiers['platform'] ?? identifiers['visible']));
  }
}

function send(response: ServerResponse, { status, json, text, contentType, headers = {} }: Answer): void {
  if (response.destroyed || response.writableEnded) return;
  const body = json === undefined ? text : JSON.stringify(withUnknownMembers(json, () => 'of no meaning'));
  const type = contentType ?? (status < 400 ? 'application/json' : 'application/problem+json');
  response.writeHead(status, body === undefined ? headers : { ...headers, 'Content-Type': type });
  response.end(body);
}

function cut(response: ServerResponse, afterMs: number): void {
  later(response, afterMs, () => response.socket?.destroy());
}

function later(response: ServerResponse, ms: number, then: () => void): void {
  if (ms === 0) return then();
  const timer = setTimeout(then, ms);
  response.once('close', () => clearTimeout(timer));
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
