/**
 * off: the storefront's catalogue is another's business · check: mismatches are listed, nothing is written · write: the
 * ERP's catalogue is kept there; never where a platform feeds the storefront (A39, A46).
 */
export type CatalogueMode = 'off' | 'check' | 'write';

/** What people may make their own in the storefront: set when a product or variant is created, never again. */
export type EnrichedField = 'title' | 'slug' | 'options' | 'position' | 'image';

/** What of the ERP's catalogue a site sells, and how the storefront shows it. From the site file. */
export interface CatalogueRules {
  readonly mode: CatalogueMode;
  readonly publish: PublicationRule;
  /** Names of the option groups that a buyer chooses by: dimension where there is one, label where there are several. */
  readonly options: {
    readonly colour: string;
    readonly size: string;
    readonly dimension: string;
    readonly label: string;
  };
  /** ERP code → what a buyer reads; a code that is not there is shown as it is. */
  readonly colours: Readonly<Record<string, string>>;
  readonly sizes: Readonly<Record<string, string>>;
  /** Address of a variant's image with `{division}`, `{style}` and `{color}`; empty = none is sent. */
  readonly imageUrl: string;
  readonly enriched: readonly EnrichedField[];
  /** More than this share of the live variants (0 to 1) is not discontinued in one run. */
  readonly mostDiscontinued: number;
}

/** Which items are sold: all conditions that are set. Inactive styles and excluded labels never are. */
export interface PublicationRule {
  /** One of these stands in either channel field of the colour; empty = every colour. */
  readonly channels: readonly string[];
  /** The style's group (1 to 8) has one of the codes. */
  readonly groups: readonly { readonly group: number; readonly codes: readonly string[] }[];
  /** Units that can be sold at least; 0 = stock does not matter. */
  readonly minimumStock: number;
}
