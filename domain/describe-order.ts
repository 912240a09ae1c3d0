import type { Change } from './purchase-changes.ts';
import { CAUSE_WORDS, FIELD_WORDS } from './compare-sales-order.ts';
import { isZero, toCents } from './money.ts';
import { views } from './order-documents.ts';
import type { Action, OrderState, Stage } from './order-state.ts';
import { STAGE_WORDS } from './plan-amendment.ts';
import { problemKind, type Problem } from './problems.ts';
import { trackingWords, type BilledDocument } from './settle-money.ts';

/** Stages from the least advanced on. */
const STAGES: readonly Stage[] = [
  'received',
  'prepared',
  'submitted',
  'accepted',
  'released',
  'picked',
  'shipped',
  'invoiced',
  'closed',
  'cancelled',
];

/** The stage a person sees of the whole order: stopped where one of its documents is, else as far as the slowest. */
export function stageOfOrder(state: OrderState): Stage {
  const stages = views(state).map(({ stage }) => stage);
  const places = views(state)
    .filter(({ step }) => step.at !== 'over')
    .map(({ stage }) => stage);
  if (stages.includes('parked')) return 'parked';
  const slowest = (places.length > 0 ? places : stages).toSorted(
    (left, right) => STAGES.indexOf(left) - STAGES.indexOf(right),
  );
  return slowest[0] ?? state.stage;
}

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
    ['Stage', stageOfOrder(state)],
    ...views(state).flatMap(documentRows),
    ['To be decided by', state.askedOwner ?? ''],
    ['Reference in the ERP', state.reference],
    ['Site file', facts.siteVersion],
  ].filter(([, value]) => value);
  return [
    `# ${escaped(summarizeOrder(state))}`,
    `**Now:** ${escaped(describeAction(action))}`,
    ...problems.map(describeProblem),
    ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${escaped(value ?? '')} |`)].join('\n'),
    ...differenceTable(state),
    ...revisionTable(state),
    ...moneyTable(state),
    ...billTable(state),
    '## What happened',
    timeline
      .toReversed()
      .map(({ at, what }) => `- ${at.replace('T', ' ').slice(0, 19)} ${escaped(what)}`)
      .join('\n'),
  ].join('\n\n');
}

function documentRows({
  document,
  facts,
  reference,
  units,
  others,
}: OrderState): readonly (readonly [string, string])[] {
  const { orderNumber, erpStatus, erpStatusLetter, division, warehouse, holdCode } = facts;
  const which = others.length === 0 ? '' : ` ${document} (${division || reference})`;
  const progress = units
    ? `${units.ordered} ordered, ${units.open} open, ${units.picked} picked, ${units.invoiced} invoiced, ${units.cancelled} cancelled`
    : '';
  return [
    [`ERP order${which}`, [orderNumber, erpStatus && `${erpStatus} (${erpStatusLetter})`].filter(Boolean).join(', ')],
    [`Division / warehouse${which}`, [division, warehouse].filter(Boolean).join(' / ')],
    [`ERP hold${which}`, holdCode],
    [`Units${which}`, progress],
  ];
}

/** What the ERP's orders have otherwise than agreed, with what it is worth. */
function differenceTable({ differences, takenOver, facts }: OrderState): readonly string[] {
  const agreed = { orderNumber: facts.orderNumber, differences: takenOver };
  const rows = [...differences, agreed].flatMap(({ orderNumber, differences: found }) =>
    found.map(
      ({ field, line, agreed, shown, money, cause, tolerated }) =>
        `| ${orderNumber} | ${line === null ? '' : `line ${line} `}${FIELD_WORDS[field]} | ${escaped(agreed)} | ${escaped(shown)} | ${isZero(money) ? '' : toCents(money)} | ${CAUSE_WORDS[cause]}${tolerated ? ', tolerated' : ''} |`,
    ),
  );
  if (rows.length === 0) return [];
  return [
    [
      '### The ERP has it otherwise',
      '| order | what | agreed | the ERP shows | money | likely cause |',
      '|---|---|---|---|---|---|',
      ...rows,
    ]
      .join('\n')
      .replace('\n', '\n\n'),
  ];
}

/** Every amendment, before and after, newest first. */
function revisionTable({ revisions }: OrderState): readonly string[] {
  const rows = revisions.toReversed().flatMap(({ at, what, document, stage, changes }) => {
    const about = `${at.replace('T', ' ').slice(0, 19)} | ${document} | ${stage ? STAGE_WORDS[stage] : ''} | ${what}`;
    const row = (change: Change | null) =>
      change === null
        ? `| ${about} | | | | |`
        : `| ${about} | ${escaped(change.what)} | ${escaped(change.before)} | ${escaped(change.after)} | ${isZero(change.money) ? '' : toCents(change.money)} |`;
    return changes.length === 0 ? [row(null)] : changes.map(row);
  });
  if (rows.length === 0) return [];
  return [
    `### Amendments\n\n| when | document | the ERP order was | what was done | what | before | after | money |\n|---|---|---|---|---|---|---|---|\n${rows.join('\n')}`,
  ];
}

/** Where the money stands: ordered is invoiced, cancelled and open. */
function moneyTable({ settlement }: OrderState): readonly string[] {
  if (!settlement || isZero(settlement.invoiced)) return [];
  const { ordered, invoiced, cancelled, open, credited, paid, lines, currency } = settlement;
  const found = lines.map(
    ({ what, agreed, billed, money, rule }) =>
      `| ${escaped(what)} | ${billed} instead of ${agreed} (${money})${rule ? `, ${rule}` : ''} |`,
  );
  return [
    `### Money (${currency})\n\n| | |\n|---|---|\n| Ordered | ${ordered} |\n| Invoiced | ${invoiced} |\n| Cancelled | ${cancelled} |\n| Open | ${open} |\n| Credited | ${credited} |\n| Paid | ${paid} |${found.length > 0 ? `\n${found.join('\n')}` : ''}`,
  ];
}

/** Every invoice and credit memo, newest first. */
function billTable({ settlement }: OrderState): readonly string[] {
  const { documents = [] } = settlement ?? {};
  if (documents.length === 0) return [];
  return [
    `### Invoices and credits\n\n| number | ERP order | date | units | total | paid | carrier | tracking |\n|---|---|---|---|---|---|---|---|\n${documents.map(billRow).join('\n')}`,
  ];
}

function billRow(document: BilledDocument): string {
  const { number, orderNumber, date, units, total, currency } = document;
  const about = [orderNumber, date ?? ''];
  const money = `${total} ${currency}`;
  const cells =
    document.kind === 'invoice'
      ? [
          `Invoice ${number}${STANDING_MARKS[document.standing]}`,
          ...about,
          String(units),
          money,
          document.paid,
          document.carrier,
          trackingWords(document).replace(/^tracking /, ''),
        ]
      : [
          `Credit memo ${number}${document.ofInvoice && ` for invoice ${document.ofInvoice}`}`,
          ...about,
          units === 0 ? '' : `-${units}`,
          money,
          '',
          '',
          '',
        ];
  return `| ${cells.map((cell) => escaped(cell)).join(' | ')} |`;
}

const STANDING_MARKS = { valid: '', void: ' (void)', gone: ' (not shown any more)' } as const;

/** What the order is doing, for a person. */
export function describeAction(action: Action): string {
  switch (action.do) {
    case 'prepare':
      return 'Reading the purchase and preparing the sales order';
    case 'submit':
      return 'Looking in the ERP, then sending the sales order';
    case 'look':
      return 'Looking in the ERP for the sales order';
    case 'follow':
      return `Reading ${numbersOf(action.documents)} in the ERP, and writing to the purchase where it stands`;
    case 'revise':
      return `Comparing the purchase with ${numbersOf(action.documents)} in the ERP`;
    case 'checkAdoption':
      return `Checking whether ERP order ${action.orderNumber} is this purchase`;
    case 'replace':
      return action.replacement.kind === 'header'
        ? `Changing the header of ERP order ${action.orderNumber} (${action.replacement.change})`
        : `Sending ERP order ${action.orderNumber} anew, as the purchase says now`;
    case 'followReplace':
      return `Looking whether ERP order ${action.orderNumber} was changed`;
    case 'cancel':
      return `Cancelling ${action.cancelling.lines === null ? '' : `lines ${action.cancelling.lines.join(', ')} of `}ERP order ${action.orderNumber}`;
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

function numbersOf(documents: readonly { readonly orderNumber: string }[]): string {
  const numbers = documents.map(({ orderNumber }) => orderNumber).filter(Boolean);
  return `order${numbers.length > 1 ? 's' : ''} ${numbers.join(', ')}`;
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
