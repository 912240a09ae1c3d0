/** The stand-in's time. It runs with its source, moved by what tests set; stamps rise strictly per site. */
export interface Clock {
  readonly now: () => Date;
  readonly set: (iso: string) => void;
  readonly advance: (ms: number) => void;
  /** The next change's instant: now, or one millisecond after the last one. */
  readonly stamp: () => string;
  /** Makes later stamps come after this instant. */
  readonly notBefore: (iso: string) => void;
}

export function createClock(source: () => Date): Clock {
  let offset = 0;
  let last = 0;
  const now = () => new Date(source().getTime() + offset);
  return {
    now,
    set: (iso) => {
      offset += instant(iso) - now().getTime();
    },
    advance: (ms) => {
      offset += ms;
    },
    stamp: () => {
      last = Math.max(now().getTime(), last + 1);
      return wireTime(new Date(last));
    },
    notBefore: (iso) => {
      last = Math.max(last, instant(iso));
    },
  };
}

/** ISO 8601 in UTC with milliseconds and `+00:00`, as SparkLayer's samples have it. */
export function wireTime(date: Date): string {
  return date.toISOString().replace('Z', '+00:00');
}

/** Epoch milliseconds of an ISO 8601 time; times are compared as instants, never as strings. */
export function instant(iso: string): number {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) throw new RangeError(`Not a time: ${iso}`);
  return ms;
}
