import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import type { FeedReport } from '../../domain/findings.ts';
import type { FeedInput } from '../../workflows/feed-steps.ts';
import { ordersQueue } from '../../workflows/task-queues.ts';
import { say } from '../program.ts';
import type { BenchSite, Ground } from './bench-site.ts';
import type { Computation } from './measuring.ts';
import { tell } from './told.ts';

/** One run of a feed, whole: both vendors are read, compared, written, and the run is told to Temporal. */
export interface Cycle {
  readonly name: string;
  readonly seconds: number;
  readonly workerCpuSeconds: number;
  readonly erpCalls: number;
  readonly storefrontCalls: number;
  /** Above what the idle worker had before the first run: the most while it ran, and what was in use after it. */
  readonly peakAboveIdleMb: number;
  readonly inUseAboveIdleMb: number;
  readonly stats: FeedReport['stats'];
}

/** What `compare-…-process.ts` says. */
export interface Compared {
  readonly compared: number;
  readonly differing: number;
  readonly comparison: Computation;
  /** Of the same JSON, by `JSON.parse` alone. */
  readonly parsing: Computation;
  readonly parsedMb: number;
  readonly peakAboveIdleMb: number;
  readonly inUseAboveIdleMb: number;
}

interface FeedOf {
  readonly ground: Ground;
  readonly site: BenchSite;
  readonly workflowType: string;
}

const INTERVAL_SECONDS = 900;
const MOST_OUTPUT_BYTES = 1_000_000;

/** Runs a feed by hand and notes what it costs, run after run of one worker. */
export async function startCycles({ ground, site, workflowType }: FeedOf) {
  const { rested: idle } = await site.usage();
  const cycles: Cycle[] = [];
  return {
    cycles,
    idleMb: idle.residentMb,
    async run(name: string): Promise<Cycle> {
      say(`${name} …`);
      const { siteName } = site.told;
      const { rested } = await site.usage();
      const before = callsOf(site);
      const startedAt = performance.now();
      const { stats } = await ground.temporal.client.workflow.execute<(input: FeedInput) => Promise<FeedReport>>(
        workflowType,
        {
          workflowId: `${workflowType}:${siteName}:${cycles.length}`,
          taskQueue: ordersQueue(siteName),
          args: [{ site: siteName, intervalSeconds: INTERVAL_SECONDS, override: null }],
        },
      );
      const seconds = (performance.now() - startedAt) / 1000;
      const after = { ...(await site.usage()), ...callsOf(site) };
      const cycle = {
        name,
        seconds,
        workerCpuSeconds: (after.cpuMs - rested.cpuMs) / 1000,
        erpCalls: after.erpCalls - before.erpCalls,
        storefrontCalls: after.storefrontCalls - before.storefrontCalls,
        peakAboveIdleMb: after.peakMb - idle.residentMb,
        inUseAboveIdleMb: after.rested.inUseMb - idle.inUseMb,
        stats,
      };
      cycles.push(cycle);
      return cycle;
    },
  };
}

/** The comparison alone, in a process of its own that has the worker's files. */
export async function compareAlone(site: BenchSite, script: 'compare-stock' | 'compare-catalogue'): Promise<Compared> {
  say('the comparison alone …');
  const path = new URL(`./${script}-process.ts`, import.meta.url).pathname;
  const options = { env: tell(site.told), maxBuffer: MOST_OUTPUT_BYTES };
  const { stdout } = await promisify(execFile)(process.execPath, [path], options);
  return JSON.parse(stdout);
}

function callsOf({ erp, storefront }: BenchSite) {
  return { erpCalls: erp.calls().length, storefrontCalls: storefront.calls().length };
}
