import { decide, evolve, isFinished, newOrder } from '../../domain/order-lifecycle.ts';
import { refuseRepair } from '../../domain/order-acts.ts';
import type { Difference } from '../../domain/compare-sales-order.ts';
import type {
  Action,
  CancelOutcome,
  ErpGlance,
  Instant,
  LookOutcome,
  OrderEvent,
  OrderState,
  RepairRequest,
  ReplaceOutcome,
  ReviseOutcome,
  SubmissionOutcome,
} from '../../domain/order-state.ts';
import { plus } from '../../domain/order-steps.ts';
import type { AmendmentPlan } from '../../domain/plan-amendment.ts';
import type { Problem, Repair } from '../../domain/problems.ts';
import type { ErpStage } from '../../domain/site-rules.ts';
import type { ErpOrderStatus, ImportResult, PreparedSalesOrder } from '../../domain/sales-order.ts';
import { aSalesOrder, PURCHASE_REFERENCE, PURCHASE_UUID } from '../support/builders.ts';
import {
  glanceOfPurchase,
  OPEN_SETTLEMENT,
  OPEN_UNITS,
  PACING,
  requestOf,
  START,
  TAX_DIFFERENCE,
} from './order-story.ts';

/** One thing that happens, with a number that decides how. 0 is always the way it should go. */
export interface Happening {
  readonly what:
    | 'step'
    | 'erpImports'
    | 'erpRefuses'
    | 'postArrives'
    | 'postVanishes'
    | 'importDropsIt'
    | 'clerkChangesStatus'
    | 'clerkEdits'
    | 'purchaseReverts'
    | 'clerkCancels'
    | 'clerkCopies'
    | 'purchaseChanges'
    | 'purchaseVanishes'
    | 'rulesBreak'
    | 'rulesHeal'
    | 'pollerTells'
    | 'personActs'
    | 'timePasses';
  readonly how: number;
}

interface Post {
  readonly number: string;
  readonly content: string;
  readonly transaction: string;
  fate: 'travelling' | 'staged' | 'imported' | 'refused' | 'vanished';
  cause: 'content' | 'passing' | 'numberTaken';
  orderNumber: string;
}

interface Document {
  readonly orderNumber: string;
  readonly by: 'instep' | 'clerk';
  status: ErpOrderStatus;
  /** The purchase's content it was made of. */
  content: string;
  /** A clerk made it otherwise than agreed. */
  isEdited: boolean;
  /** Content that a replace under way would bring. */
  pending: string | null;
  /** Moves with everything that happens to it. */
  version: number;
}

type Repeat = 'pending' | 'refused' | 'done' | 'repeat' | 'overtaken';

const REPAIRS: readonly Repair[] = [
  'retry',
  'resync',
  'remap',
  'release',
  'cancel',
  'sendAnyway',
  'adopt',
  'replaceCustomer',
  'acceptErp',
  'pushStorefront',
  'askOwner',
  'close',
];

/**
 * A storefront, an ERP and people around one order. The steps answer as the activities do: a post leaves only in a
 * submit step, only after a look, and only with a permission; its answer may be lost, and it may still be under way.
 * Evidence and a person's word are always true here: “cleared” is granted only when nothing is under way.
 */
export class World {
  state: OrderState = newOrder({ site: 'acme', key: PURCHASE_UUID, reference: PURCHASE_REFERENCE }, START);
  now: Instant = START;
  readonly posts: Post[] = [];
  readonly documents: Document[] = [];
  /** Broken promises, in words. */
  readonly broken: string[] = [];
  /** Contents a prepare step froze. */
  readonly #prepared = new Set<string>();
  /** What a person pressed last is to cancel the order, and neither the ERP nor a system refused that since. */
  isCancelWanted = false;
  #purchase = { content: 1, isGone: false, updatedAt: START };
  #ownEntry: { readonly orderNumber: string; readonly content: string } | null = null;
  #rules: 'good' | 'review' | 'broken' = 'good';
  #transactions = 900;
  #orderNumbers = 500_000;
  #actionsSinceNews = 0;

  /** Lets one thing happen. */
  happen({ what, how }: Happening): void {
    if (isFinished(this.state)) return;
    const dice = new Dice(how);
    if (what !== 'step') this.#actionsSinceNews = 0;
    switch (what) {
      case 'step':
        return this.#step(dice);
      case 'erpImports':
        return this.#import(dice);
      case 'erpRefuses':
        return this.#refuse(dice);
      case 'postArrives':
        return this.#posts('travelling', (post) => (post.fate = 'staged'));
      case 'postVanishes':
        return this.#posts('travelling', (post) => (post.fate = 'vanished'));
      case 'importDropsIt':
        // Taken in, and neither imported nor ever shown.
        return this.#posts('staged', (post) => (post.fate = 'vanished'));
      case 'clerkChangesStatus':
        return this.#clerk(
          dice.of<ErpOrderStatus>('released', 'open', 'credit_hold', 'picked', 'invoiced', 'unknown', 'hold'),
          dice,
        );
      case 'clerkEdits':
        for (const document of this.documents.filter(isLive)) this.#touch(document, { isEdited: true });
        return this.#poll();
      case 'purchaseReverts':
        return this.#revert();
      case 'clerkCancels':
        return this.#clerk('cancelled_house', dice);
      case 'clerkCopies':
        if (this.documents.length > 0) this.#document('clerk', '');
        return;
      case 'purchaseChanges':
        return this.#change(dice);
      case 'purchaseVanishes':
        this.#purchase = { ...this.#purchase, isGone: true };
        return this.#tell({ is: 'purchaseGone' });
      case 'rulesBreak':
        this.#rules = dice.of('review', 'broken');
        return;
      case 'rulesHeal':
        this.#rules = 'good';
        return;
      case 'pollerTells':
        return this.#poll();
      case 'personActs':
        return this.#person(dice);
      case 'timePasses':
        return this.#pass(dice.of(30_000, 600_000, 3_600_000));
    }
  }

  /** From now on everybody answers, and well: the order must come to rest. Whether it did. */
  comesToRest(): boolean {
    for (const post of this.posts) if (post.fate === 'travelling') post.fate = 'vanished';
    this.#rules = 'good';
    for (let turn = 0; turn < 80; turn++) {
      const action = decide(this.state);
      if (action.do === 'finish') return true;
      if (action.do === 'wait' && action.until === null) return true;
      this.#saysWhatIsNotThere();
      for (const post of this.posts) if (post.fate === 'staged') this.#imported(post);
      this.#step(new Dice(0));
      if (this.broken.length > 0) return true;
    }
    return false;
  }

  get ownLiveOrders(): readonly Document[] {
    return this.documents.filter((document) => document.by === 'instep' && isLive(document));
  }

  get isAnythingUnderWay(): boolean {
    return this.posts.some(({ fate }) => fate === 'travelling' || fate === 'staged');
  }

  /** What the ERP shows of an order; null = it has none of that number. */
  statusOf(orderNumber: string): ErpOrderStatus | null {
    return this.documents.find((document) => document.orderNumber === orderNumber)?.status ?? null;
  }

  /** What the import job dropped twice is for a person, who looks into the ERP. */
  #saysWhatIsNotThere(): void {
    const repair = requestOf('sendAnyway');
    const isThere = this.isAnythingUnderWay || this.ownLiveOrders.length > 0;
    if (this.state.step.at === 'awaiting' && !isThere && refuseRepair(this.state, repair) === null)
      this.#tell({ is: 'repaired', repair });
  }

  #step(dice: Dice): void {
    const action = decide(this.state);
    if (action.do === 'finish') return;
    if (action.do === 'wait') {
      this.#actionsSinceNews = 0;
      if (action.until === null) return;
      if (action.until > this.now) this.now = action.until;
      return this.#tell({ is: 'timePassed' });
    }
    this.#actionsSinceNews += 1;
    if (this.#actionsSinceNews > 12) this.broken.push(`it spins at ${action.do}`);
    this.#tell(this.#perform(action, dice));
  }

  #perform(action: Exclude<Action, { do: 'wait' | 'finish' }>, dice: Dice): OrderEvent {
    if (action.do !== 'submit' && dice.oneIn(12)) {
      this.#actionsSinceNews = 0;
      this.#pass(1_800_000);
      return { is: 'stepOverdue', document: 1, why: 'HTTP 503' };
    }
    if (action.do !== 'recordClosing' && dice.oneIn(16)) {
      this.isCancelWanted = false;
      return { is: 'stepRefused', document: 1, why: 'HTTP 403' };
    }
    switch (action.do) {
      case 'prepare':
        return { is: 'prepared', outcome: this.#prepare(action.customerOverride) };
      case 'submit': {
        const outcome = this.#submit(action, dice);
        // Whatever the first attempt did, a later one may end in an error that no retry mends.
        if (dice.oneIn(24)) return { is: 'stepRefused', document: 1, why: 'the second attempt broke' };
        return { is: 'submitted', document: 1, outcome, controlNumber: `${action.revision}.${action.attempt}` };
      }
      case 'look':
        return { is: 'looked', document: 1, outcome: this.#look(action, dice) };
      case 'follow':
        return this.#follow(action, dice);
      case 'revise':
        return { is: 'revised', outcome: this.#revise(action, dice) };
      case 'checkAdoption':
        return {
          is: 'adoptionChecked',
          document: 1,
          outcome:
            this.statusOf(action.orderNumber) === null ? { kind: 'notOurs', why: 'not shown' } : { kind: 'ours' },
        };
      case 'replace':
      case 'followReplace':
        return this.#replace(action, dice);
      case 'cancel':
      case 'followCancel':
        return this.#cancel(action, dice);
      case 'recordClosing':
        return { is: 'closingRecorded' };
    }
  }

  #prepare(customerOverride: string | null): Extract<OrderEvent, { is: 'prepared' }>['outcome'] {
    const { content, isGone } = this.#purchase;
    if (isGone) return { kind: 'withdrawn', why: 'the purchase is gone' };
    const seen = {
      purchase: glanceOfPurchase({ updatedAt: this.#purchase.updatedAt, fingerprint: fingerprintOf(content) }),
      pacing: PACING,
      siteVersion: 'v1',
    };
    if (this.#ownEntry !== null)
      return {
        kind: 'alreadyInErp',
        orderNumbers: [this.#ownEntry.orderNumber],
        sameContent: this.#ownEntry.content === fingerprintOf(content),
        ...seen,
      };
    if (this.#rules === 'broken')
      return { kind: 'impossible', problems: [{ code: 'SKU_UNKNOWN', says: 'No such SKU.' }], ...seen };
    const reviews: readonly Problem[] =
      this.#rules === 'review' ? [{ code: 'LOCATION_NOT_MAPPED', says: 'Unknown location.' }] : [];
    const order = aSalesOrder({
      notes: fingerprintOf(content),
      customer: customerOverride ?? 'NORTHW',
      holdCode: reviews.length > 0 ? 'LOC' : '',
    });
    this.#prepared.add(JSON.stringify(order));
    return { kind: 'prepared', orders: [order], reviews, ...seen };
  }

  #submit(action: Extract<Action, { do: 'submit' }>, dice: Dice): SubmissionOutcome {
    const { order, permission, fingerprint } = action;
    const number = `${action.revision}.${action.attempt}`;
    // The worker dies now and then: before the post or after it. The next attempt may only look.
    const dies = dice.of('no', 'no', 'no', 'before', 'after');
    if (dies !== 'before' && dice.oneIn(8)) return { kind: 'notPosted', why: 'HTTP 503', retryAfterMs: 10_000 };
    const found = this.#lookInErp(number);
    if (found) return found;
    if (dies === 'before') return { kind: 'unknown', why: 'an earlier attempt ended without telling its outcome' };
    if (this.#purchase.isGone) return { kind: 'withdrawn' };
    if (fingerprintOf(this.#purchase.content) !== fingerprint)
      return { kind: 'purchaseChanged', updatedAt: this.#purchase.updatedAt };
    if (dice.oneIn(8)) return { kind: 'notPosted', why: 'HTTP 429', retryAfterMs: 10_000 };
    const post = this.#post(order, number, permission.kind);
    const answer = dice.of(
      'staged',
      'decided',
      'lost',
      'travelling',
      'travelling',
      'refused',
      'refusedPassing',
      'taken',
    );
    if (answer === 'decided') this.#imported(post);
    if (answer === 'travelling') post.fate = 'travelling';
    if (answer === 'refused' || answer === 'refusedPassing' || answer === 'taken') {
      post.fate = 'refused';
      post.cause = answer === 'refused' ? 'content' : answer === 'taken' ? 'numberTaken' : 'passing';
    }
    if (dies === 'after')
      return (
        this.#lookInErp(number) ?? { kind: 'unknown', why: 'an earlier attempt ended without telling its outcome' }
      );
    if (answer === 'lost' || answer === 'travelling') return { kind: 'unknown', why: 'socket closed' };
    if (post.fate === 'imported')
      return { kind: 'accepted', orderNumber: post.orderNumber, how: 'imported', warnings: [] };
    if (post.fate === 'refused') return refusalOf(post);
    return { kind: 'staged', transaction: post.transaction, row: 1 };
  }

  #post(order: PreparedSalesOrder, number: string, permission: string): Post {
    if (this.isAnythingUnderWay) this.broken.push(`a post left (${permission}) while another was under way`);
    if (this.ownLiveOrders.length > 0) this.broken.push(`a post left (${permission}) for an order the ERP has`);
    if (!this.#prepared.has(JSON.stringify(order))) this.broken.push('something was sent that was not prepared');
    if (order.notes !== fingerprintOf(this.#purchase.content)) this.broken.push('an outdated content was sent');
    if (this.posts.some((post) => post.number === number && post.fate !== 'vanished'))
      this.broken.push('a control number was used twice though the ERP knows it');
    const post: Post = {
      number,
      content: order.notes,
      transaction: String(++this.#transactions),
      fate: 'staged',
      cause: 'content',
      orderNumber: '',
    };
    this.posts.push(post);
    return post;
  }

  /** Orders first, then the import log, as the activities do. */
  #lookInErp(number: string): Exclude<LookOutcome, { kind: 'nothing' }> | null {
    const live = this.documents.filter(isLive);
    if (live.length > 1) return { kind: 'duplicates', orderNumbers: live.map(({ orderNumber }) => orderNumber) };
    const document = live[0] ?? this.documents[0];
    if (document) return { kind: 'accepted', orderNumber: document.orderNumber, how: 'adopted', warnings: [] };
    const pending = this.posts.find(({ fate }) => fate === 'staged');
    if (pending) return { kind: 'staged', transaction: pending.transaction, row: 1 };
    const refused = this.posts.find((post) => post.fate === 'refused' && post.number === number);
    return refused ? refusalOf(refused) : null;
  }

  #look(action: Extract<Action, { do: 'look' }>, dice: Dice): LookOutcome {
    const found = this.#lookInErp(`${action.revision}.${action.attempt}`);
    if (found) return found;
    const hasEvidence = !this.isAnythingUnderWay && !dice.oneIn(2);
    return { kind: 'nothing', watermark: '899', cleared: hasEvidence ? 'laterJobFinished' : null };
  }

  #follow(action: Extract<Action, { do: 'follow' }>, dice: Dice): OrderEvent {
    const orderNumber = action.documents[0]?.orderNumber ?? '';
    const document = this.documents.find((each) => each.orderNumber === orderNumber);
    if (!document) return { is: 'followed', outcome: { kind: 'notThere', orderNumber } };
    const findings: Problem[] = [];
    if (this.documents.filter(isLive).length > 1) findings.push({ code: 'DUPLICATE_IN_ERP', says: 'Several.' });
    const { content, isGone } = this.#purchase;
    const now = fingerprintOf(content);
    const isOwn = this.#ownEntry?.content === now;
    const isKnown = now === action.fingerprint || (action.trustEntry && isOwn);
    const isSeen = isKnown || isOwn || now === action.refused;
    const needsChoice = action.accept !== null && !action.accept.alsoMore && dice.oneIn(3);
    const accepted = action.accept === null ? 'notAsked' : !isSeen ? 'unseen' : needsChoice ? 'needsChoice' : 'yes';
    const purchase = (): Extract<OrderEvent, { is: 'followed' }>['outcome'] extends infer Outcome
      ? Outcome extends { purchase: infer Purchase }
        ? Purchase
        : never
      : never => {
      if (isGone) return { kind: 'gone' };
      if (dice.oneIn(8)) return { kind: 'conflict', why: 'number in use' };
      const isAmended = accepted !== 'yes' && !isKnown;
      const agreed = isAmended ? action.fingerprint : now;
      this.#ownEntry = { orderNumber, content: agreed };
      return { kind: isAmended ? 'amended' : 'written', updatedAt: this.#writeBack(), fingerprint: now };
    };
    const written = purchase();
    if (accepted === 'yes') {
      document.isEdited = false;
      // By a person's word the purchase's content is what the ERP has.
      if (written.kind === 'written') document.content = now;
    }
    const isOver = !isLive(document);
    const agreed = aSalesOrder({ notes: document.content });
    return {
      is: 'followed',
      outcome: {
        kind: 'followed',
        documents: [
          {
            document: 1,
            glance: glanceOf(document),
            stage: stageOf(document),
            units: isOver ? { ...OPEN_UNITS, open: 0, cancelled: 10 } : OPEN_UNITS,
            agreed,
            sent: accepted === 'yes' ? agreed : null,
            differences: document.isEdited ? [EDIT] : [],
          },
        ],
        findings,
        settlement: { ...OPEN_SETTLEMENT, complete: isOver },
        transactions: {},
        takenOver: [],
        accepted,
        purchase: written,
      },
    };
  }

  #revise(action: Extract<Action, { do: 'revise' }>, dice: Dice): ReviseOutcome {
    const { content, isGone, updatedAt } = this.#purchase;
    if (isGone)
      return { kind: 'withdrawn', verdict: dice.of('cancel', 'park'), why: 'the purchase is gone', fingerprint: null };
    const fingerprint = fingerprintOf(content);
    if (!action.anyway && fingerprint === action.fingerprint) return { kind: 'unchanged', updatedAt };
    const purchase = glanceOfPurchase({ updatedAt, fingerprint });
    if (this.#rules === 'broken')
      return { kind: 'impossible', problems: [{ code: 'SKU_UNKNOWN', says: 'No such SKU.' }], purchase };
    const orderNumber = action.documents[0]?.orderNumber;
    const document = this.documents.find((each) => each.orderNumber === orderNumber);
    const plan = document ? planFor(document, fingerprint, action.prefer) : TOO_LATE;
    const plans = [{ document: 1, division: '01', plan }];
    return { kind: 'planned', plans, reviews: [], purchase, siteVersion: 'v1' };
  }

  #replace(action: Extract<Action, { do: 'replace' | 'followReplace' }>, dice: Dice): OrderEvent {
    const told = (outcome: ReplaceOutcome): OrderEvent => ({ is: 'replaced', document: 1, outcome });
    const document = this.documents.find(({ orderNumber }) => orderNumber === action.orderNumber);
    if (!document) return told({ kind: 'refused', why: 'not shown' });
    const done = (): OrderEvent => {
      if (document.pending !== null)
        this.#touch(document, { content: document.pending, pending: null, isEdited: false });
      return told({ kind: 'done', glance: glanceOf(document), warehouse: 'CA' });
    };
    if (action.do === 'followReplace') {
      const how = dice.of<Repeat>('done', 'pending', 'refused', 'repeat', 'overtaken');
      if (how === 'done') return done();
      if (how === 'repeat') return told({ kind: how });
      if (how === 'pending')
        return told({ kind: how, transaction: dice.of('901', null), edits: dice.oneIn(4) ? [TAX_DIFFERENCE] : [] });
      document.pending = null;
      return told({ kind: how, why: 'picked' });
    }
    const { replacement } = action;
    if (replacement.kind === 'header') {
      const how = dice.of('underWay', 'done', 'refused', 'impossible');
      if (how === 'done') return done();
      if (how === 'refused') return told({ kind: 'refused', why: 'picked' });
      if (how === 'underWay') {
        const target = aSalesOrder({ notes: document.content });
        return told({ kind: 'underWay', target, before: target, transaction: dice.of('901', null) });
      }
      return told({ kind: 'impossible', problem: { code: 'REMAP_NOT_POSSIBLE', says: 'Still none.' } });
    }
    if (String(document.version) !== replacement.assumed.changedAt || !isLive(document))
      return told({ kind: 'overtaken', why: 'it moved' });
    if (this.#purchase.isGone || fingerprintOf(this.#purchase.content) !== action.fingerprint)
      return told({ kind: 'overtaken', why: 'the purchase changed' });
    if (replacement.target.notes !== fingerprintOf(this.#purchase.content))
      this.broken.push('an outdated content was sent');
    if (dice.oneIn(6)) return told({ kind: 'refused', why: 'STYLE_NF' });
    document.pending = replacement.target.notes;
    const { target } = replacement;
    return told({ kind: 'underWay', target, before: target, transaction: dice.of('901', null) });
  }

  #cancel(action: Extract<Action, { do: 'cancel' | 'followCancel' }>, dice: Dice): OrderEvent {
    const told = (outcome: CancelOutcome): OrderEvent => ({ is: 'cancelled', document: 1, outcome });
    const document = this.documents.find(({ orderNumber }) => orderNumber === action.orderNumber);
    if (!document) return told({ kind: 'refused', why: 'not shown' });
    const done = (left: number): OrderEvent => {
      if (left === 0) this.#touch(document, { status: 'cancelled_customer' });
      return told({
        kind: 'done',
        glance: glanceOf(document),
        left,
        says: `${10 - left} of 10 are cancelled.`,
        agreed: null,
      });
    };
    if (!isLive(document)) return done(0);
    if (action.do === 'cancel') {
      if (!dice.oneIn(4)) return told({ kind: 'underWay', transaction: dice.of('901', null) });
      this.isCancelWanted = false;
      return told({ kind: 'refused', why: 'picked' });
    }
    const how = dice.of('done', 'pending', 'refused', 'partly', 'sentAgain');
    if (how === 'sentAgain') return told({ kind: how, transaction: dice.of('902', null) });
    if (how === 'done') return done(0);
    if (how !== 'pending') this.isCancelWanted = false;
    if (how === 'partly') return done(4);
    return how === 'refused' ? told({ kind: how, why: 'picked' }) : told({ kind: 'pending' });
  }

  #touch(document: Document, change: Partial<Document>): void {
    Object.assign(document, change);
    document.version += 1;
  }

  #import(dice: Dice): void {
    this.#posts('staged', (post) => this.#imported(post));
    if (!dice.oneIn(2)) this.#poll();
  }

  #imported(post: Post): void {
    post.fate = 'imported';
    post.orderNumber = this.#document('instep', post.content).orderNumber;
    if (this.ownLiveOrders.length > 1) this.broken.push('the ERP has two live orders of ours');
  }

  #refuse(dice: Dice): void {
    this.#posts('staged', (post) => {
      post.fate = 'refused';
      post.cause = dice.of('content', 'passing', 'numberTaken');
    });
    if (!dice.oneIn(2)) this.#poll();
  }

  #posts(fate: Post['fate'], change: (post: Post) => void): void {
    for (const post of this.posts) if (post.fate === fate) change(post);
  }

  #document(by: Document['by'], content: string): Document {
    const orderNumber = String(++this.#orderNumbers);
    const document: Document = { orderNumber, by, status: 'open', content, isEdited: false, pending: null, version: 1 };
    this.documents.push(document);
    return document;
  }

  #clerk(status: ErpOrderStatus, dice: Dice): void {
    const live = this.documents.filter(isLive);
    const document = live[dice.below(live.length)];
    if (!document) return;
    this.#touch(document, { status });
    this.#poll();
  }

  /** The poller tells everything of this reference: it never loses a change. */
  #poll(): void {
    const imports = this.posts.flatMap((post): readonly ImportResult[] => {
      const { number, transaction, orderNumber, fate } = post;
      const about = { transaction, row: 1, controlNumber: number, reference: PURCHASE_REFERENCE } as const;
      if (fate === 'staged') return [{ kind: 'pending', ...about }];
      if (fate === 'imported') return [{ kind: 'imported', ...about, orderNumber, warnings: [] }];
      return fate === 'refused' ? [{ kind: 'refused', ...about, faults: faultsOf(post) }] : [];
    });
    this.#tell({ is: 'erpChanged', imports, orders: this.documents.map(glanceOf), credits: [], moved: false });
  }

  #change(dice: Dice): void {
    if (this.#purchase.isGone) return;
    const content = this.#purchase.content + dice.of(1, 0);
    this.#pass(1000);
    this.#purchase = { content, isGone: false, updatedAt: this.now };
    this.#tell({ is: 'purchaseChanged', updatedAt: this.now });
  }

  /** The buyer undoes the last edit. */
  #revert(): void {
    if (this.#purchase.isGone || this.#purchase.content === 1) return;
    this.#pass(1000);
    this.#purchase = { content: this.#purchase.content - 1, isGone: false, updatedAt: this.now };
    this.#tell({ is: 'purchaseChanged', updatedAt: this.now });
  }

  /** Content of the ERP order that this one follows, and of the purchase; null = one of them is not there. */
  get contents(): { readonly erp: string; readonly purchase: string } | null {
    const document = this.documents.find(({ orderNumber }) => orderNumber === this.state.facts.orderNumber);
    if (!document || this.#purchase.isGone) return null;
    return { erp: document.content, purchase: fingerprintOf(this.#purchase.content) };
  }

  #writeBack(): Instant {
    this.#pass(1000);
    this.#purchase = { ...this.#purchase, updatedAt: this.now };
    return this.now;
  }

  #person(dice: Dice): void {
    const kind = dice.of(...REPAIRS);
    // People end an order by hand seldom; else no story would get far.
    if (kind === 'close' && !dice.oneIn(12)) return;
    if (kind === 'cancel' && !dice.oneIn(3)) return;
    // A person's word is true here: nothing is under way, and nothing is there.
    if (kind === 'sendAnyway' && (this.isAnythingUnderWay || this.ownLiveOrders.length > 0)) return;
    const orderNumber = dice.oneIn(4) ? '999999' : (this.documents[0]?.orderNumber ?? '999999');
    const repair = requestOf(kind, { alsoMore: kind === 'acceptErp' && dice.oneIn(2), orderNumber });
    if (refuseRepair(this.state, repair) !== null) return;
    // An update is judged before the step in hand, and told after it.
    const action = decide(this.state);
    if (action.do !== 'wait' && action.do !== 'finish' && kind !== 'sendAnyway' && dice.oneIn(2)) this.#step(dice);
    const before = this.state;
    if (kind !== 'askOwner') this.isCancelWanted = kind === 'cancel';
    this.#tell({ is: 'repaired', repair });
    const lost = lostOf(before, this.state, repair);
    if (lost !== null) this.broken.push(lost);
  }

  #pass(milliseconds: number): void {
    this.now = plus(this.now, milliseconds);
  }

  #tell(event: OrderEvent): void {
    this.state = evolve(this.state, event, this.now);
  }
}

/** Why an accepted act has vanished; null = it is being done, waits, or the story says that it was not carried out. */
function lostOf(before: OrderState, after: OrderState, repair: RepairRequest): string | null {
  const { kind } = repair;
  if (refuseRepair(before, repair) === null) return null;
  const isSaid = after.timeline.some(
    (line) => !before.timeline.includes(line) && line.what.startsWith(`${kind} was not carried out. `),
  );
  const waits = after.pressed?.some((pressed) => pressed.kind === kind) || (kind === 'cancel' && after.cancelWish);
  return isSaid || waits ? null : `${kind} was accepted and has vanished`;
}

/** Throws made of one number; 0 always falls on the first side, so that a failing story shrinks to an ordinary one. */
export class Dice {
  #rest: number;

  constructor(number: number) {
    this.#rest = number;
  }

  below(sides: number): number {
    if (sides < 2) return 0;
    const side = this.#rest % sides;
    this.#rest = Math.floor(this.#rest / sides);
    return side;
  }

  of<Side>(...sides: readonly [Side, ...Side[]] | readonly Side[]): Side {
    const side = sides[this.below(sides.length)];
    if (side === undefined) throw new Error('A die has sides.');
    return side;
  }

  oneIn(sides: number): boolean {
    return this.below(sides) === sides - 1;
  }
}

export function isLive({ status }: Pick<Document, 'status'>): boolean {
  return status !== 'cancelled_customer' && status !== 'cancelled_house';
}

function glanceOf({ orderNumber, status, version }: Document): ErpGlance {
  const statusLetter = status.slice(0, 1);
  return { document: 1, orderNumber, status, statusLetter, holdCode: '', changedAt: START, version: `v${version}` };
}

function stageOf({ status }: Document): ErpStage {
  if (status === 'picked' || status === 'invoiced') return status;
  return isLive({ status }) ? 'open' : 'cancelled';
}

const EDIT: Difference = {
  field: 'freight',
  line: null,
  agreed: '0.00',
  shown: '9.00',
  money: '9.00',
  cause: 'clerk',
  tolerated: false,
};

const TOO_LATE: AmendmentPlan = { kind: 'park', changes: [], problem: { code: 'AMENDED', says: 'Too late.' } };

function planFor(document: Document, content: string, prefer: 'nobody' | 'storefront'): AmendmentPlan {
  const isSame = document.content === content && (prefer === 'nobody' || !document.isEdited);
  if (isSame) return { kind: 'same' };
  if (stageOf(document) !== 'open') return TOO_LATE;
  if (document.isEdited && prefer === 'nobody')
    return { kind: 'park', changes: [], problem: { code: 'EDIT_CONFLICT', says: 'Both changed it.' } };
  const target = aSalesOrder({ notes: content });
  const assumed = { stage: 'open', changedAt: String(document.version), content: '' } as const;
  return { kind: 'replace', changes: [], target, sent: target, assumed };
}

function fingerprintOf(content: number): string {
  return `content-${content}`;
}

function faultsOf({ cause }: Post) {
  const code = { content: 'STYLE_NF', passing: 'REC_LOCKED', numberTaken: 'DUP_ISA' }[cause];
  return [{ code, text: `It is ${code}`, line: null }] as const;
}

function refusalOf(post: Post): Extract<LookOutcome, { kind: 'refused' }> {
  return { kind: 'refused', faults: faultsOf(post), cause: post.cause };
}
