import { expect, test } from 'vitest';

import { alertsSection, toAlertRules } from '../../../config/alerts-section.ts';
import { judgeOwners, type Telling } from '../../../domain/audit/judge-owners.ts';
import { noOrder } from '../../../domain/audit/gap.ts';
import type { EscalationRule } from '../../../domain/cases/case-rules.ts';
import { RULES } from '../cases/case-world.ts';

const mail = { kind: 'email', host: '127.0.0.1', from: 'instep@shop.example' };
const chat = { kind: 'slack', url: 'env:X' };
const NOBODY = { email: null };
const head: readonly EscalationRule[] = [{ afterMinutes: 60, to: [{ kind: 'address', email: 'head@example.com' }] }];
const noChain = { ecommerce: [], finance: [], warehouse: [], integration: [] };

function telling(channels: object, routes: object, more: Partial<Telling> = {}): Telling {
  const of = (name: string) => ({ email: `${name}@example.com` });
  return {
    alerts: toAlertRules(alertsSection.parse({ channels, routes }), {}, RULES.calendars),
    addresses: {
      ecommerce: of('ecommerce'),
      finance: NOBODY,
      warehouse: of('warehouse'),
      integration: of('integration'),
    },
    escalation: noChain,
    ...more,
  };
}

const gapsOf = (given: Telling) => judgeOwners(given, () => noOrder).map(({ key, says }) => `${key}: ${says}`);
const byMail = { channels: ['mail'], when: 'atOnce' };
const routes = { urgent: { channels: ['chat', 'mail'], when: 'atOnce' }, high: byMail, normal: byMail };

test('a team that hears of what is urgent, and of the rest only by a channel that its route does not name, is told so', () => {
  expect(gapsOf(telling({ mail, chat }, { ...routes, low: byMail }))).toEqual([
    'finance: No route brings the team what is finance’s and high or normal or low: it has no address, and goes by chat instead.',
  ]);
});

test('a team that nothing reaches is named, with who hears of it in its place', () => {
  expect(gapsOf(telling({ mail }, {}))).toEqual([
    'finance: The team does not hear of what is finance’s, the integration team does: the site file has no address for it.',
  ]);
  const nobody = { ecommerce: NOBODY, finance: NOBODY, warehouse: NOBODY, integration: NOBODY };
  expect(gapsOf(telling({ mail }, {}, { addresses: nobody }))).toHaveLength(4);
  expect(gapsOf(telling({}, {}))).toContain(
    'finance: Nobody hears of what is finance’s: the site file has no address and no channel for this team.',
  );
});

test('that something is in the log only may be wanted, but not of what is urgent', () => {
  const logOnly = { channels: [], when: 'atOnce' };
  expect(gapsOf(telling({ chat }, { low: logOnly, normal: logOnly }))).toEqual([]);
  expect(gapsOf(telling({ chat }, { urgent: logOnly }))).toHaveLength(4);
});

test('a chain with an address needs a mail channel', () => {
  const escalation = { ...noChain, warehouse: head };
  expect(gapsOf(telling({ chat }, {}, { escalation }))).toEqual([
    'warehouse: The chain of warehouse’s cases names head@example.com, and there is no e-mail channel.',
  ]);
  expect(gapsOf(telling({ chat, mail }, {}, { escalation }))).toEqual([]);
});
