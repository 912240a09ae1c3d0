import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { loadProgram } from '../../scripts/load-program.ts';
import { runCli, runCliWith } from '../support/cli.ts';

const NOBODY = '127.0.0.1:1';
const instep = (...args: readonly string[]) => runCli(NOBODY, ...args).ended;

describe('the command line', () => {
  test.each([
    'start',
    'demo',
    'orders',
    'order',
    'cases',
    'case',
    'problems',
    'schedules',
    'feeds',
    'explain',
    'prove',
    'check-site',
    'audit',
    'report',
    'preview',
    'handover',
    'bench',
    'soak',
  ])('%s explains itself', async (name) => {
    const { commands } = await loadProgram(name);
    expect(commands.find((command) => command.name() === name)?.helpInformation()).toContain(`Usage: instep ${name}`);
  });

  test('asked for help it ends with 0', async () => {
    const { code, out } = await instep('orders', '--help');
    expect(code).toBe(0);
    expect(out).toContain('Usage: instep orders');
  });

  test('wrong usage ends with 2', async () => {
    expect((await instep('order', 'retry', 'B2B1')).code).toBe(2);
    expect((await instep('no-such-command')).code).toBe(2);
  });

  test('a month that there is not ends with 2 and says how one is written', async () => {
    const { code, err } = await instep('report', 'month-end', '--month', '2026-13');
    expect(code).toBe(2);
    expect(err).toContain('A month is written like 2026-10.');
  });

  test('a server that does not answer ends with 3 and says what to do', async () => {
    const { code, err } = await instep('orders');
    expect(code).toBe(3);
    expect(err).toMatch(/127\.0\.0\.1:1[\s\S]*TEMPORAL_ADDRESS/);
  });

  test.each(['abc', '0', '65000'])('a port that cannot be one (%s) ends with 2 and says which can', async (port) => {
    const { code, err } = await runCliWith({ INSTEP_TEMPORAL_PORT: port }, 'orders').ended;
    expect(code).toBe(2);
    expect(err).toContain(`INSTEP_TEMPORAL_PORT is “${port}”. Name a port from 1 to 64535`);
  });

  test('a wrong site file ends with 2 and shows every mistake', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'instep-cli-'));
    const file = join(folder, 'wrong.yaml');
    await writeFile(file, 'goLive: soon\ndivisions: []\nstorefront: {}\n');
    const { code, err } = await instep('check-site', file);
    await rm(folder, { recursive: true });
    expect(code).toBe(2);
    expect(err).toMatch(/mistakes[\s\S]*goLive[\s\S]*storefront\.clientSecret[\s\S]*erp/);
  });
});
