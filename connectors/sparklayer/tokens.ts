import { isGood, readAnswer, toError } from './answers.ts';
import type { CallOptions, HttpAnswer, HttpCall } from './http.ts';
import { TOKEN_MARGIN_MS, TOKEN_RENEWAL_PAUSE_MS, type SparkLayerSettings } from './settings.ts';
import { SparkLayerError } from './spark-layer-error.ts';
import { TOKEN_PATH, TOKEN_ROUTE, tokenBody, tokenSchema } from './wire/token.ts';

/** Keeps the one token of a site: renewed early, one renewal at a time, everybody else waits for it. */
export interface Tokens {
  /** The caller's queue ends the waiting of one that is cancelled; the renewal goes on for the others. */
  get(call: CallOptions): Promise<string>;
  /** Forgets a token that was refused; a newer one stays. */
  refused(token: string): void;
}

export interface TokenDependencies {
  readonly clock: () => Date;
  readonly send: (call: HttpCall, token: null, options: CallOptions) => Promise<HttpAnswer>;
  /** Called when the client id or secret is refused; answers what to throw. */
  readonly onRefusal: (route: string) => SparkLayerError;
}

export function createTokens(settings: SparkLayerSettings, { clock, send, onRefusal }: TokenDependencies): Tokens {
  let current: { readonly token: string; readonly renewAt: number; readonly endsAt: number } | null = null;
  let renewal: Promise<string> | null = null;
  return {
    async get({ signal }) {
      signal.throwIfAborted();
      if (current && clock().getTime() < current.renewAt) return current.token;
      renewal ??= renewed().finally(() => (renewal = null));
      return renewal;
    },
    refused(token) {
      if (current?.token === token) current = null;
    },
  };

  /** A token that still lives carries on while the renewal meets a passing trouble. */
  async function renewed(): Promise<string> {
    try {
      return await renew();
    } catch (error) {
      const now = clock().getTime();
      // A 429 holds the calls anyway.
      const isPassing = error instanceof SparkLayerError && error.fate === 'wait' && error.code !== 'RATE_LIMITED';
      if (!isPassing || !current || now >= current.endsAt) throw error;
      current = { ...current, renewAt: now + TOKEN_RENEWAL_PAUSE_MS };
      return current.token;
    }
  }

  async function renew(): Promise<string> {
    const askedAt = clock().getTime();
    // Nobody's cancellation or deadline may end the renewal that others wait for; the HTTP time-out does.
    const unbound = { signal: new AbortController().signal, deadline: Number.POSITIVE_INFINITY };
    const body = JSON.stringify(tokenBody(settings));
    const answer = await send({ method: 'POST', path: TOKEN_PATH, route: TOKEN_ROUTE, body }, null, unbound);
    if (!isGood(answer)) {
      const error = toError(TOKEN_ROUTE, answer, clock());
      throw error.fate === 'wait' ? error : onRefusal(TOKEN_ROUTE);
    }
    const { access_token: token, expires_in } = readAnswer(TOKEN_ROUTE, tokenSchema, answer, clock());
    current = { token, renewAt: askedAt + renewAfterMs(settings, expires_in), endsAt: askedAt + expires_in * 1000 };
    return token;
  }
}

/** Never past its end, and not so early that a short life is all renewals. */
function renewAfterMs({ tokenRenewAfterSeconds }: SparkLayerSettings, lifeSeconds: number): number {
  const life = lifeSeconds * 1000;
  return tokenRenewAfterSeconds === undefined
    ? Math.max(life - TOKEN_MARGIN_MS, life / 2)
    : Math.min(tokenRenewAfterSeconds * 1000, life);
}
