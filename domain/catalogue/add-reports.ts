import type { FeedReport } from '../findings.ts';

/** Figures of what was done; the others tell how things stand, and the last ones hold. */
const DONE = ['productsCreated', 'productsUpdated', 'created', 'updated', 'discontinued', 'existing'] as const;

/** Whether a step ended because its time did: it wrote, nothing stood in its way, and something is left. */
export function isToGoOn({ stats }: FeedReport): boolean {
  const wrote = DONE.some((name) => (stats[name] ?? 0) > 0);
  return wrote && (stats['left'] ?? 0) > 0 && (stats['failed'] ?? 0) === 0;
}

/** The report of a run that took several steps. */
export function addReports(before: FeedReport, after: FeedReport): FeedReport {
  const added = DONE.filter((name) => name in after.stats);
  const sums = Object.fromEntries(added.map((name) => [name, (before.stats[name] ?? 0) + (after.stats[name] ?? 0)]));
  return { stats: { ...after.stats, ...sums }, findings: after.findings };
}
