import type { ErpCatalogue } from '../catalogue/erp-catalogue.ts';
import { codesName } from '../catalogue/name-skus.ts';
import type { SkuMatch } from '../prepare-sales-order.ts';
import type { SkuCodes } from '../sales-order.ts';
import type { AuditedOrder } from './audited-order.ts';
import { gapsOf, noOrder, type Gap } from './gap.ts';

export interface SkusSeen {
  /** SKUs of the storefront's variants that are on sale; none = it shows no products. */
  readonly onSale: readonly string[];
  /** What the ERP makes of them, and of those that orders of the last weeks name. */
  readonly matches: ReadonlyMap<string, SkuMatch>;
  readonly catalogue: ErpCatalogue;
  /** UPCs that stand on several items of the ERP. */
  readonly sharedUpcs: ReadonlyMap<string, readonly SkuCodes[]>;
  readonly excludedLabels: readonly string[];
}

/** SKUs that only one side has, and items that cannot be told apart. */
export function compareSkus(seen: SkusSeen): readonly Gap[] {
  const { onSale, matches, catalogue, sharedUpcs, excludedLabels } = seen;
  const isUnknown = (match: SkuMatch) =>
    match.kind === 'none' ||
    (match.kind === 'one' && (match.sku.division === '' || excludedLabels.includes(match.sku.label)));
  const unknown = new Set([...matches].flatMap(([sku, match]) => (isUnknown(match) ? [sku] : [])));
  const ambiguous = new Set([...matches].flatMap(([sku, match]) => (match.kind === 'several' ? [sku] : [])));
  return [
    ...gapsOf({
      code: 'VARIANT_WITHOUT_ERP_SKU',
      key: '',
      says: 'The storefront sells SKUs that are no items of the ERP, or none that may be sold; an order for one would park.',
      concerns: [...unknown],
      effect: 'parks',
      touches: names(unknown),
    }),
    ...gapsOf({
      code: 'SKU_AMBIGUOUS',
      key: '',
      says: 'SKUs of the storefront name several items of the ERP; an order for one would park.',
      concerns: [...ambiguous],
      effect: 'parks',
      touches: names(ambiguous),
    }),
    ...gapsOf({
      code: 'SKU_ONLY_IN_ERP',
      key: '',
      says: 'Items that the site would sell are on sale in the ERP and not in the storefront; nobody can order them.',
      concerns: onSale.length > 0 ? unsold(seen) : [],
      effect: 'stale',
      touches: noOrder,
    }),
    ...catalogue.findings.map(({ code, key, says, concerns }): Gap => ({
      code,
      key,
      says: sentence(says),
      concerns,
      effect: 'doubtful',
      touches: code === 'UPC_SHARED' ? names(skusOnShared(matches, sharedUpcs)) : noOrder,
    })),
  ];
}

function names(skus: ReadonlySet<string>): (order: AuditedOrder) => boolean {
  return (order) => order.skus.some((sku) => skus.has(sku));
}

/** SKUs whose item, or whose own text, is a UPC that several items have. */
function skusOnShared(
  matches: ReadonlyMap<string, SkuMatch>,
  shared: ReadonlyMap<string, readonly SkuCodes[]>,
): ReadonlySet<string> {
  return new Set(
    [...matches].flatMap(([sku, match]) =>
      shared.has(sku) || (match.kind === 'one' && shared.has(match.sku.upc)) ? [sku] : [],
    ),
  );
}

function unsold({ onSale, matches, catalogue }: SkusSeen): readonly string[] {
  const sold = new Set(
    onSale.flatMap((sku) => {
      const match = matches.get(sku);
      return match?.kind === 'one' ? [codesName(match.sku)] : [];
    }),
  );
  return catalogue.products
    .flatMap(({ items }) => items)
    .filter(({ sale, key }) => sale === 'sold' && !sold.has(key))
    .map(({ sku }) => sku);
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
