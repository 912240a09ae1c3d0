/**
 * Does the jobs of a list, so many at once; a job may add others to it. Ends with the first error, after what is under
 * way has ended; nothing is begun after it.
 */
export async function workOff<Job>(jobs: Job[], lanes: number, work: (job: Job) => Promise<void>): Promise<void> {
  let hasFailed = false;
  const ends = await Promise.allSettled(
    Array.from({ length: lanes }, async () => {
      for (let job = jobs.shift(); job !== undefined && !hasFailed; job = jobs.shift()) {
        try {
          await work(job);
        } catch (error) {
          hasFailed = true;
          throw error;
        }
      }
    }),
  );
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Pieces of at most so many items, in their order. */
export function inChunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
