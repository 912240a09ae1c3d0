import { findingOf, present, type Finding } from '../findings.ts';
import type { SkuCodes } from '../sales-order.ts';
import type { CatalogueRules } from './catalogue-rules.ts';
import type { ErpStyle, StyleSku } from './erp-style.ts';
import { codesName, nameSkus, type NamedSkus, type NamingRules } from './name-skus.ts';
import { productKey } from './product-key.ts';
import type { VariantOption } from './storefront-product.ts';

/** What the stock figures tell of an item; null = they do not. */
export interface StockFacts {
  /** Units that can be sold, over all warehouses. */
  units(sku: SkuCodes): number | null;
  /** Its place in the size range, from 1. */
  sizeBucket(sku: SkuCodes): number | null;
}

export const NO_STOCK_FACTS: StockFacts = { units: () => null, sizeBucket: () => null };

/** An item of the ERP as the storefront is to show it. */
export interface CatalogueItem {
  /** Its codes, which never change: the variant's `external_id`. */
  readonly key: string;
  readonly sku: string;
  /** Other SKUs that orders for it may carry. */
  readonly aliases: readonly string[];
  /** asItIs: the rule asks for stock, and no figure tells. */
  readonly sale: 'sold' | 'notSold' | 'asItIs';
  /** Within the product, from 1; items that are not sold keep their place, so that none moves because another goes. */
  readonly position: number;
  readonly options: readonly VariantOption[];
  /** null = none is sent. */
  readonly imageUrl: string | null;
}

/** A style in one division. */
export interface CatalogueProduct {
  /** The product's `external_id`. */
  readonly key: string;
  readonly division: string;
  readonly style: string;
  readonly title: string;
  readonly items: readonly CatalogueItem[];
}

export interface ErpCatalogue {
  /** By key; also those of which nothing is sold. */
  readonly products: readonly CatalogueProduct[];
  /** What is wrong with it before any storefront is looked at. */
  readonly findings: readonly Finding[];
}

/** Sizes of a range, and thus its last bucket (contract, section 8). */
const SIZES_OF_A_RANGE = 24;

/** The ERP's catalogue by the site's rules: what is sold, under which names, in which order. */
export function readErpCatalogue(
  styles: readonly ErpStyle[],
  rules: CatalogueRules,
  naming: NamingRules,
  stock: StockFacts,
): ErpCatalogue {
  const names = nameSkus(
    styles.flatMap(({ skus }) => skus),
    naming,
  );
  const sameKey = withSameKey(names.byName.values());
  const nameOf = new Map([...names.byName].flatMap(([name, sku]) => (sameKey.has(sku) ? [] : [[sku, name]])));
  // Of several rows of one item (two seasons of a colour) one that is for sale is enough.
  const forSale = new Set(
    styles.flatMap((style) => style.skus.filter((sku) => isForSale(style, sku, rules)).map(itemOf)),
  );
  const strange: StyleSku[] = [];
  const products = styles.flatMap((style) =>
    [...Map.groupBy(style.skus, ({ division }) => division)].flatMap(([division, rows]) => {
      const named = rows.filter((sku) => nameOf.has(sku));
      if (named.length === 0) return [];
      strange.push(...outOfRange(named, stock).filter((sku) => forSale.has(itemOf(sku))));
      return [
        {
          key: productKey(division, style.style),
          division,
          style: style.style,
          title: style.name || style.description || style.style,
          items: itemsOf(named),
        },
      ];
    }),
  );
  return {
    products: products.toSorted((left, right) => (left.key < right.key ? -1 : 1)),
    findings: [
      ...nameFindings({ ...names, unnamed: [...names.unnamed, ...sameKey] }, forSale, naming),
      ...sizeFindings(strange),
    ],
  };

  function itemsOf(skus: readonly StyleSku[]): readonly CatalogueItem[] {
    const optionsOf = optionNamer(skus, rules);
    return inRangeOrder(skus, stock).flatMap((sku, index) => {
      // A buyer could not choose it.
      if (sku.size === '') return [];
      const units = stock.units(sku);
      const { minimumStock } = rules.publish;
      const enough = minimumStock === 0 || (units !== null && units >= minimumStock);
      const isUnclear = minimumStock > 0 && units === null;
      return [
        {
          key: codesName(sku),
          sku: nameOf.get(sku) ?? '',
          aliases: naming.sku.by === 'upcThenPattern' && isSoleOwner(names, sku) ? [sku.upc] : [],
          sale: !forSale.has(itemOf(sku)) ? 'notSold' : isUnclear ? 'asItIs' : enough ? 'sold' : 'notSold',
          position: index + 1,
          options: optionsOf(sku),
          imageUrl: imageOf(sku, rules.imageUrl),
        },
      ];
    });
  }
}

function isForSale({ active, groups }: ErpStyle, { channels }: StyleSku, { publish }: CatalogueRules): boolean {
  const isInChannel = publish.channels.length === 0 || channels.some((code) => publish.channels.includes(code));
  const isInGroups = publish.groups.every(({ group, codes }) => codes.includes(groups[group - 1] ?? ''));
  return active && isInChannel && isInGroups;
}

/** Items whose codes, put together, read the same: as variants they would be one. */
function withSameKey(skus: Iterable<StyleSku>): ReadonlySet<StyleSku> {
  const first = new Map<string, StyleSku>();
  const same = new Set<StyleSku>();
  for (const sku of skus) {
    const key = codesName(sku);
    const other = first.get(key);
    if (other) same.add(other).add(sku);
    else first.set(key, sku);
  }
  return same;
}

/** Orders match a UPC to the item that owns it: the one that has it alone, or the first of the divisions. */
function isSoleOwner({ sharedUpcs }: NamedSkus<StyleSku>, sku: StyleSku): boolean {
  return sku.upc !== '' && (sharedUpcs.get(sku.upc)?.[0] ?? sku) === sku;
}

/** By what a buyer chooses: colour and size; dimension where there is one; label where there are several. */
function optionNamer(skus: readonly StyleSku[], { options, colours, sizes }: CatalogueRules) {
  const hasDimensions = skus.some(({ dimension }) => dimension !== '');
  const hasLabels = new Set(skus.map(({ label }) => label)).size > 1;
  return ({ color, size, dimension, label }: StyleSku): readonly VariantOption[] =>
    [
      { group: options.colour, value: colours[color] ?? color },
      { group: options.size, value: sizes[size] ?? size },
      ...(hasDimensions ? [{ group: options.dimension, value: dimension }] : []),
      ...(hasLabels ? [{ group: options.label, value: label }] : []),
    ].map(({ group, value }) => ({ group, value: value || NO_CODE }));
}

/** Shown for a code that an item lacks and its sisters have: an option has a value. */
const NO_CODE = '–';

/**
 * Colours as the ERP lists them; within a colour by dimension, then by the size bucket where the stock figures tell it
 * for every size, else as the ERP lists them.
 */
function inRangeOrder(skus: readonly StyleSku[], stock: StockFacts): readonly StyleSku[] {
  return rangesOf(skus).flatMap((range) => {
    const placed = range.map((sku) => ({ sku, bucket: stock.sizeBucket(sku) }));
    if (placed.some(({ bucket }) => bucket === null)) return range;
    return placed.toSorted((left, right) => (left.bucket ?? 0) - (right.bucket ?? 0)).map(({ sku }) => sku);
  });
}

/** Items that differ by size only, in the ERP's order of colours, dimensions and labels. */
function rangesOf(skus: readonly StyleSku[]): readonly (readonly StyleSku[])[] {
  return [...Map.groupBy(skus, ({ color }) => color).values()].flatMap((colour) => [
    ...Map.groupBy(colour, ({ label, dimension }) => `${label}\n${dimension}`).values(),
  ]);
}

/** Without a size, in a bucket that no range has, or more of a colour than a range has sizes. */
function outOfRange(skus: readonly StyleSku[], stock: StockFacts): readonly StyleSku[] {
  return rangesOf(skus).flatMap((range) =>
    range.filter((sku, index) => {
      const bucket = stock.sizeBucket(sku) ?? index + 1;
      return sku.size === '' || bucket < 1 || bucket > SIZES_OF_A_RANGE;
    }),
  );
}

function imageOf({ division, style, color }: StyleSku, template: string): string | null {
  if (template === '') return null;
  const codes: Readonly<Record<string, string>> = { division, style, color };
  return template.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(codes[name] ?? ''));
}

function nameFindings(
  { byName, unnamed, sharedUpcs }: NamedSkus<StyleSku>,
  forSale: ReadonlySet<string>,
  { sku: identity }: NamingRules,
): readonly Finding[] {
  const isSold = (sku: StyleSku) => forSale.has(itemOf(sku));
  const nameless = unnamed.filter(isSold);
  const isUpcMissing = (sku: StyleSku) => identity.by === 'upc' && sku.upc === '';
  const shared = [...sharedUpcs].filter(([, skus]) => skus.some(isSold));
  const owner = (upc: string, skus: readonly StyleSku[]) => (identity.by === 'upc' ? byName.get(upc) : skus[0]);
  return present([
    findingOf('SKU_WITHOUT_UPC', nameless.filter(isUpcMissing).map(codesName), {
      says: 'items that the site would sell have no UPC, and are not published',
    }),
    findingOf('SKU_AMBIGUOUS', nameless.filter((sku) => !isUpcMissing(sku)).map(codesName), {
      says: 'items of the ERP cannot be told apart by their codes, and are not published',
    }),
    // Where UPCs name nothing, nobody minds that they are doubled.
    findingOf(
      'UPC_SHARED',
      identity.by === 'pattern' ? [] : shared.map(([upc, skus]) => inWords(upc, skus, owner(upc, skus))),
      { says: 'UPCs stand on several items of the ERP' },
    ),
  ]);
}

function inWords(upc: string, skus: readonly StyleSku[], owner: StyleSku | undefined): string {
  const others = skus.filter((sku) => sku !== owner).map(codesName);
  return owner ? `${upc} is ${codesName(owner)}’s; also on ${others.join(', ')}` : `${upc} is on ${others.join(', ')}`;
}

function sizeFindings(strange: readonly StyleSku[]): readonly Finding[] {
  return present([
    findingOf('SIZE_OUT_OF_RANGE', strange.map(codesName), {
      says: `items of the ERP have no size, or one beyond the ${SIZES_OF_A_RANGE} of a size range`,
    }),
  ]);
}

function itemOf({ division, style, color, label, dimension, size }: SkuCodes): string {
  return [division, style, color, label, dimension, size].join('\n');
}
