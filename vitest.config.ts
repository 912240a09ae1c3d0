import { defineConfig } from 'vitest/config';

/** Tests start dozens of processes; each would strip and compile the same sources again. */
const NODE_COMPILE_CACHE = new URL('./node_modules/.cache/instep-compile', import.meta.url).pathname;

const common = {
  env: { NODE_COMPILE_CACHE },
  testTimeout: 30_000,
  hookTimeout: 60_000,
  pool: 'forks',
} as const;

export default defineConfig({
  test: {
    maxWorkers: 4,
    projects: [
      {
        test: {
          ...common,
          name: 'rules',
          include: ['test/{activities,config,connectors,domain,sandbox}/**/*.test.ts'],
          // None of them leaves anything behind in its process.
          isolate: false,
        },
      },
      {
        test: {
          ...common,
          name: 'site',
          include: ['test/{replay,scripts,system,workers,workflows}/**/*.test.ts'],
          globalSetup: ['test/support/temporal.ts'],
        },
      },
    ],
  },
});
