import type { z } from 'zod';

import { schemaDrift } from '../blue-cherry-error.ts';
import { isJsonObject, text, type JsonObject } from './json.ts';

/** How the rows of a resource are enveloped. */
export type Envelope = 'flat' | 'header';

/** The rows of a page: `data` of a flat master, `data.header` of the others. Anything else is another shape than agreed. */
export function rowsOf(body: JsonObject, envelope: Envelope, route: string): readonly JsonObject[] {
  const data = body['data'];
  const rows = envelope === 'flat' ? data : isJsonObject(data) ? data['header'] : undefined;
  if (!Array.isArray(rows)) throw schemaDrift(route, envelope === 'flat' ? 'data' : 'data.header');
  return rows.map((row: unknown, index) => {
    if (!isJsonObject(row)) throw schemaDrift(route, `row ${index}`);
    return row;
  });
}

export interface RowsRead<Row> {
  readonly rows: readonly Row[];
  /** Rows without their key fields: left out and counted, the rest of the page goes on. */
  readonly skipped: number;
}

/** Reads rows by a schema; one that has its keys but another shape stops everything, naming the place. */
export function readRows<Row>(
  rows: readonly JsonObject[],
  schema: z.ZodType<Row>,
  keys: readonly string[],
  route: string,
): RowsRead<Row> {
  const complete = rows.filter((row) => keys.every((key) => isKeyPresent(row[key])));
  return { rows: complete.map((row) => readRow(row, schema, route)), skipped: rows.length - complete.length };
}

function readRow<Row>(row: JsonObject, schema: z.ZodType<Row>, route: string): Row {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  throw schemaDrift(route, parsed.error.issues[0]?.path.map(String).join('.') || 'a row');
}

/** A key of a wrong type is there: reading the row will say what is wrong with it. */
function isKeyPresent(value: unknown): boolean {
  return typeof value === 'object' ? value !== null : text(value) !== '';
}
