import { executeChild, setCurrentDetails, workflowInfo } from '@temporalio/workflow';

import type { FeedReport } from '../domain/findings.ts';
import type { FeedInput } from './feed-steps.ts';

/** In the order in which one needs the other: a product without a price cannot be bought, a price needs its SKU. */
const STEPS = ['syncProducts', 'syncPrices', 'syncInventory', 'syncCustomers'] as const;

type LoadStep = (typeof STEPS)[number];

export interface LoadSiteInput {
  readonly site: string;
  /** Feeds that the site does not run are left out. */
  readonly feeds: readonly string[];
  /** Longest that one of them may take, in seconds: at the ERP's pace a first full read takes its time. */
  readonly longestSeconds: number;
}

export type LoadReport = Readonly<Partial<Record<LoadStep, FeedReport>>>;

/**
 * The first load of a site, in the order of dependence. Each step is the feed itself, so that an interrupted load is
 * simply started again: it sends what is missing.
 */
export async function loadSite({ site, feeds, longestSeconds }: LoadSiteInput): Promise<LoadReport> {
  const steps = STEPS.filter((step) => feeds.includes(step));
  const done: Partial<Record<LoadStep, FeedReport>> = {};
  for (const step of steps) {
    show(steps, done, step);
    const input: FeedInput = { site, intervalSeconds: longestSeconds, override: null };
    done[step] = await executeChild<(input: FeedInput) => Promise<FeedReport>>(step, {
      args: [input],
      workflowId: `${workflowInfo().workflowId}:${step}`,
      staticSummary: `First load: ${WORDS[step]}`,
    });
  }
  show(steps, done, null);
  return done;
}

const WORDS: Readonly<Record<LoadStep, string>> = {
  syncProducts: 'products and variants',
  syncPrices: 'price lists and prices',
  syncInventory: 'stock locations and stock',
  syncCustomers: 'customers',
};

function show(steps: readonly LoadStep[], done: LoadReport, now: LoadStep | null): void {
  const lines = steps.map((step) => {
    const report = done[step];
    if (!report) return `* ${step === now ? '**under way**' : 'waits'}: ${WORDS[step]}`;
    const figures = Object.entries(report.stats).map(([name, value]) => `${name} ${value}`);
    return `* done: ${WORDS[step]} (${figures.join(', ')}); findings: ${report.findings.length}`;
  });
  setCurrentDetails(lines.join('\n'));
}
