import Table from 'cli-table3';
import pc from 'picocolors';

import type { OrderState } from '../../domain/order-state.ts';
import { stageOfOrder } from '../../domain/describe-order.ts';
import { sum, toCents } from '../../domain/money.ts';
import { reportProblem, type ProblemReport } from '../../domain/problems.ts';
import { headlineOf, type ProofReport } from '../../domain/proof/report-proof.ts';
import type { DemoPaper } from './demo-closing.ts';
import type { DemoFeed, DemoStock } from './demo-feeds.ts';

export interface DemoOrderReport {
  readonly key: string;
  readonly number: string;
  readonly buyer: string;
  readonly total: string;
  readonly currency: string;
  readonly stage: string;
  /** What became of it. */
  readonly became: 'accepted' | 'parked' | 'waiting' | 'ended' | 'missing';
  readonly erpOrder: string;
  /** What the ERP itself counts. */
  readonly erpOrdersLive: number;
  readonly attention: string;
  readonly problems: readonly ProblemReport[];
  /** What somebody did to it after it was in. */
  readonly deed: string;
  readonly documents: number;
  readonly units: { readonly ordered: number; readonly invoiced: number; readonly cancelled: number };
  readonly invoiced: string;
  readonly credited: string;
}

export interface DemoReport {
  readonly placed: number;
  readonly accepted: number;
  readonly parked: number;
  readonly waiting: number;
  readonly unaccounted: number;
  readonly duplicates: number;
  readonly orders: readonly DemoOrderReport[];
  readonly feeds: readonly DemoFeed[];
  /** null = the ERP counts no work orders as stock. */
  readonly stock: DemoStock | null;
  readonly completeness: Pick<ProofReport, 'unaccounted' | 'purchases' | 'stats'>;
  readonly papers: readonly DemoPaper[];
  readonly proof: {
    readonly ordersPerInjectedPurchase: string;
    readonly totals: Readonly<Record<string, string>>;
    readonly brokenInvariants: readonly string[];
    readonly contractViolations: readonly string[];
  };
  readonly limits: Readonly<Record<string, string>>;
  readonly ui: string | null;
}

/** One order of the account; a state that is null was never heard of. */
export function reportOrder(
  key: string,
  state: OrderState | null,
  erpOrdersLive: number,
  deed: string,
): DemoOrderReport {
  if (!state)
    return {
      key,
      number: '',
      buyer: '',
      total: '0.00',
      currency: '',
      stage: 'missing',
      became: 'missing',
      erpOrder: '',
      erpOrdersLive,
      attention: '',
      problems: [],
      deed,
      documents: 0,
      units: { ordered: 0, invoiced: 0, cancelled: 0 },
      invoiced: '0.00',
      credited: '0.00',
    };
  const { facts, step } = state;
  const stage = stageOfOrder(state);
  const documents = [state, ...state.others];
  const count = (what: 'ordered' | 'invoiced' | 'cancelled') =>
    documents.reduce((units, document) => units + (document.units?.[what] ?? 0), 0);
  const problems = state.problems.map((problem) => reportProblem(problem, facts.total));
  const became =
    step.at === 'finished' ? 'ended' : stage === 'parked' ? 'parked' : step.at === 'settled' ? 'accepted' : 'waiting';
  return {
    key,
    number: facts.visibleNumber,
    buyer: facts.buyer,
    total: facts.total ?? '0.00',
    currency: facts.currency,
    stage,
    became,
    erpOrder: facts.orderNumber,
    erpOrdersLive,
    attention: problems[0]?.code ?? 'none',
    problems,
    deed,
    documents: documents.length,
    units: { ordered: count('ordered'), invoiced: count('invoiced'), cancelled: count('cancelled') },
    invoiced: state.settlement?.invoiced ?? '0.00',
    credited: state.settlement?.credited ?? '0.00',
  };
}

/** Whether everything is accounted for: nothing lost, nothing twice, every injected purchase one ERP order; nothing oversold. */
export function isAccountedFor({ unaccounted, completeness, duplicates, stock, proof }: DemoReport): boolean {
  return (
    unaccounted === 0 &&
    completeness.unaccounted === 0 &&
    duplicates === 0 &&
    (stock?.storefrontHas ?? 0) <= Math.max(stock?.physical ?? 0, 0) &&
    proof.brokenInvariants.length === 0 &&
    proof.contractViolations.length === 0
  );
}

export function summarize(
  orders: readonly DemoOrderReport[],
  {
    brokenInvariants,
    contractViolations,
    ...seen
  }: Pick<DemoReport, 'limits' | 'feeds' | 'stock' | 'completeness' | 'papers' | 'ui'> &
    Pick<DemoReport['proof'], 'brokenInvariants' | 'contractViolations'>,
): DemoReport {
  const count = (became: DemoOrderReport['became']) => orders.filter((order) => order.became === became).length;
  // Injected and one in the ERP, or not injected and none there: everything else is not accounted for.
  const isRight = (order: DemoOrderReport) =>
    order.became !== 'missing' && order.erpOrdersLive === (order.erpOrder && order.became !== 'ended' ? 1 : 0);
  const injected = orders.filter(({ erpOrder, became }) => erpOrder !== '' && became !== 'ended');
  const totals = Object.fromEntries(
    [...Map.groupBy(orders, ({ currency }) => currency || 'unknown')].map(([currency, rows]) => [
      currency,
      toCents(sum(rows.map(({ total }) => total))),
    ]),
  );
  return {
    placed: orders.length,
    accepted: count('accepted'),
    parked: count('parked'),
    waiting: count('waiting'),
    unaccounted: orders.filter((order) => !isRight(order)).length,
    duplicates: orders.filter(({ erpOrdersLive }) => erpOrdersLive > 1).length,
    orders,
    ...seen,
    proof: {
      ordersPerInjectedPurchase: `${injected.filter(({ erpOrdersLive }) => erpOrdersLive === 1).length} of ${injected.length} have exactly one`,
      totals,
      brokenInvariants,
      contractViolations,
    },
  };
}

/** The account for people. */
export function renderReport(report: DemoReport): string {
  const table = new Table({
    head: [
      'order',
      'buyer',
      'total',
      'became',
      'stage',
      'ERP order',
      'shipped',
      'invoiced',
      'what happened',
      'attention',
    ],
    style: { head: ['cyan'], compact: true },
  });
  for (const order of report.orders) {
    const { number, buyer, total, currency, became, stage, erpOrder, attention, deed, documents, units, invoiced } =
      order;
    table.push([
      number,
      buyer,
      { content: `${total} ${currency}`, hAlign: 'right' },
      became === 'accepted' ? pc.green(became) : pc.yellow(became),
      stage,
      documents > 1 ? `${erpOrder} +${documents - 1}` : erpOrder,
      units.ordered === 0 ? '' : `${units.invoiced} of ${units.ordered}`,
      { content: invoiced === '0.00' ? '' : invoiced, hAlign: 'right' },
      deed,
      attention === 'none' ? '' : attention,
    ]);
  }
  const causes = Map.groupBy(
    report.orders.flatMap(({ number, problems }) => problems.map((problem) => ({ number, ...problem }))),
    ({ code }) => code,
  );
  const parked = [...causes].map(([code, rows]) => {
    const [first] = rows;
    if (!first) return '';
    // Giving the order up is never the first advice.
    const press = first.press.find((repair) => repair !== 'cancel');
    return [
      `${pc.bold(code)} · ${first.owner} · ${rows.map(({ number }) => number).join(', ')}`,
      `  ${first.says}`,
      `  → ${first.mend}`,
      ...(press ? [`  npm run instep -- order ${kebab(press)} ${first.number} --reason "…"`] : []),
    ].join('\n');
  });
  const { placed, accepted, parked: parkedCount, waiting, unaccounted, duplicates, proof } = report;
  const feeds = report.feeds.flatMap(({ feed, figures, findings }) => [
    `  ${feed}: ${Object.entries(figures)
      .map(([name, value]) => `${name} ${value}`)
      .join(' · ')}`,
    ...findings.map(({ code, count, says }) => `    ${pc.yellow(code)} (${count}): ${says}`),
  ]);
  return [
    table.toString(),
    pc.bold('Feeds, at the first load'),
    ...feeds,
    ...(report.stock ? renderStock(report.stock) : []),
    ...(parked.length > 0 ? [pc.bold('What needs somebody'), ...parked] : []),
    pc.bold('For people, kept'),
    ...report.papers.map(({ name, says, file }) => `  ${name} (${says}): ${file}`),
    pc.bold('Proof'),
    `  ${placed} placed = ${accepted} accepted + ${parkedCount} parked + ${waiting} waiting${placed - accepted - parkedCount - waiting > 0 ? ` + ${placed - accepted - parkedCount - waiting} ended` : ''}; ${unaccounted} unaccounted`,
    `  ERP orders per injected purchase: ${proof.ordersPerInjectedPurchase}; ${duplicates} duplicates, by the ERP's own count`,
    `  Value placed: ${Object.entries(proof.totals)
      .map(([currency, total]) => `${total} ${currency}`)
      .join(', ')}`,
    ...proof.brokenInvariants.concat(proof.contractViolations).map((line) => pc.red(`  ${line}`)),
    `  By the proof of completeness: ${pc.bold(headlineOf(report.completeness))}`,
  ].join('\n');
}

function renderStock({ sku, location, erpSays, physical, published, explained }: DemoStock): readonly string[] {
  return [
    pc.bold(`Work orders are not sold: ${sku} at ${location}`),
    `  The ERP calls ${erpSays} open to sell; ${physical} are really there; ${published} are published.`,
    ...explained.map((line) => `  ${line}`),
  ];
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
