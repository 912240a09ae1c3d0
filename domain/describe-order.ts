import type { Action, OrderState } from './order-state.ts';
import { problemKind, type Problem } from './problems.ts';

/** The one code a person searches for; `none` when all is well. What stops the order comes before what is only noticed. */
export function attentionOf(state: OrderState): string {
  return mostUrgent(state.problems)?.code ?? 'none';
}

export function mostUrgent(problems: readonly Problem[]): Problem | null {
  const rank = { gate: 0, park: 1, wait: 2, proceedWithReview: 3 } as const;
  return (
    problems.toSorted((left, right) => rank[problemKind(left.code).fate] - rank[problemKind(right.code).fate])[0] ??
    null
  );
}

/** One line that names the order wherever it is listed. */
export function summarizeOrder(state: OrderState): string {
  const { visibleNumber, buyer, total, currency } = state.facts;
  return [visibleNumber || state.key, buyer, total === null ? '' : `${total} ${currency}`].filter(Boolean).join(' · ');
}

/** The order's page in the Temporal UI: who, how much, where it stands, what is wrong, what to press. Markdown. */
export function describeOrder(state: OrderState, action: Action): string {
  const { facts, problems, timeline } = state;
  const rows = [
    ['Buyer', [facts.buyer, facts.customer && `ERP customer ${facts.customer}`].filter(Boolean).join(', ')],
    ['Buyer’s PO', facts.purchaseOrder],
    ['Total', facts.total === null ? '' : `${facts.total} ${facts.currency}`],
    ['Stage', state.stage],
    [
      'ERP order',
      [facts.orderNumber, facts.erpStatus && `${facts.erpStatus} (${facts.erpStatusLetter})`]
        .filter(Boolean)
        .join(', '),
    ],
    ['Division / warehouse', [facts.division, facts.warehouse].filter(Boolean).join(' / ')],
    ['ERP hold', facts.holdCode],
    ['Reference in the ERP', state.reference],
    ['Site file', facts.siteVersion],
  ].filter(([, value]) => value);
  return [
    `# ${escaped(summarizeOrder(state))}`,
    `**Now:** ${escaped(describeAction(action))}`,
    ...problems.map(describeProblem),
    ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${escaped(value ?? '')} |`)].join('\n'),
    '## What happened',
    timeline
      .toReversed()
      .map(({ at, what }) => `- ${at.replace('T', ' ').slice(0, 19)} ${escaped(what)}`)
      .join('\n'),
  ].join('\n\n');
}

/** What the order is doing, for a person. */
export function describeAction(action: Action): string {
  switch (action.do) {
    case 'prepare':
      return 'Reading the purchase and preparing the sales order';
    case 'submit':
      return 'Looking in the ERP, then sending the sales order';
    case 'look':
      return 'Looking in the ERP for the sales order';
    case 'confirm':
      return `Reading back ERP order ${action.orderNumber} and writing its number to the purchase`;
    case 'checkAdoption':
      return `Checking whether ERP order ${action.orderNumber} is this purchase`;
    case 'compare':
      return 'Comparing the purchase with what was sent';
    case 'tellBuyer':
      return 'Telling the buyer where the order stands';
    case 'replace':
      return `Changing the header of ERP order ${action.orderNumber} (${action.change})`;
    case 'followReplace':
      return `Looking whether ERP order ${action.orderNumber} was changed`;
    case 'cancel':
      return `Cancelling ERP order ${action.orderNumber}`;
    case 'followCancel':
      return `Looking whether ERP order ${action.orderNumber} was cancelled`;
    case 'recordClosing':
      return `Noting on the purchase that the order is ${action.outcome}`;
    case 'wait':
      return action.until === null
        ? action.why
        : `${action.why}, next look at ${action.until.replace('T', ' ').slice(0, 19)}`;
    case 'finish':
      return `Finished: ${action.outcome}`;
  }
}

function describeProblem(problem: Problem): string {
  const { code, owner, mend, press } = problemKind(problem.code);
  const buttons =
    press.length > 0
      ? `\n>\n> Press: ${press.map((repair) => `\`${repair}\``).join(' · ')} (update of this workflow, with actor and reason)`
      : '';
  return `> **${code}** · ${owner}\n>\n> ${escaped(problem.says)}\n>\n> **To do:** ${mend}${buttons}`;
}

/** Text of others must not become markup. */
function escaped(text: string): string {
  return text.replaceAll(/[\\|<>*_`[\]#]/g, (character) => `\\${character}`).replaceAll(/\s+/g, ' ');
}
