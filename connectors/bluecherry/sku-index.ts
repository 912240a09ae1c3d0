import type { ErpStyle } from '../../domain/catalogue/erp-style.ts';
import type { SkuCodes } from '../../domain/sales-order.ts';
import type { PartialCodes } from '../../domain/sku-pattern.ts';

/** How a storefront SKU names an ERP SKU. Compared without case, as the ERP compares codes. */
export type SkuQuery =
  | { readonly by: 'upc'; readonly upc: string }
  | { readonly by: 'codes'; readonly codes: PartialCodes };

export type SkuMatch =
  | { readonly kind: 'one'; readonly sku: SkuCodes; readonly activeInErp: boolean }
  | { readonly kind: 'several'; readonly skus: readonly SkuCodes[] }
  | { readonly kind: 'none' };

interface Known {
  readonly sku: SkuCodes;
  readonly active: boolean;
}

/** Finds SKUs by UPC and by style. Made anew when the catalogue changed. */
export class SkuIndex {
  readonly #byUpc = new Map<string, Known[]>();
  readonly #byStyle = new Map<string, Known[]>();

  constructor(styles: Iterable<ErpStyle>) {
    for (const { style, active, skus } of styles)
      for (const sku of skus) {
        const known = { sku: codesOf(sku), active };
        add(this.#byStyle, plain(style), known);
        if (sku.upc !== '') add(this.#byUpc, plain(sku.upc), known);
      }
  }

  /** Several SKUs fit: active ones go before inactive ones, then it is for people. */
  find(query: SkuQuery): SkuMatch {
    const fitting = distinct(this.#candidates(query));
    const active = fitting.filter((known) => known.active);
    const [first, ...others] = active.length > 0 ? active : fitting;
    if (!first) return { kind: 'none' };
    if (others.length > 0) return { kind: 'several', skus: [first, ...others].map(({ sku }) => sku) };
    return { kind: 'one', sku: first.sku, activeInErp: first.active };
  }

  #candidates(query: SkuQuery): readonly Known[] {
    if (query.by === 'upc') return this.#byUpc.get(plain(query.upc)) ?? [];
    const { codes } = query;
    const known =
      codes.style === undefined ? [...this.#byStyle.values()].flat() : (this.#byStyle.get(plain(codes.style)) ?? []);
    return known.filter(({ sku }) => fits(sku, codes));
  }
}

/** What a sales order needs of an item, and no more: it is kept in the order's history. */
function codesOf({ division, style, color, label, dimension, size, upc }: SkuCodes): SkuCodes {
  return { division, style, color, label, dimension, size, upc };
}

function fits(sku: SkuCodes, codes: PartialCodes): boolean {
  return (
    isSame(sku.division, codes.division) &&
    isSame(sku.style, codes.style) &&
    isSame(sku.color, codes.color) &&
    isSame(sku.label, codes.label) &&
    isSame(sku.dimension, codes.dimension) &&
    isSame(sku.size, codes.size)
  );
}

function isSame(code: string, wanted: string | undefined): boolean {
  return wanted === undefined || plain(code) === plain(wanted);
}

function add(index: Map<string, Known[]>, key: string, known: Known): void {
  const others = index.get(key);
  if (others) others.push(known);
  else index.set(key, [known]);
}

/** The same SKU in two rows of the catalogue (two seasons of a colour) is one SKU. */
function distinct(known: readonly Known[]): readonly Known[] {
  const bySku = new Map<string, Known>();
  for (const each of known) {
    const { division, style, color, label, dimension, size } = each.sku;
    const key = JSON.stringify([division, style, color, label, dimension, size]);
    const before = bySku.get(key);
    if (!before || (each.active && !before.active)) bySku.set(key, each);
  }
  return [...bySku.values()];
}

function plain(code: string): string {
  return code.trim().toUpperCase();
}
