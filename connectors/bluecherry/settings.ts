import type { ErpOrderStatus } from '../../domain/sales-order.ts';
import { ERROR_TEXTS, FIELDS, INVENTORY_READING, LENGTHS, RESOURCES, STATUS_LETTERS } from './wire/assumptions.ts';

/** What a site must say of its ERP. */
interface Required {
  /** Host, area and environment segments, without `/api`: `https://host/INSTEP/TEST`. */
  readonly baseUrl: string;
  readonly environment: 'test' | 'live';
  /** Last segment of the address in each environment; a write is refused when address and `environment` disagree. */
  readonly environmentSegments: { readonly test: string; readonly live: string };
  /** One or two subscription keys: on a refusal the other one is tried once. */
  readonly keys: readonly string[];
  /** IANA zone of the ERP's clock, e.g. `US/Eastern`. */
  readonly zone: string;
}

/** What a site may say; everything here has a default (see `resolveSettings`). */
interface Optional {
  readonly statusLetters: Readonly<Record<string, ErpOrderStatus>>;
  /** Texts of errors that carry no code → code. A text that is not here is final. */
  readonly errorTexts: Readonly<Record<string, string>>;
  readonly resources: Readonly<Record<keyof typeof RESOURCES, string>>;
  readonly fields: {
    /** Wire field of the buyer's PO. */
    readonly purchaseOrder: string;
    /** The two fields that carry our reference. */
    readonly altPo: string;
    readonly referenceField: string;
    readonly vndId: string;
    readonly vndQual: string;
  };
  /** `capConfirmed`: the installation is known to serve pages of `size`, so that a short page is the last. */
  readonly paging: { readonly size: number; readonly capConfirmed: boolean };
  /** Rows of a page of the inventory, and how often a reading begins again when its snapshot was replaced under it. */
  readonly inventory: { readonly pageSize: number; readonly restarts: number };
  readonly overlapMinutes: number;
  readonly overlapMinutesWhenClocksGoBack: number;
  /** How far back the changes are read when there is no cursor. */
  readonly firstReadHours: number;
  readonly writeMode: 'staged' | 'direct';
  /** Orders in one post. */
  readonly batchMax: number;
  /** How long the first order of an array waits for others, before it asks the governor. */
  readonly batchWaitMs: number;
  /** null = unlimited. `perMinute` null = no sustained limit. */
  readonly limits: {
    readonly concurrent: number;
    readonly burstPerSecond: number;
    readonly perMinute: number | null;
  } | null;
  readonly timeouts: { readonly requestMs: number; readonly writeMs: number };
  /** ERP-local hours in which writes wait; null = none. */
  readonly freezeWindow: { readonly from: string; readonly to: string } | null;
  /** Longest value by wire field. */
  readonly lengths: Readonly<Record<string, number>>;
  readonly upperCaseCodes: boolean;
  /** Folder of the reference data's cache; null = none is kept. */
  readonly cacheDir: string | null;
  readonly refreshEveryMs: number;
  /** Styles, customers and stores are read as a whole after this, because deletions leave no trace in a delta. */
  readonly fullPassEveryMs: number;
  /** Warehouses, terms, divisions and ship-vias are read anew after this. */
  readonly mastersEveryMs: number;
  /** After both keys were refused one call in this time tries again; all others are refused here. */
  readonly credentialProbeMs: number;
}

/** A site's ERP as its site file describes it. Structurally equal to what `config/` validates. */
export type BlueCherrySettings = Required &
  Partial<Omit<Optional, 'resources'>> & {
    /** Names of resources that differ from the contract's; others are not looked at. */
    readonly resources?: Readonly<Record<string, string>>;
  };

/** Settings with every default filled in. */
export type Settings = Required & Optional;

/** Defaults are the contract's (sections 3, 5, 13 and 14), all assumed. */
export function resolveSettings(settings: BlueCherrySettings): Settings {
  const refreshEveryMs = settings.refreshEveryMs ?? 5 * 60_000;
  return {
    statusLetters: STATUS_LETTERS,
    overlapMinutes: 10,
    overlapMinutesWhenClocksGoBack: 70,
    firstReadHours: 24,
    writeMode: 'staged',
    batchMax: 25,
    batchWaitMs: 50,
    limits: { concurrent: 2, burstPerSecond: 5, perMinute: 60 },
    timeouts: { requestMs: 30_000, writeMs: 30_000 },
    freezeWindow: { from: '23:00', to: '06:00' },
    upperCaseCodes: true,
    cacheDir: null,
    fullPassEveryMs: 24 * 3_600_000,
    mastersEveryMs: 10 * 60_000,
    credentialProbeMs: 30_000,
    paging: { size: 100, capConfirmed: false },
    inventory: INVENTORY_READING,
    ...settings,
    refreshEveryMs,
    errorTexts: { ...ERROR_TEXTS, ...settings.errorTexts },
    resources: { ...RESOURCES, ...settings.resources },
    fields: { ...FIELDS, ...settings.fields },
    lengths: { ...LENGTHS, ...settings.lengths },
  };
}
