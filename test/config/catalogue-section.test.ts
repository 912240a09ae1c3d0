import { expect, test } from 'vitest';

import { toCatalogueSettings, catalogueSection } from '../../config/catalogue-section.ts';
import { problemsOf } from './support.ts';

test('nothing is written unless the site says so', () => {
  const settings = toCatalogueSettings(catalogueSection.parse(undefined), { upperCaseCodes: true });
  expect(settings).toMatchObject({ mode: 'off', enriched: ['title', 'slug', 'image'], mostDiscontinued: 0.2 });
});

test('codes are written as the ERP’s are read, what buyers read is not', () => {
  const file = { publish: { channels: ['b2b'], groups: { 7: ['w'] } }, colours: { blk: 'Black' } };
  expect(toCatalogueSettings(catalogueSection.parse(file), { upperCaseCodes: true })).toMatchObject({
    publish: { channels: ['B2B'], groups: [{ group: 7, codes: ['W'] }] },
    colours: { BLK: 'Black' },
  });
});

test('mistakes are found at their places', () => {
  const problems = problemsOf((site) => {
    Object.assign(site['products'] ?? {}, {
      mode: 'on',
      options: { colour: 'Option', size: 'Option' },
      imageUrl: 'https://files.example/{sku}.jpg',
      publish: { groups: { 9: ['W'] } },
      pageSize: 501,
    });
  });
  expect(problems.map(({ path }) => path)).toEqual([
    'products.mode',
    'products.publish.groups.9',
    'products.options',
    'products.imageUrl',
    'products.pageSize',
  ]);
});
