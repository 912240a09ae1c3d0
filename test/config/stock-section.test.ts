import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';

import { exampleSiteText, parseSite } from '../../config/load-site.ts';
import type { StockRules } from '../../domain/stock/stock-rules.ts';
import { environment, problemsOf, type Plain } from './support.ts';

const stock = (settings: object) => (site: Plain) => {
  site['stock'] = { ...site['stock'], ...settings };
};

function rulesOf(change: (site: Plain) => void): StockRules {
  const site: Plain = parse(exampleSiteText());
  change(site);
  const parsed = parseSite(stringify(site), 'here', environment);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.site.stock;
}

test('a site file that says nothing of stock writes none, counts what is physically there and is fed by its location table', () => {
  const rules = rulesOf((site) => {
    delete site['stock'];
  });
  expect(rules).toEqual({
    writes: 'off',
    feeds: [
      { location: 'warehouse-1', from: ['01', '02'].map((division) => ({ division, warehouse: 'W01' })) },
      { location: 'warehouse-2', from: ['01', '02'].map((division) => ({ division, warehouse: 'W02' })) },
      { location: 'warehouse-3', from: [{ division: '01', warehouse: 'W03' }] },
    ],
    measures: [
      { text: 'openToSell', from: 'openToSell', less: [] },
      { text: 'onHand - picked - open - reserved', from: 'onHand', less: ['picked', 'open', 'reserved'] },
    ],
    negatives: 'net',
    absentMeansZero: false,
    excludedLabels: ['SAMPLE'],
    buffers: {
      site: { in: 'units', units: 0 },
      locations: {},
      styleGroups: [],
      skus: {},
      widening: [
        { minutes: 60, percent: 0 },
        { minutes: 240, percent: 10 },
        { minutes: 1440, percent: 50 },
      ],
    },
    guards: { staleMinutes: 240, shrinkPercent: 20, clocksGoBackMinutes: 70, clocksDifferMinutes: 10 },
    preOrder: null,
    rowsPerCall: 500,
    fullReadMinutes: 1440,
  });
});

test('what the section says is what the rules are, with codes as the ERP writes them', () => {
  const rules = rulesOf(
    stock({
      writes: 'on',
      feeds: [{ location: 'shop', from: [{ division: '01', warehouse: 'w01' }] }],
      measures: ['onHand-reserved - picked'],
      buffers: {
        site: { percent: 5 },
        locations: { shop: { units: 2 } },
        styleGroups: [{ group: 8, code: 'basic', percent: 10, cap: 4 }],
        skus: { 'AC-1': { units: 0 } },
        widening: [],
      },
      preOrder: { offer: 'on', stages: [2, 3], horizonDays: 30 },
    }),
  );
  expect(rules).toMatchObject({
    writes: 'on',
    feeds: [{ location: 'shop', from: [{ division: '01', warehouse: 'W01' }] }],
    measures: [{ text: 'onHand - reserved - picked', from: 'onHand', less: ['picked', 'reserved'] }],
    buffers: {
      site: { in: 'percent', percent: 5, cap: null },
      locations: { shop: { in: 'units', units: 2 } },
      styleGroups: [{ group: 8, code: 'BASIC', size: { in: 'percent', percent: 10, cap: 4 } }],
      skus: { 'AC-1': { in: 'units', units: 0 } },
      widening: [],
    },
    preOrder: { stages: [2, 3], horizonDays: 30 },
  });
});

test.each([
  'openToSell + wip',
  'onHand - picked + workInProcess',
  'openToSellWithWork',
  'ots_wip_qty',
  'onHand + Purchase-Orders',
  'onHand + in-transit',
  'onHand - open work orders',
  'WIP',
])('“%s” is refused: such goods never count', (text) => {
  const [problem, ...others] = problemsOf(stock({ measures: ['openToSell', text] }));
  expect(others).toEqual([]);
  expect(problem).toMatchObject({
    path: 'stock.measures[1]',
    wrong: expect.stringMatching(/never counts?: work orders, WIP/),
  });
});

const feed = (...from: readonly (readonly [division: string, warehouse: string])[]) => ({
  location: 'shop',
  from: from.map(([division, warehouse]) => ({ division, warehouse })),
});
const buffers = { site: { units: 0 } };

describe('a mistake is one problem, told so that it can be mended', () => {
  test.each<[string, object, string, RegExp]>([
    ['goods that are added', { measures: ['onHand + open'] }, 'stock.measures[0]', /only takes away/],
    ['a bucket that is none', { measures: ['onHand - sold'] }, 'stock.measures[0]', /“sold” cannot be taken away/],
    ['nothing to begin with', { measures: ['picked'] }, 'stock.measures[0]', /begin with onHand or openToSell/],
    ['a bucket taken away twice', { measures: ['onHand - open - open'] }, 'stock.measures[0]', /twice/],
    ['no measure at all', { measures: [] }, 'stock.measures', /empty/],
    [
      'a curve that falls',
      {
        buffers: {
          ...buffers,
          widening: [
            { minutes: 1, percent: 9 },
            { minutes: 2, percent: 8 },
          ],
        },
      },
      'stock.buffers.widening[1]',
      /the curve falls/,
    ],
    [
      'a curve that stands still',
      {
        buffers: {
          ...buffers,
          widening: [
            { minutes: 2, percent: 8 },
            { minutes: 2, percent: 9 },
          ],
        },
      },
      'stock.buffers.widening[1]',
      /not later/,
    ],
    [
      'a warehouse that counts twice',
      { feeds: [feed(['01', 'W01'], ['01', 'W01'])], buffers },
      'stock.feeds[0].from[1]',
      /count twice/,
    ],
    [
      'a location fed twice',
      { feeds: [feed(['01', 'W01']), feed(['02', 'W01'])], buffers },
      'stock.feeds[1].location',
      /one row/,
    ],
    ['a division nobody sells', { feeds: [feed(['09', 'W01'])], buffers }, 'stock.feeds[0].from[0].division', /“09”/],
    [
      'a port for a warehouse',
      { feeds: [feed(['01', 'poe'])], buffers },
      'stock.feeds[0].from[0].warehouse',
      /does not lie anywhere/,
    ],
    [
      'a code of the site’s own that is no place',
      { pseudoLocations: ['W03'], feeds: [], buffers },
      'locations.table[2].warehouses.01',
      /does not lie anywhere/,
    ],
    [
      'a buffer of a location nobody feeds',
      { buffers: { ...buffers, locations: { shop: { units: 1 } } } },
      'stock.buffers.locations.shop',
      /no warehouse feeds/,
    ],
    [
      'a style group that is none',
      { buffers: { ...buffers, styleGroups: [{ group: 9, code: 'A', units: 1 }] } },
      'stock.buffers.styleGroups[0].group',
      /8 at most/,
    ],
    ['too many rows for a call', { rowsPerCall: 501 }, 'stock.rowsPerCall', /500 at most/],
  ])('%s', (_, settings, path, said) => {
    const problems = problemsOf(stock(settings));
    expect(problems).toMatchObject([{ path, line: expect.any(Number) }]);
    expect(`${problems[0]?.wrong} ${problems[0]?.mend}`).toMatch(said);
  });

  test('stock that is written and comes from nowhere', () => {
    const problems = problemsOf((site) => {
      stock({ writes: 'on', feeds: [], buffers })(site);
      site['locations'] = { ...site['locations'], table: [] };
    });
    expect(problems).toMatchObject([{ path: 'stock.writes', mend: expect.stringMatching(/locations\.table/) }]);
  });
});
