import type * as z from 'zod';

import type { HttpAnswer } from './http.ts';
import { schemaDrift, SparkLayerError } from './spark-layer-error.ts';
import { problemsInWords, readProblems } from './wire/errors.ts';
import { retryAfterMs } from './wire/time.ts';

export function isGood({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}

/** How a body of SparkLayer's begins, cut off or not; it may also be empty (contract, section 3). */
const ITS_OWN = /^([{[]|null|$)/;

/**
 * Whether SparkLayer says that there is no such thing. A page or a line of text with status 404 is the word of something in
 * between (a gateway, a wrong address) and must not make an order count as withdrawn: it throws, to be tried again.
 */
export function isGone(route: string, { status, body }: HttpAnswer): boolean {
  if (status !== 404) return false;
  if (!ITS_OWN.test(body.trim())) throw unreadable(route, status);
  return true;
}

/** The JSON of a good answer, checked. Throws what the answer means when it is not good. */
export function readAnswer<Schema extends z.ZodType>(
  route: string,
  schema: Schema,
  answer: HttpAnswer,
  now: Date,
): z.output<Schema> {
  if (!isGood(answer)) throw toError(route, answer, now);
  return fitting(route, schema, readJson(route, answer));
}

/** Checks the answer to a write whose body nobody needs: none at all, or JSON. Throws as `readAnswer` does. */
export function checkDone(route: string, answer: HttpAnswer, now: Date): void {
  if (!isGood(answer)) throw toError(route, answer, now);
  if (answer.body.trim() !== '') readJson(route, answer);
}

/** What an answer that is no success means (contract, section 3). The status decides; a code only refines. */
export function toError(route: string, answer: HttpAnswer, now: Date): SparkLayerError {
  const { status, body } = answer;
  const problems = readProblems(body);
  const says = ['HTTP', status, problemsInWords(problems)].filter(Boolean).join(' ');
  const common = { route, says, status, problems };
  if (status === 429)
    return new SparkLayerError({
      ...common,
      code: 'RATE_LIMITED',
      fate: 'wait',
      retryAfterMs: retryAfterMs(answer, now),
    });
  if (status >= 500 || status === 408)
    return new SparkLayerError({
      ...common,
      code: 'SERVER_ERROR',
      fate: 'wait',
      retryAfterMs: retryAfterMs(answer, now),
    });
  // Nothing in the API redirects: something in between does.
  if (status < 400) return unreadable(route, status);
  if (status === 401) return new SparkLayerError({ ...common, code: 'CREDENTIALS_REFUSED', fate: 'gate' });
  return new SparkLayerError({ ...common, code: 'REFUSED', fate: 'park' });
}

/** HTML with 200, or half a body, is a passing trouble of something in between. */
function readJson(route: string, { body, status }: HttpAnswer): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw unreadable(route, status);
  }
}

function fitting<Schema extends z.ZodType>(route: string, schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw schemaDrift(route, pathOf(result.error));
}

/** Where a body does not fit, e.g. `packages.0.line_items`; never what stands there. */
export function pathOf({ issues: [issue] }: z.ZodError): string {
  return issue?.path.map(String).join('.') || 'its top';
}

function unreadable(route: string, status: number): SparkLayerError {
  const says = `HTTP ${status} with an answer that is not SparkLayer's`;
  return new SparkLayerError({ code: 'UNREADABLE_ANSWER', fate: 'wait', route, says, status });
}
