import { describe, expect, test } from 'vitest';

import { toAuditedOrder } from '../../../domain/audit/audited-order.ts';
import { compareCodes, type ErpCodes } from '../../../domain/audit/compare-codes.ts';
import { compareCustomers } from '../../../domain/audit/compare-customers.ts';
import { compareLocations } from '../../../domain/audit/compare-locations.ts';
import { compareMethods } from '../../../domain/audit/compare-methods.ts';
import { comparePriceLists } from '../../../domain/audit/compare-price-lists.ts';
import { compareSkus } from '../../../domain/audit/compare-skus.ts';
import type { Gap } from '../../../domain/audit/gap.ts';
import { readErpCatalogue, NO_STOCK_FACTS } from '../../../domain/catalogue/erp-catalogue.ts';
import { nameSkus } from '../../../domain/catalogue/name-skus.ts';
import type { CatalogueRules } from '../../../domain/catalogue/catalogue-rules.ts';
import type { ErpStyle, StyleSku } from '../../../domain/catalogue/erp-style.ts';
import type { SkuMatch } from '../../../domain/prepare-sales-order.ts';
import { anAddress, aPackage, aPurchase, skusOf, theRules, theSku } from '../../support/builders.ts';
import { aCustomer, anAccount, theRules as customerRules } from '../customers/world.ts';

const named = (gaps: readonly Gap[]) => gaps.map(({ code, key }) => `${code} ${key}`.trim());

describe('an order as the audit sees it', () => {
  const orderOf = (purchase: ReturnType<typeof aPurchase>, rules = theRules()) => {
    const built = purchase.build();
    return toAuditedOrder(built, { customer: 'cu_1', skus: skusOf(built) }, rules);
  };

  test('has the warehouse that it would have been sent to, by location, by ship-to, or by default', () => {
    expect(orderOf(aPurchase().fromLocation('loc-west')).warehouses).toEqual(['CA']);
    expect(orderOf(aPurchase().shipTo(anAddress({ region: 'WA' }))).warehouses).toEqual(['CA']);
    expect(orderOf(aPurchase()).warehouses).toEqual(['NJ']);
    expect(orderOf(aPurchase().fromLocation('nobody-knows'))).toMatchObject({
      location: 'nobody-knows',
      warehouses: ['NJ'],
    });
    expect(orderOf(aPurchase().shipTo(null)).warehouses).toEqual([]);
  });

  test('has the terms of its payment method, paid or not', () => {
    expect(orderOf(aPurchase().payUpFront(null)).terms).toBe('PPD');
    expect(orderOf(aPurchase().payBy('barter'))).toMatchObject({ terms: '', paymentMethod: 'barter' });
  });

  test('is worth what was placed: what is shipped counts, what came back does not', () => {
    const shipped = aPurchase()
      .also(aPackage({ type: 'shipment' }))
      .also(aPackage({ type: 'return' }));
    expect(orderOf(shipped).value).toBe('200.00');
  });
});

test('locations are missing on either side, or have no code', () => {
  const gaps = compareLocations(
    {
      storefront: [
        { id: '1', name: 'East', externalId: 'loc-east' },
        { id: '2', name: 'Pop-up', externalId: 'pop-up' },
        { id: '3', name: 'Back room', externalId: null },
      ],
      ordered: ['loc-west', 'closed-shop', 'pop-up'],
    },
    theRules().locations,
    [{ location: 'loc-fed', from: [{ division: '01', warehouse: 'NJ' }] }],
  );
  expect(named(gaps)).toEqual([
    'LOCATION_NOT_MAPPED pop-up',
    'LOCATION_NOT_MAPPED closed-shop',
    'LOCATION_WITHOUT_CODE',
    'STOCK_LOCATION_UNKNOWN loc-west',
    'STOCK_LOCATION_UNKNOWN loc-fed',
  ]);
});

test('codes that the ERP does not have, each once; pseudo locations and inactive terms are none', () => {
  const erp: ErpCodes = {
    divisions: [{ division: '01' }],
    warehouses: [
      { warehouse: 'NJ', name: '', type: 'W' },
      { warehouse: 'CA', name: '', type: 'P' },
      { warehouse: 'TOR', name: '', type: 'W' },
      { warehouse: 'NJ2', name: '', type: 'W' },
    ],
    terms: [{ terms: 'PPD', name: '', active: false }],
    shipVia: [{ shipVia: 'UPSG' }],
  };
  expect(named(compareCodes(erp, theRules(), []))).toEqual([
    'DIVISION_UNKNOWN 02',
    'WAREHOUSE_UNKNOWN CA',
    'TERMS_UNKNOWN PPD',
    'SHIP_VIA_UNKNOWN UPS2',
  ]);
});

test('ways of paying and shipping are gaps only where the site file has no word for all others', () => {
  const built = aPurchase().payBy('barter').shippedBy('Balloon').build();
  const orders = [toAuditedOrder(built, { customer: '', skus: skusOf(built) }, theRules())];
  const { payment, shipVia } = theRules();
  const strict = { payment, shipVia: { ...shipVia, otherwise: '' } };
  const lenient = {
    payment: { ...payment, unknownMethod: { action: 'treatAs', method: 'on_account' } as const },
    shipVia,
  };
  expect(named(compareMethods(orders, strict))).toEqual([
    'PAYMENT_METHOD_UNKNOWN barter',
    'SHIPPING_METHOD_NOT_MAPPED Balloon',
  ]);
  expect(named(compareMethods(orders, lenient))).toEqual([]);
});

describe('SKUs of both sides', () => {
  const sku = (change: Partial<StyleSku>): StyleSku => ({ ...theSku(), season: '', channels: ['', ''], ...change });
  const styles: readonly ErpStyle[] = [
    {
      style: 'AC-1001',
      name: 'Crew',
      description: '',
      groups: [],
      active: true,
      skus: [
        sku({ size: 'M', upc: '111' }),
        sku({ size: 'L', upc: '111' }),
        sku({ size: 'S', label: 'SAMPLE', upc: '' }),
        sku({ size: 'XL', upc: '444' }),
      ],
    },
  ];
  const rules = theRules({ sku: { by: 'upcThenPattern', pattern: '{style}-{color}-{size}' } });
  const catalogueRules: CatalogueRules = {
    mode: 'check',
    publish: { channels: [], groups: [], minimumStock: 0 },
    options: { colour: 'Colour', size: 'Size', dimension: 'Dimension', label: 'Label' },
    colours: {},
    sizes: {},
    imageUrl: '',
    enriched: [],
    mostDiscontinued: 1,
  };
  const items = styles.flatMap((style) => style.skus);
  const compare = (onSale: readonly string[], matches: Readonly<Record<string, SkuMatch>>) =>
    compareSkus({
      onSale,
      matches: new Map(Object.entries(matches)),
      catalogue: readErpCatalogue(styles, catalogueRules, rules, NO_STOCK_FACTS),
      sharedUpcs: nameSkus(items, rules).sharedUpcs,
      excludedLabels: rules.excludedLabels,
    });

  test('unknown, not for sale, or several at once: an order would park', () => {
    const gaps = compare(['?', 'sample', 'both'], {
      '?': { kind: 'none' },
      sample: { kind: 'one', sku: theSku({ label: 'SAMPLE', size: 'S' }) },
      both: { kind: 'several', skus: [theSku(), theSku({ size: 'L' })] },
    });
    expect(gaps.find(({ code }) => code === 'VARIANT_WITHOUT_ERP_SKU')?.concerns).toEqual(['?', 'sample']);
    expect(gaps.find(({ code }) => code === 'SKU_AMBIGUOUS')?.concerns).toEqual(['both']);
  });

  test('what is on sale under whatever name is not missing; without products nothing is', () => {
    const match: SkuMatch = { kind: 'one', sku: theSku({ size: 'M', upc: '111' }) };
    const missing = (gaps: readonly Gap[]) => gaps.find(({ code }) => code === 'SKU_ONLY_IN_ERP')?.concerns;
    expect(missing(compare(['111'], { '111': match }))).toEqual(['AC-1001-BLK-L', 'AC-1001-BLK-XL']);
    expect(missing(compare([], {}))).toBeUndefined();
  });

  test('an order is touched by a doubled UPC under either of its names', () => {
    const match: SkuMatch = { kind: 'one', sku: theSku({ size: 'L', upc: '111' }) };
    const alone: SkuMatch = { kind: 'one', sku: theSku({ size: 'XL', upc: '444' }) };
    const gap = compare([], { 'AC-1001-BLK-L': match, '444': alone, '111': { kind: 'none' } }).find(
      ({ code }) => code === 'UPC_SHARED',
    );
    const touched = (name: string) => {
      const built = aPurchase().with({ sku: name }).build();
      return gap?.touches(toAuditedOrder(built, { customer: '', skus: skusOf(built) }, rules));
    };
    expect([touched('AC-1001-BLK-L'), touched('111'), touched('444')]).toEqual([true, true, false]);
  });
});

describe('customers and price lists', () => {
  test('where the feed is off only the links are looked at', () => {
    const storefront = [aCustomer({ id: 'a', erpCode: null }), aCustomer({ id: 'b', erpCode: 'ACME' })];
    const erp = [anAccount({ customer: 'ACME', terms: 'ODD' })];
    const rules = { ...customerRules(), terms: {} };
    expect(named(compareCustomers(storefront, erp, { ...rules, mode: 'off' }))).toEqual(['CUSTOMER_WITHOUT_ERP_CODE']);
    expect(named(compareCustomers(storefront, erp, { ...rules, mode: 'check' }))).toContain('TERMS_NOT_MAPPED ODD');
  });

  test('a list of an integration without a keeper is a gap while prices are kept, a list of people is none', () => {
    const lists = [
      { slug: 'kept', name: '', currency: 'GBP', source: 'integration' },
      { slug: 'nobodys', name: '', currency: 'GBP', source: 'integration' },
      { slug: 'peoples', name: '', currency: 'GBP', source: 'custom' },
    ];
    const source = { currency: 'GBP', level: 'A', baseLevel: '', customer: '' };
    const rule = (list: string, name: string) => ({ managedBy: 'erp', list, source, name }) as const;
    const kept = [rule('kept', ''), rule('opened', 'Opened by Instep'), rule('missing', '')];
    const pricing = { mode: 'write', lists: kept, shrinkPercent: 20, ordersRead: 0 } as const;
    const customers = { ...customerRules(), mode: 'off' } as const;
    expect(named(comparePriceLists(lists, [], { pricing, customers }))).toEqual([
      'PRICE_LIST_UNOWNED nobodys',
      'PRICE_LIST_MISSING missing',
    ]);
    expect(named(comparePriceLists(lists, [], { pricing: { ...pricing, mode: 'off', lists: [] }, customers }))).toEqual(
      [],
    );
  });
});
