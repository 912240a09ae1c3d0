/** In epoch milliseconds. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** Milliseconds from one instant to another that lie in none of the periods, which do not overlap one another. */
export function msOutside(periods: readonly Period[], since: string, until: string): number {
  const [begin, end] = [Date.parse(since), Date.parse(until)];
  return periods.reduce(
    (left, { from, to }) => left - Math.max(0, Math.min(to, end) - Math.max(from, begin)),
    Math.max(0, end - begin),
  );
}
