/** One entry of an error body, as far as it is fit to be shown: codes and places, never texts. */
export interface ProblemItem {
  readonly code: string;
  readonly property: string;
  /** 1-based place in the array sent, in errors of price lines; else null. */
  readonly line: number | null;
}

export interface SparkLayerErrorOf {
  /** One of the connector's own, e.g. `SERVER_ERROR`, `SCHEMA_DRIFT`. */
  readonly code: string;
  /** `wait`: passes by itself · `gate`: the site waits as a whole · `park`: stays until somebody changes something. */
  readonly fate: 'wait' | 'gate' | 'park';
  /** Method and path with placeholders, e.g. `PUT /api/v1/purchases/{lookupBy}/{identifier}`. */
  readonly route: string;
  /** In plain words; never data, never a secret. */
  readonly says: string;
  readonly status?: number;
  readonly retryAfterMs?: number | undefined;
  readonly problems?: readonly ProblemItem[];
}

/**
 * Why a call brought nothing, and who acts. Its message names the route and the kind of trouble, never what was sent or
 * received; it carries no `cause`, because the HTTP client's errors hold the token.
 */
export class SparkLayerError extends Error {
  override readonly name = 'SparkLayerError';
  readonly code: string;
  readonly fate: 'wait' | 'gate' | 'park';
  readonly route: string;
  /** null = no answer came. */
  readonly status: number | null;
  /** Milliseconds after which another try makes sense; absent = the caller's own back-off. */
  readonly retryAfterMs?: number;
  readonly problems: readonly ProblemItem[];

  constructor({ code, fate, route, says, status, retryAfterMs, problems = [] }: SparkLayerErrorOf) {
    super(`${route}: ${says}`);
    this.code = code;
    this.fate = fate;
    this.route = route;
    this.status = status ?? null;
    this.problems = problems;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}

/** The answer is JSON of another shape than agreed: a gate, because code must change. Names the place, never the data. */
export function schemaDrift(route: string, path: string): SparkLayerError {
  return new SparkLayerError({
    code: 'SCHEMA_DRIFT',
    fate: 'gate',
    route,
    says: `the answer does not have the agreed shape at ${path}`,
  });
}

/** The deadline is closer than the HTTP time-out; nothing was sent. */
export function noTimeLeft(route: string): SparkLayerError {
  return new SparkLayerError({ code: 'NO_TIME_LEFT', fate: 'wait', route, says: 'no time left to send it' });
}
