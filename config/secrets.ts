import { list, loose, word, type Loose } from './loose.ts';
import type { SiteProblem } from './problems.ts';

/** What loading may read of the world; only workers and scripts have the real one. */
export interface Environment {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
}

export interface Secrets {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly keys: readonly string[];
  /** Of the channels of alerts, each by its name; empty where one has none. */
  readonly channels: Readonly<Record<string, string>>;
}

const MEND = 'Write env:NAME (an environment variable) or file:PATH (a file that holds nothing but the secret).';

/** Where the one secret of a channel stands: the address of a chat's webhook is all that it takes to write there. */
const CHANNEL_SECRETS: Readonly<Record<string, string>> = { email: 'password', slack: 'url', teams: 'url' };

/** All secrets that a file names, and what is wrong with the others. */
export function readSecrets(
  file: unknown,
  environment: Environment,
): { readonly values: Secrets; readonly problems: readonly SiteProblem[] } {
  const problems: SiteProblem[] = [];
  const read = (value: unknown, path: string): string => {
    if (typeof value !== 'string' || value.trim() === '') return '';
    const secret = readSecret(value, path, environment);
    if (typeof secret === 'string') return secret;
    problems.push(secret);
    return '';
  };
  const { storefront, erp, alerts } = loose(file);
  const readChannel = (name: string, settings: Loose): string => {
    const field = CHANNEL_SECRETS[word(settings['kind'])] ?? 'secret';
    const path = `alerts.channels.${name}.${field}`;
    const value = read(settings[field], path);
    if (field === 'url' && value !== '' && !/^https?:$/.test(URL.parse(value)?.protocol ?? ''))
      problems.push({
        path,
        wrong: 'what it names holds no web address',
        mend: 'Let it hold the address of the webhook.',
      });
    return value;
  };
  const { clientId, clientSecret } = loose(storefront);
  const values = {
    clientId: read(clientId, 'storefront.clientId'),
    clientSecret: read(clientSecret, 'storefront.clientSecret'),
    keys: list(loose(erp)['keys']).map((key, index) => read(key, `erp.keys[${index}]`)),
    channels: Object.fromEntries(
      Object.entries(loose(loose(alerts)['channels'])).map(([name, settings]) => [
        name,
        readChannel(name, loose(settings)),
      ]),
    ),
  };
  return { values, problems };
}

/** The secret that `env:NAME` or `file:PATH` names, or the problem why there is none. Messages never show a value. */
function readSecret(text: string, path: string, environment: Environment): string | SiteProblem {
  const [, kind, name] = /^(env|file):(.+)$/.exec(text.trim()) ?? [];
  // What no variable can be called may be the secret itself, and is not repeated.
  if (!name || (kind === 'env' && !/^[A-Za-z_]\w*$/.test(name)))
    return { path, wrong: 'a secret stands here in clear text, or nothing does', mend: MEND };
  const read = kind === 'env' ? variable(name, path, environment) : contentOf(name, path, environment);
  if (typeof read !== 'string' || /^[\x20-\x7e]+$/.test(read)) return read;
  return {
    path,
    wrong: `what ${name} holds has several lines, or characters that no header can carry`,
    mend: 'Let it hold the secret and nothing else, on one line.',
  };
}

function variable(name: string, path: string, { variables }: Environment): string | SiteProblem {
  const value = variables[name]?.trim();
  if (value) return value;
  return { path, wrong: `the environment variable ${name} is not set`, mend: `Set ${name}, or name another variable.` };
}

function contentOf(file: string, path: string, { readFile }: Environment): string | SiteProblem {
  try {
    const value = readFile(file).trim();
    return value || { path, wrong: `the file ${file} is empty`, mend: 'Write the secret into it.' };
  } catch {
    return {
      path,
      wrong: `the file ${file} cannot be read`,
      mend: 'Create it, or correct the path and its permissions.',
    };
  }
}
