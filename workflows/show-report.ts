import { setCurrentDetails } from '@temporalio/workflow';

import type { FeedReport } from '../domain/findings.ts';

/**
 * What a run shows to people in the UI: a first line where it has one, its figures, and what it met. Answers the report, so
 * that a run can end with it.
 */
export function showReport<Report extends FeedReport>(report: Report, headline = ''): Report {
  const head = headline === '' ? [] : [`**${headline}**`, ''];
  const figures = Object.entries(report.stats).map(([name, value]) => `| ${name} | ${value} |`);
  const met = report.findings.map(
    ({ code, count, says, concerns }) => `* **${code}** (${count}): ${says} ${concerns.slice(0, 10).join(', ')}`,
  );
  setCurrentDetails(
    [
      ...head,
      '| figure | value |',
      '| --- | ---: |',
      ...figures,
      '',
      ...(met.length > 0 ? met : ['Nothing to report.']),
    ].join('\n'),
  );
  return report;
}
