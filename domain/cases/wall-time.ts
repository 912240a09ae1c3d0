import type { Instant } from '../order-state.ts';

const MINUTE_MS = 60_000;

/** An instant as a clock so many minutes ahead of UTC shows it, `2026-01-20 07:00 UTC-5`. No instant is shown as it is. */
export function wallTime(instant: Instant, offsetMinutes: number): string {
  const time = Date.parse(instant);
  if (Number.isNaN(time)) return instant;
  const shown = new Date(time + offsetMinutes * MINUTE_MS).toISOString().replace('T', ' ').slice(0, 16);
  return `${shown} UTC${offsetWords(offsetMinutes)}`;
}

function offsetWords(offsetMinutes: number): string {
  if (offsetMinutes === 0) return '';
  const [hours, minutes] = [Math.floor(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60];
  return `${offsetMinutes < 0 ? '-' : '+'}${hours}${minutes === 0 ? '' : `:${String(minutes).padStart(2, '0')}`}`;
}
