import { expect, test } from 'vitest';

import { enteredAsAnother, entryText, readOwnEntry, type OwnEntry } from '../../activities/own-entry.ts';
import type { Purchase } from '../../domain/purchase.ts';
import { aPurchase, PURCHASE_UUID } from '../support/builders.ts';

const entry: OwnEntry = {
  purchase: PURCHASE_UUID,
  state: 'Accepted',
  orders: ['500001'],
  content: '0123456789abcdef',
  before: 'fedcba9876543210',
  closed: null,
};
const noted = (text: string, change: Partial<Purchase['identifiers']> = {}): Purchase => {
  const purchase = aPurchase().build();
  const identifiers = { ...purchase.identifiers, ...change };
  return { ...purchase, identifiers, metadata: [{ name: 'instep', value: text }] };
};

test('what we noted on a purchase is read back, also when it was known by another identifier then', () => {
  expect(readOwnEntry(noted(entryText(entry)), 'instep')).toEqual(entry);
  const byPlatform = { ...entry, purchase: 'platform:gid-77' };
  expect(readOwnEntry(noted(entryText(byPlatform)), 'instep')).toEqual(byPlatform);
});

test('the note of another purchase, as a copied one brings it, says nothing of this one', () => {
  const closed = { ...entry, closed: { actor: 'ada', reason: 'settled by hand' } };
  const copy = noted(entryText(closed), { sparklayer: 'b0000000-0000-4000-8000-000000000002', platform: null });
  expect(readOwnEntry(copy, 'instep')).toBeNull();
});

test('the ERP’s number that stands on a purchase is its own, whatever its other numbers are now', () => {
  const text = entryText({ ...entry, purchase: 'visible:B2B01123' });
  const none = { sparklayer: null, platform: null };
  const renamed = noted(text, { ...none, visible: 'B2B01123-1', internal: '500001' });
  expect(enteredAsAnother(renamed, 'instep')).toEqual({ orderNumber: '500001', key: 'visible:B2B01123' });
  const copy = noted(text, { ...none, visible: 'B2B01124', internal: null });
  expect(enteredAsAnother(copy, 'instep')).toBeNull();
  const same = noted(text, { ...none, visible: 'B2B01123', internal: '500001' });
  expect(enteredAsAnother(same, 'instep')).toBeNull();
});

test('a note of an earlier version, which did not name its purchase, counts', () => {
  const { purchase: _purchase, ...earlier } = entry;
  expect(readOwnEntry(noted(JSON.stringify(earlier)), 'instep')?.orders).toEqual(entry.orders);
});

test('what somebody else wrote there, or was cut, is no note', () => {
  for (const text of ['Accepted', '{"state":"Accep', '{"state":"Accepted"}', 'null', '[]'])
    expect(readOwnEntry(noted(text), 'instep')).toBeNull();
});
