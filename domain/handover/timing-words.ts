/** When something runs: by a cadence, in a window of the day if there is one; or at times of every day, or of one of a month. */
export interface Timing {
  readonly when:
    | { readonly kind: 'every'; readonly seconds: number }
    | { readonly kind: 'at'; readonly times: readonly string[]; readonly dayOfMonth: number | null };
  readonly between: { readonly from: string; readonly to: string } | null;
}

const UNITS = [
  { seconds: 86_400, one: 'day', many: 'days' },
  { seconds: 3_600, one: 'hour', many: 'hours' },
  { seconds: 60, one: 'minute', many: 'minutes' },
  { seconds: 1, one: 'second', many: 'seconds' },
] as const;

/** `every 15 minutes from 06:00 to 22:00 (US/Eastern)`. */
export function timingInWords({ when, between }: Timing, zone: string): string {
  if (when.kind === 'at') {
    const day = when.dayOfMonth === null ? 'every day' : `on day ${when.dayOfMonth} of every month`;
    return `${day} at ${listInWords(when.times)} (${zone})`;
  }
  const every = everyInWords(when.seconds);
  return between === null
    ? `${every}, day and night`
    : `${every} from ${between.from} to ${between.to}${between.to < between.from ? ' of the next day' : ''} (${zone})`;
}

/** `every hour`, `every 90 seconds`: in the largest unit that leaves no rest. */
function everyInWords(seconds: number): string {
  const unit = UNITS.find((each) => seconds % each.seconds === 0) ?? UNITS[3];
  const count = seconds / unit.seconds;
  return count === 1 ? `every ${unit.one}` : `every ${count} ${unit.many}`;
}

/** `2 hours`, `90 minutes`. */
export function minutesInWords(minutes: number): string {
  const unit = UNITS.slice(1).find((each) => (minutes * 60) % each.seconds === 0) ?? UNITS[3];
  const count = (minutes * 60) / unit.seconds;
  return `${count} ${count === 1 ? unit.one : unit.many}`;
}

export function listInWords(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${last}` : last;
}
