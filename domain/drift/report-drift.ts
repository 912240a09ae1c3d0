import { findingOf, present, type FeedReport, type Finding } from '../findings.ts';
import { absolute, sum, toCents } from '../money.ts';
import { DRIFT_CAUSES, type DriftCause, type FoundDrift } from './drift.ts';

/** Causes as people read them. */
export const DRIFT_WORDS: Readonly<Record<DriftCause, string>> = {
  editedByHand: 'edited by hand in the storefront: Instep wrote or found something else there',
  refusedWrite: 'the storefront refused the write',
  mappingGap: 'the SKU is not known in both systems',
  lateFeed: 'the feed has not carried it over yet',
};

export const DRIFT_CODES = { stock: 'STOCK_DRIFT', price: 'PRICE_DRIFT' } as const;

/** One finding for each kind and cause, and a figure for each. */
export function reportDrift(rows: readonly FoundDrift[]): FeedReport {
  const kinds = ['stock', 'price'] as const;
  const groups = kinds.flatMap((what) =>
    DRIFT_CAUSES.map((cause) => ({
      what,
      cause,
      rows: rows.filter((row) => row.what === what && row.cause === cause),
    })),
  );
  return {
    stats: Object.fromEntries(groups.map((group) => [`${group.what} ${group.cause}`, group.rows.length])),
    findings: present(groups.map((group) => findingOfGroup(group.what, group.cause, group.rows))),
  };
}

function findingOfGroup(what: FoundDrift['what'], cause: DriftCause, rows: readonly FoundDrift[]): Finding | null {
  return findingOf(
    DRIFT_CODES[what],
    rows.map(
      ({ sku, place, fromQuantity, should, is }) =>
        `${sku} at ${place}${fromQuantity === null || fromQuantity === 1 ? '' : `, from ${fromQuantity} units`}: ${is ?? 'nothing'} instead of ${should ?? 'nothing'}`,
    ),
    {
      key: cause,
      says: `Published ${what === 'stock' ? 'stock levels' : 'prices'} are not what should be there now: ${DRIFT_WORDS[cause]}.`,
      value: what === 'price' ? toCents(sum(rows.map(({ money }) => absolute(money ?? '0')))) : null,
    },
  );
}
