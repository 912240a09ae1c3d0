import type { z } from 'zod';

import { BlueCherryError, schemaDrift } from '../blue-cherry-error.ts';
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

/** For what was asked for by its key: a row that has its keys but another shape stops everything, naming the place. */
export function readRows<Row>(
  rows: readonly JsonObject[],
  schema: z.ZodType<Row>,
  keys: readonly string[],
  route: string,
): RowsRead<Row> {
  const complete = rows.filter((row) => hasKeys(row, keys));
  return { rows: complete.map((row) => readRow(row, schema, route)), skipped: rows.length - complete.length };
}

export interface EachRead<Row> {
  /** By what was read, in its order. */
  readonly rows: ReadonlyMap<JsonObject, Row>;
  readonly leftOut: readonly LeftOut[];
}

/** A row that cannot be used: an exception item. */
export interface LeftOut {
  readonly row: JsonObject;
  readonly error: BlueCherryError;
  /** false = one of its keys is missing, so it cannot even be told apart. */
  readonly hasKeys: boolean;
}

/**
 * For what is read together, whoever it belongs to: a row that cannot be read is left out, and the rest goes on (contract,
 * section 2). Throws where there are several and none can be read: then it is not the rows.
 */
export function readEach<Row>(
  rows: readonly JsonObject[],
  keys: readonly string[],
  read: (row: JsonObject) => Row,
  route: string,
): EachRead<Row> {
  const readable = new Map<JsonObject, Row>();
  const leftOut: LeftOut[] = [];
  for (const row of rows) {
    if (!hasKeys(row, keys)) {
      leftOut.push({ row, error: schemaDrift(route, `the keys of a row: ${keys.join(', ')}`), hasKeys: false });
      continue;
    }
    try {
      readable.set(row, read(row));
    } catch (error) {
      if (!(error instanceof BlueCherryError) || error.code !== 'SCHEMA_DRIFT') throw error;
      leftOut.push({ row, error, hasKeys: true });
    }
  }
  const [first, ...others] = leftOut.filter((each) => each.hasKeys);
  if (readable.size === 0 && first && others.length > 0) throw first.error;
  return { rows: readable, leftOut };
}

/** Throws `SCHEMA_DRIFT`, naming the place. */
export function readRow<Row>(row: JsonObject, schema: z.ZodType<Row>, route: string): Row {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  throw schemaDrift(route, parsed.error.issues[0]?.path.map(String).join('.') || 'a row');
}

/** What people call a row: by these keys. One of another type than agreed says nothing to them. */
export function nameOfRow(row: JsonObject, keys: readonly string[]): string {
  const names = keys.map((key) => text(row[key])).filter(Boolean);
  return names.join(' ') || `row ${text(row['pkey'])}`;
}

function hasKeys(row: JsonObject, keys: readonly string[]): boolean {
  return keys.every((key) => isKeyPresent(row[key]));
}

/** A key of a wrong type is there: reading the row will say what is wrong with it. */
function isKeyPresent(value: unknown): boolean {
  return typeof value === 'object' ? value !== null : text(value) !== '';
}
