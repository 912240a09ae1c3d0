import { spawn } from 'node:child_process';

const SCRIPT = new URL('../../scripts/instep.ts', import.meta.url).pathname;

export interface CliRun {
  readonly ended: Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  /** What it has told people so far. */
  told(): string;
  /** Ctrl-C. */
  interrupt(): void;
}

/** Nothing else of the tests' environment reaches the command line. */
const kept = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };

/** Runs the command line as a person would, against this Temporal server. */
export function runCli(address: string, ...args: readonly string[]): CliRun {
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    env: { ...kept, TEMPORAL_ADDRESS: address },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  return {
    ended: new Promise((resolve) => child.once('close', (code) => resolve({ code: code ?? -1, out, err }))),
    told: () => err,
    interrupt: () => void child.kill('SIGINT'),
  };
}
