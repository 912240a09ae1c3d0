import type { z } from 'zod';

import type { ErpTerms, ErpWarehouse } from '../../domain/sales-order.ts';
import type { CallOptions } from './call-options.ts';
import type { Fold } from './codes.ts';
import { toDivision, toShipVia, toTerms, toWarehouse, type ErpDivision, type ErpShipVia } from './masters.ts';
import type { Lister } from './paging.ts';
import type { Settings } from './settings.ts';
import { divisionRow, locationRow, shipperRow, termsRow } from './wire/masters.ts';
import { readRows } from './wire/rows.ts';

/** Reads the short lists, each as a whole: warehouses, terms, divisions, ship-vias. */
export class SmallMasters {
  readonly #lister: Lister;
  readonly #resources: Settings['resources'];
  readonly #fold: Fold;

  constructor(lister: Lister, settings: Settings, fold: Fold) {
    this.#lister = lister;
    this.#resources = settings.resources;
    this.#fold = fold;
  }

  /** Of every type; only `W` holds stock. */
  warehouses(call: CallOptions): Promise<readonly ErpWarehouse[]> {
    return this.#read(this.#resources.location, 'location', locationRow, toWarehouse, call);
  }

  terms(call: CallOptions): Promise<readonly ErpTerms[]> {
    return this.#read(this.#resources.terms, 'terms', termsRow, toTerms, call);
  }

  divisions(call: CallOptions): Promise<readonly ErpDivision[]> {
    return this.#read(this.#resources.division, 'division', divisionRow, toDivision, call);
  }

  shipVia(call: CallOptions): Promise<readonly ErpShipVia[]> {
    return this.#read(this.#resources.shipper, 'shipper', shipperRow, toShipVia, call);
  }

  async #read<Row, Entry>(
    resource: string,
    key: string,
    schema: z.ZodType<Row>,
    translate: (row: Row, fold: Fold) => Entry,
    call: CallOptions,
  ): Promise<readonly Entry[]> {
    const rows = await this.#lister.rows({ resource, envelope: 'flat', clauses: [], until: 'pages' }, call);
    return readRows(rows, schema, [key], `GET /api/${resource}`).rows.map((row) => translate(row, this.#fold));
  }
}
