import type { Site } from '../config/site.ts';
import type { BlueCherry } from '../connectors/bluecherry/bluecherry.ts';
import type { SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import type { ErpStyle } from '../domain/catalogue/erp-style.ts';
import { nameSkus } from '../domain/catalogue/name-skus.ts';
import { DISCONTINUED } from '../domain/catalogue/storefront-product.ts';
import { unknownStyles } from '../domain/catalogue/unknown-styles.ts';
import { findingOf, present, type Finding } from '../domain/findings.ts';
import type { SkuCodes } from '../domain/sales-order.ts';
import type { KeptPart } from '../domain/stock/merge-part.ts';
import { skuKey } from '../domain/stock/sku-key.ts';
import type { StockItem } from '../domain/stock/stock-item.ts';
import type { Call } from './calls.ts';
import { matchSku, skusAmong } from './match-sku.ts';

/** What the storefront sells, and what of it the ERP knows. */
export interface SoldItems {
  readonly items: readonly StockItem[];
  /** Products of the storefront and styles of the ERP that cannot be read. */
  readonly findings: readonly Finding[];
  /** All SKUs that the storefront sells, also those that no item of the ERP is called. */
  readonly skus: readonly string[];
  /** The items that a SKU on a purchase stands for; none = the ERP does not know it, or it is not sold. */
  itemsOf(sku: string, call: Call): Promise<readonly StockItem[]>;
  itemsOfCodes(codes: SkuCodes): readonly StockItem[];
}

export interface SoldItemsOf {
  readonly site: Pick<Site, 'rules' | 'catalogue'>;
  readonly sparklayer: { readonly catalogue: Pick<SparkLayer['catalogue'], 'listProducts'> };
  readonly bluecherry: Pick<BlueCherry, 'reference'>;
}

/**
 * The SKUs of the storefront's variants that are not discontinued, and those that stand on a product of which the rest
 * cannot be read: its stock must not stand still. Where the storefront shows no products, those that the ERP's active
 * styles would have. What vanished from the ERP's catalogue is known by its last figures, and inactive; but not while a
 * style could never be read, because it may be an item of that.
 */
export async function readSoldItems(
  { site, sparklayer, bluecherry }: SoldItemsOf,
  kept: readonly KeptPart[],
  call: Call,
): Promise<SoldItems> {
  const { rules, catalogue } = site;
  const erpCall = { ...call, priority: 'stock' } as const;
  const styles = await bluecherry.reference.knownStyles(erpCall);
  const unknown = bluecherry.reference.unknownStyles();
  const styleOf = new Map(styles.map((style) => [style.style, style]));
  const { byName } = nameSkus(
    styles.flatMap((style) => style.skus),
    rules,
  );
  const listed = await sparklayer.catalogue.listProducts({ pageSize: catalogue.pageSize, onPage: ignore }, call);
  const variants = listed.products.flatMap((product) => product.variants);
  const skus = [
    ...variants.flatMap(({ sku, status }) => (sku && status !== DISCONTINUED ? [sku] : [])),
    ...listed.unreadable.flatMap((row) => row.skus),
  ];
  const sold = variants.length > 0 ? [...new Set(skus)] : namesOfActive();
  const missing = sold.some((sku) => !byName.has(sku));
  const vanished = missing ? nameSkus(skusNotIn(styles, kept), rules).byName : new Map<string, SkuCodes>();
  const items = sold.flatMap((sku): StockItem[] => {
    const codes = byName.get(sku) ?? vanished.get(sku);
    if (!codes) return [];
    const style = styleOf.get(codes.style);
    return [{ sku, codes, groups: style?.groups ?? [], inErp: standingOf(style, sku) }];
  });
  const unsure = new Map(items.flatMap(({ sku, codes, inErp }) => (inErp === 'unknown' ? [[sku, codes]] : [])));
  const byCodes = Map.groupBy(items, ({ codes }) => skuKey(codes));
  const itemsOfCodes = (codes: SkuCodes) => byCodes.get(skuKey(codes)) ?? [];
  const known = skusAmong(styles);
  const unreadable = listed.unreadable.map(({ place }) => place);
  const says = 'Products of the storefront cannot be read; of those only the stock of the SKUs that can be is kept.';
  return {
    items,
    findings: present([
      findingOf('SCHEMA_DRIFT', unreadable, { key: 'products', says }),
      unknownStyles(unknown, WHILE_UNKNOWN),
    ]),
    skus: sold,
    itemsOfCodes,
    async itemsOf(sku, asked) {
      const named = byName.get(sku) ?? unsure.get(sku);
      if (named) return itemsOfCodes(named);
      const match = await matchSku(known, rules, sku, { ...asked, priority: 'stock' });
      return match.kind === 'one' ? itemsOfCodes(match.sku) : [];
    },
  };

  function standingOf(style: ErpStyle | undefined, sku: string): StockItem['inErp'] {
    if (style) return style.active && byName.has(sku) ? 'active' : 'inactive';
    return unknown.length > 0 ? 'unknown' : 'inactive';
  }

  function namesOfActive(): readonly string[] {
    return [...byName].flatMap(([name, { style }]) => (styleOf.get(style)?.active ? [name] : []));
  }
}

const WHILE_UNKNOWN = 'The stock of items that may be theirs is lowered by their figures, not raised.';

function skusNotIn(styles: readonly ErpStyle[], kept: readonly KeptPart[]): readonly SkuCodes[] {
  const known = new Set(styles.flatMap(({ skus }) => skus.map(skuKey)));
  const rows = kept.flatMap((part) => [...part.rows, ...part.absent.map(({ row }) => row)]);
  return rows.map(({ sku }) => sku).filter((sku) => !known.has(skuKey(sku)));
}

function ignore(): void {
  // Nobody asked to be told.
}
