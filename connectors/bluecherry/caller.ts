import type { ErpMessage } from '../../domain/sales-order.ts';
import { judge, type Verdict } from './answers.ts';
import { BlueCherryError, schemaDrift } from './blue-cherry-error.ts';
import type { CallOptions } from './call-options.ts';
import { Governor, type Pace, type Priority } from './governor.ts';
import { Http, type HttpResult } from './http.ts';
import { KeyRing } from './keys.ts';
import type { Log } from './log.ts';
import type { Settings } from './settings.ts';
import { FILTER_CODE, NOT_TAKEN_CODES, TIMEOUT_CODE } from './wire/assumptions.ts';
import type { JsonObject } from './wire/json.ts';

/** What became of the body of a write. */
export type WriteResult =
  | { readonly kind: 'takenIn'; readonly body: JsonObject }
  | { readonly kind: 'notTaken'; readonly why: string; readonly retryAfterMs: number; readonly code: string }
  | { readonly kind: 'refused'; readonly faults: readonly ErpMessage[] }
  | { readonly kind: 'unknown'; readonly why: string }
  /** There was nothing left to send when the turn came. */
  | { readonly kind: 'nothingSent' };

export interface Write {
  readonly resource: string;
  readonly priority: Priority;
  /** Ends the waiting for a turn, nothing else; null = nobody ends it. */
  readonly signal: AbortSignal | null;
  readonly startBy: number | null;
  /** Asked when the turn has come: the JSON to send, or null when nothing is left to send. */
  readonly body: () => Promise<string | null>;
}

/** A notTaken that names no time. */
const PAUSE_MS = 5_000;

type Conversation =
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | Exclude<HttpResult, { kind: 'answer' }>
  | { readonly kind: 'closedHere'; readonly error: BlueCherryError };

/** Calls of one site: governor, keys, transport, and what the answers mean. */
export class Caller {
  readonly #settings: Settings;
  readonly #governor: Governor;
  readonly #keys: KeyRing;
  readonly #http = new Http();
  readonly #callsByRoute = new Map<string, number>();

  constructor(settings: Settings, log: Log) {
    this.#settings = settings;
    this.#governor = new Governor({
      limits: settings.limits,
      onCircuit: (state) => log.warn({ circuit: state }, `calls to the ERP: circuit ${state}`),
    });
    this.#keys = new KeyRing({
      keys: settings.keys,
      probeEveryMs: settings.credentialProbeMs,
      monotonic: () => performance.now(),
    });
  }

  get governor(): Governor {
    return this.#governor;
  }

  get callsByRoute(): ReadonlyMap<string, number> {
    return this.#callsByRoute;
  }

  /** A GET: its body when it is good, else an error that says its fate. `query` is sent as it is. */
  async read(resource: string, query: string, call: CallOptions): Promise<JsonObject> {
    const { requestMs } = this.#settings.timeouts;
    const route = `GET /api/${resource}`;
    const trouble = this.#keys.trouble(route);
    if (trouble) throw trouble;
    const { signal, priority } = call;
    const said = await this.#governor.run({ priority, route, signal, startBy: call.deadline - requestMs }, () =>
      this.#converse({ method: 'GET', route, path: `${resource}?${query}`, body: null, timeoutMs: requestMs, signal }),
    );
    if (said.kind === 'verdict' && said.verdict.kind === 'good') return said.verdict.body;
    throw this.#readError(route, said);
  }

  /** The cheapest call there is; good if the answer has a `version`, whatever it says (observed). */
  async probe(resource: string, call: CallOptions): Promise<void> {
    const body = await this.read(resource, '_pgsize=1', call);
    if (body['version'] === undefined || body['version'] === null) throw schemaDrift(`GET /api/${resource}`, 'version');
  }

  /** A POST, once. What is certain and what is not follows the contract's table; throws only the signal's reason. */
  async write({ resource, priority, signal, startBy, body }: Write): Promise<WriteResult> {
    const route = `POST /api/${resource}`;
    const early = this.#keys.trouble(route) ?? this.#environmentTrouble(route);
    if (early) return notTaken(early);
    try {
      const turn = { priority, route, signal, startBy };
      const said = await this.#governor.run<Conversation | null>(turn, async () => {
        const trouble = this.#keys.trouble(route);
        if (trouble) return { result: { kind: 'closedHere', error: trouble }, pace: { kind: 'unused' } };
        const json = await body();
        if (json === null) return { result: null, pace: { kind: 'unused' } };
        const timeoutMs = this.#settings.timeouts.writeMs;
        return this.#converse({ method: 'POST', route, path: resource, body: json, timeoutMs, signal: null });
      });
      return said === null ? { kind: 'nothingSent' } : this.#writeResult(route, said);
    } catch (error) {
      if (error instanceof BlueCherryError) return notTaken(error);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#governor.close();
    this.#http.close();
  }

  /** Sends with the current key, and once with the other if it is refused. */
  async #converse(request: {
    readonly method: 'GET' | 'POST';
    readonly route: string;
    readonly path: string;
    readonly body: string | null;
    readonly timeoutMs: number;
    readonly signal: AbortSignal | null;
  }): Promise<{ result: Conversation; pace: Pace }> {
    const { method, route, path, body, timeoutMs, signal } = request;
    const trouble = this.#keys.trouble(route);
    if (trouble) return { result: { kind: 'closedHere', error: trouble }, pace: { kind: 'unused' } };
    const url = `${this.#settings.baseUrl.replace(/\/+$/, '')}/api/${path}`;
    const [first = '', ...others] = this.#keys.take();
    for (const key of [first, ...others]) {
      if (key !== first) await this.#governor.anotherCall();
      this.#callsByRoute.set(route, (this.#callsByRoute.get(route) ?? 0) + 1);
      const result = await this.#http.send({ method, url, key, body, timeoutMs, signal });
      if (result.kind !== 'answer') return { result, pace: { kind: 'failed' } };
      const verdict = judge(result, body === null ? 'data' : 'pkey', this.#settings.errorTexts);
      if (verdict.kind === 'credentialsRefused') continue;
      this.#keys.accepted(key);
      return { result: { kind: 'verdict', verdict }, pace: paceOf(verdict) };
    }
    return { result: { kind: 'verdict', verdict: { kind: 'credentialsRefused' } }, pace: { kind: 'neither' } };
  }

  #readError(route: string, said: Conversation): BlueCherryError {
    const error = (code: string, fate: 'wait' | 'gate' | 'park', says: string, retryAfterMs?: number | null) =>
      new BlueCherryError({ code, fate, route, says, ...(retryAfterMs ? { retryAfterMs } : {}) });
    switch (said.kind) {
      case 'closedHere':
        return said.error;
      case 'notSent':
      case 'lost':
        return error('NO_ANSWER', 'wait', said.why);
      case 'verdict':
        break;
    }
    const { verdict } = said;
    switch (verdict.kind) {
      case 'credentialsRefused':
        return this.#keys.allRefused(route);
      case 'quotaExhausted':
        return this.#keys.quotaExhausted(route, verdict.retryAfterMs);
      case 'forbidden':
        return error('FORBIDDEN', 'gate', 'the gateway forbids it');
      case 'wrongAddress':
        return error('WRONG_ADDRESS', 'gate', 'the gateway knows no such path; is the address right?');
      case 'tooMany':
        return error('RATE_LIMITED', 'wait', 'too many calls', verdict.retryAfterMs);
      case 'serverTrouble':
        return error('ERP_UNAVAILABLE', 'wait', `HTTP ${verdict.status}`, verdict.retryAfterMs);
      case 'unreadable':
      case 'good':
        return error('UNREADABLE_ANSWER', 'wait', verdict.kind === 'good' ? 'unexpected' : verdict.why);
      case 'faults': {
        const code = gravest(verdict.faults);
        const passes = NOT_TAKEN_CODES.has(code) || code === TIMEOUT_CODE;
        return error(code, passes ? 'wait' : code === FILTER_CODE ? 'gate' : 'park', `the ERP refuses it (${code})`);
      }
    }
  }

  #writeResult(route: string, said: Conversation): WriteResult {
    if (said.kind === 'closedHere') return notTaken(said.error);
    if (said.kind === 'lost') return { kind: 'unknown', why: said.why };
    if (said.kind === 'notSent') return notTaken(this.#readError(route, said));
    const { verdict } = said;
    switch (verdict.kind) {
      case 'good':
        return { kind: 'takenIn', body: verdict.body };
      case 'serverTrouble':
        return { kind: 'unknown', why: `HTTP ${verdict.status}` };
      case 'unreadable':
        return { kind: 'unknown', why: verdict.why };
      case 'faults': {
        const codes = verdict.faults.map(({ code }) => code);
        if (codes.includes(TIMEOUT_CODE)) return { kind: 'unknown', why: 'the ERP ran out of time' };
        return codes.every((code) => NOT_TAKEN_CODES.has(code))
          ? notTaken(this.#readError(route, said))
          : { kind: 'refused', faults: verdict.faults };
      }
      default:
        return notTaken(this.#readError(route, said));
    }
  }

  /** Test and live differ by one segment of the address: a write needs both to say the same. */
  #environmentTrouble(route: string): BlueCherryError | null {
    const { baseUrl, environment, environmentSegments } = this.#settings;
    const segment = new URL(baseUrl).pathname.split('/').findLast((part) => part !== '') ?? '';
    if (segment.toLowerCase() === environmentSegments[environment].toLowerCase()) return null;
    const says = `the address does not belong to the declared environment “${environment}”`;
    return new BlueCherryError({ code: 'WRONG_ENVIRONMENT', fate: 'gate', route, says, retryAfterMs: 60_000 });
  }
}

function notTaken({ code, message, retryAfterMs }: BlueCherryError): WriteResult {
  return { kind: 'notTaken', why: message, code, retryAfterMs: retryAfterMs ?? PAUSE_MS };
}

/** The code that decides: one that does not pass by itself before one that does. */
function gravest(faults: readonly ErpMessage[]): string {
  const codes = faults.map(({ code }) => code);
  return codes.find((code) => !NOT_TAKEN_CODES.has(code) && code !== TIMEOUT_CODE) ?? codes[0] ?? TIMEOUT_CODE;
}

function paceOf(verdict: Verdict): Pace {
  switch (verdict.kind) {
    case 'tooMany':
      return { kind: 'tooMuch', holdMs: verdict.retryAfterMs, isFailure: false };
    case 'serverTrouble':
      return verdict.status === 503
        ? { kind: 'tooMuch', holdMs: verdict.retryAfterMs, isFailure: true }
        : { kind: 'failed' };
    case 'unreadable':
      return { kind: 'neither' };
    default:
      return { kind: 'well' };
  }
}
