import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a computation takes by itself: no call, no disk. Medians of several runs. */
export interface Computation {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly slowestMs: number;
}

const RUNS = 7;
const MB = 1_048_576;
const KB_OF_A_MB = 1_024;

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Runs it several times, each without the garbage of the one before. */
export function measured(compute: () => unknown): Computation {
  const runs = Array.from({ length: RUNS }, () => {
    collect();
    const [startedAt, used] = [performance.now(), process.cpuUsage()];
    compute();
    const wallMs = performance.now() - startedAt;
    const { user, system } = process.cpuUsage(used);
    return { wallMs, cpuMs: (user + system) / 1000 };
  });
  const walls = runs.map(({ wallMs }) => wallMs);
  return { wallMs: median(walls), cpuMs: median(runs.map(({ cpuMs }) => cpuMs)), slowestMs: Math.max(...walls) };
}

/** Megabytes that the process has of the machine's memory. */
export function residentMb(): number {
  return process.memoryUsage.rss() / MB;
}

/** The most megabytes that the process ever had. */
export function peakMb(): number {
  return process.resourceUsage().maxRSS / KB_OF_A_MB;
}

/** Megabytes of what is still in use; collects the garbage first. */
export function heapMb(): number {
  collect();
  return process.memoryUsage().heapUsed / MB;
}

export function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
