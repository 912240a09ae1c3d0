import Table from 'cli-table3';
import { InvalidArgumentError, type Command } from 'commander';

import { applySchedules, compareSchedules, type Feed, type ScheduleState } from '../../workers/schedules.ts';
import { connect, EXIT, print, printJson, say } from '../program.ts';
import { loadSites, sitesOption } from '../sites.ts';

interface SiteOption {
  readonly site: readonly string[];
}

/** `schedules …`: declared in one place, applied and compared from here. */
export function addScheduleCommands(program: Command): void {
  const schedules = program.command('schedules').description('the feeds’ schedules');
  const withSites = (name: string, description: string) =>
    schedules.command(name).description(description).addOption(sitesOption());

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

  withSites('diff', 'what the server has against what is declared; exit code 1 when they differ').action(
    async ({ site }: SiteOption) => {
      const temporal = await connect();
      try {
        for (const each of loadSites(site))
          for (const { id, state, description } of await compareSchedules(temporal.client, each)) {
            if (state === 'off') continue;
            print(`${id}\t${WORDS[state]}${state === 'paused' ? `: ${description?.state.note ?? ''}` : ''}`);
            if (state !== 'asDeclared') process.exitCode = EXIT.findings;
          }
      } finally {
        await temporal.close();
      }
    },
  );

  withSites('show', 'cadence, window, zone; when each ran last and runs next')
    .option('--json', 'as JSON')
    .action(async ({ site, json }: SiteOption & { json?: true }) => {
      const temporal = await connect();
      try {
        const rows = [];
        for (const each of loadSites(site))
          for (const { id, feed, state, description } of await compareSchedules(temporal.client, each))
            rows.push({
              id,
              note: description?.state.note ?? feed.note,
              state: WORDS[state],
              runs: state === 'off' ? '' : timingText(feed, each.schedules.zone),
              last: description?.info.recentActions.at(-1)?.takenAt.toISOString() ?? null,
              next: description?.info.nextActionTimes[0]?.toISOString() ?? null,
            });
        if (json) return printJson(rows);
        const table = new Table({ head: ['schedule', 'state', 'runs', 'last', 'next', 'note'] });
        for (const { id, state, runs, last, next, note } of rows)
          table.push([id, state, runs, last?.slice(0, 19) ?? '', next?.slice(0, 19) ?? '', note]);
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
  schedules
    .command('backfill <schedule>')
    .description('run a feed for the times it missed, one after the other')
    .requiredOption('--from <instant>', 'ISO instant with offset', instant)
    .requiredOption('--to <instant>', 'ISO instant with offset', instant)
    .action(async (id: string, { from, to }: { from: Date; to: Date }) =>
      onSchedule(id, (handle) => handle.backfill({ start: from, end: to, overlap: 'BUFFER_ALL' }), 'backfilled'),
    );
}

const WORDS: Readonly<Record<ScheduleState, string>> = {
  asDeclared: 'on',
  missing: 'missing',
  altered: 'altered',
  paused: 'paused',
  undeclared: 'not declared',
  off: 'off',
};

function timingText({ timing: { when, between, jitterSeconds, catchUpSeconds } }: Feed, zone: string): string {
  const day = when.kind === 'at' && when.dayOfMonth !== null ? `day ${when.dayOfMonth} ` : '';
  const cadence = when.kind === 'at' ? `${day}at ${when.times.join(' ')}` : `every ${duration(when.seconds)}`;
  const window = between === null ? '' : ` ${between.from}–${between.to}`;
  return `${cadence}${window} ${zone}, jitter ${jitterSeconds} s, catch-up ${duration(catchUpSeconds)}, overlap skip`;
}

function duration(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

function instant(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime()) || !/(Z|[+-]\d\d:\d\d)$/.test(text))
    throw new InvalidArgumentError('It is no instant with offset, such as 2026-01-01T00:00:00+00:00.');
  return at;
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
