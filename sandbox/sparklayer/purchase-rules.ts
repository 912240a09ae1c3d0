import { badRequest, codes, Refusal } from './answers.ts';
import { instant } from './clock.ts';
import { findBuyer } from './customer-store.ts';
import { lookups, sameIdentifier, type Lookup, type StoredPurchase } from './purchase-store.ts';
import type { Site } from './site.ts';
import { isObject, type PurchaseIdentifiers, type PurchaseRecord } from './wire.ts';

export interface PurchaseAddressed {
  readonly lookup: Lookup;
  readonly identifier: string;
}

/** Reads `{lookupBy}/{identifier}`; a SparkLayer identifier must be a UUID. */
export function purchaseAddressed(params: Readonly<Record<string, string>>): PurchaseAddressed {
  const lookup = lookups.find((known) => known === params['lookupBy']);
  const identifier = params['identifier'] ?? '';
  if (!lookup) throw badRequest('Not a lookup.', 'lookupBy');
  if (identifier === '') throw badRequest('The identifier is missing.', 'identifier');
  if (lookup === 'sparklayer' && !isUuid(identifier)) throw badRequest('The identifier is not a UUID.', 'identifier');
  return { lookup, identifier };
}

/** Names every member whose name starts with `calculated_`, at any depth. */
export function calculatedMembers(node: unknown, path = ''): string[] {
  if (Array.isArray(node)) return node.flatMap((entry, index) => calculatedMembers(entry, `${path}[${index}]`));
  if (!isObject(node)) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`;
    return key.startsWith('calculated_') ? [here] : calculatedMembers(value, here);
  });
}

/**
 * The purchase as it is to be stored, or the refusal: 400 (reference, mismatch), then 403 (SparkLayer id), then 409
 * (revision), then 409 (identifier of another purchase).
 */
export function acceptedPurchase(
  site: Site,
  { lookup, identifier }: PurchaseAddressed,
  sent: PurchaseRecord,
  stored: StoredPurchase | undefined,
): PurchaseRecord {
  const identifiers = filledIdentifiers(sent.purchase_identifiers, lookup, identifier);
  if (!stored && !sameIdentifier(lookup, identifiers[lookup], identifier)) {
    throw badRequest('Path and body name different purchases.', `purchase_identifiers.${lookup}`);
  }
  refuseUnknownCustomer(site, sent, stored);
  if (stored) refuseChangedSparkLayerId(stored, identifiers);
  if (stored && site.settings.revisionLock) refuseOutdatedRevision(stored, sent);
  refuseForeignIdentifiers(site, identifiers, stored);
  return { ...sent, purchase_identifiers: identifiers };
}

/** Null and empty identifiers count as absent; the path fills the one it carries. */
function filledIdentifiers(sent: PurchaseIdentifiers, lookup: Lookup, identifier: string): PurchaseIdentifiers {
  return sent[lookup] ? sent : { ...sent, [lookup]: identifier };
}

function refuseUnknownCustomer(site: Site, sent: PurchaseRecord, stored: StoredPurchase | undefined): void {
  const buyer = sent.customer_identifiers.sparklayer;
  if (!buyer || buyer === stored?.record.customer_identifiers.sparklayer || findBuyer(site, buyer)) return;
  throw badRequest('The customer was not found.', 'customer_identifiers.sparklayer', codes.notFound);
}

function refuseChangedSparkLayerId({ record }: StoredPurchase, sent: PurchaseIdentifiers): void {
  const before = record.purchase_identifiers.sparklayer || undefined;
  const after = sent.sparklayer || undefined;
  if (before?.toLowerCase() === after?.toLowerCase()) return;
  const detail = 'The SparkLayer identifier of a purchase cannot be changed.';
  throw new Refusal({ status: 403, detail, code: codes.invalid, property: 'purchase_identifiers.sparklayer' });
}

function refuseOutdatedRevision({ record }: StoredPurchase, sent: PurchaseRecord): void {
  if (!sent.revision_date || !record.revision_date) return;
  if (instant(sent.revision_date) >= instant(record.revision_date)) return;
  const detail = 'The purchase was changed after the revision that was sent.';
  throw new Refusal({ status: 409, detail, code: codes.outdated, property: 'revision_date' });
}

function refuseForeignIdentifiers(site: Site, sent: PurchaseIdentifiers, stored: StoredPurchase | undefined): void {
  for (const lookup of lookups) {
    const value = sent[lookup];
    const owner = value ? site.purchases.find(lookup, value) : undefined;
    if (owner && owner !== stored) throw identifierConflict(lookup);
  }
}

export function identifierConflict(lookup: Lookup): Refusal {
  const detail = 'An identifier belongs to another purchase.';
  const property = `purchase_identifiers.${lookup}`;
  return new Refusal({ status: 409, detail, code: codes.identifierConflict, property });
}

export function isUuid(value: string): boolean {
  return /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value);
}
