import type { AlertRules } from '../alerts/alert-rules.ts';
import type { CaseRules } from '../cases/case-rules.ts';
import type { CatalogueRules } from '../catalogue/catalogue-rules.ts';
import type { CustomerRules } from '../customers/customer-rules.ts';
import type { PriceRules } from '../pricing/price-rules.ts';
import type { OrderRules, Owner } from '../site-rules.ts';
import type { StockRules } from '../stock/stock-rules.ts';
import type { Timing } from './timing-words.ts';

/** What the manual needs of a site; nothing in it is a secret that the manual would show. */
export interface HandoverSite {
  readonly name: string;
  readonly version: string;
  readonly goLive: string;
  readonly divisions: readonly string[];
  readonly storefront: { readonly baseUrl: string; readonly siteId: string };
  readonly erp: {
    readonly baseUrl: string;
    readonly environment: 'test' | 'live';
    readonly zone: string;
    readonly freezeWindow: { readonly from: string; readonly to: string } | null;
    readonly importCycleMs: number;
    readonly limits: { readonly perMinute: number | null } | null;
  };
  readonly rules: OrderRules;
  readonly customers: CustomerRules;
  readonly stock: StockRules;
  readonly catalogue: Pick<CatalogueRules, 'mode' | 'enriched'>;
  readonly pricing: PriceRules;
  readonly cases: CaseRules;
  readonly alerts: AlertRules;
  readonly owners: Readonly<Record<Owner, { readonly name: string; readonly email: string | null }>>;
}

/** A schedule as it is declared. */
export interface HandoverSchedule {
  readonly name: string;
  readonly note: string;
  readonly timing: Timing;
  readonly isOn: boolean;
}
