import { readFileSync } from 'node:fs';

import { parse, stringify } from 'yaml';
import { describe, expect, test } from 'vitest';

import { parseSite } from '../../../config/load-site.ts';
import { NOT_READ, withoutSecrets } from '../../../config/load-without-secrets.ts';
import type { Site } from '../../../config/site.ts';
import { renderManual } from '../../../domain/handover/render-manual.ts';
import { writeManual, type Manual } from '../../../domain/handover/write-manual.ts';
import { problemCodes, problemKind } from '../../../domain/problems.ts';
import { escapeHtml } from '../../../domain/reports/escape-html.ts';
import { feedsOf } from '../../../workers/schedules.ts';

const SECRETS = {
  SPARKLAYER_CLIENT_ID: 'the-client-id-itself',
  SPARKLAYER_CLIENT_SECRET: 'the-client-secret-itself',
  BLUECHERRY_KEY_1: 'the-first-key',
  BLUECHERRY_KEY_2: 'the-second-key',
  SMTP_PASSWORD: 'the-mail-password',
  SLACK_WEBHOOK: 'https://hooks.example/the-slack-address',
  ALERT_SECRET: 'the-signing-secret',
};

function aSite(change: (example: Record<string, Record<string, unknown>>) => object = (example) => example): Site {
  const example = parse(readFileSync(new URL('../../../config/sites/example.yaml', import.meta.url), 'utf8'));
  const text = stringify(
    change({
      ...example,
      alerts: {
        ...example.alerts,
        channels: {
          mail: {
            kind: 'email',
            host: 'smtp.example.com',
            user: 'instep',
            password: 'env:SMTP_PASSWORD',
            from: 'instep@example.com',
          },
          chat: { kind: 'slack', url: 'env:SLACK_WEBHOOK' },
          hook: { kind: 'webhook', url: 'https://example.com/alerts', secret: 'env:ALERT_SECRET' },
        },
      },
      owners: { finance: { name: 'Fay Finance', email: 'fay@example.com' }, warehouse: { name: 'W. Hands & Co' } },
    }),
  );
  const parsed = parseSite(text, 'eu', { variables: SECRETS, readFile: () => '' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.site;
}

function manualOf(site: Site): Manual {
  return writeManual(site, feedsOf(site), { at: '2026-01-20T05:30:00Z', zone: site.schedules.zone });
}

function chapterOf(site: Site, owner: Manual['chapters'][number]['owner']) {
  const chapter = manualOf(site).chapters.find((each) => each.owner === owner);
  if (!chapter) throw new Error(`no chapter of ${owner}`);
  return chapter;
}

describe('the handover manual', () => {
  test('explains every problem in the chapter of the team that owns it, and in no other', () => {
    const { chapters } = manualOf(aSite());
    const explained = chapters.flatMap(({ owner, alerts }) => alerts.map(({ code }) => `${owner} ${code}`));
    expect(explained.toSorted()).toEqual(
      problemCodes()
        .map((code) => `${problemKind(code).owner} ${code}`)
        .toSorted(),
    );
    const page = renderManual(manualOf(aSite()), '2026-01-20');
    for (const { owner, alerts } of chapters) {
      const [, after = ''] = page.split(`<section class="chapter" id="${owner}">`);
      const [section = ''] = after.split('</section>');
      for (const { code, mend } of alerts) {
        expect(section).toContain(`>${code}<`);
        expect(section).toContain(escapeHtml(mend));
      }
    }
  });

  test('shows no secret, and needs none', () => {
    const page = renderManual(manualOf(aSite()), '2026-01-20');
    for (const secret of Object.values(SECRETS)) expect(page).not.toContain(secret);
    const text = readFileSync(new URL('../../../config/sites/example.yaml', import.meta.url), 'utf8');
    const without = parseSite(text, 'eu', withoutSecrets({ variables: {}, readFile: () => text }, 'eu.yaml'));
    if (!without.ok) throw new Error(JSON.stringify(without.problems));
    expect(renderManual(manualOf(without.site), '2026-01-20')).not.toContain(NOT_READ);
  });

  test('says what runs when, of what is on only', () => {
    const site = aSite((example) => ({
      ...example,
      stock: { ...example['stock'], writes: 'on' },
      schedules: {
        ...example['schedules'],
        zone: 'Europe/London',
        syncInventory: { everyMinutes: 15, between: '06:00-22:00' },
        auditSite: { at: ['04:00', '16:00'] },
      },
    }));
    const runs = chapterOf(site, 'warehouse').runs.map(({ what, when }) => `${what}: ${when}`);
    expect(runs).toContain(
      'What can be sold now reaches the storefront: every 15 minutes from 06:00 to 22:00 (Europe/London)',
    );
    expect(runs).toContain(
      'What either side lacks is found before an order meets it: every day at 04:00 and 16:00 (Europe/London)',
    );
    expect(runs).toContain(
      'Nothing is entered into the ERP; orders wait, they do not fail: every day from 23:00 to 06:00 of the next day (US/Eastern)',
    );
    expect(runs.join('\n')).not.toContain('Prices of the ERP');
    expect(chapterOf(site, 'integration').runs.length).toBeGreaterThan(runs.length);
  });

  test('says who keeps what, by the site’s own settings', () => {
    const keptIn = (site: Site, owner: 'finance' | 'ecommerce' | 'warehouse', record: string) =>
      chapterOf(site, owner).records.find((each) => each.record === record)?.keptIn;
    const off = aSite();
    const on = aSite((example) => ({
      ...example,
      products: { ...example['products'], mode: 'write' },
      pricing: {
        ...example['pricing'],
        mode: 'write',
        lists: [
          { list: 'trade', managedBy: 'erp', currency: 'GBP' },
          { list: 'outlet', managedBy: 'storefront', currency: 'GBP' },
        ],
      },
    }));
    expect(keptIn(off, 'ecommerce', 'Products and variants')).toBe('the storefront');
    expect(keptIn(on, 'ecommerce', 'Products and variants')).toBe('the storefront and the ERP, each its part');
    expect(keptIn(off, 'finance', 'Price lists')).toBe('the storefront');
    expect(keptIn(on, 'finance', 'Price list trade')).toBe('the ERP');
    expect(keptIn(on, 'finance', 'Price list outlet')).toBe('the storefront');
    expect(keptIn(on, 'warehouse', 'Stock')).toBe('the ERP');
  });

  test('names whom to call next, after which working time, and how each degree of urgency is heard', () => {
    const site = aSite((example) => ({
      ...example,
      cases: {
        ...example['cases'],
        escalations: {
          finance: [
            { afterMinutes: 60, to: ['warehouse'] },
            { afterMinutes: 60, to: ['chief@example.com', 'integration'] },
          ],
        },
      },
    }));
    expect(chapterOf(site, 'finance').call).toMatchObject({
      name: 'Fay Finance',
      email: 'fay@example.com',
      workingHours: 'Mon to Fri 09:00 to 17:00 (US/Eastern)',
      steps: [
        '1 hour of working time after it was due: W. Hands & Co',
        '2 hours of working time after it was due: chief@example.com and Integration',
      ],
    });
    const hearings = chapterOf(site, 'finance').call.hearings.map(({ severity, answerWithin, by }) => [
      severity,
      answerWithin,
      by,
    ]);
    expect(hearings[0]).toEqual([
      'urgent',
      '1 hour',
      'by e-mail to fay@example.com, else by Slack (chat) and the system behind hook; at once',
    ]);
    expect(hearings[3]?.[2]).toContain('gathered, at 09:00 (US/Eastern)');
    // E-mail reaches nobody without an address.
    expect(chapterOf(site, 'warehouse').call.hearings[0]?.by).toBe(
      'by Slack (chat), else by the system behind hook; at once',
    );
  });

  test('has contents that lead to its chapters, and no word that only engineers know', () => {
    const page = renderManual(manualOf(aSite()), '2026-01-20');
    for (const owner of ['ecommerce', 'finance', 'warehouse', 'integration']) {
      expect(page).toContain(`<a href="#${owner}">`);
      expect(page).toContain(`<section class="chapter" id="${owner}">`);
    }
    expect(page).toContain('W. Hands &amp; Co');
    expect(page).not.toMatch(/workflow|activity|task queue|namespace|signal|search attribute|schedule id/i);
  });
});
