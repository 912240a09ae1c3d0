import { cpus } from 'node:os';

import Table from 'cli-table3';

import { print, printJson } from '../program.ts';
import type { Compared, Cycle } from './bench-feed.ts';

/** What a bench of a feed has found. */
export interface FeedResult {
  readonly rows: number;
  readonly idleMb: number;
  readonly alone: Compared;
  readonly cycles: readonly Cycle[];
  /** Of the report's figures, those that tell of this feed. */
  readonly counts: readonly string[];
  /** Calls of one full read of the ERP, and the minutes that they take at its sustained rate. */
  readonly fullRead: { readonly calls: number; readonly minutes: number };
}

export function showFeed({ rows, idleMb, alone, cycles, counts, fullRead }: FeedResult, json: boolean): void {
  const { comparison, parsing } = alone;
  const figures = {
    machine: `${cpus().length} × ${cpus()[0]?.model ?? ''}`,
    rowsOfTheErp: rows,
    compared: alone.compared,
    comparisonMs: comparison.wallMs,
    comparisonCpuMs: comparison.cpuMs,
    comparisonSlowestMs: comparison.slowestMs,
    comparisonPeakMbAboveIdle: alone.peakAboveIdleMb,
    comparisonMbInUse: alone.inUseAboveIdleMb,
    jsonMb: alone.parsedMb,
    parsingTheSameJsonMs: parsing.wallMs,
    parsingTheSameJsonCpuMs: parsing.cpuMs,
    ratioToParsing: comparison.cpuMs / parsing.cpuMs,
    idleWorkerMb: idleMb,
    callsOfAFullRead: fullRead.calls,
    minutesOfAFullReadUnderTheLimits: fullRead.minutes,
  };
  if (json) return printJson({ ...figures, cycles });
  const table = new Table({ head: ['measured', 'value'] });
  for (const [name, value] of Object.entries(figures)) table.push([name, shown(value)]);
  print(table.toString());
  const runs = new Table({
    head: [
      'run',
      'seconds',
      'worker CPU s',
      'ERP calls',
      'storefront calls',
      'MB above idle: peak',
      'in use after',
      ...counts,
    ],
  });
  for (const {
    name,
    seconds,
    workerCpuSeconds,
    erpCalls,
    storefrontCalls,
    peakAboveIdleMb,
    inUseAboveIdleMb,
    stats,
  } of cycles)
    runs.push([
      name,
      shown(seconds),
      shown(workerCpuSeconds),
      erpCalls,
      storefrontCalls,
      Math.round(peakAboveIdleMb),
      Math.round(inUseAboveIdleMb),
      ...counts.map((count) => stats[count] ?? 0),
    ]);
  print(runs.toString());
}

export function shown(value: number | string): string | number {
  return typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(2) : value;
}
