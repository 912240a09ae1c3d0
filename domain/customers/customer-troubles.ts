import { findingOf, type Finding } from '../findings.ts';
import type { ProblemCode } from '../problems.ts';
import type { StorefrontAccount } from './customer-rules.ts';

/** One thing that is wrong with one customer, or with one store of it. */
export interface CustomerTrouble {
  readonly code: ProblemCode;
  /** What makes it one cause with others: the terms code, the price level, the division; '' = the site. */
  readonly key: string;
  /** What it is about, for as long as it lasts: the storefront's id, or an ERP code. */
  readonly about: string;
  /** As people call it. */
  readonly name: string;
  /** In words, the same for all of one code and key. */
  readonly says: string;
}

/** Codes whose first day matters: a buyer who registers shall not wait until the first order parks. */
const DATED = ['CUSTOMER_WITHOUT_ERP_CODE', 'CUSTOMER_NOT_IN_ERP', 'CUSTOMER_INACTIVE_IN_ERP'] as const;

/** How many troubles a run's result remembers. With more of them only so many, always the same ones, are dated. */
export const MOST_REMEMBERED = 5_000;

/**
 * Which troubles a run knew, small enough for its result: hashes in ascending order. Where there were more than fit, the
 * ones beyond the last kept are not remembered, and never called new.
 */
export interface KnownTroubles {
  readonly hashes: readonly string[];
  readonly isWhole: boolean;
}

export function rememberTroubles(troubles: readonly CustomerTrouble[]): KnownTroubles {
  const hashes = [...new Set(troubles.filter(isDated).map(hashOf))].toSorted();
  return { hashes: hashes.slice(0, MOST_REMEMBERED), isWhole: hashes.length <= MOST_REMEMBERED };
}

/** The dated troubles that the last run did not know; of the first run none can be told to be new. */
export function newTroubles(
  troubles: readonly CustomerTrouble[],
  known: KnownTroubles | null,
): ReadonlySet<CustomerTrouble> {
  if (known === null) return new Set();
  const before = new Set(known.hashes);
  const last = known.hashes.at(-1) ?? '';
  return new Set(
    troubles.filter((trouble) => {
      if (!isDated(trouble)) return false;
      const hash = hashOf(trouble);
      return !before.has(hash) && (known.isWhole || hash <= last);
    }),
  );
}

/** One finding for each cause, those that are new first. */
export function toFindings(
  troubles: readonly CustomerTrouble[],
  fresh: ReadonlySet<CustomerTrouble>,
): readonly Finding[] {
  const causes = Map.groupBy(troubles, ({ code, key }) => `${code}\n${key}`);
  return [...causes.values()].flatMap((all) => {
    const [first] = all;
    if (!first) return [];
    const news = all.filter((trouble) => fresh.has(trouble));
    const others = all.filter((trouble) => !fresh.has(trouble));
    const concerns = [...news, ...others].map(({ name }) => name);
    const says = news.length > 0 ? `${first.says} New since the last run: ${news.length}.` : first.says;
    return findingOf(first.code, concerns, { key: first.key, says }) ?? [];
  });
}

/** What a customer is called in lists for people: its ERP code, and its company beside it. */
export function customerName({ id, erpCode, company }: StorefrontAccount): string {
  return [erpCode ?? id, company && `(${company})`].filter(Boolean).join(' ');
}

function isDated({ code }: CustomerTrouble): boolean {
  return DATED.some((dated) => dated === code);
}

/** FNV-1a in 32 bits: of 5,000 known ones a new one meets another once in a million. */
function hashOf({ code, key, about }: CustomerTrouble): string {
  const text = `${code}\n${key}\n${about}`;
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
