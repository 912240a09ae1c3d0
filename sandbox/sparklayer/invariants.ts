import { instant } from './clock.ts';
import { brokenPurchaseRules } from './purchase-invariants.ts';
import { lookups } from './purchase-store.ts';
import type { Site } from './site.ts';

/** What is wrong with the site as it stands; empty when all of the contract's rules hold. */
export function brokenSiteRules(site: Site): string[] {
  return [
    ...site.purchases.all().flatMap(({ record, ordered }) => brokenPurchaseRules(record, ordered)),
    ...sharedIdentifiers(site),
    ...equalTimes(site),
    ...repeatedApplications(site),
  ];
}

function sharedIdentifiers(site: Site): string[] {
  return lookups.flatMap((lookup) => {
    const values = site.purchases.all().flatMap(({ record }) => record.purchase_identifiers[lookup] ?? []);
    return repeated(values).map((value) => `two purchases share the ${lookup} identifier ${value}`);
  });
}

function equalTimes(site: Site): string[] {
  return site.purchases.all().flatMap(({ record }) => {
    const { updated_at } = record.dates;
    if (!updated_at || !record.revision_date || instant(updated_at) === instant(record.revision_date)) return [];
    return [`${record.purchase_identifiers.visible}: updated_at and revision_date differ`];
  });
}

/** The same document sent twice under two ids counts twice in the buyer's account. */
function repeatedApplications(site: Site): string[] {
  return site.purchases.all().flatMap(({ record, transactions }) => {
    const applied = [...transactions.values()].filter(({ apply_to_balance }) => apply_to_balance);
    const documents = applied.flatMap(({ full_transaction }) =>
      full_transaction ? [JSON.stringify(full_transaction)] : [],
    );
    return repeated(documents).map((what) => `${record.purchase_identifiers.visible}: applied twice: ${what}`);
  });
}

function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
