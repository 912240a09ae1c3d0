import type { PriceWrite } from '../../domain/pricing/storefront-prices.ts';
import { checkDone, isGood, toError } from './answers.ts';
import type { Caller } from './caller.ts';
import type { CallOptions } from './http.ts';
import { priceBackoffMs } from './settings.ts';
import { sleep } from './sleep.ts';
import type { ProblemItem } from './spark-layer-error.ts';
import { faultyRows, pricingBody, pricingPath, WRITE_PRICING_ROUTE } from './wire/pricing.ts';

/** What became of the rows. Rows and SKUs are the same: each SKU goes once, with all its breaks. */
export interface PricesWritten {
  readonly written: number;
  /** Final: the same again would be refused again. `why` names a member or a code, never data. */
  readonly refused: readonly { readonly sku: string; readonly why: string }[];
  /** Not stored, because somebody else kept the list locked, or because time ran out. */
  readonly postponed: number;
}

export interface PricingWrites {
  readonly caller: Caller;
  readonly clock: () => Date;
  readonly rowsPerCall: number;
  /** How often a call that meets somebody else's is sent in all. */
  readonly rounds: number;
  readonly requestMs: number;
}

/** Calls spent at most on finding the rows that SparkLayer does not take; what is not found by then is refused as one. */
const MOST_SEARCHES = 40;

type Sent =
  | { readonly kind: 'stored' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'tooLarge' }
  | { readonly kind: 'refused'; readonly problems: readonly ProblemItem[] };

/**
 * Replaces all breaks of the SKUs given, in chunks. Rows that a 400 names are taken out and the rest is sent again; where
 * it names none, halves find them. A 409 is somebody else's call on the list: sent again after a growing pause. A 413
 * halves the chunk, and the chunks after it. Throws for everything that passes by itself or concerns the whole list: as
 * prices are absolute, whoever calls again sends what is missing.
 */
export async function writePricing(
  { caller, clock, rowsPerCall, rounds, requestMs }: PricingWrites,
  slug: string,
  rows: readonly PriceWrite[],
  call: CallOptions,
): Promise<PricesWritten> {
  const path = pricingPath(slug);
  const refused: { sku: string; why: string }[] = [];
  let [written, postponed, searches, size] = [0, 0, 0, rowsPerCall];

  const left = chunksOf(rows, size);
  for (let chunk = left.shift(); chunk; chunk = left.shift()) {
    const sent = postponed > 0 ? ({ kind: 'busy' } as const) : await send(chunk);
    switch (sent.kind) {
      case 'stored':
        written += chunk.length;
        break;
      case 'busy':
        postponed += chunk.length;
        break;
      case 'tooLarge':
        if (chunk.length === 1) refuse(chunk, 'too large');
        else {
          size = Math.min(size, Math.ceil(chunk.length / 2));
          left.unshift(...[chunk, ...left.splice(0)].flatMap((each) => chunksOf(each, size)));
        }
        break;
      case 'refused':
        left.unshift(...withoutFaulty(chunk, sent.problems));
    }
  }
  return { written, refused, postponed };

  /** What is left to send of a refused chunk. */
  function withoutFaulty(chunk: readonly PriceWrite[], problems: readonly ProblemItem[]): readonly PriceWrite[][] {
    const faulty = faultyRows(problems, chunk.length);
    const isGivenUp = chunk.length === 1 || searches >= MOST_SEARCHES;
    searches++;
    if (faulty.size > 0) {
      for (const [index, why] of faulty) refuse(chunk.slice(index, index + 1), why);
      const rest = chunk.filter((_, index) => !faulty.has(index));
      if (!isGivenUp) return rest.length > 0 ? [rest] : [];
      refuse(rest, 'refused together with others');
      return [];
    }
    if (!isGivenUp) return chunksOf(chunk, Math.ceil(chunk.length / 2));
    refuse(
      chunk,
      chunk.length === 1 ? problems[0]?.property || problems[0]?.code || 'not said' : 'refused together with others',
    );
    return [];
  }

  function refuse(these: readonly PriceWrite[], why: string): void {
    for (const { sku } of these) refused.push({ sku, why });
  }

  async function send(chunk: readonly PriceWrite[]): Promise<Sent> {
    const http = { method: 'PATCH', path, route: WRITE_PRICING_ROUTE, body: pricingBody(chunk) } as const;
    for (let round = 1; ; round++) {
      const answer = await caller.call(http, call);
      if (isGood(answer)) {
        checkDone(WRITE_PRICING_ROUTE, answer, clock());
        return { kind: 'stored' };
      }
      const error = toError(WRITE_PRICING_ROUTE, answer, clock());
      if (answer.status === 413) return { kind: 'tooLarge' };
      if (answer.status === 400) return { kind: 'refused', problems: error.problems };
      if (answer.status !== 409) throw error;
      const wait = priceBackoffMs(round - 1);
      if (round >= rounds || Date.now() + wait + requestMs > call.deadline) return { kind: 'busy' };
      await sleep(wait, call.signal);
    }
  }
}

function chunksOf(rows: readonly PriceWrite[], size: number): PriceWrite[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );
}
