import { parseSite } from '../../config/load-site.ts';
import type { Site } from '../../config/site.ts';

/** What a process that works for a bench's site is told by its environment. */
export interface Told {
  readonly address: string;
  readonly bundle: string;
  readonly siteName: string;
  readonly siteText: string;
  readonly variables: Readonly<Record<string, string>>;
  /** A worker keeps its files here, under the site's name. */
  readonly folder: string;
}

const VARIABLE = 'INSTEP_BENCH';

/** The environment of such a process. */
export function tell(told: Told): NodeJS.ProcessEnv {
  return { ...process.env, [VARIABLE]: JSON.stringify(told) };
}

export function readTold(): { readonly told: Told; readonly site: Site } {
  const told: Told = JSON.parse(process.env[VARIABLE] ?? '{}');
  return { told, site: siteOf(told) };
}

export function siteOf({ siteText, siteName, variables }: Pick<Told, 'siteText' | 'siteName' | 'variables'>): Site {
  const parsed = parseSite(siteText, siteName, { variables, readFile: () => '' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.site;
}
