import { codesOfPattern, type PartialCodes } from '../sku-pattern.ts';
import type { SkuCodes } from '../sales-order.ts';
import type { SkuIdentity } from '../site-rules.ts';

export interface NamingRules {
  readonly sku: SkuIdentity;
  /** In the site's order: of several that share a UPC the first division's owns it. */
  readonly divisions: readonly string[];
  readonly excludedLabels: readonly string[];
}

export interface NamedSkus<Sku extends SkuCodes> {
  /** Storefront SKU → the ERP's item. */
  readonly byName: ReadonlyMap<string, Sku>;
  /** Items without a name: no UPC where the UPC is the rule, or twice the same six codes. */
  readonly unnamed: readonly Sku[];
  /** UPCs that stand on several items; the first owns it, the others are known by their codes. */
  readonly sharedUpcs: ReadonlyMap<string, readonly Sku[]>;
}

/**
 * What every item of the ERP is called in the storefront, where a SKU is unique (contract, section 17): the UPC or the
 * composite of the site's pattern; who shares a UPC with an item of an earlier division, or a composite with anything,
 * is called by its codes. Samples and the like are left out.
 */
export function nameSkus<Sku extends SkuCodes>(all: Iterable<Sku>, rules: NamingRules): NamedSkus<Sku> {
  const { sku: identity, divisions, excludedLabels } = rules;
  const rank = (division: string) => (divisions.includes(division) ? divisions.indexOf(division) : divisions.length);
  const skus = distinct(all)
    .filter(({ label, division }) => !excludedLabels.includes(label) && divisions.includes(division))
    .toSorted((left, right) => rank(left.division) - rank(right.division));
  const byFirstName = Map.groupBy(skus, (sku) => firstName(identity, sku));
  const byName = new Map<string, Sku>();
  const unnamed: Sku[] = [];
  const others: Sku[] = [];
  for (const [name, [first, ...sharing]] of byFirstName) {
    if (!first) continue;
    const isUpc = identity.by === 'upc';
    if (name === '') unnamed.push(first, ...sharing);
    else if (sharing.length === 0) byName.set(name, first);
    // A UPC within one division names one item by the contract; where it does not, nobody can tell which.
    else if (isUpc && sharing[0]?.division !== first.division) {
      byName.set(name, first);
      others.push(...sharing);
    } else others.push(first, ...sharing);
  }
  for (const sku of others) {
    const name = codesName(sku);
    if (byName.has(name)) unnamed.push(sku);
    else byName.set(name, sku);
  }
  const withUpc = Map.groupBy(
    skus.filter(({ upc }) => upc !== ''),
    ({ upc }) => upc,
  );
  return { byName, unnamed, sharedUpcs: new Map([...withUpc].filter(([, sharing]) => sharing.length > 1)) };
}

/** An item by the codes that it has, e.g. `02-00123-BLK-A-M`. */
export function codesName({ division, style, color, label, dimension, size }: SkuCodes): string {
  return [division, style, color, label, dimension, size].filter(Boolean).join('-');
}

/** The codes that a text of `codesName` may stand for; none when it does not begin with a division of the site. */
export function codesOfName(name: string, divisions: readonly string[]): readonly PartialCodes[] {
  if (!divisions.some((division) => name.startsWith(`${division}-`))) return [];
  return CODES_PATTERNS.flatMap((pattern) => codesOfPattern(pattern, name)).filter(({ division }) =>
    divisions.includes(division ?? ''),
  );
}

/** With and without what may be blank. */
const CODES_PATTERNS = [
  '{division}-{style}-{color}-{label}-{dimension}-{size}',
  '{division}-{style}-{color}-{label}-{size}',
  '{division}-{style}-{color}-{dimension}-{size}',
  '{division}-{style}-{color}-{size}',
] as const;

function firstName(identity: SkuIdentity, sku: SkuCodes): string {
  if (identity.by === 'upc') return sku.upc;
  const { division, style, color, label, dimension, size } = sku;
  const codes: Readonly<Record<string, string>> = { division, style, color, label, dimension, size };
  return identity.pattern.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => codes[name] ?? '');
}

/** The same item in two rows of the catalogue (two seasons of a colour) is one item. */
function distinct<Sku extends SkuCodes>(skus: Iterable<Sku>): readonly Sku[] {
  const byCodes = new Map<string, Sku>();
  for (const sku of skus) {
    const { division, style, color, label, dimension, size } = sku;
    const key = [division, style, color, label, dimension, size].join('\n');
    if (!byCodes.has(key)) byCodes.set(key, sku);
  }
  return [...byCodes.values()];
}
