import * as z from 'zod';

import type { ProblemItem } from '../spark-layer-error.ts';

/** Codes that the contract invents until the true ones are known (A3, A24). A status decides first; a code only refines. */
export const CODES = {
  revisionOutdated: 'purchase-revision-outdated',
  identifierTaken: 'purchase-identifier-conflict',
} as const;

const problemSchema = z.looseObject({
  errors: z.array(z.looseObject({ code: z.string().default(''), property: z.string().default('') })).default([]),
});

/** Codes of an error body; both media types are read alike (A2), and a body may be missing or no JSON at all. */
export function readProblems(body: string): readonly ProblemItem[] {
  if (body.trim() === '') return [];
  const problem = problemSchema.safeParse(parsed(body));
  return problem.success ? problem.data.errors.map(({ code, property }) => ({ code, property })) : [];
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // A gateway's page: the status is all it tells.
    return null;
  }
}
