import { codes, problem, type Answer } from './answers.ts';
import type { Fault, MissingFields, StatusFault } from './faults.ts';
import { isObject } from './wire.ts';

const page = '<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>';

/** What a fault answers in SparkLayer's place; undefined for faults that do not. */
export function answerOfFault(fault: Fault, now: Date): Answer | undefined {
  if (fault.kind === 'status') return statusAnswer(fault, now);
  if (fault.kind === 'html200') return { status: 200, text: page, contentType: 'text/html' };
  if (fault.kind === 'unauthorized') return problem({ status: 401, detail: 'The token is not accepted.' });
  if (fault.kind !== 'identifierConflict') return undefined;
  const detail = 'An identifier belongs to another purchase.';
  return problem({ status: 409, detail, code: codes.identifierConflict, property: 'purchase_identifiers.internal' });
}

const commonlyMissing = ['customer_reference', 'billing_address', 'shipping_address', 'metadata', 'custom_fields'];

/** The answer as a fault on its content leaves it. */
export function answerUnderFault(fault: Fault, answer: Answer): Answer {
  if (answer.status >= 300) return answer;
  if (fault.kind === 'missingFields') {
    return { ...answer, json: without(answer.json, fault) };
  }
  if (fault.kind !== 'successStatus') return answer;
  return fault.status === 204 ? { status: 204 } : { ...answer, status: fault.status };
}

/** A problem whose text ends in the middle. */
export function truncatedProblem(status: number): string {
  const whole = JSON.stringify(problem({ status, detail: 'Something went wrong on our side.' }).json);
  return whole.slice(0, Math.floor(whole.length / 2));
}

function statusAnswer({ status, body = 'problem', retryAfter, code, lines }: StatusFault, now: Date): Answer {
  const headers = retryAfterHeader(retryAfter, now);
  const refused = problem({
    status,
    detail: 'The stand-in was told to answer so.',
    ...(code !== undefined && { code }),
  });
  switch (body) {
    case 'problem':
      return { ...refused, headers };
    case 'problemAsJson':
      return { ...refused, headers, contentType: 'application/json' };
    case 'empty':
      return { status, headers };
    case 'html':
      return { status, headers, text: page, contentType: 'text/html' };
    case 'truncated':
      return { status, headers, text: truncatedProblem(status), contentType: 'application/problem+json' };
    case 'lines': {
      const faulty = lines ?? [{ line: 1, field: 'price', message: 'This value should be positive.' }];
      return { status, headers, json: faulty, contentType: 'application/json' };
    }
  }
}

function retryAfterHeader(wait: StatusFault['retryAfter'], now: Date): Record<string, string> {
  if (wait === undefined) return {};
  if (typeof wait !== 'object') return { 'Retry-After': String(wait) };
  // Its own clock shows in both.
  return { Date: now.toUTCString(), 'Retry-After': new Date(now.getTime() + wait.httpDateIn * 1000).toUTCString() };
}

function without(node: unknown, fault: MissingFields): unknown {
  if (Array.isArray(node)) return node.map((entry) => without(entry, fault));
  if (!isObject(node)) return node;
  const { fields = commonlyMissing, as = 'left out', where = 'anywhere' } = fault;
  const isMissing = (key: string, value: unknown) =>
    fields.includes(key) && (where === 'anywhere' || (Array.isArray(value) && value.length === 0));
  return Object.fromEntries(
    Object.entries(node).flatMap(([key, value]) => {
      if (!isMissing(key, value)) return [[key, without(value, fault)]];
      return as === 'null' ? [[key, null]] : [];
    }),
  );
}
