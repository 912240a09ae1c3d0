import { BlueCherryError } from './blue-cherry-error.ts';

export interface KeyRingOptions {
  readonly keys: readonly string[];
  /** After every key was refused one call in this time tries again. */
  readonly probeEveryMs: number;
  readonly monotonic: () => number;
}

/**
 * The subscription's keys and what the gateway last said of them. While they are refused, or the quota is used up,
 * calls end here instead of at the gateway; it opens again by itself.
 */
export class KeyRing {
  readonly #keys: readonly string[];
  readonly #probeEveryMs: number;
  readonly #monotonic: () => number;
  #current = 0;
  #refusedUntil: number | null = null;
  #quotaUntil = 0;

  constructor({ keys, probeEveryMs, monotonic }: KeyRingOptions) {
    this.#keys = keys;
    this.#probeEveryMs = probeEveryMs;
    this.#monotonic = monotonic;
  }

  /** Why a call cannot be made now; null = it can. */
  trouble(route: string): BlueCherryError | null {
    const now = this.#monotonic();
    if (now < this.#quotaUntil) return quotaExhausted(route, this.#quotaUntil - now);
    if (this.#refusedUntil !== null && now < this.#refusedUntil)
      return credentialsRefused(route, this.#refusedUntil - now);
    return null;
  }

  /** Keys to try, in order. While all are refused, the call that gets here is the only one for a while. */
  take(): readonly string[] {
    if (this.#refusedUntil !== null) this.#refusedUntil = this.#monotonic() + this.#probeEveryMs;
    return [...this.#keys.slice(this.#current), ...this.#keys.slice(0, this.#current)].slice(0, 2);
  }

  accepted(key: string): void {
    this.#refusedUntil = null;
    this.#current = Math.max(0, this.#keys.indexOf(key));
  }

  allRefused(route: string): BlueCherryError {
    this.#refusedUntil = this.#monotonic() + this.#probeEveryMs;
    return credentialsRefused(route, this.#probeEveryMs);
  }

  quotaExhausted(route: string, retryAfterMs: number): BlueCherryError {
    this.#quotaUntil = Math.max(this.#quotaUntil, this.#monotonic() + retryAfterMs);
    return quotaExhausted(route, retryAfterMs);
  }
}

function credentialsRefused(route: string, retryAfterMs: number): BlueCherryError {
  return new BlueCherryError({
    code: 'CREDENTIALS_REFUSED',
    fate: 'gate',
    route,
    says: 'no subscription key was accepted',
    retryAfterMs,
  });
}

function quotaExhausted(route: string, retryAfterMs: number): BlueCherryError {
  return new BlueCherryError({
    code: 'QUOTA_EXHAUSTED',
    fate: 'gate',
    route,
    says: 'the call quota is used up',
    retryAfterMs,
  });
}
