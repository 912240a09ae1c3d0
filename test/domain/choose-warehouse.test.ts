import { describe, expect, test } from 'vitest';

import { chooseWarehouse } from '../../domain/choose-warehouse.ts';
import { anAddress, theRules } from '../support/builders.ts';

const { locations } = theRules();
const portland = anAddress();
const seattle = anAddress({ region: 'WA' });
const toronto = anAddress({ country: 'CA', region: 'ON' });

describe('the warehouse of an order', () => {
  test.each([
    ['that names a location', 'loc-west', portland, '01', 'CA', 'location'],
    ['that names a location, although its ship-to has a rule', 'loc-east', seattle, '01', 'NJ', 'location'],
    ['of another division at the same location', 'loc-east', portland, '02', 'NJ2', 'location'],
    ['without location into a region with a rule', null, seattle, '01', 'CA', 'shipTo'],
    ['without location into a country with a rule', null, toronto, '01', 'TOR', 'shipTo'],
    ['without location and without rule', null, portland, '01', 'NJ', 'default'],
  ] as const)('%s', (_, location, shipTo, division, warehouse, because) => {
    expect(chooseWarehouse(locations, { location, shipTo, division })).toEqual({ kind: 'chosen', warehouse, because });
  });

  test('of an unknown location is the division’s default, with a review: never a guess that ships', () => {
    const choice = chooseWarehouse(locations, { location: 'LOC-EAST', shipTo: portland, division: '01' });
    expect(choice).toMatchObject({ kind: 'defaulted', warehouse: 'NJ', review: { code: 'LOCATION_NOT_MAPPED' } });
    expect(choice.kind === 'defaulted' && choice.review.says).toContain('“LOC-EAST”');
  });

  test.each([
    ['the location has none for the division', 'loc-west', '02'],
    ['there is no location, and no default for the division', null, '02'],
    ['the location is unknown, and there is no default for the division', 'loc-nowhere', '02'],
  ])('is impossible when %s', (_, location, division) => {
    expect(chooseWarehouse(locations, { location, shipTo: portland, division })).toMatchObject({
      kind: 'impossible',
      problem: { code: 'DIVISION_MISMATCH' },
    });
  });

  test('takes the first rule that fits the ship-to', () => {
    const byShipTo = [
      { country: 'us', regions: [], warehouses: { '01': 'A' } },
      { country: 'US', regions: ['OR'], warehouses: { '01': 'B' } },
    ];
    expect(
      chooseWarehouse({ ...locations, byShipTo }, { location: null, shipTo: portland, division: '01' }),
    ).toMatchObject({ warehouse: 'A' });
  });

  test('falls to the default when the rule that fits has nothing for the division', () => {
    const rules = { ...locations, defaultWarehouse: { '02': 'NJ2' } };
    expect(chooseWarehouse(rules, { location: null, shipTo: seattle, division: '02' })).toMatchObject({
      warehouse: 'NJ2',
      because: 'default',
    });
  });
});
