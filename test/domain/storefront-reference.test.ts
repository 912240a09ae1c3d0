import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { isUuid, parsePurchaseKey, purchaseKey, purchaseKeyText, type PurchaseKey } from '../../domain/purchase.ts';
import { documentReference, parseReference, referenceOf, sameReference } from '../../domain/storefront-reference.ts';
import { PURCHASE_UUID } from '../support/builders.ts';

const SEED = { seed: 2, numRuns: 300 };
const uuids = fc.uuid({ version: [1, 2, 3, 4, 5, 6, 7, 8] });
const otherKeys = fc.record({
  kind: fc.constantFrom('platform', 'visible'),
  value: fc.string({ unit: fc.constantFrom(...Array.from('ABXYZ0129#/._-')), minLength: 1, maxLength: 30 }),
}) satisfies fc.Arbitrary<PurchaseKey>;

describe('the reference of a UUID', () => {
  test('is 26 upper-case characters without I, L, O and U', () => {
    expect(referenceOf({ kind: 'sparklayer', value: PURCHASE_UUID })).toBe('1Z4M2E0KW9879SM3030QM2RCR1');
  });

  test('leads back to the same purchase, for every document', () => {
    fc.assert(
      fc.property(uuids, fc.integer({ min: 1, max: 99 }), (value, document) => {
        const key: PurchaseKey = { kind: 'sparklayer', value };
        const bare = referenceOf(key) ?? '';
        expect(bare).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
        expect(parseReference(documentReference(bare, document))).toEqual({ key, document });
      }),
      SEED,
    );
  });

  test('never is longer than the shortest reference field, suffix included', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          uuids.map((value): PurchaseKey => ({ kind: 'sparklayer', value })),
          otherKeys,
        ),
        (key) => {
          const bare = referenceOf(key);
          expect(documentReference(bare ?? '', 99).length).toBeLessThanOrEqual(30);
        },
      ),
      SEED,
    );
  });

  test('survives an ERP that changes its case or pads it', () => {
    const bare = referenceOf({ kind: 'sparklayer', value: PURCHASE_UUID }) ?? '';
    expect(parseReference(`  ${bare.toLowerCase()} `)?.key.value).toBe(PURCHASE_UUID);
    expect(sameReference(` ${bare.toLowerCase()}`, bare)).toBe(true);
  });

  test.each(['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'])('carries %s', (value) => {
    expect(parseReference(referenceOf({ kind: 'sparklayer', value }) ?? '')?.key.value).toBe(value);
  });
});

describe('the reference of another identifier', () => {
  test.each([
    [{ kind: 'platform', value: '5512' }, 'P5512'],
    [{ kind: 'visible', value: '#1042' }, 'V#1042'],
    [{ kind: 'visible', value: 'SL-1042' }, 'VSL-1042'],
  ] as const)('%j is %s', (key, reference) => {
    expect(referenceOf(key)).toBe(reference);
    expect(parseReference(reference)).toEqual({ key, document: 1 });
  });

  test.each([
    ['is too long for the field with a suffix', { kind: 'platform', value: 'X'.repeat(27) }],
    ['would change in upper case', { kind: 'platform', value: 'gid-77' }],
    ['holds a quote, which the ERP’s filters take as an end', { kind: 'visible', value: "O'HARA" }],
    ['holds a blank', { kind: 'visible', value: 'A B' }],
    ['is no UUID though SparkLayer’s', { kind: 'sparklayer', value: 'cart-1' }],
  ] as const)('is refused when the identifier %s', (_, key) => {
    expect(referenceOf(key)).toBeNull();
  });

  test('leads back to the same purchase and document 1, or is refused', () => {
    fc.assert(
      fc.property(otherKeys, (key) => {
        const bare = referenceOf(key);
        expect(bare === null ? null : parseReference(bare)).toEqual(bare === null ? null : { key, document: 1 });
      }),
      SEED,
    );
  });

  test('of “SL-42” is not taken for document 42 of “SL”', () => {
    const bare = referenceOf({ kind: 'visible', value: 'SL-42' });
    expect(bare).not.toBe(documentReference(referenceOf({ kind: 'visible', value: 'SL' }) ?? '', 42));
  });

  test('never equals that of another purchase', () => {
    fc.assert(
      fc.property(otherKeys, otherKeys, (one, other) => {
        fc.pre(purchaseKeyText(one) !== purchaseKeyText(other));
        const reference = referenceOf(one);
        expect(reference ?? 'refused').not.toBe(referenceOf(other));
      }),
      SEED,
    );
  });
});

test.each(['', '   ', 'PO 7781', '12345', 'ZZZZZZZZZZZZZZZZZZZZZZZZZZ', '1Z4M2E0KW9879SM3030QM2RCR'])(
  '“%s”, typed by a clerk, is not one of ours',
  (text) => {
    const found = parseReference(text);
    expect(found === null || found.key.kind !== 'sparklayer').toBe(true);
  },
);

describe('a purchase’s key', () => {
  test.each([
    [{ sparklayer: PURCHASE_UUID.toUpperCase(), platform: 'P', internal: 'I', visible: 'V' }, PURCHASE_UUID],
    [{ sparklayer: null, platform: 'P', internal: 'I', visible: 'V' }, 'platform:P'],
    [{ sparklayer: '', platform: '', internal: null, visible: 'V' }, 'visible:V'],
  ])('of %j is %s', (identifiers, text) => {
    const key = purchaseKey(identifiers);
    expect(key && purchaseKeyText(key)).toBe(text);
    expect(parsePurchaseKey(text)).toEqual(key);
  });

  test('is none when only `internal` is known: it was born in the ERP', () => {
    expect(purchaseKey({ sparklayer: null, platform: null, internal: '500001', visible: null })).toBeNull();
  });

  test('survives being a text, whatever is in it', () => {
    fc.assert(
      fc.property(fc.constantFrom('platform', 'visible'), fc.string({ minLength: 1 }), (kind, value) => {
        expect(parsePurchaseKey(purchaseKeyText({ kind, value }))).toEqual({ kind, value });
      }),
      SEED,
    );
  });

  test('is no key when it is neither a UUID nor named by its kind', () => {
    expect(parsePurchaseKey('platform:')).toBeNull();
    expect(parsePurchaseKey('cart-1')).toBeNull();
    expect(isUuid(`${PURCHASE_UUID}x`)).toBe(false);
  });
});
