import { describe, expect, test } from 'vitest';

import { exampleSiteText, parseSite } from '../../config/load-site.ts';
import { environment, problemsOf, type Plain } from './support.ts';

type Case = readonly [name: string, change: (site: Plain) => void, path: string, said: RegExp];

const set = (part: string, name: string, value: unknown) => (site: Plain) => {
  site[part]![name] = value;
};

const CASES: readonly Case[] = [
  ['a misspelt setting', set('erp', 'limits', { concurent: 2 }), 'erp.limits.concurent', /Did you mean “concurrent”/],
  ['a misspelt choice', set('erp', 'freezeWindow', { form: '23:00', to: '06:00' }), 'erp.freezeWindow.form', /“from”/],
  [
    'a word that is no choice',
    set('erp', 'freezeWindow', 'off'),
    'erp.freezeWindow',
    /Write none, or \{ from: …, to: … \}/,
  ],
  [
    'a code that YAML took for a number',
    set('locations', 'defaultHoldCode', 42),
    'locations.defaultHoldCode',
    /Quote codes/,
  ],
  ['a text for a list', set('erp', 'keys', 'env:KEY'), 'erp.keys', /Write a list/],
  ['a setting left empty', set('locations', 'defaultHoldCode', null), 'locations.defaultHoldCode', /Fill it in/],
  [
    'a time that is none',
    set('erp', 'freezeWindow', { from: '25:00', to: '06:00' }),
    'erp.freezeWindow.from',
    /time of day/,
  ],
  [
    'a window without length',
    set('erp', 'freezeWindow', { from: '23:00', to: '23:00' }),
    'erp.freezeWindow',
    /two different/,
  ],
  [
    'a go-live date without offset',
    (site) => Object.assign(site, { goLive: '2026-01-01T00:00:00' }),
    'goLive',
    /offset/,
  ],
  ['a poll too slow for its promise', set('intake', 'pollSeconds', 31), 'intake.pollSeconds', /30 at most/],
  [
    'orders that vanish when they are confirmed',
    set('intake', 'types', ['order_unconfirmed']),
    'intake.types',
    /withdrawn/,
  ],
  ['a cart taken for an order', set('intake', 'types', ['order', 'cart']), 'intake.types[1]', /never placed/],
  [
    'a type nobody knows',
    set('intake', 'types', ['order', 'subscription']),
    'intake.types[1]',
    /nothing could be written to it/,
  ],
  ['a division named twice', (site) => Object.assign(site, { divisions: ['01', '02', '01'] }), 'divisions[2]', /twice/],
  [
    'a division nobody sells',
    set('locations', 'defaultWarehouse', { '01': 'W01', '02': 'W01', '03': 'W01' }),
    'locations.defaultWarehouse.03',
    /Add it to divisions/,
  ],
  [
    'a division without a default',
    set('locations', 'defaultWarehouse', { '01': 'W01' }),
    'locations.defaultWarehouse',
    /“02” has no default/,
  ],
  [
    'a location without a warehouse',
    set('locations', 'table', [{ location: 'a', warehouses: {} }]),
    'locations.table[0].warehouses',
    /no division/,
  ],
  [
    'a row of an unknown division',
    set('locations', 'table', [{ location: 'a', warehouses: { '09': 'W01' } }]),
    'locations.table[0].warehouses.09',
    /“09” is not one of/,
  ],
  [
    'a location named twice',
    set('locations', 'table', [
      { location: 'a', warehouses: { '01': 'W01' } },
      { location: 'a', warehouses: { '02': 'W01' } },
    ]),
    'locations.table[1].location',
    /one row/,
  ],
  [
    'a rule that is never used',
    set('locations', 'byShipTo', [
      { country: 'us', warehouses: { '01': 'W01' } },
      { country: 'US', regions: ['CA'], warehouses: { '01': 'W02' } },
    ]),
    'locations.byShipTo[1]',
    /first rule that fits/,
  ],
  [
    'a payment method described twice',
    set('payment', 'methods', [{ method: 'invoice' }, { method: 'invoice' }]),
    'payment.methods[1].method',
    /twice/,
  ],
  [
    'an unknown method treated as another',
    set('payment', 'unknownMethod', { treatAs: 'barter' }),
    'payment.unknownMethod.treatAs',
    /Name one of/,
  ],
  [
    'a PO longer than its declared field',
    (site) => Object.assign(site['erp']!, { fieldLengths: { customer: 10, po_num: 20 } }),
    'purchaseOrder.maxLength',
    /no longer than the field/,
  ],
  [
    'a PO longer than any field is sure to hold',
    set('purchaseOrder', 'maxLength', 30),
    'purchaseOrder.maxLength',
    /erp\.fieldLengths\.po_num/,
  ],
  [
    'a PO in the field of our reference',
    set('purchaseOrder', 'field', 'udford1c'),
    'purchaseOrder.field',
    /already carries what references\.field/,
  ],
  ['a PO in a field every order fills', set('purchaseOrder', 'field', 'department'), 'purchaseOrder.field', /itself/],
  [
    'a payment reference over our reference',
    set('payment', 'referenceField', 'altpo'),
    'payment.referenceField',
    /already carries/,
  ],
  ['a reference field that is too short', set('erp', 'fieldLengths', { altpo: 20 }), 'erp.altPoField', /needs 29/],
  [
    'a warehouse code that is too long',
    set('locations', 'defaultWarehouse', { '01': 'WEST1', '02': 'W01' }),
    'locations.defaultWarehouse.01',
    /sure to hold 3/,
  ],
  [
    'terms that are too long',
    set('payment', 'methods', [{ method: 'invoice', terms: 'NET30' }]),
    'payment.methods[0].terms',
    /sure to hold 3/,
  ],
  ['an unknown code in the pattern', set('sku', 'pattern', '{style}-{colour}'), 'sku.pattern', /no code of a SKU/],
  ['a pattern without a style', set('sku', 'pattern', '{color}-{size}'), 'sku.pattern', /no \{style\}/],
  ['a pattern without separators', set('sku', 'pattern', '{style}{color}'), 'sku.pattern', /separator/],
  ['a pattern with an open brace', set('sku', 'pattern', '{style}-{size'), 'sku.pattern', /brace/],
  ['a zone that is none', set('erp', 'zone', 'Moon/Base'), 'erp.zone', /IANA/],
  ['an offset for a zone', set('erp', 'zone', '+02:00'), 'erp.zone', /IANA/],
  ['an address of the other environment', set('erp', 'baseUrl', 'https://h/T/LIVE'), 'erp.baseUrl', /agree/],
  ['an address that goes too far', set('erp', 'baseUrl', 'https://h/T/TEST/api'), 'erp.baseUrl', /Leave \/api out/],
  ['an address of another kind', set('storefront', 'baseUrl', 'ftp://h'), 'storefront.baseUrl', /https/],
  [
    'environments that look the same',
    set('erp', 'environmentSegments', { test: 'A', live: 'a' }),
    'erp.environmentSegments',
    /differs/,
  ],
  [
    'the test storefront on the live ERP',
    (site) => Object.assign(site['erp']!, { environment: 'live', baseUrl: 'https://h/T/LIVE' }),
    'storefront.baseUrl',
    /would be shipped/,
  ],
  [
    'an alarm before the import can have run',
    set('erp', 'importOverdueSeconds', 10),
    'erp.importOverdueSeconds',
    /several cycles/,
  ],
  [
    'a shorter overlap when clocks go back',
    set('erp', 'overlapMinutesWhenClocksGoBack', 5),
    'erp.overlapMinutesWhenClocksGoBack',
    /one hour comes twice/,
  ],
  [
    'a letter with two meanings',
    (site) => Object.assign(site['erp']!['statusLetters']!, { o: 'hold' }),
    'erp.statusLetters.o',
    /two meanings/,
  ],
  [
    'a status without a letter',
    set('erp', 'statusLetters', { O: 'open' }),
    'erp.statusLetters',
    /no letter means credit_hold, hold, .*closed/,
  ],
];

test.each(CASES)('%s is one problem, told so that it can be mended', (_, change, path, said) => {
  const problems = problemsOf(change);
  expect(problems).toMatchObject([{ path, line: expect.any(Number) }]);
  expect(`${problems[0]?.wrong} ${problems[0]?.mend}`).toMatch(said);
});

describe('what is right stays right', () => {
  test.each<[string, (site: Plain) => void]>([
    [
      'a longer PO where the field is declared longer',
      (site) => {
        site['erp']!['fieldLengths'] = { po_num: 30 };
        site['purchaseOrder']!['maxLength'] = 30;
      },
    ],
    ['the PO in a field of the installation’s own', set('purchaseOrder', 'field', 'otherrefnum')],
    [
      'a longer warehouse code where the field is declared longer',
      (site) => {
        site['erp']!['fieldLengths'] = { location: 6 };
        site['locations']!['defaultWarehouse'] = { '01': 'WEST1', '02': 'W01' };
      },
    ],
    [
      'no letters for what no order shows',
      (site) => {
        const { S: _staged, E: _rejected, ...shown } = Object(site['erp']!['statusLetters']);
        site['erp']!['statusLetters'] = shown;
      },
    ],
    [
      'a location that serves one division only',
      set('locations', 'table', [{ location: 'a', warehouses: { '01': 'W01' } }]),
    ],
    ['any pattern where SKUs are UPCs', (site) => Object.assign(site, { sku: { identity: 'upc', pattern: '{x}' } })],
  ])('%s', (_, change) => {
    expect(problemsOf(change)).toEqual([]);
  });

  test('status letters are known in upper case, however they are written', () => {
    const parsed = parseSite(exampleSiteText().replace('    O: open', '    o: open'), 'here', environment);
    expect(parsed.ok && parsed.site.erp.statusLetters).toMatchObject({ O: 'open' });
  });
});
