import { readFileSync } from 'node:fs';

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';

import { exampleSiteText, loadSite, parseSite } from '../../config/load-site.ts';
import { SiteFileError } from '../../config/problems.ts';
import { siteSchema } from '../../config/schema.ts';
import { environment, EXAMPLE, problemsOf, type Plain } from './support.ts';

describe('the example', () => {
  test('is valid', () => {
    const site = loadSite(EXAMPLE, environment);
    expect(site).toMatchObject({
      name: 'example',
      goLive: '2026-01-01T00:00:00.000Z',
      divisions: ['01', '02'],
      erp: { keys: ['one', 'two'], limits: { concurrent: 2, burstPerSecond: 5, perMinute: 60 } },
      rules: { purchaseOrder: { field: 'po_num', maxLength: 22 } },
    });
    expect(site.ownHoldCodes).toEqual(['LOC']);
  });

  test('names every setting there is', () => {
    expect(missingFrom(parse(exampleSiteText()), namesOf(siteSchema))).toEqual([]);
  });

  test('shows the defaults, but where it says otherwise', () => {
    const example: Plain = parse(exampleSiteText());
    const least = {
      goLive: example['goLive'],
      divisions: example['divisions'],
      storefront: only(example['storefront'], ['baseUrl', 'siteId', 'clientId', 'clientSecret']),
      erp: only(example['erp'], ['baseUrl', 'environment', 'keys']),
      locations: only(example['locations'], ['defaultWarehouse', 'defaultHoldCode']),
      payment: only(example['payment'], ['methods']),
    };
    const full = siteSchema.parse(example);
    const bare = siteSchema.parse(least);
    expect({
      ...full,
      erp: { ...full.erp, errorTexts: {}, fieldLengths: {} },
      locations: { ...full.locations, table: [], byShipTo: [] },
      shipping: { ...full.shipping, methods: {}, terms: '', shipTo: 'knownStoreRequired' },
      money: { ...full.money, roundingCode: '' },
      amendments: { ...full.amendments, table: {} },
      customers: { ...full.customers, terms: {}, priceLists: [] },
      stock: {
        ...full.stock,
        feeds: [],
        buffers: { ...full.stock.buffers, locations: {}, styleGroups: [], skus: {} },
      },
      progress: { ...full.progress, carriers: {}, trackingUrls: {} },
      pricing: { ...full.pricing, lists: [] },
      cases: { ...full.cases, calendars: {}, severities: {}, escalations: {} },
    }).toEqual(bare);
    expect(parseSite(stringify(least), 'least', environment).ok).toBe(true);
  });
});

test('the contract’s pace is the default', () => {
  const site = loadSite(EXAMPLE, environment);
  expect(site.erp).toMatchObject({
    paging: { size: 100, capConfirmed: false },
    overlapMinutes: 10,
    overlapMinutesWhenClocksGoBack: 70,
    batchMax: 25,
    freezeWindow: { from: '23:00', to: '06:00' },
    importCycleMs: 300_000,
    importOverdueMs: 1_800_000,
    lateArrivalMs: 600_000,
    controlNumberFence: 'notTrusted',
    workers: 1,
  });
  expect(site.rules).toMatchObject({ cancelAfterDays: 30, referenceField: 'udford1c' });
  expect(site.intake).toMatchObject({ types: ['order'], overlapMinutes: 10 });
});

test('ten mistakes are ten problems, each with its place and its mend, from the top of the file to its end', () => {
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
  expect(problems.map(({ path }) => path)).toEqual([
    'goLive',
    'storefront.clientSecret',
    'storefront.baseUrll',
    'erp.baseUrl',
    'erp.keys[0]',
    'erp.zone',
    'erp.writeMode',
    'locations.defaultWarehouse',
    'payment.unknownMethod.treatAs',
    'sku.pattern',
  ]);
  expect(problems.every(({ wrong, mend, line }) => wrong !== '' && mend !== '' && line !== undefined)).toBe(true);
});

test('a file that cannot be read says so', () => {
  expect(() => loadSite('/nowhere/north.yaml', environment)).toThrow(SiteFileError);
});

describe('what is not YAML', () => {
  test.each([
    ['an open bracket', 'goLive: [', 1],
    ['a second document', 'a: 1\n---\nb: 2', 2],
    ['a text with a colon', 'storefront:\n  siteId: a: b\n', 2],
    ['a group for a name', '? {a: 1}\n: 2', 1],
  ])('%s is one problem with its line', (_, text, line) => {
    const parsed = parseSite(text, 'here', environment);
    expect(parsed).toMatchObject({ ok: false, problems: [{ line, wrong: expect.stringContaining(`line ${line}`) }] });
  });

  test('a setting that stands twice does not hide the other mistakes', () => {
    const text = `${exampleSiteText().replace('zone: US/Eastern', 'zone: Moon/Base')}\nmoney: { discountCode: D }\n`;
    const parsed = parseSite(text, 'here', environment);
    expect(parsed.ok ? [] : parsed.problems.map(({ wrong }) => wrong)).toEqual([
      '“Moon/Base” is no time zone',
      expect.stringContaining('stands twice'),
    ]);
  });

  test('a division that is not quoted keeps its zero', () => {
    const text = exampleSiteText().replace(
      "defaultWarehouse: { '01': W01, '02': W01 }",
      'defaultWarehouse: { 01: W01, 02: W01 }',
    );
    expect(parseSite(text, 'here', environment).ok).toBe(true);
  });
});

const WORDS = [
  'erp',
  'payment',
  ':',
  ' ',
  '\n',
  '  ',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '&a',
  '*a',
  '!t',
  '"',
  '? ',
  '01',
  '~',
];

describe('any text is answered with problems and never with an exception', () => {
  test.each([
    ['random text', fc.oneof(fc.string(), fc.json())],
    ['random YAML', fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }).map((parts) => parts.join(''))],
    ['the example with one value replaced by anything', exampleWithOneChange()],
  ])('%s', (_, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseSite(text, 'here', environment);
        expect(parsed.ok || parsed.problems.length > 0).toBe(true);
        expect(parsed.ok || parsed.problems.every(({ wrong, mend }) => wrong !== '' && mend !== '')).toBe(true);
      }),
      { numRuns: 200, seed: 42 },
    );
  });

  test.each([
    ['brackets', '['.repeat(20_000)],
    ['an alias of itself', 'a: &a [*a]'],
    ['a file that is its own alias', '&a [*a]'],
    ['an alias of nothing', 'a: *b'],
  ])('nesting without end: %s', (_, text) => {
    expect(parseSite(text, 'here', environment).ok).toBe(false);
  });
});

function exampleWithOneChange(): fc.Arbitrary<string> {
  const example: Plain = parse(exampleSiteText());
  const places = Object.entries(example).flatMap(([part, settings]) =>
    typeof settings === 'object' ? Object.keys(settings).map((name) => [part, name] as const) : [],
  );
  return fc.tuple(fc.constantFrom(...places), fc.jsonValue()).map(([[part, name], value]) => {
    const changed = structuredClone(example);
    Object.assign(changed[part]!, { [name]: value });
    return stringify(changed);
  });
}

/** Every name of the schema's own groups, with its path; tables by location, method and the like have free names. */
function namesOf(schema: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  const shape = shapeOf(schema);
  return shape
    ? Object.entries(shape).flatMap(([name, inside]) => [[...path, name], ...namesOf(inside, [...path, name])])
    : [];
}

function shapeOf(schema: unknown): object | null {
  let current = schema;
  while (typeof current === 'object' && current !== null && 'unwrap' in current && typeof current.unwrap === 'function')
    current = current.unwrap();
  if (typeof current !== 'object' || current === null) return null;
  if ('options' in current && Array.isArray(current.options)) return shapeOf(current.options[0]);
  return 'shape' in current && typeof current.shape === 'object' ? current.shape : null;
}

function missingFrom(file: unknown, names: readonly (readonly string[])[]): readonly string[] {
  // A choice that was made the other way has no settings of its own.
  return names
    .filter((path) => path.join('.') !== 'payment.unknownMethod.treatAs')
    .filter(
      (path) =>
        path.reduce<unknown>((part, name) => Object(Array.isArray(part) ? part[0] : part)[name], file) === undefined,
    )
    .map((path) => path.join('.'));
}

function only(group: Readonly<Record<string, unknown>> | undefined, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(group ?? {}).filter(([name]) => names.includes(name)));
}

test('the version tells one text from another', () => {
  const versionOf = (text: string) => {
    const parsed = parseSite(text, 'here', environment);
    return parsed.ok ? parsed.site.version : null;
  };
  const text = readFileSync(EXAMPLE, 'utf8');
  expect(versionOf(text)).toBe(versionOf(text));
  expect(versionOf(`${text}\n# changed`)).not.toBe(versionOf(text));
});
