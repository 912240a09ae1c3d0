import type { z } from 'zod';

import type { CallOptions } from './call-options.ts';
import { eq } from './filters.ts';
import type { Lister } from './paging.ts';
import type { Settings } from './settings.ts';
import { referencesIn } from './translate-sales-order.ts';
import { PICK_KEYS, pickRow } from './wire/billing.ts';
import { readRows } from './wire/rows.ts';

/** A pick at a glance: whose it is. */
export interface ErpPickGlance {
  readonly number: string;
  readonly orderNumber: string;
  /** The invoice that bills it; empty = not billed yet (observed). */
  readonly invoiceNumber: string;
  readonly altPo: string;
  readonly referenceField: string;
}

interface Reading {
  readonly lister: Lister;
  readonly settings: Settings;
  /** Told how many rows came without their keys. */
  readonly skip: (rows: number) => void;
}

/** Picks of an order, headers only (`ord_num` as a filter is assumed). Rows without their keys are left out. */
export async function findPicks(
  { lister, settings, skip }: Reading,
  orderNumber: string,
  call: CallOptions,
): Promise<readonly ErpPickGlance[]> {
  const resource = settings.resources.pick;
  const rows = await lister.rows(
    { resource, envelope: 'header', clauses: [eq('ord_num', orderNumber)], until: 'key' },
    call,
  );
  const { rows: picks, skipped } = readRows(rows, pickRow, PICK_KEYS, `GET /api/${resource}`);
  skip(skipped);
  return picks.map((row) => toPickGlance(row, settings));
}

export function toPickGlance(row: z.output<typeof pickRow>, settings: Settings): ErpPickGlance {
  return {
    number: row.pick_num,
    orderNumber: row.ord_num,
    invoiceNumber: row.inv_num,
    ...referencesIn(row, settings),
  };
}
