import { afterEach } from 'vitest';

import { examples } from '../../../sandbox/bluecherry/contract.ts';
import {
  startBlueCherry,
  type BlueCherryOptions,
  type BlueCherryStandIn,
  type JobName,
} from '../../../sandbox/bluecherry/stand-in.ts';
import { rowsOf } from '../../../sandbox/bluecherry/values.ts';

/** The day of the contract's examples, half past ten in New York. */
export const NOON = new Date('2025-11-23T15:30:00Z');

export type Row = Record<string, unknown>;

const running = new Set<BlueCherryStandIn>();

afterEach(async () => {
  const broken = [...running].flatMap((erp) => erp.checkInvariants());
  const breakdowns = [...running].flatMap((erp) => erp.contractViolations().filter((each) => each.includes('broke')));
  await Promise.all([...running].map((erp) => erp.close()));
  running.clear();
  if (broken.length + breakdowns.length > 0) throw new Error([...broken, ...breakdowns].join('\n'));
});

/** A stand-in on the day of the contract's examples, and a client that sends what it is told. */
export async function anErp(options: BlueCherryOptions = {}) {
  const erp = await startBlueCherry({ clock: () => NOON, ...options });
  running.add(erp);
  const [key] = erp.keys;
  const call = async (
    method: string,
    path: string,
    { body, headers }: { body?: string; headers?: Record<string, string> } = {},
  ) => {
    const response = await fetch(`${erp.url}${path}`, {
      method,
      headers: headers ?? { 'Ocp-Apim-Subscription-Key': key },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return { status: response.status, text, headers: response.headers };
  };
  const get = async (path: string) => JSON.parse((await call('GET', path)).text);
  const post = async (name: string, rows: unknown) =>
    JSON.parse((await call('POST', `/api/${name}`, { body: JSON.stringify(rows) })).text);
  /** Rows of a page, whatever their envelope. */
  const rows = async (path: string): Promise<Row[]> => {
    const { data } = await get(path);
    return Array.isArray(data) ? data : data.header;
  };
  const find = (resource: string, filter: string, more = '') =>
    get(`/api/${resource}?$filter=${encodeURIComponent(filter)}${more}`);
  /** Posts rows, runs the import and answers their rows of the log. */
  const imported = async (name: string, sent: Row[]) => {
    const { pkey } = await post(name, sent);
    erp.runJob('order_import');
    return erp.importLog().filter((row) => row.pkey === pkey);
  };
  const imports = (...orders: Row[]) => imported('salesOrder', orders);
  const cancels = (...sent: Row[]) => imported('salesOrderCancel', sent);
  /** Takes one order in and answers its number. */
  const enters = async (order: Row): Promise<string> => {
    const [row] = await imports(order);
    if (!row?.ordNum) throw new Error(JSON.stringify(row));
    return row.ordNum;
  };
  const order = (ordNum: string) => {
    const [found] = erp.salesOrders({ ordNum });
    if (!found) throw new Error(`no order ${ordNum}`);
    return found;
  };
  const runs = (...jobs: JobName[]) => jobs.forEach((job) => erp.runJob(job));
  return { erp, call, get, post, rows, find, imports, cancels, enters, order, runs };
}

let lastControl = 500;

/** The contract's example of a new order, with a control number of its own. */
export function anOrder(change: Row = {}): Row {
  const [order] = rowsOf({ rows: examples['SalesOrderNew']?.value });
  return { ...order, isa_num: String(++lastControl).padStart(9, '0'), ...change };
}

/** The same order again as a replace of what was entered. */
export function aReplace(ordNum: string, change: Row = {}): Row {
  return anOrder({ trans_type: 'R', ord_num: ordNum, ...change });
}

/** An order with its lines changed, one change each; null leaves a line out. */
export function withLines(order: Row, ...changes: (Row | null)[]): Row {
  const rows = rowsOf(order['salesorderdetail']).flatMap((line, index) => {
    const change = changes[index];
    return change === null ? [] : [{ ...line, ...change }];
  });
  return { ...order, salesorderdetail: { rows } };
}

export function codesOf(log: readonly { readonly status: string; readonly errorCode: string }[]): string[] {
  return log.map(({ status, errorCode }) => `${status} ${errorCode}`.trim());
}
