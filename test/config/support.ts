import { readFileSync } from 'node:fs';

import { parse, stringify } from 'yaml';

import { exampleSiteText, parseSite } from '../../config/load-site.ts';
import type { SiteProblem } from '../../config/problems.ts';
import type { Environment } from '../../config/secrets.ts';

export const EXAMPLE = new URL('../../config/sites/example.yaml', import.meta.url).pathname;

export const environment: Environment = {
  variables: {
    SPARKLAYER_CLIENT_ID: 'id',
    SPARKLAYER_CLIENT_SECRET: 'a-secret',
    BLUECHERRY_KEY_1: 'one',
    BLUECHERRY_KEY_2: 'two',
  },
  readFile: (path) => readFileSync(path, 'utf8'),
};

export type Plain = Record<string, Record<string, unknown>>;

/** The problems of the example after a change. */
export function problemsOf(change: (site: Plain) => void, world: Environment = environment): readonly SiteProblem[] {
  const site: Plain = parse(exampleSiteText());
  change(site);
  const parsed = parseSite(stringify(site), 'here', world);
  return parsed.ok ? [] : parsed.problems;
}
