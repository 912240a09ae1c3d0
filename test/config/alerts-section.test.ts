import { parse, stringify } from 'yaml';
import { describe, expect, test } from 'vitest';

import { exampleSiteText, parseSite } from '../../config/load-site.ts';
import { environment, problemsOf } from './support.ts';

const CHANNELS = {
  mail: { kind: 'email', host: 'smtp.example.com', user: 'instep', password: 'env:SMTP', from: 'instep@example.com' },
  chat: { kind: 'slack', url: 'env:CHAT' },
  hook: { kind: 'webhook', url: 'https://example.com/alerts', secret: 'env:HOOK' },
};
const world = {
  ...environment,
  variables: { ...environment.variables, SMTP: 'pass', CHAT: 'https://chat.example/T0/hidden', HOOK: 'shared' },
};
const problems = (alerts: unknown, more: Readonly<Record<string, string>> = {}) =>
  problemsOf((site) => Object.assign(site, { alerts }), { ...world, variables: { ...world.variables, ...more } });

describe('the rules of alerts', () => {
  test('have their secrets in place, and unsaid routes go to all channels, low ones in a digest', () => {
    const alerts = {
      channels: CHANNELS,
      routes: { high: { channels: ['chat', 'mail'], when: 'atOnce' } },
      routesOf: { finance: { high: { channels: ['mail'], when: 'digest' } } },
      quietHours: { finance: { from: '18:00', to: '08:00', days: ['sun'] } },
    };
    const parsed = parseSite(stringify({ ...parse(exampleSiteText()), alerts }), 'here', world);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const { channels, routes, quietHours, digests } = parsed.site.alerts;
    expect(channels).toMatchObject([
      { name: 'mail', password: 'pass', port: 587, security: 'startTls', timeoutMs: 8000 },
      { name: 'chat', url: 'https://chat.example/T0/hidden' },
      { name: 'hook', url: 'https://example.com/alerts', secret: 'shared' },
    ]);
    const routeOf = ({ channels, when }: (typeof routes)['finance']['high']) => [
      ...channels.map(({ name }) => name),
      when,
    ];
    expect(routeOf(routes.warehouse.high)).toEqual(['chat', 'mail', 'atOnce']);
    expect(routeOf(routes.finance.high)).toEqual(['mail', 'digest']);
    expect(routeOf(routes.finance.urgent)).toEqual(['mail', 'chat', 'hook', 'atOnce']);
    expect(routeOf(routes.finance.low)).toEqual(['mail', 'chat', 'hook', 'digest']);
    expect(quietHours).toMatchObject({ finance: { zone: 'US/Eastern', from: '18:00', days: [7] }, warehouse: null });
    expect(digests.warehouse).toEqual({ zone: 'US/Eastern', at: ['09:00'] });
  });

  test.each<[string, unknown, string]>([
    [
      'a route to a channel that is none',
      { routes: { high: { channels: ['fax'], when: 'atOnce' } } },
      'alerts.routes.high.channels[0]',
    ],
    [
      'a team’s route to one',
      { routesOf: { finance: { low: { channels: ['fax'], when: 'digest' } } } },
      'alerts.routesOf.finance.low.channels[0]',
    ],
    [
      'a secret in clear text',
      { channels: { chat: { kind: 'slack', url: 'https://chat.example/hidden' } } },
      'alerts.channels.chat.url',
    ],
    [
      'a chat’s secret that is no address',
      { channels: { chat: { kind: 'teams', url: 'env:HOOK' } } },
      'alerts.channels.chat.url',
    ],
    [
      'a user without a password',
      { channels: { mail: { ...CHANNELS.mail, password: '' } } },
      'alerts.channels.mail.password',
    ],
    ['a channel of an unknown kind', { channels: { fax: { kind: 'fax' } } }, 'alerts.channels.fax.kind'],
    [
      'a week of quiet',
      {
        quietHours: {
          finance: { from: '18:00', to: '08:00', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] },
        },
      },
      'alerts.quietHours.finance.days',
    ],
    ['no time for digests', { digestAt: [] }, 'alerts.digestAt'],
  ])('%s is a mistake with its place', (_, alerts, path) => {
    const found = problems(alerts);
    expect(found.map((problem) => problem.path)).toContain(path);
    expect(JSON.stringify(found)).not.toMatch(/hidden|shared/);
  });
});
