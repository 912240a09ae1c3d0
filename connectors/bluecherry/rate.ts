/** What a site's subscription allows; null = unlimited. */
export interface RateLimits {
  readonly burstPerSecond: number;
  readonly perMinute: number | null;
}

/** A minute and a second as the gateway counts them, and room for calls that were under way longer than those after them. */
const MINUTE_MS = 61_000;
const SECOND_MS = 1_100;
/** Calls that a patient one leaves to orders that may come: of those that may start at once, and of a minute's. */
const LEFT_IN_SECOND = 2;
const LEFT_IN_MINUTE = 3;
const SLOWEST = 1 / 16;
/** Share of the full speed that is won back by every call that went well. */
const RECOVERY = 1 / 50;

/**
 * When the next call may start. A token bucket spreads the calls; a log of the starts makes sure that no minute and no
 * second ever holds more than it may, however the bucket was filled. All of the limit is usable under backlog.
 * Times are milliseconds of one monotonic clock.
 */
export class Rate {
  readonly #limits: RateLimits | null;
  #starts: number[] = [];
  #tokens: number;
  #filledAt: number | null = null;
  #speed = 1;

  constructor(limits: RateLimits | null) {
    this.#limits = limits;
    this.#tokens = limits?.burstPerSecond ?? 0;
  }

  /** Calls a minute that are let through now; null = no limit. */
  get perMinute(): number | null {
    const full = this.#limits?.perMinute ?? null;
    return full === null ? null : full * this.#speed;
  }

  /** 0 = a call may start now, else how long until one may; one that leaves `room` may have to wait longer. */
  waitAt(now: number, room: 'none' | 'forOrders' = 'none'): number {
    if (!this.#limits) return 0;
    const { burstPerSecond, perMinute } = this.#limits;
    const burst = Math.max(1, Math.floor(burstPerSecond * this.#speed));
    const leftInSecond = room === 'none' ? 0 : Math.min(LEFT_IN_SECOND, burst - 1);
    const inSecond = waitForRoom(this.#starts, now, SECOND_MS, burst - leftInSecond);
    if (perMinute === null) return inSecond;
    this.#fill(now);
    const perMs = (perMinute * this.#speed) / 60_000;
    const needed = 1 + leftInSecond;
    const inBucket = this.#tokens >= needed ? 0 : Math.ceil((needed - this.#tokens) / perMs);
    const leftInMinute = room === 'none' ? 0 : Math.min(LEFT_IN_MINUTE, Math.floor(perMinute / 20));
    const inMinute = waitForRoom(this.#starts, now, MINUTE_MS, Math.max(1, Math.floor(perMinute) - leftInMinute));
    return Math.max(inSecond, inBucket, inMinute);
  }

  /** A call starts now. */
  start(now: number): void {
    if (!this.#limits) return;
    this.#fill(now);
    this.#tokens -= 1;
    this.#starts = [...this.#starts.filter((at) => at > now - MINUTE_MS), now];
  }

  /** The call that started then was not sent after all. */
  giveBack(startedAt: number): void {
    const index = this.#starts.indexOf(startedAt);
    if (index < 0) return;
    this.#starts = this.#starts.toSpliced(index, 1);
    this.#tokens += 1;
  }

  /** The ERP says it is too much: half the speed. */
  slowDown(now: number): void {
    this.#fill(now);
    this.#speed = Math.max(SLOWEST, this.#speed / 2);
    this.#tokens = Math.min(this.#tokens, 1);
  }

  /** A call went well: a little faster again. */
  speedUp(now: number): void {
    this.#fill(now);
    this.#speed = Math.min(1, this.#speed + RECOVERY);
  }

  #fill(now: number): void {
    const { burstPerSecond, perMinute } = this.#limits ?? { burstPerSecond: 0, perMinute: null };
    if (perMinute === null) return;
    const passed = now - (this.#filledAt ?? now);
    this.#filledAt = now;
    this.#tokens = Math.min(burstPerSecond, this.#tokens + (passed * perMinute * this.#speed) / 60_000);
  }
}

/** How long until fewer than `most` of the starts lie in the window that ends now. */
function waitForRoom(starts: readonly number[], now: number, windowMs: number, most: number): number {
  const oldestThatBlocks = starts.at(-most);
  return oldestThatBlocks === undefined ? 0 : Math.max(0, oldestThatBlocks + windowMs - now);
}
