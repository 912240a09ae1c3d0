import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { SMTPServer, type SMTPServerEnvelope } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import {
  createAlertActivities,
  type AlertDigest,
  type AlertOutcome,
  type CaseAlert,
} from '../../activities/alert-activities.ts';
import { createChannels, type ChannelsDependencies } from '../../activities/channels/channels.ts';
import type { ReportFindings } from '../../activities/tell-cases.ts';
import { alertsSection, toAlertRules } from '../../config/alerts-section.ts';
import type { HeldNews } from '../../domain/alerts/alert-rules.ts';
import type { Recipient } from '../../domain/cases/case-rules.ts';
import { RULES } from '../domain/cases/case-world.ts';
import { someNews } from '../support/case-news.ts';

const warehouse: Recipient = { kind: 'owner', owner: 'warehouse' };
const integration: Recipient = { kind: 'owner', owner: 'integration' };
/** A Tuesday, 10:00 in London. */
const NOW = new Date('2026-01-20T10:00:00.000Z');

interface Mail {
  readonly to: string;
  readonly raw: string;
}
interface Post {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let mails: Mail[];
let posts: Post[];
let reports: ReportFindings[];
let held: (readonly [Recipient, HeldNews])[];
let smtp: SMTPServer;
let receiver: Server;
let mailPort: number;
let base: string;
/** What the receivers answer, by path; silent = nothing. */
let answers: Record<string, number | 'silent'>;
let mailTaken: 'all' | 'not integration' | 'not warehouse';
let isTemporalDown: boolean;
/** So long after it has a mail the server says so. */
let mailTakesMs: number;
let now: Date;
/** Sources with an open case, as Temporal knows them. */
let open: Set<string>;

beforeEach(async () => {
  [mails, posts, reports, held, answers, mailTaken] = [[], [], [], [], {}, 'all'];
  [mailTakesMs, now, open, isTemporalDown] = [0, NOW, new Set(), false];
  smtp = mailServer();
  receiver = createServer((request, response) => {
    void take(request, response);
  });
  mailPort = await listen(smtp.listen(0, '127.0.0.1'));
  base = `http://127.0.0.1:${await listen(receiver.listen(0, '127.0.0.1'))}`;
});
afterEach(async () => {
  receiver.closeAllConnections();
  await Promise.all([new Promise<void>((resolve) => receiver.close(() => resolve())), closeMail()]);
});

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  const path = request.url ?? '';
  const answer = answers[path] ?? 200;
  if (answer === 'silent') return;
  posts.push({ path, headers: request.headers, body });
  response.writeHead(answer).end('ok');
}

async function takeMail(stream: NodeJS.ReadableStream, { rcptTo }: SMTPServerEnvelope): Promise<void> {
  mails.push({ to: rcptTo.map(({ address }) => address).join(), raw: await text(stream) });
}

/** Takes mail of whoever has the password. */
function mailServer(): SMTPServer {
  return new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authMethods: ['PLAIN'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _, done) =>
      username === 'instep' && password === 'pass' ? done(null, { user: username }) : done(new Error('wrong')),
    onRcptTo: ({ address }, _, done) =>
      done(mailTaken === `not ${address.split('@')[0]}` ? new Error('no such box') : null),
    onData: (stream, { envelope }, done) => {
      void takeMail(stream, envelope)
        .then(() => pause(mailTakesMs, undefined, { ref: false }))
        .finally(done);
    },
  });
}

async function listen(server: { address(): AddressInfo | string | null } & NodeJS.EventEmitter): Promise<number> {
  if (server.address() === null) await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function site(routes: object = {}, more: object = {}): ChannelsDependencies['site'] {
  const timeoutSeconds = 0.5;
  const file = alertsSection.parse({
    channels: {
      mail: {
        kind: 'email',
        host: '127.0.0.1',
        port: mailPort,
        security: 'none',
        user: 'instep',
        password: 'env:X',
        from: 'instep@shop.example',
        timeoutSeconds,
      },
      chat: { kind: 'slack', url: 'env:X', timeoutSeconds },
      cards: { kind: 'teams', url: 'env:X', timeoutSeconds },
      hook: { kind: 'webhook', url: `${base}/hook`, secret: 'env:X', timeoutSeconds },
    },
    routes: { high: { channels: ['mail', 'chat'], when: 'atOnce' }, ...routes },
    temporalUi: 'https://ui.example/',
    ...more,
  });
  const secrets = { mail: 'pass', chat: `${base}/chat`, cards: `${base}/cards`, hook: 'shared' };
  const address = (name: string) => ({ name, email: `${name}@example.com` });
  return {
    name: 'north',
    alerts: toAlertRules(file, secrets, RULES.calendars),
    cases: RULES,
    owners: {
      ecommerce: address('ecommerce'),
      finance: address('finance'),
      warehouse: address('warehouse'),
      integration: address('integration'),
    },
  };
}

/** Each call of it is a step of its own. */
function activitiesOf(which = site()) {
  let steps = 0;
  const common = { site: which, clock: () => now, log: pino({ enabled: false }) };
  const channels = createChannels({
    ...common,
    cases: { reportFindings: tellCase },
    openSources: async () => open,
  });
  const digests = { hold: async (to: Recipient, news: HeldNews) => void held.push([to, news]) };
  const activities = createAlertActivities({ ...common, channels, digests, namespace: 'trade' });
  const step = () => new MockActivityEnvironment({ activityId: `${(steps += 1)}` });
  return {
    alert: (message: CaseAlert): Promise<AlertOutcome> =>
      step().run((each: CaseAlert) => activities.alert(each), message),
    sendDigest: (digest: AlertDigest) => step().run((each: AlertDigest) => activities.sendDigest(each), digest),
    tryDead: () => channels.tryDead(new AbortController().signal),
  };
}

async function tellCase(report: ReportFindings): Promise<void> {
  if (isTemporalDown) throw new Error('Temporal does not answer');
  reports.push(report);
  open = new Set([...open].filter((source) => source !== report.source));
  if (report.findings.length > 0) open.add(report.source);
}

const later = (minutes: number) => void (now = new Date(now.getTime() + minutes * 60_000));
const header = ({ raw }: Mail, name: string) =>
  new RegExp(`^${name}: (.*(?:\r\n[ \t].*)*)`, 'im').exec(raw)?.[1]?.replaceAll(/\s+/g, ' ');
const closeMail = () => new Promise<void>((resolve) => smtp.close(() => resolve()));
const deadCases = () => reports.filter(({ findings }) => findings.length > 0);

test('all mails of one cause are one thread, and another cause is another', async () => {
  const { alert } = activitiesOf();
  await alert({ ...someNews(), to: [warehouse] });
  await alert({ ...someNews({}, { why: 'reminder' }), to: [warehouse] });
  await alert({ ...someNews({}, { why: 'closed' }), to: [warehouse] });
  await alert({ ...someNews({ key: 'kiosk' }), to: [warehouse] });
  const [first, ...later] = mails;
  const other = later.pop();
  const root = header(first!, 'Message-ID');
  expect(root).toMatch(/^<[0-9a-f]{32}@shop\.example>$/);
  expect([header(first!, 'In-Reply-To'), header(first!, 'References')]).toEqual([undefined, undefined]);
  expect(later.map((mail) => [header(mail, 'In-Reply-To'), header(mail, 'References')])).toEqual([
    [root, root],
    [root, root],
  ]);
  expect(later.map((mail) => header(mail, 'Subject'))).toEqual(Array(2).fill(`Re: ${header(first!, 'Subject')}`));
  expect(new Set([...later, first!, other!].map((mail) => header(mail, 'Message-ID'))).size).toBe(4);
  expect(first).toMatchObject({ to: 'warehouse@example.com', raw: expect.stringContaining('multipart/alternative') });
  expect(header(other!, 'References')).toBeUndefined();
});

test('a dead mail server loses no alert: the next channel takes it, one case tells of it, and it ends when mail leaves again', async () => {
  const { alert } = activitiesOf();
  await closeMail();
  await alert({ ...someNews(), to: [warehouse] });
  await alert({ ...someNews({ key: 'kiosk' }), to: [warehouse] });
  expect(posts.map(({ path }) => path)).toEqual(['/chat', '/chat']);
  expect(deadCases()).toEqual([
    {
      source: 'alert-channel:mail',
      findings: [
        expect.objectContaining({
          code: 'ALERT_CHANNEL_DEAD',
          key: 'mail',
          says: expect.stringMatching(/^mail: .*ECONNREFUSED/),
        }),
      ],
    },
  ]);
  // The case's own alert does not go the dead way, and so makes no further case.
  reports = [];
  await alert({ ...someNews({ code: 'ALERT_CHANNEL_DEAD', key: 'mail', owner: 'integration' }), to: [integration] });
  expect([posts.length, deadCases()]).toEqual([3, []]);
  smtp = mailServer();
  await listen(smtp.listen(mailPort, '127.0.0.1'));
  await alert({ ...someNews(), to: [warehouse] });
  expect(mails).toHaveLength(1);
  expect(reports).toContainEqual({ source: 'alert-channel:mail', findings: [] });
  expect(open).toEqual(new Set());
});

test('when no channel takes it the step fails and says why, without a secret; the case tries again', async () => {
  const { alert } = activitiesOf();
  await closeMail();
  answers = { '/chat': 500 };
  const failure = await alert({ ...someNews(), to: [warehouse] }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ type: 'ALERT_UNDELIVERED', nonRetryable: false });
  expect(String(failure)).toMatch(/mail: .*chat: it answered 500/);
  expect(String(failure)).not.toContain('/chat');
  answers = { '/chat': 'silent' };
  await expect(alert({ ...someNews(), to: [warehouse] })).rejects.toThrow('chat: no answer within 500 ms');
  expect(deadCases().map(({ source }) => source)).toEqual(['alert-channel:mail', 'alert-channel:chat']);
});

test('whom it did not reach has it kept, and whom it reached is not told twice', async () => {
  mailTaken = 'not integration';
  answers = { '/chat': 503 };
  const { alert } = activitiesOf();
  await alert({ ...someNews(), to: [warehouse, integration] });
  expect(mails.map(({ to }) => to)).toEqual(['warehouse@example.com']);
  expect(held).toEqual([[integration, { ...someNews(), sendAt: NOW.toISOString() }]]);
});

test('a receiver can tell by the signature that it is us, and chats get the shapes they know', async () => {
  const moneyAtRisk = [
    { currency: 'CAD', amount: '1000.00' },
    { currency: 'USD', amount: '250.00' },
  ];
  const urgent = someNews({ severity: 'urgent', says: 'a <!channel> & [click](http://evil)', moneyAtRisk });
  for (const channels of [['hook'], ['chat'], ['cards']])
    await activitiesOf(site({ urgent: { channels, when: 'atOnce' } })).alert({ ...urgent, to: [warehouse] });
  const [hook, slack, teams] = posts;
  const timestamp = String(hook!.headers['instep-timestamp']);
  const sign = (body: string) => `v1=${createHmac('sha256', 'shared').update(`${timestamp}.${body}`).digest('hex')}`;
  expect(timestamp).toBe(String(NOW.getTime() / 1000));
  expect(hook!.headers['instep-signature']).toBe(sign(hook!.body));
  expect(hook!.headers['instep-signature']).not.toBe(sign(`${hook!.body} `));
  const link = `https://ui.example/namespaces/trade/workflows/${encodeURIComponent(urgent.case.id)}`;
  expect(JSON.parse(hook!.body)).toMatchObject({
    version: 1,
    site: 'north',
    thread: urgent.case.id,
    alerts: [{ case: urgent.case.id, why: 'opened', severity: 'urgent', valueAtRisk: '1250.00', moneyAtRisk, link }],
  });
  expect(JSON.parse(slack!.body)).toMatchObject({
    text: '[north] Location not mapped: pop-up',
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: expect.stringContaining('a &lt;!channel&gt; &amp;') } },
      {},
    ],
  });
  expect(slack!.body).toContain(`<${link}|Open the case>`);
  expect(slack!.headers).not.toHaveProperty('instep-signature');
  const [{ contentType, content }] = JSON.parse(teams!.body).attachments;
  expect(contentType).toBe('application/vnd.microsoft.card.adaptive');
  expect(content.actions).toEqual([{ type: 'Action.OpenUrl', title: 'Open the case', url: link }]);
  expect(new Set(content.body.map(({ type }: { readonly type: string }) => type))).toEqual(new Set(['RichTextBlock']));
});

test('what is for a digest or for after quiet hours is kept until then, and leaves as one message', async () => {
  const quiet = { warehouse: { from: '09:00', to: '12:00' } };
  const { alert, sendDigest } = activitiesOf(
    site({ low: { channels: ['mail'], when: 'digest' } }, { quietHours: quiet, digestAt: ['08:00', '11:00'] }),
  );
  await alert({ ...someNews(), to: [warehouse] });
  await alert({ ...someNews({ key: 'kiosk', severity: 'low' }), to: [warehouse, { kind: 'owner', owner: 'finance' }] });
  expect(mails).toEqual([]);
  expect(held.map(([to, { sendAt }]) => [to.kind === 'owner' ? to.owner : '', sendAt.slice(11, 16)])).toEqual([
    ['warehouse', '12:00'],
    ['warehouse', '12:00'],
    ['finance', '11:00'],
  ]);
  await sendDigest({ to: warehouse, news: [someNews(), someNews({ key: 'kiosk', severity: 'low' })] });
  expect(mails.map((mail) => [mail.to, header(mail, 'Subject')])).toEqual([
    ['warehouse@example.com', '[north] 2 cases to look at'],
  ]);
  expect(mails[0]!.raw).toContain('kiosk');
  await closeMail();
  await expect(sendDigest({ to: warehouse, news: [someNews({ severity: 'low' })] })).rejects.toThrow('No channel took');
});

test('a slow mail server has a message once: it is neither sent again nor called dead, and the history says so', async () => {
  mailTakesMs = 60_000;
  const { alert, sendDigest } = activitiesOf(site({ high: { channels: ['mail'], when: 'atOnce' } }));
  const { remarks } = await alert({ ...someNews(), to: [warehouse] });
  expect(remarks).toEqual([
    expect.stringMatching(/^warehouse may have been told, and the message is not sent again: mail: .*is too slow/),
  ]);
  await sendDigest({ to: warehouse, news: [someNews()] });
  expect([mails.length, deadCases()]).toEqual([2, []]);
  // But when it goes on, somebody has to look.
  later(11);
  await alert({ ...someNews(), to: [warehouse] });
  expect(deadCases().map(({ findings }) => findings.map(({ code, key }) => `${code} ${key}`))).toEqual([
    ['ALERT_ADDRESS_REFUSED warehouse@example.com'],
  ]);
});

test('with another channel a message does not wait for a slow mail server', async () => {
  mailTakesMs = 60_000;
  const { remarks } = await activitiesOf().alert({ ...someNews(), to: [warehouse] });
  expect([posts.map(({ path }) => path), remarks, deadCases()]).toEqual([['/chat'], [], []]);
});

test('an address that is refused is a case that names it, not a dead channel, and ends when it takes a mail', async () => {
  mailTaken = 'not integration';
  const { alert, sendDigest } = activitiesOf(site({ high: { channels: ['mail'], when: 'atOnce' } }));
  const first = await alert({ ...someNews(), to: [warehouse, integration] });
  expect(mails.map(({ to }) => to)).toEqual(['warehouse@example.com']);
  expect(deadCases()).toEqual([
    {
      source: 'alert-address:mail:integration@example.com',
      findings: [
        expect.objectContaining({
          code: 'ALERT_ADDRESS_REFUSED',
          key: 'integration@example.com',
          says: expect.stringMatching(/^integration@example\.com: mail: .*refused the mail \(550 no such box\)/),
        }),
      ],
    },
  ]);
  // It goes another way of theirs, and a digest as well: neither is tried without end.
  expect(posts.map(({ path }) => path)).toEqual(['/chat']);
  expect(first.remarks).toEqual([
    expect.stringMatching(/^Told by chat for want of a way to integration: mail: .*550 no such box/),
  ]);
  await sendDigest({ to: integration, news: [someNews()] });
  expect([posts.length, held]).toEqual([2, []]);
  await alert({ ...someNews(), to: [warehouse] });
  expect(open).toEqual(new Set(['alert-address:mail:integration@example.com']));
  mailTaken = 'all';
  await alert({ ...someNews(), to: [integration] });
  expect(open).toEqual(new Set());
});

test('when everybody refuses for good the step is done, so that the chain goes on, and it says that nobody was told', async () => {
  answers = { '/chat': 404, '/cards': 410, '/hook': 400 };
  mailTaken = 'not integration';
  const { alert } = activitiesOf();
  const { remarks } = await alert({ ...someNews(), to: [integration] });
  expect(remarks).toEqual([expect.stringMatching(/^Nobody could be told: mail: .*; chat: it answered 404; .*hook:/)]);
  expect([...open].toSorted()).toEqual([
    'alert-address:cards',
    'alert-address:chat',
    'alert-address:hook',
    'alert-address:mail:integration@example.com',
  ]);
});

test('that the integration team is told in its place does not make good the address of a team', async () => {
  const which = site({ high: { channels: ['mail'], when: 'atOnce' } });
  const mailOnly = { ...which.alerts, channels: which.alerts.channels.filter(({ kind }) => kind === 'email') };
  mailTaken = 'not warehouse';
  const { alert } = activitiesOf({ ...which, alerts: mailOnly });
  const { remarks } = await alert({ ...someNews(), to: [warehouse] });
  expect(remarks).toEqual([expect.stringMatching(/^Told by mail to integration@example.com for want/)]);
  expect(open).toEqual(new Set(['alert-address:mail:warehouse@example.com']));
});

test('a message whose answer did not come is not repeated because its case cannot be told', async () => {
  mailTakesMs = 60_000;
  const { alert } = activitiesOf(site({ high: { channels: ['mail'], when: 'atOnce' } }));
  await alert({ ...someNews(), to: [warehouse] });
  later(11);
  isTemporalDown = true;
  await expect(alert({ ...someNews(), to: [warehouse] })).resolves.toMatchObject({ remarks: [expect.anything()] });
});

test('a channel that asks for patience is not dead, and the message is tried again', async () => {
  answers = { '/chat': 429 };
  const { alert } = activitiesOf(site({ high: { channels: ['chat'], when: 'atOnce' } }));
  await expect(alert({ ...someNews(), to: [warehouse] })).rejects.toThrow('chat: it answered 429');
  expect(deadCases()).toEqual([]);
});

test('an owner whom the route does not reach hears by another channel, else the integration team does, and it is said', async () => {
  const urgent = { urgent: { channels: ['chat', 'mail'], when: 'atOnce' } };
  const which = site({ ...urgent, high: { channels: ['mail'], when: 'atOnce' } });
  const finance: Recipient = { kind: 'owner', owner: 'finance' };
  const owners = { ...which.owners, finance: { name: 'Finance', email: null } };
  const news = { ...someNews({ owner: 'finance' }), to: [finance] };
  const { remarks } = await activitiesOf({ ...which, owners }).alert(news);
  expect(posts.map(({ path }) => path)).toEqual(['/chat']);
  expect(remarks).toEqual(['Told by chat for want of a way to finance: its route reaches nobody.']);

  const mailOnly = { ...which.alerts, channels: which.alerts.channels.filter(({ kind }) => kind === 'email') };
  const second = await activitiesOf({ ...which, owners, alerts: mailOnly }).alert(news);
  expect(mails.map(({ to }) => to)).toEqual(['integration@example.com']);
  expect(second.remarks).toEqual([expect.stringContaining('Told by mail to integration@example.com')]);

  const nobody = { ...owners, integration: { name: 'Integration', email: null } };
  const third = await activitiesOf({ ...which, owners: nobody, alerts: mailOnly }).alert(news);
  expect(third.remarks).toEqual(['Nobody could be told: no channel reaches finance.']);
});

describe('channels with an open case are tried now and then', () => {
  const all = { high: { channels: ['mail', 'chat', 'cards'], when: 'atOnce' } };

  test('so that the case of a secondary one ends, too', async () => {
    await closeMail();
    answers = { '/chat': 500, '/cards': 'silent' };
    const { alert, tryDead } = activitiesOf(site(all));
    await expect(alert({ ...someNews(), to: [warehouse] })).rejects.toThrow('No channel took');
    expect(open).toEqual(new Set(['alert-channel:mail', 'alert-channel:chat', 'alert-channel:cards']));
    [answers, posts] = [{}, []];
    smtp = mailServer();
    await listen(smtp.listen(mailPort, '127.0.0.1'));
    await tryDead();
    expect([posts.length, open.size]).toEqual([0, 3]);
    later(6);
    await tryDead();
    expect(open).toEqual(new Set());
    // To a mail server only the sign-in is tried; a chat is told.
    expect([mails.length, posts.map(({ path }) => path).toSorted()]).toEqual([0, ['/cards', '/chat']]);
    for (const { body } of posts) expect(body).toContain('Messages come here again');
    later(6);
    await tryDead();
    expect(posts).toHaveLength(2);
  });

  test('also after a restart, and one that is still dead keeps its case', async () => {
    open = new Set(['alert-channel:mail', 'alert-channel:hook', 'alert-address:mail:integration@example.com']);
    answers = { '/hook': 503 };
    const { tryDead } = activitiesOf();
    await tryDead();
    expect(open).toEqual(new Set(['alert-channel:hook']));
    expect(mails.map((mail) => [mail.to, header(mail, 'Subject')])).toEqual([
      ['integration@example.com', '[north] Messages come here again'],
    ]);
    [answers, posts] = [{}, []];
    later(1);
    await tryDead();
    expect(posts).toEqual([]);
    expect(open).toEqual(new Set(['alert-channel:hook']));
  });

  test('and what the site has no more loses its case', async () => {
    open = new Set([
      'alert-channel:pager',
      'alert-address:mail:gone@example.com',
      'alert-address:mail:head@example.com',
    ]);
    mailTaken = 'not integration';
    await activitiesOf().tryDead();
    expect(open).toEqual(new Set());
    expect(mails.map(({ to }) => to)).toEqual(['head@example.com']);
  });
});

test('what Teams gets stays below 28 KB, and the rest is counted', async () => {
  const long = 'Für 1.234 SKUs ist der Bestand anders: ' + 'späte Läufe, '.repeat(40);
  const news = Array.from({ length: 15 }, (_, number) =>
    someNews({
      key: `division 0${number}`,
      code: 'STOCK_DRIFT',
      says: long,
      named: Array(10).fill('AC-1001-BLK-MÄNNER'),
    }),
  );
  const { sendDigest } = activitiesOf(site({ high: { channels: ['cards'], when: 'digest' } }));
  await sendDigest({ to: warehouse, news });
  const body = posts[0]?.body ?? '';
  expect(Buffer.byteLength(body)).toBeLessThan(28_000);
  const shown = news.filter(({ case: { key } }) => body.includes(`${key}"`)).length;
  expect(shown).toBeGreaterThan(5);
  expect(body).toContain(`And ${15 - shown} more cases.`);
});
