import { decide, evolve, isFinished, newOrder, refuseRepair } from '../../domain/order-lifecycle.ts';
import type {
  Action,
  ErpGlance,
  Instant,
  LookOutcome,
  OrderEvent,
  OrderState,
  RepairRequest,
  SubmissionOutcome,
} from '../../domain/order-state.ts';
import { plus } from '../../domain/order-steps.ts';
import type { Problem, Repair } from '../../domain/problems.ts';
import type { ErpOrderStatus, ImportResult, PreparedSalesOrder } from '../../domain/sales-order.ts';
import { aSalesOrder, PURCHASE_REFERENCE, PURCHASE_UUID } from '../support/builders.ts';
import { glanceOfPurchase, PACING, START } from './order-story.ts';

/** One thing that happens, with a number that decides how. 0 is always the way it should go. */
export interface Happening {
  readonly what:
    | 'step'
    | 'erpImports'
    | 'erpRefuses'
    | 'postArrives'
    | 'postVanishes'
    | 'clerkChangesStatus'
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
}

type Repeat = 'pending' | 'refused' | 'done' | 'repeat';

const REPAIRS: readonly Repair[] = [
  'retry',
  'remap',
  'release',
  'cancel',
  'sendAnyway',
  'adopt',
  'replaceCustomer',
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
  #purchase = { content: 1, isGone: false, updatedAt: START };
  #ownEntry: string | null = null;
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
      case 'clerkChangesStatus':
        return this.#clerk(
          dice.of<ErpOrderStatus>('released', 'open', 'credit_hold', 'picked', 'invoiced', 'unknown', 'hold'),
          dice,
        );
      case 'clerkCancels':
        return this.#clerk('cancelled_house', dice);
      case 'clerkCopies':
        if (this.documents.length > 0) this.#document('clerk');
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
      return { is: 'stepOverdue', why: 'HTTP 503' };
    }
    if (action.do !== 'recordClosing' && dice.oneIn(16)) return { is: 'stepRefused', why: 'HTTP 403' };
    switch (action.do) {
      case 'prepare':
        return { is: 'prepared', outcome: this.#prepare(action.customerOverride) };
      case 'submit': {
        const outcome = this.#submit(action, dice);
        // Whatever the first attempt did, a later one may end in an error that no retry mends.
        if (dice.oneIn(24)) return { is: 'stepRefused', why: 'the second attempt broke' };
        return { is: 'submitted', outcome, controlNumber: `${action.revision}.${action.attempt}` };
      }
      case 'look':
        return { is: 'looked', outcome: this.#look(action, dice) };
      case 'confirm':
        return this.#confirm(action.orderNumber, dice);
      case 'checkAdoption':
        return {
          is: 'adoptionChecked',
          outcome:
            this.statusOf(action.orderNumber) === null ? { kind: 'notOurs', why: 'not shown' } : { kind: 'ours' },
        };
      case 'compare':
        return { is: 'compared', outcome: this.#compare(action.fingerprint) };
      case 'tellBuyer':
        if (this.#purchase.isGone) return { is: 'buyerTold', outcome: { kind: 'told', updatedAt: null } };
        if (dice.oneIn(6)) return { is: 'buyerTold', outcome: { kind: 'conflict', why: 'number in use' } };
        return { is: 'buyerTold', outcome: { kind: 'told', updatedAt: this.#writeBack() } };
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
      return { kind: 'alreadyInErp', orderNumber: this.#ownEntry, sameContent: true, ...seen };
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
    return { kind: 'prepared', order, reviews, ...seen };
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
    const hasEvidence = action.transaction === null && !this.isAnythingUnderWay && !dice.oneIn(2);
    return { kind: 'nothing', watermark: '899', cleared: hasEvidence ? 'laterJobFinished' : null };
  }

  #confirm(orderNumber: string, dice: Dice): OrderEvent {
    const document = this.documents.find((each) => each.orderNumber === orderNumber);
    if (!document) return { is: 'confirmed', outcome: { kind: 'notThere' } };
    const findings: Problem[] = dice.oneIn(6) ? [{ code: 'ERP_DIFFERS', says: 'tax' }] : [];
    if (this.documents.filter(isLive).length > 1) findings.push({ code: 'DUPLICATE_IN_ERP', says: 'Several.' });
    const about = { kind: 'confirmed', glance: glanceOf(document), findings } as const;
    if (this.#purchase.isGone) return { is: 'confirmed', outcome: { ...about, purchase: { kind: 'gone' } } };
    if (dice.oneIn(8))
      return { is: 'confirmed', outcome: { ...about, purchase: { kind: 'conflict', why: 'number in use' } } };
    this.#ownEntry = orderNumber;
    const updatedAt = this.#writeBack();
    const fingerprint = fingerprintOf(this.#purchase.content);
    return { is: 'confirmed', outcome: { ...about, purchase: { kind: 'written', updatedAt, fingerprint } } };
  }

  #compare(fingerprint: string): Extract<OrderEvent, { is: 'compared' }>['outcome'] {
    const { content, isGone, updatedAt } = this.#purchase;
    if (isGone) return { kind: 'withdrawn' };
    return { kind: fingerprintOf(content) === fingerprint ? 'same' : 'amended', updatedAt };
  }

  #replace(action: Extract<Action, { do: 'replace' | 'followReplace' }>, dice: Dice): OrderEvent {
    const document = this.documents.find(({ orderNumber }) => orderNumber === action.orderNumber);
    if (!document) return { is: 'replaced', outcome: { kind: 'refused', why: 'not shown' } };
    const done = { kind: 'done', glance: glanceOf(document), warehouse: 'CA' } as const;
    if (action.do === 'replace') {
      const how = dice.of('underWay', 'done', 'refused', 'impossible');
      if (how === 'done') return { is: 'replaced', outcome: done };
      if (how === 'refused') return { is: 'replaced', outcome: { kind: 'refused', why: 'picked' } };
      if (how === 'underWay') return { is: 'replaced', outcome: { kind: 'underWay', target: aSalesOrder() } };
      const problem = { code: 'REMAP_NOT_POSSIBLE', says: 'Still none.' } as const;
      return { is: 'replaced', outcome: { kind: 'impossible', problem } };
    }
    const how = dice.of<Repeat>('done', 'pending', 'refused', 'repeat');
    if (how === 'done') return { is: 'replaced', outcome: done };
    return { is: 'replaced', outcome: how === 'refused' ? { kind: how, why: 'picked' } : { kind: how } };
  }

  #cancel(action: Extract<Action, { do: 'cancel' | 'followCancel' }>, dice: Dice): OrderEvent {
    const document = this.documents.find(({ orderNumber }) => orderNumber === action.orderNumber);
    if (!document) return { is: 'cancelled', outcome: { kind: 'refused', why: 'not shown' } };
    const done = (): OrderEvent => {
      document.status = 'cancelled_customer';
      return { is: 'cancelled', outcome: { kind: 'done', glance: glanceOf(document) } };
    };
    if (!isLive(document)) return done();
    if (action.do === 'cancel')
      return dice.oneIn(4)
        ? { is: 'cancelled', outcome: { kind: 'refused', why: 'picked' } }
        : { is: 'cancelled', outcome: { kind: 'underWay', transaction: dice.of('901', null) } };
    const how = dice.of<Exclude<Repeat, 'repeat'>>('done', 'pending', 'refused');
    if (how === 'done') return done();
    return { is: 'cancelled', outcome: how === 'refused' ? { kind: how, why: 'picked' } : { kind: how } };
  }

  #import(dice: Dice): void {
    this.#posts('staged', (post) => this.#imported(post));
    if (!dice.oneIn(2)) this.#poll();
  }

  #imported(post: Post): void {
    post.fate = 'imported';
    post.orderNumber = this.#document('instep').orderNumber;
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

  #document(by: Document['by']): Document {
    const document: Document = { orderNumber: String(++this.#orderNumbers), by, status: 'open' };
    this.documents.push(document);
    return document;
  }

  #clerk(status: ErpOrderStatus, dice: Dice): void {
    const live = this.documents.filter(isLive);
    const document = live[dice.below(live.length)];
    if (!document) return;
    document.status = status;
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
    this.#tell({ is: 'erpChanged', imports, orders: this.documents.map(glanceOf) });
  }

  #change(dice: Dice): void {
    if (this.#purchase.isGone) return;
    const content = this.#purchase.content + dice.of(1, 0);
    this.#pass(1000);
    this.#purchase = { content, isGone: false, updatedAt: this.now };
    this.#tell({ is: 'purchaseChanged', updatedAt: this.now });
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
    const act = { actor: 'ada', reason: 'because' } as const;
    const number = dice.oneIn(4) ? '999999' : (this.documents[0]?.orderNumber ?? '999999');
    const repair: RepairRequest =
      kind === 'adopt'
        ? { kind, orderNumber: number, ...act }
        : kind === 'replaceCustomer'
          ? { kind, customer: 'OTHER', ...act }
          : { kind, ...act };
    const refusal = refuseRepair(this.state, repair);
    const before = this.state;
    this.#tell({ is: 'repaired', repair });
    if (refusal !== null && this.state !== before) this.broken.push(`${kind} was refused and yet had an effect`);
    if (refusal === null && this.state === before) this.broken.push(`${kind} was accepted and had no effect`);
  }

  #pass(milliseconds: number): void {
    this.now = plus(this.now, milliseconds);
  }

  #tell(event: OrderEvent): void {
    this.state = evolve(this.state, event, this.now);
  }
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

function glanceOf({ orderNumber, status }: Document): ErpGlance {
  return { orderNumber, status, statusLetter: status.slice(0, 1), holdCode: '', changedAt: START };
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
