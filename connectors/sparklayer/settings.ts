/**
 * A site's storefront as its site file describes it. Structurally equal to what `config/` validates. SparkLayer
 * documents no rate limit, burst or time-out: pacing and patience are settings (A5). How the payment methods and the
 * names in `metadata` and `custom_fields` are understood (A10, A19, A20), whether unconfirmed orders are taken in (A28)
 * and who writes stock (A46) are rules of the site, kept outside this connector.
 */
export interface SparkLayerSettings {
  /** `https://app.sparklayer.io` or the test host; without a path. */
  readonly baseUrl: string;
  readonly siteId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Names the integration; asked for, not known to be enforced. */
  readonly userAgent: string;
  readonly timeouts: { readonly requestMs: number };
  /** Calls at a time. */
  readonly concurrency: number;
  /** Least time between the starts of two calls; 0 = none. */
  readonly minGapMs: number;
  /** Age at which a token is renewed; by default five minutes before its end. */
  readonly tokenRenewAfterSeconds?: number;
  /** A PUT that others' writes overtake is applied anew at most this often; 5 by default. */
  readonly putRounds?: number;
  /** Own writes remembered, so that the poller does not take them for news; 10,000 by default. Forgetting costs a signal. */
  readonly ownWritesRemembered?: number;
  /** Rows in one call that writes stock, and SKUs in one that reads it; 500 by default. */
  readonly stockRowsPerCall?: number;
  /** Rows in one price call; 1,000 by default. */
  readonly priceRowsPerCall?: number;
  /** A price call that meets somebody else's on the list is sent so often in all; 6 by default. */
  readonly priceRounds?: number;
}

export const PUT_ROUNDS = 5;
/** The largest batch is unknown (A33); a call that is too large is halved. */
export const STOCK_ROWS_PER_CALL = 500;
/** Seen in partners' code; the largest batch is unknown. */
export const PRICE_ROWS_PER_CALL = 1_000;
export const PRICE_ROUNDS = 6;
export const OWN_WRITES_REMEMBERED = 10_000;
/** Renewed this long before it ends: at 55 of 60 minutes (contract, section 2). */
export const TOKEN_MARGIN_MS = 5 * 60_000;
/** A token that still lives is used on while its renewal fails; the renewal is tried again after this. */
export const TOKEN_RENEWAL_PAUSE_MS = 30_000;
/** While the credentials are refused one call in this time tries again; the others are refused here. */
export const CREDENTIAL_PROBE_MS = 30_000;

/** However long an answer asks us to wait: after this one call finds out whether it still does. */
export const LONGEST_WAIT_MS = 5 * 60_000;

/** First pause and longest pause of a back-off where the answer names no time. */
const BACKOFF_MS = { first: 1_000, longest: 60_000 };
const REWRITE_BACKOFF_MS = { first: 100, longest: 2_000 };
const PRICE_BACKOFF_MS = { first: 200, longest: 5_000 };

/** Milliseconds the site is left alone after its `nth` 429 in a row that names no time; the first is 0. */
export function holdBackoffMs(nth: number): number {
  return jittered(BACKOFF_MS, nth);
}

/** Milliseconds before looking again at a purchase whose PUT brought no answer, for the `nth` time; the first is 0. */
export function rewriteBackoffMs(nth: number): number {
  return jittered(REWRITE_BACKOFF_MS, nth);
}

/** Milliseconds before a price call that met somebody else's on the list is sent again, for the `nth` time; the first is 0. */
export function priceBackoffMs(nth: number): number {
  return jittered(PRICE_BACKOFF_MS, nth);
}

/** Doubles each time; half of it is chance, so that callers do not come back together. */
function jittered({ first, longest }: { readonly first: number; readonly longest: number }, nth: number): number {
  const whole = Math.min(longest, first * 2 ** nth);
  return Math.round(whole / 2 + (Math.random() * whole) / 2);
}
