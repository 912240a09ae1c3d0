import type { SkuCodes } from '../../domain/sales-order.ts';
import type { CallOptions } from './call-options.ts';
import { foldOf, type Fold } from './codes.ts';
import { eqNumberIfShown } from './filters.ts';
import type { Lister } from './paging.ts';
import type { Settings } from './settings.ts';
import { PRODUCTION_KEYS, productionRow, STAGE_FIELD, type ProductionRow } from './wire/production.ts';
import { readRows } from './wire/rows.ts';

/** Goods of a production or purchase order that are not here yet. Its lines show no division (observed). */
export interface ErpIncoming {
  /** Of the production or purchase order. */
  readonly number: string;
  readonly stage: number;
  readonly sku: Omit<SkuCodes, 'division'>;
  /** Where they will arrive; '' = no ship-to warehouse yet. */
  readonly warehouse: string;
  /** ISO calendar date; null = none was given. */
  readonly due: string | null;
  /** Positive. */
  readonly quantity: number;
}

interface Reading {
  readonly lister: Lister;
  readonly settings: Settings;
  /** Told how many rows came without their keys. */
  readonly skip: (rows: number) => void;
}

/**
 * Production and purchase orders at these stages, line by line; costs one reading for each stage. Stages are quantities
 * of their own: goods at one are not at another (observed). Throws when a list comes without its lines.
 */
export async function listIncoming(
  { lister, settings, skip }: Reading,
  stages: readonly number[],
  call: CallOptions,
): Promise<readonly ErpIncoming[]> {
  const resource = settings.resources.productionOrderByStage;
  const fold = foldOf(settings.upperCaseCodes);
  const incoming: ErpIncoming[] = [];
  for (const stage of new Set(stages)) {
    const clauses = [eqNumberIfShown(STAGE_FIELD, String(stage))];
    const list = { resource, envelope: 'header', include: 'all', clauses, until: 'pages' } as const;
    const { rows, skipped } = readRows(
      await lister.rows(list, call),
      productionRow,
      PRODUCTION_KEYS,
      `GET /api/${resource}`,
    );
    skip(skipped);
    // A list that moves while it is read may show an order on two pages.
    const orders = new Map(rows.map((row) => [row.pkey, row]));
    for (const order of orders.values()) incoming.push(...linesOf(order, stage, fold));
  }
  return incoming;
}

function linesOf(order: ProductionRow, stage: number, fold: Fold): readonly ErpIncoming[] {
  return order.productionorderdetailbystage.rows.flatMap((line) => {
    const quantity = line.prod_qty ?? 0;
    if (quantity <= 0) return [];
    return [
      {
        number: order.prod_num,
        stage,
        sku: {
          style: fold(line.style),
          color: fold(line.color_code),
          label: fold(line.lbl_code),
          dimension: fold(line.dimension),
          size: fold(line.size_desc),
          upc: line.upc,
        },
        warehouse: fold(line.location),
        due: order.due_date,
        quantity,
      },
    ];
  });
}
