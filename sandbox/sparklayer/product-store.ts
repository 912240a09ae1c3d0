import { alreadyExists } from './answers.ts';
import type { ProductRecord, VariantRecord } from './wire.ts';

export type ProductStore = ReturnType<typeof createProductStore>;

/** Products and variants; external ids, slugs and SKUs are unique (409). */
export function createProductStore() {
  const products = createTable<ProductRecord>(['external_id', 'slug']);
  const variants = createTable<VariantRecord>(['external_id', 'sku']);
  const byProduct = new Map<string, Set<string>>();
  return {
    /** By id. */
    products: () => products.all().toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    /** By its id or external id. */
    product: (id: string) => products.get(id) ?? products.find('external_id', id),
    putProduct: (product: ProductRecord) => products.put(product),
    variantsOf: (productId: string) => [...(byProduct.get(productId) ?? [])].flatMap((id) => variants.get(id) ?? []),
    /** By its id or external id. */
    variant: (id: string) => variants.get(id) ?? variants.find('external_id', id),
    variantOfSku: (sku: string) => variants.find('sku', sku),
    putVariant(variant: VariantRecord): VariantRecord {
      variants.put(variant);
      const own = byProduct.get(variant.product_id) ?? new Set();
      byProduct.set(variant.product_id, own.add(variant.id));
      return variant;
    },
  };
}

/** Records by id; each of the unique members names one record at most. */
function createTable<Row extends { readonly id: string } & Readonly<Record<string, unknown>>>(
  unique: readonly string[],
) {
  const rows = new Map<string, Row>();
  const indexes = new Map(unique.map((member) => [member, new Map<unknown, string>()]));
  const valueOf = (row: Row | undefined, member: string) => row?.[member] || undefined;
  return {
    all: () => [...rows.values()],
    get: (id: string) => rows.get(id),
    find: (member: string, value: string) => rows.get(indexes.get(member)?.get(value) ?? ''),
    put(row: Row): Row {
      for (const [member, index] of indexes) {
        const holder = index.get(valueOf(row, member));
        if (holder !== undefined && holder !== row.id) throw alreadyExists(409, member);
      }
      for (const [member, index] of indexes) {
        index.delete(valueOf(rows.get(row.id), member));
        const value = valueOf(row, member);
        if (value !== undefined) index.set(value, row.id);
      }
      rows.set(row.id, row);
      return row;
    },
  };
}
