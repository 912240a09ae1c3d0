import * as z from 'zod';

/** Feeds whose timing is a part of its own in the site file; the pollers' is beside what they poll. */
export const TIMED_FEEDS = [
  'syncInventory',
  'syncProducts',
  'syncPrices',
  'syncCustomers',
  'proveCompleteness',
  'auditSite',
  'reportExceptions',
  'reportMonthEnd',
  'watchSite',
  'checkDrift',
] as const;

export type TimedFeed = (typeof TIMED_FEEDS)[number];

/** When a feed runs: by a cadence, in a window of the day if there is one; or at times of every day, or of one of a month. */
export interface FeedTiming {
  readonly when:
    | { readonly kind: 'every'; readonly seconds: number }
    | {
        readonly kind: 'at';
        readonly times: readonly string[];
        /** null = every day. */ readonly dayOfMonth: number | null;
      };
  /** Times of the day in the schedules' zone; null = round the clock. */
  readonly between: { readonly from: string; readonly to: string } | null;
  readonly jitterSeconds: number;
  /** A run that was missed by less than this is made up for. */
  readonly catchUpSeconds: number;
}

export interface FeedSchedules {
  /** IANA zone of windows and times. */
  readonly zone: string;
  readonly feeds: Readonly<Record<TimedFeed, FeedTiming>>;
}

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'it is no time of day such as 23:00');
const window = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, 'it is neither always nor a window such as 06:00-22:00');
const MINUTES_OF_A_DAY = 1440;
const LEAST_CATCH_UP_SECONDS = 10;
/** A month that nobody closed for a week is closed by hand. */
const MONTHLY_CATCH_UP_DAYS = 7;

/** With times of the day by default, the cadence counts once they are taken off. */
function timing(everyMinutes: number, at: string[] = []) {
  return z
    .strictObject({
      everyMinutes: z.number().positive().default(everyMinutes),
      at: z.array(clock).default(at),
      between: z.union([z.literal('always'), window]).default('always'),
      jitterSeconds: z.number().int().nonnegative().default(2),
      catchUpMinutes: z.number().nonnegative().nullable().default(null),
    })
    .check((context) => {
      const { everyMinutes: every, between, at } = context.value;
      if (between === 'always' || at.length > 0 || (Number.isInteger(every) && MINUTES_OF_A_DAY % every === 0)) return;
      context.issues.push({
        code: 'custom',
        path: ['everyMinutes'],
        input: every,
        message: 'within a window it must be whole minutes that divide a day evenly, such as 5, 15, 60 or 240',
      });
    })
    .prefault({});
}

/** Days that every month has. */
const LAST_COMMON_DAY = 28;

const monthly = z
  .strictObject({
    onDay: z.number().int().min(1).max(LAST_COMMON_DAY).default(1),
    at: clock.default('05:30'),
    jitterSeconds: z.number().int().nonnegative().default(2),
    catchUpMinutes: z.number().nonnegative().nullable().default(null),
  })
  .prefault({});

export const schedulesSection = z
  .strictObject({
    zone: z.string().trim().default(''),
    syncInventory: timing(5),
    syncProducts: timing(30),
    syncPrices: timing(30),
    syncCustomers: timing(60),
    proveCompleteness: timing(5),
    watchSite: timing(1),
    checkDrift: timing(1440, ['04:30']),
    auditSite: timing(1440, ['06:15']),
    reportExceptions: timing(1440, ['06:45']),
    reportMonthEnd: monthly,
  })
  .prefault({});

type Timing = z.output<ReturnType<typeof timing>>;

export function toSchedules(file: z.output<typeof schedulesSection>, erpZone: string): FeedSchedules {
  const { zone, ...feeds } = file;
  return {
    zone: zone || erpZone,
    feeds: {
      syncInventory: toTiming(feeds.syncInventory),
      syncProducts: toTiming(feeds.syncProducts),
      syncPrices: toTiming(feeds.syncPrices),
      syncCustomers: toTiming(feeds.syncCustomers),
      proveCompleteness: toTiming(feeds.proveCompleteness),
      watchSite: toTiming(feeds.watchSite),
      checkDrift: toTiming(feeds.checkDrift),
      auditSite: toTiming(feeds.auditSite),
      reportExceptions: toTiming(feeds.reportExceptions),
      reportMonthEnd: toMonthly(feeds.reportMonthEnd),
    },
  };
}

function toTiming({ everyMinutes, at, between, jitterSeconds, catchUpMinutes }: Timing): FeedTiming {
  const seconds = Math.max(1, Math.round(everyMinutes * 60));
  return {
    when: at.length > 0 ? { kind: 'at', times: at, dayOfMonth: null } : { kind: 'every', seconds },
    between: between === 'always' ? null : { from: between.slice(0, 5), to: between.slice(6) },
    jitterSeconds,
    catchUpSeconds: catchUpOf(catchUpMinutes, seconds),
  };
}

function toMonthly({ onDay, at, jitterSeconds, catchUpMinutes }: z.output<typeof monthly>): FeedTiming {
  return {
    when: { kind: 'at', times: [at], dayOfMonth: onDay },
    between: null,
    jitterSeconds,
    catchUpSeconds: catchUpOf(catchUpMinutes, MONTHLY_CATCH_UP_DAYS * MINUTES_OF_A_DAY * 60),
  };
}

/** null = so many seconds as the feed has by itself. */
function catchUpOf(minutes: number | null, own: number): number {
  return Math.max(LEAST_CATCH_UP_SECONDS, minutes === null ? own : Math.round(minutes * 60));
}
