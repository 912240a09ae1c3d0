import { describe, expect, test } from 'vitest';

import type { AlertChannel, AlertRoute, AlertRules } from '../../../domain/alerts/alert-rules.ts';
import { dueOf, holdNews, MOST_HELD, nextOf } from '../../../domain/alerts/hold-news.ts';
import { routeAlert, type ChannelTo, type RecipientClock } from '../../../domain/alerts/route-alert.ts';
import { writeAlert, writeDigest } from '../../../domain/alerts/write-alert.ts';
import type { Recipient } from '../../../domain/cases/case-rules.ts';
import { someNews } from '../../support/case-news.ts';

const mail: AlertChannel = {
  kind: 'email',
  name: 'mail',
  timeoutMs: 1,
  host: 'h',
  port: 1,
  security: 'none',
  user: '',
  password: '',
  from: 'a@b.c',
};
const chat: AlertChannel = { kind: 'slack', name: 'chat', timeoutMs: 1, url: 'http://x' };
const hook: AlertChannel = { kind: 'webhook', name: 'hook', timeoutMs: 1, url: 'http://y', secret: 's' };
const by = (when: AlertRoute['when'], ...channels: readonly AlertChannel[]): AlertRoute => ({ channels, when });
const ofOwner = {
  urgent: by('digest', chat, mail),
  high: by('atOnce', mail, chat),
  normal: by('digest', mail),
  low: by('atOnce'),
};
const NINE = { zone: 'Europe/London', at: ['09:00'] };
const RULES: AlertRules = {
  channels: [hook, mail, chat],
  routes: { ecommerce: ofOwner, finance: ofOwner, warehouse: ofOwner, integration: ofOwner },
  quietHours: { ecommerce: null, finance: null, warehouse: null, integration: null },
  digests: { ecommerce: NINE, finance: NINE, warehouse: NINE, integration: NINE },
  temporalUi: '',
};
const ADDRESSES = {
  ecommerce: { email: null },
  finance: { email: null },
  warehouse: { email: 'w@example.com' },
  integration: { email: 'i@example.com' },
};
const DIGEST = '2026-01-21T09:00:00.000Z';
const QUIET = '2026-01-21T07:00:00.000Z';
const awake: RecipientClock = { quietUntil: null, nextDigest: DIGEST };
const asleep: RecipientClock = { quietUntil: QUIET, nextDigest: DIGEST };
const warehouse: Recipient = { kind: 'owner', owner: 'warehouse' };
const head: Recipient = { kind: 'address', email: 'head@example.com' };

describe('the way of an alert', () => {
  const cases: readonly (readonly [
    string,
    Parameters<typeof someNews>[0],
    Recipient,
    RecipientClock,
    string,
    string,
  ])[] = [
    [
      'goes by the route of owner and severity',
      {},
      warehouse,
      awake,
      'mail w@example.com, chat , else hook , mail i@example.com',
      'now',
    ],
    [
      'waits for the end of quiet hours',
      {},
      warehouse,
      asleep,
      'mail w@example.com, chat , else hook , mail i@example.com',
      QUIET,
    ],
    [
      'joins a digest',
      { severity: 'normal' },
      warehouse,
      awake,
      'mail w@example.com, else hook , chat , mail i@example.com',
      DIGEST,
    ],
    [
      'breaks quiet hours and digests when it is urgent',
      { severity: 'urgent' },
      warehouse,
      asleep,
      'chat , mail w@example.com, else hook , mail i@example.com',
      'now',
    ],
    [
      'leaves out e-mail for an owner without an address',
      {},
      { kind: 'owner', owner: 'finance' },
      awake,
      'chat , else hook , mail i@example.com',
      'now',
    ],
    [
      'reaches an address of the chain at once by e-mail, else where the owner hears',
      {},
      head,
      asleep,
      'mail head@example.com, chat , else hook , mail i@example.com',
      'now',
    ],
    ['leads to the log alone where no channel is named', { severity: 'low' }, warehouse, awake, 'log only', 'now'],
    [
      'never goes by the channel that it is about',
      { code: 'ALERT_CHANNEL_DEAD', key: 'mail' },
      warehouse,
      awake,
      'chat , else hook ',
      'now',
    ],
    [
      'finds another channel when the dead one was the only',
      { code: 'ALERT_CHANNEL_DEAD', key: 'mail', severity: 'normal' },
      warehouse,
      awake,
      'else hook , chat ',
      DIGEST,
    ],
    [
      'never goes to the address that it is about',
      { code: 'ALERT_ADDRESS_REFUSED', key: 'w@example.com' },
      warehouse,
      awake,
      'chat , else hook , mail i@example.com',
      'now',
    ],
    [
      'goes another way to an owner whom the route does not reach, else to the integration team',
      { owner: 'finance', severity: 'normal' },
      { kind: 'owner', owner: 'finance' },
      awake,
      'else hook , chat , mail i@example.com',
      DIGEST,
    ],
  ];
  test.each(cases)('%s', (_, about, to, clock, ways, when) => {
    const way = routeAlert(RULES, ADDRESSES, to, someNews(about), clock);
    const words = (all: readonly ChannelTo[]) =>
      all.map(({ channel, address }) => `${channel.name} ${address}`).join(', ');
    const otherwise = way.otherwise.length > 0 ? `else ${words(way.otherwise)}` : '';
    const said = way.logOnly ? 'log only' : [words(way.channels), otherwise].filter(Boolean).join(', ');
    expect(said).toBe(ways);
    expect(way.when.is === 'now' ? 'now' : way.when.at).toBe(when);
  });
});

describe('a message', () => {
  test('says what happened, what it costs, what to do and where to look, and what others wrote is no markup in it', () => {
    const news = someNews({
      key: '<b>"x"</b>',
      says: '<script>alert(1)</script> & more\nBcc: all',
      named: ["<img src='x'>"],
    });
    const { html, text, subject, place } = writeAlert(news, 'https://ui/namespaces/n');
    expect(html).not.toMatch(/<script|<img|<b>"x/);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; more');
    expect(html).toContain(`href="https://ui/namespaces/n/workflows/${encodeURIComponent(news.case.id)}"`);
    expect(text).toContain('What happened: <script>alert(1)</script> & more Bcc: all');
    expect(text).toContain('What it costs: 1250.00 at risk');
    const moneyAtRisk = [
      { currency: 'USD', amount: '250.00' },
      { currency: 'CAD', amount: '1000.00' },
    ];
    expect(writeAlert(someNews({ moneyAtRisk }), '').text).toContain('What it costs: 1000.00 CAD + 250.00 USD at risk');
    expect(text).toContain('and 11 more');
    expect(text).toContain('What to do: Add the location');
    expect({ subject, place }).toEqual({ subject: '[north] Location not mapped: <b>"x"</b>', place: 'first' });
    expect(writeAlert({ ...news, why: 'closed' }, '').subject).toBe(`Re: ${subject}`);
  });

  test('of a case that is not mended in time says who is on it', () => {
    const acknowledged = { stage: 'acknowledged', acknowledgedBy: 'kim@here' } as const;
    const { text } = writeAlert(someNews(acknowledged, { why: 'escalated', level: 1 }), '');
    expect(text).toMatch(/Somebody is on this, and it is not mended in time/);
    expect(text).toMatch(/Acknowledged by: kim@here[^]*To be mended by: 2026-01-20 14:00 UTC/);
    expect(writeAlert(someNews({}, { why: 'escalated' }), '').text).not.toMatch(/Acknowledged by|mended/);
  });

  test('says times by the clock of the team whose case it is', () => {
    const times = { openedAt: '2026-07-20T10:00:00.000Z', dueAt: '2026-07-20T14:30:00.000Z' };
    expect(writeAlert(someNews({ ...times, offsetMinutes: 60 }), '').text).toMatch(
      /Since: 2026-07-20 11:00 UTC\+1\nTo be acknowledged by: 2026-07-20 15:30 UTC\+1\n/,
    );
    expect(writeAlert(someNews({ ...times, offsetMinutes: -240 }), '').html).toContain('2026-07-20 10:30 UTC-4');
  });

  test('of a digest names each case once, as it stands, the most urgent first and what is over last', () => {
    const digest = writeDigest(
      [
        someNews({ key: 'a' }),
        someNews({ key: 'b', severity: 'low' }),
        someNews({ key: 'c', severity: 'normal' }),
        someNews({ key: 'a' }, { why: 'closed' }),
      ],
      'digest:1',
      '',
    );
    expect(digest.subject).toBe('[north] 2 cases to look at, 1 over');
    expect(digest.parts.map(({ news }) => `${news.case.key} ${news.why}`)).toEqual([
      'c opened',
      'b opened',
      'a closed',
    ]);
    expect(writeDigest([someNews()], 'digest:1', '').thread).toBe(someNews().case.id);
  });
});

test('what is kept is the latest of each case, at the earliest of its times, and leaves when it becomes too much', () => {
  const late = { ...someNews(), sendAt: DIGEST };
  const early = { ...someNews({ says: 'x'.repeat(900) }, { why: 'grew' }), sendAt: QUIET };
  const held = [late, early, { ...early, sendAt: DIGEST }].reduce(holdNews, []);
  expect(held.map(({ why, sendAt, case: { says } }) => [why, sendAt, says.length])).toEqual([['grew', QUIET, 500]]);
  expect([nextOf(held), nextOf([]), dueOf(held, '2026-01-20T00:00:00.000Z').length, dueOf(held, QUIET).length]).toEqual(
    [QUIET, null, 0, 1],
  );
  const many = Array.from({ length: MOST_HELD }, (_, number) => ({
    ...someNews({ key: `${number}` }),
    sendAt: DIGEST,
  }));
  expect(dueOf(many, QUIET)).toHaveLength(MOST_HELD);
  expect(
    JSON.stringify(many.map((news) => ({ ...news, case: { ...news.case, says: 'x'.repeat(500) } }))).length,
  ).toBeLessThan(1_500_000);
});
