import Table from 'cli-table3';

import type { TimelineEntry } from '../../domain/order-state.ts';
import type { Finding, FindingKind, OrderCase, Verdict } from './judge.ts';
import type { Installation } from './soak-site.ts';

/** Everything somebody needs to find out why the two sides differ. */
export interface Unexplained {
  readonly key: string;
  /** At which rest it was seen first. */
  readonly afterStep: number;
  readonly findings: readonly Finding[];
  readonly deeds: readonly string[];
  readonly timeline: readonly TimelineEntry[];
  readonly case: OrderCase;
  /** Of a workflow that fails, as Temporal recorded it: it can be replayed. Null = it does not fail. */
  readonly history: unknown;
}

export interface SoakReport {
  readonly seed: number;
  readonly installation: Installation;
  readonly steps: number;
  readonly orders: number;
  readonly deeds: Readonly<Record<string, number>>;
  /** What took long, in seconds. */
  readonly secondsByDeed: Readonly<Record<string, number>>;
  /** Deeds that the world did not allow. */
  readonly withoutEffect: number;
  readonly amendments: number;
  readonly faults: number;
  readonly kills: number;
  readonly feedsFailed: number;
  readonly rests: number;
  readonly seconds: number;
  readonly classes: {
    readonly equal: number;
    readonly neverAnOrder: number;
    readonly named: Readonly<Record<string, number>>;
    readonly ended: Readonly<Record<string, number>>;
    readonly unexplained: number;
  };
  /** Orders that both sides show differently and that say so. */
  readonly namedDifferences: number;
  readonly unexplained: readonly Unexplained[];
  /** What the stand-ins themselves say is broken, and what else happened that must not. */
  readonly broken: readonly string[];
}

/** Whether nothing is unexplained, no vendor's rule was broken, and every order is accounted for. */
export function isExplained({ unexplained, broken }: SoakReport): boolean {
  return unexplained.length === 0 && broken.length === 0;
}

export function classesOf(verdicts: readonly Verdict[]): SoakReport['classes'] {
  const count = (kind: Verdict['kind']) => verdicts.filter((verdict) => verdict.kind === kind).length;
  return {
    equal: count('equal'),
    neverAnOrder: count('neverAnOrder'),
    named: counted(verdicts.flatMap((verdict) => (verdict.kind === 'named' ? [verdict.codes.join(' + ')] : []))),
    ended: counted(verdicts.flatMap((verdict) => (verdict.kind === 'ended' ? [verdict.outcome] : []))),
    unexplained: count('unexplained'),
  };
}

/** For people: figures, classes, and the first of what is unexplained of each kind. */
export function renderSoak(report: SoakReport): string {
  const { installation, classes, unexplained, broken } = report;
  const table = new Table({ head: ['soak', ''] });
  const rows: readonly (readonly [string, string | number])[] = [
    ['seed', report.seed],
    [
      'installation',
      `${installation.writeMode}, control numbers ${installation.controlNumberFence ? 'kept' : 'forgotten'}`,
    ],
    ['steps', `${report.steps} (${report.withoutEffect} without effect)`],
    ['orders', report.orders],
    ['amendments · faults · kills', `${report.amendments} · ${report.faults} · ${report.kills}`],
    ['rests · failed passes of feeds', `${report.rests} · ${report.feedsFailed}`],
    ['seconds', report.seconds.toFixed(0)],
    ['seconds by deed', listed(report.secondsByDeed)],
    ['equal on both sides', classes.equal],
    ['with a person', listed(classes.named)],
    ['… of these with a difference', report.namedDifferences],
    ['ended', listed(classes.ended)],
    ['never an order', classes.neverAnOrder],
    ['unexplained', unexplained.length],
    ['unexplained, by kind', listed(byKind(unexplained))],
    ['broken rules', broken.length],
  ];
  for (const [name, value] of rows) table.push([name, value]);
  const shown = new Set<FindingKind>();
  const samples = unexplained.filter(({ findings }) => {
    const isNew = findings.some(({ kind }) => !shown.has(kind));
    for (const { kind } of findings) shown.add(kind);
    return isNew;
  });
  return [table.toString(), ...broken, ...samples.map(renderUnexplained)].join('\n');
}

function renderUnexplained({ key, afterStep, findings, deeds, timeline }: Unexplained): string {
  return [
    `${key}, seen after step ${afterStep}`,
    ...findings.map(({ kind, says }) => `  ${kind}: ${says}`),
    '  what was done to it:',
    ...deeds.map((deed) => `    ${deed}`),
    '  what the order says:',
    ...timeline.map(({ at, what }) => `    ${at} ${what}`),
  ].join('\n');
}

function byKind(unexplained: readonly Unexplained[]): Readonly<Record<string, number>> {
  return counted(unexplained.flatMap(({ findings }) => [...new Set(findings.map(({ kind }) => kind))]));
}

/** How often each name is there, the commonest first. */
export function counted(names: readonly string[]): Readonly<Record<string, number>> {
  const counts = [...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length] as const);
  return Object.fromEntries(counts.toSorted(([, left], [, right]) => right - left));
}

function listed(counts: Readonly<Record<string, number>>): string {
  return (
    Object.entries(counts)
      .map(([name, count]) => `${count} ${name}`)
      .join('\n') || 'none'
  );
}
