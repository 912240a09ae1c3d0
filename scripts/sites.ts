import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { Option } from 'commander';

import { loadSite } from '../config/load-site.ts';
import type { Site } from '../config/site.ts';
import { CommandError, environment, EXIT } from './program.ts';

const FOLDER = 'config/sites';

/** `--site`, for commands that take several. */
export function sitesOption(): Option {
  return new Option('--site <file>', 'site file; may be repeated')
    .default([], `all in ${FOLDER} but the example`)
    .argParser((value: string, all: readonly string[]) => [...all, value]);
}

/** The sites named, or all of the folder but the example. All mistakes of a file are shown at once. */
export function loadSites(paths: readonly string[]): readonly Site[] {
  return siteFiles(paths).map((file) => loadSite(file, environment()));
}

/** The files named, or all of the folder but the example. */
export function siteFiles(paths: readonly string[]): readonly string[] {
  const files =
    paths.length > 0
      ? paths
      : readdirSync(FOLDER)
          .filter((name) => /\.ya?ml$/.test(name) && !name.startsWith('example.'))
          .map((name) => join(FOLDER, name));
  if (files.length === 0)
    throw new CommandError(
      `There is no site file in ${FOLDER}. Copy example.yaml there and fill it in, or name one with --site.`,
      EXIT.usage,
    );
  return files;
}
