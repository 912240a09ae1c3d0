import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';

import type { CarriedOrder, MonthEndPack, PackBefore } from '../domain/reports/month-end/month-end-pack.ts';
import type { Month } from '../domain/reports/month-end/roll-order.ts';
import { digestOf } from '../domain/reports/month-end/sign-lines.ts';
import { writeKept } from './kept-file.ts';

/** A kept pack, as far as the next month needs it. */
export type KeptPack = PackBefore & { readonly closing: readonly CarriedOrder[] };

/** Packs of all months on this machine's disk: each month opens with what the one before closed with. */
export interface MonthEndPacks {
  /** The pack of the month before; null = none is kept. Fails for good where it is not as it was written. */
  before(month: Month): Promise<KeptPack | null>;
  /** Keeps a pack, as a whole or not at all, and answers where. */
  keep(pack: MonthEndPack): Promise<string>;
}

export const PACK_FILE = 'month-end.json';

const parts = z.object({ goods: z.string(), freight: z.string(), tax: z.string() });
const keptPack = z.looseObject({
  version: z.literal(1),
  month: z.string(),
  sha256: z.string(),
  carried: z.array(
    z.object({
      key: z.string(),
      number: z.string(),
      currency: z.string(),
      open: parts,
      placed: parts,
      cancelled: parts,
      gap: parts,
      billed: parts,
    }),
  ),
});

/** Opens the packs below a site's folder of reports. */
export function openMonthEndPacks(reportsFolder: string): MonthEndPacks {
  const folderOf = (month: Month) => join(reportsFolder, 'month-end', month);
  return {
    async before(month) {
      const path = join(folderOf(monthBefore(month)), PACK_FILE);
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw error;
      });
      if (text === null) return null;
      const pack = parsePack(text);
      if (!pack)
        throw ApplicationFailure.create({
          type: 'PACK_CHANGED',
          message: `${path} is not as it was written; put it back, or move it away to open without it.`,
          nonRetryable: true,
        });
      const { month: of, sha256, carried } = pack;
      return { month: of, sha256, closing: carried };
    },
    async keep(pack) {
      const folder = folderOf(pack.month);
      await writeKept(join(folder, PACK_FILE), `${JSON.stringify(pack, null, 2)}\n`);
      return folder;
    },
  };
}

/** `2026-01` → `2025-12`. */
export function monthBefore(month: Month): Month {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 2, 1)).toISOString().slice(0, 'YYYY-MM'.length);
}

function parsePack(text: string) {
  try {
    const content: unknown = JSON.parse(text);
    const { sha256, ...rest } = keptPack.parse(content);
    return digestOf(rest) === sha256 ? { ...rest, sha256 } : null;
  } catch {
    return null;
  }
}
