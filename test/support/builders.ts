import type { PreparationFacts, SkuMatch } from '../../domain/prepare-sales-order.ts';
import type {
  Address,
  LineTotal,
  NamedValue,
  Purchase,
  PurchaseIdentifiers,
  PurchaseKey,
  PurchaseLine,
  PurchasePackage,
} from '../../domain/purchase.ts';
import type {
  ErpCustomer,
  ErpCreditMemo,
  ErpInvoice,
  ErpInvoiceLine,
  ErpSalesOrder,
  ErpSalesOrderLine,
  ErpStore,
  PreparedSalesOrder,
  SkuCodes,
} from '../../domain/sales-order.ts';
import type { OrderRules } from '../../domain/site-rules.ts';
import { referenceOf } from '../../domain/storefront-reference.ts';
import { multiply, subtract, sum, type Amount } from '../../domain/money.ts';

export const PURCHASE_UUID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
export const PURCHASE_REFERENCE = referenceOf({ kind: 'sparklayer', value: PURCHASE_UUID }) ?? '';

/** A line as a test names it: `net` is for the whole quantity, after discount. */
export interface LineOf {
  readonly sku?: string | null;
  readonly quantity?: number;
  readonly net?: Amount;
  readonly tax?: Amount | null;
  readonly gross?: Amount | null;
  readonly discount?: Amount | null;
}

interface PurchaseDraft {
  readonly purchase: Purchase;
  readonly lines: readonly PurchaseLine[];
  readonly shipTo: Address | null;
  readonly shippingMethod: string | null;
  readonly shippingCharge: LineTotal | null;
  readonly furtherPackages: readonly PurchasePackage[];
  /** null = the sum of all lines and charges. */
  readonly tax: Amount | null;
}

export function anAddress(change: Partial<Address> = {}): Address {
  return {
    name: 'Ada Buyer',
    company: 'Northwind Outfitters',
    line1: '12 Main Street',
    line2: null,
    city: 'Portland',
    region: 'OR',
    postalCode: '97201',
    country: 'US',
    phone: null,
    ...change,
  };
}

export function aTotal({ net = '100.00', tax = '0', gross, discount = null }: LineOf = {}): LineTotal {
  return {
    net,
    tax,
    gross: gross === undefined ? sum([net, tax ?? '0']) : gross,
    discountNet: discount,
    currency: 'USD',
  };
}

export function aLine(line: LineOf = {}): PurchaseLine {
  const { sku = 'AC-1001-BLK-M', quantity = 10 } = line;
  return { sku, title: `Title of ${sku ?? 'nothing'}`, quantity, total: aTotal(line), attributes: [] };
}

export function aPackage(change: Partial<PurchasePackage> = {}): PurchasePackage {
  return {
    type: 'incoming',
    lines: [aLine()],
    files: [],
    shippingMethod: null,
    shippingCharge: null,
    shipTo: anAddress(),
    ...change,
  };
}

/** Builds a purchase as SparkLayer would give it. Every method returns a new builder. */
export class PurchaseBuilder {
  readonly #draft: PurchaseDraft;

  constructor(draft: PurchaseDraft) {
    this.#draft = draft;
  }

  with(line: LineOf): PurchaseBuilder {
    return this.#having({ lines: [...this.#draft.lines, aLine(line)] });
  }

  payOnAccount(): PurchaseBuilder {
    return this.payBy('on_account');
  }

  payUpFront(paid: Amount | null): PurchaseBuilder {
    return this.payBy('card').changed({ totalPaid: paid });
  }

  payBy(paymentMethod: string | null): PurchaseBuilder {
    return this.changed({ paymentMethod });
  }

  po(customerReference: string | null): PurchaseBuilder {
    return this.changed({ customerReference });
  }

  numbered(visible: string | null): PurchaseBuilder {
    return this.identified({ visible });
  }

  identified(identifiers: Partial<PurchaseIdentifiers>): PurchaseBuilder {
    return this.changed({ identifiers: { ...this.#draft.purchase.identifiers, ...identifiers } });
  }

  keyed(key: PurchaseKey): PurchaseBuilder {
    return this.changed({ key });
  }

  fromLocation(location: string): PurchaseBuilder {
    return this.noting('location', location);
  }

  noting(name: string, value: string | null): PurchaseBuilder {
    return this.changed({ metadata: [...this.#draft.purchase.metadata, { name, value }] });
  }

  field(name: string, value: string | null): PurchaseBuilder {
    return this.changed({ customFields: [...this.#draft.purchase.customFields, { name, value }] });
  }

  deliverOn(date: string): PurchaseBuilder {
    return this.field('Delivery date', date);
  }

  shipTo(shipTo: Address | null): PurchaseBuilder {
    return this.#having({ shipTo });
  }

  shippedBy(shippingMethod: string, charge: LineOf | null = null): PurchaseBuilder {
    return this.#having({ shippingMethod, shippingCharge: charge && aTotal(charge) });
  }

  /** A further package beside the one of the lines. */
  also(parcel: PurchasePackage): PurchaseBuilder {
    return this.#having({ furtherPackages: [...this.#draft.furtherPackages, parcel] });
  }

  /** What the order itself says its tax is; otherwise the sum. */
  saysTax(tax: Amount): PurchaseBuilder {
    return this.#having({ tax });
  }

  changed(change: Partial<Purchase>): PurchaseBuilder {
    return this.#having({ purchase: { ...this.#draft.purchase, ...change } });
  }

  build(): Purchase {
    const { purchase, shipTo, shippingMethod, shippingCharge, furtherPackages, tax } = this.#draft;
    const lines = this.#draft.lines.length > 0 ? this.#draft.lines : [aLine()];
    const parcel = aPackage({ lines, shipTo, shippingMethod, shippingCharge });
    const packages = [parcel, ...furtherPackages];
    const totals = packages.flatMap((each) => [
      ...each.lines.flatMap(({ total }) => (total ? [total] : [])),
      ...(each.shippingCharge ? [each.shippingCharge] : []),
    ]);
    return { ...purchase, packages, taxTotal: tax ?? sum(totals.map(taxOf)), taxCurrency: purchase.currency };
  }

  #having(change: Partial<PurchaseDraft>): PurchaseBuilder {
    return new PurchaseBuilder({ ...this.#draft, ...change });
  }
}

/** A purchase paid on account, one line of ten pieces at 10.00, unless told otherwise. */
export function aPurchase(): PurchaseBuilder {
  return new PurchaseBuilder({
    purchase: {
      key: { kind: 'sparklayer', value: PURCHASE_UUID },
      identifiers: { sparklayer: PURCHASE_UUID, platform: 'gid-77', internal: null, visible: 'SL-1042' },
      type: 'order_placed',
      placedAt: '2026-01-20T15:00:00Z',
      updatedAt: '2026-01-20T15:00:00Z',
      buyer: 'buyer-1',
      paymentMethod: 'on_account',
      customerReference: 'PO-7781',
      currency: 'USD',
      totalPaid: null,
      taxTotal: null,
      taxCurrency: null,
      billTo: anAddress({ line1: '1 Ledger Lane' }),
      packages: [],
      customFields: [],
      metadata: [],
    },
    lines: [],
    shipTo: anAddress(),
    shippingMethod: null,
    shippingCharge: null,
    furtherPackages: [],
    tax: null,
  });
}

export function theSku(change: Partial<SkuCodes> = {}): SkuCodes {
  return { division: '01', style: 'AC-1001', color: 'BLK', label: '', dimension: '', size: 'M', upc: '', ...change };
}

/** Matches every SKU of the purchase to one item of the division, style = the SKU itself. */
export function skusOf(purchase: Purchase, division = '01'): ReadonlyMap<string, SkuMatch> {
  const lines = purchase.packages.flatMap((parcel) => parcel.lines);
  return new Map(
    lines.flatMap(({ sku }) => {
      const name = sku?.trim();
      return name ? [[name, { kind: 'one', sku: theSku({ division, style: name }) }] as const] : [];
    }),
  );
}

export function aCustomer(change: Partial<ErpCustomer> = {}): ErpCustomer {
  return {
    customer: 'NORTHW',
    division: '01',
    name: 'Northwind Outfitters',
    active: true,
    terms: 'N30',
    currency: 'USD',
    shipVia: 'UPSG',
    warehouse: 'NJ',
    creditHold: false,
    factor: '',
    ...change,
  };
}

export function aStore(change: Partial<ErpStore> = {}): ErpStore {
  return {
    customer: 'NORTHW',
    store: '0042',
    name: 'Northwind Portland',
    line1: '12 MAIN STREET',
    city: 'PORTLAND',
    state: 'OR',
    postalCode: '97201',
    country: 'US',
    distributionCentre: '',
    active: true,
    ...change,
  };
}

/** The rules of a site with two divisions and three warehouses. */
export function theRules(change: Partial<OrderRules> = {}): OrderRules {
  return {
    site: 'acme',
    siteVersion: 'v1',
    zone: 'America/New_York',
    intakeTypes: ['order_placed'],
    locationMetadata: 'location',
    deliveryDateField: 'Delivery date',
    locations: {
      table: [
        { location: 'loc-east', warehouses: { '01': 'NJ', '02': 'NJ2' } },
        { location: 'loc-west', warehouses: { '01': 'CA' } },
      ],
      byShipTo: [
        { country: 'US', regions: ['CA', 'WA'], warehouses: { '01': 'CA' } },
        { country: 'CA', regions: [], warehouses: { '01': 'TOR' } },
      ],
      defaultWarehouse: { '01': 'NJ' },
      defaultHoldCode: 'LOC',
    },
    payment: {
      methods: [
        { method: 'on_account', orderType: 'REG', terms: '', holdCode: '', sendWhen: 'always' },
        { method: 'card', orderType: 'WEB', terms: 'PPD', holdCode: '', sendWhen: 'paidInFull' },
      ],
      unknownMethod: { action: 'park' },
      referenceField: 'udford2c',
      referenceMetadata: 'payment',
    },
    purchaseOrder: { field: 'po_num', maxLength: 30, tooLong: 'park' },
    referenceField: 'udford1c',
    visibleNumberField: '',
    sku: { by: 'pattern', pattern: '{style}-{color}-{size}' },
    excludedLabels: ['SAMPLE'],
    shipVia: { methods: { Express: 'UPS2' }, otherwise: 'UPSG', shipTerms: 'PP' },
    money: { discountCode: '', roundingCode: 'RND' },
    shipTo: { rule: 'knownStoreElseOneOff' },
    cancelAfterDays: 30,
    lengths: { customer: 10, addr1: 40, altpo: 30, notes: 250, style: 20 },
    upperCase: true,
    divisions: ['01', '02'],
    amendments: { table: {}, withdrawn: 'cancel', mixedDivisions: 'park' },
    erpEdits: { toleratedAmount: '0.00', toleratedFields: [], toleratedCauses: ['backOrderSplit'] },
    progress: {
      invoiceUrl: '',
      trackingUrls: {},
      carriers: {},
      payments: 'off',
      credits: 'off',
      toleratedCents: 2,
    },
    ...change,
  };
}

/** Everything preparing knows of a purchase, as if both systems had answered well. */
export function theFacts(purchase: Purchase, change: Partial<PreparationFacts> = {}): PreparationFacts {
  return {
    purchase,
    reference: PURCHASE_REFERENCE,
    skus: skusOf(purchase),
    customerCode: 'NORTHW',
    customer: aCustomer(),
    buyerEmail: 'ada@northwind.example',
    stores: [],
    warehouses: [
      { warehouse: 'NJ', name: 'New Jersey', type: 'W' },
      { warehouse: 'CA', name: 'California', type: 'W' },
      { warehouse: 'TOR', name: 'Toronto', type: 'W' },
      { warehouse: 'RET', name: 'Returns desk', type: 'R' },
    ],
    terms: [
      { terms: 'N30', name: 'Net 30', active: true },
      { terms: 'PPD', name: 'Prepaid', active: true },
      { terms: 'OLD', name: 'Net 90', active: false },
    ],
    today: '2026-01-20',
    placedOn: '2026-01-20',
    ...change,
  };
}

/** A prepared order, without going through a purchase. */
export function aSalesOrder(change: Partial<PreparedSalesOrder> = {}): PreparedSalesOrder {
  return {
    reference: PURCHASE_REFERENCE,
    division: '01',
    warehouse: 'NJ',
    customer: 'NORTHW',
    store: '',
    distributionCentre: '',
    department: '',
    salesperson: '',
    season: '',
    orderType: 'REG',
    purchaseOrder: 'PO-7781',
    orderDate: '2026-01-20',
    startDate: '2026-01-20',
    endDate: '2026-02-19',
    terms: '',
    shipVia: 'UPSG',
    shipTerms: 'PP',
    currency: 'USD',
    holdCode: '',
    discount: '0.00',
    discountCode: '',
    freight: '0.00',
    tax: '0.00',
    notes: '',
    siteFields: {},
    billTo: null,
    shipTo: {
      name: 'Northwind Outfitters',
      line1: '12 Main Street',
      line2: '',
      city: 'Portland',
      state: 'OR',
      postalCode: '97201',
      country: 'US',
      contact: '',
      email: '',
    },
    lines: [
      {
        sequence: 1,
        item: 'AC-1001-BLK-M',
        sku: theSku(),
        quantity: 10,
        price: '10.00',
        warehouse: 'NJ',
        listPrice: null,
        discountPercent: null,
        startDate: null,
        endDate: null,
        notes: '',
      },
    ],
    highestLine: 1,
    asked: { location: null, deliveryDate: null, paymentMethod: 'on_account' },
    ...change,
  };
}

/** How the ERP shows an order that it took in as it was sent. */
export function asShownByErp(sent: PreparedSalesOrder, change: Partial<ErpSalesOrder> = {}): ErpSalesOrder {
  const lines = sent.lines.map((line): ErpSalesOrderLine => ({
    sequence: line.sequence,
    sku: line.sku,
    warehouse: line.warehouse,
    price: line.price,
    listPrice: line.listPrice,
    discountPercent: line.discountPercent,
    startDate: line.startDate,
    endDate: line.endDate,
    notes: line.notes,
    ordered: line.quantity,
    open: line.quantity,
    allocated: 0,
    picked: 0,
    invoiced: 0,
    cancelledByCustomer: 0,
    cancelledByHouse: 0,
    latestInvoice: '',
  }));
  const subTotal = sum(lines.map(({ price, ordered }) => multiply(price, ordered)));
  return {
    orderNumber: '500001',
    status: 'open',
    statusLetter: 'O',
    creditStatus: '',
    holdCode: sent.holdCode,
    holdReason: '',
    purchaseOrder: sent.purchaseOrder,
    altPo: sent.reference,
    referenceField: sent.reference,
    division: sent.division,
    warehouse: sent.warehouse,
    customer: sent.customer,
    store: sent.store,
    distributionCentre: sent.distributionCentre,
    department: sent.department,
    orderType: sent.orderType,
    orderDate: sent.orderDate,
    startDate: sent.startDate,
    endDate: sent.endDate,
    terms: sent.terms || 'N30',
    shipVia: sent.shipVia,
    shipTerms: sent.shipTerms,
    salesperson: sent.salesperson,
    season: sent.season,
    currency: sent.currency,
    subTotal,
    discount: sent.discount,
    discountCode: sent.discountCode,
    freight: sent.freight,
    tax: sent.tax,
    taxFixed: true,
    total: sum([subtract(subTotal, sent.discount), sent.freight, sent.tax]),
    notes: sent.notes,
    siteFields: sent.siteFields,
    billTo: sent.billTo,
    shipTo: sent.shipTo,
    lines,
    changedAt: '2026-01-20T15:05:00.000Z',
    ...change,
  };
}

/** An invoice of lines of an order, with its share of the header amounts given. */
export function anInvoice(
  order: ErpSalesOrder,
  units: Readonly<Record<number, number>>,
  change: Partial<ErpInvoice> = {},
): ErpInvoice {
  const lines = (order.lines ?? []).flatMap(({ sequence, sku, price }): readonly ErpInvoiceLine[] => {
    const quantity = units[sequence] ?? 0;
    if (quantity === 0) return [];
    return [{ sequence, orderNumber: order.orderNumber, sku, quantity, price, amount: multiply(price, quantity) }];
  });
  const subTotal = sum(lines.map(({ amount }) => amount));
  const amounts = { discount: '0', freight: '0', tax: '0', ...change };
  return {
    number: '700001',
    orderNumber: order.orderNumber,
    date: '2026-02-01',
    currency: order.currency,
    subTotal,
    total: subtract(sum([subTotal, amounts.tax, amounts.freight]), amounts.discount),
    paid: '0',
    isVoid: false,
    carrier: 'UPSG',
    tracking: ['1Z1'],
    lines,
    changedAt: '2026-02-01T15:05:00.000Z',
    ...amounts,
  };
}

/** A credit of an amount alone, tied to no invoice. */
export function aCreditMemo(change: Partial<ErpCreditMemo> = {}): ErpCreditMemo {
  return {
    number: '900001',
    orderNumber: '500001',
    invoiceNumber: '',
    date: null,
    currency: 'USD',
    reason: 'RTRN',
    restocked: false,
    tax: '0',
    freight: '0',
    total: '0',
    lines: [],
    changedAt: '2026-02-01T15:05:00.000Z',
    ...change,
  };
}

/** Metadata or custom fields from pairs. */
export function named(...entries: readonly (readonly [name: string, value: string | null])[]): readonly NamedValue[] {
  return entries.map(([name, value]) => ({ name, value }));
}

function taxOf({ net, tax, gross }: LineTotal): Amount {
  if (tax !== null) return tax;
  return gross === null ? '0' : subtract(gross, net);
}
