/** What a subscription allows; the gateway answers 429 above it. */
export interface Limits {
  readonly concurrent: number;
  readonly burstPerSecond: number;
  readonly perMinute: number;
}

/** The highest share of each limit that was ever used; 1 = all of it. */
export type LimitsUsed = Limits;

/** The gateway's counting. Time is the ERP's clock, so that tests decide when a window has passed. */
export function createLimiter(limits: Limits | null, now: () => number) {
  let admitted: number[] = [];
  let underWay = 0;
  const peak = { concurrent: 0, burstPerSecond: 0, perMinute: 0 };
  return {
    /** Lets a call in (null), or answers the seconds to wait. Refused calls do not count. */
    admit(): number | null {
      const at = now();
      admitted = admitted.filter((earlier) => earlier > at - 60_000);
      const lastSecond = admitted.filter((earlier) => earlier > at - 1_000).length;
      if (limits && admitted.length >= limits.perMinute) {
        const freed = (admitted[admitted.length - limits.perMinute] ?? at) + 60_000;
        return Math.max(1, Math.ceil((freed - at) / 1_000));
      }
      if (limits && (lastSecond >= limits.burstPerSecond || underWay >= limits.concurrent)) return 1;
      admitted.push(at);
      underWay++;
      peak.concurrent = Math.max(peak.concurrent, underWay);
      peak.burstPerSecond = Math.max(peak.burstPerSecond, lastSecond + 1);
      peak.perMinute = Math.max(peak.perMinute, admitted.length);
      return null;
    },
    release: () => void underWay--,
    used: (): LimitsUsed | null =>
      limits && {
        concurrent: peak.concurrent / limits.concurrent,
        burstPerSecond: peak.burstPerSecond / limits.burstPerSecond,
        perMinute: peak.perMinute / limits.perMinute,
      },
  };
}
