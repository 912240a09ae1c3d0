import writeExcelFile, { type CellObject } from 'write-excel-file/node';

import { toNumber } from '../domain/money.ts';
import type { Cell, Column, PageTable } from '../domain/reports/table.ts';

/** A table of a page as a sheet of a workbook. */
export interface Sheet {
  /** At most 31 characters. */
  readonly name: string;
  readonly table: PageTable;
}

const MONEY_FORMAT = '#,##0.00';
const WIDTHS = { text: 28, number: 10, money: 14, date: 12 } as const;

/** Writes an Excel workbook: one sheet a table, its head frozen; numbers, money and dates are such, not texts. */
export async function writeWorkbook(path: string, sheets: readonly Sheet[]): Promise<void> {
  const all = sheets.map(({ name, table: { columns, rows, total } }) => ({
    sheet: name,
    stickyRowsCount: 1,
    columns: columns.map(({ kind = 'text' }) => ({ width: WIDTHS[kind] })),
    data: [
      columns.map(({ title }): CellObject => ({ value: title, type: String, fontWeight: 'bold' })),
      ...[...rows, ...(total ? [total] : [])].map((row) => columns.map((column, index) => toCell(row[index], column))),
    ],
  }));
  await writeExcelFile(all).toFile(path);
}

function toCell(cell: Cell | string | undefined, { kind = 'text' }: Column): CellObject | null {
  const { text, sortBy } = typeof cell === 'object' ? cell : { text: cell ?? '', sortBy: undefined };
  const value = sortBy ?? text;
  if (value === '') return null;
  if (kind === 'text') return { value: text, type: String };
  if (kind === 'date') return { value: new Date(value), type: Date, format: 'yyyy-mm-dd' };
  return { value: toNumber(value), type: Number, ...(kind === 'money' ? { format: MONEY_FORMAT } : {}) };
}
