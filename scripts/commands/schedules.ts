import Table from 'cli-table3';
import type { Command } from 'commander';

import { applySchedules, describeSchedules } from '../../workers/schedules.ts';
import { connect, print, printJson, say } from '../program.ts';
import { loadSites } from '../sites.ts';

interface SiteOption {
  readonly site: readonly string[];
}

/** `schedules …`: declared in one place, applied and compared from here. */
export function addScheduleCommands(program: Command): void {
  const schedules = program.command('schedules').description('the feeds’ schedules');
  const withSites = (name: string, description: string) =>
    schedules
      .command(name)
      .description(description)
      .option(
        '--site <file>',
        'site file; may be repeated',
        (value: string, all: readonly string[]) => [...all, value],
        [],
      );

  withSites('apply', 'make the schedules as declared; an operator’s pause is kept').action(
    async ({ site }: SiteOption) => {
      const temporal = await connect();
      try {
        for (const each of loadSites(site))
          for (const { id, result } of await applySchedules(temporal.client, each)) print(`${id}\t${result}`);
      } finally {
        await temporal.close();
      }
    },
  );

  withSites('show', 'when each ran last and runs next')
    .option('--json', 'as JSON')
    .action(async ({ site, json }: SiteOption & { json?: true }) => {
      const temporal = await connect();
      try {
        const rows = [];
        for (const each of loadSites(site))
          for (const { id, note, description } of await describeSchedules(temporal.client, each))
            rows.push({
              id,
              note: description?.state.note ?? note,
              state: description === null ? 'missing' : description.state.paused ? 'paused' : 'on',
              last: description?.info.recentActions.at(-1)?.takenAt.toISOString() ?? null,
              next: description?.info.nextActionTimes[0]?.toISOString() ?? null,
            });
        if (json) return printJson(rows);
        const table = new Table({ head: ['schedule', 'state', 'last', 'next', 'note'] });
        for (const { id, state, last, next, note } of rows)
          table.push([id, state, last?.slice(0, 19) ?? '', next?.slice(0, 19) ?? '', note]);
        print(table.toString());
      } finally {
        await temporal.close();
      }
    });

  schedules
    .command('pause <schedule>')
    .description('stop a feed, saying why')
    .requiredOption('--reason <text>', 'why; it is shown')
    .action(async (id: string, { reason }: { reason: string }) =>
      onSchedule(id, (handle) => handle.pause(reason), 'paused'),
    );
  schedules
    .command('resume <schedule>')
    .description('let a feed run again')
    .requiredOption('--reason <text>', 'why; it is shown')
    .action(async (id: string, { reason }: { reason: string }) =>
      onSchedule(id, (handle) => handle.unpause(reason), 'on'),
    );
  schedules
    .command('trigger <schedule>')
    .description('run a feed now')
    .action(async (id: string) => onSchedule(id, (handle) => handle.trigger('SKIP'), 'triggered'));
}

async function onSchedule(
  id: string,
  work: (handle: ReturnType<Awaited<ReturnType<typeof connect>>['client']['schedule']['getHandle']>) => Promise<void>,
  done: string,
): Promise<void> {
  const temporal = await connect();
  try {
    await work(temporal.client.schedule.getHandle(id));
    say(`${id}: ${done}`);
  } finally {
    await temporal.close();
  }
}
