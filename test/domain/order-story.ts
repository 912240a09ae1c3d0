import { decide, evolve, newOrder } from '../../domain/order-lifecycle.ts';
import { refuseRepair } from '../../domain/order-acts.ts';
import type {
  Action,
  DocumentPlan,
  ErpGlance,
  FollowedDocument,
  FollowOutcome,
  Instant,
  LookOutcome,
  OrderEvent,
  OrderState,
  PrepareOutcome,
  PurchaseGlance,
  CancelOutcome,
  ReplaceOutcome,
  RepairRequest,
  ReviseOutcome,
  SubmissionOutcome,
} from '../../domain/order-state.ts';
import type { AmendmentPlan } from '../../domain/plan-amendment.ts';
import type { Difference } from '../../domain/compare-sales-order.ts';
import { problemKind, type Problem, type ProblemCode, type Repair } from '../../domain/problems.ts';
import type { Settlement } from '../../domain/settle-money.ts';
import type { Change } from '../../domain/purchase-changes.ts';
import type { Owner, Pacing } from '../../domain/site-rules.ts';
import type { ErpOrderStatus, PreparedSalesOrder } from '../../domain/sales-order.ts';
import { aSalesOrder, PURCHASE_REFERENCE, PURCHASE_UUID } from '../support/builders.ts';

export const START: Instant = '2026-01-20T15:00:00.000Z';
export const PACING = {
  firstLook: 30_000,
  longestGap: 300_000,
  importOverdue: 1_800_000,
  importCycle: 300_000,
  settle: 20_000,
  merge: 20_000,
  creditPeriod: 7_776_000_000,
} as const;
export const ORDER_NUMBER = '500001';
export const ACT = { actor: 'ada', reason: 'because' } as const;
/** When the buyer edits, and edits again. */
export const LATER: Instant = '2026-01-20T16:00:00.000Z';
export const MUCH_LATER: Instant = '2026-01-20T17:00:00.000Z';

/** Told from event to event; `act` is what the order does next. Time passes only where a story says so. */
export class Story {
  readonly state: OrderState;
  readonly now: Instant;

  constructor(state: OrderState, now: Instant) {
    this.state = state;
    this.now = now;
  }

  get act(): Action {
    return decide(this.state);
  }

  get place(): OrderState['step']['at'] {
    return this.state.step.at;
  }

  get codes(): readonly ProblemCode[] {
    return this.state.problems.map(({ code }) => code);
  }

  when(...events: readonly OrderEvent[]): Story {
    const state = events.reduce((before, event) => evolve(before, event, this.now), this.state);
    return new Story(state, this.now);
  }

  /** Time passes without an event. */
  after(milliseconds: number): Story {
    return new Story(this.state, new Date(Date.parse(this.now) + milliseconds).toISOString());
  }

  /** Time passes until the order looks again by itself. */
  untilItLooks(): Story {
    const { act } = this;
    if (act.do !== 'wait' || act.until === null) throw new Error(`It does not wait for a time but: ${act.do}`);
    return new Story(evolve(this.state, { is: 'timePassed' }, act.until), act.until);
  }

  repair(kind: Exclude<Repair, 'adopt' | 'replaceCustomer' | 'acceptErp' | 'askOwner'>): Story {
    return this.#repaired({ kind, actor: 'ada', reason: 'because' });
  }

  adopt(orderNumber: string): Story {
    return this.#repaired({ kind: 'adopt', orderNumber, actor: 'ada', reason: 'because' });
  }

  replaceCustomer(customer: string): Story {
    return this.#repaired({ kind: 'replaceCustomer', customer, actor: 'ada', reason: 'because' });
  }

  acceptErp(alsoMore: boolean): Story {
    return this.#repaired({ kind: 'acceptErp', alsoMore, actor: 'ada', reason: 'because' });
  }

  askOwner(owner: Owner): Story {
    return this.#repaired({ kind: 'askOwner', owner, actor: 'ada', reason: 'because' });
  }

  #repaired(repair: RepairRequest): Story {
    const refusal = refuseRepair(this.state, repair);
    if (refusal !== null) throw new Error(refusal);
    return this.when({ is: 'repaired', repair });
  }
}

/** A press of a button, with everything it needs. */
export function requestOf(kind: Repair, { alsoMore = true, orderNumber = '77' } = {}): RepairRequest {
  switch (kind) {
    case 'adopt':
      return { kind, orderNumber, ...ACT };
    case 'replaceCustomer':
      return { kind, customer: 'OTHER', ...ACT };
    case 'acceptErp':
      return { kind, alsoMore, ...ACT };
    case 'askOwner':
      return { kind, owner: 'finance', ...ACT };
    default:
      return { kind, ...ACT };
  }
}

/** What a person may press now. */
export function pressable(story: Story): readonly Repair[] {
  return REPAIRS.filter((kind) => refuseRepair(story.state, requestOf(kind)) === null);
}

/** Buttons that the problems of an order offer, and that would be refused. */
export function deadButtons(state: OrderState): readonly Repair[] {
  const offered = state.problems.flatMap(({ code }) => problemKind(code).press);
  return offered.filter((kind) => refuseRepair(state, requestOf(kind)) !== null);
}

const REPAIRS: readonly Repair[] = [
  'retry',
  'resync',
  'remap',
  'release',
  'cancel',
  'sendAnyway',
  'close',
  'replaceCustomer',
  'adopt',
  'acceptErp',
  'pushStorefront',
  'askOwner',
];

export function anArrivedPurchase(): Story {
  return new Story(newOrder({ site: 'acme', key: PURCHASE_UUID, reference: PURCHASE_REFERENCE }, START), START);
}

export function aPreparedOrder(reviews: readonly Problem[] = []): Story {
  return anArrivedPurchase().when(prepared({}, { reviews }));
}

export function aStagedOrder(): Story {
  return aPreparedOrder().when(submitted(STAGED));
}

export function anOrderOfUnknownOutcome(): Story {
  return aPreparedOrder().when(submitted({ kind: 'unknown', why: 'socket closed' }));
}

export function aSettledOrder(reviews: readonly Problem[] = []): Story {
  return aPreparedOrder(reviews).when(submitted(ACCEPTED), followed());
}

export const STAGED = { kind: 'staged', transaction: '900', row: 1 } as const satisfies SubmissionOutcome;
export const ACCEPTED = {
  kind: 'accepted',
  orderNumber: ORDER_NUMBER,
  how: 'imported',
  warnings: [],
} as const satisfies SubmissionOutcome;

export function glanceOfPurchase(change: Partial<PurchaseGlance> = {}): PurchaseGlance {
  return {
    updatedAt: START,
    fingerprint: 'content-1',
    visibleNumber: 'SL-1042',
    buyer: 'Northwind Outfitters',
    customer: 'NORTHW',
    customerReference: 'PO-7781',
    currency: 'USD',
    total: '100.00',
    ...change,
  };
}

export function prepared(
  purchase: Partial<PurchaseGlance> = {},
  {
    orders = [aSalesOrder()],
    reviews = [],
    pacing = PACING,
  }: { orders?: readonly PreparedSalesOrder[]; reviews?: readonly Problem[]; pacing?: Pacing } = {},
): OrderEvent {
  return preparing({
    kind: 'prepared',
    orders,
    reviews,
    purchase: glanceOfPurchase(purchase),
    pacing,
    siteVersion: 'v1',
  });
}

export function impossible(code: ProblemCode, purchase: Partial<PurchaseGlance> = {}): OrderEvent {
  return preparing({
    kind: 'impossible',
    problems: [{ code, says: `It is ${code}.` }],
    purchase: glanceOfPurchase(purchase),
    pacing: PACING,
    siteVersion: 'v1',
  });
}

export function alreadyInErp(
  { sameContent }: { sameContent: boolean },
  orderNumbers: readonly string[] = [ORDER_NUMBER],
): OrderEvent {
  return preparing({
    kind: 'alreadyInErp',
    orderNumbers,
    sameContent,
    purchase: glanceOfPurchase(),
    pacing: PACING,
    siteVersion: 'v1',
  });
}

export function preparing(outcome: PrepareOutcome): OrderEvent {
  return { is: 'prepared', outcome };
}

export function submitted(outcome: SubmissionOutcome, document = 1): OrderEvent {
  return { is: 'submitted', document, outcome, controlNumber: '123456789' };
}

export function refused(code: string, cause: 'content' | 'passing' | 'numberTaken'): SubmissionOutcome & LookOutcome {
  return { kind: 'refused', faults: [{ code, text: `It is ${code}`, line: null }], cause };
}

export function looked(outcome: LookOutcome, document = 1): OrderEvent {
  return { is: 'looked', document, outcome };
}

export function foundNothing(
  cleared: 'laterJobFinished' | 'trustedFence' | null = null,
  watermark: string | null = null,
): OrderEvent {
  return looked({ kind: 'nothing', watermark, cleared });
}

export function glance(change: Partial<ErpGlance> = {}): ErpGlance {
  return {
    document: 1,
    orderNumber: ORDER_NUMBER,
    status: 'open',
    statusLetter: 'O',
    holdCode: '',
    changedAt: START,
    version: `${change.status ?? 'open'}/${change.changedAt ?? START}`,
    ...change,
  };
}

export const OPEN_UNITS = { ordered: 10, open: 10, allocated: 0, picked: 0, invoiced: 0, cancelled: 0 } as const;

export const OPEN_SETTLEMENT: Settlement = {
  currency: 'USD',
  ordered: '100.00',
  invoiced: '0.00',
  cancelled: '0.00',
  open: '100.00',
  credited: '0.00',
  paid: '0.00',
  lines: [],
  complete: false,
};

type Followed = Extract<FollowOutcome, { kind: 'followed' }>;

export function aFollowedDocument(change: Partial<FollowedDocument> = {}): FollowedDocument {
  return {
    document: 1,
    glance: glance(),
    stage: 'open',
    units: OPEN_UNITS,
    agreed: aSalesOrder(),
    sent: null,
    differences: [],
    ...change,
  };
}

/** Both sides read: all is as agreed, and the purchase written. */
export function followed(
  change: Partial<Followed> & { readonly updatedAt?: Instant; readonly glance?: ErpGlance } = {},
): OrderEvent {
  const { updatedAt = '2026-01-20T15:00:05.000Z', glance: shown = glance(), ...outcome } = change;
  return {
    is: 'followed',
    outcome: {
      kind: 'followed',
      documents: [aFollowedDocument({ glance: shown })],
      findings: [],
      settlement: OPEN_SETTLEMENT,
      transactions: {},
      takenOver: [],
      accepted: 'notAsked',
      purchase: { kind: 'written', updatedAt, fingerprint: 'content-1' },
      ...outcome,
    },
  };
}

export function revised(outcome: ReviseOutcome): OrderEvent {
  return { is: 'revised', outcome };
}

/** A verdict on the purchase's changes: one plan for the one document, or one for each. */
export function planned(
  plan: AmendmentPlan | readonly DocumentPlan[],
  purchase: Partial<PurchaseGlance> = {},
  reviews: readonly Problem[] = [],
): OrderEvent {
  return revised({
    kind: 'planned',
    plans: 'kind' in plan ? [{ document: 1, division: '01', plan }] : plan,
    reviews,
    purchase: glanceOfPurchase({ fingerprint: 'content-2', updatedAt: LATER, ...purchase }),
    siteVersion: 'v1',
  });
}

export const ASSUMED = { stage: 'open', changedAt: START, content: 'lines-1' } as const;

/** The buyer wants two units more. */
export const TWO_MORE: Change = {
  kind: 'quantityUp',
  what: 'AC-1001-BLK-M',
  before: '10',
  after: '12',
  money: '20.00',
};

/** The order is to be replaced as a whole. */
export function aReplacement(target = aSalesOrder({ notes: 'content-2' })) {
  const sent = { ...target, salesperson: '' };
  return { kind: 'replace', changes: [TWO_MORE], target, sent, assumed: ASSUMED } as const satisfies AmendmentPlan;
}

/** The change is for a person. */
export function aStop(code: ProblemCode = 'AMENDED', says = `It is ${code}.`) {
  return { kind: 'park', changes: [TWO_MORE], problem: { code, says } } as const satisfies AmendmentPlan;
}

export function replaced(outcome: ReplaceOutcome, document = 1): OrderEvent {
  return { is: 'replaced', document, outcome };
}

/** The replacement was taken in; the import job has it. */
export function replaceSent(target: PreparedSalesOrder, document = 1): OrderEvent {
  return replaced({ kind: 'underWay', target, before: aSalesOrder(), transaction: '901' }, document);
}

/** The import job has not decided on the replacement; what clerks changed meanwhile. */
export function replacePending(edits: readonly Difference[] | null = []): OrderEvent {
  return replaced({ kind: 'pending', transaction: '901', edits });
}

export function replaceDone(document = 1, shown: Partial<ErpGlance> = {}): OrderEvent {
  return replaced({ kind: 'done', glance: glance({ document, ...shown }), warehouse: 'NJ' }, document);
}

export function cancelledInErp(outcome: CancelOutcome, document = 1): OrderEvent {
  return { is: 'cancelled', document, outcome };
}

export function cancelRefused(document = 1): OrderEvent {
  return cancelledInErp({ kind: 'refused', why: 'picked' }, document);
}

/** The ERP cancelled all of a document. */
export function allCancelled(document = 1, orderNumber = ORDER_NUMBER): OrderEvent {
  const shown = glance({ document, orderNumber, status: 'cancelled_customer', statusLetter: 'X' });
  const says = '10 of 10 units are cancelled.';
  return cancelledInErp({ kind: 'done', glance: shown, left: 0, says, agreed: null }, document);
}

/** The ERP cancelled what was open of a document; the rest is picked. */
export function partlyCancelled(document = 1, orderNumber = ORDER_NUMBER): OrderEvent {
  const shown = glance({ document, orderNumber, status: 'picked' });
  const says = '6 of 10 units are cancelled, 4 picked.';
  return cancelledInErp({ kind: 'done', glance: shown, left: 4, says, agreed: null }, document);
}

export type FollowedPurchase = Followed['purchase'];

/** The purchase says something else than what was agreed. */
export function amendedTo(fingerprint = 'content-2', updatedAt: Instant = LATER): FollowedPurchase {
  return { kind: 'amended', updatedAt, fingerprint };
}

/** The purchase was told where the order stands. */
export function writtenAs(fingerprint = 'content-1', updatedAt: Instant = LATER): FollowedPurchase {
  return { kind: 'written', updatedAt, fingerprint };
}

export const COMPLETE: Settlement = {
  ...OPEN_SETTLEMENT,
  invoiced: '100.00',
  open: '0.00',
  complete: true,
};

/** Both sides read when all of the order is invoiced. */
export function allInvoiced(change: Partial<Followed> = {}): OrderEvent {
  const units = { ...OPEN_UNITS, open: 0, invoiced: 10 };
  const shown = glance({ status: 'invoiced' });
  return followed({
    documents: [aFollowedDocument({ glance: shown, stage: 'invoiced', units })],
    settlement: COMPLETE,
    ...change,
  });
}

/** Both sides read when nothing of the order will come. */
export function nothingLeft(purchase: FollowedPurchase = writtenAs()): OrderEvent {
  return followed({
    purchase,
    documents: [
      aFollowedDocument({
        glance: glance({ status: 'cancelled_customer', statusLetter: 'X' }),
        stage: 'cancelled',
        units: { ...OPEN_UNITS, open: 0, cancelled: 10 },
      }),
    ],
    settlement: { ...OPEN_SETTLEMENT, cancelled: '100.00', open: '0.00', complete: true },
  });
}

/** The ERP computed another tax. */
export const TAX_DIFFERENCE: Difference = {
  field: 'tax',
  line: null,
  agreed: '40.00',
  shown: '41.00',
  money: '1.00',
  cause: 'taxRecomputed',
  tolerated: false,
};

export function erpShows(...statuses: readonly ErpOrderStatus[]): OrderEvent {
  const orders = statuses.map((status, index) =>
    // Moved since it was read.
    glance({ status, orderNumber: String(Number(ORDER_NUMBER) + index), changedAt: '2026-01-20T15:30:00.000Z' }),
  );
  return { is: 'erpChanged', imports: [], orders, credits: [], moved: false };
}

export function purchaseChanged(updatedAt: Instant = LATER): OrderEvent {
  return { is: 'purchaseChanged', updatedAt };
}

export const PURCHASE_GONE = { is: 'purchaseGone' } as const satisfies OrderEvent;
