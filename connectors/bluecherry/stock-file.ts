import type { AbsentRow, KeptPart } from '../../domain/stock/merge-part.ts';
import type { StockBuckets, StockRow } from '../../domain/stock/stock-row.ts';

/*
 * Stock on disk: every text once, and each field of the rows as a column of numbers. Row by row the same figures take five
 * times the space, and as much longer to write and read.
 */

type Column = readonly number[];

const CODES = ['division', 'style', 'color', 'label', 'dimension', 'size', 'upc'] as const;
const BUCKETS = [
  'onHand',
  'picked',
  'open',
  'reserved',
  'openToSell',
  'openToSellWithWork',
  'workInProcess',
  'onPurchaseOrder',
  'inTransit',
] as const satisfies readonly (keyof StockBuckets)[];
/** A number that is not there. */
const NONE = -1;

/** Texts by number. */
export class TextTable {
  readonly texts: string[] = [];
  readonly #places = new Map<string, number>();

  place(text: string): number {
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#places.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }

  placeOrNone(text: string | null): number {
    return text === null ? NONE : this.place(text);
  }
}

interface RowColumns {
  readonly codes: readonly Column[];
  readonly warehouse: Column;
  readonly sizeBucket: Column;
  readonly buckets: readonly Column[];
}

export interface PartFile {
  readonly division: string;
  readonly warehouse: string;
  readonly snapshot: string;
  readonly asOf: string;
  readonly texts: readonly string[];
  readonly rows: RowColumns;
  readonly absent: RowColumns & { readonly snapshot: Column; readonly asOf: Column };
}

export function toPartFile({ division, warehouse, snapshot, asOf, rows, absent }: KeptPart): PartFile {
  const table = new TextTable();
  return {
    division,
    warehouse,
    snapshot,
    asOf,
    rows: toColumns(rows, table),
    absent: {
      ...toColumns(
        absent.map(({ row }) => row),
        table,
      ),
      snapshot: absent.map((one) => table.place(one.snapshot)),
      asOf: absent.map((one) => table.place(one.asOf)),
    },
    texts: table.texts,
  };
}

/** null = the file is not what `toPartFile` makes: it counts as none. */
export function fromPartFile(file: unknown): KeptPart | null {
  if (!isPartFile(file)) return null;
  const { division, warehouse, snapshot, asOf, texts } = file;
  const rows = fromColumns(file.rows, texts);
  const absent = fromColumns(file.absent, texts);
  const { snapshot: snapshots, asOf: asOfs } = file.absent;
  return {
    division,
    warehouse,
    snapshot,
    asOf,
    rows,
    absent: absent.map((row, index): AbsentRow => ({
      row,
      snapshot: textAt(texts, snapshots[index]),
      asOf: textAt(texts, asOfs[index]),
    })),
  };
}

export function textAt(texts: readonly string[], place: number | undefined): string {
  return texts[place ?? NONE] ?? '';
}

export function textOrNull(texts: readonly string[], place: number | undefined): string | null {
  return place === undefined || place === NONE ? null : textAt(texts, place);
}

export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

/** Whole numbers, as many as there are rows. */
export function isColumn(value: unknown, length: number): value is Column {
  return Array.isArray(value) && value.length === length && value.every((one) => Number.isSafeInteger(one));
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toColumns(rows: readonly StockRow[], table: TextTable): RowColumns {
  return {
    codes: CODES.map((code) => rows.map(({ sku }) => table.place(sku[code]))),
    warehouse: rows.map(({ warehouse }) => table.place(warehouse)),
    sizeBucket: rows.map(({ sizeBucket }) => sizeBucket ?? NONE),
    buckets: BUCKETS.map((bucket) => rows.map(({ buckets }) => buckets[bucket])),
  };
}

function fromColumns({ codes, warehouse, sizeBucket, buckets }: RowColumns, texts: readonly string[]): StockRow[] {
  const [division, style, color, label, dimension, size, upc] = codes;
  const [onHand, picked, open, reserved, openToSell, openToSellWithWork, inWork, onOrder, inTransit] = buckets;
  return warehouse.map((place, index) => {
    const bucket = sizeBucket[index] ?? NONE;
    return {
      sku: {
        division: textAt(texts, division?.[index]),
        style: textAt(texts, style?.[index]),
        color: textAt(texts, color?.[index]),
        label: textAt(texts, label?.[index]),
        dimension: textAt(texts, dimension?.[index]),
        size: textAt(texts, size?.[index]),
        upc: textAt(texts, upc?.[index]),
      },
      sizeBucket: bucket === NONE ? null : bucket,
      warehouse: textAt(texts, place),
      buckets: {
        onHand: onHand?.[index] ?? 0,
        picked: picked?.[index] ?? 0,
        open: open?.[index] ?? 0,
        reserved: reserved?.[index] ?? 0,
        openToSell: openToSell?.[index] ?? 0,
        openToSellWithWork: openToSellWithWork?.[index] ?? 0,
        workInProcess: inWork?.[index] ?? 0,
        onPurchaseOrder: onOrder?.[index] ?? 0,
        inTransit: inTransit?.[index] ?? 0,
      },
    };
  });
}

function isPartFile(file: unknown): file is PartFile {
  if (!isRecord(file) || !isTexts(file['texts'])) return false;
  const { division, warehouse, snapshot, asOf, rows, absent } = file;
  const areTexts = [division, warehouse, snapshot, asOf].every((text) => typeof text === 'string');
  if (!areTexts || !isColumns(rows) || !isColumns(absent) || !isRecord(absent)) return false;
  const { length } = absent.warehouse;
  return isColumn(absent['snapshot'], length) && isColumn(absent['asOf'], length);
}

function isColumns(value: unknown): value is RowColumns {
  if (!isRecord(value) || !Array.isArray(value['warehouse'])) return false;
  const { length } = value['warehouse'];
  const areColumns = (columns: unknown, count: number) =>
    Array.isArray(columns) && columns.length === count && columns.every((column) => isColumn(column, length));
  return (
    areColumns([value['warehouse'], value['sizeBucket']], 2) &&
    areColumns(value['codes'], CODES.length) &&
    areColumns(value['buckets'], BUCKETS.length)
  );
}
