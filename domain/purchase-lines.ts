import {
  divideRoundedUp,
  isNegative,
  isWholeCents,
  isZero,
  multiply,
  sameAmount,
  subtract,
  sum,
  toCents,
  type Amount,
} from './money.ts';
import type { Problem } from './problems.ts';
import type { LineTotal, Purchase, PurchaseLine } from './purchase.ts';
import type { MoneyRules } from './site-rules.ts';

/** A line of a purchase that is still to be sent, with its money checked. */
export interface LiveLine {
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly net: Amount;
  readonly tax: Amount;
  /** What was taken off the line; `net` is after it. */
  readonly discount: Amount;
}

export interface LiveLines {
  readonly lines: readonly LiveLine[];
  readonly freight: Amount;
  /** Tax of the lines still live and of the shipping: what goes to the ERP (decision 25). */
  readonly tax: Amount;
  /** Goods, freight and tax: the money at stake. */
  readonly total: Amount;
}

export interface PricedLine {
  readonly sku: string;
  readonly quantity: number;
  readonly price: Amount;
}

/**
 * The lines of a purchase that are neither sent nor cancelled, and what they cost, to the cent. Everything that does
 * not add up is named; nothing is repaired.
 */
export function liveLines(purchase: Purchase): { readonly live: LiveLines; readonly problems: readonly Problem[] } {
  const problems = [...packageProblems(purchase), ...lineProblems(purchase), ...moneyProblems(purchase)];
  const incoming = purchase.packages.filter(({ type }) => type === 'incoming');
  const lines = incoming.flatMap(({ lines }) => lines).map(toLiveLine);
  const charges = incoming.flatMap(({ shippingCharge }) => (shippingCharge ? [shippingCharge] : []));
  const freight = toCents(sum(charges.map(({ net }) => net)));
  const tax = toCents(sum([...lines.map((line) => line.tax), ...charges.map(taxOf)]));
  const total = toCents(sum([...lines.map((line) => line.net), freight, tax]));
  return { live: { lines, freight, tax, total }, problems };
}

/** Whether a purchase has nothing but cancelled packages: the buyer took it back before anything was sent. */
export function isWhollyCancelled(purchase: Purchase): boolean {
  return purchase.packages.length > 0 && purchase.packages.every(({ type }) => type === 'cancellation');
}

export type Pricing =
  | {
      readonly kind: 'priced';
      readonly lines: readonly PricedLine[];
      readonly discount: Amount;
      readonly discountCode: string;
    }
  | { readonly kind: 'impossible'; readonly problem: Problem };

/**
 * Unit prices as the ERP wants them. Where the net of a line does not divide into whole cents the unit price is rounded
 * up and the excess goes to the header discount under the rounding code (decision 26). The same SKU at the same price
 * is one line, at another price two (decision 30).
 */
export function priceLines(lines: readonly LiveLine[], rules: MoneyRules): Pricing {
  const showDiscounts = rules.discountCode !== '';
  const priced = lines.map(({ sku, quantity, net, discount }) => {
    const amount = showDiscounts ? sum([net, discount]) : net;
    const price = divideRoundedUp(amount, quantity);
    return {
      sku,
      quantity,
      price,
      excess: subtract(multiply(price, quantity), amount),
      discount: showDiscounts ? discount : '0',
    };
  });
  const excess = sum(priced.map((line) => line.excess));
  const discount = sum(priced.map((line) => line.discount));
  if (!isZero(excess) && !rules.roundingCode) {
    const uneven = priced.filter((line) => !isZero(line.excess)).map(({ sku }) => sku);
    const says = `The price of ${uneven.join(', ')} does not divide into whole cents per piece.`;
    return { kind: 'impossible', problem: { code: 'ROUNDING_NOT_POSSIBLE', says } };
  }
  const total = toCents(sum([excess, discount]));
  const discountCode = isZero(total) ? '' : isZero(discount) ? rules.roundingCode : rules.discountCode;
  return { kind: 'priced', lines: merged(priced), discount: total, discountCode };
}

function merged(lines: readonly PricedLine[]): readonly PricedLine[] {
  const byPrice = new Map<string, PricedLine>();
  for (const { sku, quantity, price } of lines) {
    const key = JSON.stringify([sku, price]);
    byPrice.set(key, { sku, price, quantity: quantity + (byPrice.get(key)?.quantity ?? 0) });
  }
  return [...byPrice.values()];
}

function packageProblems(purchase: Purchase): readonly Problem[] {
  const foreign = purchase.packages.filter(({ type }) => type !== 'incoming' && type !== 'cancellation');
  if (foreign.length > 0) {
    const types = [...new Set(foreign.map(({ type }) => type))].join(', ');
    return [
      {
        code: 'PACKAGE_UNSUPPORTED',
        says: `The purchase already has packages of type ${types} that Instep did not make.`,
      },
    ];
  }
  const empty = purchase.packages.every(({ type, lines }) => type !== 'incoming' || lines.length === 0);
  return empty ? [{ code: 'NO_LINES', says: 'The purchase has no line that is still to be sent.' }] : [];
}

function lineProblems(purchase: Purchase): readonly Problem[] {
  const lines = purchase.packages.filter(({ type }) => type === 'incoming').flatMap(({ lines }) => lines);
  return lines.flatMap((line): readonly Problem[] => {
    const name = nameOf(line);
    const found: Problem[] = [];
    if (!line.sku?.trim()) found.push({ code: 'SKU_MISSING', says: `The line ${name} has no SKU.` });
    if (!Number.isSafeInteger(line.quantity) || line.quantity <= 0)
      found.push({ code: 'QUANTITY_INVALID', says: `The line ${name} has the quantity ${line.quantity}.` });
    return found;
  });
}

function moneyProblems(purchase: Purchase): readonly Problem[] {
  const lines = purchase.packages.flatMap(({ lines }) => lines);
  const charges = purchase.packages.flatMap(({ shippingCharge }) => (shippingCharge ? [shippingCharge] : []));
  const problems = [
    ...lines.flatMap((line) => totalProblems(`The line ${nameOf(line)}`, line.total, purchase.currency)),
    ...charges.flatMap((charge) => totalProblems('The shipping charge', charge, purchase.currency)),
  ];
  const { taxTotal, taxCurrency, currency } = purchase;
  if (problems.length > 0 || taxTotal === null) return problems;
  if (currency !== null && taxCurrency !== currency) {
    const says = `The order’s tax is in ${taxCurrency ?? SEVERAL}, the purchase in ${currency}.`;
    return [{ code: 'TAX_WRONG', says }];
  }
  const tax = sum([...lines.map((line) => (line.total ? taxOf(line.total) : '0')), ...charges.map(taxOf)]);
  if (sameAmount(tax, taxTotal)) return [];
  const says = `Tax of lines and shipping is ${toCents(tax)}; the order says ${toCents(taxTotal)} ${currency ?? ''}.`;
  return [{ code: 'TAX_WRONG', says }];
}

const SEVERAL = 'several currencies';

function totalProblems(what: string, total: LineTotal | null, currency: string | null): readonly Problem[] {
  if (!total) return [{ code: 'TOTALS_WRONG', says: `${what} has no total.` }];
  const { net, tax, gross, discountNet } = total;
  const amounts = [net, tax, gross].filter((amount) => amount !== null);
  const says = [...amounts, discountNet ?? '0', taxOf(total)].some(isNegative)
    ? `${what} has a negative amount.`
    : !amounts.every(isWholeCents)
      ? `${what} has parts of a cent.`
      : tax !== null && gross !== null && !sameAmount(sum([net, tax]), gross)
        ? `${what}: net ${net} and tax ${tax} are not gross ${gross}.`
        : currency !== null && total.currency !== currency
          ? `${what} is in ${total.currency ?? SEVERAL}, the purchase in ${currency}.`
          : null;
  return says === null ? [] : [{ code: 'TOTALS_WRONG', says }];
}

function toLiveLine(line: PurchaseLine): LiveLine {
  const { total } = line;
  return {
    sku: line.sku?.trim() ?? '',
    title: line.title,
    quantity: line.quantity,
    net: total?.net ?? '0',
    tax: total ? taxOf(total) : '0',
    discount: total?.discountNet ?? '0',
  };
}

function taxOf({ net, tax, gross }: LineTotal): Amount {
  if (tax !== null) return tax;
  return gross === null ? '0' : subtract(gross, net);
}

function nameOf(line: PurchaseLine): string {
  return `“${line.sku?.trim() || line.title || 'without a name'}”`;
}
