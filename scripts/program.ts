import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';

import {
  connectClient,
  connectTemporal,
  type ClientConnection,
  type TemporalConnections,
} from '../workers/temporal-connection.ts';
import { freePort, resolveTemporal, startDevServer, type DevServer } from '../workers/temporal-server.ts';

/** Exit codes: 0 fine · 1 findings, or refused · 2 wrong usage or a wrong site file · 3 a system cannot be reached. */
export const EXIT = { fine: 0, findings: 1, usage: 2, unreachable: 3 } as const;

/** Ends a command with a message for people and an exit code that means something. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Data goes to stdout, everything else to stderr. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Who acts: the operating system's identity, never a free text (decision 41). */
export function actor(): string {
  return `${userInfo().username}@${hostname()}`;
}

export function environment() {
  return { variables: process.env, readFile: (path: string) => readFileSync(path, 'utf8') };
}

/** Journal, caches and the development server's data of this machine. */
export function dataFolder(): string {
  return process.env['INSTEP_DATA_DIR'] ?? join(process.cwd(), '.instep');
}

const LOCAL_PORT = 7233;
const UI_PORT_BEYOND = 1_000;

/** Port on which `instep start` serves its development server, so that the other commands find it. */
function localPort(): number {
  const named = process.env['INSTEP_TEMPORAL_PORT'] ?? '';
  if (named === '') return LOCAL_PORT;
  const port = /^\d{1,5}$/.test(named) ? Number(named) : 0;
  if (port >= 1 && port + UI_PORT_BEYOND <= 65_535) return port;
  throw new CommandError(
    `INSTEP_TEMPORAL_PORT is “${named}”. Name a port from 1 to ${65_535 - UI_PORT_BEYOND}; the UI is on that plus ${UI_PORT_BEYOND}.`,
    EXIT.usage,
  );
}

/** Connects to the server the environment names, or the one that `instep start` runs on this machine. */
export async function connect(): Promise<ClientConnection> {
  const named = await resolveNamed();
  const target = named ?? ({ kind: 'local', address: `127.0.0.1:${localPort()}` } as const);
  try {
    return await connectClient(target);
  } catch (error) {
    const where = target.kind === 'local' ? target.address : String(target.connection.address);
    throw new CommandError(
      `No Temporal server answers at ${where} (${error instanceof Error ? error.message : String(error)}).\nStart one with “instep start”, or set TEMPORAL_ADDRESS.`,
      EXIT.unreachable,
    );
  }
}

/** The server the environment names, or one of our own on stable ports; what was started must be stopped. */
export async function connectOrStart(): Promise<{
  readonly temporal: TemporalConnections;
  readonly server: DevServer | null;
}> {
  const resolved = await resolveTemporal({ env: process.env, say });
  if (resolved.kind === 'address') return { temporal: await connectTemporal(resolved), server: null };
  const dataFile = join(dataFolder(), 'temporal.db');
  const port = localPort();
  const server = await startDevServer({
    binary: resolved.path,
    dataFile,
    port,
    uiPort: port + UI_PORT_BEYOND,
    mode: 'normal',
  });
  say(`Temporal listens on ${server.address}; its UI is ${String(server.uiAddress)}; its data is in ${dataFile}.`);
  return { temporal: await connectTemporal({ kind: 'local', address: server.address }), server };
}

/** A development server on free ports with its data in a given folder. */
export async function startPrivateServer(folder: string): Promise<DevServer> {
  const resolved = await resolveTemporal({
    env: { ...process.env, TEMPORAL_ADDRESS: undefined, TEMPORAL_CONFIG_FILE: undefined, TEMPORAL_PROFILE: undefined },
    say,
  });
  if (resolved.kind === 'address') throw new CommandError('A server of its own is needed.', EXIT.unreachable);
  return startDevServer({
    binary: resolved.path,
    dataFile: join(folder, 'temporal.db'),
    port: await freePort(),
    uiPort: await freePort(),
    mode: 'normal',
  });
}

async function resolveNamed() {
  if (!process.env['TEMPORAL_ADDRESS'] && !process.env['TEMPORAL_CONFIG_FILE'] && !process.env['TEMPORAL_PROFILE'])
    return null;
  const resolved = await resolveTemporal({ env: process.env, say: () => undefined });
  return resolved.kind === 'address' ? resolved : null;
}
