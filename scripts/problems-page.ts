import { severityOf } from '../domain/cases/severity-of.ts';
import { noteOfProblem } from '../domain/problem-notes/note-of-problem.ts';
import { RAISED_BY } from '../domain/problem-notes/problem-note.ts';
import { problemCodes, problemKind, type ProblemCode } from '../domain/problems.ts';
import { REPAIR_WORDS } from '../domain/repair-words.ts';

const FATES = {
  wait: 'waits; goes on by itself',
  proceedWithReview: 'goes in, with a review',
  park: 'waits for a person',
  gate: 'site or feed waits; resumes by itself',
} as const;

const ENDS = {
  wait: 'It ends by itself, with the next look or run that no longer meets it.',
  proceedWithReview: 'It ends with what is pressed above, or when the next look at the order no longer meets it.',
  park: 'The order waits until somebody presses something above; nothing is sent before. Its purchase changed: the order is decided anew by itself.',
  gate: 'All that waited goes on by itself when the cause is gone; nothing is lost meanwhile.',
} as const;

/** What a person may let pass for one run of a feed. */
const GUARDS: readonly ProblemCode[] = [
  'PURCHASES_VANISHED',
  'CUSTOMERS_SHRUNKEN',
  'CATALOGUE_SHRUNKEN',
  'STOCK_INCOMPLETE',
  'STOCK_STALE',
  'STOCK_SHRUNKEN',
  'PRICES_SHRUNKEN',
];

/** `docs/problems.md`, from the one catalogue: what each code means for an order, whose it is, what ends it. */
export function problemsPage(): string {
  const rows = problemCodes()
    .map(problemKind)
    .map(
      ({ code, fate, owner, mend, press }) =>
        `| [\`${code}\`](problems/${code}.md) | ${owner} | ${FATES[fate]} | ${mend} | ${press.map((repair) => `\`${repair}\``).join(' ')} |`,
    );
  return [
    '# Problems',
    '',
    'Made from `domain/problems.ts` by `npm run docs`; a test fails when the two differ. The code is the search attribute',
    '`Attention`; each press is an update of the order’s workflow and a command (`instep order …`). Each code has a page of',
    'its own: what happened, whose it is, what to do with an example, what ends it, what it is not.',
    '',
    '| code | owner | the order | what ends it | press |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** The pages of all codes: file name → text. */
export function problemPages(): ReadonlyMap<string, string> {
  return new Map(problemCodes().map((code) => [`${code}.md`, problemPage(code)]));
}

function problemPage(code: ProblemCode): string {
  const { fate, owner, mend, press } = problemKind(code);
  const { happened, isNot, raisedBy } = noteOfProblem(code) ?? { happened: mend, isNot: '', raisedBy: [] };
  const isOrders = press.length > 0;
  return [
    `# ${code}`,
    '',
    happened,
    '',
    '| | |',
    '|---|---|',
    `| whose it is | ${owner} |`,
    `| how urgent | ${severityOf(code, {})}, unless the site file says otherwise (\`cases.severities\`) |`,
    `| the order, or the feed | ${FATES[fate]} |`,
    `| met by | ${raisedBy.map((by) => RAISED_BY[by]).join('; ')} |`,
    '',
    '## What to do',
    '',
    mend,
    '',
    ...(isOrders
      ? [
          'To press on the order’s page in Temporal’s UI (an update of this name), or as a command:',
          '',
          '| press | what it does | for example |',
          '|---|---|---|',
          ...press.map((repair) => {
            const { does, command } = REPAIR_WORDS[repair];
            return `| \`${repair}\` | ${does} | \`${command}\` |`;
          }),
          '',
          'Many orders of one cause are one case: `instep cases --code ' + code + '` shows it, and',
          '`instep case repair <case> <act> --reason "…"` asks one of its orders first, then the rest.',
          '',
        ]
      : [
          `There is nothing to press on an order. \`instep cases --code ${code}\` shows the case and what it concerns.`,
          '',
        ]),
    ...(GUARDS.includes(code)
      ? [
          'It is as it should be: let one run past the guard, with a reason:',
          '',
          '```',
          `instep feeds run ${raisedBy[0] ?? '<feed>'} --site <file> --let-pass ${code} --reason "end of season"`,
          '```',
          '',
        ]
      : []),
    '## What ends it',
    '',
    raisedBy.length > 0 && raisedBy.every((by) => by === 'audit-site')
      ? 'It ends with the next audit that no longer finds it: tonight’s, or at once by `instep feeds run audit-site --site <file>`.'
      : ENDS[fate],
    '',
    ...(isNot === '' ? [] : ['## What it is not', '', isNot, '']),
    '---',
    '',
    'Made by `npm run docs`. [All problems](../problems.md)',
    '',
  ].join('\n');
}
