import { pairLines } from '../domain/purchase-changes.ts';
import { liveLines } from '../domain/purchase-lines.ts';
import type { Purchase } from '../domain/purchase.ts';
import type { PreparedSalesOrder } from '../domain/sales-order.ts';
import { withShipmentsAsOrdered } from '../domain/show-progress.ts';
import type { Call } from './calls.ts';
import type { FollowOrder } from './follow-order.ts';
import type { ReadDocument } from './read-document.ts';
import type { SalesOrderDependencies } from './sales-order-activities.ts';
import { divisionOf, shareOf, wantedOrders } from './wanted-orders.ts';

/**
 * What the storefront means now that the purchase was told what the ERP has cancelled, or that the ERP's version was taken
 * over. Without it the next amendment would undo that: it would look like the buyer's change. Decided by what is there,
 * not by what was just written, so that a repeat after a crash finds the same.
 */
export async function withWhatIsMeant(
  dependencies: SalesOrderDependencies,
  {
    purchase,
    documents,
    isAccepted,
  }: { readonly purchase: Purchase; readonly documents: readonly ReadDocument[]; readonly isAccepted: boolean },
  input: FollowOrder,
  call: Call,
): Promise<readonly ReadDocument[]> {
  const before = new Map(input.documents.map(({ document, sent }) => [document, sent]));
  // Where nobody knows what was meant the purchase is compared with the ERP. While a further document of the division is
  // on its way nobody can say whose share is whose.
  const waiting = new Set(input.documents.flatMap((facts) => (facts.orderNumber === '' ? [facts.division] : [])));
  const concerned = documents.filter(
    ({ document, agreed }) => (isAccepted || before.get(document)) && !waiting.has(agreed.division),
  );
  const invoices = new Set(documents.flatMap(({ billing }) => billing.invoices.map(({ number }) => number)));
  const whole = withShipmentsAsOrdered(purchase, invoices);
  const said = concerned.flatMap(({ document }) => before.get(document)?.lines ?? []);
  const open = liveLines(whole).live.lines.map(({ sku, quantity }) => ({ item: sku, quantity }));
  const items = [...said, ...concerned.flatMap(({ agreed }) => agreed.lines)].map(({ item }) => item).filter(Boolean);
  const isSaid = items.every((item) => unitsOfItem(said, item) === unitsOfItem(open, item));
  const [first] = concerned;
  if (!first || (!isAccepted && isSaid)) return documents;
  const inErp = documents.map(({ document, glance, agreed, shown }) => ({
    document,
    orderNumber: glance.orderNumber,
    reference: agreed.reference,
    agreed,
    shown,
  }));
  const buyer = purchase.buyer === null ? null : await dependencies.sparklayer.getCustomer(purchase.buyer, call);
  const customerCode = before.get(first.document)?.customer ?? first.agreed.customer;
  const wanted = await wantedOrders(dependencies, { purchase: whole, customerCode, buyer }, inErp, call);
  // What cannot be prepared now cannot be sent either: the next verdict says so.
  if (wanted.kind === 'impossible') return documents;
  return documents.map((document): ReadDocument => {
    if (!concerned.includes(document)) return document;
    const { agreed } = document;
    const order = wanted.orders.find(({ division }) => division === agreed.division);
    const nothing = { ...(before.get(document.document) ?? agreed), lines: [] };
    if (!order || agreed.lines.every(({ quantity }) => quantity === 0)) return { ...document, sent: nothing };
    const own = inErp.filter((each) => divisionOf(each) === agreed.division);
    const share = shareOf(own, order);
    if (!share || share.flexible.document !== document.document || share.wanted === 'tooMuch') return document;
    return { ...document, sent: share.wanted ? numberedAs(agreed, share.wanted) : nothing };
  });
}

function unitsOfItem(lines: readonly { readonly item: string; readonly quantity: number }[], item: string): number {
  return lines.reduce((units, line) => (line.item === item ? units + line.quantity : units), 0);
}

/** The order under the line numbers that were agreed on. */
function numberedAs(agreed: PreparedSalesOrder, order: PreparedSalesOrder): PreparedSalesOrder {
  let next = agreed.highestLine;
  const lines = pairLines(agreed.lines, order.lines).flatMap(({ before, after }) =>
    after ? [{ ...after, sequence: before?.sequence ?? ++next }] : [],
  );
  return { ...order, lines, highestLine: next };
}
