import type { Amount } from './money.ts';
import type { Problem, Repair } from './problems.ts';
import type { ErpMessage, ErpOrderStatus, ImportResult, PreparedSalesOrder } from './sales-order.ts';
import type { Pacing } from './site-rules.ts';

/** Stages a person sees and searches for. */
export type Stage =
  | 'received'
  | 'prepared'
  | 'submitted'
  | 'accepted'
  | 'released'
  | 'picked'
  | 'shipped'
  | 'invoiced'
  | 'closed'
  | 'parked'
  | 'cancelled';

/** An ISO instant, from the workflow's own clock. */
export type Instant = string;

/** Who did something, and why. The actor is an operating system's or Temporal's identity (decision 41). */
export interface Act {
  readonly actor: string;
  readonly reason: string;
}

/** Why a post may leave although BlueCherry has no idempotency key (decision 6). */
export type PostPermission =
  /** Nothing was ever sent for this order. Holds for the first attempt of the first run only. */
  | { readonly kind: 'first' }
  /** Every earlier post is certainly over and created nothing. Holds for the first attempt only. */
  | { readonly kind: 'allSettled' }
  /** Proof, or a person's word, that the post of unknown outcome is not under way. Holds for the first attempt only. */
  | { readonly kind: 'cleared'; readonly by: 'laterJobFinished' | 'neverLeft' | 'trustedFence' | 'person' };

/** What a look at the ERP, or a post, told. */
export type SubmissionOutcome =
  | {
      readonly kind: 'accepted';
      readonly orderNumber: string;
      readonly how: 'imported' | 'adopted';
      readonly warnings: readonly ErpMessage[];
    }
  | { readonly kind: 'staged'; readonly transaction: string; readonly row: number }
  | { readonly kind: 'refused'; readonly faults: readonly ErpMessage[]; readonly cause: RefusalCause }
  | { readonly kind: 'duplicates'; readonly orderNumbers: readonly string[] }
  /** Certainly nothing left. */
  | { readonly kind: 'notPosted'; readonly why: string; readonly retryAfterMs: number }
  | { readonly kind: 'unknown'; readonly why: string }
  | { readonly kind: 'purchaseChanged'; readonly updatedAt: Instant }
  | { readonly kind: 'withdrawn' };

/** content: mend it · passing: try again later · numberTaken: the control number is somebody else's. */
export type RefusalCause = 'content' | 'passing' | 'numberTaken';

export type LookOutcome =
  | Extract<SubmissionOutcome, { kind: 'accepted' | 'staged' | 'refused' | 'duplicates' }>
  | {
      readonly kind: 'nothing';
      /** Highest staged transaction seen once no straggler can arrive any more; what is higher was staged later. */
      readonly watermark: string | null;
      readonly cleared: 'laterJobFinished' | 'trustedFence' | null;
    };

/** A sales order at a glance, as the poller tells it. */
export interface ErpGlance {
  readonly orderNumber: string;
  readonly status: ErpOrderStatus;
  readonly statusLetter: string;
  readonly holdCode: string;
  readonly changedAt: Instant;
}

/** Header fields that a repair changes in an order that is already in the ERP (decision 23). */
export type HeaderChange = 'remap' | 'release';

/** Where an order is in its life, and what that place needs to remember. */
export type Step =
  | { readonly at: 'toPrepare' }
  | { readonly at: 'toSubmit'; readonly order: PreparedSalesOrder; readonly permission: PostPermission }
  | {
      readonly at: 'pausing';
      readonly until: Instant;
      readonly order: PreparedSalesOrder;
      readonly permission: PostPermission;
      readonly why: string;
    }
  | {
      readonly at: 'awaiting';
      readonly order: PreparedSalesOrder;
      readonly transaction: string;
      readonly row: number;
      readonly since: Instant;
      readonly look: Look;
    }
  | {
      readonly at: 'unknown';
      readonly order: PreparedSalesOrder;
      readonly since: Instant;
      readonly watermark: string | null;
      readonly look: Look;
    }
  | { readonly at: 'toConfirm'; readonly orderNumber: string }
  | {
      readonly at: 'toAdopt';
      readonly order: PreparedSalesOrder;
      readonly orderNumber: string;
      readonly since: Instant;
      readonly watermark: string | null;
    }
  | { readonly at: 'settled'; readonly orderNumber: string }
  | { readonly at: 'toCompare'; readonly orderNumber: string }
  | { readonly at: 'toTellBuyer'; readonly orderNumber: string }
  | { readonly at: 'toReplace'; readonly orderNumber: string; readonly change: HeaderChange; readonly act: Act }
  | {
      readonly at: 'replacing';
      readonly orderNumber: string;
      readonly change: HeaderChange;
      readonly target: PreparedSalesOrder;
      readonly act: Act;
      readonly since: Instant;
      readonly look: Look;
    }
  | { readonly at: 'toCancel'; readonly orderNumber: string; readonly act: Act }
  | {
      readonly at: 'cancelling';
      readonly orderNumber: string;
      readonly act: Act;
      readonly transaction: string | null;
      readonly since: Instant;
      readonly look: Look;
    }
  | { readonly at: 'parked'; readonly orderNumber: string | null }
  | { readonly at: 'toClose'; readonly outcome: 'cancelled' | 'closed'; readonly act: Act }
  | { readonly at: 'finished'; readonly outcome: FinalOutcome };

/** When to look next of our own accord; the gap doubles with every look that found nothing. */
export type Look =
  | { readonly kind: 'at'; readonly time: Instant; readonly gap: number }
  | { readonly kind: 'now'; readonly gap: number };

export type FinalOutcome = 'cancelled' | 'closed' | 'excluded' | 'withdrawn';

/** What people are shown of an order. Grows as it becomes known. */
export interface OrderFacts {
  readonly visibleNumber: string;
  readonly buyer: string;
  readonly customer: string;
  readonly purchaseOrder: string;
  readonly currency: string;
  readonly total: Amount | null;
  readonly division: string;
  readonly warehouse: string;
  readonly holdCode: string;
  readonly orderNumber: string;
  readonly erpStatus: ErpOrderStatus | null;
  readonly erpStatusLetter: string;
  readonly siteVersion: string;
}

export interface TimelineEntry {
  readonly at: Instant;
  readonly what: string;
}

export interface OrderState {
  readonly site: string;
  readonly key: string;
  readonly reference: string;
  readonly stage: Stage;
  readonly step: Step;
  readonly problems: readonly Problem[];
  readonly facts: OrderFacts;
  readonly pacing: Pacing;
  readonly timeline: readonly TimelineEntry[];
  /** `updated_at` of the purchase that was last decided upon; null before the first. */
  readonly decidedUpdatedAt: Instant | null;
  /** A newer `updated_at` that was told and not yet looked at. */
  readonly toldUpdatedAt: Instant | null;
  readonly purchaseGone: boolean;
  /** Since when its post cannot leave; null = it can. */
  readonly heldSince: Instant | null;
  readonly fingerprint: string | null;
  readonly customerOverride: string | null;
  /** Which document of the purchase this is; recorded before its first post (decision 3). */
  readonly document: number;
  readonly revision: number;
  readonly attempt: number;
  /** What was sent in this order's name, as far as this run knows; doubtful = a look is needed before anything more. */
  readonly posts: 'none' | 'some' | 'doubtful';
  /** What the ERP accepted, as it was sent: the baseline both sides are compared with. */
  readonly sent: PreparedSalesOrder | null;
  /** A person's wish to cancel, kept until the outcome is known (decision 10). */
  readonly cancelWish: Act | null;
}

/** What a prepare step found. */
export type PrepareOutcome =
  | {
      readonly kind: 'prepared';
      readonly order: PreparedSalesOrder;
      readonly reviews: readonly Problem[];
      readonly purchase: PurchaseGlance;
      readonly pacing: Pacing;
      /** One above every revision the import log shows, for a re-opened run. */
      readonly siteVersion: string;
    }
  | {
      readonly kind: 'impossible';
      readonly problems: readonly Problem[];
      readonly purchase: PurchaseGlance;
      readonly pacing: Pacing;
      readonly siteVersion: string;
    }
  | {
      readonly kind: 'alreadyInErp';
      readonly orderNumber: string;
      readonly sameContent: boolean;
      readonly purchase: PurchaseGlance;
      readonly pacing: Pacing;
      readonly siteVersion: string;
    }
  | { readonly kind: 'excluded'; readonly why: string }
  | { readonly kind: 'withdrawn'; readonly why: string };

export interface PurchaseGlance {
  readonly updatedAt: Instant;
  readonly fingerprint: string;
  readonly visibleNumber: string;
  readonly buyer: string;
  readonly customer: string;
  readonly customerReference: string;
  readonly currency: string;
  readonly total: Amount | null;
}

/** What confirming found: the ERP's order as read back, and the purchase as it stands after the write-back. */
export type ConfirmOutcome =
  | {
      readonly kind: 'confirmed';
      readonly glance: ErpGlance;
      readonly findings: readonly Problem[];
      readonly purchase:
        | { readonly kind: 'written'; readonly updatedAt: Instant; readonly fingerprint: string }
        | { readonly kind: 'gone' }
        | { readonly kind: 'conflict'; readonly why: string };
    }
  | { readonly kind: 'notThere' };

export type OrderEvent =
  | { readonly is: 'purchaseChanged'; readonly updatedAt: Instant }
  | { readonly is: 'purchaseGone' }
  | { readonly is: 'erpChanged'; readonly imports: readonly ImportResult[]; readonly orders: readonly ErpGlance[] }
  | { readonly is: 'repaired'; readonly repair: RepairRequest }
  | { readonly is: 'prepared'; readonly outcome: PrepareOutcome }
  | { readonly is: 'submitted'; readonly outcome: SubmissionOutcome; readonly controlNumber: string }
  | { readonly is: 'looked'; readonly outcome: LookOutcome }
  | { readonly is: 'confirmed'; readonly outcome: ConfirmOutcome }
  | {
      readonly is: 'adoptionChecked';
      readonly outcome: { readonly kind: 'ours' } | { readonly kind: 'notOurs'; readonly why: string };
    }
  | {
      readonly is: 'compared';
      readonly outcome:
        | { readonly kind: 'same' | 'amended'; readonly updatedAt: Instant }
        | { readonly kind: 'withdrawn' };
    }
  | {
      readonly is: 'buyerTold';
      readonly outcome:
        | { readonly kind: 'told'; readonly updatedAt: Instant | null }
        | { readonly kind: 'conflict'; readonly why: string };
    }
  | { readonly is: 'replaced'; readonly outcome: ReplaceOutcome }
  | { readonly is: 'cancelled'; readonly outcome: CancelOutcome }
  | { readonly is: 'closingRecorded' }
  | { readonly is: 'timePassed' }
  | { readonly is: 'stepOverdue'; readonly why: string }
  | { readonly is: 'stepRefused'; readonly why: string };

export type ReplaceOutcome =
  | { readonly kind: 'underWay'; readonly target: PreparedSalesOrder }
  | { readonly kind: 'done'; readonly glance: ErpGlance; readonly warehouse: string }
  | { readonly kind: 'pending' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'repeat' }
  | { readonly kind: 'impossible'; readonly problem: Problem };

export type CancelOutcome =
  | { readonly kind: 'underWay'; readonly transaction: string | null }
  | { readonly kind: 'done'; readonly glance: ErpGlance }
  | { readonly kind: 'pending' }
  | { readonly kind: 'refused'; readonly why: string };

/** What people may ask of an order. */
export type RepairRequest =
  | ({ readonly kind: Exclude<Repair, 'replaceCustomer' | 'adopt'> } & Act)
  | ({ readonly kind: 'replaceCustomer'; readonly customer: string } & Act)
  | ({ readonly kind: 'adopt'; readonly orderNumber: string } & Act);

/** The one next thing to do. */
export type Action =
  | { readonly do: 'prepare'; readonly customerOverride: string | null }
  | {
      readonly do: 'submit';
      readonly order: PreparedSalesOrder;
      readonly permission: PostPermission;
      readonly fingerprint: string;
      readonly revision: number;
      readonly attempt: number;
    }
  | {
      readonly do: 'look';
      readonly order: PreparedSalesOrder;
      readonly revision: number;
      readonly attempt: number;
      readonly transaction: string | null;
      readonly since: Instant;
      readonly watermark: string | null;
    }
  | { readonly do: 'confirm'; readonly sent: PreparedSalesOrder | null; readonly orderNumber: string }
  | { readonly do: 'checkAdoption'; readonly order: PreparedSalesOrder; readonly orderNumber: string }
  | { readonly do: 'compare'; readonly fingerprint: string }
  | { readonly do: 'tellBuyer'; readonly orderNumber: string; readonly status: ErpOrderStatus }
  | {
      readonly do: 'replace';
      readonly orderNumber: string;
      readonly change: HeaderChange;
      readonly revision: number;
      readonly attempt: number;
    }
  | {
      readonly do: 'followReplace';
      readonly orderNumber: string;
      readonly target: PreparedSalesOrder;
      readonly revision: number;
      readonly attempt: number;
      readonly since: Instant;
    }
  | { readonly do: 'cancel'; readonly orderNumber: string }
  | { readonly do: 'followCancel'; readonly orderNumber: string; readonly transaction: string | null }
  | { readonly do: 'recordClosing'; readonly outcome: 'cancelled' | 'closed'; readonly act: Act }
  | { readonly do: 'wait'; readonly until: Instant | null; readonly why: string }
  | { readonly do: 'finish'; readonly outcome: FinalOutcome };
