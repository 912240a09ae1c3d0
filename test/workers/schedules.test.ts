import { Client, Connection, type ScheduleDescription, type ScheduleUpdateOptions } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import type { FeedTiming } from '../../config/schedules-section.ts';
import type { Site } from '../../config/site.ts';
import { scheduleSpec } from '../../workers/schedule-spec.ts';
import { applySchedules, compareSchedules, scheduleId, type FeedName } from '../../workers/schedules.ts';
import { testSite } from '../support/test-site.ts';

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
  client = new Client({ connection, namespace: inject('temporal').namespace });
});
afterAll(() => connection.close());

/** All kinds of timing: cadences of whole seconds and of parts of them, a window, times of every day and of one of a month. */
function aSite(): Site {
  const name = `s${crypto.randomUUID().slice(0, 8)}`;
  const storefront = { url: 'http://127.0.0.1:1', siteId: 's', clientId: 'c', clientSecret: 'x' };
  const made = testSite(name, { storefront, erp: { url: 'http://127.0.0.1:2/T/TEST', keys: ['a', 'b'] } });
  const proveCompleteness = timing({ when: { kind: 'every', seconds: 900 }, between: { from: '22:00', to: '06:00' } });
  const watchSite = timing({ when: { kind: 'every', seconds: 66 }, jitterSeconds: 3 });
  return {
    ...made,
    intake: { ...made.intake, intervalSeconds: 12.1 },
    schedules: { ...made.schedules, feeds: { ...made.schedules.feeds, proveCompleteness, watchSite } },
  };
}

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

type Edit = (shown: ScheduleDescription) => ScheduleUpdateOptions;

test.each<readonly [string, FeedName, Edit]>([
  ['the interval', 'watch-site', (shown) => ({ ...shown, spec: { ...shown.spec, intervals: [{ every: '1 day' }] } })],
  [
    'a second interval',
    'watch-site',
    (shown) => ({
      ...shown,
      spec: { ...shown.spec, intervals: [...(shown.spec.intervals ?? []), { every: '1 day' }] },
    }),
  ],
  ['the jitter', 'watch-site', (shown) => ({ ...shown, spec: { ...shown.spec, jitter: '1 hour' } })],
  ['the end', 'watch-site', (shown) => ({ ...shown, spec: { ...shown.spec, endAt: new Date() } })],
  ['the beginning', 'watch-site', (shown) => ({ ...shown, spec: { ...shown.spec, startAt: new Date('2099-01-01') } })],
  ['the hours', 'prove-completeness', (shown) => ({ ...shown, spec: { ...shown.spec, calendars: [{ hour: 3 }] } })],
  ['what is skipped', 'prove-completeness', (shown) => ({ ...shown, spec: { ...shown.spec, skip: [{ hour: 3 }] } })],
  [
    'the day of the month',
    'report-month-end',
    (shown) => ({ ...shown, spec: { ...shown.spec, calendars: [{ hour: 5, minute: 30, dayOfMonth: 2 }] } }),
  ],
  ['the zone', 'audit-site', (shown) => ({ ...shown, spec: { ...shown.spec, timezone: 'UTC' } })],
  ['overlaps', 'watch-site', (shown) => ({ ...shown, policies: { ...shown.policies, overlap: 'ALLOW_ALL' } })],
  [
    'the catch-up window',
    'watch-site',
    (shown) => ({ ...shown, policies: { ...shown.policies, catchupWindow: '1 day' } }),
  ],
  [
    'the pause after a failure',
    'watch-site',
    (shown) => ({ ...shown, policies: { ...shown.policies, pauseOnFailure: true } }),
  ],
  [
    'what it is told',
    'watch-site',
    (shown) => ({ ...shown, action: { ...shown.action, args: [{ site: 'another' }] } }),
  ],
  ['what it runs', 'watch-site', (shown) => ({ ...shown, action: { ...shown.action, workflowType: 'checkDrift' } })],
  ['who runs it', 'watch-site', (shown) => ({ ...shown, action: { ...shown.action, taskQueue: 'nobody' } })],
  ['its time', 'watch-site', (shown) => ({ ...shown, action: { ...shown.action, workflowRunTimeout: '1s' } })],
  ['how many runs are left', 'watch-site', (shown) => ({ ...shown, state: { ...shown.state, remainingActions: 0 } })],
])('a schedule of which somebody changed %s by hand is altered, and made as declared again', async (_, feed, edit) => {
  const site = aSite();
  const stateOf = async () => (await compareSchedules(client, site, feed))[0]?.state;
  const resultOf = async () => (await applySchedules(client, site)).find(({ id }) => id === handle.scheduleId)?.result;
  const handle = client.schedule.getHandle(scheduleId(feed, site.name));
  try {
    expect(await resultOf()).toBe('created');
    await handle.update(edit);
    expect(await stateOf()).toBe('altered');
    expect(await resultOf()).toBe('updated');
    expect(await stateOf()).toBe('asDeclared');
  } finally {
    await removeAll(site);
  }
});

test('schedules that nobody touched are as declared, whatever their timing; a pause stays through a repair', async () => {
  const site = aSite();
  try {
    await applySchedules(client, site);
    expect(new Set((await applySchedules(client, site)).map(({ result }) => result))).toEqual(new Set(['unchanged']));
    const states = (await compareSchedules(client, site)).map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(['asDeclared', 'off']));

    const handle = client.schedule.getHandle(scheduleId('watch-site', site.name));
    await handle.pause('anna moves the ERP');
    await handle.update((shown) => ({ ...shown, spec: { ...shown.spec, intervals: [{ every: '1 day' }] } }));
    await applySchedules(client, site);
    const [watch] = await compareSchedules(client, site, 'watch-site');
    expect(watch).toMatchObject({ state: 'paused', description: { state: { note: 'anna moves the ERP' } } });
  } finally {
    await removeAll(site);
  }
});

async function removeAll(site: Site): Promise<void> {
  for (const { id, description } of await compareSchedules(client, site))
    if (description) await client.schedule.getHandle(id).delete();
}
