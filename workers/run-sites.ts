import type { Logger } from 'pino';

import type { RunningSite } from './run-site.ts';

export interface RunSites {
  readonly sites: readonly { readonly name: string; readonly start: () => Promise<RunningSite> }[];
  /** When the Temporal server of this process has ended; null = the server is not ours. */
  readonly serverEnded: Promise<void> | null;
  /** Once, when all of them run. */
  readonly whenStarted: () => Promise<void>;
  /** Asks all of them to stop. */
  readonly asked: AbortSignal;
  /** After trouble they have so long to stop. */
  readonly patienceMs: number;
  readonly log: Logger;
}

export type SitesEnd = 'asked' | 'siteBroke' | 'serverEnded';

/**
 * Runs sites together in this process until they are asked to stop. A site that cannot start or breaks, and a server that
 * ends unasked, end all of them: a process of which a part is dead looks healthy to whoever would start it again. Every
 * site's error is logged with its name. Returns when all have stopped, or have had their time to.
 */
export async function runSites({
  sites,
  serverEnded,
  whenStarted,
  asked,
  patienceMs,
  log,
}: RunSites): Promise<SitesEnd> {
  const runs = sites.map(({ name, start }) => {
    const broke = (error: unknown): never => {
      log.error(
        { site: name, error },
        `the site ${name} broke: all sites of this process end, and it is to be restarted`,
      );
      throw new Trouble('siteBroke');
    };
    const started = start().catch(broke);
    return { started, ended: started.then(({ ended }) => ended.catch(broke)) };
  });
  const allEnded = Promise.all(runs.map(({ ended }) => ended));
  let isEnding = false;
  const stopAll = () => {
    isEnding = true;
    return Promise.allSettled(runs.map(async ({ started }) => (await started).stop()));
  };
  asked.addEventListener('abort', () => void stopAll(), { once: true });
  try {
    await Promise.race([Promise.all([allEnded, started()]), ...(serverEnded ? [serverLost(serverEnded)] : [])]);
    return 'asked';
  } catch (error) {
    if (error instanceof Trouble) return error.end;
    throw error;
  } finally {
    await withPatience(stopAll());
  }

  async function started(): Promise<void> {
    await Promise.all(runs.map((run) => run.started));
    await whenStarted();
  }

  async function serverLost(ended: Promise<void>): Promise<unknown> {
    await ended;
    // Whoever ends all processes at once ends the server too, while the sites still stop.
    if (isEnding) return allEnded;
    log.error(
      'the Temporal server that this process had started has ended unasked: nothing runs any more, and no alarm can leave. Start Instep again; orders go on where they were. It should run under a supervisor that does so',
    );
    throw new Trouble('serverEnded');
  }

  async function withPatience(stopped: Promise<unknown>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), patienceMs)));
    const result = await Promise.race([stopped, late]);
    clearTimeout(timer);
    if (result === 'late')
      log.error('not all sites have stopped in time; what they had under way is looked for at the next start');
  }
}

class Trouble extends Error {
  readonly end: Exclude<SitesEnd, 'asked'>;

  constructor(end: Exclude<SitesEnd, 'asked'>) {
    super(end);
    this.end = end;
  }
}
