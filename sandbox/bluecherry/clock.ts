import { DateTime } from 'luxon';

/** A clock one can turn. Stamps are the ERP's local time without offset, to the second. */
export function createClock(source: () => Date, zone: string) {
  let offset = 0;
  const now = () => new Date(source().getTime() + offset);
  return {
    now,
    set: (iso: string) => void (offset = Date.parse(iso) - source().getTime()),
    advance: (milliseconds: number) => void (offset += milliseconds),
    stamp: (ahead = 0) => DateTime.fromMillis(now().getTime() + ahead, { zone }).toFormat('yyyy-MM-dd HH:mm:ss'),
    /** MM/DD/YYYY, as the ERP shows dates. */
    date: () => DateTime.fromJSDate(now(), { zone }).toFormat('MM/dd/yyyy'),
    today: () => DateTime.fromJSDate(now(), { zone }).toISODate() ?? '',
  };
}

export type Clock = ReturnType<typeof createClock>;
