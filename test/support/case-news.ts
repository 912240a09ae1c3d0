import type { AlertNews } from '../../domain/alerts/alert-rules.ts';
import { caseId } from '../../domain/cases/case-id.ts';
import type { CaseGlance } from '../../domain/cases/case-glance.ts';

/** News of a case of twelve orders with an unmapped location. */
export function someNews(
  about: Partial<CaseGlance> = {},
  { why = 'opened', level = 0 }: Partial<Omit<AlertNews, 'case'>> = {},
): AlertNews {
  const cause = {
    site: about.site ?? 'north',
    code: about.code ?? ('LOCATION_NOT_MAPPED' as const),
    key: about.key ?? 'pop-up',
  };
  return {
    why,
    level,
    case: {
      ...cause,
      id: caseId(cause),
      says: 'The location “pop-up” is not mapped.',
      owner: 'warehouse',
      severity: 'high',
      stage: 'open',
      count: 12,
      orders: 12,
      named: ['B2B1', 'B2B2'],
      valueAtRisk: '1250.00',
      openedAt: '2026-01-20T10:00:00.000Z',
      timesOpened: 1,
      dueAt: '2026-01-20T14:00:00.000Z',
      acknowledgedBy: '',
      snoozedUntil: null,
      mend: 'Add the location to the site file, then remap.',
      repairs: ['remap'],
      ...about,
    },
  };
}
