import { defineConfig } from 'vitest/config';

/** Tests start dozens of processes; each would strip and compile the same sources again. */
const NODE_COMPILE_CACHE = new URL('./node_modules/.cache/instep-compile', import.meta.url).pathname;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/temporal.ts'],
    env: { NODE_COMPILE_CACHE },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
