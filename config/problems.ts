/** One mistake in a site file: where, what, and what to write instead. Never holds a secret. */
export interface SiteProblem {
  /** Path in the file, e.g. `erp.keys[0]`; empty = the file as a whole. */
  readonly path: string;
  /** Line of the file, from 1; of what is missing, the line of the part it belongs to. */
  readonly line?: number;
  readonly wrong: string;
  readonly mend: string;
}

/** All mistakes of a site file at once. */
export class SiteFileError extends Error {
  override readonly name = 'SiteFileError';
  readonly file: string;
  readonly problems: readonly SiteProblem[];

  constructor(file: string, problems: readonly SiteProblem[]) {
    const lines = problems.map(({ path, line, wrong, mend }) => {
      const place = `${path || '(file)'}${line === undefined ? '' : ` (line ${line})`}`;
      return `  ${place}: ${wrong}\n    → ${mend}`;
    });
    super(`${file} has ${problems.length} ${problems.length === 1 ? 'mistake' : 'mistakes'}:\n${lines.join('\n')}`);
    this.file = file;
    this.problems = problems;
  }
}

/** The closest of some names, for "did you mean"; null when none is close. */
export function closest(name: string, names: readonly string[]): string | null {
  const ranked = names
    .map((candidate) => ({ candidate, far: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((left, right) => left.far - right.far);
  const [best] = ranked;
  return best && best.far <= Math.max(2, Math.floor(name.length / 3)) ? best.candidate : null;
}

function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...left].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...right].entries())
      next.push(
        Math.min((next[column] ?? 0) + 1, (row[column + 1] ?? 0) + 1, (row[column] ?? 0) + (letter === other ? 0 : 1)),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}
