import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

import type { Erp } from './erp.ts';
import { answerFault, INSTEAD } from './fault-answers.ts';
import type { FaultBox } from './faults.ts';
import { createLimiter } from './limits.ts';
import { createReads } from './reads.ts';
import type { Stock } from './stock.ts';
import type { BlueCherryOptions, CallRecord } from './surface.ts';
import { text } from './values.ts';
import { arrayOf, createWrites } from './writes.ts';
import { BAD_KEY, NO_KEY, readBody, send, sendError, sendGateway, type Exchange } from './wire.ts';

export interface Access {
  readonly revoked: Set<string>;
  maintenance: boolean;
}

type Settings = Required<
  Pick<BlueCherryOptions, 'area' | 'environment' | 'keys' | 'writeMode' | 'pageCap' | 'listOrder'>
> &
  Pick<BlueCherryOptions, 'limits'>;
/** Answers calls that are not the ERP's own; false = not mine. */
export type SideDoor = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<boolean>;

/** The ERP's surface over HTTP, behind its gateway. */
export function createErpServer(
  { erp, stock, faults, access }: { erp: Erp; stock: Stock; faults: FaultBox; access: Access },
  { area, environment, keys, writeMode, pageCap, listOrder, limits }: Settings,
  sideDoor: SideDoor,
) {
  const calls: CallRecord[] = [];
  const violations: string[] = [];
  const note = (violation: string) => void violations.push(violation);
  const limiter = createLimiter(limits ?? null, () => erp.clock.now().getTime());
  const pending = new Set<{ readonly due: number; readonly act: () => void; readonly timer: NodeJS.Timeout }>();
  erp.clock.onTurn(() => {
    for (const one of pending) if (one.due <= erp.clock.now().getTime()) perform(one);
  });
  const read = createReads({ erp, stock, faults }, { pageCap, listOrder }, note);
  const writes = createWrites(erp, faults, writeMode, note);
  const server = createServer((request, response) => {
    void serve(request, response).catch((error: unknown) => {
      note(`the stand-in broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      if (!response.headersSent) send(response, 500, '');
    });
  });
  return {
    server,
    calls,
    violations,
    limitsUsed: limiter.used,
    stop: () => pending.forEach(({ timer }) => clearTimeout(timer)),
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://erp');
    if (await sideDoor(request, response, url.pathname)) return;
    const parts = url.pathname.split('/').slice(1);
    const name = parts[3] ?? '';
    const method = request.method ?? '';
    const exchange = { route: `${method} /api/${name}`, request, response, body: await readBody(request) };
    record(exchange, url.search);
    if (parts.length !== 4 || parts[0] !== area || parts[1] !== environment || parts[2] !== 'api')
      return sendGateway(response, 404, 'Resource not found');
    if (!isAdmitted(exchange)) return;
    response.once('close', limiter.release);
    const fault = faults.strike(exchange.route, INSTEAD);
    if (fault && (await answerFault(fault, exchange, later))) return;
    if (method === 'POST' && isLost(exchange, name)) return;
    if (access.maintenance) return sendError(response, 200, 'JOB_RUNNING', 'Nightly maintenance is running');
    if (method === 'POST') return writes.write(exchange, name, later);
    if (method === 'GET') return read(exchange, name, url.searchParams);
    return sendGateway(response, 404, 'Resource not found');
  }

  function isAdmitted({ route, request, response }: Exchange): boolean {
    const key = request.headers['ocp-apim-subscription-key'];
    if (typeof key !== 'string' || key === '') sendGateway(response, 401, NO_KEY);
    else if (!keys.includes(key) || access.revoked.has(key)) sendGateway(response, 401, BAD_KEY);
    else if (key === keys[0] && faults.strike(route, ['keyWrong'])) sendGateway(response, 401, BAD_KEY);
    else {
      const wait = limiter.admit();
      if (wait === null) return true;
      sendGateway(response, 429, `Rate limit is exceeded. Try again in ${wait} seconds.`, {
        'retry-after': String(wait),
      });
    }
    return false;
  }

  /** The caller is cut off now; what it sent arrives later all the same. */
  function isLost({ route, response, body }: Exchange, name: string): boolean {
    const fault = faults.strike(route, ['lateArrival']);
    if (fault?.kind !== 'lateArrival') return false;
    later(fault.afterMs, () => (access.maintenance ? null : writes.take(name, body)));
    response.destroy();
    return true;
  }

  function later(ms: number, act: () => void): void {
    const one = { due: erp.clock.now().getTime() + ms, act, timer: setTimeout(() => perform(one), ms) };
    pending.add(one);
  }

  function perform(one: { readonly act: () => void; readonly timer: NodeJS.Timeout } & { readonly due: number }): void {
    clearTimeout(one.timer);
    if (pending.delete(one)) one.act();
  }

  function record({ route, request, response, body }: Exchange, query: string): void {
    const rows = request.method === 'POST' ? (arrayOf(body) ?? []) : [];
    const key = request.headers['ocp-apim-subscription-key'];
    const call = {
      route,
      method: request.method ?? '',
      at: erp.clock.now(),
      status: 0,
      query,
      key: key === keys[0] ? 'primary' : key === keys[1] ? 'secondary' : 'unknown',
      references: rows.map((row) => text(row['ext_ref']) || text(row['ord_num'])),
      controlNumbers: rows.map((row) => text(row['isa_num'])),
    } as const satisfies CallRecord;
    const kept: { -readonly [Key in keyof CallRecord]: CallRecord[Key] } = call;
    calls.push(kept);
    response.once('finish', () => (kept.status = response.statusCode));
  }
}
