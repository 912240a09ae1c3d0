import { routeName } from './contract.ts';

/** What may go wrong. `ms` are real milliseconds; `times` defaults to 1, or to without end where `probability` is set. */
export type Fault = FaultReach & FaultKind;

export interface FaultReach {
  /** `PUT /api/v1/purchases/{id}`; a call's route, its real path, or the start of a route. None = every call. */
  readonly route?: string;
  readonly times?: number;
  /** Matching calls that pass before the fault begins. */
  readonly after?: number;
  /** From 0 to 1; drawn from a generator of fixed seed, so that runs repeat. */
  readonly probability?: number;
}

export type FaultKind =
  | StatusFault
  /** Nothing is answered for `ms`, then the connection is cut; nothing is stored. */
  | { readonly kind: 'hang'; readonly ms: number }
  /** Handled at once, answered `ms` later. */
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'answerLostAfterCommit' }
  | { readonly kind: 'connectionCut' }
  /** Someone amends the purchase just before the PUT is handled; `merge` is a JSON merge patch. */
  | { readonly kind: 'foreignWriteBeforePut'; readonly merge?: unknown }
  /** The token of the call is revoked: this call and all later ones with it answer 401. */
  | { readonly kind: 'tokenDiesEarly' }
  /** 401 although the token is good. */
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'html200' }
  /** After a full page has been answered, its first `rows` rows (1) are changed by others and move to the end. */
  | { readonly kind: 'rowsMoveWhilePaging'; readonly rows?: number }
  /** A page after the first begins with the last row of the page before. */
  | { readonly kind: 'repeatRow' }
  | MissingFields
  | { readonly kind: 'identifierConflict' }
  /** The write succeeds and answers another 2xx status: 201 with its body, 204 without. */
  | { readonly kind: 'successStatus'; readonly status: 201 | 204 };

/** Members taken from the answer, at any depth. */
export interface MissingFields {
  readonly kind: 'missingFields';
  readonly fields?: readonly string[];
  /** `null` sends them as null. */
  readonly as?: 'left out' | 'null';
  /** `empty lists`: only where they hold one. */
  readonly where?: 'anywhere' | 'empty lists';
}

export interface StatusFault {
  readonly kind: 'status';
  readonly status: number;
  readonly body?: 'problem' | 'problemAsJson' | 'empty' | 'html' | 'truncated' | 'lines';
  /** Seconds, an HTTP date as text, or seconds from the stand-in's now as an HTTP date. */
  readonly retryAfter?: number | string | { readonly httpDateIn: number };
  readonly code?: string;
  /** Faulty lines of a price call, for `body: 'lines'`. */
  readonly lines?: readonly { readonly line: number; readonly field?: string; readonly message: string }[];
}

export interface Faults {
  /** Returns what takes the fault away again. */
  readonly add: (fault: Fault) => () => void;
  readonly clear: () => void;
}

export interface FaultCall {
  readonly route: string;
  readonly actual: string;
  readonly offset: number;
}

export interface FaultBook extends Faults {
  /** The faults that hit this call, each counted; none after the first that answers in SparkLayer's place. */
  readonly take: (call: FaultCall) => Fault[];
  /** Gives a fault back that found nothing to do. */
  readonly giveBack: (fault: Fault) => void;
}

export function createFaultBook(): FaultBook {
  let entries: { fault: Fault; left: number; skip: number }[] = [];
  const random = fixedSeedRandom(20260105);
  return {
    add: (fault) => {
      const times = fault.times ?? (fault.probability === undefined ? 1 : Number.POSITIVE_INFINITY);
      const entry = { fault, left: times, skip: fault.after ?? 0 };
      entries.push(entry);
      return () => {
        entries = entries.filter((other) => other !== entry);
      };
    },
    clear: () => {
      entries = [];
    },
    take: (call) => {
      const taken: Fault[] = [];
      for (const entry of entries) {
        if (entry.left <= 0 || !hits(entry.fault, call)) continue;
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        if (entry.fault.probability !== undefined && random() >= entry.fault.probability) continue;
        entry.left -= 1;
        taken.push(entry.fault);
        if (answersItself(entry.fault)) break;
      }
      return taken;
    },
    giveBack: (fault) => {
      const entry = entries.find((candidate) => candidate.fault === fault);
      if (entry) entry.left += 1;
    },
  };
}

/** `wanted` is a route, a method, a real path or the start of a route that the contract does not have by itself. */
export function matchesRoute(wanted: string, call: { readonly route: string; readonly actual: string }): boolean {
  const [method = '', path] = wanted.split(' ');
  if (path === undefined) return call.route.startsWith(`${method.toUpperCase()} `);
  const name = routeName(method, path);
  if (name === call.route || wanted === call.actual) return true;
  const isWriteOfOne = !['GET', 'POST'].includes(method.toUpperCase());
  return isWriteOfOne && call.route === `${name}/{id}`;
}

const answering = ['status', 'hang', 'connectionCut', 'unauthorized', 'html200', 'identifierConflict'];

function answersItself(fault: Fault): boolean {
  return answering.includes(fault.kind);
}

const onlyPut = ['foreignWriteBeforePut', 'identifierConflict'];
const onlyList = ['rowsMoveWhilePaging', 'repeatRow'];

function hits(fault: Fault, call: FaultCall): boolean {
  if (onlyPut.includes(fault.kind) && call.route !== 'PUT /api/v1/purchases/{id}') return false;
  if (onlyList.includes(fault.kind) && call.route !== 'GET /api/v1/purchases') return false;
  if (fault.kind === 'repeatRow' && call.offset === 0) return false;
  return fault.route === undefined || matchesRoute(fault.route, call);
}

function fixedSeedRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
