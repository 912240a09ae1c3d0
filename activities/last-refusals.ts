import * as z from 'zod';

import type { ProblemCode } from '../domain/problems.ts';
import type { CompletedRun } from './site-pulse.ts';

const feedReport = z.object({
  findings: z.array(z.object({ code: z.string(), key: z.string(), concerns: z.array(z.string()) })),
});

/** What a feed's last run says it was refused: the things concerned, by the key of their finding. */
export function refusalsOf(
  run: CompletedRun | null,
  codes: readonly ProblemCode[],
): readonly { readonly key: string; readonly concern: string }[] {
  const report = feedReport.safeParse(run?.result);
  if (!report.success) return [];
  return report.data.findings
    .filter(({ code }) => codes.some((each) => each === code))
    .flatMap(({ key, concerns }) => concerns.map((concern) => ({ key, concern })));
}
