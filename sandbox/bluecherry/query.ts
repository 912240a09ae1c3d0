import type { Resource, Row } from './resources.ts';

export interface Query {
  readonly clauses: readonly Clause[];
  readonly page: number;
  readonly size: number;
  readonly withChildren: boolean;
}

interface Clause {
  readonly field: string;
  readonly operator: 'eq' | 'gt';
  readonly literal: string;
}

/** Larger pages are cut without a word. */
const CAP = 200;
const DEFAULT_SIZE = 25;
const CLAUSE = /^([A-Za-z_]\w*) (eq|gt) '((?:[^']|'')*)'/;

/** Reads a query; a string is the reason why it cannot be (INV_FILTER). */
export function readQuery(parameters: URLSearchParams, resource: Resource): Query | string {
  const clauses: Clause[] = [];
  let [page, size] = [1, DEFAULT_SIZE];
  let withChildren = false;
  for (const [name, value] of parameters) {
    if (name === '$filter') {
      const read = readFilter(value, resource);
      if (typeof read === 'string') return read;
      clauses.push(...read);
    } else if (name === '_pgno' || name === '_pgsize') {
      const number = Number(value);
      if (!Number.isInteger(number) || number < 1) return `Bad ${name}`;
      if (name === '_pgno') page = number;
      else size = Math.min(number, CAP);
    } else if (name === '_include') {
      if (value !== 'all') return 'Bad _include';
      withChildren = true;
    } else if (name === 'pkey') clauses.push({ field: 'pkey', operator: 'eq', literal: value });
    else return `Invalid column name ${name} in filter`;
  }
  return { clauses, page, size, withChildren };
}

export function matches(row: Row, { clauses }: Query): boolean {
  return clauses.every(({ field, operator, literal }) => {
    const shown = row[field];
    const value = (typeof shown === 'string' || typeof shown === 'number' ? String(shown) : '').trim().toUpperCase();
    const wanted = literal.trim().toUpperCase();
    return operator === 'eq' ? value === wanted : value.replace('T', ' ') > wanted.replace('T', ' ');
  });
}

function readFilter(filter: string, resource: Resource): readonly Clause[] | string {
  const clauses: Clause[] = [];
  let rest = filter;
  for (;;) {
    const clause = CLAUSE.exec(rest);
    if (!clause?.[1]) return `Invalid filter near ${rest.slice(0, 20)}`;
    const [whole, field, operator, literal = ''] = clause;
    if (resource.filters[field] === undefined && field !== 'pkey') return `Invalid column name ${field} in filter`;
    if (resource.filters[field] !== undefined && resource.filters[field] !== operator)
      return `Invalid operator for ${field}`;
    clauses.push({ field, operator: operator === 'gt' ? 'gt' : 'eq', literal: literal.replaceAll("''", "'") });
    rest = rest.slice(whole.length);
    if (rest === '') return clauses;
    if (!rest.startsWith(' and ')) return `Invalid filter near ${rest.slice(0, 20)}`;
    rest = rest.slice(5);
  }
}
