import { randomUUID } from 'node:crypto';
import type { Clock } from './clock.ts';
import { createProductStore, type ProductStore } from './product-store.ts';
import { createPurchaseStore, type PurchaseStore } from './purchase-store.ts';
import type { CustomerRecord, Open, PriceBreak, PriceListRecord, StockLevel, StockLocationRecord } from './wire.ts';

/** Everything one SparkLayer site holds. */
export interface Site {
  readonly clock: Clock;
  readonly settings: SiteSettings;
  readonly tokens: Tokens;
  readonly purchases: PurchaseStore;
  readonly customers: Map<string, CustomerRecord>;
  readonly groups: Open[];
  readonly locations: Map<string, StockLocationRecord>;
  /** SKU, then location id. */
  readonly stock: Map<string, Map<string, StockLevel>>;
  /** SKUs whose stock rows are refused, and whether the answer names the row. */
  readonly refusedStock: Map<string, 'named' | 'unnamed'>;
  readonly priceLists: Map<string, PriceListRecord>;
  /** Price list slug, then SKU. */
  readonly prices: Map<string, Map<string, PriceBreak[]>>;
  /** Lists with a price call under way. */
  readonly lockedPriceLists: Set<string>;
  /** SKUs whose prices SparkLayer does not take. */
  readonly refusedPrices: Set<string>;
  readonly catalogue: ProductStore;
  readonly violations: string[];
  readonly lost: string[];
  /** The next number for an order that buyers see. */
  readonly nextNumber: () => number;
}

export interface SiteSettings {
  readonly siteId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tokenLifeSeconds: number;
  readonly revisionLock: boolean;
  /** Rows of one stock call above which it is too large; null = any number. */
  readonly largestStockBatch: number | null;
}

/** Tokens issued earlier stay valid until they expire. */
export interface Tokens {
  readonly issue: () => string;
  readonly isValid: (token: string) => boolean;
  readonly revoke: (token: string) => void;
  readonly revokeAll: () => void;
  readonly refuse: (on: boolean) => void;
  readonly refused: boolean;
}

export function createSite(clock: Clock, settings: SiteSettings): Site {
  let number = firstNumber;
  return {
    clock,
    settings,
    tokens: createTokens(clock, settings.tokenLifeSeconds),
    purchases: createPurchaseStore(clock),
    customers: new Map(),
    groups: [],
    locations: new Map(),
    stock: new Map(),
    refusedStock: new Map(),
    priceLists: new Map(),
    prices: new Map(),
    lockedPriceLists: new Set(),
    refusedPrices: new Set(),
    catalogue: createProductStore(),
    violations: [],
    lost: [],
    nextNumber: () => (number += 1),
  };
}

/** Beyond the contract's own example, B2B01123. */
const firstNumber = 2000;

function createTokens(clock: Clock, lifeSeconds: number): Tokens {
  const expiries = new Map<string, number>();
  let refused = false;
  return {
    issue: () => {
      const token = `slt.${randomUUID()}`;
      expiries.set(token, clock.now().getTime() + lifeSeconds * 1000);
      return token;
    },
    isValid: (token) => clock.now().getTime() < (expiries.get(token) ?? 0),
    revoke: (token) => void expiries.delete(token),
    revokeAll: () => expiries.clear(),
    refuse: (on) => {
      refused = on;
    },
    get refused() {
      return refused;
    },
  };
}
