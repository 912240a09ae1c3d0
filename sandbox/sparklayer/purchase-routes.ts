import { badRequest, codes, noContent, notFound, ok, Refusal } from './answers.ts';
import { pageOf, type ApiRequest, type Handler } from './api-request.ts';
import { instant } from './clock.ts';
import { bookTransaction, totalPaid } from './transactions.ts';
import { acceptedPurchase, calculatedMembers, purchaseAddressed } from './purchase-rules.ts';
import { orderedQuantities } from './purchase-invariants.ts';
import { asPurchase, byLastUpdate, type StoredPurchase } from './purchase-store.ts';
import { lostMembers } from './unknown-members.ts';
import { isObject, type Open, type PurchaseRecord, type TransactionRecord } from './wire.ts';

export const purchaseHandlers: Readonly<Record<string, Handler>> = {
  listPurchases: ({ site, query }) => {
    const wanted = site.purchases.all().filter(({ record }) => matches(record, query));
    return ok(pageOf(wanted.toSorted(byLastUpdate), query).map(({ record }) => summary(record)));
  },

  getPurchase: (request) => ok(storedPurchase(request).record),

  createUpdatePurchase: (request) => {
    const { site, params, body } = request;
    const addressed = purchaseAddressed(params);
    refuseCalculatedMembers(request);
    const stored = site.purchases.find(addressed.lookup, addressed.identifier);
    const accepted = acceptedPurchase(site, addressed, asPurchase(body), stored);
    const name = `${addressed.lookup}/${addressed.identifier}`;
    if (!stored) {
      if (site.purchases.wasDeleted(accepted.purchase_identifiers.sparklayer || 'none')) {
        site.violations.push(`PUT ${name} brings back a deleted purchase; never PUT after a 404`);
      }
      return ok(created(request, accepted).record);
    }
    site.lost.push(...lostMembers(stored.record, body).map((lost) => `PUT ${name}: ${lost}`));
    if (addressed.lookup !== 'sparklayer' && stored.record.purchase_identifiers.sparklayer) {
      site.violations.push(`PUT ${name}: a purchase placed through SparkLayer is addressed by its sparklayer id`);
    }
    stored.sentTotalPaid = accepted.total_paid ?? null;
    return ok(site.purchases.replace(stored, { ...accepted, total_paid: totalPaid(stored, accepted) }).record);
  },

  deletePurchase: (request) => {
    request.site.purchases.delete(storedPurchase(request));
    return noContent;
  },

  getTransactions: (request) => ok([...storedPurchase(request).transactions.values()]),

  createTransaction: (request) =>
    ok(bookTransaction(request.site, storedPurchase(request), asTransaction(request.body))),
};

function created({ site }: ApiRequest, accepted: PurchaseRecord): StoredPurchase {
  const { updated_at: _ignored, ...dates } = accepted.dates;
  const stored = site.purchases.add({ ...accepted, dates, revision_date: null });
  stored.record = { ...stored.record, total_paid: totalPaid(stored, accepted) };
  stored.ordered = orderedQuantities(stored.record);
  return stored;
}

function storedPurchase({ site, params }: ApiRequest): StoredPurchase {
  const { lookup, identifier } = purchaseAddressed(params);
  const stored = site.purchases.find(lookup, identifier);
  if (!stored) throw notFound('purchase');
  return stored;
}

function refuseCalculatedMembers({ site, operation, body }: ApiRequest): void {
  const calculated = calculatedMembers(body);
  if (calculated.length === 0) return;
  site.violations.push(`${operation.route}: ${calculated.join(', ')} sent`);
  const refusal = { status: 400, detail: 'Calculated members cannot be written.' };
  throw new Refusal({ ...refusal, code: codes.invalid, property: calculated[0] ?? '' });
}

function matches(record: PurchaseRecord, query: ReadonlyMap<string, string>): boolean {
  const customer = ['sparklayer', 'sparklayer_impersonator', 'sparklayer_sales_rep'].every((member) => {
    const wanted = query.get(`customer_identifiers[${member}]`);
    return wanted === undefined || record.customer_identifiers[member] === wanted;
  });
  const type = query.get('type');
  return (
    customer &&
    (type === undefined || record.type === type) &&
    isWithin(record.dates.updated_at, query, 'last_updated') &&
    isWithin(record.dates.placed_at, query, 'placed')
  );
}

/** Both bounds are inclusive; a purchase without the date is outside any bound. */
function isWithin(date: string | null | undefined, query: ReadonlyMap<string, string>, name: string): boolean {
  const from = query.get(`dates[${name}][gte]`);
  const to = query.get(`dates[${name}][lte]`);
  if (from === undefined && to === undefined) return true;
  if (!date) return false;
  const at = instant(date);
  return (from === undefined || at >= instant(from)) && (to === undefined || at <= instant(to));
}

const summaryMembers = [
  'type',
  'purchase_identifiers',
  'customer_identifiers',
  'dates',
  'customer_reference',
  'currency_code',
  'payment_method',
  'calculated_total',
  'calculated_fulfilment_status',
];

function summary(record: PurchaseRecord): Open {
  return Object.fromEntries(Object.entries(record).filter(([member]) => summaryMembers.includes(member)));
}

/** The schema has been checked; this only gives the body its type. */
function asTransaction(body: unknown): TransactionRecord {
  if (!isObject(body) || !isObject(body['total'])) throw badRequest('A transaction is one object.');
  const { platform_id, total, apply_to_balance } = body;
  return {
    ...body,
    platform_id: String(platform_id),
    total: { ...total, number: String(total['number']), currency: String(total['currency']) },
    apply_to_balance: apply_to_balance === true,
  };
}
