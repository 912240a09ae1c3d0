import { DateTime } from 'luxon';

import type { Site } from '../config/site.ts';
import type { CasePlan, Escalation } from '../domain/cases/case-state.ts';
import type { CaseRules } from '../domain/cases/case-rules.ts';
import { severityOf } from '../domain/cases/severity-of.ts';
import type { Instant } from '../domain/order-state.ts';
import type { ProblemCode } from '../domain/problems.ts';
import type { Owner } from '../domain/site-rules.ts';
import { addWorkingMinutes } from './working-time.ts';

export interface PlanCase {
  readonly code: ProblemCode;
  readonly owner: Owner;
  /** From when the time counts. */
  readonly from: Instant;
  /** Until somebody acknowledges it, or until who did has mended it. */
  readonly until: 'answered' | 'mended';
}

export type PlanCaseActivities = ReturnType<typeof createPlanCaseActivities>;

/** What of a case needs the site file and a calendar. */
export function createPlanCaseActivities({ site }: { readonly site: Pick<Site, 'cases'> }) {
  return {
    /** Who answers by when, and who hears of it when that passes. Calculates only. */
    async planCase(about: PlanCase): Promise<CasePlan> {
      return planCase(site.cases, about);
    },
  };
}

/**
 * Due after the site's minutes for this severity, to be answered or mended; then a reminder, then step by step up the
 * chain. All in the owner's hours.
 */
export function planCase(rules: CaseRules, { code, owner, from, until }: PlanCase): CasePlan {
  const severity = severityOf(code, rules.severities);
  const calendar = rules.calendars[owner];
  const dueAt = addWorkingMinutes(
    from,
    (until === 'mended' ? rules.mendWithin : rules.answerWithin)[severity],
    calendar,
  );
  const escalations: Escalation[] = [];
  let last = dueAt;
  for (const [index, { afterMinutes, to }] of rules.escalation[owner].entries()) {
    last = addWorkingMinutes(last, afterMinutes, calendar);
    escalations.push({ at: last, level: index + 1, to });
  }
  const offsetMinutes = DateTime.fromISO(dueAt, { zone: calendar.zone }).offset;
  return { owner, severity, dueAt, offsetMinutes, reminders: [dueAt], escalations, pace: rules.pace };
}
