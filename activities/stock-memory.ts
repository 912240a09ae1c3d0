import { z } from 'zod';

import type { Finding } from '../domain/findings.ts';
import { isProblemCode } from '../domain/problems.ts';
import { readKept, writeKept } from './kept-file.ts';

/** What is known of the readings of one part, beside its figures. */
export interface PartNotes {
  /** When it was last read in full and taken, ISO instant; null = never. */
  readonly fullReadAt: string | null;
  /** The newest reading that was not taken; null = the newest one was. */
  readonly notTaken: {
    /** Its snapshot, which is not read again; null = there was none to name. */
    readonly snapshot: string | null;
  } | null;
  /** What the newest reading met; told by every run until the next reading. */
  readonly findings: readonly Finding[];
}

/**
 * Notes on the readings of stock, by part, on this machine's disk beside the figures. Safe to delete: then every part is
 * read in full again.
 */
export interface StockMemory {
  recall(): Promise<ReadonlyMap<string, PartNotes>>;
  /** Throws where the disk does not take it. */
  remember(notes: ReadonlyMap<string, PartNotes>): Promise<void>;
}

const VERSION = 1;

const finding = z.object({
  code: z.string().refine(isProblemCode),
  key: z.string(),
  says: z.string(),
  count: z.number(),
  concerns: z.array(z.string()),
  value: z.string().nullable(),
});

const content = z.object({
  version: z.literal(VERSION),
  parts: z.array(
    z.tuple([
      z.string(),
      z.object({
        fullReadAt: z.string().nullable(),
        notTaken: z.object({ snapshot: z.string().nullable() }).nullable(),
        findings: z.array(finding),
      }),
    ]),
  ),
});

export function openStockMemory(path: string): StockMemory {
  return {
    async recall() {
      const file = content.safeParse(await readKept(path));
      return new Map(file.success ? file.data.parts : []);
    },
    async remember(notes) {
      await writeKept(path, JSON.stringify({ version: VERSION, parts: [...notes] }));
    },
  };
}
