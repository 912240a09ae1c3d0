import { readables } from './contract.ts';
import type { Erp, Row } from './erp.ts';
import type { FaultBox } from './faults.ts';
import { matches, readQuery, type Query } from './query.ts';
import { RESOURCES, type Entry } from './resources.ts';
import type { Stock } from './stock.ts';
import type { BlueCherryOptions } from './surface.ts';
import { text } from './values.ts';
import { sendError, sendGateway, sendJson, type Exchange } from './wire.ts';

const VERSION = '1.0';

/** Answers the reads, with the faults that show in what is read. */
export function createReads(
  { erp, stock, faults }: { readonly erp: Erp; readonly stock: Stock; readonly faults: FaultBox },
  { pageCap, listOrder }: Required<Pick<BlueCherryOptions, 'pageCap' | 'listOrder'>>,
  note: (violation: string) => void,
) {
  /** What was found before in the same rows: a long snapshot is not searched anew for each of its pages. */
  const found = new WeakMap<readonly Entry[], Map<string, readonly Entry[]>>();
  return function read({ route, response }: Exchange, name: string, parameters: URLSearchParams): void {
    const readable = readables.get(name.toLowerCase());
    if (!readable) return sendGateway(response, 404, 'Resource not found');
    const query = readQuery(parameters, readable, pageCap);
    if (typeof query === 'string') {
      note(`${route}: ${query}`);
      return sendError(response, 200, 'INV_FILTER', query);
    }
    if (readable.name === 'productionOrderByStage' && !query.clauses.some(({ field }) => field === 'stage_num'))
      return sendError(response, 200, 'REQ_MISSING', 'stage_num is required');
    if (readable.name === 'inventory') return readStock(route, query, response);
    const resource = RESOURCES[name.toLowerCase()];
    if (!resource) throw new Error(`the contract has ${name}, the stand-in has not`);
    const rows = shown(route, chosen(route, inOrder(resource.entries(erp)), query), query);
    return sendJson(response, 200, { version: VERSION, data: resource.shape === 'flat' ? rows : { header: rows } });
  };

  function readStock(route: string, query: Query, response: Exchange['response']): void {
    if (query.page > 1 && faults.strike(route, ['snapshotChanged'])) stock.take();
    const { id, asOf, rows } = stock.current(query.page);
    const isDelta = query.clauses.some(({ field }) => field === 'last_mod');
    const isBrokenOff = faults.strike(route, ['incompleteSnapshot']) !== null;
    const cut = faults.strike(route, ['truncatedSnapshot']);
    const header = shown(route, chosen(route, rows, query, cut?.kind === 'truncatedSnapshot' ? cut.keep : 1), query);
    sendJson(response, 200, {
      version: VERSION,
      data: { as_of: asOf, snapshot_id: id, complete_ok: isDelta || isBrokenOff ? 'N' : 'Y', header },
    });
  }

  function inOrder(entries: readonly Entry[]): readonly Entry[] {
    if (listOrder === 'entry') return entries;
    return entries.toSorted((left, right) =>
      text(left.fields['last_mod']).localeCompare(text(right.fields['last_mod'])),
    );
  }

  function chosen(route: string, entries: readonly Entry[], query: Query, share = 1): readonly Entry[] {
    const isIgnored = faults.strike(route, ['filterIgnored']) !== null;
    const all = isIgnored ? entries : fittingOf(entries, query);
    const fitting = share < 1 ? all.slice(0, Math.floor(all.length * share)) : all;
    const { page, size } = query;
    const isRepeated = page > 1 && faults.strike(route, ['repeatedPage']) !== null;
    // A row jumped to the front: the last of the page before is seen again, and the next border loses one.
    const isShifted = page > 1 && faults.strike(route, ['pageShift']) !== null;
    const start = (isRepeated ? page - 2 : page - 1) * size - (isShifted ? 1 : 0);
    return fitting.slice(start, start + size);
  }

  function fittingOf(entries: readonly Entry[], query: Query): readonly Entry[] {
    const filter = JSON.stringify(query.clauses);
    const known = found.get(entries)?.get(filter);
    if (known) return known;
    const fitting = entries.filter(({ fields }) => matches(fields, query));
    found.set(entries, (found.get(entries) ?? new Map<string, readonly Entry[]>()).set(filter, fitting));
    return fitting;
  }

  function shown(route: string, entries: readonly Entry[], { withChildren }: Query): readonly Row[] {
    const isBare = !withChildren || faults.strike(route, ['childrenMissing']) !== null;
    const strange = faults.strike(route, ['unknownStatus']);
    const ahead = faults.strike(route, ['futureStamp']);
    const asText = faults.strike(route, ['numbersAsStrings']) !== null;
    const odd = entries.length > 0 ? faults.strike(route, ['oddRow']) : null;
    return entries.map(({ fields, children }, index) => {
      const row: Record<string, unknown> = { ...fields, ...(isBare ? {} : children?.()) };
      if (odd?.kind === 'oddRow' && index === 0) Object.assign(row, odd.change);
      if (strange?.kind === 'unknownStatus' && 'ord_status' in row) row['ord_status'] = strange.letter;
      if (ahead?.kind === 'futureStamp' && 'last_mod' in row) row['last_mod'] = erp.clock.stamp(ahead.aheadMs);
      return asText ? JSON.parse(JSON.stringify(row, numberAsText)) : row;
    });
  }
}

function numberAsText(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}
