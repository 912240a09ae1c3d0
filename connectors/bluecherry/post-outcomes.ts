import type { PostOutcome } from '../../domain/sales-order.ts';
import type { WriteResult } from './caller.ts';
import { toImportResults } from './translate-import-log.ts';
import { IMPORT_LOG_KEYS, importLogRow, type ImportLogRow } from './wire/import-log.ts';
import { isJsonObject, text, wholeNumber, type JsonObject } from './wire/json.ts';
import { readRows } from './wire/rows.ts';

export interface Posted {
  /** Null for a cancel: its log rows carry neither reference nor control number. */
  readonly reference: string | null;
  readonly controlNumber: string | null;
}

/** The outcome of each element of an array, in its order. */
export function outcomesOf(posted: readonly Posted[], result: WriteResult): readonly PostOutcome[] {
  switch (result.kind) {
    case 'takenIn':
      return takenIn(posted, result.body);
    case 'nothingSent':
      return posted.map(() => ({ kind: 'notTaken', code: 'NOT_SENT', why: 'nothing was sent', retryAfterMs: 0 }));
    default:
      return posted.map(() => result);
  }
}

/**
 * Taken in: `row_seq` is the place in the array. In direct mode the answer also carries log rows; they are believed only
 * for the element whose reference they show.
 */
function takenIn(posted: readonly Posted[], body: JsonObject): readonly PostOutcome[] {
  const transaction = text(body['pkey']);
  const count = wholeNumber(body['count']);
  if (count !== null && count !== posted.length)
    return posted.map(() => ({ kind: 'unknown', why: `the ERP took in ${count} of ${posted.length}` }));
  const results = toImportResults(directRows(body).filter(({ pkey }) => pkey === transaction));
  return posted.map(({ reference, controlNumber }, index): PostOutcome => {
    const row = index + 1;
    const result = results.find((each) => each.row === row);
    if (!result || result.kind === 'pending') return { kind: 'staged', transaction, row };
    const isOurs =
      reference === null ||
      (same(result.reference, reference) &&
        (result.controlNumber === '' || controlNumber === null || same(result.controlNumber, controlNumber)));
    return isOurs
      ? { kind: 'decided', result }
      : { kind: 'unknown', why: `row ${row} of the answer belongs to another order` };
  });
}

function directRows({ data }: JsonObject): readonly ImportLogRow[] {
  if (!Array.isArray(data)) return [];
  const rows = data.filter((row: unknown) => isJsonObject(row));
  try {
    return readRows(rows, importLogRow, IMPORT_LOG_KEYS, 'POST').rows;
  } catch {
    // It was taken in, that is certain; the import log will tell the rest.
    return [];
  }
}

function same(left: string, right: string): boolean {
  return left.trim().toUpperCase() === right.trim().toUpperCase();
}
