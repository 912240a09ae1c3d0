import type { OrderRules, Owner, Pacing } from '../domain/site-rules.ts';
import type { ErpOrderStatus } from '../domain/sales-order.ts';
import type { BuyerStage } from '../domain/show-progress.ts';
import type { AlertRules } from '../domain/alerts/alert-rules.ts';
import type { CaseRules } from '../domain/cases/case-rules.ts';
import type { StockRules } from '../domain/stock/stock-rules.ts';
import type { AuditSettings } from './audit-section.ts';
import type { CatalogueSettings } from './catalogue-section.ts';
import type { CustomerSettings } from './customers-section.ts';
import type { PriceRules } from '../domain/pricing/price-rules.ts';
import type { ProofSettings } from './proof-section.ts';
import type { ReportSettings } from './reports-section.ts';
import type { FeedSchedules } from './schedules-section.ts';
import type { WatchSettings } from './watch-section.ts';

/** One storefront and one ERP kept in step: everything the site file says, checked and with its secrets read. */
export interface Site {
  /** The file's name without its ending. */
  readonly name: string;
  /** Hash of the file's text, so that a result tells which rules made it. */
  readonly version: string;
  /** ISO instant; purchases placed before it are left alone. */
  readonly goLive: string;
  readonly divisions: readonly string[];
  readonly storefront: StorefrontConnection;
  readonly erp: ErpConnection;
  readonly intake: {
    readonly types: readonly string[];
    readonly intervalSeconds: number;
    readonly overlapMinutes: number;
    readonly pageSize: number;
  };
  readonly erpPoll: { readonly intervalSeconds: number };
  readonly sweep: { readonly intervalMinutes: number };
  readonly customers: CustomerSettings;
  readonly stock: StockRules;
  readonly catalogue: CatalogueSettings;
  readonly pricing: PriceRules;
  readonly schedules: FeedSchedules;
  readonly cases: CaseRules;
  readonly alerts: AlertRules;
  readonly proof: ProofSettings;
  readonly watch: WatchSettings;
  readonly audit: AuditSettings;
  readonly reports: ReportSettings;
  readonly rules: OrderRules;
  readonly pacing: Pacing;
  /** Hold codes that Instep set and may lift. */
  readonly ownHoldCodes: readonly string[];
  readonly ownEntry: { readonly name: string; readonly words: Readonly<Record<BuyerStage, string>> };
  readonly owners: Readonly<Record<Owner, { readonly name: string; readonly email: string | null }>>;
}

export interface StorefrontConnection {
  readonly baseUrl: string;
  readonly siteId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly userAgent: string;
  readonly timeouts: { readonly requestMs: number };
  readonly concurrency: number;
  readonly minGapMs: number;
  readonly priceRowsPerCall: number;
  readonly priceRounds: number;
}

export interface ErpConnection {
  readonly baseUrl: string;
  readonly environment: 'test' | 'live';
  readonly environmentSegments: { readonly test: string; readonly live: string };
  readonly keys: readonly string[];
  readonly zone: string;
  readonly statusLetters: Readonly<Record<string, ErpOrderStatus>>;
  readonly errorTexts: Readonly<Record<string, string>>;
  readonly resources: Readonly<Record<string, string>>;
  readonly fields: {
    readonly vndId: string;
    readonly vndQual: string;
    readonly purchaseOrder: string;
    readonly altPo: string;
    readonly referenceField: string;
  };
  readonly paging: { readonly size: number; readonly capConfirmed: boolean };
  readonly overlapMinutes: number;
  readonly overlapMinutesWhenClocksGoBack: number;
  readonly writeMode: 'staged' | 'direct';
  readonly batchMax: number;
  readonly batchWaitMs: number;
  readonly limits: {
    readonly concurrent: number;
    readonly burstPerSecond: number;
    readonly perMinute: number | null;
  } | null;
  readonly timeouts: { readonly requestMs: number; readonly writeMs: number };
  readonly freezeWindow: { readonly from: string; readonly to: string } | null;
  readonly lengths: Readonly<Record<string, number>>;
  readonly upperCaseCodes: boolean;
  readonly refreshEveryMs: number;
  readonly importCycleMs: number;
  readonly importOverdueMs: number;
  /** How long after its caller gave up a post may still arrive. */
  readonly lateArrivalMs: number;
  readonly controlNumberFence: 'trusted' | 'notTrusted';
  readonly workers: number;
  readonly cancelReasonCode: string;
  /** After all keys were refused one call in this time tries again. */
  readonly credentialProbeMs: number;
}
