import { randomUUID } from 'node:crypto';

import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import Table from 'cli-table3';
import { Argument, Option, type Command } from 'commander';

import { BULK_ACTS } from '../../domain/act-on-orders.ts';
import { costInWords, type CaseGlance } from '../../domain/cases/case-glance.ts';
import { dueWords } from '../../domain/cases/describe-case.ts';
import { SEVERITIES } from '../../domain/cases/severity-of.ts';
import { OWNERS } from '../../domain/site-rules.ts';
import { asked } from '../../workers/asked.ts';
import * as messages from '../../workflows/case-messages.ts';
import { findCase, listCases, type CaseFilter, type CaseRow } from '../case-lookup.ts';
import { actor, CommandError, connect, EXIT, print, printJson, say } from '../program.ts';

/** What people type, and the order's update it is. */
const REPAIRS = new Map(
  BULK_ACTS.map((act) => [act.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), act] as const),
);
const NAMED = 3;
const HOUR_MS = 3_600_000;

/** `cases` and `case …`: what waits for somebody, one case, and the acts on it. */
export function addCaseCommands(program: Command): void {
  program
    .command('cases')
    .description(
      'list open cases: every cause of trouble once, with its owner and by when it must be acknowledged or mended',
    )
    .option('--site <name>', 'only those of this site')
    .addOption(new Option('--owner <owner>', 'only those of this team').choices(OWNERS))
    .addOption(new Option('--severity <severity>', 'only those as urgent as this').choices(SEVERITIES))
    .option('--code <code>', 'only those of this problem')
    .option('--query <query>', 'another condition than that they are open, in Temporal’s list filter')
    .option('--limit <n>', 'at most so many', Number, 100)
    .option('--json', 'as JSON')
    .action(async ({ json, ...filter }: CaseFilter & { readonly json?: true }) => {
      const temporal = await connect();
      try {
        const rows = await listCases(temporal.client, filter);
        process.exitCode = rows.length > 0 ? EXIT.findings : EXIT.fine;
        if (json) return printJson(rows);
        if (rows.length > 0) print(casesTable(rows));
        say(rows.length === 1 ? '1 case' : `${rows.length} cases`);
      } finally {
        await temporal.close();
      }
    });

  const one = program.command('case').description('show one case, or act on it');
  one
    .command('show <case>')
    .description('one case: what happened, what it costs, whose it is, what to press, what is concerned')
    .option('--json', 'as JSON')
    .action(show);
  acting('acknowledge', 'you are on it: quiet while there is time to mend it').action(
    (text: string, { reason }: Reason) => act(text, 'acknowledge', { reason }),
  );
  acting('assign', 'give it to another team, whose time to answer begins')
    .addArgument(new Argument('<owner>', 'the team').choices(OWNERS))
    .action((text: string, owner: string, { reason }: Reason) => act(text, 'assign', { reason, owner }));
  acting('snooze', 'nobody is told of it for a while')
    .addOption(new Option('--until <instant>', 'such as 2026-01-20T09:00:00Z'))
    .addOption(new Option('--hours <n>', 'so many hours from now').argParser(Number))
    .action((text: string, { reason, until, hours }: Reason & Sleep) =>
      act(text, 'snooze', { reason, until: wakingAt({ until, hours }) }),
    );
  acting('note', 'put a remark into its history').action((text: string, { reason }: Reason) =>
    act(text, 'note', { reason }),
  );
  acting('resolve', 'settled: it is quiet from now on, unless more comes').action((text: string, { reason }: Reason) =>
    act(text, 'resolve', { reason }),
  );
  acting('repair', 'ask this of all its orders: of one first, and of the others when that came out well')
    .addArgument(new Argument('<act>', 'what to ask').choices([...REPAIRS.keys()]))
    .option('--yes', 'do it, instead of showing what would be done')
    .action(repair);

  function acting(name: string, description: string): Command {
    return one
      .command(`${name} <case>`)
      .description(description)
      .requiredOption('--reason <text>', 'why, or the remark itself; it is recorded');
  }
}

/** Open cases as a table for people. */
export function casesTable(rows: readonly CaseRow[]): string {
  const table = new Table({
    head: ['case', 'owner', 'severity', 'concerned', 'value', 'due', 'to do'],
    colWidths: [30, 13, 10, 22, 12, 18, 50],
    wordWrap: true,
  });
  for (const { id, owner, severity, stage, valueAtRisk, dueAt, glance } of rows)
    table.push([
      { content: id, wrapOnWordBoundary: false },
      owner,
      severity,
      glance === null ? '' : `${glance.count}: ${glance.named.slice(0, NAMED).join(' ')}`,
      glance === null ? (valueAtRisk?.toFixed(2) ?? '') : costInWords(glance),
      stage === 'open' ? shortly(dueAt) : stage === 'acknowledged' ? `${shortly(dueAt)} acknowledged` : stage,
      glance === null ? '' : `${glance.says} ${glance.mend}`,
    ]);
  return table.toString();
}

interface Reason {
  readonly reason: string;
}

interface Sleep {
  readonly until?: string | undefined;
  readonly hours?: number | undefined;
}

async function show(text: string, { json }: { readonly json?: true }): Promise<void> {
  const temporal = await connect();
  try {
    const id = await findCase(temporal.client, text);
    const handle = temporal.client.workflow.getHandle(id);
    const [glance, state] = await Promise.all([
      asked(() => handle.query(messages.glance)),
      asked(() => handle.query(messages.state)),
    ]);
    if (json) return printJson({ ...state, ...glance, orders: state.orders });
    print(`${glance.says}\n${id}\n`);
    print(
      [
        `${glance.count} concerned, ${costInWords(glance) || 'nothing known to be'} at risk`,
        `${glance.owner}, ${glance.severity}, ${glance.stage}${glance.acknowledgedBy && ` (acknowledged by ${glance.acknowledgedBy})`}`,
        `open since ${shortly(glance.openedAt)}, ${dueWords(glance).toLowerCase()} ${shortly(glance.dueAt)}`,
        `→ ${glance.mend}`,
        ...(glance.repairs.length > 0 ? [`repair: ${glance.repairs.join(', ')}`] : []),
      ].join('\n'),
    );
    const concerned = [
      ...state.orders.map(({ id: order, label, value, currency = '' }) =>
        `  ${label || order}  ${value === null ? '' : `${value} ${currency}`}`.trimEnd(),
      ),
      ...state.findings.flatMap(({ source, concerns }) => concerns.map((each) => `  ${each}  (${source})`)),
    ];
    if (concerned.length > 0) print(`\n${concerned.slice(0, 200).join('\n')}`);
    if (concerned.length > 200) print(`  and ${concerned.length - 200} more; --json names them all`);
    print(`\n${state.history.map(({ at, what }) => `${shortly(at)}  ${what}`).join('\n')}`);
  } catch (error) {
    throw error instanceof WorkflowNotFoundError ? notThere(text) : error;
  } finally {
    await temporal.close();
  }
}

/** Without `--yes` only shows how many orders it would touch. */
async function repair(text: string, name: string, { reason, yes }: Reason & { readonly yes?: true }): Promise<void> {
  const update = { reason, act: REPAIRS.get(name) ?? name };
  if (yes) return act(text, 'repair', update);
  const temporal = await connect();
  try {
    const id = await findCase(temporal.client, text);
    const glance = await asked(() => temporal.client.workflow.getHandle(id).query(messages.glance));
    const { orders, named, says } = glance;
    say(
      `${says}\n${name}: ${orders} orders (${named.join(' ')} …), ${costInWords(glance) || 'nothing known to be'} at risk.`,
    );
    say('Nothing was done yet. With --yes the first order goes alone, the others follow when it came out well.');
  } catch (error) {
    throw error instanceof WorkflowNotFoundError ? notThere(text) : error;
  } finally {
    await temporal.close();
  }
}

async function act(text: string, name: string, more: Readonly<Record<string, string>>): Promise<void> {
  const temporal = await connect();
  try {
    const id = await findCase(temporal.client, text);
    const glance = await temporal.client.workflow.getHandle(id).executeUpdate<CaseGlance, [object]>(name, {
      args: [{ actor: actor(), ...more }],
      updateId: randomUUID(),
    });
    say(`${name}: taken. ${glance.id} is ${glance.stage}, owned by ${glance.owner}, ${glance.count} concerned.`);
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError)
      throw new CommandError(error.cause?.message ?? error.message, EXIT.findings);
    throw error instanceof WorkflowNotFoundError ? notThere(text) : error;
  } finally {
    await temporal.close();
  }
}

function notThere(text: string): CommandError {
  return new CommandError(`There is no open case “${text}”. “instep cases” lists them.`, EXIT.findings);
}

function wakingAt({ until, hours }: Sleep): string {
  const time = hours === undefined ? Date.parse(until ?? '') : Date.now() + hours * HOUR_MS;
  if (Number.isNaN(time))
    throw new CommandError('Say until when: --until 2026-01-20T09:00:00Z, or --hours 4.', EXIT.usage);
  return new Date(time).toISOString();
}

function shortly(instant: string | null): string {
  return instant === null ? '' : `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}
