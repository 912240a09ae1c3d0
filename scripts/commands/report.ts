import type { Command } from 'commander';

import { addExceptionReport } from './report-exceptions.ts';
import { addMonthEndReport } from './report-month-end.ts';

/** `report`: what is written for people to keep. */
export function addReportCommands(program: Command): void {
  const report = program.command('report').description('write a report, now');
  addExceptionReport(report);
  addMonthEndReport(report);
}
