import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { problemsPage } from '../../scripts/problems-page.ts';

test('the page of problems says what the catalogue says', async () => {
  const page = await readFile(new URL('../../docs/problems.md', import.meta.url), 'utf8');
  expect(page).toBe(problemsPage());
});
