import { join } from 'node:path';

import { z } from 'zod';

import type { StorefrontManagedList } from '../domain/pricing/price-rules.ts';
import type { SettledPrice, SettledPrices } from '../domain/pricing/report-unreached.ts';
import { readKept, writeKept } from './kept-file.ts';

/**
 * What was settled between the ERP and each list that people manage, on this machine's disk. Safe to delete: then the
 * ERP's rows decide what changed since the day that the site file names, and following begins anew.
 */
export interface PriceMemory {
  /** null = nothing is remembered for the rule as it is now. */
  recall(rule: StorefrontManagedList): Promise<SettledPrices | null>;
  /** Throws where the disk does not take it: a run that cannot remember is no run. */
  remember(rule: StorefrontManagedList, settled: SettledPrices): Promise<void>;
}

const VERSION = 1;

const amount = z.string().regex(/^\d+(\.\d+)?$/);

const content = z.object({
  version: z.literal(VERSION),
  rule: z.string(),
  settled: z.array(z.tuple([z.string(), amount.nullable()])),
  unsettled: z.array(z.string()),
});

export function openPriceMemory(folder: string): PriceMemory {
  return {
    async recall(rule) {
      const file = content.safeParse(await readKept(fileOf(rule)));
      // Settled by another source, or since another day, is not settled.
      if (!file.success || file.data.rule !== identityOf(rule)) return null;
      const { settled, unsettled } = file.data;
      return new Map<string, SettledPrice>([
        ...settled.map(([sku, price]) => [sku, { kind: 'settled', price }] as const),
        ...unsettled.map((sku) => [sku, { kind: 'unsettled' }] as const),
      ]);
    },
    async remember(rule, settled) {
      const written = {
        version: VERSION,
        rule: identityOf(rule),
        settled: [...settled].flatMap(([sku, each]) => (each.kind === 'settled' ? [[sku, each.price]] : [])),
        unsettled: [...settled].flatMap(([sku, { kind }]) => (kind === 'unsettled' ? [sku] : [])),
      };
      await writeKept(fileOf(rule), JSON.stringify(written));
    },
  };

  function fileOf({ list }: StorefrontManagedList): string {
    return join(folder, `${encodeURIComponent(list)}.json`);
  }
}

function identityOf({ source, since }: StorefrontManagedList): string {
  const { currency, level, baseLevel, customer } = source;
  return JSON.stringify([currency, level, baseLevel, customer, since]);
}
