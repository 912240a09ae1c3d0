import { isComplete, stageOf } from '../domain/erp-stage.ts';
import { isZero } from '../domain/money.ts';
import { withoutOthers } from '../domain/plan-amendment.ts';
import { prepareSalesOrders } from '../domain/prepare-sales-order.ts';
import type { Problem } from '../domain/problems.ts';
import { isWhollyCancelled } from '../domain/purchase-lines.ts';
import type { Purchase, StorefrontCustomer } from '../domain/purchase.ts';
import { asReplacement } from '../domain/restate-order.ts';
import type { ErpSalesOrder, PreparedSalesOrder } from '../domain/sales-order.ts';
import type { Call } from './calls.ts';
import { gatherFacts } from './prepare-order.ts';
import type { SalesOrderDependencies } from './sales-order-activities.ts';

/** A document that the ERP has, as it was just read. */
export interface InErp {
  readonly document: number;
  readonly reference: string;
  readonly orderNumber: string;
  readonly agreed: PreparedSalesOrder | null;
  readonly shown: ErpSalesOrder;
}

export type Wanted =
  | {
      readonly kind: 'wanted';
      /** One for each division; nothing when all of it is cancelled. */
      readonly orders: readonly PreparedSalesOrder[];
      readonly reviews: readonly Problem[];
    }
  | { readonly kind: 'impossible'; readonly problems: readonly Problem[] };

/** The purchase as the ERP orders it asks for now, by division. Reads; sends nothing. */
export async function wantedOrders(
  dependencies: SalesOrderDependencies,
  about: {
    readonly purchase: Purchase;
    readonly customerCode: string | null;
    readonly buyer: StorefrontCustomer | null;
  },
  known: readonly InErp[],
  call: Call,
): Promise<Wanted> {
  if (isWhollyCancelled(about.purchase)) return { kind: 'wanted', orders: [], reviews: [] };
  const facts = await gatherFacts(dependencies, about, call);
  const [first] = known;
  const referenceOf = (division: string) =>
    (known.find((document) => divisionOf(document) === division) ?? first)?.reference ?? '';
  const carrier = known.find(({ agreed, shown }) => stageOf(shown) !== 'cancelled' && !isZero(agreed?.freight ?? '0'));
  const shippingWith = carrier ? divisionOf(carrier) : null;
  const prepared = prepareSalesOrders({ ...facts, referenceOf }, dependencies.site.rules, shippingWith);
  return prepared.kind === 'impossible'
    ? { kind: 'impossible', problems: prepared.problems }
    : { kind: 'wanted', orders: prepared.salesOrders, reviews: prepared.reviews };
}

/** The division a document was agreed to be of: a clerk who moved it to another has edited it, it is the same document. */
export function divisionOf({ agreed, shown }: Pick<InErp, 'agreed' | 'shown'>): string {
  return agreed?.division ?? shown.division;
}

/**
 * Of several documents of one division the newest that still moves takes the changes, the others stay as they are: which
 * one that is, and what is wanted of it. `tooMuch`: the others alone bring more than is wanted.
 */
export function shareOf<Document extends InErp>(own: readonly Document[], order: PreparedSalesOrder) {
  const flexible = own.findLast(({ shown }) => !isComplete(shown)) ?? own.at(-1);
  if (!flexible) return null;
  const others = own.filter((document) => document !== flexible);
  const rest = withoutOthers(
    order,
    others.map(({ agreed, shown, reference }) => agreedNow(agreed, shown, reference)),
  );
  if (rest.kind === 'tooMuch') return { flexible, others, wanted: 'tooMuch' } as const;
  return { flexible, others, wanted: rest.order && { ...rest.order, reference: flexible.reference } } as const;
}

/** What was agreed, with the share of tax and discount that belongs to what is not cancelled. */
function agreedNow(agreed: PreparedSalesOrder | null, shown: ErpSalesOrder, reference: string): PreparedSalesOrder {
  const { tax, discount, ...there } = asReplacement(shown, reference, agreed);
  return { ...(agreed ?? there), tax, discount };
}
