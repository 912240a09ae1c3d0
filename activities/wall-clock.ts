import { DateTime } from 'luxon';

import type { Instant } from '../domain/order-state.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/**
 * Reads the clock on the wall of a zone: epoch milliseconds as if what it shows were UTC. Offsets are looked up once an
 * hour: clocks are moved at a full hour of UTC.
 */
export function wallClockOf(zone: string): (instant: Instant) => number {
  const offsets = new Map<number, number>();
  return (instant) => {
    const time = Date.parse(instant);
    const hour = Math.floor(time / HOUR_MS);
    const offset = offsets.get(hour) ?? DateTime.fromMillis(hour * HOUR_MS, { zone }).offset * MINUTE_MS;
    offsets.set(hour, offset);
    return time + offset;
  };
}
