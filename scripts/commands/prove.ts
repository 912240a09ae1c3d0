import type { Command } from 'commander';

import { renderProof } from '../../domain/proof/render-proof.ts';
import type { proveCompleteness } from '../../workflows/index.ts';
import { connect, EXIT, print, printJson } from '../program.ts';
import { runFeedNow } from '../run-feed.ts';
import { loadSites } from '../sites.ts';

interface ProveOptions {
  readonly site: string;
  readonly json?: true;
}

/** `prove`: the proof of completeness, now. */
export function addProveCommand(program: Command): void {
  program
    .command('prove')
    .description('prove now that every purchase is accounted for; exit code 1 when one is not')
    .requiredOption('--site <file>', 'site file')
    .option('--json', 'as JSON')
    .action(prove);
}

async function prove({ site: file, json }: ProveOptions): Promise<void> {
  const [site] = loadSites([file]);
  if (!site) return;
  const temporal = await connect();
  try {
    const report = await runFeedNow<typeof proveCompleteness>(temporal.client, site, 'prove-completeness');
    if (json) printJson(report);
    else print(renderProof(report));
    if (report.unaccounted > 0) process.exitCode = EXIT.findings;
  } finally {
    await temporal.close();
  }
}
