import type { ErpSalesOrder, ImportResult } from '../../domain/sales-order.ts';
import { sameReference } from '../../domain/storefront-reference.ts';
import type { CallOptions } from './call-options.ts';
import type { ImportLog } from './import-log.ts';
import type { Lister } from './paging.ts';
import type { Look, RecentOrders, Seen } from './recent-orders.ts';
import { findSalesOrders, readSalesOrder } from './sales-orders.ts';
import type { Settings } from './settings.ts';
import type { WholeOrders } from './whole-orders.ts';

export interface LookUp {
  readonly reference: string;
  /** ISO date in the ERP's zone on which the purchase was placed; empty = not known. */
  readonly placedOn: string;
  /** Transaction of its post; null = not known. */
  readonly transaction: string | null;
  /** Fields in which orders are to carry it. */
  readonly fields: readonly ('altPo' | 'referenceField')[];
  /** `shared`: one reading may answer for all who look. `alone`: the ERP is asked for this reference, whatever it costs. */
  readonly by: 'shared' | 'alone';
}

export interface FoundInErp {
  readonly orders: readonly ErpSalesOrder[];
  readonly imports: readonly ImportResult[];
}

export interface OrderOf {
  readonly reference: string;
  readonly orderNumber: string;
  /** ISO date in the ERP's zone on which the purchase was placed; empty = not known. */
  readonly placedOn: string;
  /**
   * `now`: as of now. `lately`: as it was read within the last minutes, unless its header is known to have changed since.
   * For one who is told of changes later on.
   */
  readonly asOf: 'now' | 'lately';
}

interface Looking {
  readonly lister: Lister;
  readonly settings: Settings;
  readonly importLog: ImportLog;
  readonly recent: RecentOrders;
  readonly whole: WholeOrders;
}

/** Of an order that was taken in, what is wanted is news: what was seen this lately is as good. Nothing is sent for it. */
const LATELY_MS = 3 * 60_000;
const MINUTES_AGO_MS = 5 * 60_000;

/** Import log first, then orders: what is imported in between is seen as an order. */
export async function lookUp(looking: Looking, of: LookUp, call: CallOptions): Promise<FoundInErp> {
  const { reference, placedOn, transaction, fields, by } = of;
  const costs = 1 + fields.length + (transaction === null ? 0 : 1);
  const look: Look = { reference, placedOn, transaction, costs };
  const shared = by === 'shared' ? await sharedLook(looking.recent, look, call) : null;
  if (shared) return shared;
  const { lister, settings, importLog } = looking;
  const imports = await importLog.find({ reference }, call);
  const orders = await findSalesOrders({ lister, settings }, reference, fields, call);
  const isDecided = orders.length > 0 || transaction === null;
  return { orders, imports: isDecided ? imports : [...imports, ...(await importLog.find({ transaction }, call))] };
}

/** That nothing is there of what the ERP has taken in is strange enough to ask for it alone. */
async function sharedLook(recent: RecentOrders, look: Look, call: CallOptions): Promise<Seen | null> {
  const isTakenIn = look.transaction !== null;
  const lately = isTakenIn ? recent.seenLately(look, LATELY_MS) : null;
  if (lately && hasAny(lately)) return lately;
  const seen = await recent.look(look, call);
  return seen && (hasAny(seen) || !isTakenIn) ? seen : null;
}

function hasAny({ orders, imports }: Seen): boolean {
  return orders.length > 0 || imports.length > 0;
}

/**
 * All orders that carry the reference in `altpo`, the one of this number among them if the ERP shows it, with their lines.
 * Where others wait for theirs it is read with them.
 */
export async function readOrderOf(
  looking: Looking,
  { reference, orderNumber, placedOn, asOf }: OrderOf,
  call: CallOptions,
): Promise<readonly ErpSalesOrder[]> {
  const { recent, whole, lister, settings } = looking;
  const look: Look = { reference, placedOn, transaction: null, costs: 1 };
  const carriersOf = (seen: Seen | null) => seen?.orders.filter(({ altPo }) => sameReference(altPo, reference)) ?? [];
  const lately = carriersOf(asOf === 'lately' ? recent.seenLately(look, MINUTES_AGO_MS) : null);
  const carriers = lately.length > 0 ? lately : carriersOf(await recent.look(look, call));
  // Several are looked at as they are.
  if (carriers.length === 1 && carriers[0]?.orderNumber === orderNumber) {
    const order = await whole.read(orderNumber, asOf === 'lately' ? MINUTES_AGO_MS : 0, call);
    if (order) return [order];
  }
  const orders = await findSalesOrders({ lister, settings }, reference, ['altPo'], call);
  if (orders.some((order) => order.orderNumber === orderNumber)) return orders;
  const own = await readSalesOrder({ lister, settings }, orderNumber, call);
  return own ? [...orders, own] : orders;
}
