import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import type { FeedTiming } from '../../config/schedules-section.ts';
import { scheduleSpec } from '../../workers/schedule-spec.ts';

const ZONE = 'America/New_York';
const timing = (given: Partial<FeedTiming>): FeedTiming => ({
  when: { kind: 'every', seconds: 3600 },
  between: null,
  jitterSeconds: 0,
  catchUpSeconds: 60,
  ...given,
});

let connection: Connection;
let client: Client;
beforeAll(async () => {
  connection = await Connection.connect({ address: inject('temporal').address });
  client = new Client({ connection });
});
afterAll(() => connection.close());

/** The next runs after an instant, in the zone's wall time, as the server itself computes them. */
async function runsAfter(instant: string, given: Partial<FeedTiming>): Promise<readonly string[]> {
  const scheduleId = `spec-${crypto.randomUUID()}`;
  const handle = await client.schedule.create({
    scheduleId,
    spec: { ...scheduleSpec(timing(given), ZONE), startAt: new Date(instant) },
    action: { type: 'startWorkflow', workflowType: 'none', taskQueue: 'none' },
  });
  const { info } = await handle.describe();
  await handle.delete();
  const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'short' });
  return info.nextActionTimes.map((at) => wall.format(at));
}

test('a window keeps its hours of the wall clock over the night in which clocks go forward', async () => {
  const runs = await runsAfter('2027-03-13T05:00:00-05:00', { between: { from: '06:00', to: '09:00' } });
  expect(runs.slice(0, 6)).toEqual([
    '2027-03-13 06:00',
    '2027-03-13 07:00',
    '2027-03-13 08:00',
    '2027-03-14 06:00',
    '2027-03-14 07:00',
    '2027-03-14 08:00',
  ]);
});

test('and over the night in which they go back', async () => {
  const runs = await runsAfter('2027-11-06T08:30:00-04:00', { between: { from: '06:00', to: '08:00' } });
  expect(runs.slice(0, 2)).toEqual(['2027-11-07 06:00', '2027-11-07 07:00']);
});

test('a window may span midnight, and times of the day may be named instead', async () => {
  const night = { when: { kind: 'every', seconds: 1800 }, between: { from: '23:00', to: '00:30' } } as const;
  expect((await runsAfter('2027-01-05T12:00:00-05:00', night)).slice(0, 4)).toEqual([
    '2027-01-05 23:00',
    '2027-01-05 23:30',
    '2027-01-06 00:00',
    '2027-01-06 23:00',
  ]);
  const times = { when: { kind: 'at', times: ['02:15', '14:00'], dayOfMonth: null } } as const;
  expect((await runsAfter('2027-01-05T12:00:00-05:00', times)).slice(0, 3)).toEqual([
    '2027-01-05 14:00',
    '2027-01-06 02:15',
    '2027-01-06 14:00',
  ]);
});

test('a time on one day of the month stays at its hour, whatever the clocks do', async () => {
  const monthly = { when: { kind: 'at', times: ['05:30'], dayOfMonth: 1 } } as const;
  expect((await runsAfter('2027-02-05T12:00:00-05:00', monthly)).slice(0, 3)).toEqual([
    '2027-03-01 05:30',
    '2027-04-01 05:30',
    '2027-05-01 05:30',
  ]);
});
