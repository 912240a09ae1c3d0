import type { Environment } from './secrets.ts';

/** What stands in for every secret; an address too, because that of a chat is one. */
export const NOT_READ = 'https://secret.invalid/not-read';

/**
 * An environment in which every secret has this text: for what only looks at the file, and shall work where the secrets
 * are not. `siteFile` is the one file that is really read.
 */
export function withoutSecrets(environment: Environment, siteFile: string): Environment {
  return {
    variables: new Proxy({}, { get: () => NOT_READ }),
    readFile: (path) => (path === siteFile ? environment.readFile(path) : NOT_READ),
  };
}
