import { choosePayment } from './choose-payment.ts';
import { chooseShipTo, shipToOf, toErpAddress } from './choose-ship-to.ts';
import { chooseWarehouse } from './choose-warehouse.ts';
import { type Amount } from './money.ts';
import { problemKind, type Problem } from './problems.ts';
import { liveLines, priceLines, type PricedLine } from './purchase-lines.ts';
import { namedValue, type Purchase } from './purchase.ts';
import type {
  ErpCustomer,
  ErpStore,
  ErpTerms,
  ErpWarehouse,
  PreparedSalesOrder,
  SalesOrderLine,
  SkuCodes,
} from './sales-order.ts';
import type { OrderRules } from './site-rules.ts';
import type { StorefrontReference } from './storefront-reference.ts';

/** What the ERP's catalogue knows of one storefront SKU. */
export type SkuMatch =
  | { readonly kind: 'one'; readonly sku: SkuCodes }
  | { readonly kind: 'several'; readonly skus: readonly SkuCodes[] }
  | { readonly kind: 'none' };

/** Everything preparing needs to know of the world, gathered before. */
export interface PreparationFacts {
  readonly purchase: Purchase;
  readonly reference: StorefrontReference;
  readonly skus: ReadonlyMap<string, SkuMatch>;
  /** Code the ERP customer was looked up by; null = neither the storefront nor a person named one. */
  readonly customerCode: string | null;
  readonly customer: ErpCustomer | null;
  readonly buyerEmail: string | null;
  readonly stores: readonly ErpStore[];
  readonly warehouses: readonly ErpWarehouse[];
  readonly terms: readonly ErpTerms[];
  /** Calendar dates in the ERP's zone. */
  readonly today: string;
  readonly placedOn: string;
}

export type Preparation =
  | {
      readonly kind: 'prepared';
      readonly salesOrder: PreparedSalesOrder;
      /** Why the order goes in on hold, if it does. */
      readonly reviews: readonly Problem[];
      readonly total: Amount;
    }
  | { readonly kind: 'impossible'; readonly problems: readonly Problem[]; readonly total: Amount };

/** What preparing the orders of a purchase needs to know of the world, for all of its divisions. */
export interface PurchaseFacts extends Omit<PreparationFacts, 'reference' | 'customer' | 'stores'> {
  /** The ERP keeps customers per division. */
  readonly customers: ReadonlyMap<string, { readonly customer: ErpCustomer; readonly stores: readonly ErpStore[] }>;
  /** The reference of a division's document; it is recorded before its first post (decision 3). */
  readonly referenceOf: (division: string) => StorefrontReference;
}

export type Preparations =
  | {
      readonly kind: 'prepared';
      /** One for each division, in the site's order. */
      readonly salesOrders: readonly PreparedSalesOrder[];
      readonly reviews: readonly Problem[];
      readonly total: Amount;
    }
  | { readonly kind: 'impossible'; readonly problems: readonly Problem[]; readonly total: Amount };

/**
 * One sales order for each division of the purchase, because an ERP order holds one (contract, point 8). The shipping
 * charge goes with the division that carries it already, else with the first; every line, with its tax, goes with its own:
 * the parts add up to the whole to the cent.
 */
export function prepareSalesOrders(
  facts: PurchaseFacts,
  rules: OrderRules,
  shippingWith: string | null = null,
): Preparations {
  const { purchase, skus, customers, referenceOf, ...world } = facts;
  const one = (part: Purchase, division: string | null, partSkus: ReadonlyMap<string, SkuMatch>) => {
    const known = division === null ? undefined : customers.get(division);
    const reference = referenceOf(division ?? '');
    const about = { customer: known?.customer ?? null, stores: known?.stores ?? [] };
    return prepareSalesOrder({ ...world, ...about, purchase: part, skus: partSkus, reference }, rules);
  };
  const divisions = divisionsOf(skus, rules.divisions);
  if (divisions.length < 2 || rules.amendments.mixedDivisions === 'park') {
    const only = one(purchase, divisionOf(skus), skus);
    return only.kind === 'impossible'
      ? only
      : { kind: 'prepared', salesOrders: [only.salesOrder], reviews: only.reviews, total: only.total };
  }
  const { live, problems } = liveLines(purchase);
  const payment = choosePayment(rules.payment, purchase, live.total);
  const unmatched = skuProblems({ purchase, skus }, rules).filter(({ code }) => code !== 'DIVISIONS_MIXED');
  const whole = [...problems, ...unmatched, ...(payment.kind === 'impossible' ? [payment.problem] : [])];
  if (whole.length > 0) return { kind: 'impossible', problems: distinct(whole), total: live.total };
  const carrier = divisions.find((division) => division === shippingWith) ?? divisions[0];
  const parts = divisions.map((division) => {
    const partSkus = new Map([...skus].filter(([, match]) => match.kind === 'one' && match.sku.division === division));
    return one(partOf(purchase, new Set(partSkus.keys()), division === carrier), division, partSkus);
  });
  const found = parts.flatMap((part) => (part.kind === 'impossible' ? part.problems : []));
  if (found.length > 0) return { kind: 'impossible', problems: distinct(found), total: live.total };
  return {
    kind: 'prepared',
    salesOrders: parts.flatMap((part) => (part.kind === 'prepared' ? [part.salesOrder] : [])),
    reviews: distinct(parts.flatMap((part) => (part.kind === 'prepared' ? part.reviews : []))),
    total: live.total,
  };
}

/** The divisions of all matched SKUs, in the site's order. */
export function divisionsOf(skus: ReadonlyMap<string, SkuMatch>, order: readonly string[]): readonly string[] {
  const found = new Set([...skus.values()].flatMap((match) => (match.kind === 'one' ? [match.sku.division] : [])));
  const place = (division: string) => (order.includes(division) ? order.indexOf(division) : order.length);
  return [...found].toSorted((left, right) => place(left) - place(right) || (left < right ? -1 : 1));
}

/** The lines of some SKUs as a purchase of their own. Its tax total was checked with the whole. */
function partOf(purchase: Purchase, skus: ReadonlySet<string>, withShipping: boolean): Purchase {
  const packages = purchase.packages.map((parcel) => ({
    ...parcel,
    lines: parcel.lines.filter(({ sku }) => sku !== null && skus.has(sku.trim())),
    shippingCharge: withShipping ? parcel.shippingCharge : null,
  }));
  return { ...purchase, taxTotal: null, packages };
}

/**
 * Turns a purchase into the sales order that will be sent, or names every reason why it cannot be (R2). Pure: the same
 * facts give the same order.
 */
export function prepareSalesOrder(facts: PreparationFacts, rules: OrderRules): Preparation {
  const { purchase } = facts;
  const { live, problems: contentProblems } = liveLines(purchase);
  const problems = [...contentProblems, ...skuProblems(facts, rules), ...customerProblems(facts)];
  const shipTo = shipToOf(purchase);
  if ('code' in shipTo) problems.push(shipTo);
  const payment = choosePayment(rules.payment, purchase, live.total);
  if (payment.kind === 'impossible') problems.push(payment.problem);
  const pricing = live.lines.every(({ quantity }) => quantity > 0) ? priceLines(live.lines, rules.money) : null;
  if (pricing?.kind === 'impossible') problems.push(pricing.problem);
  const division = divisionOf(facts.skus);
  const { customer } = facts;
  if (
    problems.length > 0 ||
    'code' in shipTo ||
    payment.kind !== 'accepted' ||
    pricing?.kind !== 'priced' ||
    !division ||
    !customer
  )
    return { kind: 'impossible', problems: distinct(problems), total: live.total };

  const reviews: Problem[] = [];
  const location = namedValue(purchase.metadata, rules.locationMetadata);
  const warehouse = chooseWarehouse(rules.locations, { location, shipTo, division });
  const store = chooseShipTo(rules.shipTo, shipTo, facts.stores);
  const purchaseOrder = choosePurchaseOrder(facts, rules);
  const delivery = requestedDate(purchase, rules);
  if (warehouse.kind === 'impossible') problems.push(warehouse.problem);
  if (warehouse.kind === 'defaulted') reviews.push(warehouse.review);
  if (store.kind === 'impossible') problems.push(store.problem);
  if (purchaseOrder.problem)
    (problemKind(purchaseOrder.problem.code).fate === 'park' && !purchaseOrder.stoodIn ? problems : reviews).push(
      purchaseOrder.problem,
    );
  if (delivery.problem) reviews.push(delivery.problem);
  if (warehouse.kind === 'impossible' || store.kind === 'impossible')
    return { kind: 'impossible', problems: distinct(problems), total: live.total };

  if (!facts.warehouses.some((known) => known.warehouse === warehouse.warehouse && known.type === 'W'))
    problems.push({
      code: 'WAREHOUSE_UNKNOWN',
      says: `The ERP has no stock-keeping warehouse “${warehouse.warehouse}”.`,
      about: warehouse.warehouse,
    });
  const terms = payment.rule.terms;
  if (terms && !facts.terms.some((known) => known.terms === terms && known.active))
    problems.push({
      code: 'TERMS_UNKNOWN',
      says: `The ERP has no active terms “${terms}”, which the site file gives to “${payment.rule.method}”.`,
      about: terms,
    });

  const startDate = delivery.date && delivery.date > facts.today ? delivery.date : facts.today;
  const visible = purchase.identifiers.visible ?? '';
  const siteFields: Record<string, string> = {};
  if (rules.purchaseOrder.field !== 'po_num') siteFields[rules.purchaseOrder.field] = purchaseOrder.value;
  if (rules.visibleNumberField && visible) siteFields[rules.visibleNumberField] = visible;
  if (rules.payment.referenceField && payment.paymentReference)
    siteFields[rules.payment.referenceField] = payment.paymentReference;
  const salesOrder: PreparedSalesOrder = {
    reference: facts.reference,
    division,
    warehouse: warehouse.warehouse,
    customer: customer.customer,
    store: store.store,
    distributionCentre: store.distributionCentre,
    department: '',
    salesperson: '',
    season: '',
    orderType: payment.rule.orderType,
    purchaseOrder: purchaseOrder.value,
    orderDate: facts.placedOn,
    startDate,
    endDate: plusDays(startDate, rules.cancelAfterDays),
    terms,
    shipVia: shipViaOf(purchase, rules),
    shipTerms: rules.shipVia.shipTerms,
    currency: purchase.currency ?? '',
    holdCode: reviews.length > 0 ? rules.locations.defaultHoldCode : payment.rule.holdCode,
    discount: pricing.discount,
    discountCode: pricing.discountCode,
    freight: live.freight,
    tax: live.tax,
    notes: [
      rules.visibleNumberField ? '' : visible && `SparkLayer ${visible}`,
      ...purchaseOrder.remarks,
      ...delivery.remarks,
    ]
      .filter(Boolean)
      .join('; '),
    siteFields,
    billTo: purchase.billTo && toErpAddress(purchase.billTo, facts.buyerEmail),
    shipTo: toErpAddress(shipTo, null),
    lines: salesOrderLines(pricing.lines, facts.skus, warehouse.warehouse),
    highestLine: pricing.lines.length,
    asked: { location, deliveryDate: delivery.date, paymentMethod: purchase.paymentMethod },
  };
  problems.push(...lengthProblems(salesOrder, rules));
  return problems.length > 0
    ? { kind: 'impossible', problems: distinct(problems), total: live.total }
    : { kind: 'prepared', salesOrder, reviews: distinct(reviews), total: live.total };
}

/** The one division of all matched SKUs; null when there is none or more than one. */
export function divisionOf(skus: ReadonlyMap<string, SkuMatch>): string | null {
  const divisions = new Set([...skus.values()].flatMap((match) => (match.kind === 'one' ? [match.sku.division] : [])));
  const [division] = divisions;
  return divisions.size === 1 && division ? division : null;
}

function skuProblems(
  { purchase, skus }: Pick<PreparationFacts, 'purchase' | 'skus'>,
  rules: OrderRules,
): readonly Problem[] {
  const { lines } = liveLines(purchase).live;
  const problems = lines.flatMap(({ sku }): readonly Problem[] => {
    if (!sku) return [];
    const match = skus.get(sku);
    if (!match || match.kind === 'none')
      return [{ code: 'SKU_UNKNOWN', says: `The ERP does not know the SKU “${sku}”.`, about: sku }];
    if (match.kind === 'several') {
      const where = match.skus.map((each) => [each.division, each.style, each.color, each.size].join('/')).join(', ');
      return [
        { code: 'SKU_AMBIGUOUS', says: `The SKU “${sku}” names several items of the ERP: ${where}.`, about: sku },
      ];
    }
    if (!match.sku.division)
      return [{ code: 'SKU_UNKNOWN', says: `The ERP keeps the SKU “${sku}” in no division.`, about: sku }];
    if (rules.excludedLabels.includes(match.sku.label))
      return [
        {
          code: 'SKU_UNKNOWN',
          says: `The SKU “${sku}” carries the label ${match.sku.label}, which is not for sale.`,
          about: sku,
        },
      ];
    return [];
  });
  const divisions = new Set([...skus.values()].flatMap((match) => (match.kind === 'one' ? [match.sku.division] : [])));
  if (divisions.size > 1) {
    const says = `The SKUs belong to the divisions ${[...divisions].toSorted().join(' and ')}; an ERP order holds one.`;
    return [...problems, { code: 'DIVISIONS_MIXED', says }];
  }
  return problems;
}

function customerProblems({ purchase, customer, customerCode, skus }: PreparationFacts): readonly Problem[] {
  const { currency } = purchase;
  if (!currency || !Intl.supportedValuesOf('currency').includes(currency))
    return [
      {
        code: 'CURRENCY_UNKNOWN',
        says: `The purchase is in the currency “${currency ?? 'none'}”.`,
        about: currency ?? 'none',
      },
    ];
  if (!customerCode)
    return [
      {
        code: 'CUSTOMER_NOT_LINKED',
        says: 'The buyer has no ERP customer code in the storefront.',
        ...(purchase.buyer === null ? {} : { about: purchase.buyer }),
      },
    ];
  if (!customer) {
    const division = divisionOf(skus);
    // Without a division there is no customer to look up; the SKU problem says enough.
    return division === null
      ? []
      : [
          {
            code: 'CUSTOMER_UNKNOWN',
            says: `The ERP has no customer “${customerCode}” in division ${division}.`,
            about: customerCode,
          },
        ];
  }
  if (!customer.active)
    return [
      {
        code: 'CUSTOMER_INACTIVE',
        says: `The ERP customer “${customerCode}” is not active.`,
        about: customerCode,
      },
    ];
  if (customer.currency && customer.currency !== currency)
    return [
      {
        code: 'CURRENCY_MISMATCH',
        says: `The purchase is in ${currency}, the ERP keeps “${customerCode}” in ${customer.currency}.`,
        about: customerCode,
      },
    ];
  return [];
}

interface PurchaseOrderChoice {
  readonly value: string;
  readonly remarks: readonly string[];
  readonly problem: Problem | null;
  readonly stoodIn: boolean;
}

function choosePurchaseOrder({ purchase, reference }: PreparationFacts, rules: OrderRules): PurchaseOrderChoice {
  const given = purchase.customerReference?.trim() ?? '';
  const { maxLength, tooLong } = rules.purchaseOrder;
  const standIn =
    [reference, purchase.identifiers.visible ?? ''].find((name) => name !== '' && name.length <= maxLength) ??
    reference.slice(0, maxLength);
  if (given === '') return { value: standIn, remarks: [], problem: null, stoodIn: true };
  if (given.length <= maxLength) return { value: given, remarks: [], problem: null, stoodIn: false };
  const says = `The PO number “${given}” has ${given.length} characters; the ERP takes ${maxLength}.`;
  const stoodIn = tooLong === 'useReference';
  const value = stoodIn ? standIn : given;
  return { value, remarks: stoodIn ? [`PO ${given}`] : [], problem: { code: 'PO_TOO_LONG', says }, stoodIn };
}

function requestedDate(
  purchase: Purchase,
  rules: OrderRules,
): { date: string | null; remarks: readonly string[]; problem: Problem | null } {
  const text = namedValue(purchase.customFields, rules.deliveryDateField);
  if (text === null) return { date: null, remarks: [], problem: null };
  if (isCalendarDate(text)) return { date: text, remarks: [], problem: null };
  const says = `The requested delivery date “${text}” cannot be read.`;
  return {
    date: null,
    remarks: [`Delivery date as given: ${text.slice(0, 40)}`],
    problem: { code: 'DELIVERY_DATE_UNREADABLE', says },
  };
}

function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** A calendar date some days later: `2026-01-20` + 30 → `2026-02-19`. */
export function plusDays(date: string, days: number): string {
  const moved = new Date(`${date}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

function shipViaOf(purchase: Purchase, rules: OrderRules): string {
  const method = purchase.packages.find(
    ({ type, shippingMethod }) => type === 'incoming' && shippingMethod,
  )?.shippingMethod;
  return (method && rules.shipVia.methods[method]) || rules.shipVia.otherwise;
}

function salesOrderLines(
  lines: readonly PricedLine[],
  skus: ReadonlyMap<string, SkuMatch>,
  warehouse: string,
): readonly SalesOrderLine[] {
  return lines.flatMap((line, index) => {
    const match = skus.get(line.sku);
    if (match?.kind !== 'one') return [];
    const { quantity, price } = line;
    return [
      {
        sequence: index + 1,
        item: line.sku,
        sku: match.sku,
        quantity,
        price,
        warehouse,
        listPrice: null,
        discountPercent: null,
        startDate: null,
        endDate: null,
        notes: '',
      },
    ];
  });
}

function lengthProblems(order: PreparedSalesOrder, rules: OrderRules): readonly Problem[] {
  const addresses = [order.shipTo, ...(order.billTo ? [order.billTo] : [])];
  const values: readonly (readonly [field: string, value: string, what: string])[] = [
    ['customer', order.customer, 'customer code'],
    ['store', order.store, 'store code'],
    ['terms', order.terms, 'terms code'],
    ['altpo', order.reference, 'storefront reference'],
    ['notes', order.notes, 'notes'],
    ...Object.entries(order.siteFields).map(([field, value]) => [field, value, `value for ${field}`] as const),
    ...addresses.flatMap((address) => [
      ['name', address.name, 'address name'] as const,
      ['addr1', address.line1, 'address line 1'] as const,
      ['addr2', address.line2, 'address line 2'] as const,
      ['city', address.city, 'city'] as const,
      ['state', address.state, 'region'] as const,
      ['zipcode', address.postalCode, 'postal code'] as const,
      ['contact', address.contact, 'contact'] as const,
    ]),
    ...order.lines.flatMap(({ sku }) => [
      ['style', sku.style, 'style'] as const,
      ['color_code', sku.color, 'colour'] as const,
      ['lbl_code', sku.label, 'label'] as const,
      ['dimension', sku.dimension, 'dimension'] as const,
      ['size_desc', sku.size, 'size'] as const,
    ]),
  ];
  return values.flatMap(([field, value, what]) => {
    const longest = rules.lengths[field];
    if (longest === undefined || value.length <= longest) return [];
    return [
      {
        code: 'VALUE_TOO_LONG',
        says: `The ${what} “${value}” has ${value.length} characters; the ERP takes ${longest}.`,
      },
    ];
  });
}

function distinct(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ code, says }) => !seen.has(code + says) && seen.add(code + says));
}
