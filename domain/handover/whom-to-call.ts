import type { AlertChannel, AlertRoute, AlertRules } from '../alerts/alert-rules.ts';
import { reaching } from '../alerts/route-alert.ts';
import type { WorkingCalendar } from '../cases/case-rules.ts';
import { SEVERITIES, type Severity } from '../cases/severity-of.ts';
import type { Owner } from '../site-rules.ts';
import type { HandoverSite } from './handover-site.ts';
import { listInWords, minutesInWords } from './timing-words.ts';

/** How one degree of urgency reaches a team. */
export interface Hearing {
  readonly severity: Severity;
  /** Of working time. */
  readonly answerWithin: string;
  /** From then on, of working time. */
  readonly mendWithin: string;
  readonly by: string;
}

export interface CallChain {
  readonly name: string;
  readonly email: string | null;
  readonly workingHours: string;
  readonly quiet: string;
  readonly hearings: readonly Hearing[];
  /** Who is told when nobody answers, step by step. */
  readonly steps: readonly string[];
}

const UNHEARD = 'no message reaches this team; it is in the list of open cases only';
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** How a team hears of trouble, and who hears of it when the team does not answer. */
export function whomToCall({ owners, cases, alerts }: HandoverSite, owner: Owner): CallChain {
  const { name, email } = owners[owner];
  const quiet = alerts.quietHours[owner];
  const digests = alerts.digests[owner];
  let waited = 0;
  return {
    name,
    email,
    workingHours: hoursInWords(cases.calendars[owner]),
    quiet:
      quiet === null
        ? 'none'
        : `${quiet.from} to ${quiet.to}${quiet.days.length > 0 ? `, and all of ${daysInWords(quiet.days)}` : ''} (${quiet.zone}); what is urgent comes nevertheless`,
    hearings: SEVERITIES.map((severity) => ({
      severity,
      answerWithin: minutesInWords(cases.answerWithin[severity]),
      mendWithin: minutesInWords(cases.mendWithin[severity]),
      by: hearingOf(
        alerts.routes[owner][severity],
        email,
        insteadOf(alerts, email, owners.integration.email),
        `${listInWords(digests.at)} (${digests.zone})`,
      ),
    })),
    steps: cases.escalation[owner].map(({ afterMinutes, to }) => {
      waited += afterMinutes;
      const people = to.map((each) => (each.kind === 'address' ? each.email : personOf(owners[each.owner])));
      return `${minutesInWords(waited)} of working time after it was due: ${listInWords(people) || 'nobody'}`;
    }),
  };
}

function personOf({ name, email }: { readonly name: string; readonly email: string | null }): string {
  return email === null ? name : `${name} (${email})`;
}

/** Channels by name and kind only: the address of a chat is a secret. */
function hearingOf({ channels, when }: AlertRoute, email: string | null, instead: string, digestAt: string): string {
  const ways = reaching(channels, email).map(({ channel, address }) => channelInWords(channel, address));
  if (ways.length === 0) return channels.length === 0 ? UNHEARD : instead;
  const [first = '', ...others] = ways;
  const then = others.length > 0 ? `, else by ${listInWords(others)}` : '';
  return `by ${first}${then}; ${when === 'digest' ? `gathered, at ${digestAt}` : 'at once'}`;
}

/** Where the route does not reach the team. */
function insteadOf({ channels }: AlertRules, email: string | null, integration: string | null): string {
  const [own] = reaching(channels, email);
  if (own) return `by ${channelInWords(own.channel, own.address)}, for its own route does not reach this team`;
  return reaching(channels, integration).length > 0
    ? 'no message reaches this team; the integration team hears of it instead'
    : UNHEARD;
}

function channelInWords({ kind, name }: AlertChannel, address: string): string {
  switch (kind) {
    case 'email':
      return `e-mail to ${address}`;
    case 'slack':
      return `Slack (${name})`;
    case 'teams':
      return `Teams (${name})`;
    case 'webhook':
      return `the system behind ${name}`;
  }
}

function hoursInWords({ workdays, from, to, zone, holidays }: WorkingCalendar): string {
  const off = holidays.length > 0 ? `, not on ${listInWords(holidays)}` : '';
  return `${daysInWords(workdays)} ${from} to ${to}${to < from ? ' of the next day' : ''} (${zone})${off}`;
}

/** `Mon to Fri`, or one by one. */
function daysInWords(days: readonly number[]): string {
  const sorted = days.toSorted((one, other) => one - other);
  const [first = 1] = sorted;
  const nameOf = (day: number) => DAYS[day - 1] ?? '';
  const isRow = sorted.length > 2 && sorted.every((day, index) => day === first + index);
  return isRow ? `${nameOf(first)} to ${nameOf(sorted.at(-1) ?? first)}` : listInWords(sorted.map(nameOf));
}
