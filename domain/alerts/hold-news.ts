import type { Instant } from '../order-state.ts';
import type { HeldNews } from './alert-rules.ts';

/** More is not kept, but sent: what is kept must fit into one message to Temporal (about 1.5 KB each, 2 MB at most). */
export const MOST_HELD = 500;
/** So long may the sentence of a case be that is kept. */
const SENTENCE = 500;

/** Keeps news: of one case the latest, at the earliest of its times. */
export function holdNews(held: readonly HeldNews[], news: HeldNews): readonly HeldNews[] {
  const before = held.find((each) => each.case.id === news.case.id);
  const sendAt = before !== undefined && before.sendAt < news.sendAt ? before.sendAt : news.sendAt;
  const { says } = news.case;
  const kept = { ...news, case: { ...news.case, says: says.slice(0, SENTENCE) }, sendAt };
  return [...held.filter((each) => each !== before), kept];
}

/** What is to leave now; all of it when it is too much to be kept. */
export function dueOf(held: readonly HeldNews[], now: Instant): readonly HeldNews[] {
  return (held.length >= MOST_HELD ? held : held.filter(({ sendAt }) => sendAt <= now)).slice(0, MOST_HELD);
}

/** When the next is to leave; null = nothing is kept. */
export function nextOf(held: readonly HeldNews[]): Instant | null {
  return held.map(({ sendAt }) => sendAt).toSorted()[0] ?? null;
}
