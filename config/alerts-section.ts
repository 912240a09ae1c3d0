import * as z from 'zod';

import type { AlertChannel, AlertRoute, AlertRules, QuietHours } from '../domain/alerts/alert-rules.ts';
import type { CaseRules } from '../domain/cases/case-rules.ts';
import type { Severity } from '../domain/cases/severity-of.ts';
import type { Owner } from '../domain/site-rules.ts';
import { OWNERS } from './cases-section.ts';
import { list, loose, word, type Loose } from './loose.ts';
import type { SiteProblem } from './problems.ts';

const SEVERITIES = ['urgent', 'high', 'normal', 'low'] as const satisfies readonly Severity[];
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
/** So many, with the longest time each, are tried within the time that one attempt of a message has. */
const MOST_CHANNELS = 5;
const LONGEST_SECONDS = 10;

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'it is no time of day such as 20:00');
const secret = z.string().trim().min(1);
const address = z.url({ protocol: /^https?$/, error: 'it is no address that begins with https:// (or http://)' });
const timeoutSeconds = z.number().positive().max(LONGEST_SECONDS).default(8);

const channel = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('email'),
    host: z.string().trim().min(1),
    port: z.number().int().min(1).max(65_535).default(587),
    security: z.enum(['tls', 'startTls', 'none']).default('startTls'),
    user: z.string().trim().default(''),
    password: z.string().trim().default(''),
    from: z.email('it is no e-mail address'),
    timeoutSeconds,
  }),
  z.strictObject({ kind: z.literal('slack'), url: secret, timeoutSeconds }),
  z.strictObject({ kind: z.literal('teams'), url: secret, timeoutSeconds }),
  z.strictObject({ kind: z.literal('webhook'), url: address, secret, timeoutSeconds }),
]);

const route = z.strictObject({
  channels: z.array(z.string().trim().min(1)).max(MOST_CHANNELS),
  when: z.enum(['atOnce', 'digest']),
});
const routes = z.partialRecord(z.enum(SEVERITIES), route);

/** Alerts: by which channels who hears of what, at once or in a digest, and when not. */
export const alertsSection = z
  .strictObject({
    channels: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/, 'it is no name such as mail-2'), channel).default({}),
    routes: routes.default({}),
    routesOf: z.partialRecord(z.enum(OWNERS), routes).default({}),
    digestAt: z.array(clock).min(1).default(['09:00']),
    quietHours: z
      .partialRecord(
        z.enum(OWNERS),
        z.strictObject({
          from: clock,
          to: clock,
          days: z.array(z.enum(DAYS)).max(6, 'a week that is quiet all along hears of nothing').default([]),
        }),
      )
      .default({}),
    temporalUi: z.union([z.literal(''), address]).default('http://127.0.0.1:8233'),
  })
  .prefault({});

type AlertsFile = z.output<typeof alertsSection>;

/** `secrets` by the channel's name. Times are in the zones of the owners' calendars. */
export function toAlertRules(
  file: AlertsFile,
  secrets: Readonly<Record<string, string>>,
  calendars: CaseRules['calendars'],
): AlertRules {
  const channels = Object.entries(file.channels).map(([name, settings]) =>
    toChannel(name, settings, secrets[name] ?? ''),
  );
  const routeOf = (owner: Owner, severity: Severity): AlertRoute => {
    const written = file.routesOf[owner]?.[severity] ?? file.routes[severity];
    if (!written) return { channels: channels.slice(0, MOST_CHANNELS), when: severity === 'low' ? 'digest' : 'atOnce' };
    const named = written.channels.flatMap((name) => channels.filter((each) => each.name === name));
    return { channels: named, when: written.when };
  };
  return {
    channels,
    routes: forEachOwner((owner) => ({
      urgent: routeOf(owner, 'urgent'),
      high: routeOf(owner, 'high'),
      normal: routeOf(owner, 'normal'),
      low: routeOf(owner, 'low'),
    })),
    quietHours: forEachOwner((owner) => toQuietHours(file.quietHours[owner], calendars[owner].zone)),
    digests: forEachOwner((owner) => ({ zone: calendars[owner].zone, at: file.digestAt })),
    temporalUi: file.temporalUi.replace(/\/+$/, ''),
  };
}

/** Routes that lead nowhere. */
export function alertProblems(site: Loose): readonly SiteProblem[] {
  const alerts = loose(site['alerts']);
  const channels = loose(alerts['channels']);
  const routes = [
    { path: 'alerts.routes', given: alerts['routes'] },
    ...Object.entries(loose(alerts['routesOf'])).map(([owner, given]) => ({ path: `alerts.routesOf.${owner}`, given })),
  ];
  return [
    ...Object.entries(channels).flatMap(([name, settings]) => credentialProblems(name, loose(settings))),
    ...routes.flatMap(({ path, given }) =>
      Object.entries(loose(given)).flatMap(([severity, settings]) =>
        list(loose(settings)['channels'])
          .map(word)
          .flatMap((name, index) =>
            Object.hasOwn(channels, name)
              ? []
              : [
                  {
                    path: `${path}.${severity}.channels[${index}]`,
                    wrong: `“${name}” is none of the channels`,
                    mend: 'Name one of alerts.channels, or add it there.',
                  },
                ],
          ),
      ),
    ),
  ];
}

function credentialProblems(name: string, { kind, user, password }: Loose): readonly SiteProblem[] {
  if (kind !== 'email' || (word(user) === '') === (word(password) === '')) return [];
  return [
    {
      path: `alerts.channels.${name}.${word(user) === '' ? 'user' : 'password'}`,
      wrong: 'of user and password only one is there',
      mend: 'Name both, or neither where the server asks for none.',
    },
  ];
}

function toChannel(name: string, settings: z.output<typeof channel>, secret: string): AlertChannel {
  const timeoutMs = Math.round(settings.timeoutSeconds * 1000);
  switch (settings.kind) {
    case 'email': {
      const { host, port, security, user, from } = settings;
      return { kind: 'email', name, timeoutMs, host, port, security, user, password: secret, from };
    }
    case 'slack':
    case 'teams':
      return { kind: settings.kind, name, timeoutMs, url: secret };
    case 'webhook':
      return { kind: 'webhook', name, timeoutMs, url: settings.url, secret };
  }
}

function toQuietHours(written: AlertsFile['quietHours'][Owner], zone: string): QuietHours | null {
  if (!written) return null;
  return { zone, from: written.from, to: written.to, days: written.days.map((day) => DAYS.indexOf(day) + 1) };
}

function forEachOwner<Value>(valueOf: (owner: Owner) => Value): Readonly<Record<Owner, Value>> {
  return {
    ecommerce: valueOf('ecommerce'),
    finance: valueOf('finance'),
    warehouse: valueOf('warehouse'),
    integration: valueOf('integration'),
  };
}
