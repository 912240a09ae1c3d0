import { copyFile, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

import type { Command } from 'commander';

import type { reportExceptions } from '../../workflows/index.ts';
import { connect, print } from '../program.ts';
import { runFeedNow } from '../run-feed.ts';
import { loadSites, sitesOption } from '../sites.ts';

interface ExceptionsOptions {
  readonly site: readonly string[];
  readonly out?: string;
}

/** `report exceptions`: the day's exception report, now. */
export function addExceptionReport(report: Command): void {
  report
    .command('exceptions')
    .description(
      'what the two systems do not agree on, by field and money, for finance; written and mailed as by schedule',
    )
    .addOption(sitesOption())
    .option('--out <folder>', 'copies the files there, too')
    .action(exceptions);
}

async function exceptions({ site: files, out }: ExceptionsOptions): Promise<void> {
  const sites = loadSites(files);
  const temporal = await connect();
  try {
    for (const site of sites) {
      const report = await runFeedNow<typeof reportExceptions>(temporal.client, site, 'report-exceptions');
      print(`${site.name}: ${report.headline}.`);
      for (const file of report.files) print(`  ${file}`);
      if (out !== undefined) await copyFiles(report.files, sites.length > 1 ? join(out, site.name) : out);
    }
  } finally {
    await temporal.close();
  }
}

/** The worker wrote them on its own machine: from another one there is nothing to copy. */
async function copyFiles(files: readonly string[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of files) await copyFile(file, join(folder, basename(file)));
}
