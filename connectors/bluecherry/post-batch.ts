import type { PostOutcome } from '../../domain/sales-order.ts';
import type { CallOptions } from './call-options.ts';
import type { Caller, WriteResult } from './caller.ts';
import type { Log } from './log.ts';
import { outcomesOf } from './post-outcomes.ts';
import type { Settings } from './settings.ts';
import { msUntilEndOf } from './stamps.ts';
import type { WireRow } from './write-sales-order.ts';

/** Told around a post, so that a journal on disk can say whether it ever left. */
export interface PostWatch {
  /** Awaited before the request leaves; when it fails, this order stays out of the array and nothing was sent. */
  before(): Promise<void>;
  /** Called when the outcome is known, if `before` was called. */
  after(outcome: PostOutcome): Promise<void>;
}

export interface Post {
  readonly reference: string;
  readonly controlNumber: string;
  readonly row: WireRow;
  readonly watch: PostWatch | null;
}

interface Member extends Post {
  readonly call: CallOptions;
  /** Latest epoch ms at which it may leave. */
  readonly startBy: number;
  readonly settle: (outcome: PostOutcome) => void;
  readonly fail: (error: unknown) => void;
  stage: 'waiting' | 'starting' | 'left';
}

/** An array does not wait longer than this for what its members do before they leave. */
const BEFORE_MS = 10_000;
const SOON_MS = 1_000;
const MOST_ALONE = 1_000;

/**
 * Orders that wait for the governor together leave as one array. Before it leaves a member may go; afterwards nothing
 * is withdrawn, whatever becomes of the callers, and each is told its own outcome.
 */
export class PostBatcher {
  readonly #caller: Caller;
  readonly #settings: Settings;
  readonly #clock: () => Date;
  readonly #log: Log;
  #waiting: Member[] = [];
  /** By reference: the same document never stands twice in the ERP's way. */
  readonly #underWay = new Map<string, Member>();
  /** Control numbers of an array that was refused as a whole: each goes alone, so that one cannot spoil the others. */
  readonly #alone = new Set<string>();
  #isAsking = false;

  constructor(caller: Caller, settings: Settings, clock: () => Date, log: Log) {
    this.#caller = caller;
    this.#settings = settings;
    this.#clock = clock;
    this.#log = log;
  }

  /** Sends one order, with others if others wait. Rejects only with the signal's reason or what `before` threw: then nothing left. */
  post(post: Post, call: CallOptions): Promise<PostOutcome> {
    const { signal, deadline } = call;
    signal.throwIfAborted();
    const frozen = this.freeze();
    if (frozen) return Promise.resolve(frozen);
    const twin = this.#underWay.get(post.reference);
    if (twin && twin.stage !== 'waiting')
      return Promise.resolve({ kind: 'unknown', why: 'a post of the same reference is under way' });
    if (twin) this.#leave(twin, notTaken('SUPERSEDED', 'a later attempt of the same post stands in its place', 0));
    const startBy = deadline - this.#settings.timeouts.writeMs;
    const left = startBy - Date.now();
    if (left <= 0) return Promise.resolve(noTimeLeft());
    return new Promise((resolve, reject) => {
      const tooLate = setTimeout(() => this.#leave(member, noTimeLeft()), left);
      const aborted = () => {
        if (member.stage === 'waiting') member.fail(signal.reason);
      };
      const over = () => {
        clearTimeout(tooLate);
        signal.removeEventListener('abort', aborted);
        this.#waiting = this.#waiting.filter((other) => other !== member);
        if (this.#underWay.get(member.reference) === member) this.#underWay.delete(member.reference);
      };
      const member: Member = {
        ...post,
        call,
        startBy,
        stage: 'waiting',
        settle(outcome) {
          over();
          resolve(outcome);
        },
        fail(error) {
          over();
          reject(error);
        },
      };
      signal.addEventListener('abort', aborted, { once: true });
      this.#waiting.push(member);
      this.#underWay.set(member.reference, member);
      this.#ask();
    });
  }

  /** Writes wait while the ERP's freeze window is open (assumed); null = it is not. */
  freeze(): Extract<PostOutcome, { kind: 'notTaken' }> | null {
    const { freezeWindow, zone } = this.#settings;
    const wait = freezeWindow ? msUntilEndOf(freezeWindow, this.#clock(), zone) : 0;
    return wait > 0 ? notTaken('FREEZE_WINDOW', 'the ERP takes no orders at this hour', wait) : null;
  }

  /** Sends away what has not left. */
  close(): void {
    for (const member of this.#waiting) this.#leave(member, notTaken('CLOSED', 'the connector is closed', SOON_MS));
  }

  #leave(member: Member, outcome: PostOutcome): void {
    if (member.stage === 'waiting') member.settle(outcome);
  }

  /** One request for a turn at a time; who comes before the turn travels along. */
  #ask(): void {
    if (this.#isAsking || this.#waiting.length === 0) return;
    this.#isAsking = true;
    void this.#send().catch((error: unknown) => this.#log.error({ error }, 'a post failed in an unforeseen way'));
  }

  async #send(): Promise<void> {
    let members: readonly Member[] | null = null;
    let result: WriteResult;
    try {
      if (this.#waiting.length < this.#settings.batchMax) await timer(this.#settings.batchWaitMs).over;
      result = await this.#caller.write({
        resource: this.#settings.resources.salesOrder,
        priority: 'order',
        signal: null,
        startBy: null,
        body: async () => {
          const taken = this.#take();
          this.#isAsking = false;
          this.#ask();
          members = taken;
          members = await this.#start(taken);
          return members.length === 0 ? null : JSON.stringify(members.map(({ row }) => row));
        },
      });
    } catch (error) {
      this.#log.error({ error }, 'a post failed in an unforeseen way');
      result = { kind: 'unknown', why: 'the connector failed' };
    }
    await this.#tell(members, result);
  }

  /** Asked when the turn has come. */
  #take(): readonly Member[] {
    const [first] = this.#waiting;
    if (!first) return [];
    const isAlone = (member: Member) => this.#alone.has(member.controlNumber);
    const taken = isAlone(first)
      ? [first]
      : this.#waiting.filter((member) => !isAlone(member)).slice(0, this.#settings.batchMax);
    for (const member of taken) member.stage = 'starting';
    this.#waiting = this.#waiting.filter((member) => !taken.includes(member));
    return taken;
  }

  /** Lets every member do what it must before it leaves; those that may not or cannot leave stay behind. */
  async #start(taken: readonly Member[]): Promise<readonly Member[]> {
    const frozen = this.freeze();
    if (frozen) {
      for (const member of taken) member.settle(frozen);
      return [];
    }
    const ready = await Promise.all(taken.map((member) => this.#isReady(member)));
    const leaving = taken.filter((_, index) => ready[index] === true);
    for (const member of leaving) member.stage = 'left';
    return leaving;
  }

  async #isReady(member: Member): Promise<boolean> {
    const { watch, call, startBy } = member;
    const preparing = watch?.before() ?? Promise.resolve();
    const limit = timer(Math.max(0, Math.min(BEFORE_MS, startBy - Date.now())));
    const stayBehind = async (tell: () => void) => {
      await this.#after(member, noTimeLeft());
      tell();
    };
    try {
      const inTime = await Promise.race([preparing.then(() => true), limit.over.then(() => false)]);
      if (!inTime) {
        // It goes on without this one, which is told as soon as its own preparation has ended.
        void preparing.then(() => stayBehind(() => member.settle(noTimeLeft())), member.fail);
        return false;
      }
    } catch (error) {
      member.fail(error);
      return false;
    } finally {
      limit.clear();
    }
    if (call.signal.aborted) {
      await stayBehind(() => member.fail(call.signal.reason));
      return false;
    }
    return true;
  }

  async #tell(members: readonly Member[] | null, result: WriteResult): Promise<void> {
    if (members === null) {
      // The turn never came: all who wait are in the same boat.
      this.#isAsking = false;
      const outcome = result.kind === 'notTaken' ? result : notTaken('NOT_SENT', 'nothing was sent', SOON_MS);
      for (const member of this.#waiting) this.#leave(member, outcome);
      return;
    }
    const outcomes = this.#shareRefusal(members, result) ?? outcomesOf(members, result);
    await Promise.all(
      members.map(async (member, index) => {
        const outcome = outcomes[index] ?? { kind: 'unknown', why: 'no outcome' };
        await this.#after(member, outcome);
        member.settle(outcome);
      }),
    );
  }

  /** Refused together says little of each one: every one tries again, alone. */
  #shareRefusal(members: readonly Member[], result: WriteResult): readonly PostOutcome[] | null {
    if (result.kind !== 'refused' || members.length === 1) return null;
    if (this.#alone.size > MOST_ALONE) this.#alone.clear();
    for (const { controlNumber } of members) this.#alone.add(controlNumber);
    const code = result.faults[0]?.code ?? 'ERP_REFUSED';
    return members.map(() => notTaken(code, 'refused together with others; the next try goes alone', SOON_MS));
  }

  async #after({ watch }: Member, outcome: PostOutcome): Promise<void> {
    try {
      await watch?.after(outcome);
    } catch (error) {
      this.#log.error({ error }, 'the outcome of a post could not be noted');
    }
  }
}

function notTaken(code: string, why: string, retryAfterMs: number): Extract<PostOutcome, { kind: 'notTaken' }> {
  return { kind: 'notTaken', code, why, retryAfterMs };
}

function noTimeLeft(): PostOutcome {
  return notTaken('NO_TIME_LEFT', 'its turn did not come in time', SOON_MS);
}

function timer(ms: number): { readonly over: Promise<void>; clear(): void } {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const timeout = setTimeout(resolve, ms);
  return { over, clear: () => clearTimeout(timeout) };
}
