import { pino, type Logger } from 'pino';

/** Whatever carries a credential, wherever it stands in a log line. */
const SECRETS = [
  'authorization',
  'clientSecret',
  'client_secret',
  'access_token',
  'apiKey',
  'keys',
  'Ocp-Apim-Subscription-Key',
];

/** The product's log: one JSON line each, on stderr, so that stdout stays for data. */
export function createLog(level: string): Logger {
  const paths = SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.headers["${name}"]`]);
  return pino({ level, errorKey: 'error', redact: { paths, censor: '***' } }, pino.destination(2));
}
