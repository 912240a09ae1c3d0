import type { Difference } from './compare-sales-order.ts';
import type { Units } from './erp-stage.ts';
import type { Amount } from './money.ts';
import type { AmendmentPlan, Assumed } from './plan-amendment.ts';
import type { Problem, ProblemCode, Repair } from './problems.ts';
import type { Change } from './purchase-changes.ts';
import type { ErpMessage, ErpOrderStatus, ImportResult, PreparedSalesOrder } from './sales-order.ts';
import type { Settlement } from './settle-money.ts';
import type { ErpStage, Owner, Pacing } from './site-rules.ts';

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
  /** The problem because of which many orders are asked: one that has it no longer is left alone. */
  readonly because?: ProblemCode;
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
  /** Nothing was sent: the ERP refused a post of an earlier run under this number. What else that sent is unknown. */
  | { readonly kind: 'refusedEarlier'; readonly why: string; readonly nextAttempt: number }
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
      /**
       * Why nothing can be under way any more. Of what was taken in: the import job finished something that was taken in
       * later, and shows nothing of this.
       */
      readonly cleared: 'laterJobFinished' | 'trustedFence' | null;
    };

/** A sales order at a glance, as the poller tells it. */
export interface ErpGlance {
  /** Which document of the purchase it is, by its reference. */
  readonly document: number;
  readonly orderNumber: string;
  readonly status: ErpOrderStatus;
  readonly statusLetter: string;
  readonly holdCode: string;
  readonly changedAt: Instant;
  /** Hash of the header as it was read: the same news told twice is none. */
  readonly version: string;
}

/** Header fields that a repair changes in an order that is already in the ERP (decision 23). */
export type HeaderChange = 'remap' | 'release';

/** What a replace is for. The target of a header change is made when it is sent; an amendment's was planned before. */
export type Replacement =
  | { readonly kind: 'header'; readonly change: HeaderChange; readonly act: Act }
  | {
      readonly kind: 'amendment';
      readonly target: PreparedSalesOrder;
      readonly sent: PreparedSalesOrder;
      readonly assumed: Assumed;
    };

/** What a cancel in the ERP is for. */
export interface Cancelling {
  /** Lines whose open rest goes; null = the whole order. */
  readonly lines: readonly number[] | null;
  /** What the purchase says after it; null = nothing of it is wanted. */
  readonly sent: PreparedSalesOrder | null;
  readonly afterwards: 'end' | 'reenter';
  /** null = the buyer. */
  readonly act: Act | null;
}

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
  | AwaitingStep
  | UnknownStep
  /** The ERP has it; both sides are read next. */
  | { readonly at: 'toFollow'; readonly orderNumber: string }
  | {
      readonly at: 'toAdopt';
      readonly orderNumber: string;
      /** Where it is again if that order is not this purchase. */
      readonly from: AwaitingStep | UnknownStep;
    }
  | { readonly at: 'settled'; readonly orderNumber: string }
  | { readonly at: 'toReplace'; readonly orderNumber: string; readonly replacement: Replacement }
  | {
      readonly at: 'replacing';
      readonly orderNumber: string;
      readonly replacement: Replacement;
      readonly target: PreparedSalesOrder;
      /** The order as it was read before the post; null = nobody knows any more. */
      readonly before: PreparedSalesOrder | null;
      /** Under which it was surely taken in; null = the answer was lost. */
      readonly transaction: string | null;
      /** What was said of a clerk's edits since it was read, which it overwrites; null = there are none. */
      readonly overwrites: string | null;
      readonly since: Instant;
      readonly look: Look;
    }
  | { readonly at: 'toCancel'; readonly orderNumber: string; readonly cancelling: Cancelling }
  | {
      readonly at: 'cancelling';
      readonly orderNumber: string;
      readonly cancelling: Cancelling;
      /** Of the last cancel that was sent; null = its answer was lost. */
      readonly transaction: string | null;
      readonly postedAt: Instant;
      /** Since when it is not decided: of a cancel that is sent again, the first. */
      readonly since: Instant;
      readonly look: Look;
    }
  /** Nothing is wanted of this document any more. */
  | { readonly at: 'over'; readonly orderNumber: string }
  | { readonly at: 'parked'; readonly orderNumber: string | null }
  | { readonly at: 'toClose'; readonly outcome: 'cancelled' | 'closed'; readonly act: Act }
  | { readonly at: 'finished'; readonly outcome: FinalOutcome };

/** Taken in by the ERP; the import job decides. */
export interface AwaitingStep {
  readonly at: 'awaiting';
  readonly order: PreparedSalesOrder;
  readonly transaction: string;
  readonly row: number;
  /** It stands for one of which nothing was to be seen: should nothing be seen of this one either, only people send it. */
  readonly isRepeat: boolean;
  /** A person's word that the ERP does not have it: it goes again, if the next look finds nothing of it. */
  readonly isDisowned: boolean;
  readonly since: Instant;
  readonly look: Look;
}

/** Nobody knows whether the ERP has it, or will have it. */
export interface UnknownStep {
  readonly at: 'unknown';
  readonly order: PreparedSalesOrder;
  readonly since: Instant;
  readonly watermark: string | null;
  readonly look: Look;
}

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

/** Something that is to be done at a time, or now. */
export type Due = { readonly kind: 'at'; readonly time: Instant } | { readonly kind: 'now' } | null;

/** Since when the import refuses a content for reasons that should pass, and the first of them in words. */
export interface PassingRefusal {
  readonly since: Instant;
  readonly why: string;
}

/** One ERP order of the purchase: what only it has. The rest is common to all documents. */
export interface DocumentState {
  readonly document: number;
  readonly step: Step;
  readonly stage: Stage;
  readonly heldSince: Instant | null;
  readonly refusedSince?: PassingRefusal | null;
  readonly revision: number;
  readonly attempt: number;
  readonly posts: OrderState['posts'];
  /** What the storefront meant when both sides last agreed. */
  readonly sent: PreparedSalesOrder | null;
  /** What both sides agreed on: the baseline of the ERP's edits. */
  readonly agreed: PreparedSalesOrder | null;
  /** `last_mod` of the ERP order when both sides were last read. */
  readonly followedAt: Instant | null;
  /** By when the ERP had what was agreed on: read there after it was accepted, adopted or changed by us. */
  readonly inErpBy?: Instant | null;
  /** What the poller told last. */
  readonly toldVersion: string;
  readonly units: Units | null;
  readonly division: string;
  readonly warehouse: string;
  readonly holdCode: string;
  readonly orderNumber: string;
  readonly erpStatus: ErpOrderStatus | null;
  readonly erpStatusLetter: string;
}

/** One amendment, before and after, for the table people read. */
export interface Revision {
  readonly at: Instant;
  readonly what: AmendmentPlan['kind'] | 'send';
  readonly document: number;
  readonly stage: ErpStage | null;
  readonly changes: readonly Change[];
}

export interface DocumentDifferences {
  readonly orderNumber: string;
  readonly differences: readonly Difference[];
}

export interface TimelineEntry {
  readonly at: Instant;
  readonly what: string;
}

/**
 * One order, seen from one of its documents: `document`, `step`, `stage`, what was posted and the ERP's part of `facts`
 * belong to that document; `others` are those it is not seen from. Nearly every order has one document.
 */
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
  /** null = it is not refused, or for good. Absent in the state of an earlier version. */
  readonly refusedSince?: PassingRefusal | null;
  readonly fingerprint: string | null;
  readonly customerOverride: string | null;
  /** Which document of the purchase this is; recorded before its first post (decision 3). */
  readonly document: number;
  readonly revision: number;
  readonly attempt: number;
  /** What was sent in this order's name, as far as this run knows; doubtful = a look is needed before anything more. */
  readonly posts: 'none' | 'some' | 'doubtful';
  readonly sent: PreparedSalesOrder | null;
  readonly agreed: PreparedSalesOrder | null;
  readonly followedAt: Instant | null;
  /** null = it was not read there yet. Absent in the state of an earlier version. */
  readonly inErpBy?: Instant | null;
  readonly toldVersion: string;
  readonly units: Units | null;
  readonly others: readonly DocumentState[];
  /** A person's wish to cancel, kept until the outcome is known (decision 10). */
  readonly cancelWish: Act | null;
  /**
   * Accepted acts that no longer fitted after the step in hand, one of each kind: carried out as soon as the order rests.
   * Absent in the state of an earlier version.
   */
  readonly pressed?: readonly RepairRequest[];
  /** Who cancelled the whole order, once it is cancelled in the ERP. */
  readonly cancelledBy: Act | null;
  /** When both sides are read next. */
  readonly follow: Due;
  /** When the purchase's changes are decided on; edits in quick succession move it. */
  readonly revise: Due;
  /** When the first of the edits that wait to be decided on was told. */
  readonly editedSince: Instant | null;
  /** Decide even if the content is the one known. */
  readonly reviseAnyway: boolean;
  /** A person's answer to an edit of the ERP, until it is carried out. */
  readonly answer: EditAnswer | null;
  /** Content that the documents are being brought to. */
  readonly intended: string | null;
  /** Reviews that this content does not need any more: over as soon as the documents have been brought to it. */
  readonly outlived: readonly ProblemCode[];
  /** Content that is parked for a person: not decided on again by itself. */
  readonly refused: string | null;
  /** How many verdicts in a row were overtaken by the ERP; several documents of one verdict count once. */
  readonly overtaken: number;
  readonly revisions: readonly Revision[];
  readonly differences: readonly DocumentDifferences[];
  /** In what the sides differ by a person's word (`acceptErp`). */
  readonly takenOver: readonly Difference[];
  readonly settlement: Settlement | null;
  /** Credit memos that the poller has named, or a reading has found. */
  readonly creditMemos: readonly string[];
  /** What was told of payments and credits, by transaction: sent again only when it changes. */
  readonly transactions: Readonly<Record<string, Amount>>;
  /** Who decides on an open question, when a person named somebody. */
  readonly askedOwner: Owner | null;
  readonly close: Due;
}

export type EditAnswer =
  | { readonly kind: 'acceptErp'; readonly alsoMore: boolean; readonly act: Act }
  | { readonly kind: 'pushStorefront'; readonly act: Act };

/** What a prepare step found. */
export type PrepareOutcome =
  | {
      readonly kind: 'prepared';
      /** One for each division; the first is document 1. */
      readonly orders: readonly PreparedSalesOrder[];
      readonly reviews: readonly Problem[];
      readonly purchase: PurchaseGlance;
      readonly pacing: Pacing;
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
      /** By document; empty = that one was never accepted. */
      readonly orderNumbers: readonly string[];
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

/** One document as both sides were read. */
export interface FollowedDocument {
  readonly document: number;
  readonly glance: ErpGlance;
  readonly stage: ErpStage;
  readonly units: Units;
  readonly agreed: PreparedSalesOrder;
  /** Set anew only when a person took the ERP's version over. */
  readonly sent: PreparedSalesOrder | null;
  readonly differences: readonly Difference[];
}

/** What reading both sides found, and the purchase as it stands after the write-back. */
export type FollowOutcome =
  | {
      readonly kind: 'followed';
      readonly documents: readonly FollowedDocument[];
      readonly findings: readonly Problem[];
      readonly settlement: Settlement;
      /** Numbers of the credit memos that were found; absent in histories of versions that did not tell. */
      readonly creditMemos?: readonly string[];
      readonly transactions: Readonly<Record<string, Amount>>;
      /** In what the sides still differ by a person's word: agreed on, and shown for ever. */
      readonly takenOver: readonly Difference[];
      /**
       * Whether the ERP's version was taken over, if a person wanted that. unseen: the buyer changed the purchase, and the
       * person cannot have known that.
       */
      readonly accepted: 'yes' | 'needsChoice' | 'unseen' | 'notAsked';
      readonly purchase:
        | { readonly kind: 'written'; readonly updatedAt: Instant; readonly fingerprint: string }
        /** The buyer changed it; only number and state were written. */
        | { readonly kind: 'amended'; readonly updatedAt: Instant; readonly fingerprint: string }
        /** It is not there, or is no order any more. */
        | { readonly kind: 'gone' }
        | { readonly kind: 'conflict'; readonly why: string };
    }
  | { readonly kind: 'notThere'; readonly orderNumber: string };

export interface DocumentPlan {
  readonly document: number;
  readonly division: string;
  readonly plan: AmendmentPlan | { readonly kind: 'send'; readonly order: PreparedSalesOrder };
}

/** What the purchase's changes mean for the documents. */
export type ReviseOutcome =
  | { readonly kind: 'unchanged'; readonly updatedAt: Instant }
  | {
      readonly kind: 'withdrawn';
      readonly verdict: 'cancel' | 'park';
      readonly why: string;
      /** Content of a purchase that is no order any more; null = it is gone. */
      readonly fingerprint: string | null;
    }
  | { readonly kind: 'impossible'; readonly problems: readonly Problem[]; readonly purchase: PurchaseGlance }
  | {
      readonly kind: 'planned';
      readonly plans: readonly DocumentPlan[];
      readonly reviews: readonly Problem[];
      readonly purchase: PurchaseGlance;
      readonly siteVersion: string;
    };

export type OrderEvent =
  | { readonly is: 'purchaseChanged'; readonly updatedAt: Instant }
  | { readonly is: 'purchaseGone' }
  | {
      readonly is: 'erpChanged';
      readonly imports: readonly ImportResult[];
      readonly orders: readonly ErpGlance[];
      /** Numbers of credit memos that are new or changed. */
      readonly credits: readonly string[];
      /** A pick or an invoice of this order moved. */
      readonly moved: boolean;
    }
  | { readonly is: 'repaired'; readonly repair: RepairRequest }
  | { readonly is: 'prepared'; readonly outcome: PrepareOutcome }
  | {
      readonly is: 'submitted';
      readonly document: number;
      readonly outcome: SubmissionOutcome;
      readonly controlNumber: string;
    }
  | { readonly is: 'looked'; readonly document: number; readonly outcome: LookOutcome }
  | { readonly is: 'followed'; readonly outcome: FollowOutcome }
  | { readonly is: 'revised'; readonly outcome: ReviseOutcome }
  | {
      readonly is: 'adoptionChecked';
      readonly document: number;
      readonly outcome: { readonly kind: 'ours' } | { readonly kind: 'notOurs'; readonly why: string };
    }
  | { readonly is: 'replaced'; readonly document: number; readonly outcome: ReplaceOutcome }
  | { readonly is: 'cancelled'; readonly document: number; readonly outcome: CancelOutcome }
  | { readonly is: 'closingRecorded' }
  | { readonly is: 'timePassed' }
  | { readonly is: 'stepOverdue'; readonly document: number; readonly why: string }
  | { readonly is: 'stepRefused'; readonly document: number; readonly why: string };

export type ReplaceOutcome =
  | {
      readonly kind: 'underWay';
      readonly target: PreparedSalesOrder;
      /** The order as it was read before the post; null in histories of versions that did not tell. */
      readonly before: PreparedSalesOrder | null;
      /** null = the answer was lost. */
      readonly transaction: string | null;
    }
  | { readonly kind: 'done'; readonly glance: ErpGlance; readonly warehouse: string }
  | {
      readonly kind: 'pending';
      /** As the import log shows it meanwhile; null = it does not. */
      readonly transaction: string | null;
      /** What clerks changed since the order was read before the post (decision 17); null = that was not compared. */
      readonly edits: readonly Difference[] | null;
    }
  /** The ERP order, or the purchase, is not what the verdict was made for: it is made anew. */
  | { readonly kind: 'overtaken'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string }
  /** The answer was lost, and nothing of it is to be seen. */
  | { readonly kind: 'repeat' }
  | { readonly kind: 'impossible'; readonly problem: Problem };

export type CancelOutcome =
  | { readonly kind: 'underWay'; readonly transaction: string | null }
  /** The import job passed over the one before, so the same went again; null = its answer was lost. */
  | { readonly kind: 'sentAgain'; readonly transaction: string | null }
  /** Nothing of what was to be cancelled is open any more; `left` units of it were picked or shipped before. */
  | {
      readonly kind: 'done';
      readonly glance: ErpGlance;
      readonly left: number;
      readonly says: string;
      readonly agreed: PreparedSalesOrder | null;
    }
  | { readonly kind: 'pending' }
  | { readonly kind: 'overtaken'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

/** What people may ask of an order. */
export type RepairRequest =
  | ({ readonly kind: Exclude<Repair, 'replaceCustomer' | 'adopt' | 'acceptErp' | 'askOwner'> } & Act)
  | ({ readonly kind: 'acceptErp'; readonly alsoMore: boolean } & Act)
  | ({ readonly kind: 'askOwner'; readonly owner: Owner } & Act)
  | ({ readonly kind: 'replaceCustomer'; readonly customer: string } & Act)
  | ({ readonly kind: 'adopt'; readonly orderNumber: string } & Act);

/** A document as the steps that work on both sides need to know it. */
export interface DocumentFacts {
  readonly document: number;
  readonly reference: string;
  readonly division: string;
  /** Empty = the ERP never accepted it. */
  readonly orderNumber: string;
  /** over = nothing is wanted of it any more; the ERP may have forgotten it. */
  readonly place: 'live' | 'over';
  readonly sent: PreparedSalesOrder | null;
  readonly agreed: PreparedSalesOrder | null;
  /** Storefront items of an order that is on its way into the ERP: the purchase shows them as they are. */
  readonly onTheirWay: readonly string[];
}

/** The one next thing to do. */
export type Action =
  | { readonly do: 'prepare'; readonly customerOverride: string | null }
  | {
      readonly do: 'submit';
      readonly document: number;
      readonly order: PreparedSalesOrder;
      readonly permission: PostPermission;
      readonly fingerprint: string;
      readonly revision: number;
      readonly attempt: number;
    }
  | {
      readonly do: 'look';
      readonly document: number;
      readonly order: PreparedSalesOrder;
      readonly revision: number;
      readonly attempt: number;
      readonly transaction: string | null;
      readonly since: Instant;
      readonly watermark: string | null;
    }
  | {
      readonly do: 'follow';
      readonly documents: readonly DocumentFacts[];
      readonly fingerprint: string;
      /** Whether our entry on the purchase still proves what the ERP has: not after an amendment went there. */
      readonly trustEntry: boolean;
      readonly accept: Extract<EditAnswer, { kind: 'acceptErp' }> | null;
      /** Content that waits for a person, who has therefore seen it. */
      readonly refused: string | null;
      readonly creditMemos: readonly string[];
      readonly transactions: Readonly<Record<string, Amount>>;
    }
  | {
      readonly do: 'revise';
      readonly documents: readonly DocumentFacts[];
      readonly fingerprint: string;
      readonly trustEntry: boolean;
      readonly anyway: boolean;
      readonly prefer: 'nobody' | 'storefront';
      readonly customerOverride: string | null;
    }
  | {
      readonly do: 'checkAdoption';
      readonly document: number;
      readonly order: PreparedSalesOrder;
      readonly orderNumber: string;
    }
  | {
      readonly do: 'replace';
      readonly document: number;
      readonly orderNumber: string;
      readonly replacement: Replacement;
      readonly agreed: PreparedSalesOrder | null;
      /** Content of the purchase that the verdict was made for. */
      readonly fingerprint: string;
      readonly revision: number;
      readonly attempt: number;
    }
  | {
      readonly do: 'followReplace';
      readonly document: number;
      readonly orderNumber: string;
      readonly target: PreparedSalesOrder;
      readonly before: PreparedSalesOrder | null;
      readonly transaction: string | null;
      readonly revision: number;
      readonly attempt: number;
      readonly since: Instant;
    }
  | {
      readonly do: 'cancel';
      readonly document: number;
      readonly orderNumber: string;
      readonly cancelling: Cancelling;
      readonly agreed: PreparedSalesOrder | null;
    }
  | {
      readonly do: 'followCancel';
      readonly document: number;
      readonly orderNumber: string;
      readonly cancelling: Cancelling;
      readonly agreed: PreparedSalesOrder | null;
      readonly transaction: string | null;
      /** When the last cancel was sent. */
      readonly postedAt: Instant;
    }
  | { readonly do: 'recordClosing'; readonly outcome: 'cancelled' | 'closed'; readonly act: Act }
  | { readonly do: 'wait'; readonly until: Instant | null; readonly why: string }
  | { readonly do: 'finish'; readonly outcome: FinalOutcome };
