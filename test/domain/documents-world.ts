import type { Difference } from '../../domain/compare-sales-order.ts';
import { decide, evolve, isFinished, newOrder } from '../../domain/order-lifecycle.ts';
import { refuseRepair } from '../../domain/order-acts.ts';
import type {
  Action,
  CancelOutcome,
  DocumentFacts,
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
  ReplaceOutcome,
  ReviseOutcome,
  SubmissionOutcome,
} from '../../domain/order-state.ts';
import { plus } from '../../domain/order-steps.ts';
import type { Repair } from '../../domain/problems.ts';
import type { ErpOrderStatus, ImportResult, PreparedSalesOrder } from '../../domain/sales-order.ts';
import { documentReference, parseReference } from '../../domain/storefront-reference.ts';
import { aSalesOrder, PURCHASE_REFERENCE, PURCHASE_UUID } from '../support/builders.ts';
import { glanceOfPurchase, OPEN_SETTLEMENT, OPEN_UNITS, PACING, requestOf, START } from './order-story.ts';
import { Dice, isLive } from './order-world.ts';

/** One thing that happens to an order of two divisions, with a number that decides how; 0 is the way it should go. */
export interface DocumentsHappening {
  readonly what:
    | 'step'
    | 'erpImports'
    | 'erpRefuses'
    | 'postArrives'
    | 'clerkPicks'
    | 'clerkCancels'
    | 'clerkEdits'
    | 'clerkUndoes'
    | 'buyerEdits'
    | 'buyerReverts'
    | 'purchaseVanishes'
    | 'pollerTells'
    | 'personActs'
    | 'timePasses';
  readonly how: number;
}

const DIVISIONS = ['01', '02'] as const;
type Division = (typeof DIVISIONS)[number];
/** What the purchase says of each division; 0 = nothing of it. */
type Content = Readonly<Record<Division, number>>;

interface Post {
  readonly number: string;
  readonly document: number;
  readonly division: Division;
  readonly content: number;
  readonly transaction: string;
  fate: 'travelling' | 'staged' | 'imported' | 'refused';
  orderNumber: string;
}

interface ErpOrder {
  readonly orderNumber: string;
  readonly document: number;
  readonly division: Division;
  status: ErpOrderStatus;
  /** Both sides know that nothing of it is left; what the house alone cancels is not entered anew by itself. */
  isOver: boolean;
  content: number;
  isEdited: boolean;
  /** What a replace under way would bring. */
  pending: number | null;
  version: number;
}

const REPAIRS: readonly Repair[] = [
  'retry',
  'retry',
  'resync',
  'remap',
  'release',
  'cancel',
  'sendAnyway',
  'acceptErp',
  'pushStorefront',
  'askOwner',
  'close',
];

/**
 * A storefront, an ERP and people around one order of two divisions, answering as the activities do. What counts here is
 * what the documents do to one another; one document alone is the subject of `order-world.ts`.
 */
export class DocumentsWorld {
  state: OrderState = newOrder({ site: 'acme', key: PURCHASE_UUID, reference: PURCHASE_REFERENCE }, START);
  now: Instant = START;
  readonly posts: Post[] = [];
  readonly orders: ErpOrder[] = [];
  /** Broken promises, in words. */
  readonly broken: string[] = [];
  readonly #changeIs: 'replace' | 'reenter';
  #content: Content = { '01': 1, '02': 1 };
  #before: Content | null = null;
  #isGone = false;
  #updatedAt: Instant = START;
  #entry: string | null = null;
  #count = 0;
  #isCancelledByPerson = false;
  #actionsSinceNews = 0;

  constructor(changeIs: 'replace' | 'reenter') {
    this.#changeIs = changeIs;
  }

  /** Lets one thing happen. */
  happen({ what, how }: DocumentsHappening): void {
    if (isFinished(this.state)) return;
    const dice = new Dice(how);
    if (what !== 'step') this.#actionsSinceNews = 0;
    switch (what) {
      case 'step':
        return this.#step(dice);
      case 'erpImports':
        for (const post of this.#inFate('staged')) if (!dice.oneIn(3)) this.#imported(post);
        return this.#mayTell(dice);
      case 'erpRefuses': {
        const post = this.#inFate('staged')[0];
        if (post) post.fate = 'refused';
        return this.#mayTell(dice);
      }
      case 'postArrives':
        for (const post of this.#inFate('travelling')) post.fate = 'staged';
        return;
      case 'clerkPicks':
        return this.#clerk(dice, { status: 'picked' });
      case 'clerkCancels':
        return this.#clerk(dice, { status: 'cancelled_house' });
      case 'clerkEdits':
        return this.#clerk(dice, { isEdited: true });
      case 'clerkUndoes':
        return this.#clerk(dice, { isEdited: false, status: 'open' });
      case 'buyerEdits':
        return this.#edit({ ...this.#content, [dice.of(...DIVISIONS)]: dice.of(2, 3, 0) });
      case 'buyerReverts':
        return this.#before ? this.#edit(this.#before) : undefined;
      case 'purchaseVanishes':
        this.#isGone = true;
        return this.#tell({ is: 'purchaseGone' });
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
    for (const post of this.#inFate('travelling')) post.fate = 'staged';
    for (let turn = 0; turn < 120; turn++) {
      const action = decide(this.state);
      if (action.do === 'finish' || (action.do === 'wait' && action.until === null)) return true;
      for (const post of this.#inFate('staged')) this.#imported(post);
      this.#step(new Dice(0));
      if (this.broken.length > 0) return true;
    }
    return false;
  }

  get isAnythingUnderWay(): boolean {
    return this.posts.some(({ fate }) => fate === 'travelling' || fate === 'staged');
  }

  get liveOrders(): readonly ErpOrder[] {
    return this.orders.filter(isLive);
  }

  /** What the ERP has of each division, and what the purchase says; null = there is no purchase any more. */
  get contents(): { readonly erp: Content; readonly purchase: Content } | null {
    if (this.#isGone) return null;
    const there = (division: Division) => this.liveOrders.find((order) => order.division === division)?.content ?? 0;
    return { erp: { '01': there('01'), '02': there('02') }, purchase: this.#content };
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
    if (this.#actionsSinceNews > 30) this.broken.push(`it spins at ${action.do}`);
    this.#tell(this.#perform(action, dice));
  }

  #perform(action: Exclude<Action, { do: 'wait' | 'finish' }>, dice: Dice): OrderEvent {
    const document = 'document' in action ? action.document : 1;
    if (action.do !== 'submit' && dice.oneIn(16)) {
      // A cancel that does not go through waits for a person, and the order lives on.
      if (action.do === 'cancel' || action.do === 'followCancel') this.#isCancelledByPerson = false;
      return { is: 'stepRefused', document, why: 'HTTP 403' };
    }
    switch (action.do) {
      case 'prepare':
        return { is: 'prepared', outcome: this.#prepare() };
      case 'submit': {
        const outcome = this.#submit(action, dice);
        if (dice.oneIn(24)) return { is: 'stepRefused', document, why: 'the second attempt broke' };
        return { is: 'submitted', document, outcome, controlNumber: numberOf(action) };
      }
      case 'look':
        return { is: 'looked', document, outcome: this.#look(action, dice) };
      case 'follow':
        return { is: 'followed', outcome: this.#follow(action, dice) };
      case 'revise':
        return { is: 'revised', outcome: this.#revise(action, dice) };
      case 'checkAdoption':
        return { is: 'adoptionChecked', document, outcome: { kind: 'notOurs', why: 'not shown' } };
      case 'replace':
      case 'followReplace':
        return { is: 'replaced', document, outcome: this.#replace(action, dice) };
      case 'cancel':
      case 'followCancel':
        return { is: 'cancelled', document, outcome: this.#cancel(action, dice) };
      case 'recordClosing':
        return { is: 'closingRecorded' };
    }
  }

  #prepare(): PrepareOutcome {
    if (this.#isGone) return { kind: 'withdrawn', why: 'the purchase is gone' };
    const present = DIVISIONS.filter((division) => this.#content[division] > 0);
    if (present.length === 0) return { kind: 'withdrawn', why: 'everything in it is cancelled' };
    const orders = present.map((division, index) => this.#orderOf(division, index + 1));
    return { kind: 'prepared', orders, reviews: [], purchase: this.#glance(), pacing: PACING, siteVersion: 'v1' };
  }

  #submit(action: Extract<Action, { do: 'submit' }>, dice: Dice): SubmissionOutcome {
    if (dice.oneIn(8)) return { kind: 'notPosted', why: 'HTTP 503', retryAfterMs: 10_000 };
    const found = this.#lookFor(action.document, numberOf(action));
    if (found) return found;
    if (this.#isGone) return { kind: 'withdrawn' };
    if (this.#fingerprint !== action.fingerprint) return { kind: 'purchaseChanged', updatedAt: this.#updatedAt };
    const post = this.#post(action);
    const answer = dice.of('staged', 'decided', 'travelling', 'lost', 'refused');
    if (answer === 'decided') this.#imported(post);
    if (answer === 'travelling') post.fate = 'travelling';
    if (answer === 'refused') post.fate = 'refused';
    if (answer === 'travelling' || answer === 'lost') return { kind: 'unknown', why: 'socket closed' };
    return outcomeOf(post) ?? { kind: 'staged', transaction: post.transaction, row: 1 };
  }

  #post(action: Extract<Action, { do: 'submit' }>): Post {
    const { document, order, permission } = action;
    const division = divisionOf(order);
    const isTaken = ({ division: other }: { readonly division: Division }) => other === division;
    const about = `document ${document} left (${permission.kind})`;
    if (this.liveOrders.some(isTaken)) this.broken.push(`${about} for goods the ERP has an order for`);
    if ([...this.#inFate('travelling'), ...this.#inFate('staged')].some(isTaken))
      this.broken.push(`${about} while another post of the same goods was under way`);
    if (parseReference(order.reference)?.document !== document) this.broken.push(`${about} under another’s reference`);
    if (contentOf(order) !== this.#content[division]) this.broken.push(`${about} with an outdated content`);
    if (this.#isCancelledByPerson) this.broken.push(`${about} though a person had cancelled the order`);
    const number = numberOf(action);
    if (this.posts.some((post) => post.document === document && post.number === number))
      this.broken.push(`${about} under a control number that the ERP knows`);
    const transaction = String(900 + ++this.#count);
    const post: Post = {
      number,
      document,
      division,
      content: contentOf(order),
      transaction,
      fate: 'staged',
      orderNumber: '',
    };
    this.posts.push(post);
    return post;
  }

  /** Orders first, then the import log, as the activities do. */
  #lookFor(document: number, number: string): Exclude<LookOutcome, { kind: 'nothing' }> | null {
    const own = this.orders.filter((order) => order.document === document);
    const order = own.find(isLive) ?? own[0];
    if (order) return { kind: 'accepted', orderNumber: order.orderNumber, how: 'adopted', warnings: [] };
    const posts = this.posts.filter((post) => post.document === document);
    const pending = posts.find(({ fate }) => fate === 'staged');
    if (pending) return { kind: 'staged', transaction: pending.transaction, row: 1 };
    const refused = posts.find((post) => post.fate === 'refused' && post.number === number);
    return refused ? outcomeOf(refused) : null;
  }

  #look({ document, transaction, ...action }: Extract<Action, { do: 'look' }>, dice: Dice): LookOutcome {
    const found = this.#lookFor(document, numberOf(action));
    if (found) return found;
    const hasEvidence = transaction === null && !this.isAnythingUnderWay && !dice.oneIn(3);
    return { kind: 'nothing', watermark: '899', cleared: hasEvidence ? 'laterJobFinished' : null };
  }

  #follow(action: Extract<Action, { do: 'follow' }>, dice: Dice): FollowOutcome {
    const there = this.#shown(action.documents);
    const missing = there.find(() => dice.oneIn(24));
    if (missing) return { kind: 'notThere', orderNumber: missing.orderNumber };
    const now = this.#fingerprint;
    const isKnown = now === action.fingerprint || (action.trustEntry && this.#entry === now);
    const isSeen = isKnown || now === this.#entry || now === action.refused;
    const needsChoice = action.accept !== null && !action.accept.alsoMore && !dice.oneIn(2);
    const accepted = action.accept === null ? 'notAsked' : !isSeen ? 'unseen' : needsChoice ? 'needsChoice' : 'yes';
    const isConflict = dice.oneIn(12);
    const isWritten = !this.#isGone && !isConflict;
    const isAmended = accepted !== 'yes' && !isKnown;
    if (isWritten) {
      if (!isAmended) this.#write(there, action, accepted === 'yes');
      this.#entry = isAmended ? action.fingerprint : this.#fingerprint;
      this.#pass(1000);
      this.#updatedAt = this.now;
    }
    const documents = there.map((order): FollowedDocument => {
      const agreed = this.#prepared(order.division, order.document, order.content);
      const isOver = !isLive(order);
      return {
        document: order.document,
        glance: glanceOf(order),
        stage: isOver ? 'cancelled' : order.status === 'picked' ? 'picked' : 'open',
        units: isOver ? { ...OPEN_UNITS, open: 0, cancelled: 10 } : OPEN_UNITS,
        agreed,
        sent: accepted === 'yes' ? agreed : null,
        differences: order.isEdited ? [EDIT] : [],
      };
    });
    return {
      kind: 'followed',
      documents,
      findings: [],
      settlement: { ...OPEN_SETTLEMENT, complete: there.every((order) => !isLive(order)) },
      transactions: {},
      takenOver: [],
      accepted,
      purchase: this.#isGone
        ? { kind: 'gone' }
        : isConflict
          ? { kind: 'conflict', why: 'number in use' }
          : { kind: isAmended ? 'amended' : 'written', updatedAt: this.#updatedAt, fingerprint: this.#fingerprint },
    };
  }

  /** What the ERP's orders do not bring is shown as cancelled, unless it is on its way. */
  #write(there: readonly ErpOrder[], action: Extract<Action, { do: 'follow' }>, isAccepted: boolean): void {
    const onTheirWay = new Set(action.documents.flatMap((document) => document.onTheirWay));
    for (const division of DIVISIONS) {
      const own = there.filter((order) => order.division === division);
      const live = own.find(isLive);
      if (isAccepted) for (const order of own) Object.assign(order, { isEdited: false, isOver: !isLive(order) });
      if (own.length === 0 || onTheirWay.has(division)) continue;
      const shown = live?.content ?? 0;
      // What could not be cancelled any more is shown as ordered.
      const meant = this.#content[division];
      if (!isAccepted && live && meant !== 0 && shown !== meant)
        this.broken.push(`the buyer’s change of division ${division} was written over`);
      this.#content = { ...this.#content, [division]: shown };
    }
  }

  #revise(action: Extract<Action, { do: 'revise' }>, dice: Dice): ReviseOutcome {
    if (this.#isGone)
      return { kind: 'withdrawn', verdict: dice.of('cancel', 'park'), why: 'the purchase is gone', fingerprint: null };
    const now = this.#fingerprint;
    const isKnown = now === action.fingerprint || (action.trustEntry && this.#entry === now);
    if (!action.anyway && isKnown) return { kind: 'unchanged', updatedAt: this.#updatedAt };
    if (dice.oneIn(16))
      return {
        kind: 'impossible',
        problems: [{ code: 'SKU_UNKNOWN', says: 'No such SKU.' }],
        purchase: this.#glance(),
      };
    return {
      kind: 'planned',
      plans: this.#plans(action),
      reviews: [],
      purchase: this.#glance(),
      siteVersion: 'v1',
    };
  }

  #plans({ documents, prefer }: Extract<Action, { do: 'revise' }>): readonly DocumentPlan[] {
    const isKept = (order: ErpOrder) => isLive(order) || !(order.isOver || prefer === 'storefront');
    const kept = this.#shown(documents).filter(isKept);
    const unsent = documents.filter(({ orderNumber }) => orderNumber === '');
    let next = Math.max(...documents.map(({ document }) => document)) + 1;
    return DIVISIONS.flatMap((division): readonly DocumentPlan[] => {
      const order = kept.findLast((each) => each.division === division);
      const content = this.#content[division];
      if (!order && content === 0) return [];
      if (!order) {
        const document = unsent.find((each) => each.division === division)?.document ?? next++;
        return [{ document, division, plan: { kind: 'send', order: this.#orderOf(division, document) } }];
      }
      const about = { document: order.document, division };
      if (!isLive(order)) return [{ ...about, plan: content === 0 ? { kind: 'same' } : stopped('EDIT_CONFLICT') }];
      const assumed = { stage: 'open', changedAt: String(order.version), content: '' } as const;
      const isSame = order.content === content && (prefer === 'nobody' || !order.isEdited);
      if (isSame) return [{ ...about, plan: { kind: 'same' } }];
      if (content === 0)
        return [{ ...about, plan: { kind: 'cancelOpen', changes: [], lines: null, sent: null, assumed } }];
      if (order.status === 'picked') return [{ ...about, plan: stopped('AMENDED') }];
      if (order.isEdited && prefer === 'nobody') return [{ ...about, plan: stopped('EDIT_CONFLICT') }];
      if (this.#changeIs === 'reenter') return [{ ...about, plan: { kind: 'reenter', changes: [], assumed } }];
      const target = this.#orderOf(division, order.document);
      return [{ ...about, plan: { kind: 'replace', changes: [], target, sent: target, assumed } }];
    });
  }

  #replace(action: Extract<Action, { do: 'replace' | 'followReplace' }>, dice: Dice): ReplaceOutcome {
    const order = this.orders.find(({ orderNumber }) => orderNumber === action.orderNumber);
    if (!order) return { kind: 'refused', why: 'not shown' };
    if (action.do === 'followReplace') {
      const how = dice.of<'done' | 'pending' | 'refused' | 'overtaken' | 'repeat'>(
        'done',
        'pending',
        'refused',
        'overtaken',
        'repeat',
      );
      if (how === 'repeat') return { kind: how };
      if (how === 'pending') return { kind: how, transaction: action.transaction, edits: [] };
      if (how === 'done') {
        if (order.pending !== null) this.#touch(order, { content: order.pending, isEdited: false, pending: null });
        return { kind: 'done', glance: glanceOf(order), warehouse: 'NJ' };
      }
      order.pending = null;
      return { kind: how, why: 'picked' };
    }
    const { replacement } = action;
    if (!isLive(order)) return { kind: 'refused', why: 'cancelled' };
    if (replacement.kind === 'header') {
      order.pending = order.content;
      const target = this.#prepared(order.division, order.document, order.content);
      return { kind: 'underWay', target, before: target, transaction: '901' };
    }
    if (String(order.version) !== replacement.assumed.changedAt) return { kind: 'overtaken', why: 'it moved' };
    if (this.#isGone || this.#fingerprint !== action.fingerprint)
      return { kind: 'overtaken', why: 'the purchase changed in the meantime' };
    if (dice.oneIn(4)) return { kind: 'refused', why: 'STYLE_NF' };
    if (contentOf(replacement.target) !== this.#content[order.division])
      this.broken.push('an outdated content was sent');
    order.pending = contentOf(replacement.target);
    const { target } = replacement;
    return { kind: 'underWay', target, before: target, transaction: '901' };
  }

  #cancel(action: Extract<Action, { do: 'cancel' | 'followCancel' }>, dice: Dice): CancelOutcome {
    const order = this.orders.find(({ orderNumber }) => orderNumber === action.orderNumber);
    if (!order) return { kind: 'refused', why: 'not shown' };
    const done = (left: number): CancelOutcome => {
      const says = `${10 - left} of 10 units are cancelled.`;
      return { kind: 'done', glance: glanceOf(order), left, says, agreed: null };
    };
    if (!isLive(order)) return done(0);
    if (action.do === 'cancel') return { kind: 'underWay', transaction: '901' };
    const how = dice.of('done', 'pending', 'refused', 'partly');
    if (how === 'pending') return { kind: 'pending' };
    if (how === 'refused' || how === 'partly' || order.status === 'picked') {
      this.#isCancelledByPerson = false;
      return how === 'refused' ? { kind: how, why: 'picked' } : done(4);
    }
    this.#touch(order, { status: 'cancelled_customer', isOver: true, pending: null });
    return done(0);
  }

  #orderOf(division: Division, document: number): PreparedSalesOrder {
    return this.#prepared(division, document, this.#content[division]);
  }

  #prepared(division: Division, document: number, content: number): PreparedSalesOrder {
    const [line] = aSalesOrder().lines;
    const reference = documentReference(PURCHASE_REFERENCE, document);
    const lines = line ? [{ ...line, item: division, quantity: content }] : [];
    return aSalesOrder({ reference, division, lines });
  }

  #shown(documents: readonly DocumentFacts[]): readonly ErpOrder[] {
    const numbers = new Set(documents.map(({ orderNumber }) => orderNumber));
    return this.orders.filter(({ orderNumber }) => numbers.has(orderNumber));
  }

  #imported(post: Post): void {
    post.fate = 'imported';
    post.orderNumber = String(500_000 + ++this.#count);
    const { orderNumber, document, division, content } = post;
    this.orders.push({
      orderNumber,
      document,
      division,
      status: 'open',
      isOver: false,
      content,
      isEdited: false,
      pending: null,
      version: 1,
    });
  }

  #touch(order: ErpOrder, change: Partial<ErpOrder>): void {
    Object.assign(order, change);
    order.version += 1;
  }

  #clerk(dice: Dice, change: Partial<ErpOrder>): void {
    const order = this.liveOrders[dice.below(this.liveOrders.length)];
    if (!order) return;
    this.#touch(order, change);
    this.#poll();
  }

  #inFate(fate: Post['fate']): readonly Post[] {
    return this.posts.filter((post) => post.fate === fate);
  }

  #mayTell(dice: Dice): void {
    if (!dice.oneIn(2)) this.#poll();
  }

  /** The poller tells everything of this purchase: it never loses a change. */
  #poll(): void {
    const imports = this.posts.flatMap((post): readonly ImportResult[] => {
      const reference = documentReference(PURCHASE_REFERENCE, post.document);
      const about = { transaction: post.transaction, row: 1, controlNumber: post.number, reference };
      const { fate, orderNumber } = post;
      if (fate === 'staged') return [{ kind: 'pending', ...about }];
      if (fate === 'imported') return [{ kind: 'imported', ...about, orderNumber, warnings: [] }];
      return fate === 'refused' ? [{ kind: 'refused', ...about, faults: FAULTS }] : [];
    });
    this.#tell({ is: 'erpChanged', imports, orders: this.orders.map(glanceOf), credits: [], moved: false });
  }

  #edit(content: Content): void {
    if (this.#isGone) return;
    this.#pass(1000);
    this.#before = this.#content;
    this.#content = content;
    this.#updatedAt = this.now;
    this.#isCancelledByPerson = false;
    this.#tell({ is: 'purchaseChanged', updatedAt: this.now });
  }

  #person(dice: Dice): void {
    const kind = dice.of(...REPAIRS);
    if (kind === 'close' && !dice.oneIn(12)) return;
    if (kind === 'cancel' && !dice.oneIn(3)) return;
    if (kind === 'sendAnyway' && (this.isAnythingUnderWay || this.orders.length > 0)) return;
    const repair = requestOf(kind, { alsoMore: dice.oneIn(2) });
    if (refuseRepair(this.state, repair) !== null) return;
    // An update is judged before the step in hand, and told after it.
    const action = decide(this.state);
    if (action.do !== 'wait' && action.do !== 'finish' && kind !== 'sendAnyway' && dice.oneIn(2)) this.#step(dice);
    // What is pressed later than a cancel that did not go through is what holds.
    if (kind !== 'askOwner') this.#isCancelledByPerson = kind === 'cancel';
    this.#tell({ is: 'repaired', repair });
  }

  #glance(): PurchaseGlance {
    return glanceOfPurchase({ updatedAt: this.#updatedAt, fingerprint: this.#fingerprint });
  }

  get #fingerprint(): string {
    return `${this.#content['01']}/${this.#content['02']}`;
  }

  #pass(milliseconds: number): void {
    this.now = plus(this.now, milliseconds);
  }

  #tell(event: OrderEvent): void {
    this.state = evolve(this.state, event, this.now);
  }
}

const FAULTS = [{ code: 'STYLE_NF', text: 'It is STYLE_NF', line: null }] as const;

const EDIT: Difference = {
  field: 'freight',
  line: null,
  agreed: '0.00',
  shown: '9.00',
  money: '9.00',
  cause: 'clerk',
  tolerated: false,
};

function stopped(code: 'AMENDED' | 'EDIT_CONFLICT') {
  return { kind: 'park', changes: [], problem: { code, says: `It is ${code}.` } } as const;
}

function outcomeOf({ fate, orderNumber }: Post): Extract<LookOutcome, { kind: 'accepted' | 'refused' }> | null {
  if (fate === 'imported') return { kind: 'accepted', orderNumber, how: 'imported', warnings: [] };
  return fate === 'refused' ? { kind: 'refused', faults: FAULTS, cause: 'content' } : null;
}

function numberOf({ revision, attempt }: { readonly revision: number; readonly attempt: number }): string {
  return `${revision}.${attempt}`;
}

function divisionOf({ division }: PreparedSalesOrder): Division {
  return division === '02' ? '02' : '01';
}

function contentOf({ lines }: PreparedSalesOrder): number {
  return lines[0]?.quantity ?? 0;
}

function glanceOf({ orderNumber, document, status, version }: ErpOrder): ErpGlance {
  return {
    document,
    orderNumber,
    status,
    statusLetter: status.slice(0, 1),
    holdCode: '',
    changedAt: START,
    version: `v${version}`,
  };
}
