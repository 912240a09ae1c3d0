import type { Log } from './log.ts';
import { CREDENTIAL_PROBE_MS } from './settings.ts';
import { SparkLayerError } from './spark-layer-error.ts';

/**
 * Stops a site whose credentials are refused (a fault of configuration) without asking SparkLayer again and again. One
 * call in 30 s passes as a probe; the first that is not refused opens the gate for all.
 */
export interface CredentialGate {
  /** Lets a call pass, or throws. What it answers is handed to `accepted`. */
  enter(route: string): number;
  refused(route: string): SparkLayerError;
  accepted(pass: number): void;
}

export function createCredentialGate({
  clock,
  log,
}: {
  readonly clock: () => Date;
  readonly log: Log;
}): CredentialGate {
  let nextProbe: number | null = null;
  let refusals = 0;
  return {
    enter(route) {
      const now = clock().getTime();
      if (nextProbe !== null && now < nextProbe) throw refusal(route, nextProbe - now);
      if (nextProbe !== null) nextProbe = now + CREDENTIAL_PROBE_MS;
      return refusals;
    },
    refused(route) {
      if (nextProbe === null) log.warn({ route }, 'SparkLayer refuses the credentials of this site; its calls wait');
      nextProbe = clock().getTime() + CREDENTIAL_PROBE_MS;
      refusals++;
      return refusal(route, CREDENTIAL_PROBE_MS);
    },
    accepted(pass) {
      // A call that left before the refusal proves nothing.
      if (nextProbe === null || pass !== refusals) return;
      nextProbe = null;
      log.info({}, 'SparkLayer accepts the credentials of this site again');
    },
  };
}

function refusal(route: string, retryAfterMs: number): SparkLayerError {
  return new SparkLayerError({
    code: 'CREDENTIALS_REFUSED',
    fate: 'gate',
    route,
    says: 'SparkLayer refuses the client id and secret of this site',
    status: 401,
    retryAfterMs,
  });
}
