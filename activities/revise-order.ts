import { stageOf } from '../domain/erp-stage.ts';
import type { Action, DocumentFacts, DocumentPlan, ReviseOutcome } from '../domain/order-state.ts';
import { planAmendment, type AmendmentPlan } from '../domain/plan-amendment.ts';
import { purchaseFingerprint } from '../domain/purchase-fingerprint.ts';
import { standingOfType } from '../domain/purchase-type.ts';
import type { ErpSalesOrder, PreparedSalesOrder } from '../domain/sales-order.ts';
import { withShipmentsAsOrdered } from '../domain/show-progress.ts';
import { documentReference } from '../domain/storefront-reference.ts';
import type { Call } from './calls.ts';
import { isKnownContent } from './own-entry.ts';
import { purchaseGlance, typeUnknown } from './prepare-order.ts';
import { keyOf } from './purchase-activities.ts';
import { readBilling } from './read-billing.ts';
import type { SalesOrderDependencies } from './sales-order-activities.ts';
import { divisionOf, shareOf, wantedOrders } from './wanted-orders.ts';

export type ReviseOrder = Omit<Extract<Action, { do: 'revise' }>, 'do'> & {
  readonly key: string;
  readonly reference: string;
};

interface KnownDocument extends DocumentFacts {
  readonly shown: ErpSalesOrder;
}

/** Credits have no bearing on what the buyer wants. */
const INVOICES_ONLY = { reading: 'later', toldCredits: [] } as const;

/**
 * What the purchase's changes mean for its ERP orders: prepares it anew as a whole, reads every document, and answers
 * with a plan for each, naming the stage it assumed (decision 35). Sends nothing. A purchase whose content is the known
 * one costs no call to the ERP.
 */
export async function reviseOrder(
  dependencies: SalesOrderDependencies,
  input: ReviseOrder,
  call: Call,
): Promise<ReviseOutcome> {
  const { site, sparklayer, bluecherry } = dependencies;
  const { key, reference, documents, anyway, prefer, customerOverride } = input;
  const { withdrawn: verdict } = site.rules.amendments;
  const purchase = await sparklayer.getPurchase(keyOf(key), call);
  if (!purchase) return notFound(key, verdict);
  const standing = standingOfType(purchase.type, site.intake.types);
  if (standing === 'unknown') {
    const glance = purchaseGlance(dependencies, purchase, null, customerOverride);
    return { kind: 'impossible', problems: [typeUnknown(purchase)], purchase: glance };
  }
  if (standing === 'noOrder')
    return {
      kind: 'withdrawn',
      verdict,
      why: `the purchase is a ${purchase.type} now`,
      fingerprint: purchaseFingerprint(purchase, site.ownEntry.name),
    };
  if (!anyway && isKnownContent(purchase, site.ownEntry.name, input))
    return { kind: 'unchanged', updatedAt: purchase.updatedAt };

  const erp = { ...call, priority: 'status' } as const;
  const known: KnownDocument[] = [];
  const missing: string[] = [];
  const invoices = new Set<string>();
  for (const facts of documents) {
    if (facts.orderNumber === '') continue;
    const shown = await bluecherry.getSalesOrder(facts.orderNumber, erp);
    // Whether it is gone or only not shown: another order in its place might be a second one. What is over is no order.
    if (!shown && facts.place === 'live') missing.push(facts.orderNumber);
    if (!shown) continue;
    known.push({ ...facts, shown });
    for (const { number } of (await readBilling(bluecherry, shown, INVOICES_ONLY, erp)).invoices) invoices.add(number);
  }
  const wantedPurchase = withShipmentsAsOrdered(purchase, invoices);
  const buyer = purchase.buyer === null ? null : await sparklayer.getCustomer(purchase.buyer, call);
  const customerCode = customerOverride ?? buyer?.accountingId?.trim() ?? null;
  const glance = purchaseGlance(dependencies, wantedPurchase, buyer, customerCode);
  // What people are told is the content as it stands, not as it is counted.
  const seen = { ...glance, fingerprint: purchaseGlance(dependencies, purchase, buyer, customerCode).fingerprint };
  if (missing.length > 0) {
    const says = `The ERP does not show order ${missing.join(', ')} any more.`;
    return { kind: 'impossible', problems: [{ code: 'ERP_REFUSED', says }], purchase: seen };
  }
  const wanted = await wantedOrders(dependencies, { purchase: wantedPurchase, customerCode, buyer }, known, call);
  if (wanted.kind === 'impossible') return { kind: 'impossible', problems: wanted.problems, purchase: seen };
  const plans = plansFor({ documents, known, wanted: wanted.orders, reference, prefer }, site.rules);
  return { kind: 'planned', plans, reviews: wanted.reviews, purchase: seen, siteVersion: site.version };
}

/** A number that is not SparkLayer's own may have been changed, while the purchase is there under another: for people. */
function notFound(key: string, verdict: 'cancel' | 'park'): ReviseOutcome {
  const gone = { kind: 'withdrawn', fingerprint: null } as const;
  return keyOf(key).kind === 'sparklayer'
    ? { ...gone, verdict, why: 'the purchase is gone from the storefront' }
    : {
        ...gone,
        verdict: 'park',
        why: `the storefront finds no purchase ${key} any more; its number may have changed`,
      };
}

interface Planning {
  readonly documents: readonly DocumentFacts[];
  readonly known: readonly KnownDocument[];
  readonly wanted: readonly PreparedSalesOrder[];
  readonly reference: string;
  readonly prefer: 'nobody' | 'storefront';
}

function plansFor(
  { documents, known, wanted, reference, prefer }: Planning,
  rules: SalesOrderDependencies['site']['rules'],
): readonly DocumentPlan[] {
  let next = Math.max(...documents.map(({ document }) => document)) + 1;
  const plans: DocumentPlan[] = [];
  const handled = new Set<number>();
  const unsent = documents.filter(({ orderNumber }) => orderNumber === '');
  const live = known.filter((document) => !isOver(document, prefer));
  for (const order of wanted) {
    const { division } = order;
    const own = live.filter((document) => divisionOf(document) === division);
    for (const { document } of own) handled.add(document);
    if (own.length === 0) {
      // Never accepted, or cancelled since: it goes under its own number, or a new one. Of which division an earlier run
      // sent a document nobody knows: this one may be there under its number, and is looked for.
      const free = unsent.filter((document) => !handled.has(document.document));
      const again =
        free.find((document) => document.division === division) ?? free.find((document) => document.division === '');
      const document = again?.document ?? next++;
      if (again) handled.add(again.document);
      const withReference = { ...order, reference: documentReference(reference, document) };
      plans.push({ document, division, plan: { kind: 'send', order: withReference } });
      continue;
    }
    for (const plan of plansOfDivision(own, order, prefer, rules)) {
      const { kind } = plan.plan;
      // What is more goes as a document of its own.
      const document = kind === 'supplement' ? next++ : plan.document;
      plans.push({
        document,
        division,
        plan:
          plan.plan.kind === 'supplement'
            ? { ...plan.plan, order: { ...plan.plan.order, reference: documentReference(reference, document) } }
            : plan.plan,
      });
    }
  }
  // Divisions of which nothing is wanted any more.
  for (const { document, shown, sent, agreed } of live)
    if (!handled.has(document))
      plans.push({
        document,
        division: divisionOf({ shown, agreed }),
        plan: planAmendment({ sent, agreed, shown, wanted: null, prefer }, rules),
      });
  return plans;
}

/**
 * Whether nothing of a document is left and both sides agreed on that. One that the ERP alone cancelled is not over:
 * entering it anew is a decision of people (contract, section 5.3), who then send the storefront's version.
 */
function isOver({ shown, agreed }: KnownDocument, prefer: 'nobody' | 'storefront'): boolean {
  const isAgreed = prefer === 'storefront' || (agreed?.lines ?? []).every(({ quantity }) => quantity === 0);
  return stageOf(shown) === 'cancelled' && isAgreed;
}

/** The newest document of a division that still moves takes the changes. */
function plansOfDivision(
  own: readonly KnownDocument[],
  order: PreparedSalesOrder,
  prefer: 'nobody' | 'storefront',
  rules: SalesOrderDependencies['site']['rules'],
): readonly { readonly document: number; readonly plan: AmendmentPlan }[] {
  const share = shareOf(own, order);
  if (!share) return [];
  const { flexible, others, wanted } = share;
  const { document, sent, agreed, shown } = flexible;
  if (wanted === 'tooMuch') {
    const says = `The buyer wants less than what ERP orders ${others.map((other) => other.orderNumber).join(', ')} already bring.`;
    return [{ document, plan: { kind: 'park', changes: [], problem: { code: 'AMENDED', says } } }];
  }
  return [{ document, plan: planAmendment({ sent, agreed, shown, wanted, prefer }, rules) }];
}
