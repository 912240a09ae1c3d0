import { placeInWords, type Drift, type DriftRow } from '../../drift/drift.ts';
import { DRIFT_CODES, DRIFT_WORDS } from '../../drift/report-drift.ts';
import { absolute, isGreater, multiply, sameAmount, toCents } from '../../money.ts';
import { problemKind } from '../../problems.ts';
import type { Owner } from '../../site-rules.ts';
import type { ExceptionRow } from './exception-report.ts';

/** An open case of the check of stock and prices: who has it now, and its page. */
export interface DriftCase extends Pick<ExceptionRow, 'link'> {
  readonly code: string;
  /** The cause. */
  readonly key: string;
  readonly owner: Owner;
}

/** So many differences a reader is shown; `drift.json` has them all. */
const MOST_SHOWN = 1_000;

/**
 * Every published level and price that is not what should be there, with both figures: the dearest first, then those with
 * the most units. `currencyOf` a price list; `leftOut` = how many only the file has.
 */
export function driftRows(
  { rows }: Pick<Drift, 'rows'>,
  cases: readonly DriftCase[],
  currencyOf: (list: string) => string,
): { readonly rows: readonly ExceptionRow[]; readonly leftOut: number } {
  const shown = rows.toSorted(dearestFirst).slice(0, MOST_SHOWN);
  return { rows: shown.map((row) => rowOf(row, cases, currencyOf)), leftOut: rows.length - shown.length };
}

function rowOf(row: DriftRow, cases: readonly DriftCase[], currencyOf: (list: string) => string): ExceptionRow {
  const { what, sku, place, should, is, cause, money, since } = row;
  const code = DRIFT_CODES[what];
  const open = cases.find((each) => each.code === code && each.key === cause);
  const { owner, mend } = problemKind(code);
  return {
    section: 'drift',
    order: sku,
    erpOrders: [],
    field: placeInWords(row),
    storefront: is ?? 'nothing',
    erp: should ?? 'nothing',
    // Of a row: by how much the ERP is worth more. Of drift: by how much the storefront asks more.
    money: toCents(multiply(money ?? '0', -1)),
    units: what === 'stock' ? unitsOf(row) : null,
    currency: what === 'price' ? currencyOf(place) : '',
    cause: DRIFT_WORDS[cause],
    since,
    owner: open?.owner ?? owner,
    mend,
    link: open?.link ?? null,
  };
}

/** By how many units the ERP has more. */
function unitsOf({ should, is }: DriftRow): number {
  return Number(should ?? 0) - Number(is ?? 0);
}

function dearestFirst(left: DriftRow, right: DriftRow): number {
  const [one, other] = [absolute(left.money ?? '0'), absolute(right.money ?? '0')];
  if (!sameAmount(one, other)) return isGreater(one, other) ? -1 : 1;
  const units = (row: DriftRow) => (row.what === 'stock' ? Math.abs(unitsOf(row)) : 0);
  return units(right) - units(left) || left.sku.localeCompare(right.sku);
}
