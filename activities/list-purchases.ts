import type { Site } from '../config/site.ts';
import type { SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import { purchaseKeyText, type PurchaseSummary } from '../domain/purchase.ts';
import type { Call } from './calls.ts';

export interface ListPurchasesOf {
  readonly site: { readonly intake: Pick<Site['intake'], 'types' | 'pageSize'> };
  readonly sparklayer: Pick<SparkLayer, 'listPurchases'>;
}

/** ISO instants: since when they were placed, or changed. */
export type PurchasesSince = { readonly placedSince: string } | { readonly updatedSince: string };

export interface ListedPurchases {
  /** Each purchase once, as its last page showed it; those without a key were born in the ERP. */
  readonly rows: readonly PurchaseSummary[];
  /** Rows that cannot be understood: where they stand, and what is wrong with them. */
  readonly unreadable: readonly string[];
}

/** A page begins so many rows before the end of the last, or a quarter of it: a row that changes moves all behind it. */
const PAGES_OVERLAP = 20;

/** Reads the storefront's whole list of the site's types; nothing here knows where the intake stands. */
export async function listPurchases(
  { site: { intake }, sparklayer }: ListPurchasesOf,
  since: PurchasesSince,
  call: Call,
): Promise<ListedPurchases> {
  const rows = new Map<string, PurchaseSummary>();
  const unreadable = new Set<string>();
  const limit = intake.pageSize;
  const step = Math.max(1, limit - Math.min(PAGES_OVERLAP, Math.ceil(limit / 4)));
  for (const type of intake.types)
    for (let offset = 0; ; offset += step) {
      const query = { updatedSince: null, placedSince: null, ...since, type, limit, offset };
      const page = await sparklayer.listPurchases(query, call);
      for (const row of page.rows) rows.set(identityOf(row), row);
      for (const { index, path } of page.unreadable) unreadable.add(`${type}, row ${offset + index}: ${path}`);
      if (page.rows.length + page.unreadable.length < limit) break;
    }
  return { rows: [...rows.values()], unreadable: [...unreadable] };
}

/** The same, those with a key by it. */
export function byPurchaseKey(rows: readonly PurchaseSummary[]): ReadonlyMap<string, PurchaseSummary> {
  return new Map(rows.flatMap((row) => (row.key ? [[purchaseKeyText(row.key), row] as const] : [])));
}

function identityOf({ key, identifiers }: PurchaseSummary): string {
  return key ? purchaseKeyText(key) : `internal:${identifiers.internal ?? ''}`;
}
