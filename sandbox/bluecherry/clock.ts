import { DateTime } from 'luxon';

/** A clock one can turn. Stamps are the ERP's local time without offset, to the second. */
export function createClock(source: () => Date, zone: string) {
  let offset = 0;
  const watchers = new Set<() => void>();
  const now = () => new Date(source().getTime() + offset);
  const local = (ahead = 0) => DateTime.fromMillis(now().getTime() + ahead, { zone });
  let shown = { second: Number.NaN, text: '' };
  /** The same second is written once: a ledger of many rows is stamped row by row. */
  const stamp = (ahead = 0) => {
    const second = Math.floor((now().getTime() + ahead) / 1_000);
    if (second !== shown.second) shown = { second, text: local(ahead).toFormat('yyyy-MM-dd HH:mm:ss') };
    return shown.text;
  };
  const turn = (to: number) => {
    offset = to;
    watchers.forEach((watch) => watch());
  };
  return {
    now,
    set: (iso: string) => turn(Date.parse(iso) - source().getTime()),
    advance: (milliseconds: number) => turn(offset + milliseconds),
    /** Told whenever somebody turns the clock; not when time merely passes. */
    onTurn: (watch: () => void) => void watchers.add(watch),
    stamp,
    /** YYYY-MM-DD in the ERP's zone, some days ahead. */
    today: (days = 0) => local().plus({ days }).toFormat('yyyy-MM-dd'),
  };
}

export type Clock = ReturnType<typeof createClock>;

/** MM/DD/YYYY, as the ERP writes dates, of YYYY-MM-DD. */
export function erpDate(iso: string): string {
  const [year = '', month = '', day = ''] = iso.split('-');
  return `${month}/${day}/${year}`;
}

/** YYYY-MM-DD of MM/DD/YYYY; null when it is no day of the calendar. */
export function isoDate(value: string): string | null {
  if (!/^\d{2}\/\d{2}\/\d{4}$/.test(value)) return null;
  return DateTime.fromFormat(value, 'MM/dd/yyyy', { zone: 'utc' }).toISODate();
}
