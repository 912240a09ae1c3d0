import { describe, expect, test } from 'vitest';

import { casesSection, toCaseRules } from '../../config/cases-section.ts';
import { problemsOf } from './support.ts';

const rulesOf = (file: unknown) => toCaseRules(casesSection.parse(file), 'US/Eastern');

describe('the rules of cases', () => {
  test('are whole without a word in the file: office hours in the ERP’s zone, and integration hears of what nobody answers', () => {
    const { calendars, escalation, pace } = rulesOf({});
    const office = { zone: 'US/Eastern', workdays: [1, 2, 3, 4, 5], from: '09:00', to: '17:00', holidays: [] };
    expect(calendars).toEqual({ ecommerce: office, finance: office, warehouse: office, integration: office });
    expect(escalation.finance).toEqual([{ afterMinutes: 120, to: [{ kind: 'owner', owner: 'integration' }] }]);
    expect(pace).toEqual({
      gatherMs: 10_000,
      settleMs: 60_000,
      growMs: 3_600_000,
      repair: { ordersPerMinute: 60, patienceMs: 600_000 },
    });
  });

  test('take from a team’s own calendar what it says, and the rest from the site’s', () => {
    const { calendars, escalation } = rulesOf({
      calendar: { zone: 'Europe/London', holidays: ['2026-12-25'] },
      calendars: { warehouse: { workdays: ['sat', 'sun'], from: '22:00', to: '06:00' } },
      escalations: { finance: [{ afterMinutes: 30, to: ['ecommerce', 'head@example.com'] }], warehouse: [] },
    });
    const { warehouse, finance } = calendars;
    expect(warehouse).toEqual({
      zone: 'Europe/London',
      workdays: [6, 7],
      from: '22:00',
      to: '06:00',
      holidays: ['2026-12-25'],
    });
    expect(finance.workdays).toEqual([1, 2, 3, 4, 5]);
    expect(escalation.warehouse).toEqual([]);
    expect(escalation.finance[0]?.to).toEqual([
      { kind: 'owner', owner: 'ecommerce' },
      { kind: 'address', email: 'head@example.com' },
    ]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['a zone that is none', { calendar: { zone: '+02:00' } }, 'cases.calendar.zone'],
    ['a week without work', { calendar: { workdays: [] } }, 'cases.calendar.workdays'],
    ['a time that is none', { calendars: { finance: { to: '25:00' } } }, 'cases.calendars.finance.to'],
    ['a holiday that is no date', { calendar: { holidays: ['Christmas'] } }, 'cases.calendar.holidays[0]'],
    ['nobody to tell', { escalation: [{ afterMinutes: 5, to: ['the boss'] }] }, 'cases.escalation[0].to[0]'],
    ['no time to answer', { answerWithinMinutes: { high: 0 } }, 'cases.answerWithinMinutes.high'],
    ['a severity that is none', { severities: { SKU_UNKNOWN: 'fatal' } }, 'cases.severities.SKU_UNKNOWN'],
    ['a team that is none', { calendars: { legal: {} } }, 'cases.calendars.legal'],
  ])('%s is a mistake with its place', (_, cases, path) => {
    expect(problemsOf((site) => Object.assign(site, { cases })).map((problem) => problem.path)).toContain(path);
  });
});
