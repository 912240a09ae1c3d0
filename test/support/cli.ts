import { spawn } from 'node:child_process';

const SCRIPT = new URL('../../scripts/instep.ts', import.meta.url).pathname;

export interface CliRun {
  readonly ended: Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  /** What it has told people so far. */
  told(): string;
  /** When it has told people these words; rejects when it has ended without. */
  tells(words: string): Promise<void>;
  /** Ctrl-C. */
  interrupt(): void;
}

/** Nothing else of the tests' environment reaches the command line. */
const kept = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };

/** Runs the command line as a person would, against this Temporal server. */
export function runCli(address: string, ...args: readonly string[]): CliRun {
  return runCliWith({ TEMPORAL_ADDRESS: address }, ...args);
}

/** Runs the command line with these environment variables. */
export function runCliWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): CliRun {
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    env: { ...kept, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  return {
    ended: new Promise((resolve) => child.once('close', (code) => resolve({ code: code ?? -1, out, err }))),
    told: () => err,
    tells: (words) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (err.includes(words)) resolve();
        };
        child.stderr.on('data', look);
        child.once('close', () => reject(new Error(`it never told “${words}”: ${err}`)));
        look();
      }),
    interrupt: () => void child.kill('SIGINT'),
  };
}
