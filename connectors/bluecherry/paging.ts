import { BlueCherryError } from './blue-cherry-error.ts';
import type { CallOptions } from './call-options.ts';
import type { Caller } from './caller.ts';
import { checkRows, filterQuery, type Clause } from './filters.ts';
import type { Settings } from './settings.ts';
import { PAGE_CAP } from './wire/assumptions.ts';
import { isJsonObject, text, type JsonObject } from './wire/json.ts';
import { rowsOf, type Envelope } from './wire/rows.ts';

export interface List {
  readonly resource: string;
  readonly envelope: Envelope;
  /** With the children. */
  readonly include?: 'all';
  readonly clauses: readonly Clause[];
  /**
   * `pages`: read until a page is empty. `key`: what is asked for has few rows, so the first page is all, unless a server
   * that cuts pages without a word may have cut it. `shortPage`: for one who asks otherwise for what should be missing.
   */
  readonly until: 'pages' | 'key' | 'shortPage';
  /** Rows of a page; the site's by default. */
  readonly size?: number;
}

/** A page of rows without children, that is small, may be twice as long; the server cuts it where that is too much. */
export function sizeOfHeaders({ size }: Settings['paging']): number {
  return Math.min(PAGE_CAP, 2 * size);
}

export interface Page {
  readonly rows: readonly JsonObject[];
  /** What stands beside the rows of a header resource: when and of what the page was made. */
  readonly envelope: JsonObject;
}

/** Reads lists page by page, and trusts no page it has not checked. */
export class Lister {
  readonly #caller: Caller;
  readonly #settings: Settings;
  /** Rows of the longest page that came, by kind of list. */
  readonly #longest = new Map<string, number>();

  constructor(caller: Caller, settings: Settings) {
    this.#caller = caller;
    this.#settings = settings;
  }

  /**
   * All rows of a list. Throws `BROKEN_PAGING` when a page repeats the one before, `FILTER_IGNORED` when a row does
   * not fit the filter: then nothing of the pass counts.
   */
  async rows(list: List, call: CallOptions): Promise<readonly JsonObject[]> {
    const pages: JsonObject[][] = [];
    for await (const page of this.pages(list, call)) pages.push([...page]);
    return pages.flat();
  }

  async *pages(list: List, call: CallOptions): AsyncGenerator<readonly JsonObject[]> {
    for await (const { rows } of this.envelopedPages(list, call)) if (rows.length > 0) yield rows;
  }

  /** One call, whatever the list is long. */
  async firstPage(list: List, call: CallOptions): Promise<Page> {
    for await (const page of this.envelopedPages(list, call)) return page;
    return { rows: [], envelope: {} };
  }

  /** Every page with its envelope, the empty one that ends a list too. Throws as `rows` does. */
  async *envelopedPages(list: List, call: CallOptions): AsyncGenerator<Page> {
    const { resource, envelope, include, clauses } = list;
    const route = `GET /api/${resource}`;
    const size = Math.min(PAGE_CAP, list.size ?? this.#settings.paging.size);
    let before = '';
    for (let number = 1; ; number++) {
      const query = [
        ...filterQuery(clauses),
        ...(include ? [`_include=${include}`] : []),
        `_pgno=${number}`,
        `_pgsize=${size}`,
      ].join('&');
      const body = await this.#caller.read(resource, query, call);
      const rows = rowsOf(body, envelope, route);
      checkRows(rows, clauses, route);
      const keys = rows.map(keyOf).join('\n');
      if (rows.length > 0 && keys === before) throw brokenPaging(route);
      before = keys;
      const isLast = rows.length === 0 || (rows.length < size && this.#isShortLast(list, rows.length));
      this.#note(list, rows.length);
      yield { rows, envelope: isJsonObject(body['data']) ? body['data'] : {} };
      if (isLast) return;
    }
  }

  /** As long as nobody has confirmed the cap a short page may be a page that was cut. */
  #isShortLast(list: List, rows: number): boolean {
    if (this.#settings.paging.capConfirmed || list.until === 'shortPage') return true;
    // No server cuts to a single row, and one that has sent more of them has not cut these.
    return list.until === 'key' && (rows <= 1 || rows < (this.#longest.get(kindOf(list)) ?? 0));
  }

  #note(list: List, rows: number): void {
    const kind = kindOf(list);
    if (rows > (this.#longest.get(kind) ?? 0)) this.#longest.set(kind, rows);
  }
}

function kindOf({ resource, include }: List): string {
  return include === undefined ? resource : `${resource} with children`;
}

/** Log rows share their transaction's key, so their place and content belong to it. */
function keyOf(row: JsonObject): string {
  return [row['pkey'], row['row_seq'], row['line_seq'], row['errorCode'], row['errorMessage'], row['last_mod']]
    .map(text)
    .join('|');
}

function brokenPaging(route: string): BlueCherryError {
  return new BlueCherryError({
    code: 'BROKEN_PAGING',
    fate: 'wait',
    route,
    says: 'a page repeats the one before it',
  });
}
