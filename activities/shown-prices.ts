import { join } from 'node:path';

import { z } from 'zod';

import type { HeldPrices } from '../domain/pricing/storefront-prices.ts';
import { readKept, writeKept } from './kept-file.ts';

/** What a list of the ERP showed when the feed was done with it. */
export interface ShownList {
  readonly held: HeldPrices;
  /** SKUs of which it cannot be told: their write was not answered, or not taken. */
  readonly unsure: ReadonlySet<string>;
}

/**
 * What the ERP's lists showed last, on this machine's disk: what differs from it was written by somebody else. Safe to
 * delete: then a difference counts as one that the feed has not carried over, until its next run.
 */
export interface ShownPrices {
  /** null = nothing is remembered of the list. */
  recall(list: string): Promise<ShownList | null>;
  /** Throws where the disk does not take it. */
  remember(list: string, shown: ShownList): Promise<void>;
}

const VERSION = 1;

const content = z.object({
  version: z.literal(VERSION),
  held: z.array(z.tuple([z.string(), z.array(z.object({ quantity: z.number(), price: z.string() }))])),
  unsure: z.array(z.string()),
});

export function openShownPrices(folder: string): ShownPrices {
  return {
    async recall(list) {
      const file = content.safeParse(await readKept(fileOf(list)));
      return file.success ? { held: new Map(file.data.held), unsure: new Set(file.data.unsure) } : null;
    },
    async remember(list, { held, unsure }) {
      await writeKept(fileOf(list), JSON.stringify({ version: VERSION, held: [...held], unsure: [...unsure] }));
    },
  };

  function fileOf(list: string): string {
    return join(folder, `${encodeURIComponent(list)}.json`);
  }
}
