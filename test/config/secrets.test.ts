import { expect, test } from 'vitest';

import { exampleSiteText, parseSite } from '../../config/load-site.ts';
import { environment, problemsOf } from './support.ts';

test('a secret is read from the file that the site file names', () => {
  const world = { ...environment, readFile: (path: string) => (path === '/run/key' ? ' from-file\n' : '') };
  const text = exampleSiteText().replace('env:BLUECHERRY_KEY_1', 'file:/run/key');
  expect(parseSite(text, 'here', world)).toMatchObject({ ok: true, site: { erp: { keys: ['from-file', 'two'] } } });
});

test.each([
  ['a variable that is not set', 'env:NOT_SET', /NOT_SET is not set/, /Set NOT_SET/],
  ['a file that is not there', 'file:/not/there', /\/not\/there cannot be read/, /Create it/],
  ['a file that is empty', 'file:/dev/null', /is empty/, /Write the secret/],
  ['a literal', 'hunter2', /clear text/, /env:NAME/],
  ['a literal behind the word env', 'env:hunter2!', /clear text/, /env:NAME/],
])('%s is a problem with its mend', (_, given, wrong, mend) => {
  const problems = problemsOf((site) => (site['storefront']!['clientSecret'] = given));
  expect(problems).toEqual([
    {
      path: 'storefront.clientSecret',
      line: expect.any(Number),
      wrong: expect.stringMatching(wrong),
      mend: expect.stringMatching(mend),
    },
  ]);
});

test('a secret of two lines is refused before it reaches a header', () => {
  const world = { ...environment, variables: { ...environment.variables, BLUECHERRY_KEY_1: 'hunter2\nhunter3' } };
  const problems = problemsOf(() => {}, world);
  expect(problems.map(({ path }) => path)).toEqual(['erp.keys[0]']);
  expect(JSON.stringify(problems)).not.toContain('hunter');
});

test.each(['https://u:hunter2@host/T/TEST', 'https://host/T/TEST?key=hunter2'])(
  'an address that holds a secret is refused: %s',
  (baseUrl) => {
    const problems = problemsOf((site) => (site['erp']!['baseUrl'] = baseUrl));
    expect(problems.map(({ path }) => path)).toEqual(['erp.baseUrl']);
    expect(JSON.stringify(problems)).not.toContain('hunter');
  },
);

test.each([
  'hunter2',
  '"a" hunter2',
  'hunter2: x',
  '@hunter2',
  '!hunter2 x',
  '*hunter2',
  '|hunter2',
  '"\\uhunter2"',
  '{hunter2: 1}',
  '[hunter2]',
])('no message repeats what stands where a secret belongs: %s', (written) => {
  for (const text of [
    `storefront:\n  clientSecret: ${written}\n  siteId: a\n`,
    `erp:\n  keys: ${written}\n`,
    'storefront: {clientSecret:hunter2, siteId: a}\n',
  ]) {
    const parsed = parseSite(text, 'here', environment);
    expect(parsed.ok).toBe(false);
    expect(JSON.stringify(parsed)).not.toContain('hunter');
  }
});
