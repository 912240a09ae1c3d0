/** An ISO calendar date, `2026-10-31`. */
export type CalendarDate = string;

/**
 * The calendar of a zone (IANA): on which date an ISO instant falls there. null = no instant, or none that can be read. All
 * days and months of reports are the ERP's, so that a purchase has one day wherever it is told of.
 */
export function calendarOf(zone: string): (instant: string | null) => CalendarDate | null {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (instant) => {
    const time = Date.parse(instant ?? '');
    if (Number.isNaN(time)) return null;
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
    return [parts.get('year'), parts.get('month'), parts.get('day')].join('-');
  };
}
