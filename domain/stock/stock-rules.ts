/**
 * What a measure takes away. Goods that do not exist yet, or are not here, cannot be named at all: no site file can
 * make available what its ERP only hopes for.
 */
export type Deduction = 'picked' | 'open' | 'reserved';

/** One way to count what can be sold of a row, e.g. `onHand - picked - open - reserved`. */
export interface StockMeasure {
  /** As people write it. */
  readonly text: string;
  readonly from: 'onHand' | 'openToSell';
  readonly less: readonly Deduction[];
}

/** One warehouse of one division: what the ERP keeps stock by, and what is read in one piece (decision 34). */
export interface CountedWarehouse {
  readonly division: string;
  readonly warehouse: string;
}

/** Which warehouses feed a storefront location. A warehouse may feed several. */
export interface StockFeed {
  /** `external_id` of the storefront's stock location. */
  readonly location: string;
  readonly from: readonly CountedWarehouse[];
}

export type BufferSize =
  | { readonly in: 'units'; readonly units: number }
  /** Per cent of what is physically available; `cap` in units, null = none. Widening comes on top of the cap. */
  | { readonly in: 'percent'; readonly percent: number; readonly cap: number | null };

export interface StyleGroupBuffer {
  /** 1 to 8: which of the style's group codes. */
  readonly group: number;
  readonly code: string;
  readonly size: BufferSize;
}

/** A point of the widening curve: at this age of the ERP's figures so many per cent more are held back. */
export interface WideningPoint {
  readonly minutes: number;
  readonly percent: number;
}

/** What is held back. The most specific rule wins: SKU, style group (the first that fits), location, site. */
export interface BufferRules {
  readonly site: BufferSize;
  readonly locations: Readonly<Record<string, BufferSize>>;
  readonly styleGroups: readonly StyleGroupBuffer[];
  /** By storefront SKU. */
  readonly skus: Readonly<Record<string, BufferSize>>;
  /** Rising in both; straight between two points, level before the first and after the last. Empty = never widens. */
  readonly widening: readonly WideningPoint[];
}

export interface StockGuards {
  /** Older figures are refused; and figures that have become older may lower, not raise. */
  readonly staleMinutes: number;
  /** More than so many per cent fewer rows than the last good reading: refused. */
  readonly shrinkPercent: number;
  /** How far the ERP's local clock may run backwards in the night summer time ends. */
  readonly clocksGoBackMinutes: number;
  /**
   * Figures so far ahead of our clock, or further, are refused: a reading of what changed reaches back as far behind them,
   * so that it still holds everything.
   */
  readonly clocksDifferMinutes: number;
}

export interface PreOrderRules {
  /** Production stages whose goods may be sold ahead. */
  readonly stages: readonly number[];
  /** Goods due later than this are not offered. */
  readonly horizonDays: number;
}

/** How the ERP's stock becomes what the storefront may sell. From the site file, checked at start. */
export interface StockRules {
  /** Whether Instep writes the storefront's stock at all: nobody else may then (A46). */
  readonly writes: 'on' | 'off';
  readonly feeds: readonly StockFeed[];
  /** The lowest one counts. */
  readonly measures: readonly StockMeasure[];
  /** An oversold warehouse lowers the others of its location, or counts as empty. */
  readonly negatives: 'net' | 'clampEach';
  /** Whether a SKU that is not in a complete snapshot has none there. */
  readonly absentMeansZero: boolean;
  /** Samples and the like: never sold. */
  readonly excludedLabels: readonly string[];
  readonly buffers: BufferRules;
  readonly guards: StockGuards;
  /** null = only what is there is sold. */
  readonly preOrder: PreOrderRules | null;
  /** Rows of one call to the storefront (A33). */
  readonly rowsPerCall: number;
  /** Every part is read in full at least this often; between them by what changed. */
  readonly fullReadMinutes: number;
}
