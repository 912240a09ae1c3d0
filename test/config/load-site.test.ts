import { readFileSync } from 'node:fs';

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';

import { loadSite, parseSite } from '../../config/load-site.ts';

const EXAMPLE = new URL('../../config/sites/example.yaml', import.meta.url);
const variables = {
  SPARKLAYER_CLIENT_ID: 'id',
  SPARKLAYER_CLIENT_SECRET: 'a-secret',
  BLUECHERRY_KEY_1: 'one',
  BLUECHERRY_KEY_2: 'two',
};
const environment = { variables, readFile: (path: string) => readFileSync(path, 'utf8') };

type Plain = Record<string, Record<string, unknown>>;

function problemsOf(change: (site: Plain) => void): readonly { path: string; wrong: string; mend: string }[] {
  const site: Plain = parse(readFileSync(EXAMPLE, 'utf8'));
  change(site);
  const parsed = parseSite(stringify(site), 'here', environment);
  return parsed.ok ? [] : parsed.problems;
}

test('the example is complete and valid', () => {
  const site = loadSite(EXAMPLE.pathname, environment);
  expect(site).toMatchObject({
    name: 'example',
    divisions: ['01', '02'],
    erp: { keys: ['one', 'two'], limits: { concurrent: 2, burstPerSecond: 5, perMinute: 60 } },
    rules: { purchaseOrder: { field: 'po_num', maxLength: 22 } },
  });
  expect(site.ownHoldCodes).toEqual(['LOC']);
});

test('ten mistakes are ten problems, each with its place and its mend', () => {
  const problems = problemsOf((site) => {
    Object.assign(site, { goLive: 'soon' });
    site['storefront']!['clientSecret'] = 'in clear text';
    site['storefront']!['baseUrll'] = site['storefront']!['baseUrl'];
    delete site['storefront']!['baseUrl'];
    site['erp']!['environment'] = 'live';
    site['erp']!['zone'] = 'Moon/Base';
    site['erp']!['keys'] = ['env:NOT_SET'];
    site['erp']!['writeMode'] = 'carrier pigeon';
    site['locations']!['defaultWarehouse'] = { '01': 'W01' };
    site['payment']!['unknownMethod'] = { treatAs: 'barter' };
    site['sku']!['pattern'] = '{colour}-{style}';
  });
  expect(problems.map(({ path }) => path).toSorted()).toEqual(
    [
      'goLive',
      'storefront.clientSecret',
      'storefront.baseUrll',
      'erp.baseUrl',
      'erp.zone',
      'erp.keys[0]',
      'erp.writeMode',
      'locations.defaultWarehouse',
      'payment.unknownMethod.treatAs',
      'sku.pattern',
    ].toSorted(),
  );
  expect(problems.every(({ wrong, mend }) => wrong !== '' && mend !== '')).toBe(true);
});

describe('a mistake is told so that it can be mended', () => {
  test.each<[string, (site: Plain) => void, string, RegExp]>([
    [
      'a misspelt setting',
      (site) => (site['erp']!['limits'] = { concurent: 2 }),
      'erp.limits.concurent',
      /Did you mean “concurrent”/,
    ],
    [
      'a code that YAML took for a number',
      (site) => (site['locations']!['defaultHoldCode'] = 42),
      'locations.defaultHoldCode',
      /Quote codes/,
    ],
    [
      'a division nobody sells',
      (site) => (site['locations']!['defaultWarehouse'] = { '01': 'W01', '02': 'W01', '03': 'W01' }),
      'locations.defaultWarehouse.03',
      /Add it to divisions/,
    ],
    [
      'a location named twice',
      (site) =>
        (site['locations']!['table'] = [
          { location: 'a', warehouses: {} },
          { location: 'a', warehouses: {} },
        ]),
      'locations.table[1].location',
      /one row/,
    ],
    [
      'a PO longer than its field',
      (site) => {
        site['erp']!['fieldLengths'] = { po_num: 20 };
        site['purchaseOrder'] = { maxLength: 30 };
      },
      'purchaseOrder.maxLength',
      /no longer than the field/,
    ],
    [
      'an address of the other environment',
      (site) => (site['erp']!['baseUrl'] = 'https://h/T/LIVE'),
      'erp.baseUrl',
      /agree/,
    ],
    [
      'a poll that is too slow for its promise',
      (site) => (site['intake'] = { pollSeconds: 300 }),
      'intake.pollSeconds',
      /60/,
    ],
  ])('%s', (_, change, path, mend) => {
    const [problem] = problemsOf(change);
    expect(problem).toMatchObject({ path, mend: expect.stringMatching(mend) });
  });

  test('a syntax error names its line', () => {
    const parsed = parseSite('goLive: [', 'here', environment);
    expect(parsed).toMatchObject({ ok: false, problems: [{ wrong: expect.stringContaining('line 1') }] });
  });

  test('no secret is ever shown', () => {
    const problems = problemsOf((site) => {
      site['storefront']!['clientSecret'] = 'hunter2';
      site['erp']!['keys'] = ['hunter3'];
    });
    expect(problems).toHaveLength(2);
    expect(JSON.stringify(problems)).not.toMatch(/hunter/);
  });
});

test('any text is answered with problems and never with an exception', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const parsed = parseSite(text, 'here', environment);
      expect(parsed.ok).toBe(false);
    }),
    { numRuns: 300, seed: 42 },
  );
});
