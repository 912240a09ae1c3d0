import { describe, expect, test } from 'vitest';

import { chooseShipTo, shipToOf, toErpAddress } from '../../domain/choose-ship-to.ts';
import { anAddress, aPackage, aPurchase, aStore } from '../support/builders.ts';

describe('the one ship-to of a purchase', () => {
  test('is that of its packages, however it is written', () => {
    const again = anAddress({ line1: '12  MAIN street.', postalCode: '97201 ', phone: '555' });
    expect(
      shipToOf(
        aPurchase()
          .also(aPackage({ shipTo: again }))
          .build(),
      ),
    ).toEqual(anAddress());
  });

  test('does not ask where cancelled packages would have gone', () => {
    const parcel = aPackage({ type: 'cancellation', shipTo: null });
    expect(shipToOf(aPurchase().also(parcel).build())).toEqual(anAddress());
  });

  test.each([
    ['there is none', aPurchase().shipTo(null), 'SHIP_TO_MISSING'],
    ['a package has none', aPurchase().also(aPackage({ shipTo: null })), 'SHIP_TO_MISSING'],
    ['it has no street', aPurchase().shipTo(anAddress({ line1: '' })), 'SHIP_TO_MISSING'],
    ['it has no city', aPurchase().shipTo(anAddress({ city: '' })), 'SHIP_TO_MISSING'],
    ['its country is no code', aPurchase().shipTo(anAddress({ country: 'USA' })), 'SHIP_TO_MISSING'],
    [
      'packages go to two places',
      aPurchase().also(aPackage({ shipTo: anAddress({ line2: 'Dock 4' }) })),
      'SHIP_TO_SEVERAL',
    ],
  ])('is a problem when %s', (_, builder, code) => {
    expect(shipToOf(builder.build())).toMatchObject({ code });
  });
});

describe('the store of a ship-to', () => {
  const stores = [
    aStore({ store: '0007', line1: 'Elsewhere 1' }),
    aStore({ store: '0041', active: false }),
    aStore({ store: '0042', distributionCentre: 'DC1' }),
  ];

  test('is the active one at this street and postal code, with its distribution centre', () => {
    expect(chooseShipTo({ rule: 'knownStoreRequired' }, anAddress(), stores)).toMatchObject({
      kind: 'chosen',
      store: '0042',
      distributionCentre: 'DC1',
    });
  });

  test.each([
    ['another postal code', anAddress({ postalCode: '97202' })],
    ['another country', anAddress({ country: 'CA' })],
    ['another street', anAddress({ line1: '14 Main Street' })],
  ])('is none at %s: then a one-off, or a problem, as the site wants it', (_, address) => {
    expect(chooseShipTo({ rule: 'knownStoreElseOneOff' }, address, stores)).toMatchObject({
      kind: 'chosen',
      store: '',
    });
    expect(chooseShipTo({ rule: 'knownStoreRequired' }, address, stores)).toMatchObject({
      kind: 'impossible',
      problem: { code: 'STORE_UNKNOWN' },
    });
  });

  test('is not looked for where the site sends every address as a one-off', () => {
    expect(chooseShipTo({ rule: 'alwaysOneOff' }, anAddress(), stores)).toMatchObject({ kind: 'chosen', store: '' });
  });
});

describe('an address for the ERP', () => {
  test.each([
    ['company', anAddress(), 'Northwind Outfitters', 'Ada Buyer'],
    ['person, where there is no company', anAddress({ company: null }), 'Ada Buyer', ''],
    ['street, where there is neither', anAddress({ company: '', name: null }), '12 Main Street', ''],
  ])('has the name of the %s', (_, address, name, contact) => {
    expect(toErpAddress(address, null)).toMatchObject({ name, contact, email: '' });
  });

  test('leaves out what the buyer left out', () => {
    const address = anAddress({ line2: null, region: null, postalCode: null });
    expect(toErpAddress(address, 'a@b.example')).toMatchObject({
      line2: '',
      state: '',
      postalCode: '',
      country: 'US',
      email: 'a@b.example',
    });
  });
});
