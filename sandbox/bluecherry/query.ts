import type { Readable } from './contract.ts';

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

const DEFAULT_SIZE = 25;
const CLAUSE = /^([A-Za-z_]\w*) (eq|gt) '((?:[^']|'')*)'/;
const TIME = /^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}:\d{2})?$/;

/** Reads a query; a string is the reason why it cannot be (INV_FILTER). Pages above the cap are cut without a word. */
export function readQuery(sent: URLSearchParams, { filters, parameters }: Readable, pageCap: number): Query | string {
  const clauses: Clause[] = [];
  let [page, size] = [1, DEFAULT_SIZE];
  let withChildren = false;
  for (const [name, value] of sent) {
    if (!parameters.has(name)) return `Unknown parameter ${name}`;
    if (sent.getAll(name).length > 1) return `Parameter ${name} is there twice`;
    if (name === '$filter') {
      const read = readFilter(value, filters);
      if (typeof read === 'string') return read;
      clauses.push(...read);
    } else if (name === '_include') {
      if (value !== 'all') return `Bad _include ${value}`;
      withChildren = true;
    } else {
      // Page, page size, pkey and stage number are whole numbers.
      if (!/^\d{1,15}$/.test(value) || (name.startsWith('_') && Number(value) < 1)) return `Bad ${name} ${value}`;
      if (name === '_pgno') page = Number(value);
      else if (name === '_pgsize') size = Math.min(Number(value), pageCap);
      else clauses.push({ field: name, operator: 'eq', literal: value });
    }
  }
  return { clauses, page, size, withChildren };
}

/** `eq` compares trimmed and without case, `gt` compares times. */
export function matches(fields: Readonly<Record<string, unknown>>, { clauses }: Query): boolean {
  return clauses.every(({ field, operator, literal }) => {
    const value = plain(fields[field]);
    return operator === 'eq' ? value === plain(literal) : asTime(value) > asTime(plain(literal));
  });
}

function readFilter(filter: string, filters: Readable['filters']): readonly Clause[] | string {
  const clauses: Clause[] = [];
  let rest = filter;
  for (;;) {
    const [whole, field = '', operator = '', quoted = ''] = CLAUSE.exec(rest) ?? [];
    if (whole === undefined) return `Invalid filter near ${rest.slice(0, 20)}`;
    const allowed = filters[field];
    if (allowed === undefined) return `Invalid column name ${field} in filter`;
    if (allowed !== operator) return `Operator ${operator} is not known for ${field}`;
    const literal = quoted.replaceAll("''", "'");
    if (allowed === 'gt' && !TIME.test(literal.trim())) return `${literal} is no time`;
    clauses.push({ field, operator: allowed, literal });
    rest = rest.slice(whole.length);
    if (rest === '') return clauses;
    if (!rest.startsWith(' and ')) return `Invalid filter near ${rest.slice(0, 20)}`;
    rest = rest.slice(' and '.length);
  }
}

function plain(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim().toUpperCase() : '';
}

/** A bare date is its midnight. */
function asTime(value: string): string {
  if (value === '') return '';
  return value.length === 10 ? `${value} 00:00:00` : value.replace('T', ' ');
}
