import {
  createSparkLayer,
  type CallOptions,
  type SparkLayerSettings,
} from '../../../connectors/sparklayer/sparklayer.ts';
import type { PurchaseKey, PurchaseNote } from '../../../domain/purchase.ts';

export const UUID = '63428136-658f-48a6-beb7-7f333dfd9686';
export const KEY: PurchaseKey = { kind: 'sparklayer', value: UUID };
export const SECRET = 'the-client-secret';
export const EVERY_ORDER = { type: 'order', updatedSince: null, placedSince: null, limit: 500, offset: 0 } as const;

interface LogLine {
  readonly level: 'info' | 'warn';
  readonly fields: object;
  readonly message: string;
}

/** What our entry says in tests. */
export const ENTRY = '{"state":"Accepted"}';

/** A note with a number and our entry, and nothing of packages. */
export function aNote(change: Partial<PurchaseNote> = {}): PurchaseNote {
  return {
    internal: '104512',
    confirmation: 'leave',
    entryName: 'instep',
    progress: null,
    accepted: null,
    entry: () => ENTRY,
    ...change,
  };
}

/** A client without pacing, and what it logged. */
export function connect(
  baseUrl: string,
  change: Partial<SparkLayerSettings> = {},
  clock: () => Date = () => new Date(),
) {
  const lines: LogLine[] = [];
  const log = {
    info: (fields: object, message: string) => void lines.push({ level: 'info', fields, message }),
    warn: (fields: object, message: string) => void lines.push({ level: 'warn', fields, message }),
  };
  const settings = {
    baseUrl,
    siteId: 'test-site',
    clientId: 'the-client-id',
    clientSecret: SECRET,
    userAgent: 'Instep test',
    timeouts: { requestMs: 500 },
    concurrency: 8,
    minGapMs: 0,
    ...change,
  };
  return Object.assign(createSparkLayer(settings, { clock, log }), { lines });
}

/** A clock that tests turn. */
export function aClock(start = '2026-01-06T10:00:00Z') {
  let now = Date.parse(start);
  return Object.assign(() => new Date(now), { advance: (seconds: number) => (now += seconds * 1000) });
}

export function aCall(milliseconds = 20_000, signal = new AbortController().signal): CallOptions {
  return { signal, deadline: Date.now() + milliseconds };
}

export function gbp(number: string, currency = 'GBP') {
  return { number, currency };
}

type Json = Readonly<Record<string, unknown>>;

export function aWireLine(change: Json = {}): Json {
  return {
    identifiers: { sku: 'AC-1001-BLK-M' },
    name_parent: 'Merino Crew',
    name_child: 'Black / M',
    quantity: 10,
    custom_attributes: [],
    line_total: {
      total_net: gbp('200.00'),
      total_tax: gbp('40.00'),
      total_gross: gbp('240.00'),
      discount_net: gbp('0.00'),
    },
    tax_lines: [{ title: 'VAT', amount: gbp('40.00'), rate: 20 }],
    ...change,
  };
}

export function aWirePackage(change: Json = {}): Json {
  return {
    type: 'incoming',
    identifiers: { sparklayer_package_id: '9b1d7c1e-0c55-4a55-9a3c-1f2a6f0e7a01' },
    shipping_method: {
      name: 'Standard shipping',
      line_total: { total_net: gbp('10.00'), total_tax: gbp('2.00'), total_gross: gbp('12.00') },
    },
    shipping_address: {
      company: 'Example Stores',
      address_line1: '7 Philosophy Way',
      city: 'Willerby',
      postal_code: 'HU10 6AA',
      country_code: 'GB',
    },
    shipments: [],
    accounting_files: [],
    line_items: [aWireLine()],
    ...change,
  };
}

/** The contract's new order. */
export function aWirePurchase(change: Json = {}): Json {
  return {
    type: 'order',
    purchase_identifiers: { sparklayer: UUID, platform: null, internal: null, visible: 'B2B01123' },
    customer_identifiers: { sparklayer: '4217ba4f-7618-4e3b-b1af-9055639b18d1' },
    payment_method: 'on_account',
    dates: {
      created_at: '2026-01-05T09:00:00.000+00:00',
      updated_at: '2026-01-05T09:00:04.120+00:00',
      placed_at: '2026-01-05T09:00:00.000+00:00',
      calculated_submitted_at: '2026-01-05T09:00:00.000+00:00',
    },
    revision_date: '2026-01-05T09:00:04.120+00:00',
    customer_reference: 'PO-7781',
    currency_code: 'GBP',
    calculated_shipping_address: 'Example Stores, 7 Philosophy Way, Willerby, HU10 6AA',
    calculated_total: gbp('252.00'),
    calculated_total_usd: null,
    calculated_fulfilment_status: 'processing',
    total_paid: gbp('0.00'),
    tax_lines: [{ title: 'VAT', amount: gbp('42.00'), rate: 20 }],
    billing_address: {
      first_name: 'John',
      last_name: 'Spark',
      company: 'Example Stores',
      address_line1: '1 Head Office Road',
      city: 'Hull',
      postal_code: 'HU1 1AA',
      country_code: 'GB',
    },
    packages: [aWirePackage()],
    accounting_files: [],
    custom_fields: [{ name: 'Delivery date', value: '2026-01-20' }],
    metadata: [{ name: 'fulfilment_location', value: 'warehouse-1' }],
    ...change,
  };
}

export function aWireSummary(change: Json = {}): Json {
  const { type, purchase_identifiers, dates, customer_reference, currency_code, calculated_total } = aWirePurchase();
  return { type, purchase_identifiers, dates, customer_reference, currency_code, calculated_total, ...change };
}
