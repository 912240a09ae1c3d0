import { FIELD_LENGTHS } from './field-lengths.ts';
import { toAlertRules } from './alerts-section.ts';
import { toCaseRules } from './cases-section.ts';
import { toCatalogueSettings } from './catalogue-section.ts';
import { toCustomerSettings } from './customers-section.ts';
import { toPriceRules } from './pricing-section.ts';
import { toSchedules } from './schedules-section.ts';
import { toStockRules } from './stock-section.ts';
import type { SiteFile } from './schema.ts';
import type { Secrets } from './secrets.ts';
import type { Site } from './site.ts';

/** A checked file as the program uses it: milliseconds, defaults filled in, secrets in their places. */
export function toSite(
  file: SiteFile,
  { name, version, secrets }: { name: string; version: string; secrets: Secrets },
): Site {
  const { storefront, erp, intake, locations, payment, purchaseOrder, references, sku, shipping, money, buyerWords } =
    file;
  const { amendments, erpEdits, progress } = file;
  const seconds = (value: number) => Math.round(value * 1000);
  const lengths = { ...FIELD_LENGTHS, [purchaseOrder.field]: purchaseOrder.maxLength, ...erp.fieldLengths };
  const { entry, ...words } = buyerWords;
  const cases = toCaseRules(file.cases, erp.zone);
  return {
    name,
    version,
    goLive: new Date(file.goLive).toISOString(),
    customers: toCustomerSettings(file.customers, { divisions: file.divisions, upperCaseCodes: erp.upperCaseCodes }),
    stock: toStockRules(file.stock, {
      locations: locations.table,
      excludedLabels: sku.excludedLabels,
      clocksGoBackMinutes: erp.overlapMinutesWhenClocksGoBack,
      clocksDifferMinutes: erp.overlapMinutes,
      upperCaseCodes: erp.upperCaseCodes,
    }),
    catalogue: toCatalogueSettings(file.products, { upperCaseCodes: erp.upperCaseCodes }),
    pricing: toPriceRules(file.pricing, { goLive: file.goLive, upperCaseCodes: erp.upperCaseCodes }),
    schedules: toSchedules(file.schedules, file.erp.zone),
    cases,
    alerts: toAlertRules(file.alerts, secrets.channels, cases.calendars),
    proof: file.proof,
    watch: file.watch,
    audit: file.audit,
    reports: file.reports,
    divisions: file.divisions,
    storefront: {
      baseUrl: storefront.baseUrl.replace(/\/+$/, ''),
      siteId: storefront.siteId,
      clientId: secrets.clientId,
      clientSecret: secrets.clientSecret,
      userAgent: storefront.userAgent,
      timeouts: { requestMs: seconds(storefront.requestTimeoutSeconds) },
      concurrency: storefront.concurrency,
      minGapMs: storefront.minGapMs,
      priceRowsPerCall: file.pricing.rowsPerCall,
      priceRounds: file.pricing.busyRounds,
    },
    erp: {
      baseUrl: erp.baseUrl.replace(/\/+$/, ''),
      environment: erp.environment,
      environmentSegments: erp.environmentSegments,
      keys: secrets.keys,
      zone: erp.zone,
      // The connector compares the ERP's letter in upper case.
      statusLetters: Object.fromEntries(
        Object.entries(erp.statusLetters).map(([letter, status]) => [letter.toUpperCase(), status]),
      ),
      errorTexts: erp.errorTexts,
      resources: erp.resources,
      fields: {
        vndId: erp.vendorId,
        vndQual: erp.vendorQualifier,
        purchaseOrder: purchaseOrder.field,
        altPo: erp.altPoField,
        referenceField: references.field,
      },
      paging: { size: erp.pageSize, capConfirmed: erp.pageCapConfirmed },
      overlapMinutes: erp.overlapMinutes,
      overlapMinutesWhenClocksGoBack: erp.overlapMinutesWhenClocksGoBack,
      writeMode: erp.writeMode,
      batchMax: erp.ordersPerPost,
      batchWaitMs: erp.waitForOthersMs,
      limits: erp.limits === 'none' ? null : erp.limits,
      timeouts: { requestMs: seconds(erp.requestTimeoutSeconds), writeMs: seconds(erp.writeTimeoutSeconds) },
      freezeWindow: erp.freezeWindow === 'none' ? null : erp.freezeWindow,
      lengths,
      upperCaseCodes: erp.upperCaseCodes,
      refreshEveryMs: seconds(erp.refreshCatalogueSeconds),
      importCycleMs: seconds(erp.importCycleSeconds),
      importOverdueMs: seconds(erp.importOverdueSeconds),
      lateArrivalMs: seconds(erp.lateArrivalSeconds),
      controlNumberFence: erp.controlNumberFence,
      workers: erp.workers,
      cancelReasonCode: erp.cancelReasonCode,
      credentialProbeMs: seconds(erp.credentialProbeSeconds),
    },
    intake: {
      types: intake.types,
      intervalSeconds: intake.pollSeconds,
      overlapMinutes: intake.overlapMinutes,
      pageSize: intake.pageSize,
    },
    erpPoll: { intervalSeconds: erp.pollSeconds },
    sweep: { intervalMinutes: intake.sweepMinutes },
    rules: {
      site: name,
      siteVersion: version,
      zone: erp.zone,
      intakeTypes: intake.types,
      locationMetadata: intake.locationMetadata,
      deliveryDateField: intake.deliveryDateField,
      locations: {
        ...locations,
        byShipTo: locations.byShipTo.map((rule) => ({ ...rule, country: rule.country.toUpperCase() })),
      },
      payment: {
        methods: payment.methods,
        unknownMethod:
          payment.unknownMethod === 'park'
            ? { action: 'park' }
            : { action: 'treatAs', method: payment.unknownMethod.treatAs },
        referenceField: payment.referenceField,
        referenceMetadata: payment.referenceMetadata,
      },
      purchaseOrder,
      referenceField: references.field,
      visibleNumberField: references.visibleNumberField,
      sku: sku.identity === 'upc' ? { by: 'upc' } : { by: sku.identity, pattern: sku.pattern },
      excludedLabels: sku.excludedLabels,
      shipVia: { methods: shipping.methods, otherwise: shipping.otherwise, shipTerms: shipping.terms },
      money,
      shipTo: { rule: shipping.shipTo },
      cancelAfterDays: shipping.cancelAfterDays,
      lengths,
      upperCase: erp.upperCaseCodes,
      divisions: file.divisions,
      amendments: {
        table: amendments.table,
        withdrawn: amendments.withdrawn,
        mixedDivisions: amendments.mixedDivisions,
      },
      erpEdits,
      progress: {
        invoiceUrl: progress.invoiceUrl,
        trackingUrls: progress.trackingUrls,
        carriers: progress.carriers,
        payments: progress.payments,
        credits: progress.credits,
        toleratedCents: progress.toleratedCents,
      },
    },
    pacing: {
      firstLook: seconds(erp.firstLookSeconds),
      longestGap: seconds(erp.longestLookGapSeconds),
      importOverdue: seconds(erp.importOverdueSeconds),
      importCycle: seconds(erp.importCycleSeconds),
      settle: seconds(amendments.settleSeconds),
      merge: seconds(progress.mergeSeconds),
      creditPeriod: seconds(progress.creditPeriodDays * 86_400),
    },
    ownHoldCodes: [
      ...new Set([
        locations.defaultHoldCode,
        ...payment.methods.map(({ holdCode }) => holdCode).filter(Boolean),
        ...file.ownHoldCodes,
      ]),
    ],
    ownEntry: { name: entry, words },
    owners: file.owners,
  };
}
