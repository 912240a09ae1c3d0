import type { ErpMessage, ImportResult } from '../../domain/sales-order.ts';
import { DUPLICATE_CONTROL_NUMBER_CODE } from './wire/assumptions.ts';
import type { ImportLogRow } from './wire/import-log.ts';

/**
 * Log rows → one result for each element of each post: (`pkey`, `row_seq`) is its key, one row each fault or warning.
 * An order exists only where S or W stands beside an order number; a letter we do not know decides nothing yet.
 */
export function toImportResults(rows: readonly ImportLogRow[]): readonly ImportResult[] {
  return [...groups(rows).values()].flatMap((group) => {
    const real = group.filter((row) => !isEcho(row, rows));
    return real.length === 0 ? [] : [toImportResult(real)];
  });
}

/** Key of the element of a post that a row belongs to. */
export function elementOf({ pkey, row_seq }: ImportLogRow): string {
  return `${pkey}/${row_seq}`;
}

/** Rows that say a control number was seen before: whether it was ours only the other row can tell. */
export function isRefusedControlNumber({ status, errorCode }: ImportLogRow): boolean {
  return status.toUpperCase() === 'E' && errorCode.toUpperCase() === DUPLICATE_CONTROL_NUMBER_CODE;
}

/** The refused repeat of a post that another transaction holds, with the same reference: it says nothing new. */
function isEcho(row: ImportLogRow, rows: readonly ImportLogRow[]): boolean {
  return (
    isRefusedControlNumber(row) &&
    rows.some(
      (other) =>
        other.pkey !== row.pkey &&
        other.isa_num === row.isa_num &&
        other.ext_ref.toUpperCase() === row.ext_ref.toUpperCase() &&
        !isRefusedControlNumber(other),
    )
  );
}

function groups(rows: readonly ImportLogRow[]): ReadonlyMap<string, ImportLogRow[]> {
  const groups = new Map<string, ImportLogRow[]>();
  for (const row of rows) {
    const known = groups.get(elementOf(row));
    if (known) known.push(row);
    else groups.set(elementOf(row), [row]);
  }
  return groups;
}

function toImportResult(group: readonly ImportLogRow[]): ImportResult {
  const [first] = group;
  const common = {
    transaction: first?.pkey ?? '',
    row: first?.row_seq ?? 0,
    controlNumber: first?.isa_num ?? '',
    reference: first?.ext_ref ?? '',
  };
  const created = group.filter(({ status, ord_num }) => /^[sw]$/i.test(status) && ord_num !== '');
  if (created[0]) {
    const warnings = created.filter(({ status }) => status.toUpperCase() === 'W').map(toMessage);
    return { kind: 'imported', ...common, orderNumber: created[0].ord_num, warnings };
  }
  const faults = group.filter(({ status }) => status.toUpperCase() === 'E');
  return faults.length > 0
    ? { kind: 'refused', ...common, faults: faults.map(toMessage) }
    : { kind: 'pending', ...common };
}

function toMessage({ errorCode, errorMessage, line_seq }: ImportLogRow): ErpMessage {
  return { code: errorCode, text: errorMessage, line: line_seq || null };
}
