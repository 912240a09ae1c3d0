import type { Fault, FaultName } from './faults.ts';
import { BAD_KEY, send, sendError, sendGateway, sendJson, type Exchange } from './wire.ts';

/** Faults that answer in place of the ERP. */
export const INSTEAD: readonly FaultName[] = [
  'status',
  'html200',
  'empty200',
  'errorShape',
  'recordLocked',
  'jobRunning',
  'quota',
  'bothKeysWrong',
  'timeoutBeforeCommit',
  'hang',
  'slow',
];

const HTML = '<html><head><title>503 Service Unavailable</title></head><body>The service is unavailable.</body></html>';

/** Answers a fault. True = that was all; false = the ERP answers after all. */
export async function answerFault(
  fault: Fault,
  { request, response }: Exchange,
  later: (ms: number, act: () => void) => void,
): Promise<boolean> {
  switch (fault.kind) {
    case 'status':
      answerStatus(fault, response);
      return true;
    case 'html200':
      send(response, 200, HTML, { 'content-type': 'text/html' });
      return true;
    case 'empty200':
      send(response, 200, '');
      return true;
    case 'errorShape':
      answerShape(fault, response);
      return true;
    case 'recordLocked':
      sendError(response, 200, 'REC_LOCKED', 'Record is locked by another user');
      return true;
    case 'jobRunning':
      sendError(response, 200, 'JOB_RUNNING', 'Nightly maintenance is running');
      return true;
    case 'quota':
      sendGateway(response, 403, `Out of call volume quota. Quota will be replenished in ${fault.replenishedIn}.`);
      return true;
    case 'bothKeysWrong':
      sendGateway(response, 401, BAD_KEY);
      return true;
    case 'timeoutBeforeCommit':
      response.destroy();
      return true;
    case 'hang':
      later(fault.ms, () => response.destroy());
      return true;
    case 'slow': {
      const { promise, resolve } = Promise.withResolvers<void>();
      later(fault.ms, resolve);
      request.socket.once('close', resolve);
      await promise;
      request.socket.off('close', resolve);
      return request.socket.destroyed;
    }
    default:
      return false;
  }
}

function answerStatus(
  { status, body, retryAfter }: Extract<Fault, { kind: 'status' }>,
  response: Exchange['response'],
): void {
  const headers: Record<string, string> = retryAfter
    ? {
        'retry-after':
          typeof retryAfter === 'string'
            ? retryAfter
            : new Date(Date.now() + retryAfter.httpDateIn * 1_000).toUTCString(),
      }
    : {};
  const again = typeof retryAfter === 'string' ? ` Try again in ${retryAfter} seconds.` : '';
  if (body === 'empty') send(response, status, '', headers);
  else if (body === 'html') send(response, status, HTML, { 'content-type': 'text/html', ...headers });
  else {
    const message = status === 429 ? `Rate limit is exceeded.${again}` : 'The service is unavailable.';
    sendGateway(response, status, message, headers);
  }
}

function answerShape(fault: Extract<Fault, { kind: 'errorShape' }>, response: Exchange['response']): void {
  const message = fault.text ?? 'Order import is running, try again later';
  const bodies = {
    1: { errors: [{ errorCode: fault.code ?? 'JOB_RUNNING', errorMessage: message, field: null, line_seq: null }] },
    2: { errors: [{ errorCode: fault.code ?? null, message }] },
    3: { message: [{ message }] },
    4: { message },
  };
  sendJson(response, fault.status ?? 200, bodies[fault.shape]);
}
