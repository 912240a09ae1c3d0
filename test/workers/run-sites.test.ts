import { pino } from 'pino';
import { expect, test } from 'vitest';

import type { RunningSite } from '../../workers/run-site.ts';
import { runSites, type RunSites } from '../../workers/run-sites.ts';

/** A site whose workers end when they are stopped, or break. */
function aSite(name: string, { hangs }: { readonly hangs: 'never' | 'whenStopped' } = { hangs: 'never' }) {
  const workers = Promise.withResolvers<void>();
  const site = {
    name,
    stops: 0,
    breaks: (error: Error) => workers.reject(error),
    start: async (): Promise<RunningSite> => ({
      ended: workers.promise,
      async stop() {
        site.stops += 1;
        if (hangs === 'never') workers.resolve();
        await workers.promise;
      },
    }),
  };
  return site;
}

function run(sites: RunSites['sites'], given: Partial<RunSites> = {}) {
  const lines: string[] = [];
  const log = pino({ errorKey: 'error' }, { write: (line: string) => void lines.push(line) });
  const asked = new AbortController();
  const started = Promise.withResolvers<void>();
  const ended = runSites({
    sites,
    serverEnded: null,
    whenStarted: async () => started.resolve(),
    asked: asked.signal,
    patienceMs: 10_000,
    log,
    ...given,
  });
  return { ended, started: started.promise, asks: () => asked.abort(), lines };
}

test('a site that breaks is told by its name with its error, and takes the others along', async () => {
  const [north, south] = [aSite('north'), aSite('south')];
  const { ended, started, lines } = run([north, south]);
  await started;
  north.breaks(new Error('the workers have lost their queue'));
  expect(await ended).toBe('siteBroke');
  expect(south.stops).toBe(1);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    site: 'north',
    error: { message: 'the workers have lost their queue' },
  });
});

test('a site that cannot be started is told by its name, and the others do not go on without it', async () => {
  const south = aSite('south');
  const north = { name: 'north', start: () => Promise.reject(new Error('its journal cannot be opened')) };
  const { ended, lines } = run([north, south]);
  expect(await ended).toBe('siteBroke');
  expect(south.stops).toBe(1);
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
    { site: 'north', error: { message: 'its journal cannot be opened' } },
  ]);
});

test('a trouble once all have started, such as schedules that cannot be made, stops them and is thrown', async () => {
  const north = aSite('north');
  const { ended } = run([north], { whenStarted: () => Promise.reject(new Error('no schedule could be made')) });
  await expect(ended).rejects.toThrow('no schedule could be made');
  expect(north.stops).toBe(1);
});

test('a server that ends unasked ends all sites, and the log says what to do', async () => {
  const server = Promise.withResolvers<void>();
  const [north, south] = [aSite('north'), aSite('south')];
  const { ended, started, lines } = run([north, south], { serverEnded: server.promise });
  await started;
  server.resolve();
  expect(await ended).toBe('serverEnded');
  expect([north.stops, south.stops]).toEqual([1, 1]);
  expect(lines.join()).toContain('Start Instep again');
});

test('asked to stop they stop, and a server that is ended at the same time is no trouble', async () => {
  const server = Promise.withResolvers<void>();
  const [north, south] = [aSite('north'), aSite('south')];
  const { ended, started, asks, lines } = run([north, south], { serverEnded: server.promise });
  await started;
  asks();
  server.resolve();
  expect(await ended).toBe('asked');
  expect(lines).toEqual([]);
});

test('a site that does not stop after another broke does not keep the process for ever', async () => {
  const [north, south] = [aSite('north'), aSite('south', { hangs: 'whenStopped' })];
  const { ended, started, lines } = run([north, south], { patienceMs: 20 });
  await started;
  north.breaks(new Error('the workers have lost their queue'));
  expect(await ended).toBe('siteBroke');
  expect(lines.join()).toContain('not all sites have stopped in time');
});
