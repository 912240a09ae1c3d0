/** A site's storefront as its site file describes it. Structurally equal to what `config/` validates. */
export interface SparkLayerSettings {
  /** `https://app.sparklayer.io` or the test host; without a path. */
  readonly baseUrl: string;
  readonly siteId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly userAgent: string;
  readonly timeouts: { readonly requestMs: number };
  /** Calls at a time; no limit is documented (A5). */
  readonly concurrency: number;
  readonly minGapMs: number;
}

/** A PUT that others' writes overtake is applied anew this often (contract, section 3). */
export const PUT_ROUNDS = 5;
/** Renewed this long before it ends: at 55 of 60 minutes (contract, section 2). */
export const TOKEN_MARGIN_MS = 5 * 60_000;
/** After a refusal one call in this time tries again; the others are refused here. */
export const CREDENTIAL_PROBE_MS = 30_000;
/** Own writes that are remembered, so that the poller does not take them for news. Forgetting costs a signal. */
export const OWN_WRITES_REMEMBERED = 10_000;
/** Back-off where the answer names no time. */
export const PAUSE_MS = 5_000;
