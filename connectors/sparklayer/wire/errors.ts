import * as z from 'zod';

import type { ProblemItem } from '../spark-layer-error.ts';

/** Codes that the contract invents until the true ones are known (A3). A status decides first; a code only refines. */
export const CODES = {
  revisionOutdated: 'purchase-revision-outdated',
  identifierTaken: 'purchase-identifier-conflict',
  /** Seen [D]. */
  exists: 'resource-already-exists',
  notFound: 'resource-id-not-found',
} as const;

const items = z.array(z.unknown());
const problem = z.looseObject({ errors: items });
const text = z.string().catch('');
/** Of a problem object, or of the bare array that price calls answer (`line` is 1-based, assumed: A4). */
const item = z.looseObject({
  code: text,
  property: text,
  field: text,
  line: z.number().int().nullable().catch(null),
});

/**
 * The entries of an error body: a problem object under either media type (A2), a bare array, or nothing at all where the
 * body is empty, cut off or no JSON. Texts for people are left out, for they may hold data.
 */
export function readProblems(body: string): readonly ProblemItem[] {
  if (body.trim() === '') return [];
  const read = z.union([items, problem.transform(({ errors }) => errors)]).safeParse(parsed(body));
  if (!read.success) return [];
  return read.data.flatMap((entry) => {
    const { success, data } = item.safeParse(entry);
    return success ? [{ code: data.code, property: data.property || data.field, line: data.line }] : [];
  });
}

/** Which row of a batch an entry means, and which of its members: `<index>.<member>`, index from 0 (A3); null = none. */
export function rowNamed({ property }: ProblemItem): { readonly index: number; readonly member: string } | null {
  const [whole, index, member = ''] = /^(\d{1,6})(?:\.(.+))?$/.exec(property) ?? [];
  return whole === undefined ? null : { index: Number(index), member };
}

/** As much of it as is surely a code or the name of a member: `(purchase-revision-outdated on revision_date)`. */
export function problemsInWords(problems: readonly ProblemItem[]): string {
  const words = problems.map(({ code, property, line }) =>
    [
      /^[a-z][a-z-]{0,59}$/.test(code) && code,
      /^[\w.[\]]{1,80}$/.test(property) && `on ${property}`,
      line && `in line ${line}`,
    ]
      .filter(Boolean)
      .join(' '),
  );
  const known = words.filter(Boolean).slice(0, 5).join(', ');
  return known && `(${known})`;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // A gateway's page, or half an answer: the status is all it tells.
    return null;
  }
}
