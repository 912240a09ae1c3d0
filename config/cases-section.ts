import * as z from 'zod';

import type { CaseRules, EscalationRule, Recipient, WorkingCalendar } from '../domain/cases/case-rules.ts';
import type { Severity } from '../domain/cases/severity-of.ts';
import type { Owner } from '../domain/site-rules.ts';

export const OWNERS = ['ecommerce', 'finance', 'warehouse', 'integration'] as const satisfies readonly Owner[];
const SEVERITIES = ['urgent', 'high', 'normal', 'low'] as const satisfies readonly Severity[];
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'it is no time of day such as 09:00');
const until = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'it is no time of day such as 17:30, or 24:00');
const zone = z
  .string()
  .trim()
  .refine((text) => text === '' || isZone(text), 'it is no IANA zone such as Europe/London');
const days = z.array(z.enum(DAYS)).min(1);
const holidays = z.array(z.iso.date('it is no date such as 2026-12-25'));
const minutes = z.number().positive();
const recipient = z.union(
  [z.enum(OWNERS), z.email()],
  `it is neither one of ${OWNERS.join(', ')} nor an e-mail address`,
);
const chain = z.array(z.strictObject({ afterMinutes: minutes, to: z.array(recipient).min(1) }));

/** Of a team only what differs from the site's calendar. */
const ownCalendar = z.strictObject({
  zone: zone.optional(),
  workdays: days.optional(),
  from: clock.optional(),
  to: until.optional(),
  holidays: holidays.optional(),
});

/** Cases: who must answer by when, in whose working hours, and who hears of it when nobody does. */
export const casesSection = z
  .strictObject({
    calendar: z
      .strictObject({
        zone: zone.default(''),
        workdays: days.default(['mon', 'tue', 'wed', 'thu', 'fri']),
        from: clock.default('09:00'),
        to: until.default('17:00'),
        holidays: holidays.default([]),
      })
      .prefault({}),
    calendars: z.partialRecord(z.enum(OWNERS), ownCalendar).default({}),
    answerWithinMinutes: z
      .strictObject({
        urgent: minutes.default(60),
        high: minutes.default(240),
        normal: minutes.default(480),
        low: minutes.default(2400),
      })
      .prefault({}),
    mendWithinMinutes: z
      .strictObject({
        urgent: minutes.default(240),
        high: minutes.default(960),
        normal: minutes.default(2400),
        low: minutes.default(9600),
      })
      .prefault({}),
    severities: z.record(z.string().trim().min(1), z.enum(SEVERITIES)).default({}),
    escalation: chain.default([{ afterMinutes: 120, to: ['integration'] }]),
    escalations: z.partialRecord(z.enum(OWNERS), chain).default({}),
    gatherSeconds: z.number().nonnegative().default(10),
    settleSeconds: z.number().nonnegative().default(60),
    growMinutes: minutes.default(60),
    repair: z
      .strictObject({ ordersPerMinute: z.number().positive().default(60), patienceMinutes: minutes.default(10) })
      .prefault({}),
  })
  .prefault({});

type CasesFile = z.output<typeof casesSection>;

export function toCaseRules(file: CasesFile, erpZone: string): CaseRules {
  const { calendar, calendars, answerWithinMinutes, mendWithinMinutes, severities, escalation, escalations, repair } =
    file;
  const calendarOf = (owner: Owner): WorkingCalendar => {
    const own = calendars[owner] ?? {};
    return {
      zone: own.zone || calendar.zone || erpZone,
      workdays: (own.workdays ?? calendar.workdays).map((day) => DAYS.indexOf(day) + 1),
      from: own.from ?? calendar.from,
      to: own.to ?? calendar.to,
      holidays: own.holidays ?? calendar.holidays,
    };
  };
  return {
    calendars: forEachOwner(calendarOf),
    answerWithin: answerWithinMinutes,
    mendWithin: mendWithinMinutes,
    escalation: forEachOwner((owner) => toChain(escalations[owner] ?? escalation)),
    severities,
    pace: {
      gatherMs: Math.round(file.gatherSeconds * 1000),
      settleMs: Math.round(file.settleSeconds * 1000),
      growMs: Math.round(file.growMinutes * 60_000),
      repair: { ordersPerMinute: repair.ordersPerMinute, patienceMs: Math.round(repair.patienceMinutes * 60_000) },
    },
  };
}

function forEachOwner<Value>(valueOf: (owner: Owner) => Value): Readonly<Record<Owner, Value>> {
  return {
    ecommerce: valueOf('ecommerce'),
    finance: valueOf('finance'),
    warehouse: valueOf('warehouse'),
    integration: valueOf('integration'),
  };
}

function toChain(steps: z.output<typeof chain>): readonly EscalationRule[] {
  return steps.map(({ afterMinutes, to }) => ({ afterMinutes, to: to.map(toRecipient) }));
}

function toRecipient(text: string): Recipient {
  const owner = OWNERS.find((each) => each === text);
  return owner === undefined ? { kind: 'address', email: text } : { kind: 'owner', owner };
}

function isZone(text: string): boolean {
  try {
    void Intl.DateTimeFormat('en', { timeZone: text });
    return /^[A-Za-z]/.test(text);
  } catch {
    return false;
  }
}
