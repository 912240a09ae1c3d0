import { Option, type Command } from 'commander';

import { createLog } from '../../workers/log.ts';
import { runSite } from '../../workers/run-site.ts';
import { runSites, type SitesEnd } from '../../workers/run-sites.ts';
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

/** More than workers give what is under way. */
const PATIENCE_MS = 60_000;
const EXIT_AFTER = { siteBroke: EXIT.findings, serverEnded: EXIT.unreachable } as const;

/** `start`: the workers of one or all sites, until they are told to stop; ends with an error when it cannot go on whole. */
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
      const asked = new AbortController();
      const stop = () => {
        if (asked.signal.aborted) process.exit(EXIT.findings);
        say('Stopping: nothing new is taken, what is under way finishes. Once more ends at once.');
        asked.abort();
      };
      let end: SitesEnd;
      try {
        const workflowBundle = await bundleWorkflows();
        await applySearchAttributes(temporal.connection, temporal.namespace);
        end = await runSites({
          sites: sites.map((site) => ({
            name: site.name,
            start: () =>
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
          })),
          serverEnded: server?.ended ?? null,
          whenStarted: async () => {
            for (const site of sites)
              for (const { id, result } of await applySchedules(temporal.client, site)) say(`${id}: ${result}`);
            process.on('SIGINT', stop);
            process.on('SIGTERM', stop);
            say(`Running ${sites.map(({ name }) => name).join(', ')}. Ctrl-C stops.`);
          },
          asked: asked.signal,
          patienceMs: PATIENCE_MS,
          log,
        });
      } finally {
        await temporal
          .close()
          .catch((error: unknown) => log.error({ error }, 'the connections to Temporal could not be closed'));
        await server?.stop();
      }
      // Whatever still hangs must not keep a process that does nothing.
      if (end !== 'asked') process.exit(EXIT_AFTER[end]);
    });
}
