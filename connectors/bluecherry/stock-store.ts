import { z } from 'zod';

import type { KeptPart } from '../../domain/stock/merge-part.ts';
import type { LevelWrite, StorefrontLevel } from '../../domain/stock/stock-row.ts';
import { DiskCache } from './disk-cache.ts';
import type { Log } from './log.ts';
import { fromSentFile, toSentFile, type SentLevel } from './sent-file.ts';
import { fromPartFile, toPartFile } from './stock-file.ts';

export type { SentLevel } from './sent-file.ts';

/**
 * The last good figures of stock, one file for each (division, warehouse), and what the storefront was last told; on disk
 * between starts. Safe to delete: then the parts are read in full again, and `explain` does not know what was sent.
 */
export interface StockStore {
  /** null = none is kept. Read from disk once, then from memory. */
  part(of: { readonly division: string; readonly warehouse: string }): Promise<KeptPart | null>;
  /** Takes the place of the part kept before. */
  keep(part: KeptPart): Promise<void>;
  /** Notes levels that SparkLayer has taken, at this ISO instant. On disk with the next `flush`. */
  noteSent(writes: readonly LevelWrite[], at: string): Promise<void>;
  /** Notes levels that the storefront shows: the first time that one of them is what was sent, it counts as read back. */
  noteShown(levels: readonly StorefrontLevel[], at: string): Promise<void>;
  /** null = nothing was sent of this SKU to this location, as far as is known. */
  sent(sku: string, location: string): Promise<SentLevel | null>;
  /** Writes the notes to disk; nothing when there are no new ones. What a crash loses of them is missing in `explain`. */
  flush(): Promise<void>;
}

export interface StockStoreOf {
  /** null = nothing is kept on disk. */
  readonly folder: string | null;
  /** Address of the ERP: what belongs to another one is not used. */
  readonly origin: string;
  readonly log: Log;
}

/** Raised when the files change their shape. */
const VERSION = 1;
const SENT_FILE = 'published';

export function createStockStore({ folder, origin, log }: StockStoreOf): StockStore {
  const disk = new DiskCache(folder, origin, log, VERSION);
  const parts = new Map<string, Promise<KeptPart | null>>();
  let notes: Promise<Map<string, SentLevel>> | null = null;
  let isNews = false;
  const allSent = () => (notes ??= loadSent());

  return {
    part(of) {
      const name = fileName(of);
      const known = parts.get(name) ?? loadPart(name);
      parts.set(name, known);
      return known;
    },
    async keep(part) {
      const name = fileName(part);
      parts.set(name, Promise.resolve(part));
      await disk.save(name, toPartFile(part));
    },
    async noteSent(writes, at) {
      const sent = await allSent();
      for (const { sku, location, units, restockDate, floor } of writes)
        sent.set(pairKey(sku, location), { sku, location, units, restockDate, floor, sentAt: at, readBackAt: null });
      isNews ||= writes.length > 0;
    },
    async noteShown(levels, at) {
      const sent = await allSent();
      for (const level of levels) {
        const key = pairKey(level.sku, level.location ?? '');
        const last = sent.get(key);
        if (!last || last.readBackAt !== null || !isSame(last, level)) continue;
        sent.set(key, { ...last, readBackAt: at });
        isNews = true;
      }
    },
    async sent(sku, location) {
      return (await allSent()).get(pairKey(sku, location)) ?? null;
    },
    async flush() {
      if (!isNews) return;
      isNews = false;
      await disk.save(SENT_FILE, toSentFile((await allSent()).values()));
    },
  };

  async function loadPart(name: string): Promise<KeptPart | null> {
    const file = await disk.load(name, z.unknown());
    if (file === null) return null;
    const part = fromPartFile(file);
    if (!part) log.warn({ name }, 'kept stock is of no use; it will be read in full');
    return part;
  }

  async function loadSent(): Promise<Map<string, SentLevel>> {
    const file = await disk.load(SENT_FILE, z.unknown());
    const levels = file === null ? [] : fromSentFile(file);
    if (levels === null) log.warn({ name: SENT_FILE }, 'what is known of levels sent is of no use; starting afresh');
    return new Map((levels ?? []).map((level) => [pairKey(level.sku, level.location), level]));
  }
}

/** Codes may hold any character; a plus sign in one is encoded, so it separates. */
function fileName({ division, warehouse }: { readonly division: string; readonly warehouse: string }): string {
  return ['stock', division, warehouse].map(encodeURIComponent).join('+');
}

function pairKey(sku: string, location: string): string {
  return `${sku}\n${location}`;
}

function isSame(sent: SentLevel, { units, restockDate, floor }: StorefrontLevel): boolean {
  return sent.units === units && sent.restockDate === restockDate && sent.floor === floor;
}
