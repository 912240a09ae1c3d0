import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { CatalogueRules, EnrichedField } from '../../../domain/catalogue/catalogue-rules.ts';
import {
  NO_STOCK_FACTS,
  readErpCatalogue,
  type ErpCatalogue,
  type StockFacts,
} from '../../../domain/catalogue/erp-catalogue.ts';
import type { ErpStyle, StyleSku } from '../../../domain/catalogue/erp-style.ts';
import type { NamingRules } from '../../../domain/catalogue/name-skus.ts';
import { guardDiscontinuations, planCatalogue, type CataloguePlan } from '../../../domain/catalogue/plan-catalogue.ts';
import { productKey, readProductKey } from '../../../domain/catalogue/product-key.ts';
import type { StorefrontProduct, StorefrontVariant } from '../../../domain/catalogue/storefront-product.ts';
import { applyPlan } from './apply-plan.ts';

const DIVISIONS = ['01', '02'];
const NAMING: NamingRules = {
  sku: { by: 'pattern', pattern: '{style}-{color}-{size}' },
  divisions: DIVISIONS,
  excludedLabels: ['SAMPLE'],
};
const BY_UPC: NamingRules = { ...NAMING, sku: { by: 'upc' } };

function theRules(change: Partial<CatalogueRules> = {}): CatalogueRules {
  return {
    mode: 'write',
    publish: { channels: [], groups: [], minimumStock: 0 },
    options: { colour: 'Colour', size: 'Size', dimension: 'Dimension', label: 'Label' },
    colours: { BLK: 'Black' },
    sizes: {},
    imageUrl: '',
    enriched: ['title', 'slug', 'image'],
    mostDiscontinued: 0.2,
    ...change,
  };
}

function aSku(change: Partial<StyleSku> = {}): StyleSku {
  return {
    division: '01',
    style: 'AC-1',
    color: 'BLK',
    label: 'A',
    dimension: '',
    size: 'M',
    upc: '',
    season: 'SP26',
    channels: ['B2B', ''],
    ...change,
  };
}

function aStyle(skus: readonly Partial<StyleSku>[], change: Partial<ErpStyle> = {}): ErpStyle {
  const style = change.style ?? 'AC-1';
  return {
    style,
    name: 'Merino Crew',
    description: '',
    groups: ['KNT', '', '', '', '', '', 'W', ''],
    active: true,
    skus: skus.map((sku) => aSku({ style, ...sku })),
    ...change,
  };
}

interface World {
  readonly rules?: CatalogueRules;
  readonly naming?: NamingRules;
  readonly stock?: StockFacts;
  readonly storefront?: readonly StorefrontProduct[];
}

function read(
  styles: readonly ErpStyle[],
  { rules = theRules(), naming = NAMING, stock = NO_STOCK_FACTS }: World = {},
) {
  return readErpCatalogue(styles, rules, naming, stock);
}

function plan(styles: readonly ErpStyle[], world: World = {}): CataloguePlan {
  const { rules = theRules(), storefront = [] } = world;
  return planCatalogue({ erp: read(styles, world), storefront, rules, divisions: DIVISIONS });
}

/** The storefront after a plan was carried out, starting from another. */
function after(styles: readonly ErpStyle[], world: World = {}): readonly StorefrontProduct[] {
  return applyPlan(world.storefront ?? [], plan(styles, world));
}

function edited(
  storefront: readonly StorefrontProduct[],
  change: (variant: StorefrontVariant) => Partial<StorefrontVariant>,
): readonly StorefrontProduct[] {
  return storefront.map((product) => ({
    ...product,
    variants: product.variants.map((variant) => ({ ...variant, ...change(variant) })),
  }));
}

function codesOf({ findings }: Pick<CataloguePlan, 'findings'>) {
  return findings.map(({ code, concerns }) => [code, ...concerns]);
}

const SIZES = [{ size: 'S' }, { size: 'M' }, { size: 'L' }];

describe('what is sold', () => {
  const styles = [aStyle([{ color: 'BLK' }, { color: 'RED', channels: ['RTL', 'WEB'] }])];
  const publish = { channels: [], groups: [], minimumStock: 0 };

  test.each([
    ['every colour of an active style', {}, styles, ['AC-1-BLK-M', 'AC-1-RED-M']],
    ['only colours of the channel, in either field', { channels: ['WEB'] }, styles, ['AC-1-RED-M']],
    ['only styles of the group', { groups: [{ group: 7, codes: ['M', 'X'] }] }, styles, []],
    [
      'styles of all groups named',
      {
        groups: [
          { group: 1, codes: ['KNT'] },
          { group: 7, codes: ['W'] },
        ],
      },
      styles,
      ['AC-1-BLK-M', 'AC-1-RED-M'],
    ],
    ['nothing of an inactive style', {}, [aStyle([{}], { active: false })], []],
    ['no samples', {}, [aStyle([{ label: 'SAMPLE' }])], []],
    ['nothing of a division that the site does not sell', {}, [aStyle([{ division: '09' }])], []],
    ['nothing without a size', {}, [aStyle([{ size: '' }])], []],
    [
      'a colour of two seasons, if one of them is in the channel',
      { channels: ['B2B'] },
      [aStyle([{ channels: ['', ''] }, { season: 'HO26' }])],
      ['AC-1-BLK-M'],
    ],
  ])('%s', (_, change, given, skus) => {
    const rules = theRules({ publish: { ...publish, ...change } });
    expect(after(given, { rules }).flatMap(({ variants }) => variants.map(({ sku }) => sku))).toEqual(skus);
  });

  test('with a minimum only what has the units; without a figure everything stays as it is', () => {
    const rules = theRules({ publish: { ...publish, minimumStock: 50 } });
    const units = new Map([
      ['S', 49],
      ['M', 50],
    ]);
    const stock = { ...NO_STOCK_FACTS, units: ({ size }: { size: string }) => units.get(size) ?? null };
    expect(after([aStyle(SIZES)], { rules, stock }).flatMap(({ variants }) => variants.map(({ sku }) => sku))).toEqual([
      'AC-1-BLK-M',
    ]);
    const storefront = after([aStyle(SIZES)]);
    expect(plan([aStyle(SIZES)], { rules, stock, storefront })).toMatchObject({
      products: [],
      discontinued: [{ sku: 'AC-1-BLK-S', why: 'notSold' }],
      unchanged: 2,
    });
  });
});

describe('a product', () => {
  test('is a style in a division, and its key says which', () => {
    const styles = [aStyle([{ division: '01' }, { division: '02', color: 'RED' }])];
    const [first, second] = after(styles);
    expect([first?.externalId, second?.externalId]).toEqual(['01:AC-1', '02:AC-1']);
    expect(readProductKey('02:AC-1', DIVISIONS)).toEqual({ division: '02', style: 'AC-1' });
    expect([first?.slug, second?.slug]).toEqual(['merino-crew', 'merino-crew-ac-1']);
  });

  test('of which nothing is sold is not made', () => {
    expect(plan([aStyle([{}], { active: false })]).products).toEqual([]);
  });

  test('shows its choices, in the order of size ranges where the stock tells them, else in the ERP’s', () => {
    const skus = ['34', '28', '32'].flatMap((size) => [
      { size, dimension: 'L30' },
      { size, dimension: 'L32' },
    ]);
    const stock = { ...NO_STOCK_FACTS, sizeBucket: ({ size }: { size: string }) => Number(size) - 26 };
    const shown = (world: World) =>
      read([aStyle(skus)], world).products[0]?.items.map(({ position, options }) => [
        position,
        ...options.map(({ value }) => value),
      ]);
    expect(shown({ stock })).toEqual([
      [1, 'Black', '28', 'L30'],
      [2, 'Black', '32', 'L30'],
      [3, 'Black', '34', 'L30'],
      [4, 'Black', '28', 'L32'],
      [5, 'Black', '32', 'L32'],
      [6, 'Black', '34', 'L32'],
    ]);
    expect(shown({})?.slice(0, 2)).toEqual([
      [1, 'Black', '34', 'L30'],
      [2, 'Black', '28', 'L30'],
    ]);
  });

  test('keeps its places when a size in the middle is no longer sold', () => {
    const storefront = after([aStyle([{ color: 'BLK' }, { color: 'RED' }, { color: 'TAN' }])]);
    const rules = theRules({ publish: { channels: ['B2B'], groups: [], minimumStock: 0 } });
    const gone = [aStyle([{ color: 'BLK' }, { color: 'RED', channels: ['', ''] }, { color: 'TAN' }])];
    expect(plan(gone, { rules, storefront })).toMatchObject({ products: [], discontinued: [{ sku: 'AC-1-RED-M' }] });
  });
});

describe('what people did in the storefront', () => {
  const styles = [aStyle(SIZES)];
  const edit = { title: 'Our best crew', slug: 'best-crew' };
  const storefront = after(styles).map((product) => ({ ...product, ...edit }));

  test('stays where the site lets it', () => {
    expect(plan(styles, { storefront }).products).toEqual([]);
  });

  test.each<[EnrichedField[], object]>([
    [['slug'], { title: 'Merino Crew' }],
    [['title'], { slug: 'merino-crew' }],
  ])('with only %j theirs the rest is brought back', (enriched, patch) => {
    const { products } = plan(styles, { rules: theRules({ enriched }), storefront });
    expect(products.map(({ product }) => product)).toEqual([{ kind: 'patch', id: 'pp_01:AC-1', patch }]);
  });

  test('a suspended variant stays suspended, a discontinued one that is sold comes back', () => {
    const statuses: Readonly<Record<string, string>> = { S: 'suspended', M: 'discontinued', L: 'live' };
    const stopped = edited(after(styles), ({ options }) => ({ status: statuses[options[1]?.value ?? ''] ?? null }));
    expect(plan(styles, { storefront: stopped }).products).toMatchObject([
      { product: { kind: 'keep' }, variants: [{ kind: 'patch', sku: 'AC-1-BLK-M', patch: { status: 'live' } }] },
    ]);
  });

  test('a product made by hand is taken over by its SKUs, not doubled; a name of its own keeps its external id', () => {
    const byHand = (externalId: string | null) =>
      after(styles).map((product) => ({
        ...product,
        externalId,
        variants: product.variants.map((variant) => ({ ...variant, externalId: null, options: [] })),
      }));
    const [step] = plan(styles, { storefront: byHand(null) }).products;
    expect(step?.product).toEqual({ kind: 'patch', id: 'pp_01:AC-1', patch: { externalId: '01:AC-1' } });
    expect(step?.variants).toHaveLength(3);
    expect(step?.variants[0]).toMatchObject({
      kind: 'patch',
      patch: { externalId: '01-AC-1-BLK-A-S', options: [{ group: 'Colour', value: 'Black' }, { group: 'Size' }] },
    });
    expect(plan(styles, { storefront: byHand('erp-9') }).products).toMatchObject([{ product: { kind: 'keep' } }]);
    expect(
      plan(styles, { storefront: byHand(null) }).products.filter(({ product }) => product.kind === 'create'),
    ).toEqual([]);
  });

  test('a variant under another style’s product is left alone, and listed', () => {
    const [one] = after(styles);
    const [other] = after([aStyle([{}], { style: 'AC-2', name: 'Other' })]);
    if (!one || !other) throw new Error('nothing was made');
    const [first, ...rest] = one.variants;
    if (!first) throw new Error('no variant was made');
    const moved = [
      { ...one, variants: rest },
      { ...other, variants: [...other.variants, { ...first, position: 99 }] },
    ];
    const both = [...styles, aStyle([{}], { style: 'AC-2', name: 'Other' })];
    const met = plan(both, { storefront: moved });
    expect(met.products).toEqual([]);
    expect(codesOf(met)).toEqual([['VARIANT_ELSEWHERE', 'AC-1-BLK-S under “Other”']]);
  });
});

describe('what does not fit', () => {
  test('a live variant that is no item of the ERP is listed and left alone', () => {
    const storefront = after([aStyle([{}])]).map((product) => ({
      ...product,
      variants: product.variants.flatMap((variant) => [
        variant,
        { ...variant, id: 'pv_gift', externalId: null, sku: 'GIFT-50' },
        { ...variant, id: 'pv_old', externalId: null, sku: 'OLD', status: 'discontinued' },
        { ...variant, id: 'pv_nameless', externalId: null, sku: null },
      ]),
    }));
    const met = plan([aStyle([{}])], { storefront });
    expect(met).toMatchObject({ products: [], discontinued: [] });
    expect(codesOf(met)).toEqual([['VARIANT_WITHOUT_ERP_SKU', 'GIFT-50', 'pv_nameless (no SKU)']]);
  });

  test('one of ours that the ERP lost is discontinued; where nothing is written it is listed', () => {
    const storefront = after([aStyle(SIZES)]);
    const left = [aStyle([{ size: 'S' }, { size: 'M' }])];
    expect(plan(left, { storefront }).discontinued).toMatchObject([{ sku: 'AC-1-BLK-L', why: 'gone' }]);
    const checked = plan(left, { storefront, rules: theRules({ mode: 'check' }) });
    expect(codesOf(checked)).toEqual([['VARIANT_WITHOUT_ERP_SKU', 'AC-1-BLK-L']]);
  });

  test('items without a UPC are listed where the UPC is the SKU, if they were for sale', () => {
    const styles = [
      aStyle([{ upc: '1' }, { size: 'L' }, { size: 'S', label: 'SAMPLE' }]),
      aStyle([{}], { style: 'OFF', active: false }),
    ];
    expect(codesOf(read(styles, { naming: BY_UPC }))).toEqual([['SKU_WITHOUT_UPC', '01-AC-1-BLK-A-L']]);
    expect(codesOf(read(styles))).toEqual([]);
  });

  test('a UPC in two divisions is the first’s, and the finding says whose', () => {
    const styles = [
      aStyle([
        { division: '02', upc: '012345678905' },
        { division: '01', upc: '012345678905' },
      ]),
    ];
    const catalogue = read(styles, { naming: BY_UPC });
    expect(catalogue.products.map(({ items }) => items[0]?.sku)).toEqual(['012345678905', '02-AC-1-BLK-A-M']);
    expect(codesOf(catalogue)).toEqual([['UPC_SHARED', '012345678905 is 01-AC-1-BLK-A-M’s; also on 02-AC-1-BLK-A-M']]);
  });

  test('sizes that no range has are listed', () => {
    const stock = { ...NO_STOCK_FACTS, sizeBucket: ({ size }: { size: string }) => (size === 'L' ? 25 : 3) };
    expect(codesOf(read([aStyle([...SIZES, { size: '' }])], { stock }))).toEqual([
      ['SIZE_OUT_OF_RANGE', '01-AC-1-BLK-A-L', '01-AC-1-BLK-A'],
    ]);
  });

  test('a SKU that another variant holds is not sent, and said', () => {
    const storefront = after([aStyle([{ upc: '1' }])], { naming: BY_UPC }).map((product) => ({
      ...product,
      variants: product.variants.flatMap((variant) => [
        variant,
        { ...variant, id: 'pv_x', externalId: null, sku: '2' },
      ]),
    }));
    const met = plan([aStyle([{ upc: '2' }])], { naming: BY_UPC, storefront });
    expect(met.products).toEqual([]);
    expect(codesOf(met)).toEqual([['PRODUCT_WRITE_REFUSED', '2 (now 1)']]);
  });

  test('a new item whose SKU the variant of another one still holds is not created, and said', () => {
    const naming: NamingRules = { ...BY_UPC, divisions: ['01', '02'] };
    const before = aStyle([{ upc: '222', division: '02' }]);
    const storefront = after([before], { naming });
    const met = plan([{ ...before, active: false }, aStyle([{ upc: '222' }], { style: 'AC-9' })], {
      naming,
      storefront,
    });
    expect(met.products).toEqual([]);
    expect(codesOf(met)).toContainEqual(['PRODUCT_WRITE_REFUSED', '222 (new)']);
    expect(met.discontinued).toMatchObject([{ sku: '222', why: 'notSold' }]);
  });

  test('nor one whose SKU is held by a variant that stands elsewhere, and so is not renamed', () => {
    const storefront = after([aStyle([{ color: 'BLK', label: 'A', dimension: 'A', size: 'S' }])]);
    const met = plan(
      [
        aStyle([{ color: 'BLK', label: 'A', size: 'S' }]),
        aStyle([{ color: '', label: 'A', dimension: 'A', size: 'S' }], { style: 'AC-1-BLK' }),
      ],
      { storefront },
    );
    expect(met.products).toEqual([]);
    expect(codesOf(met)).toContainEqual(['PRODUCT_WRITE_REFUSED', 'AC-1-BLK-S (new)']);
  });
});

test('a variant that orders find by its UPC keeps it as SKU', () => {
  const naming: NamingRules = { ...NAMING, sku: { by: 'upcThenPattern', pattern: '{style}-{color}-{size}' } };
  const styles = [aStyle([{ upc: '012345678905' }])];
  const storefront = edited(after(styles, { naming }), () => ({ sku: '012345678905' }));
  expect(plan(styles, { naming, storefront })).toMatchObject({ products: [], unchanged: 1, findings: [] });
});

describe('the guard', () => {
  const storefront = after([aStyle(SIZES), aStyle(SIZES, { style: 'AC-2' })]);
  const shrunken = plan([aStyle(SIZES)], { storefront });

  test('discontinues nothing when more than the site’s share would go, and names them', () => {
    const { allowed, finding } = guardDiscontinuations(shrunken, 0.4, null);
    expect(allowed).toEqual([]);
    expect(finding).toMatchObject({ code: 'CATALOGUE_SHRUNKEN', count: 3 });
    expect(guardDiscontinuations(shrunken, 0.5, null).allowed).toHaveLength(3);
  });

  test.each([
    ['CATALOGUE_SHRUNKEN', 3],
    ['CUSTOMERS_SHRUNKEN', 0],
  ] as const)('lets a person’s word on %s pass %d', (guard, passing) => {
    const override = { guard, actor: 'ada', reason: 'the spring line is over' };
    expect(guardDiscontinuations(shrunken, 0.1, override).allowed).toHaveLength(passing);
  });
});

describe('for any catalogue', () => {
  const sku = fc.record({
    division: fc.constantFrom('01', '02', '09'),
    color: fc.constantFrom('BLK', 'RED', ''),
    label: fc.constantFrom('A', '', 'SAMPLE'),
    dimension: fc.constantFrom('', 'L30', 'A'),
    size: fc.constantFrom('S', 'M', ''),
    upc: fc.constantFrom('', '111', '222'),
    channels: fc.constantFrom<[string, string]>(['B2B', ''], ['', '']),
  });
  const style = (name: string) =>
    fc
      .record({ skus: fc.array(sku, { maxLength: 8 }), active: fc.boolean() })
      .map(({ skus, active }) => aStyle(skus, { style: name, active }));
  const catalogue = fc.tuple(style('AC-1'), style('AC-1-BLK'), style('ac/2'));
  const world = fc.record({
    naming: fc.constantFrom(NAMING, BY_UPC),
    rules: fc.constantFrom(
      theRules({ publish: { channels: ['B2B'], groups: [], minimumStock: 0 } }),
      theRules({ enriched: [] }),
    ),
  });

  test('a second run sends nothing, from whatever the first run met', () => {
    fc.assert(
      fc.property(catalogue, catalogue, world, (before, now, { naming, rules }) => {
        const storefront = after(now, { naming, rules, storefront: after(before, { naming, rules }) });
        const again = plan(now, { naming, rules, storefront });
        expect(again.products).toEqual([]);
        expect(again.discontinued).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('SKUs, slugs and external ids stay unique, and what is on sale is what the ERP sells', () => {
    fc.assert(
      fc.property(catalogue, catalogue, world, (before, now, { naming, rules }) => {
        const storefront = after(now, { naming, rules, storefront: after(before, { naming, rules }) });
        const variants = storefront.flatMap((product) => product.variants);
        for (const values of [
          variants.map(({ sku }) => sku),
          variants.map(({ externalId }) => externalId),
          storefront.map(({ slug }) => slug),
          storefront.map(({ externalId }) => externalId),
        ])
          expect(new Set(values).size).toBe(values.length);
        const live = variants.filter(({ status }) => status === 'live').map(({ sku }) => sku);
        expect(new Set(live)).toEqual(new Set(soldOf(read(now, { naming, rules }), storefront)));
      }),
      { numRuns: 100 },
    );
  });

  /** Sold by the ERP, but for the SKUs that another variant still holds. */
  function soldOf({ products }: ErpCatalogue, storefront: readonly StorefrontProduct[]) {
    const keys = new Map(
      storefront.flatMap(({ variants }) => variants.map(({ externalId, sku }) => [externalId, sku] as const)),
    );
    const held = new Set(
      storefront.flatMap(({ variants }) => variants.filter(({ status }) => status !== 'live').map(({ sku }) => sku)),
    );
    return products.flatMap(({ items }) =>
      items
        .filter(({ sale, key, sku }) => sale === 'sold' && (keys.has(key) || !held.has(sku)))
        .map((item) => keys.get(item.key) ?? item.sku),
    );
  }

  test('a product’s key gives its division and style back', () => {
    fc.assert(
      fc.property(fc.constantFrom(...DIVISIONS), fc.string({ minLength: 1 }), (division, style) => {
        expect(readProductKey(productKey(division, style), DIVISIONS)).toEqual({ division, style });
      }),
      { numRuns: 50 },
    );
  });
});
