import type { CountedWarehouse } from './stock-rules.ts';

/** How a part of the ERP's stock is called: `01 W01`. */
export function partName({ division, warehouse }: CountedWarehouse): string {
  return `${division} ${warehouse}`;
}

/** A span as people say it: `12 minutes`, `5 hours`, `3 days`. */
export function minutesInWords(minutes: number): string {
  if (minutes < 120) return counted(Math.round(minutes), 'minute');
  if (minutes < 2 * 1440) return counted(Math.round(minutes / 60), 'hour');
  return counted(Math.round(minutes / 1440), 'day');
}

/** `1 row`, `2 rows`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** Minutes from one instant to another; negative when the other is earlier. */
export function minutesBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 60_000;
}
