import { describe, expect, test } from 'vitest';

import { checkSnapshot, type SnapshotCheck, type StockReading } from '../../../domain/stock/check-snapshot.ts';
import type { StockPart } from '../../../domain/stock/stock-row.ts';
import { inUse, item, minutesAgo, NOW, part, row, RULES } from './stock-world.ts';

const rows = (count: number) => Array.from({ length: count }, (_, index) => row(`SKU${index}`, { onHand: index }));
const last = inUse({ snapshot: 'S0', asOf: minutesAgo(60), rows: rows(10) }).kept;

function reading(kind: 'complete' | 'incomplete' | 'delta', given: Partial<StockPart> = {}): StockReading {
  return { kind, part: part({ rows: rows(10), ...given }), unreadable: [], skipped: 0 };
}

function check(given: Partial<SnapshotCheck>) {
  return checkSnapshot({
    reading: reading('complete'),
    last,
    guards: RULES.guards,
    now: NOW,
    override: null,
    ...given,
  });
}

test('a fresh and complete snapshot is taken as it is', () => {
  expect(check({})).toEqual({
    kind: 'taken',
    taken: { kind: 'complete', part: part({ rows: rows(10) }), broken: [] },
    findings: [],
    letThrough: null,
  });
});

test('changes are taken although they are few', () => {
  expect(check({ reading: reading('delta', { rows: rows(1) }) })).toMatchObject({
    kind: 'taken',
    taken: { kind: 'delta' },
  });
});

describe('what is refused, and why', () => {
  test.each<[string, Partial<SnapshotCheck>, string, RegExp]>([
    ['a snapshot that broke off', { reading: reading('incomplete') }, 'STOCK_INCOMPLETE', /not complete/],
    [
      'an old one',
      { reading: reading('complete', { asOf: minutesAgo(241) }) },
      'STOCK_STALE',
      /4 hours ago; 4 hours are allowed/,
    ],
    ['old changes', { reading: reading('delta', { asOf: minutesAgo(300) }) }, 'STOCK_STALE', /5 hours ago/],
    [
      'one as far ahead as the ERP’s zone is behind',
      { reading: reading('complete', { asOf: minutesAgo(-300) }) },
      'STOCK_STALE',
      /5 hours ahead of this machine’s clock .*less than 10 minutes are allowed.*another time zone/,
    ],
    [
      'changes that are ahead by all that the next reading reaches back',
      { reading: reading('delta', { asOf: minutesAgo(-10) }) },
      'STOCK_STALE',
      /10 minutes ahead/,
    ],
    ['one without a readable time', { reading: reading('complete', { asOf: 'soon' }) }, 'STOCK_STALE', /soon/],
    [
      'one older than the figures at hand',
      { reading: reading('complete', { asOf: minutesAgo(131) }) },
      'STOCK_STALE',
      /older than the figures at hand/,
    ],
    [
      'one cut short that calls itself complete',
      { reading: reading('complete', { rows: rows(7) }) },
      'STOCK_SHRUNKEN',
      /7 rows, the one before had 10/,
    ],
    ['an empty one', { reading: reading('complete', { rows: [] }) }, 'STOCK_SHRUNKEN', /0 rows/],
    [
      'one that changed underfoot',
      { reading: { kind: 'unstable', division: '01', warehouse: 'W01', says: 'Replaced three times.' } },
      'STOCK_UNSTABLE',
      /Replaced three times/,
    ],
  ])('%s', (_, given, code, says) => {
    expect(check(given)).toEqual({
      kind: 'refused',
      findings: [
        { code, key: '01 W01', says: expect.stringMatching(says), count: 1, concerns: ['01 W01'], value: null },
      ],
    });
  });

  test('everything that is wrong is said at once', () => {
    const verdict = check({ reading: reading('incomplete', { asOf: minutesAgo(500), rows: rows(2) }) });
    expect(verdict.findings.map(({ code }) => code)).toEqual(['STOCK_INCOMPLETE', 'STOCK_STALE', 'STOCK_SHRUNKEN']);
  });
});

describe('what is not refused', () => {
  test.each<[string, Partial<SnapshotCheck>]>([
    ['a fifth fewer rows, which the site allows', { reading: reading('complete', { rows: rows(8) }) }],
    ['the first one ever, however short', { last: null, reading: reading('complete', { rows: rows(1) }) }],
    ['the first one of an empty warehouse', { last: null, reading: reading('complete', { rows: [] }) }],
    [
      'the hour that comes twice, in which the ERP’s clock runs backwards',
      { reading: reading('complete', { asOf: minutesAgo(120) }) },
    ],
    ['a clock that is a little ahead', { reading: reading('complete', { asOf: minutesAgo(-9) }) }],
    [
      'open to sell with work orders in it: the ledger counts',
      { reading: reading('complete', { rows: [...rows(9), row('X', { onHand: 1, openToSell: 900 })] }) },
    ],
  ])('%s', (_, given) => {
    expect(check(given)).toMatchObject({ kind: 'taken', findings: [], letThrough: null });
  });
});

describe('a person lets one run past a guard', () => {
  const override = { guard: 'STOCK_SHRUNKEN', actor: 'ann', reason: 'season closed' } as const;

  test('and the result says what, who and why', () => {
    const verdict = check({ reading: reading('complete', { rows: rows(2) }), override });
    expect(verdict).toMatchObject({
      kind: 'taken',
      letThrough: expect.stringMatching(/2 rows, the one before had 10.*Let through by ann: season closed/),
    });
  });

  test('but not past the others', () => {
    const verdict = check({ reading: reading('incomplete', { rows: rows(2) }), override });
    expect(verdict).toMatchObject({ kind: 'refused', findings: [{ code: 'STOCK_INCOMPLETE' }] });
  });

  test('and nothing is said where the guard would have held its peace', () => {
    expect(check({ override })).toMatchObject({ kind: 'taken', letThrough: null });
  });

  test('but never past figures that do not exist', () => {
    const unstable = { kind: 'unstable', division: '01', warehouse: 'W01', says: 'x' } as const;
    expect(check({ reading: unstable, override: { ...override, guard: 'STOCK_UNSTABLE' } }).kind).toBe('refused');
  });

  test('and never past figures whose age cannot be told; past old ones a person may', () => {
    const letOld = (asOf: string) =>
      check({ reading: reading('complete', { asOf }), override: { ...override, guard: 'STOCK_STALE' } }).kind;
    expect([minutesAgo(300), minutesAgo(-10), minutesAgo(-300), 'soon'].map(letOld)).toEqual([
      'taken',
      'refused',
      'refused',
      'refused',
    ]);
  });
});

describe('broken rows', () => {
  test('are left out and named, each with its fault; the rest is taken', () => {
    const broken = [
      row('HALF', { onHand: 2.5 }),
      row('ELSEWHERE', { onHand: 1 }, 'W09'),
      { ...row('OTHER', {}), sku: { ...item('OTHER').codes, division: '02' } },
      { ...row('', {}), sku: { ...item('').codes, color: 'RED' } },
    ];
    const unreadable = [{ sku: item('WIRE').codes, warehouse: 'W01', field: 'qoh' }];
    const verdict = check({
      reading: { kind: 'complete', part: part({ rows: [...rows(10), ...broken] }), unreadable, skipped: 3 },
    });
    expect(verdict).toMatchObject({
      kind: 'taken',
      taken: { part: { rows: rows(10) } },
      findings: [
        {
          code: 'STOCK_BROKEN',
          count: 8,
          concerns: [
            '01-WIRE-BLK-OS at W01: qoh',
            '01-HALF-BLK-OS at W01: no whole number',
            '01-ELSEWHERE-BLK-OS at W09: of another part',
            '02-OTHER-BLK-OS at W01: of another part',
            '01-RED-OS at W01: without a style',
            '3 rows without the codes of an item',
          ],
        },
      ],
    });
    expect(verdict.kind === 'taken' && verdict.taken.broken.map(({ style }) => style)).toContain('WIRE');
  });

  test('an item that stands twice keeps the lower figures, in whatever order', () => {
    const twice = [row('SKU1', { onHand: 4 }), row('SKU2', { onHand: 90 })];
    const verdict = check({ reading: reading('complete', { rows: [twice[0]!, ...rows(10), twice[1]!] }) });
    expect(verdict).toMatchObject({ kind: 'taken', findings: [{ code: 'STOCK_BROKEN', count: 2 }] });
    const taken = verdict.kind === 'taken' ? verdict.taken.part.rows : [];
    expect(
      taken.filter(({ sku }) => ['SKU1', 'SKU2'].includes(sku.style)).map(({ buckets }) => buckets.onHand),
    ).toEqual([1, 2]);
  });

  test('count as lost', () => {
    const spoilt = rows(10).map((each, index) =>
      index < 7 ? each : { ...each, buckets: { ...each.buckets, open: Number.NaN } },
    );
    expect(check({ reading: reading('complete', { rows: spoilt }) })).toMatchObject({
      kind: 'refused',
      findings: [{ code: 'STOCK_SHRUNKEN' }, { code: 'STOCK_BROKEN', count: 3 }],
    });
  });
});
