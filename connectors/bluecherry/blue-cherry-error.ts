export interface BlueCherryErrorOf {
  /** One of the connector's own codes or the ERP's, e.g. `SCHEMA_DRIFT`, `INV_FILTER`. */
  readonly code: string;
  /** `wait`: passes by itself · `gate`: the site waits as a whole · `park`: stays until somebody changes something. */
  readonly fate: 'wait' | 'gate' | 'park';
  /** Method and path, e.g. `GET /api/salesOrder`. */
  readonly route: string;
  /** In plain words; never data, never a key. */
  readonly says: string;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/**
 * Why a call brought nothing. Its message names the route and the kind of trouble, never what was sent or received.
 */
export class BlueCherryError extends Error {
  override readonly name = 'BlueCherryError';
  readonly code: string;
  readonly fate: 'wait' | 'gate' | 'park';
  readonly route: string;
  /** Milliseconds after which another try makes sense; absent = the caller's own back-off. */
  readonly retryAfterMs?: number;

  constructor({ code, fate, route, says, retryAfterMs, cause }: BlueCherryErrorOf) {
    super(`${route}: ${says}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.fate = fate;
    this.route = route;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}

/** The answer is JSON of another shape than agreed: a gate, because code must change. Names the place, never the data. */
export function schemaDrift(route: string, path: string): BlueCherryError {
  return new BlueCherryError({
    code: 'SCHEMA_DRIFT',
    fate: 'gate',
    route,
    says: `the answer does not have the agreed shape at ${path}`,
  });
}
