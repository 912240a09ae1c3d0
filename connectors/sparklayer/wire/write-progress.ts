import {
  absolute,
  isGreater,
  isZero,
  multiply,
  sameAmount,
  shareOf,
  subtract,
  sum,
  toCents,
  type Amount,
} from '../../../domain/money.ts';
import type { AcceptedItem } from '../../../domain/purchase.ts';
import {
  priceAmong,
  type ItemUnits,
  type PurchaseProgress,
  type ShownShipment,
} from '../../../domain/show-progress.ts';
import { isMembers } from '../verbatim-json.ts';
import type { Members } from './purchase-write.ts';

/*
 * Packages as they are written (A11, A12, A14, A15, A17, A21): open, shipped and cancelled units of an item add up to
 * what was ordered, line amounts are split by quantity and the last part takes the rest of cents. What we do not know in
 * a line or package goes along.
 */
const INCOMING = 'incoming';
const SHIPMENT = 'shipment';
const CANCELLATION = 'cancellation';
const FILE_TYPE = 'invoice';

/** The purchase with its progress; absolute, so that applying it twice changes nothing. */
export function withProgress(members: Members, progress: PurchaseProgress): Members {
  const dispatches = dispatchesOf(progress.shipments);
  let next = withoutVoided(listOf(members['packages']).map(asMembers), progress.voided);
  for (const dispatch of dispatches) next = withDispatch(next, dispatch);
  for (const [item, units] of byItem(progress.cancelled)) next = withCancelled(next, item, units);
  next = withTracking(next, dispatches);
  return { ...members, packages: withCharge(next) };
}

/** Items as a person agreed to have them from the ERP: more units, another price, or lines the purchase did not have. */
export function withAccepted(members: Members, accepted: readonly AcceptedItem[]): Members {
  let packages: readonly Members[] = listOf(members['packages']).map(asMembers);
  const before = taxOf(packages);
  for (const item of accepted) packages = withItem(packages, item, currencyOf(members, packages));
  const more = subtract(taxOf(packages), before);
  return { ...members, ...withOrderTax(members, more), packages: withCharge(packages) };
}

/** The order's own tax line follows its lines, or the purchase would not add up any more. */
function withOrderTax({ tax_lines: rows }: Members, more: Amount): Members {
  if (isZero(more) || !Array.isArray(rows)) return {};
  return {
    tax_lines: rows.map((row: unknown, index) =>
      index === 0 && isMembers(row)
        ? { ...row, amount: withNumber(row['amount'], (amount) => toCents(sum([amount, more]))) }
        : row,
    ),
  };
}

function taxOf(packages: readonly Members[]): Amount {
  const lines = packages.flatMap((parcel) => listOf(parcel['line_items']).map(asMembers));
  return sum(lines.map((line) => numberOf(asMembers(asMembers(line['line_total'])['total_tax'])) ?? '0'));
}

/** One for each invoice: it may bill several ERP orders of the purchase. */
function dispatchesOf(shipments: readonly ShownShipment[]): readonly ShownShipment[] {
  const byInvoice = new Map<string, ShownShipment>();
  for (const shipment of shipments) {
    const known = byInvoice.get(shipment.invoice);
    byInvoice.set(shipment.invoice, known ? { ...known, items: [...known.items, ...shipment.items] } : shipment);
  }
  return [...byInvoice.values()];
}

/**
 * The invoice's package with what it bills and does not hold yet. One that is there already grows where the purchase has
 * gained units that were billed before.
 */
function withDispatch(packages: readonly Members[], dispatch: ShownShipment): readonly Members[] {
  const isOfInvoice = (parcel: Members) => parcel['type'] === SHIPMENT && invoicesOf(parcel).includes(dispatch.invoice);
  const there = packages.filter(isOfInvoice);
  let rest = packages;
  const lines: Members[] = [];
  const origins: Members[] = [];
  for (const [item, units] of byItem(dispatch.items)) {
    const missing = sumOf(units) - unitsIn(there, item, [SHIPMENT]);
    if (missing <= 0) continue;
    const atPrice = missingOf(units, linesIn(there, item, [SHIPMENT]));
    const sought = { item, quantity: missing, prices: pricesOf(units) };
    const taken = takeByPrice(rest, sought, atPrice, [INCOMING, CANCELLATION]);
    rest = taken.packages;
    lines.push(...taken.lines);
    origins.push(...taken.from);
  }
  if (lines.length === 0) return packages;
  const home = rest.findIndex(isOfInvoice);
  if (home >= 0) return withLines(rest, home, lines);
  const made: Members = {
    type: SHIPMENT,
    ...addressOf([...origins, ...packages]),
    shipments: parcelsOf(dispatch),
    accounting_files: [fileOf(dispatch)],
    line_items: lines,
  };
  return [...rest, made];
}

/**
 * An invoice that was voided has sent nothing: what its package holds is open again. Emptied, the package goes with those
 * that are, once its shipping charge has gone on.
 */
function withoutVoided(packages: readonly Members[], voided: readonly string[]): readonly Members[] {
  const isVoided = (parcel: Members) => {
    const invoices = invoicesOf(parcel);
    return parcel['type'] === SHIPMENT && invoices.length > 0 && invoices.every((invoice) => voided.includes(invoice));
  };
  const gone = packages.filter(isVoided);
  if (gone.length === 0) return packages;
  const lines = gone.flatMap((parcel) => listOf(parcel['line_items']).map(asMembers));
  const kept = packages.filter((parcel) => !isVoided(parcel));
  const open = { type: INCOMING, ...addressOf(gone), shipments: [], accounting_files: [], line_items: [] };
  const hasOpen = kept.some((parcel) => parcel['type'] === INCOMING);
  const back = put(hasOpen ? kept : [open, ...kept], INCOMING, lines);
  return [...back, ...gone.map((parcel) => ({ ...parcel, type: INCOMING, line_items: [] }))];
}

function parcelsOf({ parcels, carrier, carrierCode, shippedOn }: ShownShipment): readonly Members[] {
  // A day, of which nobody knows the hour: its noon is that day for nearly every buyer, its midnight is not.
  const shippedAt = shippedOn === null ? {} : { shipped_at: `${shippedOn}T12:00:00.000+00:00` };
  return parcels.map(({ tracking, url }) => ({
    carrier,
    carrier_id: carrierCode,
    tracking_number: tracking,
    ...(url === null ? {} : { tracking_url: url }),
    ...shippedAt,
  }));
}

/** Without an address the file is number and amount only (decision 30). */
function fileOf({ invoice, url, total, currency }: ShownShipment): Members {
  return {
    identifiers: { visible: invoice },
    data: { type: 'uri', ...(url === null ? {} : { uri: url }), amount: { number: toCents(total), currency } },
    file_type: FILE_TYPE,
  };
}

/** Tracking may come after the invoice, parcel by parcel; where somebody else put theirs nothing is added. */
function withTracking(packages: readonly Members[], dispatches: readonly ShownShipment[]): readonly Members[] {
  return packages.map((parcel) => {
    const dispatch = dispatches.find(({ invoice }) => invoicesOf(parcel).includes(invoice));
    if (!dispatch || parcel['type'] !== SHIPMENT) return parcel;
    const there = listOf(parcel['shipments']);
    const numbers = there.map((each) => textOf(asMembers(each)['tracking_number']));
    const isOurs = numbers.every((number) => dispatch.parcels.some(({ tracking }) => tracking === number));
    const parcels = dispatch.parcels.filter(({ tracking }) => !numbers.includes(tracking));
    return isOurs && parcels.length > 0
      ? { ...parcel, shipments: [...there, ...parcelsOf({ ...dispatch, parcels })] }
      : parcel;
  });
}

/**
 * Brings the cancelled units of an item to the figure, from what is open, or back to it. Where it has several prices each
 * is brought to its own as far as the lines have it; the figure of all of them comes first.
 */
function withCancelled(packages: readonly Members[], item: string, units: readonly ItemUnits[]): readonly Members[] {
  const cancelled = linesIn(packages, item, [CANCELLATION]);
  const missing = missingOf(units, cancelled);
  const open = linesIn(packages, item, [INCOMING]);
  const prices = pricesOf(units);
  // What is cancelled at the wrong price makes room for what is open at the right one.
  const better = missing.reduce((count, { price, quantity }) => {
    const there = open.filter((line) => priceOf(line, prices) === price);
    return (
      count +
      Math.min(
        quantity,
        there.reduce((all, line) => all + unitsOf(line), 0),
      )
    );
  }, 0);
  const more = sumOf(units) - unitsIn(packages, item, [CANCELLATION]);
  const isMixed = prices.length > 1;
  const back = isMixed ? Math.max(0, better - more) : Math.max(0, -more);
  const returned = takeByPrice(packages, { item, quantity: back, prices }, surplusOf(units, cancelled), [CANCELLATION]);
  const wanted = { item, quantity: Math.max(0, more + back), prices };
  const taken = takeByPrice(returned.packages, wanted, missing, [INCOMING]);
  return put(put(taken.packages, CANCELLATION, taken.lines), INCOMING, returned.lines);
}

function byItem(units: readonly ItemUnits[]): ReadonlyMap<string, readonly ItemUnits[]> {
  return Map.groupBy(units, ({ item }) => item);
}

function sumOf(units: readonly ItemUnits[]): number {
  return units.reduce((count, { quantity }) => count + quantity, 0);
}

function pricesOf(units: readonly ItemUnits[]): readonly Amount[] {
  return [...new Set(units.flatMap(({ price }) => (price === null ? [] : [price])))];
}

interface UnitsAtPrice {
  /** null = lines that have none of the item's prices. */
  readonly price: Amount | null;
  readonly quantity: number;
}

/** Units of each price that are told and not among the lines. */
function missingOf(told: readonly ItemUnits[], lines: readonly Members[]): readonly UnitsAtPrice[] {
  return gapsOf(told, lines, (wanted, there) => wanted - there);
}

/** Units of each price that are among the lines and not told. */
function surplusOf(told: readonly ItemUnits[], lines: readonly Members[]): readonly UnitsAtPrice[] {
  return gapsOf(told, lines, (wanted, there) => there - wanted);
}

function gapsOf(
  told: readonly ItemUnits[],
  lines: readonly Members[],
  gap: (wanted: number, there: number) => number,
): readonly UnitsAtPrice[] {
  const prices = pricesOf(told);
  return [...prices, null].flatMap((price) => {
    const wanted = sumOf(told.filter((each) => each.price === price));
    const there = lines
      .filter((line) => priceOf(line, prices) === price)
      .reduce((count, line) => count + unitsOf(line), 0);
    const quantity = gap(wanted, there);
    return quantity > 0 ? [{ price, quantity }] : [];
  });
}

function priceOf(line: Members, prices: readonly Amount[]): Amount | null {
  return priceAmong(unitsOf(line), amountAt(line, ['line_total', 'total_net']), prices);
}

/** Takes so many units in all: of each price what is said of it, as far as lines have it, then of whichever line. */
function takeByPrice(
  packages: readonly Members[],
  { item, quantity, prices }: { readonly item: string; readonly quantity: number; readonly prices: readonly Amount[] },
  units: readonly UnitsAtPrice[],
  types: readonly string[],
): Taken {
  let taken: Taken = { packages, lines: [], from: [] };
  const add = (count: number, fits: (line: Members) => boolean) => {
    const { lines, from } = taken;
    const left = quantity - lines.reduce((all, line) => all + unitsOf(line), 0);
    const next = take(taken.packages, (line) => isOf(line, item) && fits(line), Math.min(count, left), types);
    taken = { packages: next.packages, lines: [...lines, ...next.lines], from: [...from, ...next.from] };
  };
  for (const { price, quantity: wanted } of units) add(wanted, (line) => priceOf(line, prices) === price);
  add(quantity, () => true);
  return taken;
}

interface Taken {
  readonly packages: readonly Members[];
  readonly lines: readonly Members[];
  /** The packages they were taken from. */
  readonly from: readonly Members[];
}

/** Takes units of lines out of packages of these types, in that order; with them go their shares of the amounts. */
function take(
  packages: readonly Members[],
  fits: (line: Members) => boolean,
  quantity: number,
  types: readonly string[],
): Taken {
  let wanted = quantity;
  const lines: Members[] = [];
  const from: Members[] = [];
  const left = [...packages];
  for (const type of types)
    for (const [index, parcel] of left.entries()) {
      if (parcel['type'] !== type || wanted === 0) continue;
      const kept = listOf(parcel['line_items']).flatMap((each): readonly Members[] => {
        const line = asMembers(each);
        const units = unitsOf(line);
        if (wanted === 0 || !fits(line)) return [line];
        const taken = Math.min(wanted, units);
        wanted -= taken;
        from.push(parcel);
        if (taken === units) {
          lines.push(line);
          return [];
        }
        const part = scaled(line, taken);
        lines.push(part);
        return [without(line, part, units - taken)];
      });
      left[index] = { ...parcel, line_items: kept };
    }
  return { packages: left, lines, from };
}

/** Puts lines into the first package of a type that is ours to change, or into a new one. */
function put(packages: readonly Members[], type: string, lines: readonly Members[]): readonly Members[] {
  if (lines.length === 0) return packages;
  const home = packages.findIndex((parcel) => parcel['type'] === type);
  if (home >= 0) return withLines(packages, home, lines);
  const made = { type, ...addressOf(packages), shipments: [], accounting_files: [], line_items: lines };
  return type === INCOMING ? [made, ...packages] : [...packages, made];
}

/** A package with further lines. */
function withLines(packages: readonly Members[], index: number, lines: readonly Members[]): readonly Members[] {
  const home = asMembers(packages[index]);
  const before = listOf(home['line_items']).map(asMembers);
  return packages.with(index, { ...home, line_items: lines.reduce(joined, before) });
}

function addressOf(packages: readonly Members[]): Members {
  const address = packages.find((parcel) => parcel['shipping_address'] !== undefined)?.['shipping_address'];
  return address === undefined ? {} : { shipping_address: address };
}

/** A line that another continues grows; else it stands beside it. */
function joined(lines: readonly Members[], line: Members): readonly Members[] {
  const index = lines.findIndex((each) => shapeOf(each) === shapeOf(line) && isPricedAs(each, line));
  const twin = lines[index];
  return twin ? lines.with(index, together(twin, line)) : [...lines, line];
}

const AMOUNTS = ['total_net', 'total_tax', 'total_gross', 'discount_net', 'discount_gross'] as const;

function scaled(line: Members, quantity: number): Members {
  const units = unitsOf(line);
  return withGross(withAmounts({ ...line, quantity }, (amount) => shareOf(amount, quantity, units)));
}

/** The rest takes the rest of cents, of gross too: so sums stay, whatever they were. */
function without(line: Members, part: Members, quantity: number): Members {
  return withAmounts({ ...line, quantity }, (amount, path) => toCents(subtract(amount, amountAt(part, path))));
}

function together(line: Members, other: Members): Members {
  return withAmounts({ ...line, quantity: unitsOf(line) + unitsOf(other) }, (amount, path) =>
    toCents(sum([amount, amountAt(other, path)])),
  );
}

type AmountPath = readonly [member: 'line_total', name: string] | readonly [member: 'tax_lines', index: number];

/** Every amount of a line that goes with its quantity, changed alike; what is no amount stays as it is. */
function withAmounts(line: Members, change: (amount: Amount, path: AmountPath) => Amount): Members {
  const { line_total: total, tax_lines: taxes } = line;
  const changed: Record<string, unknown> = { ...line };
  if (isMembers(total)) {
    const next: Record<string, unknown> = { ...total };
    for (const name of AMOUNTS)
      if (name in total) next[name] = withNumber(total[name], (amount) => change(amount, ['line_total', name]));
    changed['line_total'] = next;
  }
  if (Array.isArray(taxes))
    changed['tax_lines'] = taxes.map((row: unknown, index) =>
      isMembers(row) && 'amount' in row
        ? { ...row, amount: withNumber(row['amount'], (amount) => change(amount, ['tax_lines', index])) }
        : row,
    );
  return changed;
}

/** Gross as net and tax, where all three are named. */
function withGross(line: Members): Members {
  const total = asMembers(line['line_total']);
  const [net, tax] = [numberOf(total['total_net']), numberOf(total['total_tax'])];
  if (net === null || tax === null || numberOf(total['total_gross']) === null) return line;
  const gross = withNumber(total['total_gross'], () => toCents(sum([net, tax])));
  return { ...line, line_total: { ...total, total_gross: gross } };
}

/** Money with another number, in the kind of the one before: a text or a JSON number. What is no money stays. */
function withNumber(money: unknown, change: (amount: Amount) => Amount): unknown {
  const before = numberOf(money);
  if (before === null) return money;
  const next = change(before);
  const members = asMembers(money);
  return { ...members, number: typeof members['number'] === 'string' ? next : JSON.rawJSON(next) };
}

function amountAt(line: Members, [member, place]: AmountPath): Amount {
  const money =
    member === 'line_total'
      ? asMembers(line['line_total'])[place]
      : asMembers(listOf(line['tax_lines'])[place])['amount'];
  return numberOf(money) ?? '0';
}

/**
 * The shipping charge sits on one package: what is open while there is any, then the first shipment, else the first
 * cancellation (A15). A shipment that bears it keeps it, and so does a cancellation beside another bearer: others took
 * back a share. Packages that were emptied go, and what they bore goes on.
 */
function withCharge(packages: readonly Members[]): readonly Members[] {
  const kept = packages.filter((parcel) => !isEmptied(parcel));
  const rank = [INCOMING, SHIPMENT, CANCELLATION].map((type) => kept.find((parcel) => parcel['type'] === type));
  const target = rank.find((parcel) => parcel !== undefined);
  if (!target) return kept;
  const isBorne = kept.some((parcel) => bearsCharge(parcel) && parcel['type'] !== CANCELLATION);
  const givers = packages.filter(
    (parcel) =>
      bearsCharge(parcel) && parcel !== target && (isEmptied(parcel) || (parcel['type'] === CANCELLATION && !isBorne)),
  );
  if (givers.length === 0) return kept;
  // How a package travels stays its own; only the charge moves, and what the target lacks comes with it.
  const method = givers.map(methodOf).reduce(withMethod, methodOf(target));
  return kept.map((parcel) => {
    if (parcel === target) return { ...parcel, shipping_method: method };
    if (!givers.includes(parcel)) return parcel;
    const { line_total: _charge, ...own } = methodOf(parcel);
    return { ...parcel, shipping_method: own };
  });
}

function methodOf(parcel: Members): Members {
  return asMembers(parcel['shipping_method']);
}

function withMethod(own: Members, giver: Members): Members {
  const [borne, given] = [own['line_total'], asMembers(giver['line_total'])];
  if (!isMembers(borne)) return { ...giver, ...own, line_total: given };
  const both = together({ line_total: borne }, { line_total: given });
  return { ...giver, ...own, line_total: { ...given, ...asMembers(both['line_total']) } };
}

function bearsCharge(parcel: Members): boolean {
  return isMembers(methodOf(parcel)['line_total']);
}

/** Of our kinds; a package that others left empty is none of ours, but says nothing either. */
function isEmptied(parcel: Members): boolean {
  const type = parcel['type'];
  return (type === INCOMING || type === CANCELLATION) && listOf(parcel['line_items']).length === 0;
}

/**
 * Units that the ERP has more come from those cancelled before, then anew; what is cancelled besides is for the
 * progress to say, so fewer units are no matter of this.
 */
function withItem(packages: readonly Members[], accepted: AcceptedItem, currency: string): readonly Members[] {
  const { item, quantity, price, title } = accepted;
  const wanted = quantity - unitsIn(packages, item, [SHIPMENT]);
  const missing = Math.max(0, wanted - unitsIn(packages, item, [INCOMING]));
  const back = take(packages, (line) => isOf(line, item), missing, [CANCELLATION]);
  const reopened = put(back.packages, INCOMING, back.lines);
  const open = Math.max(wanted, unitsIn(reopened, item, [INCOMING]));
  const [first, ...others] = linesIn(reopened, item, [INCOMING]);
  if (!first) {
    if (open <= 0) return packages;
    const [shipped] = linesIn(packages, item, [SHIPMENT]);
    return put(packages, INCOMING, [
      shipped ? priced(shipped, open, price) : newLine(item, title, open, toCents(multiply(price, open)), currency),
    ]);
  }
  const whole = others.reduce((all, line) => together(all, line), first);
  const line = priced(whole, open, price);
  return reopened.map((parcel) =>
    parcel['type'] === INCOMING
      ? {
          ...parcel,
          line_items: listOf(parcel['line_items']).flatMap((each) =>
            isOf(asMembers(each), item) ? (each === first ? [line] : []) : [each],
          ),
        }
      : parcel,
  );
}

/** The line for so many units at a net unit price; tax in proportion to the goods (decision 28). */
function priced(line: Members, units: number, price: Amount): Members {
  const before = amountAt(line, ['line_total', 'total_net']);
  const net = toCents(multiply(price, units));
  const counted = unitsOf(line) === units ? line : { ...line, quantity: units };
  if (sameAmount(net, before)) return counted;
  return withGross(
    withAmounts(counted, (amount, [member, name]) =>
      member === 'line_total' && name === 'total_net' ? net : shareOf(amount, net, before),
    ),
  );
}

function newLine(item: string, title: string, quantity: number, net: Amount, currency: string): Members {
  return {
    identifiers: { sku: item },
    name_parent: title,
    quantity,
    line_total: {
      total_net: { number: net, currency },
      total_tax: { number: '0.00', currency },
      total_gross: { number: net, currency },
    },
  };
}

function unitsIn(packages: readonly Members[], item: string, types: readonly string[]): number {
  return linesIn(packages, item, types).reduce((units, line) => units + unitsOf(line), 0);
}

function linesIn(packages: readonly Members[], item: string, types: readonly string[]): readonly Members[] {
  return packages
    .filter((parcel) => types.includes(String(parcel['type'])))
    .flatMap((parcel) => listOf(parcel['line_items']).map(asMembers))
    .filter((line) => isOf(line, item));
}

/** A line without units, or with fewer than none, is nobody's to divide. */
function isOf(line: Members, item: string): boolean {
  return skuOf(line) === item && unitsOf(line) > 0;
}

function invoicesOf(parcel: Members): readonly string[] {
  return listOf(parcel['accounting_files']).map((file) => textOf(asMembers(asMembers(file)['identifiers'])['visible']));
}

/** What two lines must share to be one: everything but units and amounts, and which amounts they name. */
function shapeOf(line: Members): string {
  // A figure that no line has, so that zero is no other shape.
  return JSON.stringify(withAmounts({ ...line, quantity: 0 }, () => '-0.01'));
}

/** Whether every amount per unit is the same but for the cents that dividing takes and gives. */
function isPricedAs(line: Members, other: Members): boolean {
  const units = unitsOf(line);
  const others = unitsOf(other);
  const most = multiply('0.01', units + others);
  let isSame = true;
  withAmounts(line, (amount, path) => {
    const gap = subtract(multiply(amount, others), multiply(amountAt(other, path), units));
    isSame &&= !isGreater(absolute(gap), most);
    return amount;
  });
  return isSame;
}

function skuOf(line: Members): string {
  return textOf(asMembers(line['identifiers'])['sku']).trim();
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function unitsOf(line: Members): number {
  // A number may be kept as it was written.
  const quantity: unknown = JSON.parse(JSON.stringify(line['quantity'] ?? 0));
  return typeof quantity === 'number' ? quantity : 0;
}

/** The number of an amount, also one that came as a JSON number; null where it is none. */
function numberOf(money: unknown): Amount | null {
  const number: unknown = asMembers(money)['number'];
  const text = typeof number === 'string' ? number : (JSON.stringify(number) ?? '');
  return /^-?\d+(\.\d+)?$/.test(text) ? text : null;
}

function currencyOf(members: Members, packages: readonly Members[]): string {
  const named = textOf(members['currency_code']);
  if (named !== '') return named;
  const lines = packages.flatMap((parcel) => listOf(parcel['line_items']));
  const currencies = lines.map((line) => asMembers(asMembers(asMembers(line)['line_total'])['total_net'])['currency']);
  return currencies.find((currency) => typeof currency === 'string') ?? '';
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asMembers(value: unknown): Members {
  return isMembers(value) ? value : {};
}
