import { CREDENTIAL_PROBE_MS, TOKEN_MARGIN_MS, type SparkLayerSettings } from './settings.ts';
import { readJson, send, toError, type CallOptions } from './http.ts';
import { SparkLayerError } from './spark-layer-error.ts';
import { TOKEN_PATH, tokenSchema } from './wire/token.ts';

/** Keeps the one token of a site: renewed early, one renewal at a time, everybody else waits for it. */
export interface Tokens {
  get(call: CallOptions): Promise<string>;
  /** Forgets a token that was refused; a newer one stays. */
  refused(token: string): void;
  /** The renewed token was refused too: a fault of configuration. Calls are refused here until the next probe. */
  close(): void;
}

export function createTokens(settings: SparkLayerSettings): Tokens {
  let current: { readonly token: string; readonly renewAt: number } | null = null;
  let renewal: Promise<string> | null = null;
  let closedUntil = 0;
  return {
    async get({ signal, deadline }) {
      if (current && Date.now() < current.renewAt) return current.token;
      if (Date.now() < closedUntil) throw refusal(closedUntil - Date.now());
      // Nobody's cancellation may end the renewal that others wait for.
      renewal ??= renew({
        signal: AbortSignal.timeout(settings.timeouts.requestMs * 2),
        deadline: Date.now() + settings.timeouts.requestMs * 2,
      }).finally(() => (renewal = null));
      if (deadline < Date.now())
        throw new SparkLayerError('token: no time left', { code: 'NO_TIME_LEFT', fate: 'wait' });
      signal.throwIfAborted();
      return renewal;
    },
    refused(token) {
      if (current?.token === token) current = null;
    },
    close() {
      current = null;
      closedUntil = Date.now() + CREDENTIAL_PROBE_MS;
    },
  };

  async function renew(call: CallOptions): Promise<string> {
    const { clientId, clientSecret } = settings;
    const body = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    const route = `POST ${TOKEN_PATH}`;
    const answer = await send(settings, { method: 'POST', path: TOKEN_PATH, route, headers: {}, body }, call);
    if (answer.status !== 200 && answer.status !== 201) {
      const error = toError(route, answer, new Date());
      if (error.fate === 'wait') throw error;
      closedUntil = Date.now() + CREDENTIAL_PROBE_MS;
      throw refusal(CREDENTIAL_PROBE_MS);
    }
    const parsed = tokenSchema.safeParse(readJson(route, answer));
    if (!parsed.success)
      throw new SparkLayerError(`${route}: the answer has no token`, { code: 'SCHEMA_DRIFT', fate: 'gate' });
    const life = parsed.data.expires_in * 1000;
    current = { token: parsed.data.access_token, renewAt: Date.now() + Math.max(life - TOKEN_MARGIN_MS, life / 2) };
    return current.token;
  }
}

function refusal(retryAfterMs: number): SparkLayerError {
  return new SparkLayerError('SparkLayer refuses the client id and secret of this site', {
    code: 'CREDENTIALS_REFUSED',
    fate: 'gate',
    status: 401,
    retryAfterMs,
  });
}
