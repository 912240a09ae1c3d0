import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

import { crossCheck } from './cross-checks.ts';
import { explainIssues } from './explain-issue.ts';
import { SiteFileError, type SiteProblem } from './problems.ts';
import { readYaml } from './read-yaml.ts';
import { siteSchema } from './schema.ts';
import { readSecrets, type Environment } from './secrets.ts';
import type { Site } from './site.ts';
import { toSite } from './to-site.ts';

export type ParsedSite =
  | { readonly ok: true; readonly site: Site }
  | { readonly ok: false; readonly problems: readonly SiteProblem[] };

/** Reads a site file; throws `SiteFileError` with all its mistakes at once. */
export function loadSite(path: string, environment: Environment): Site {
  const name = basename(path).replace(/\.ya?ml$/, '');
  let text: string;
  try {
    text = environment.readFile(path);
  } catch {
    throw new SiteFileError(path, [
      {
        path: '',
        wrong: 'the file cannot be read',
        mend: 'Correct the path, or copy config/sites/example.yaml there.',
      },
    ]);
  }
  const parsed = parseSite(text, name, environment);
  if (!parsed.ok) throw new SiteFileError(path, parsed.problems);
  return parsed.site;
}

/** Checks the text of a site file. Never throws; every mistake has its place and its mend, in the order of the file. */
export function parseSite(text: string, name: string, environment: Environment): ParsedSite {
  const named = nameProblems(name);
  const { fatal, doubled, file, lineOf } = readYaml(text);
  if (fatal.length > 0) return { ok: false, problems: [...named, ...inOrder([...fatal, ...doubled])] };
  const shaped = siteSchema.safeParse(file);
  const secrets = readSecrets(file, environment);
  const found = [
    ...(shaped.success ? [] : explainIssues(shaped.error.issues, file)),
    ...crossCheck(file),
    ...secrets.problems,
  ].map((problem) => {
    const line = lineOf(problem.path);
    return line === undefined ? problem : { ...problem, line };
  });
  const problems = [...named, ...inOrder([...doubled, ...found])];
  if (!shaped.success || problems.length > 0) return { ok: false, problems };
  const version = createHash('sha256').update(text).digest('hex').slice(0, 10);
  return { ok: true, site: toSite(shaped.data, { name, version, secrets: secrets.values }) };
}

/** The example's text, to make other site files from. */
export function exampleSiteText(): string {
  return readFileSync(new URL('sites/example.yaml', import.meta.url), 'utf8');
}

function nameProblems(name: string): readonly SiteProblem[] {
  if (/^[a-z0-9][a-z0-9-]*$/.test(name)) return [];
  return [
    {
      path: '',
      wrong: `the file's name “${name}” cannot name a site`,
      mend: 'Use lower-case letters, digits and hyphens.',
    },
  ];
}

/** From the top of the file to its end; what is missing altogether comes last. */
function inOrder(problems: readonly SiteProblem[]): readonly SiteProblem[] {
  return problems.toSorted(
    (left, right) => (left.line ?? Number.MAX_SAFE_INTEGER) - (right.line ?? Number.MAX_SAFE_INTEGER),
  );
}
