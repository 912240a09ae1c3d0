import { randomUUID } from 'node:crypto';
import { copyFile, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { WorkflowFailedError, type Client } from '@temporalio/client';
import { rootCause } from '@temporalio/common';
import { DateTime } from 'luxon';
import { InvalidArgumentError, type Command } from 'commander';

import type { MonthEndReport } from '../../activities/report-month-end.ts';
import type { Site } from '../../config/site.ts';
import { showMonthEnd } from '../../domain/reports/month-end/show-month-end.ts';
import type { reportMonthEnd } from '../../workflows/index.ts';
import { ordersQueue } from '../../workflows/task-queues.ts';
import { CommandError, connect, EXIT, print, printJson } from '../program.ts';
import { loadSites, sitesOption } from '../sites.ts';

interface MonthEndOptions {
  readonly month: string;
  readonly site: readonly string[];
  readonly out?: string;
  readonly json?: true;
}

/** `report month-end`: the pack with which finance closes a month. */
export function addMonthEndReport(report: Command): void {
  report
    .command('month-end')
    .description(
      'storefront orders, ERP orders, invoices, credits and what is open, rolled through a month; exit code 1 when a difference or an invoice is unexplained',
    )
    .requiredOption('--month <yyyy-mm>', 'the month, e.g. 2026-10', parseMonth)
    .addOption(sitesOption())
    .option('--out <folder>', 'copies the files there, too')
    .option('--json', 'the pack in short, as JSON')
    .action(monthEnd);
}

async function monthEnd({ month, site: files, out, json }: MonthEndOptions): Promise<void> {
  const sites = loadSites(files);
  const temporal = await connect();
  const reports: MonthEndReport[] = [];
  try {
    for (const site of sites) {
      checkBegun(month, site);
      const report = await packOf(temporal.client, site, month);
      if (out !== undefined) await copyFiles(report.files, sites.length > 1 ? join(out, site.name) : out);
      if (!json) print(showMonthEnd(report));
      reports.push(report);
    }
  } finally {
    await temporal.close();
  }
  if (json) printJson(reports.length === 1 ? reports[0] : reports);
  if (reports.some(({ findings }) => findings.length > 0)) process.exitCode = EXIT.findings;
}

async function packOf(client: Client, { name }: Site, month: string): Promise<MonthEndReport> {
  try {
    return await client.workflow.execute<typeof reportMonthEnd>('reportMonthEnd', {
      workflowId: `month-end:${name}:${month}:by-hand-${randomUUID()}`,
      taskQueue: ordersQueue(name),
      args: [{ site: name, month }],
      staticSummary: `Month-end pack of ${month}; by hand`,
    });
  } catch (error) {
    // Such as that a later month is closed: that is for people to read.
    if (!(error instanceof WorkflowFailedError)) throw error;
    throw new CommandError(rootCause(error.cause) ?? error.message, EXIT.findings);
  }
}

function parseMonth(text: string): string {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) throw new InvalidArgumentError('A month is written like 2026-10.');
  return text;
}

function checkBegun(month: string, { name, erp }: Site): void {
  const today = DateTime.now().setZone(erp.zone).toFormat('yyyy-MM');
  if (month > today) throw new CommandError(`${month} has not begun for ${name}.`, EXIT.usage);
}

/** The worker wrote them on its own machine: from another one there is nothing to copy. */
async function copyFiles(files: readonly string[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of files) await copyFile(file, join(folder, basename(file)));
}
