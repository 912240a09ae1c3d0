import PQueue from 'p-queue';

import { isGood, toError } from './answers.ts';
import { createCredentialGate } from './credential-gate.ts';
import { createHold } from './hold.ts';
import { createHttp, type CallOptions, type HttpAnswer, type HttpCall } from './http.ts';
import type { Log } from './log.ts';
import type { SparkLayerSettings } from './settings.ts';
import { createTokens } from './tokens.ts';

/** Calls of one site: paced, held back after a 429, and with a token that is accepted. */
export interface Caller {
  /** Answers whatever status came, but 401: that renews the token once and repeats once, and then stops the site. */
  call(http: HttpCall, options: CallOptions): Promise<HttpAnswer>;
  /** Waits for the calls under way and lets the connections go. */
  close(): Promise<void>;
}

export function createCaller(
  settings: SparkLayerSettings,
  { clock, log }: { readonly clock: () => Date; readonly log: Log },
): Caller {
  const http = createHttp(settings);
  const hold = createHold(settings.timeouts.requestMs);
  const gate = createCredentialGate({ clock, log });
  const tokens = createTokens(settings, { clock, send, onRefusal: (route) => gate.refused(route) });
  const queue = new PQueue({
    concurrency: settings.concurrency,
    ...(settings.minGapMs > 0 ? { interval: settings.minGapMs, intervalCap: 1 } : {}),
  });
  return {
    async call(request, options) {
      for (;;) {
        await hold.over(request.route, options);
        const answer = await queue.add(async () => (hold.isOn() ? null : authorized(request, options)), {
          signal: options.signal,
        });
        // A 429 came while this call waited for its turn.
        if (answer) return answer;
      }
    },
    async close() {
      await queue.onIdle();
      http.close();
    },
  };

  async function authorized(request: HttpCall, options: CallOptions): Promise<HttpAnswer> {
    const pass = gate.enter(request.route);
    const token = await tokens.get(options);
    let answer = await send(request, token, options);
    if (answer.status === 401) {
      tokens.refused(token);
      const renewed = await tokens.get(options);
      answer = await send(request, renewed, options);
      if (answer.status === 401) {
        tokens.refused(renewed);
        throw gate.refused(request.route);
      }
    }
    gate.accepted(pass);
    return answer;
  }

  async function send(request: HttpCall, token: string | null, options: CallOptions): Promise<HttpAnswer> {
    const answer = await http.send(request, token, options);
    if (isGood(answer)) hold.reset();
    if (answer.status === 429) {
      const { route } = request;
      const ms = hold.start(toError(route, answer, clock()).retryAfterMs);
      log.warn({ route, ms }, 'SparkLayer asks to wait; the calls of this site are held');
      // So that whoever reads the answer waits as long as the site does.
      return { ...answer, retryAfter: String(ms / 1000) };
    }
    return answer;
  }
}
