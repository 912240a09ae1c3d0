import { cancelOpen, touch, type Erp, type PickTicket } from './erp.ts';
import { isoDate } from './clock.ts';
import { allocatable } from './ledger.ts';
import { letterOf, units, type Order, type OrderLine } from './orders.ts';

const LAST_DAY = '9999-12-31';

/** Assigns stock to what is released, the earlier order first; what is past its cancel date goes by the house. */
export function allocate(erp: Erp): void {
  const { allocationHorizonDays } = erp.options;
  const horizon = allocationHorizonDays === null ? LAST_DAY : erp.clock.today(allocationHorizonDays);
  const allocated = new Map<string, number>();
  const at = ({ sku, location }: OrderLine) => `${sku}\n${location}`;
  for (const { lines } of erp.orders.values())
    for (const line of lines) allocated.set(at(line), (allocated.get(at(line)) ?? 0) + line.allocated);
  for (const order of erp.orders.values()) {
    if (units(order, 'open') === 0) continue;
    if (isoOf(order, 'end_date') < erp.clock.today()) {
      cancelOpen(erp, order, 'H', null);
      continue;
    }
    if (!isReleased(order) || isoOf(order, 'start_date') > horizon) continue;
    const before = units(order, 'allocated');
    for (const line of order.lines) {
      const taken = allocated.get(at(line)) ?? 0;
      const free = allocatable(erp.ledger.of(line.sku, line.location)) - taken;
      const more = Math.max(0, Math.min(line.open - line.allocated, free));
      line.allocated += more;
      allocated.set(at(line), taken + more);
    }
    if (units(order, 'allocated') !== before) touch(erp, order);
  }
}

/** Issues pick tickets for what is allocated, one per order and location. */
export function releasePicks(erp: Erp): void {
  for (const order of erp.orders.values()) {
    if (!isReleased(order)) continue;
    const byLocation = Map.groupBy(
      order.lines.filter(({ allocated }) => allocated > 0),
      ({ location }) => location,
    );
    for (const [location, lines] of byLocation) issuePick(erp, order, location, lines);
  }
}

/** The 3PL says what left: every pick that is not shipped yet. */
export function confirmShipments(erp: Erp): void {
  for (const pick of erp.picks) {
    if (pick.shipDate !== null || pick.lines.every(({ quantity }) => quantity === 0)) continue;
    pick.shipDate = erp.clock.today();
    pick.changed = erp.clock.stamp();
  }
}

/** The warehouse finds fewer than the ticket says; the rest is open again. 0 voids the line. */
export function pickShort(erp: Erp, pick: PickTicket, sequence: number, found: number): void {
  if (pick.shipDate !== null) throw new Error(`Pick ${pick.number} has left.`);
  const entry = pick.lines.find(({ line }) => line.sequence === sequence);
  if (!entry || found > entry.quantity || found < 0)
    throw new Error(`Pick ${pick.number} has no ${found} units of line ${sequence}.`);
  const { line } = entry;
  const missing = entry.quantity - found;
  erp.ledger.move(line.sku, line.location, 'PK', 'OP', missing);
  line.picked -= missing;
  line.open += missing;
  entry.quantity = found;
  pick.changed = erp.clock.stamp();
  touch(erp, pick.order);
}

function issuePick(erp: Erp, order: Order, location: string, lines: readonly OrderLine[]): void {
  const pick: PickTicket = {
    pkey: ++erp.sequence.row,
    number: String(++erp.sequence.pick),
    order,
    location,
    date: erp.clock.today(),
    lines: lines.map((line) => ({ line, quantity: line.allocated })),
    shipDate: null,
    invoiceNumber: '',
    changed: erp.clock.stamp(),
  };
  for (const line of lines) {
    erp.ledger.move(line.sku, line.location, 'OP', 'PK', line.allocated);
    line.open -= line.allocated;
    line.picked += line.allocated;
    line.allocated = 0;
    line.pickNumber = pick.number;
  }
  erp.picks.push(pick);
  touch(erp, order);
}

/** Credit passed, no hold, something left. */
function isReleased(order: Order): boolean {
  return order.credit === 'passed' && !order.header['hold_code'] && 'RAPT'.includes(letterOf(order));
}

function isoOf(order: Order, field: string): string {
  return isoDate(order.header[field] ?? '') ?? '';
}
