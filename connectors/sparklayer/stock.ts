import type { StockLocation } from '../../domain/purchase.ts';
import type { LevelWrite, StorefrontLevel } from '../../domain/stock/stock-row.ts';
import { isGood, readAnswer, toError } from './answers.ts';
import type { Caller } from './caller.ts';
import type { CallOptions, HttpAnswer } from './http.ts';
import { STOCK_ROWS_PER_CALL, type SparkLayerSettings } from './settings.ts';
import { inChunks, workOff } from './work-off.ts';
import { CODES, readProblems } from './wire/errors.ts';
import * as wire from './wire/stock.ts';
import { writeLevels, type LevelsWritten } from './write-levels.ts';

export type { LevelsWritten, RefusedLevel } from './write-levels.ts';

/** Stock levels of a storefront. Every method throws `SparkLayerError`, or the signal's reason when cancelled. */
export interface Stock {
  /**
   * What the storefront holds of these SKUs, each asked for once; a SKU without levels has none in the answer.
   * `onFetched` is told how many SKUs have been asked for so far.
   */
  fetchLevels(
    skus: Iterable<string>,
    call: CallOptions,
    onFetched?: (skus: number) => void,
  ): Promise<readonly StorefrontLevel[]>;
  /**
   * Sets levels. Of a pair that is there twice the last one counts. Rows that the storefront refuses are found and left
   * out, the others are stored. A lost answer or a 5xx is thrown: values are absolute, so the same rows may be sent again.
   * `onWritten` is told of each batch that was stored, also when the rest fails.
   */
  writeLevels(
    rows: readonly LevelWrite[],
    call: CallOptions,
    onWritten?: (rows: readonly LevelWrite[]) => void,
  ): Promise<LevelsWritten>;
  /** One that exists already is answered as if it were created. */
  createLocation(
    location: { readonly name: string; readonly externalId: string },
    call: CallOptions,
  ): Promise<StockLocation>;
}

export interface StockOf {
  readonly caller: Caller;
  readonly settings: SparkLayerSettings;
  readonly clock: () => Date;
  readonly listLocations: (call: CallOptions) => Promise<readonly StockLocation[]>;
}

export function createStock({ caller, settings, clock, listLocations }: StockOf): Stock {
  const rowsPerCall = settings.stockRowsPerCall ?? STOCK_ROWS_PER_CALL;
  // What turned out to be too large stays known.
  const largest = { fetch: rowsPerCall, write: rowsPerCall };
  // Orders find a free place beside a long feed.
  const lanes = Math.max(1, Math.floor(settings.concurrency / 2));

  return {
    async fetchLevels(skus, call, onFetched = ignore) {
      const levels: StorefrontLevel[] = [];
      const nameOf = createLocationNames(() => listLocations(call));
      let asked = 0;
      await workOff(inChunks([...new Set(skus)], largest.fetch), lanes, async (chunk) => {
        for (const part of inChunks(chunk, largest.fetch)) {
          for (const stock of await fetchOrHalve(part, call))
            for (const level of stock.stock_levels)
              levels.push({
                sku: stock.sku,
                locationId: level.stock_location_id,
                location: level.stock_location_external_id?.trim() || (await nameOf(level.stock_location_id)),
                units: level.stock_level,
                restockDate: level.restock_date?.slice(0, DATE_LENGTH) || null,
                floor: level.min_stock_level ?? null,
              });
          asked += part.length;
          onFetched(asked);
        }
      });
      return levels;
    },

    async writeLevels(rows, call, onWritten = ignore) {
      const send = (batch: readonly LevelWrite[]) =>
        post(wire.WRITE_PATH, wire.WRITE_ROUTE, wire.writeBody(batch), call);
      const failure = (answer: HttpAnswer) => toError(wire.WRITE_ROUTE, answer, clock());
      return writeLevels(rows, { send, failure, largest, lanes, onWritten });
    },

    async createLocation(location, call) {
      const { externalId } = location;
      const answer = await post(
        wire.LOCATIONS_PATH,
        wire.CREATE_LOCATION_ROUTE,
        wire.createLocationBody(location),
        call,
      );
      if (!isGood(answer) && !existsAlready(answer)) throw toError(wire.CREATE_LOCATION_ROUTE, answer, clock());
      if (isGood(answer) && answer.body.trim() !== '') {
        const { id, name, external_id } = readAnswer(
          wire.CREATE_LOCATION_ROUTE,
          wire.stockLocationSchema,
          answer,
          clock(),
        );
        return { id, name, externalId: external_id?.trim() || externalId };
      }
      const found = (await listLocations(call)).find((one) => one.externalId === externalId);
      if (found) return found;
      throw toError(wire.CREATE_LOCATION_ROUTE, answer, clock());
    },
  };

  async function fetchOrHalve(skus: readonly string[], call: CallOptions): Promise<readonly wire.SkuStock[]> {
    const answer = await post(wire.FETCH_PATH, wire.FETCH_ROUTE, wire.fetchBody(skus), call);
    if (answer.status !== wire.TOO_LARGE || skus.length === 1)
      return readAnswer(wire.FETCH_ROUTE, wire.skuStocksSchema, answer, clock());
    const half = Math.ceil(skus.length / 2);
    largest.fetch = Math.min(largest.fetch, half);
    return [...(await fetchOrHalve(skus.slice(0, half), call)), ...(await fetchOrHalve(skus.slice(half), call))];
  }

  function post(path: string, route: string, body: string, call: CallOptions): Promise<HttpAnswer> {
    return caller.call({ method: 'POST', path, route, body }, call);
  }
}

/** A date may come with a time that does not count. */
const DATE_LENGTH = 'YYYY-MM-DD'.length;

/** External ids by id, asked for only when a level does not say its own. */
function createLocationNames(list: () => Promise<readonly StockLocation[]>): (id: string) => Promise<string | null> {
  let names: Promise<ReadonlyMap<string, string | null>> | null = null;
  const read = async () => new Map((await list()).map(({ id, externalId }) => [id, externalId] as const));
  return async (id) => (await (names ??= read())).get(id) ?? null;
}

/** A taken external id is a 409, or a 400 with a code that says so. */
function existsAlready({ status, body }: HttpAnswer): boolean {
  return status === 409 || (status === 400 && readProblems(body).some(({ code }) => code === CODES.exists));
}

function ignore(): void {
  // Nobody asked to be told.
}
