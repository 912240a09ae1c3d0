import type { LevelWrite } from '../../domain/stock/stock-row.ts';
import { isColumn, isRecord, isTexts, textAt, textOrNull, TextTable } from './stock-file.ts';

/** What the storefront was last told of a SKU at a location. */
export interface SentLevel extends LevelWrite {
  /** When SparkLayer took it: ISO instant. */
  readonly sentAt: string;
  /** When the storefront first showed it: ISO instant; null = not yet. */
  readonly readBackAt: string | null;
}

/** All texts once, and a column of numbers for each member. */
export function toSentFile(levels: Iterable<SentLevel>) {
  const table = new TextTable();
  const all = [...levels];
  return {
    sku: all.map(({ sku }) => table.place(sku)),
    location: all.map(({ location }) => table.place(location)),
    units: all.map(({ units }) => units),
    restockDate: all.map(({ restockDate }) => table.placeOrNone(restockDate)),
    floor: all.map(({ floor }) => table.placeOrNone(floor === null ? null : String(floor))),
    sentAt: all.map(({ sentAt }) => table.place(sentAt)),
    readBackAt: all.map(({ readBackAt }) => table.placeOrNone(readBackAt)),
    texts: table.texts,
  };
}

/** null = the file is not what `toSentFile` makes. */
export function fromSentFile(file: unknown): readonly SentLevel[] | null {
  if (!isRecord(file) || !isTexts(file['texts']) || !Array.isArray(file['sku'])) return null;
  const { texts, sku, location, units, restockDate, floor, sentAt, readBackAt } = file;
  const { length } = sku;
  if (
    !isColumn(sku, length) ||
    !isColumn(location, length) ||
    !isColumn(units, length) ||
    !isColumn(restockDate, length) ||
    !isColumn(floor, length) ||
    !isColumn(sentAt, length) ||
    !isColumn(readBackAt, length)
  )
    return null;
  return sku.map((place, index) => {
    const sold = textOrNull(texts, floor[index]);
    return {
      sku: textAt(texts, place),
      location: textAt(texts, location[index]),
      units: units[index] ?? 0,
      restockDate: textOrNull(texts, restockDate[index]),
      floor: sold === null ? null : Number(sold),
      sentAt: textAt(texts, sentAt[index]),
      readBackAt: textOrNull(texts, readBackAt[index]),
    };
  });
}
