import { join } from 'node:path';

import type { Command } from 'commander';

import { loadSite } from '../../config/load-site.ts';
import { withoutSecrets } from '../../config/load-without-secrets.ts';
import { dataFolder, environment, print } from '../program.ts';
import { siteFiles, sitesOption } from '../sites.ts';
import { writeHandover } from '../write-handover.ts';

interface HandoverOptions {
  readonly site: readonly string[];
  readonly out?: string;
}

/** `handover`: the manual for the people who take over, from the site file alone. Needs no server and no secret. */
export function addHandoverCommand(program: Command): void {
  program
    .command('handover')
    .description('write the handover manual of a site, a chapter for each team, from the site file alone')
    .addOption(sitesOption())
    .option('--out <folder>', 'where <site>-handover.html goes (default: the site’s folder of reports)')
    .action(async ({ site: files, out }: HandoverOptions) => {
      for (const file of siteFiles(files)) {
        const site = loadSite(file, withoutSecrets(environment(), file));
        print(await writeHandover(site, out ?? join(dataFolder(), site.name, 'reports'), new Date()));
      }
    });
}
