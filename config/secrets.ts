import type { SiteProblem } from './problems.ts';

/** What loading may read of the world; only workers and scripts have the real one. */
export interface Environment {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
}

const MEND = 'Write env:NAME (an environment variable) or file:PATH (a file that holds nothing but the secret).';

/** The secret that `env:NAME` or `file:PATH` names, or the problem why there is none. Messages never show a value. */
export function readSecret(text: string, path: string, environment: Environment): string | SiteProblem {
  const named = /^(env|file):(.+)$/.exec(text.trim());
  if (!named?.[2]) return { path, wrong: 'a secret stands here in clear text, or nothing does', mend: MEND };
  const [, kind, name] = named;
  if (kind === 'env') {
    const value = environment.variables[name]?.trim();
    return (
      value || {
        path,
        wrong: `the environment variable ${name} is not set`,
        mend: `Set ${name}, or name another variable.`,
      }
    );
  }
  try {
    return (
      environment.readFile(name).trim() || {
        path,
        wrong: `the file ${name} is empty`,
        mend: 'Write the secret into it.',
      }
    );
  } catch {
    return {
      path,
      wrong: `the file ${name} cannot be read`,
      mend: 'Create it, or correct the path and its permissions.',
    };
  }
}
