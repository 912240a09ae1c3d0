import type { ProblemCode } from '../problems.ts';
import { COMING_IN } from './coming-in.ts';
import { FEEDS } from './feeds.ts';
import { IN_THE_ERP } from './in-the-erp.ts';
import type { ProblemNote } from './problem-note.ts';
import { WATCHING } from './watching.ts';

const NOTES: Readonly<Partial<Record<ProblemCode, ProblemNote>>> = {
  ...COMING_IN,
  ...IN_THE_ERP,
  ...FEEDS,
  ...WATCHING,
};

/** What the page of a problem says besides the catalogue; null = nobody has written it yet, and a test fails. */
export function noteOfProblem(code: ProblemCode): ProblemNote | null {
  return NOTES[code] ?? null;
}
