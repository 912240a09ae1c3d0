import { toCents } from '../money.ts';
import { moneyInWords } from '../money-per-currency.ts';
import type { Instant } from '../order-state.ts';
import { costInWords, glanceOf, nameOf } from './case-glance.ts';
import { moneyOfFinding } from './case-money.ts';
import type { CaseAction, CaseMember, CaseState, SourceFinding } from './case-state.ts';
import { wallTime } from './wall-time.ts';

/** So many of what is concerned are named on the page. */
const SHOWN = 200;

/**
 * The case's page in the Temporal UI: what happened, what it costs, whose it is, what to do and to press. Markdown. Times
 * are those of its owner's clock.
 */
export function describeCase(state: CaseState, action: CaseAction): string {
  const { orders, findings, history, code, key } = state;
  const glance = glanceOf(state);
  const { count, says, owner, severity, openedAt, timesOpened, dueAt, mend } = glance;
  const shortly = clockOf(state);
  const rows: readonly (readonly [string, string])[] = [
    ['Concerned', concerned(state)],
    ['Value at risk', costInWords(glance)],
    ['Owner', owner],
    ['Severity', severity],
    ['Since', `${shortly(openedAt)}${timesOpened > 1 ? `, for the ${ordinal(timesOpened)} time` : ''}`],
    [dueWords(state), dueAt === null ? '' : shortly(dueAt)],
    ['Stands', stageWords(state)],
  ];
  return [
    `# ${escaped([code, key].filter(Boolean).join(' · '))}`,
    escaped(says),
    `**Now:** ${escaped(describeCaseAction(state, action))}`,
    `> **To do:** ${mend}${pressing(state)}`,
    ['| | |', '|---|---|', ...rows.filter(([, value]) => value).map(([name, value]) => row([name, value]))].join('\n'),
    ...(orders.length === 0
      ? []
      : [
          table(
            `Orders${orders.length > SHOWN ? `, the first ${SHOWN} of ${orders.length}` : ''}`,
            ['order', 'value', 'since'],
            orders.slice(0, SHOWN).map((order) => [nameOf(order), valueOf(order), shortly(order.since)]),
          ),
        ]),
    ...findings.map((finding) => {
      const named = finding.concerns.slice(0, SHOWN);
      const more = finding.count > named.length ? `, the first ${named.length} of ${finding.count}` : '';
      return [
        `### Found by ${escaped(finding.source)}${valueWords(finding)}`,
        escaped(finding.says),
        ...(named.length > 0 ? [`Concerned${more}: ${named.map(escaped).join(' · ')}`] : []),
      ].join('\n\n');
    }),
    '### What happened',
    history
      .toReversed()
      .map(({ at, what }) => `- ${shortly(at)} ${escaped(what)}`)
      .join('\n') || 'Nothing yet.',
    ...(count === 0 && history.length === 0 ? ['It was begun, and nothing was told of it yet.'] : []),
  ].join('\n\n');
}

/** What its due time is for. */
export function dueWords({ stage }: Pick<CaseState, 'stage'>): string {
  return stage === 'acknowledged' ? 'To be mended by' : 'To be acknowledged by';
}

/** What the case is doing, for a person. */
export function describeCaseAction(state: Pick<CaseState, 'plan'>, action: CaseAction): string {
  switch (action.do) {
    case 'recall':
      return 'Looking whether it was open before';
    case 'plan':
      return `Reckoning by when ${action.owner} must have ${action.until === 'mended' ? 'mended' : 'acknowledged'} it`;
    case 'alert':
      return `Telling ${action.to.map((to) => (to.kind === 'owner' ? to.owner : to.email)).join(', ')} (${action.why})`;
    case 'repair':
      return `Beginning “${action.act}” on its ${action.orders.length} orders, one first`;
    case 'wait':
      return action.until === null ? action.why : `${action.why}; next at ${clockOf(state)(action.until)}`;
    case 'finish':
      return 'Closed: nothing is left in it';
  }
}

function concerned({ orders, findings }: CaseState): string {
  const parts = [
    ...(orders.length > 0 ? [`${orders.length} ${orders.length === 1 ? 'order' : 'orders'}`] : []),
    ...findings.map(({ source, count }) => `${count} by ${source}`),
  ];
  return parts.join(', ') || 'nothing any more';
}

function stageWords(state: CaseState): string {
  const { stage, acknowledgedBy, snoozedUntil } = state;
  switch (stage) {
    case 'open':
      return 'open, acknowledged by nobody';
    case 'acknowledged':
      return `acknowledged by ${acknowledgedBy}`;
    case 'snoozed':
      return `sleeps${snoozedUntil === null ? '' : ` until ${clockOf(state)(snoozedUntil)}`}`;
    case 'resolved':
      return 'resolved by a person; it closes when nothing is left in it, and opens again when it grows';
  }
}

function pressing(state: CaseState): string {
  const { id, repairs } = glanceOf(state);
  const all =
    repairs.length > 0
      ? `\n>\n> For all its orders, one first: ${repairs.map((act) => `\`repair ${act}\``).join(' · ')}`
      : '';
  return `${all}\n>\n> Press (updates of this workflow, or \`instep case … ${id}\`): \`acknowledge\` · \`assign\` · \`snooze\` · \`note\` · \`resolve\``;
}

function valueOf({ value, currency = '' }: CaseMember): string {
  return value === null ? '' : `${toCents(value)} ${currency}`.trim();
}

function valueWords(finding: SourceFinding): string {
  const words = moneyInWords(moneyOfFinding(finding));
  return words && `, ${words} at risk`;
}

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [`### ${title}`, '', row(head), `|${head.map(() => '---|').join('')}`, ...rows.map(row)].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(escaped).join(' | ')} |`;
}

function clockOf({ plan }: Pick<CaseState, 'plan'>): (instant: Instant) => string {
  return (instant) => wallTime(instant, plan?.offsetMinutes ?? 0);
}

function ordinal(count: number): string {
  return count === 2 ? 'second' : count === 3 ? 'third' : `${count}th`;
}

/** Text of others must not become markup. */
function escaped(text: string): string {
  return text.replaceAll(/[\\|<>*_`[\]#]/g, (character) => `\\${character}`).replaceAll(/\s+/g, ' ');
}
