import { Option, type Command } from 'commander';

import { createLog } from '../../workers/log.ts';
import { runSite } from '../../workers/run-site.ts';
import { installRuntime } from '../../workers/runtime.ts';
import { applySchedules } from '../../workers/schedules.ts';
import { applySearchAttributes } from '../../workers/search-attributes.ts';
import { bundleWorkflows } from '../../workers/workflow-bundle.ts';
import { connectOrStart, dataFolder, EXIT, say } from '../program.ts';
import { loadSites, sitesOption } from '../sites.ts';

interface StartOptions {
  readonly site: readonly string[];
  readonly logLevel: string;
  readonly metrics?: string;
}

/** `start`: the workers of one or all sites, until they are told to stop. */
export function addStartCommand(program: Command): void {
  program
    .command('start')
    .description('run the workers, schedules and search attributes applied')
    .addOption(sitesOption())
    .option('--log-level <level>', 'trace, debug, info, warn, error', 'info')
    .addOption(new Option('--metrics <host:port>', 'where Prometheus reads the metrics').env('INSTEP_METRICS'))
    .action(async ({ site: files, logLevel, metrics }: StartOptions) => {
      const sites = loadSites(files);
      const log = createLog(logLevel);
      installRuntime({ log, metrics: metrics ?? null });
      const { temporal, server } = await connectOrStart();
      const workflowBundle = await bundleWorkflows();
      await applySearchAttributes(temporal.connection, temporal.namespace);
      const running = await Promise.all(
        sites.map((site) =>
          runSite({
            site,
            connection: temporal.native,
            client: temporal.client,
            namespace: temporal.namespace,
            workflowBundle,
            dataFolder: dataFolder(),
            clock: () => new Date(),
            log: log.child({ site: site.name }),
          }),
        ),
      );
      for (const site of sites)
        for (const { id, result } of await applySchedules(temporal.client, site)) say(`${id}: ${result}`);
      let asked = false;
      const stop = () => {
        if (asked) process.exit(EXIT.findings);
        asked = true;
        say('Stopping: nothing new is taken, what is under way finishes. Once more ends at once.');
        for (const each of running) void each.stop();
      };
      process.on('SIGINT', stop);
      process.on('SIGTERM', stop);
      say(`Running ${sites.map(({ name }) => name).join(', ')}. Ctrl-C stops.`);
      try {
        await Promise.all(running.map(({ ended }) => ended));
      } finally {
        await temporal.close();
        await server?.stop();
      }
    });
}
