import { Command } from 'commander';

/** Each command is loaded only when it is asked for: a question to the site does not load what runs one. */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  start: async () => (await import('./commands/start.ts')).addStartCommand,
  demo: async () => (await import('./commands/demo.ts')).addDemoCommand,
  orders: async () => (await import('./commands/orders.ts')).addOrderCommands,
  cases: async () => (await import('./commands/cases.ts')).addCaseCommands,
  problems: async () => (await import('./commands/problems.ts')).addProblemsCommand,
  prove: async () => (await import('./commands/prove.ts')).addProveCommand,
  report: async () => (await import('./commands/report.ts')).addReportCommands,
  schedules: async () => (await import('./commands/schedules.ts')).addScheduleCommands,
  feeds: async () => (await import('./commands/feeds.ts')).addFeedCommands,
  explain: async () => (await import('./commands/explain.ts')).addExplainCommands,
  'check-site': async () => (await import('./commands/check-site.ts')).addCheckSiteCommand,
  audit: async () => (await import('./commands/audit.ts')).addAuditCommand,
  preview: async () => (await import('./commands/preview.ts')).addPreviewCommand,
  handover: async () => (await import('./commands/handover.ts')).addHandoverCommand,
  bench: async () => (await import('./commands/bench.ts')).addBenchCommand,
  soak: async () => (await import('./commands/soak.ts')).addSoakCommand,
};
/** Commands that live with another. */
const WITH: Readonly<Record<string, string>> = { order: 'orders', bulk: 'orders', case: 'cases' };

/** The command line with the command `asked` for, or with all of them where there is no such. */
export async function loadProgram(asked: string): Promise<Command> {
  const program = new Command('instep')
    .description('Keeps a SparkLayer B2B storefront and a CGS BlueCherry ERP in step.')
    .addHelpText(
      'after',
      '\nExit codes: 0 fine · 1 findings, or refused · 2 wrong usage or a wrong site file · 3 a system cannot be reached',
    )
    .exitOverride();
  const one = COMMANDS[WITH[asked] ?? asked];
  for (const load of one ? [one] : Object.values(COMMANDS)) (await load())(program);
  for (const command of program.commands) command.exitOverride().commands.forEach((sub) => sub.exitOverride());
  return program;
}
