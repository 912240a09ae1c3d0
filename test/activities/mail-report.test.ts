import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';

import {
  createMailReportActivities,
  mailRecipientsOf,
  type MailOutcome,
  type MailReport,
} from '../../activities/mail-report.ts';
import { OWNERS } from '../../domain/site-rules.ts';
import { openMailBox, withMail, type Mail, type MailBox } from '../support/mail-box.ts';

const HEADLINE = '0 unaccounted of 9; 6 of 8 open orders differ';

let folder: string;
let files: readonly string[];
let box: MailBox;
let answersAfterMs: number;
let refuses: 450 | 550 | null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'instep-mail-'));
  files = ['html', 'xlsx', 'json'].map((ending) => join(folder, `exceptions.${ending}`));
  for (const file of files) await writeFile(file, `the content of ${file.slice(-4)}`);
  [answersAfterMs, refuses] = [0, null];
  box = await openMailBox({ answersAfterMs: () => answersAfterMs, refuses: () => refuses });
});
afterEach(async () => {
  await box.dies();
  await rm(folder, { recursive: true, force: true });
});

function site(more: object = {}) {
  const { alerts, owners } = withMail(box);
  const ops = { name: 'Operations', email: 'ops@example.com' };
  return { name: 'north', alerts, owners: { ...owners, warehouse: ops, integration: ops }, ...more };
}

/** One attempt of a step. */
function mailTo(to: string, beats: unknown[] = []): Promise<MailOutcome> {
  const environment = new MockActivityEnvironment();
  environment.on('heartbeat', (details: unknown) => beats.push(details));
  const activities = createMailReportActivities({ site: site() });
  return environment.run((mail: MailReport) => activities.mailReport(mail), {
    to,
    report: 'exceptions',
    headline: HEADLINE,
    files,
  });
}

const header = ({ raw }: Mail, name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(raw)?.[1]?.trim();

test('a mail carries page and workbook and says the headline; the record stays at home', async () => {
  const beats: unknown[] = [];
  await mailTo('finance@example.com', beats);
  const [mail] = box.mails;
  expect(box.mails.map(({ to }) => to)).toEqual(['finance@example.com']);
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
  await box.dies();
  await expect(mailTo('ops@example.com')).rejects.toThrow('ECONNREFUSED');
  await box.returns();
  await mailTo('ops@example.com');
  await mailTo('ops@example.com');
  expect(box.mails.map(({ to }) => to)).toEqual(['finance@example.com', 'ops@example.com', 'ops@example.com']);
  const [one, other, again] = box.mails.map((mail) => header(mail, 'Message-ID'));
  expect(other).not.toBe(one);
  expect(again).toBe(other);
});

test('a server that takes its time over a report is waited for, longer than for an alert', async () => {
  answersAfterMs = 1_500;
  expect(await mailTo('finance@example.com')).toBe('mailed');
  expect(box.mails).toHaveLength(1);
});

test('a report that a server has and never answers for is not sent again', async () => {
  answersAfterMs = 60_000;
  expect(await mailTo('finance@example.com')).toBe('unanswered');
  expect(box.mails).toHaveLength(1);
});

test('a report to an address that does not exist is not tried again, one that is put off is', async () => {
  refuses = 550;
  const refused = await mailTo('finance@example.com').catch((error: unknown) => error);
  expect(refused).toMatchObject({ type: 'MAIL_REFUSED', nonRetryable: true });
  expect(String(refused)).toMatch(/finance@example\.com.*550 no such user here/);
  refuses = 450;
  await expect(mailTo('finance@example.com')).rejects.toMatchObject({ type: 'MAIL_UNDELIVERED', nonRetryable: false });
  expect(box.mails).toEqual([]);
});

test('every owner with an address has it once; without a mail channel, or an address, it is said that nobody has', () => {
  expect(mailRecipientsOf(site(), OWNERS)).toEqual({ addresses: ['finance@example.com', 'ops@example.com'], says: '' });
  const { owners, alerts } = site();
  const nobody = { name: '', email: null };
  expect(mailRecipientsOf({ name: 'north', owners, alerts: { ...alerts, channels: [] } }, OWNERS).says).toMatch(
    /no mail channel/,
  );
  const without = { ecommerce: nobody, finance: nobody, warehouse: nobody, integration: nobody };
  expect(mailRecipientsOf({ name: 'north', owners: without, alerts }, OWNERS).says).toMatch(
    /No address of ecommerce, finance/,
  );
});
