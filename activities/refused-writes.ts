/**
 * Writes that a vendor has definitely refused: they must not be sent again unchanged (contract, section 3). Known to this
 * process only and for a time, because what made it refuse may be mended on its side.
 */
export interface RefusedWrites {
  /** Why this very write was refused; null = it was not, or long ago. */
  reason(write: unknown): string | null;
  remember(write: unknown, says: string): void;
}

const REMEMBERED_MS = 6 * 3_600_000;

export function createRefusedWrites(clock: () => Date): RefusedWrites {
  const refused = new Map<string, { readonly says: string; readonly until: number }>();
  return {
    reason(write) {
      const known = refused.get(JSON.stringify(write));
      return known && clock().getTime() < known.until ? known.says : null;
    },
    remember(write, says) {
      const now = clock().getTime();
      for (const [key, { until }] of refused) if (until <= now) refused.delete(key);
      refused.set(JSON.stringify(write), { says, until: now + REMEMBERED_MS });
    },
  };
}
