import type { IncomingMessage } from 'node:http';

import type { SkuCodes } from './erp.ts';
import type { Fault } from './faults.ts';
import type { SideDoor } from './server.ts';
import type { BlueCherryStandIn, JobName } from './surface.ts';
import { isRow } from './values.ts';
import { readBody, sendJson } from './wire.ts';

const JOBS: readonly JobName[] = [
  'order_import',
  'credit_check',
  'allocation',
  'pick_release',
  'ship_confirm',
  'invoicing',
  'ats_snapshot',
  'nightly_maintenance',
];

/**
 * The stand-in's own surface over HTTP, for tests in other processes; closed unless asked for. It does what the program
 * can do, and knows nothing of keys and faults.
 */
export function createSimDoor(isOpen: boolean, standIn: () => BlueCherryStandIn): SideDoor {
  const takeBack = new Map<number, () => void>();
  let lastFault = 0;
  return async (request, response, path) => {
    if (!isOpen || !path.startsWith('/sim/')) return false;
    try {
      const answer = perform(standIn(), request, path.split('/').slice(2), await bodyOf(request));
      if (answer === undefined) sendJson(response, 404, { wrong: `There is no ${request.method ?? ''} ${path}.` });
      else sendJson(response, 200, answer);
    } catch (error) {
      sendJson(response, 400, { wrong: error instanceof Error ? error.message : String(error) });
    }
    return true;
  };

  function perform(erp: BlueCherryStandIn, request: IncomingMessage, path: readonly string[], body: unknown): unknown {
    const [what = '', which = '', act = ''] = path;
    const query = new URL(request.url ?? '/', 'http://erp').searchParams;
    const reference = query.get('reference');
    const filter = reference === null ? {} : { reference };
    const sent = isRow(body) ? body : {};
    switch (`${request.method ?? ''} ${what}`) {
      case 'GET clock':
        return { now: erp.now().toISOString() };
      case 'POST clock':
        if (typeof sent['set'] === 'string') erp.setClock(sent['set']);
        if (typeof sent['advanceMs'] === 'number') erp.advanceClock(sent['advanceMs']);
        return { now: erp.now().toISOString() };
      case 'POST tick':
        erp.runJob('order_import');
        erp.runJob('credit_check');
        return {};
      case 'POST jobs':
        return runJob(erp, which, act);
      case 'GET faults':
        return [...takeBack.keys()];
      case 'POST faults':
        if (!isFault(body)) return undefined;
        takeBack.set(++lastFault, erp.faults.add(body));
        return { id: lastFault };
      case 'DELETE faults':
        if (which) takeBack.get(Number(which))?.();
        else erp.faults.clear();
        return {};
      case 'POST orders':
        return changeOrder(erp, which, act, sent);
      case 'POST keys':
        if (which === 'restore') erp.restoreKeys();
        else if (which === 'primary' || which === 'secondary' || which === 'both') erp.revokeKeys(which);
        else return undefined;
        return {};
      case 'POST stock':
        if (!isAdjustment(sent)) return undefined;
        erp.adjustStock(sent, sent.location, sent.quantity);
        return {};
      case 'POST controlNumbers':
        erp.occupyControlNumber(which, act);
        return {};
      case 'GET salesOrders':
        return erp.salesOrders(filter);
      case 'GET liveSalesOrders':
        return erp.liveSalesOrders(reference ?? '');
      case 'GET importLog':
        return erp.importLog(filter);
      case 'GET calls':
        return erp.calls(query.get('route') ?? undefined);
      case 'GET invariants':
        return { broken: erp.checkInvariants(), violations: erp.contractViolations(), limitsUsed: erp.limitsUsed() };
      default:
        return undefined;
    }
  }
}

function runJob(erp: BlueCherryStandIn, which: string, act: string): unknown {
  const name = JOBS.find((job) => job === which);
  if (!name) return undefined;
  if (act === 'run') erp.runJob(name);
  else if (act === 'stall') erp.stallJob(name);
  else if (act === 'resume') erp.resumeJob(name);
  else return undefined;
  return {};
}

function changeOrder(
  erp: BlueCherryStandIn,
  ordNum: string,
  act: string,
  sent: Readonly<Record<string, unknown>>,
): unknown {
  const code = typeof sent['code'] === 'string' ? sent['code'] : '';
  if (act === 'release') erp.releaseCredit(ordNum);
  else if (act === 'decline') erp.declineCredit(ordNum);
  else if (act === 'approve') erp.approveFactor(ordNum, code);
  else if (act === 'hold') erp.setHold(ordNum, code);
  else return undefined;
  return erp.salesOrders({ ordNum })[0] ?? {};
}

/** As a test in this process would say it; a kind that does not exist never strikes. */
function isFault(body: unknown): body is Fault {
  return isRow(body) && typeof body['kind'] === 'string';
}

/** A SKU by its six codes, blank ones empty, with location and quantity. */
function isAdjustment(
  sent: Readonly<Record<string, unknown>>,
): sent is SkuCodes & { readonly location: string; readonly quantity: number } {
  const codes = ['division', 'style', 'color', 'label', 'dimension', 'size', 'location'];
  return codes.every((name) => typeof sent[name] === 'string') && typeof sent['quantity'] === 'number';
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request);
  return body === '' ? {} : JSON.parse(body);
}
