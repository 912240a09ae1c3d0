import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import type { HeldPrices } from '../domain/pricing/storefront-prices.ts';

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
  let drafts = 0;
  return {
    async recall(list) {
      const file = content.safeParse(await readJson(fileOf(list)));
      return file.success ? { held: new Map(file.data.held), unsure: new Set(file.data.unsure) } : null;
    },
    async remember(list, { held, unsure }) {
      const path = fileOf(list);
      const draft = `${path}.${process.pid}.${drafts++}.tmp`;
      await mkdir(folder, { recursive: true });
      await writeFile(draft, JSON.stringify({ version: VERSION, held: [...held], unsure: [...unsure] }));
      await rename(draft, path);
    },
  };

  function fileOf(list: string): string {
    return join(folder, `${encodeURIComponent(list)}.json`);
  }
}

/** A file that is missing or cut off is no file. */
async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}
