import * as fc from 'fast-check';
import { DateTime } from 'luxon';
import { expect, test } from 'vitest';

import { wallClockOf } from '../../activities/wall-clock.ts';

const YEARS = { min: Date.parse('2024-01-01T00:00:00Z'), max: Date.parse('2028-01-01T00:00:00Z') };

test('it shows what a clock in the zone shows, whatever the offset and on whichever side of a clock change', () => {
  const zones = ['America/New_York', 'Europe/London', 'Asia/Kathmandu', 'Pacific/Chatham', 'Australia/Adelaide'];
  const clocks = new Map(zones.map((zone) => [zone, wallClockOf(zone)]));
  fc.assert(
    fc.property(fc.constantFrom(...zones), fc.integer(YEARS), (zone, time) => {
      const wall = clocks.get(zone)?.(new Date(time).toISOString());
      const shown = DateTime.fromMillis(time, { zone }).setZone('utc', { keepLocalTime: true });
      expect(wall).toBe(shown.toMillis());
    }),
    {
      examples: [
        ['America/New_York', Date.parse('2026-11-01T05:59:59Z')],
        ['America/New_York', Date.parse('2026-11-01T06:00:00Z')],
      ],
    },
  );
});
