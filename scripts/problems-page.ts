import { problemCodes, problemKind } from '../domain/problems.ts';

const FATES = {
  wait: 'waits; goes on by itself',
  proceedWithReview: 'goes in, with a review',
  park: 'waits for a person',
  gate: 'site or feed waits; resumes by itself',
} as const;

/** `docs/problems.md`, from the one catalogue: what each code means for an order, whose it is, what ends it. */
export function problemsPage(): string {
  const rows = problemCodes()
    .map(problemKind)
    .map(
      ({ code, fate, owner, mend, press }) =>
        `| \`${code}\` | ${owner} | ${FATES[fate]} | ${mend} | ${press.map((repair) => `\`${repair}\``).join(' ')} |`,
    );
  return [
    '# Problems',
    '',
    'Made from `domain/problems.ts` by `npm run docs`; a test fails when the two differ. The code is the search attribute',
    '`Attention`; each press is an update of the order’s workflow and a command (`instep order …`).',
    '',
    '| code | owner | the order | what ends it | press |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
