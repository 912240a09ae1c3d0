import { randomUUID } from 'node:crypto';

import { WorkflowUpdateFailedError } from '@temporalio/client';
import Table from 'cli-table3';
import { Argument, Option, type Command } from 'commander';

import { decide } from '../../domain/order-lifecycle.ts';
import { describeAction, summarizeOrder } from '../../domain/describe-order.ts';
import { reportProblem } from '../../domain/problems.ts';
import { OWNERS } from '../../domain/site-rules.ts';
import { findOrder, listOrders, readState, type OrderFilter } from '../order-lookup.ts';
import { actor, CommandError, connect, EXIT, print, printJson, say } from '../program.ts';
import { actOnMany, addBulkCommand, MANY_ACTS, type ActOnMany } from './bulk.ts';

const ACTS = [
  ['retry', 'prepare anew; in the ERP: read both sides again'],
  ['resync', 'read both sides again and bring them together'],
  ['push-storefront', 'send the storefront’s version to the ERP again'],
  ['remap', 'take the warehouse from the location table again'],
  ['release', 'lift the hold that Instep set'],
  ['cancel', 'cancel the order; once sent, in the ERP'],
  ['close', 'stop following the order; it is settled by hand'],
  ['send-anyway', 'the ERP certainly does not have it: send'],
] as const;
const UPDATES: Readonly<Record<string, string>> = {
  'send-anyway': 'sendAnyway',
  'replace-customer': 'replaceCustomer',
  'push-storefront': 'pushStorefront',
  'accept-erp': 'acceptErp',
  'ask-owner': 'askOwner',
};

/** `orders` and `order …`: what there is, one order's story, and the acts on it. */
export function addOrderCommands(program: Command): void {
  program
    .command('orders')
    .description('list orders, or act on all that are listed')
    .addArgument(new Argument('[act]', 'what to ask of every one of them').choices(MANY_ACTS))
    .option('--site <name>', 'only those of this site')
    .addOption(new Option('--attention <code>', 'only those with this problem; any = with any'))
    .option('--stage <stage>', 'only those at this stage')
    .option('--query <query>', 'a further condition in Temporal’s list filter')
    .option('--limit <n>', 'at most so many', Number, 100)
    .option('--json', 'as JSON')
    .option('--reason <text>', 'with an act: why; it is recorded')
    .option('--yes', 'with an act: do it, instead of showing what would be done')
    .option('--pace <n>', 'with an act: so many orders a minute, once the first came out well', Number, 60)
    .option('--patience <minutes>', 'with an act: how long an order may take to come to rest', Number, 10)
    .action(async (act: string | undefined, options: OrderFilter & ActOnMany) => {
      if (act !== undefined) return actOnMany(act, options);
      const temporal = await connect();
      try {
        const rows = await listOrders(temporal.client, options);
        if (options.json) return printJson(rows);
        const table = new Table({
          head: ['order', 'stage', 'attention', 'owner', 'customer', 'PO', 'ERP order', 'since'],
        });
        for (const row of rows)
          table.push([
            row.number || row.id,
            row.stage,
            row.attention,
            row.owner,
            row.customer,
            row.purchaseOrder,
            row.erpOrder,
            row.started.slice(0, 16),
          ]);
        print(table.toString());
        say(`${rows.length} orders`);
      } finally {
        await temporal.close();
      }
    });

  addBulkCommand(program);

  const order = program.command('order').description('show one order, or act on it');
  order
    .command('show <order>')
    .description('one order: where it stands, what is wrong, what to press, what happened')
    .option('--json', 'as JSON')
    .action(async (text: string, { json }: { json?: true }) => {
      const temporal = await connect();
      try {
        const id = await findOrder(temporal.client, text);
        const state = await readState(temporal.client, id);
        const problems = state.problems.map((problem) => reportProblem(problem, state.facts.total));
        if (json) return printJson({ id, ...state, problems });
        print(`${summarizeOrder(state)}\n${id}\n\n${state.stage}: ${describeAction(decide(state))}`);
        for (const { code, says, owner, mend, press } of problems)
          print(
            `\n${code} (${owner})\n  ${says}\n  → ${mend}${press.length > 0 ? `\n  press: ${press.join(', ')}` : ''}`,
          );
        print(`\n${state.timeline.map(({ at, what }) => `${at.slice(0, 19).replace('T', ' ')}  ${what}`).join('\n')}`);
      } finally {
        await temporal.close();
      }
    });

  for (const [name, description] of ACTS)
    order
      .command(`${name} <order>`)
      .description(description)
      .requiredOption('--reason <text>', 'why; it is recorded')
      .action((text: string, { reason }: { reason: string }) => act(text, name, { reason }));
  order
    .command('adopt <order> <erp-order>')
    .description('this ERP order is the purchase')
    .requiredOption('--reason <text>', 'why; it is recorded')
    .action((text: string, orderNumber: string, { reason }: { reason: string }) =>
      act(text, 'adopt', { reason, orderNumber }),
    );
  order
    .command('accept-erp <order>')
    .description('take the ERP’s version into the purchase')
    .requiredOption('--reason <text>', 'why; it is recorded')
    .option('--also-more', 'even if it is more, or another price')
    .action((text: string, { reason, alsoMore = false }: { reason: string; alsoMore?: boolean }) =>
      act(text, 'accept-erp', { reason, alsoMore }),
    );
  order
    .command('ask-owner <order>')
    .description('leave it open, for this owner to decide')
    .addArgument(new Argument('<owner>', 'who decides').choices([...OWNERS]))
    .requiredOption('--reason <text>', 'why; it is recorded')
    .action((text: string, owner: string, { reason }: { reason: string }) => act(text, 'ask-owner', { reason, owner }));
  order
    .command('replace-customer <order> <customer>')
    .description('send the order for this ERP customer')
    .requiredOption('--reason <text>', 'why; it is recorded')
    .action((text: string, customer: string, { reason }: { reason: string }) =>
      act(text, 'replace-customer', { reason, customer }),
    );
}

async function act(text: string, name: string, more: Readonly<Record<string, string | boolean>>): Promise<void> {
  const temporal = await connect();
  try {
    const id = await findOrder(temporal.client, text);
    const update = UPDATES[name] ?? name;
    const answer = await temporal.client.workflow
      .getHandle(id)
      .executeUpdate<{ stage: string; now: string }, [object]>(update, {
        args: [{ actor: actor(), ...more }],
        updateId: randomUUID(),
      });
    say(`${name}: taken. ${answer.stage}: ${answer.now}`);
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError)
      throw new CommandError(error.cause?.message ?? error.message, EXIT.findings);
    throw error;
  } finally {
    await temporal.close();
  }
}
