import { noOrder, type Gap } from './gap.ts';

/** What the ERP lets through, and what the site's schedules ask of it. */
export interface LimitsSeen {
  /** Calls a minute that last; null = without limit. */
  readonly perMinute: number | null;
  /** How often the ERP replaces its stock snapshot. */
  readonly snapshotMinutes: number;
  readonly stockPageSize: number;
  /** Every counted warehouse of every division, each read in one piece (decision 34). */
  readonly stockParts: readonly { readonly name: string; readonly rows: number }[];
  /** Calls to the ERP of one run at least, when there is nothing new. */
  readonly schedules: readonly { readonly name: string; readonly everySeconds: number; readonly calls: number }[];
}

/** How far the limits reach, for people. */
export interface LimitsFound {
  /** Rounded up to a tenth. */
  readonly callsPerMinute: number;
  /** Of the largest piece at the whole limit, rounded up to a tenth; null = without limit. */
  readonly largestPartMinutes: number | null;
}

/** What the schedules ask of the ERP each minute, and how long the largest piece of stock takes. */
export function measureLimits({ perMinute, stockPageSize, stockParts, schedules }: LimitsSeen): LimitsFound {
  const asked = schedules.reduce((sum, { everySeconds, calls }) => sum + (calls * 60) / everySeconds, 0);
  const largest = Math.max(0, ...stockParts.map(({ rows }) => callsFor(rows, stockPageSize)));
  return { callsPerMinute: tenths(asked), largestPartMinutes: perMinute === null ? null : tenths(largest / perMinute) };
}

/** Limits that the schedules would break. */
export function judgeLimits(seen: LimitsSeen): readonly Gap[] {
  const { perMinute, snapshotMinutes, stockPageSize, stockParts, schedules } = seen;
  if (perMinute === null) return [];
  const { callsPerMinute } = measureLimits(seen);
  const minutesOf = (rows: number) => tenths(callsFor(rows, stockPageSize) / perMinute);
  const slow = stockParts.filter(({ rows }) => minutesOf(rows) > snapshotMinutes);
  const busiest = schedules
    .filter(({ calls }) => calls > 0)
    .toSorted((one, other) => other.calls / other.everySeconds - one.calls / one.everySeconds);
  return [
    ...(callsPerMinute > perMinute
      ? [
          {
            ...limit('schedules'),
            says: `The schedules ask the ERP for ${callsPerMinute} calls a minute at least; it lets ${perMinute} through, and orders need some of them.`,
            concerns: busiest.map(
              ({ name, calls, everySeconds }) => `${name}: ${calls} every ${minutesText(everySeconds)}`,
            ),
          },
        ]
      : []),
    ...(slow.length > 0
      ? [
          {
            ...limit('stock'),
            says: `A full read of stock does not fit between two snapshots, ${snapshotMinutes} minutes apart: it would begin again and again.`,
            concerns: slow.map(({ name, rows }) => `${name}: ${rows} rows, ${minutesOf(rows)} minutes`),
          },
        ]
      : []),
  ];
}

function limit(key: string) {
  return { code: 'LIMITS_TOO_LOW', key, effect: 'stale', touches: noOrder } as const;
}

/** A list ends with the page that is empty. */
function callsFor(rows: number, pageSize: number): number {
  return Math.ceil(rows / pageSize) + 1;
}

function tenths(value: number): number {
  return Math.ceil(Math.round(value * 1000) / 100) / 10;
}

function minutesText(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
