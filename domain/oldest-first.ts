interface Dated {
  /** ISO calendar date. */
  readonly date: string | null;
  readonly number: string;
}

/** The order of invoices and credit memos, for sorting: by their date, those of one day by their number. */
export function oldestFirst(left: Dated, right: Dated): number {
  const [a, b] = [placeOf(left), placeOf(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function placeOf({ date, number }: Dated): string {
  return `${date ?? ''} ${number.padStart(NUMBER_WIDTH, '0')}`;
}

/** So that document 999 comes before document 1000. */
const NUMBER_WIDTH = 20;
