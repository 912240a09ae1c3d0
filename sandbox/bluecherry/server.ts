import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { misfits } from './contract.ts';
import { checkCredit, type Erp } from './erp.ts';
import type { createFaults, Fault } from './faults.ts';
import { importOne, stage, text } from './import-job.ts';
import { matches, readQuery, type Query } from './query.ts';
import { RESOURCES, type Resource, type Row } from './resources.ts';

export interface CallRecord {
  readonly route: string;
  readonly at: Date;
  /** 0 = no answer was sent. */
  status: number;
  readonly query: string;
  /** Of a post: what it carried. */
  readonly references: readonly string[];
}

export interface ServerOptions {
  readonly area: string;
  readonly environment: string;
  readonly keys: readonly [string, string];
  readonly writeMode: 'staged' | 'direct';
  readonly limits: Limits | null;
}

export interface Limits {
  readonly concurrent: number;
  readonly burstPerSecond: number;
  readonly perMinute: number;
}

export interface Access {
  revoked: Set<string>;
  maintenance: boolean;
}

const NO_KEY =
  'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.';
const BAD_KEY =
  'Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.';
const HTML = '<html><head><title>503 Service Unavailable</title></head><body>The service is unavailable.</body></html>';
const WRITES = {
  salesorder: { resource: 'salesOrder', schema: 'SalesOrderWrite' },
  salesordercancel: { resource: 'salesOrderCancel', schema: 'SalesOrderCancelWrite' },
} as const;

/** The ERP's surface over HTTP, behind its gateway. */
export function createErpServer(
  erp: Erp,
  faults: ReturnType<typeof createFaults>,
  options: ServerOptions,
  access: Access,
) {
  const calls: CallRecord[] = [];
  const violations: string[] = [];
  const late = new Set<NodeJS.Timeout>();
  let underWay = 0;
  let lastSnapshot = 880;
  const server: Server = createServer((request, response) => {
    void serve(request, response).catch((error: unknown) => {
      violations.push(`the stand-in broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      if (!response.headersSent) send(response, 500, '');
    });
  });
  return { server, calls, violations, stop: () => late.forEach(clearTimeout) };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://erp');
    const parts = url.pathname.split('/').filter(Boolean);
    const [area = '', environment = '', api = '', name = ''] = parts;
    const route = `${request.method ?? ''} /api/${name}`;
    const body = await readBody(request);
    const record: CallRecord = {
      route,
      at: erp.clock.now(),
      status: 0,
      query: url.search,
      references: referencesIn(body),
    };
    calls.push(record);
    response.once('finish', () => (record.status = response.statusCode));
    const json = (status: number, value: unknown, headers: Record<string, string> = {}) =>
      send(response, status, JSON.stringify(value), { 'content-type': 'application/json', ...headers });
    const gateway = (status: number, message: string, headers: Record<string, string> = {}) =>
      json(status, { statusCode: status, message }, headers);

    if (area !== options.area || environment !== options.environment || api !== 'api' || parts.length !== 4)
      return gateway(404, 'Resource not found');
    const key = request.headers['ocp-apim-subscription-key'];
    if (typeof key !== 'string') return gateway(401, NO_KEY);
    if (!options.keys.includes(key) || access.revoked.has(key)) return gateway(401, BAD_KEY);
    const limited = rateLimited();
    if (limited !== null)
      return gateway(429, `Rate limit is exceeded. Try again in ${limited} seconds.`, {
        'retry-after': String(limited),
      });

    const fault = faults.strike(route, BEFORE);
    if (fault && (await answerFault(fault, request, response, body, route))) return;
    underWay++;
    response.once('close', () => underWay--);
    if (access.maintenance)
      return json(200, {
        errors: [
          { errorCode: 'JOB_RUNNING', errorMessage: 'Nightly maintenance is running', field: null, line_seq: null },
        ],
      });
    if (request.method === 'POST') return write(name, body, response, fault);
    const resource = RESOURCES[name.toLowerCase()];
    if (!resource || request.method !== 'GET') return gateway(404, 'Resource not found');
    return read(route, resource, url.searchParams, response);
  }

  /** The gateway's counting: calls at a time, in a second, in a minute. Answers the seconds to wait. */
  function rateLimited(): number | null {
    const { limits } = options;
    if (!limits) return null;
    const now = Date.now();
    const recent = calls.slice(0, -1).filter(({ status, at }) => status !== 429 && now - at.getTime() < 60_000);
    const lastSecond = recent.filter(({ at }) => now - at.getTime() < 1_000).length;
    if (recent.length >= limits.perMinute)
      return Math.max(
        1,
        Math.ceil((60_000 - (now - (recent[recent.length - limits.perMinute]?.at.getTime() ?? now))) / 1_000),
      );
    return lastSecond >= limits.burstPerSecond || underWay >= limits.concurrent ? 1 : null;
  }

  function write(name: string, body: string, response: ServerResponse, fault: Fault | null): void {
    const kind = name.toLowerCase();
    const target = kind === 'salesorder' || kind === 'salesordercancel' ? WRITES[kind] : null;
    const json = (status: number, value: unknown) =>
      send(response, status, JSON.stringify(value), { 'content-type': 'application/json' });
    if (!target) return json(404, { statusCode: 404, message: 'Resource not found' });
    const rows = parsedRows(body);
    if (rows === null || rows.length < 1 || rows.length > 25)
      return json(400, {
        errors: [
          {
            errorCode: 'BATCH_SIZE',
            errorMessage: '1 to 25 objects in an array are taken',
            field: null,
            line_seq: null,
          },
        ],
      });
    violations.push(...misfits(target.schema, rows));
    const staged = commit(target.resource, rows, fault);
    if (fault?.kind === 'answerLostAfterCommit') return void response.destroy();
    const data =
      options.writeMode === 'direct'
        ? {
            data: erp.log
              .filter(({ pkey }) => pkey === staged)
              .map(
                ({
                  pkey,
                  rowSeq,
                  resource,
                  isaNum,
                  extRef,
                  status,
                  ordNum,
                  lineSeq,
                  errorCode,
                  errorMessage,
                  changed,
                }) => ({
                  pkey,
                  row_seq: rowSeq,
                  resource,
                  isa_num: isaNum,
                  ext_ref: extRef,
                  status,
                  ord_num: ordNum,
                  line_seq: lineSeq,
                  errorCode,
                  errorMessage,
                  last_mod: changed,
                }),
              ),
          }
        : {};
    const answer = { version: '1.0', pkey: staged, count: rows.length, ...data };
    if (fault?.kind === 'slowAfterCommit') return void late.add(setTimeout(() => json(200, answer), fault.ms));
    return json(200, answer);
  }

  function commit(resource: 'salesOrder' | 'salesOrderCancel', rows: readonly Row[], fault: Fault | null): number {
    const cut = faults.strike(`POST /api/${resource}`, ['valueCut']);
    const kept =
      cut?.kind === 'valueCut'
        ? rows.map((row) => ({ ...row, [cut.field]: text(row[cut.field]).slice(0, cut.length) }))
        : rows;
    const hidden =
      faults.strike(`POST /api/${resource}`, ['logRowMissing']) !== null || fault?.kind === 'logRowMissing';
    const staged = stage(erp, resource, kept, hidden);
    if (options.writeMode === 'direct') {
      erp.staged.splice(erp.staged.indexOf(staged), 1);
      importOne(erp, staged);
      for (const order of erp.orders.values()) checkCredit(erp, order);
    }
    return staged.pkey;
  }

  function read(route: string, resource: Resource, parameters: URLSearchParams, response: ServerResponse): void {
    const json = (status: number, value: unknown) =>
      send(response, status, JSON.stringify(value), { 'content-type': 'application/json' });
    const query = readQuery(parameters, resource);
    if (typeof query === 'string') return json(200, { errors: [{ errorCode: 'INV_FILTER', message: query }] });
    const isIgnored = faults.strike(route, ['filterIgnored']) !== null;
    const all = resource.rows(erp).filter((row) => isIgnored || matches(row, query));
    const rows = shown(page(all, query, route), resource, query, route);
    if (resource.shape === 'flat') return json(200, { version: '1.0', data: rows });
    if (resource.shape === 'header') return json(200, { version: '1.0', data: { header: rows } });
    const isDelta = query.clauses.some(({ field }) => field === 'last_mod');
    if (query.page === 1) lastSnapshot++;
    return json(200, {
      version: '1.0',
      data: { as_of: erp.clock.stamp(), snapshot_id: lastSnapshot, complete_ok: isDelta ? 'N' : 'Y', header: rows },
    });
  }

  function page(rows: readonly Row[], { page: number, size }: Query, route: string): readonly Row[] {
    const isRepeated = number > 1 && faults.strike(route, ['repeatedPage']) !== null;
    const isShifted = number > 1 && faults.strike(route, ['pageShift']) !== null;
    const start = (isRepeated ? number - 2 : number - 1) * size - (isShifted ? 1 : 0);
    return rows.slice(start, start + size);
  }

  function shown(rows: readonly Row[], resource: Resource, { withChildren }: Query, route: string): readonly Row[] {
    const isBare = !withChildren || faults.strike(route, ['childrenMissing']) !== null;
    const strange = faults.strike(route, ['unknownStatus']);
    const ahead = faults.strike(route, ['futureStamp']);
    const asText = faults.strike(route, ['numbersAsStrings']) !== null;
    return rows.map((row) => {
      const kept = isBare
        ? Object.fromEntries(Object.entries(row).filter(([name]) => !resource.children.includes(name)))
        : { ...row };
      if (strange?.kind === 'unknownStatus' && 'ord_status' in kept) kept['ord_status'] = strange.letter;
      if (ahead?.kind === 'futureStamp' && 'last_mod' in kept) kept['last_mod'] = erp.clock.stamp(ahead.aheadMs);
      return asText
        ? Object.fromEntries(
            Object.entries(kept).map(([name, value]) => [name, typeof value === 'number' ? String(value) : value]),
          )
        : kept;
    });
  }

  /** Answers a fault; false = it shows later, while writing. */
  async function answerFault(
    fault: Fault,
    request: IncomingMessage,
    response: ServerResponse,
    body: string,
    route: string,
  ): Promise<boolean> {
    const json = (status: number, value: unknown, headers: Record<string, string> = {}) =>
      send(response, status, JSON.stringify(value), { 'content-type': 'application/json', ...headers });
    switch (fault.kind) {
      case 'status': {
        const headers = fault.retryAfter
          ? {
              'retry-after':
                typeof fault.retryAfter === 'string'
                  ? fault.retryAfter
                  : new Date(Date.now() + fault.retryAfter.httpDateIn * 1_000).toUTCString(),
            }
          : undefined;
        const message =
          fault.status === 429
            ? `Rate limit is exceeded.${typeof fault.retryAfter === 'string' ? ` Try again in ${fault.retryAfter} seconds.` : ''}`
            : 'The service is unavailable.';
        if (fault.body === 'empty') send(response, fault.status, '', headers);
        else if (fault.body === 'html') send(response, fault.status, HTML, { 'content-type': 'text/html', ...headers });
        else json(fault.status, { statusCode: fault.status, message }, headers);
        return true;
      }
      case 'html200':
        send(response, 200, HTML, { 'content-type': 'text/html' });
        return true;
      case 'empty200':
        send(response, 200, '');
        return true;
      case 'errorShape': {
        const message = fault.text ?? 'Order import is running, try again later';
        const status = fault.status ?? 200;
        const bodies = {
          1: {
            errors: [{ errorCode: fault.code ?? 'JOB_RUNNING', errorMessage: message, field: null, line_seq: null }],
          },
          2: { errors: [{ errorCode: fault.code ?? null, message }] },
          3: { message: [{ message }] },
          4: { message },
        };
        json(status, bodies[fault.shape]);
        return true;
      }
      case 'recordLocked':
        json(200, {
          errors: [
            { errorCode: 'REC_LOCKED', errorMessage: 'Record is locked by another user', field: null, line_seq: null },
          ],
        });
        return true;
      case 'jobRunning':
        json(200, {
          errors: [
            { errorCode: 'JOB_RUNNING', errorMessage: 'Nightly maintenance is running', field: null, line_seq: null },
          ],
        });
        return true;
      case 'quota':
        json(403, {
          statusCode: 403,
          message: `Out of call volume quota. Quota will be replenished in ${fault.replenishedIn}.`,
        });
        return true;
      case 'keyWrong':
      case 'bothKeysWrong':
        json(401, { statusCode: 401, message: BAD_KEY });
        return true;
      case 'timeoutBeforeCommit':
        response.destroy();
        return true;
      case 'hang':
        late.add(setTimeout(() => response.destroy(), fault.ms));
        return true;
      case 'lateArrival': {
        const rows = parsedRows(body);
        const resource = route.toLowerCase().endsWith('cancel') ? 'salesOrderCancel' : 'salesOrder';
        response.destroy();
        late.add(setTimeout(() => rows && commit(resource, rows, null), fault.afterMs));
        return true;
      }
      case 'slow': {
        const { promise, resolve } = Promise.withResolvers<void>();
        late.add(setTimeout(resolve, fault.ms));
        request.socket.once('close', resolve);
        await promise;
        return request.socket.destroyed;
      }
      default:
        return false;
    }
  }
}

const BEFORE = [
  'status',
  'html200',
  'empty200',
  'errorShape',
  'recordLocked',
  'jobRunning',
  'quota',
  'keyWrong',
  'bothKeysWrong',
  'timeoutBeforeCommit',
  'hang',
  'lateArrival',
  'slow',
  'answerLostAfterCommit',
  'slowAfterCommit',
] as const;

function send(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, headers).end(body);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function parsedRows(body: string): readonly Row[] | null {
  try {
    const rows: unknown = JSON.parse(body);
    if (!Array.isArray(rows)) return null;
    return rows.every((row: unknown) => row !== null && typeof row === 'object')
      ? rows.map((row: object) => Object.fromEntries(Object.entries(row)))
      : null;
  } catch {
    // Not JSON is answered like a wrong array (contract, section 16).
    return null;
  }
}

function referencesIn(body: string): readonly string[] {
  return (parsedRows(body) ?? []).map((row) => text(row['ext_ref']) || text(row['ord_num']));
}
