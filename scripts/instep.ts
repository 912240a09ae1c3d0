#!/usr/bin/env node
import { CommanderError } from 'commander';

import { SiteFileError } from '../config/problems.ts';
import { NoTemporalServer } from '../workers/temporal-server.ts';
import { loadProgram } from './load-program.ts';
import { CommandError, EXIT, say } from './program.ts';

const program = await loadProgram(process.argv[2] ?? '');
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
