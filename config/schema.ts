import * as z from 'zod';

import type { AmendmentAction, ChangeKind, ErpStage } from '../domain/site-rules.ts';
import { alertsSection } from './alerts-section.ts';
import { auditSection } from './audit-section.ts';
import { casesSection } from './cases-section.ts';
import { catalogueSection } from './catalogue-section.ts';
import { customersSection } from './customers-section.ts';
import { pricingSection } from './pricing-section.ts';
import { proofSection } from './proof-section.ts';
import { reportsSection } from './reports-section.ts';
import { schedulesSection } from './schedules-section.ts';
import { stockSection } from './stock-section.ts';
import { watchSection } from './watch-section.ts';

const text = z.string().trim().min(1);
/** Never a number: YAML would drop the leading zeros of a code. */
const code = z.string().trim().min(1);
const orEmpty = z.string().trim().default('');
const minutes = z.number().positive();
const whole = z.number().int().positive();
const byDivision = z.record(z.string(), code);
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'it is no time of day such as 23:00');
const secret = z.string().trim().min(1);
const address = z.url({ protocol: /^https?$/, error: 'it is no address that begins with https:// (or http://)' });

export const ERP_STATUSES = [
  'staged',
  'rejected',
  'open',
  'credit_hold',
  'hold',
  'released',
  'allocated',
  'picked',
  'partially_shipped',
  'invoiced',
  'cancelled_customer',
  'cancelled_house',
  'closed',
] as const;

const ERP_STAGES = [
  'open',
  'held',
  'released',
  'allocated',
  'picked',
  'partlyShipped',
  'invoiced',
  'cancelled',
] as const satisfies readonly ErpStage[];

const CHANGE_KINDS = [
  'quantityUp',
  'quantityDown',
  'lineAdded',
  'lineRemoved',
  'price',
  'address',
  'purchaseOrder',
  'date',
  'location',
  'payment',
  'customer',
] as const satisfies readonly ChangeKind[];

const AMENDMENT_ACTIONS = [
  'replace',
  'cancelOpen',
  'supplement',
  'reenter',
  'park',
] as const satisfies readonly AmendmentAction[];

/** The shape of a site file. What a default says is in `sites/example.yaml`. */
export const siteSchema = z.strictObject({
  goLive: z.iso.datetime({ offset: true, error: 'it is no instant with offset, such as 2026-01-01T00:00:00+00:00' }),
  divisions: z.array(code).min(1),

  storefront: z.strictObject({
    baseUrl: address,
    siteId: text,
    clientId: secret,
    clientSecret: secret,
    userAgent: text.default('Instep'),
    requestTimeoutSeconds: z.number().positive().max(120).default(20),
    concurrency: whole.default(4),
    minGapMs: z.number().int().nonnegative().default(0),
  }),

  erp: z.strictObject({
    baseUrl: address,
    environment: z.enum(['test', 'live']),
    environmentSegments: z.strictObject({ test: text.default('TEST'), live: text.default('LIVE') }).prefault({}),
    keys: z.array(secret).min(1).max(2),
    zone: text.default('US/Eastern'),
    statusLetters: z.record(text, z.enum(ERP_STATUSES)).default({
      S: 'staged',
      E: 'rejected',
      O: 'open',
      C: 'credit_hold',
      H: 'hold',
      R: 'released',
      A: 'allocated',
      P: 'picked',
      T: 'partially_shipped',
      I: 'invoiced',
      X: 'cancelled_customer',
      Y: 'cancelled_house',
      Z: 'closed',
    }),
    errorTexts: z.record(z.string(), z.string()).default({}),
    resources: z.record(z.string(), z.string()).default({}),
    vendorId: text.max(15).default('SPARKLAYER'),
    vendorQualifier: text.default('ZZ'),
    altPoField: text.default('altpo'),
    pageSize: whole.max(200).default(100),
    pageCapConfirmed: z.boolean().default(false),
    overlapMinutes: minutes.default(10),
    overlapMinutesWhenClocksGoBack: minutes.default(70),
    writeMode: z.enum(['staged', 'direct']).default('staged'),
    ordersPerPost: whole.max(25).default(25),
    waitForOthersMs: z.number().int().nonnegative().default(50),
    limits: z
      .union([
        z.strictObject({
          concurrent: whole.default(2),
          burstPerSecond: whole.default(5),
          perMinute: whole.nullable().default(60),
        }),
        z.literal('none'),
      ])
      .prefault({}),
    requestTimeoutSeconds: z.number().positive().max(120).default(25),
    writeTimeoutSeconds: z.number().positive().max(120).default(30),
    freezeWindow: z
      .union([z.strictObject({ from: clock, to: clock }), z.literal('none')])
      .default({ from: '23:00', to: '06:00' }),
    fieldLengths: z.record(z.string(), whole).default({}),
    upperCaseCodes: z.boolean().default(true),
    refreshCatalogueSeconds: whole.default(300),
    importCycleSeconds: z.number().positive().default(300),
    importOverdueSeconds: z.number().positive().default(1800),
    lateArrivalSeconds: z.number().positive().default(600),
    firstLookSeconds: z.number().positive().default(90),
    longestLookGapSeconds: z.number().positive().default(300),
    controlNumberFence: z.enum(['trusted', 'notTrusted']).default('notTrusted'),
    workers: whole.default(1),
    cancelReasonCode: code.default('BUYR'),
    credentialProbeSeconds: z.number().positive().default(30),
    pollSeconds: whole.default(30),
  }),

  intake: z
    .strictObject({
      types: z.array(text).min(1).default(['order']),
      pollSeconds: whole.max(30, 'it is too long: an order is to start within a minute of being visible').default(20),
      overlapMinutes: minutes.default(10),
      pageSize: whole.max(500).default(500),
      sweepMinutes: minutes.default(60),
      locationMetadata: text.default('fulfilment_location'),
      deliveryDateField: text.default('Delivery date'),
    })
    .prefault({}),

  locations: z.strictObject({
    table: z.array(z.strictObject({ location: code, warehouses: byDivision })).default([]),
    byShipTo: z
      .array(
        z.strictObject({
          country: z.string().regex(/^[A-Za-z]{2}$/, 'it is no country code of two letters such as US'),
          regions: z.array(code).default([]),
          warehouses: byDivision,
        }),
      )
      .default([]),
    defaultWarehouse: byDivision,
    defaultHoldCode: code,
  }),

  payment: z.strictObject({
    methods: z
      .array(
        z.strictObject({
          method: text,
          orderType: code.default('B2B'),
          terms: orEmpty,
          holdCode: orEmpty,
          sendWhen: z.enum(['always', 'paidInFull']).default('always'),
        }),
      )
      .min(1),
    unknownMethod: z.union([z.literal('park'), z.strictObject({ treatAs: text })]).default('park'),
    referenceField: z.string().trim().default('udford2c'),
    referenceMetadata: orEmpty,
  }),

  purchaseOrder: z
    .strictObject({
      field: text.default('po_num'),
      maxLength: whole.default(22),
      tooLong: z.enum(['park', 'useReference']).default('park'),
    })
    .prefault({}),

  references: z.strictObject({ field: text.default('udford1c'), visibleNumberField: orEmpty }).prefault({}),

  sku: z
    .strictObject({
      identity: z.enum(['upc', 'pattern', 'upcThenPattern']).default('upcThenPattern'),
      pattern: text.default('{style}-{color}-{size}'),
      excludedLabels: z.array(code).default(['SAMPLE']),
    })
    .prefault({}),

  shipping: z
    .strictObject({
      methods: z.record(z.string(), code).default({}),
      otherwise: orEmpty,
      terms: orEmpty,
      shipTo: z.enum(['knownStoreRequired', 'knownStoreElseOneOff', 'alwaysOneOff']).default('knownStoreRequired'),
      cancelAfterDays: whole.default(30),
    })
    .prefault({}),

  money: z.strictObject({ discountCode: orEmpty, roundingCode: orEmpty }).prefault({}),

  ownHoldCodes: z.array(code).default([]),

  amendments: z
    .strictObject({
      settleSeconds: z.number().nonnegative().default(20),
      withdrawn: z.enum(['cancel', 'park']).default('cancel'),
      mixedDivisions: z.enum(['split', 'park']).default('split'),
      table: z
        .partialRecord(z.enum(ERP_STAGES), z.partialRecord(z.enum(CHANGE_KINDS), z.enum(AMENDMENT_ACTIONS)))
        .default({}),
    })
    .prefault({}),

  erpEdits: z
    .strictObject({
      toleratedAmount: z
        .string()
        .regex(/^\d+(\.\d{1,2})?$/, 'it is no amount such as "0.05"')
        .default('0.00'),
      toleratedFields: z
        .array(
          z.enum([
            'line',
            'item',
            'quantity',
            'price',
            'tax',
            'freight',
            'discount',
            'division',
            'warehouse',
            'customer',
            'terms',
            'purchaseOrder',
            'shipTo',
            'currency',
            'startDate',
            'endDate',
          ]),
        )
        .default([]),
      toleratedCauses: z
        .array(z.enum(['clerk', 'repriced', 'taxRecomputed', 'houseCancel', 'customerCancel', 'backOrderSplit']))
        .default(['backOrderSplit']),
    })
    .prefault({}),

  progress: z
    .strictObject({
      mergeSeconds: z.number().nonnegative().default(20),
      invoiceUrl: orEmpty,
      trackingUrls: z.record(z.string(), text).default({}),
      carriers: z.record(z.string(), text).default({}),
      payments: z.enum(['off', 'information', 'balance']).default('off'),
      credits: z.enum(['off', 'information', 'balance']).default('off'),
      toleratedCents: z.number().int().nonnegative().default(2),
      creditPeriodDays: z.number().nonnegative().default(90),
    })
    .prefault({}),

  buyerWords: z
    .strictObject({
      entry: text.default('instep'),
      accepted: text.default('Your order has been accepted.'),
      onHold: text.default('Your order has been received and is on hold for review.'),
      picked: text.default('Your order is being packed.'),
      partlyShipped: text.default('Part of your order has been shipped.'),
      shipped: text.default('Your order has been shipped.'),
      cancelled: text.default('Your order has been cancelled.'),
      closed: text.default('Your order is being handled by our team.'),
    })
    .prefault({}),

  customers: customersSection,

  stock: stockSection,

  products: catalogueSection,

  pricing: pricingSection,

  schedules: schedulesSection,

  cases: casesSection,

  alerts: alertsSection,

  proof: proofSection,

  watch: watchSection,

  audit: auditSection,

  reports: reportsSection,

  owners: z
    .strictObject({
      ecommerce: person('E-commerce'),
      finance: person('Finance'),
      warehouse: person('Warehouse'),
      integration: person('Integration'),
    })
    .prefault({}),
});

export type SiteFile = z.output<typeof siteSchema>;

function person(name: string) {
  return z
    .strictObject({ name: text.default(name), email: z.email('it is no e-mail address').nullable().default(null) })
    .prefault({});
}
