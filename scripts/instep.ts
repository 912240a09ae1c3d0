#!/usr/bin/env node
import { Command, CommanderError } from 'commander';

import { SiteFileError } from '../config/problems.ts';
import { NoTemporalServer } from '../workers/temporal-server.ts';
import { addAuditCommand } from './commands/audit.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addCaseCommands } from './commands/cases.ts';
import { addCheckSiteCommand } from './commands/check-site.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addExplainCommands } from './commands/explain.ts';
import { addFeedCommands } from './commands/feeds.ts';
import { addHandoverCommand } from './commands/handover.ts';
import { addOrderCommands } from './commands/orders.ts';
import { addPreviewCommand } from './commands/preview.ts';
import { addProblemsCommand } from './commands/problems.ts';
import { addProveCommand } from './commands/prove.ts';
import { addReportCommands } from './commands/report.ts';
import { addScheduleCommands } from './commands/schedules.ts';
import { addSoakCommand } from './commands/soak.ts';
import { addStartCommand } from './commands/start.ts';
import { CommandError, EXIT, say } from './program.ts';

const program = new Command('instep')
  .description('Keeps a SparkLayer B2B storefront and a CGS BlueCherry ERP in step.')
  .addHelpText(
    'after',
    '\nExit codes: 0 fine · 1 findings, or refused · 2 wrong usage or a wrong site file · 3 a system cannot be reached',
  )
  .exitOverride();
addStartCommand(program);
addDemoCommand(program);
addOrderCommands(program);
addCaseCommands(program);
addProblemsCommand(program);
addProveCommand(program);
addReportCommands(program);
addScheduleCommands(program);
addFeedCommands(program);
addExplainCommands(program);
addCheckSiteCommand(program);
addAuditCommand(program);
addPreviewCommand(program);
addHandoverCommand(program);
addBenchCommand(program);
addSoakCommand(program);
for (const command of program.commands) command.exitOverride().commands.forEach((sub) => sub.exitOverride());

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  else {
    say(
      error instanceof Error &&
        (error instanceof CommandError || error instanceof SiteFileError || error instanceof NoTemporalServer)
        ? error.message
        : String(error instanceof Error ? error.stack : error),
    );
    process.exitCode =
      error instanceof CommandError
        ? error.exitCode
        : error instanceof SiteFileError
          ? EXIT.usage
          : error instanceof NoTemporalServer
            ? EXIT.unreachable
            : EXIT.findings;
  }
}
