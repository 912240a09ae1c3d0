import { DefaultLogger, makeTelemetryFilterString, Runtime, type LogEntry } from '@temporalio/worker';
import type { Logger } from 'pino';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

export interface RuntimeOptions {
  readonly log: Logger;
  /** `host:port` at which Prometheus reads the process's metrics, ours and Temporal's; null = none are kept. */
  readonly metrics: string | null;
}

/** Once per process, before anything of Temporal's: its logs, the core's included, go into ours and never to stdout. */
export function installRuntime({ log, metrics }: RuntimeOptions): void {
  const write = ({ level, message, meta }: LogEntry) => log[LEVELS[level]]({ ...meta }, message);
  Runtime.install({
    logger: new DefaultLogger(
      log.isLevelEnabled('debug') ? 'DEBUG' : log.isLevelEnabled('info') ? 'INFO' : 'WARN',
      write,
    ),
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
      ...(metrics === null ? {} : { metrics: { prometheus: { bindAddress: metrics } } }),
    },
    shutdownSignals: [],
  });
}
