import { BlueCherryError } from './blue-cherry-error.ts';
import { text, wholeNumber, type JsonObject } from './wire/json.ts';

/**
 * `eq` compares trimmed and without case, `gt` compares times; `plain` is an equality outside `$filter`, the only one
 * known for row keys. Nothing else was seen. `eqNumber` is an `eq` on whole numbers, which rows may write as 3, "3.0" or
 * without leading zeros; `eqNumberIfShown` is one on a field that rows may not show.
 */
export interface Clause {
  readonly field: string;
  readonly operator: 'eq' | 'eqNumber' | 'eqNumberIfShown' | 'gt' | 'plain';
  readonly literal: string;
}

export function eq(field: string, literal: string): Clause {
  return { field, operator: 'eq', literal };
}

export function eqNumber(field: string, literal: string): Clause {
  return { field, operator: 'eqNumber', literal };
}

/** For a field that can be asked for, and of which it is not known whether the rows carry it. */
export function eqNumberIfShown(field: string, literal: string): Clause {
  return { field, operator: 'eqNumberIfShown', literal };
}

export function changedAfter(stamp: string): Clause {
  return { field: 'last_mod', operator: 'gt', literal: stamp };
}

export function rowKey(pkey: string): Clause {
  return { field: 'pkey', operator: 'plain', literal: pkey };
}

/** The expression as it goes after `$filter=`: every literal in single quotes, quotes doubled, URL-encoded. */
export function filterQuery(clauses: readonly Clause[]): readonly string[] {
  const plain = clauses.filter(({ operator }) => operator === 'plain');
  const parameters = plain.map(({ field, literal }) => `${field}=${encodeURIComponent(literal)}`);
  const expression = clauses
    .filter(({ operator }) => operator !== 'plain')
    .map(({ field, operator, literal }) => `${field} ${wireOperator(operator)} '${literal.replaceAll("'", "''")}'`)
    .join(' and ');
  return expression === '' ? parameters : [`$filter=${encodeURIComponent(expression)}`, ...parameters];
}

function wireOperator(operator: Clause['operator']): 'eq' | 'gt' {
  return operator === 'gt' ? 'gt' : 'eq';
}

/**
 * An ERP that does not know a filter may ignore it without a word: then the rows are not what was asked for, and a
 * search by reference would decide about duplicates by strangers.
 */
export function checkRows(rows: readonly JsonObject[], clauses: readonly Clause[], route: string): void {
  const ignored = clauses.find((clause) => rows.some((row) => !fits(row, clause)));
  if (!ignored) return;
  throw new BlueCherryError({
    code: 'FILTER_IGNORED',
    fate: 'gate',
    route,
    says: `the answer holds rows that do not fit the filter on ${ignored.field}`,
  });
}

function fits(row: JsonObject, { field, operator, literal }: Clause): boolean {
  const value = text(row[field]);
  switch (operator) {
    case 'eqNumberIfShown':
      return value === '' || isSameNumber(value, literal);
    case 'eqNumber':
      return isSameNumber(value, literal);
    case 'gt':
      // A row that shows no time of change says nothing against the filter.
      return value === '' || value.replace('T', ' ') > literal;
    case 'eq':
    case 'plain':
      return isSameText(value, literal);
  }
}

/** What others have put there may be no number. */
function isSameNumber(value: string, literal: string): boolean {
  const number = wholeNumber(value);
  return number === null ? isSameText(value, literal) : number === wholeNumber(literal);
}

function isSameText(value: string, literal: string): boolean {
  return value.toUpperCase() === literal.trim().toUpperCase();
}
