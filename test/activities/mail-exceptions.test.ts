import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { MockActivityEnvironment } from '@temporalio/testing';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, expect, test } from 'vitest';

import {
  createMailExceptionsActivities,
  mailRecipientsOf,
  type MailExceptions,
} from '../../activities/mail-exceptions.ts';
import { alertsSection, toAlertRules } from '../../config/alerts-section.ts';
import { RULES } from '../domain/cases/case-world.ts';

const HEADLINE = '0 unaccounted of 9; 6 of 8 open orders differ';

interface Mail {
  readonly to: string;
  readonly raw: string;
}

let folder: string;
let files: readonly string[];
let mails: Mail[];
let smtp: SMTPServer;
let port: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'instep-mail-'));
  files = ['html', 'xlsx', 'json'].map((ending) => join(folder, `exceptions.${ending}`));
  for (const file of files) await writeFile(file, `the content of ${file.slice(-4)}`);
  mails = [];
  smtp = mailServer();
  port = await listening(0);
});
afterEach(async () => {
  await closeMail();
  await rm(folder, { recursive: true, force: true });
});

function mailServer(): SMTPServer {
  return new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, { envelope }, done) => {
      const to = envelope.rcptTo.map(({ address }) => address).join();
      void text(stream)
        .then((raw) => mails.push({ to, raw }))
        .finally(done);
    },
  });
}

async function listening(at: number): Promise<number> {
  const server = smtp.listen(at, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const closeMail = () => new Promise<void>((resolve) => smtp.close(() => resolve()));

function site(more: object = {}) {
  const channel = { kind: 'email', host: '127.0.0.1', port, security: 'none', from: 'instep@shop.example' };
  const file = alertsSection.parse({ channels: { mail: { ...channel, timeoutSeconds: 0.5 } } });
  const of = (name: string, email: string | null) => ({ name, email });
  return {
    name: 'north',
    alerts: toAlertRules(file, {}, RULES.calendars),
    owners: {
      ecommerce: of('E-commerce', null),
      finance: of('Finance', 'finance@example.com'),
      warehouse: of('Warehouse', 'ops@example.com'),
      integration: of('Integration', 'ops@example.com'),
    },
    ...more,
  };
}

/** One attempt of a step. */
function mailTo(to: string, beats: unknown[] = []): Promise<void> {
  const environment = new MockActivityEnvironment();
  environment.on('heartbeat', (details: unknown) => beats.push(details));
  const activities = createMailExceptionsActivities({ site: site() });
  return environment.run((mail: MailExceptions) => activities.mailExceptions(mail), { to, headline: HEADLINE, files });
}

const header = ({ raw }: Mail, name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(raw)?.[1]?.trim();

test('a mail carries page and workbook and says the headline; the record stays at home', async () => {
  const beats: unknown[] = [];
  await mailTo('finance@example.com', beats);
  const [mail] = mails;
  expect(mails.map(({ to }) => to)).toEqual(['finance@example.com']);
  expect(header(mail!, 'Subject')).toBe(`north: ${HEADLINE}`);
  expect([...mail!.raw.matchAll(/filename=(\S+)/g)].map(([, name]) => name)).toEqual([
    'exceptions.html',
    'exceptions.xlsx',
  ]);
  expect(mail!.raw).toContain(Buffer.from('the content of xlsx').toString('base64'));
  expect(beats.length).toBeGreaterThan(0);
});

test('a dead server loses nothing: the step fails and says why, and the next attempt brings the same mail', async () => {
  await mailTo('finance@example.com');
  await closeMail();
  await expect(mailTo('ops@example.com')).rejects.toThrow('ECONNREFUSED');
  smtp = mailServer();
  await listening(port);
  await mailTo('ops@example.com');
  await mailTo('ops@example.com');
  expect(mails.map(({ to }) => to)).toEqual(['finance@example.com', 'ops@example.com', 'ops@example.com']);
  const [one, other, again] = mails.map((mail) => header(mail, 'Message-ID'));
  expect(other).not.toBe(one);
  expect(again).toBe(other);
});

test('every owner with an address has it once; without a mail channel, or an address, it is said that nobody has', () => {
  expect(mailRecipientsOf(site())).toEqual({ addresses: ['finance@example.com', 'ops@example.com'], says: '' });
  const { owners, alerts } = site();
  const nobody = { name: '', email: null };
  expect(mailRecipientsOf({ name: 'north', owners, alerts: { ...alerts, channels: [] } }).says).toMatch(
    /no mail channel/,
  );
  const without = { ecommerce: nobody, finance: nobody, warehouse: nobody, integration: nobody };
  expect(mailRecipientsOf({ name: 'north', owners: without, alerts }).says).toMatch(/No owner has an address/);
});
