import type { Site } from '../config/site.ts';
import type { BlueCherry, CallOptions, PartReading, SnapshotGlance } from '../connectors/bluecherry/bluecherry.ts';
import { findingOf, type Finding, type GuardOverride } from '../domain/findings.ts';
import { checkSnapshot, type StockReading } from '../domain/stock/check-snapshot.ts';
import type { PartInUse } from '../domain/stock/index-stock.ts';
import { mergePart, type KeptPart } from '../domain/stock/merge-part.ts';
import type { CountedWarehouse, StockRules } from '../domain/stock/stock-rules.ts';
import { minutesBetween, partName } from '../domain/stock/stock-words.ts';
import { isVendorError, type VendorError } from './failures.ts';
import type { PartNotes, StockMemory } from './stock-memory.ts';

export interface ReadStockParts {
  readonly site: Pick<Site, 'stock'>;
  readonly bluecherry: Pick<BlueCherry, 'inventory'>;
  readonly memory: StockMemory;
  readonly clock: () => Date;
  readonly log: { warn(fields: object, message: string): void };
}

/** Counts are of parts, but for `rowsRead`. */
export interface PartsRead {
  readonly stats: Record<'fullReads' | 'deltaReads' | 'notTaken' | 'overridden' | 'rowsRead', number>;
  readonly findings: readonly Finding[];
  /** What kept the ERP's stock from being read to its end; null = nothing. */
  readonly trouble: VendorError | null;
}

const NOTHING_READ = { fullReads: 0, deltaReads: 0, notTaken: 0, overridden: 0, rowsRead: 0 };

const NO_NOTES: PartNotes = { fullReadAt: null, notTaken: null, findings: [] };

/** Every warehouse that feeds a location, once. */
export function countedWarehouses({ feeds }: StockRules): readonly CountedWarehouse[] {
  return [...new Map(feeds.flatMap(({ from }) => from.map((one) => [partName(one), one] as const))).values()];
}

/** The figures to compute with, as they are kept: costs no call. */
export async function keptParts({ site, bluecherry, memory }: ReadStockParts): Promise<readonly PartInUse[]> {
  const notes = await memory.recall();
  const parts: PartInUse[] = [];
  for (const of of countedWarehouses(site.stock)) {
    const kept = await bluecherry.inventory.store.part(of);
    if (kept) parts.push({ kept, newest: notes.get(partName(of))?.notTaken ? 'notTaken' : 'taken' });
  }
  return parts;
}

/** What the readings before met, at an hour in which the ERP is left alone: costs no call. */
export async function restStockParts({ site, memory }: ReadStockParts): Promise<PartsRead> {
  const notes = await memory.recall();
  const own = countedWarehouses(site.stock).map((of) => notes.get(partName(of)) ?? NO_NOTES);
  return summedUp(own, NOTHING_READ, null);
}

/**
 * Brings the kept figures up to what the ERP shows: one look, then whole parts that were never read or are due, and one
 * reading of what changed for all others. A part is kept as soon as it is read, so a run that broke off goes on where it
 * was. What is not fit to be taken leaves the last good figures, and is told by every run until a newer reading is.
 */
export async function readStockParts(
  tools: ReadStockParts,
  override: GuardOverride | null,
  call: CallOptions,
): Promise<PartsRead> {
  const { site, bluecherry, memory, clock, log } = tools;
  const { inventory } = bluecherry;
  const rules = site.stock;
  const counted = countedWarehouses(rules);
  const notes = new Map(await memory.recall());
  const notesOf = (of: CountedWarehouse) => notes.get(partName(of)) ?? NO_NOTES;
  const stats = { ...NOTHING_READ };
  let trouble: VendorError | null = null;
  try {
    await read(await inventory.glance(call));
  } catch (error) {
    if (call.signal.aborted || !isVendorError(error)) throw error;
    trouble = error;
  }
  return summedUp(counted.map(notesOf), stats, trouble);

  async function read(glance: SnapshotGlance): Promise<void> {
    const changed: KeptPart[] = [];
    for (const of of counted) {
      const known = notesOf(of);
      // It would be refused again.
      if (known.notTaken?.snapshot === glance.snapshot && override === null) continue;
      const kept = await inventory.store.part(of);
      if (!kept || isDue(known) || (override !== null && known.notTaken !== null)) await readWhole(of, kept);
      else if (kept.snapshot !== glance.snapshot || kept.asOf !== glance.asOf) changed.push(kept);
      else if (known.notTaken) await note(of, { ...known, notTaken: null, findings: [] });
    }
    if (changed.length > 0) await readChanged(changed);
  }

  function isDue({ fullReadAt }: PartNotes): boolean {
    return fullReadAt === null || minutesBetween(fullReadAt, clock().toISOString()) >= rules.fullReadMinutes;
  }

  async function readWhole(of: CountedWarehouse, kept: KeptPart | null): Promise<void> {
    let reading: PartReading;
    try {
      reading = await inventory.readPart(of, call);
    } catch (error) {
      await noteFailure([of], error);
      throw error;
    }
    stats.fullReads++;
    await settle(of, reading, kept);
  }

  async function readChanged(parts: readonly KeptPart[]): Promise<void> {
    const oldest = parts.map(({ asOf }) => asOf).toSorted((left, right) => Date.parse(left) - Date.parse(right))[0];
    if (oldest === undefined) return;
    let changes: Awaited<ReturnType<typeof inventory.readChanges>>;
    try {
      changes = await inventory.readChanges({ asOf: oldest }, call);
    } catch (error) {
      await noteFailure(parts, error);
      throw error;
    }
    stats.deltaReads++;
    if (changes.kind === 'unstable') {
      for (const { division, warehouse } of parts)
        await settle({ division, warehouse }, { ...changes, division, warehouse }, null);
      return;
    }
    const { snapshot, asOf, skipped, unreadable } = changes;
    const rows = Map.groupBy(changes.rows, ({ sku, warehouse }) => partName({ division: sku.division, warehouse }));
    for (const [index, kept] of parts.entries()) {
      const { division, warehouse } = kept;
      const part = { division, warehouse, snapshot, asOf, rows: rows.get(partName(kept)) ?? [] };
      const broken = unreadable.filter((row) => row.sku.division === division && row.warehouse === warehouse);
      // Rows that are nobody's are told once.
      await settle(kept, { kind: 'delta', part, unreadable: broken, skipped: index === 0 ? skipped : 0 }, kept);
    }
  }

  async function settle(of: CountedWarehouse, reading: StockReading, last: KeptPart | null): Promise<void> {
    const known = notesOf(of);
    const now = clock().toISOString();
    if (reading.kind !== 'unstable') stats.rowsRead += reading.part.rows.length;
    const verdict = checkSnapshot({ reading, last, guards: rules.guards, now, override });
    const { findings } = verdict;
    if (verdict.kind === 'refused') {
      const snapshot = reading.kind === 'unstable' ? null : reading.part.snapshot;
      return note(of, { ...known, notTaken: { snapshot }, findings });
    }
    if (verdict.letThrough !== null) {
      stats.overridden++;
      log.warn({ part: partName(of), says: verdict.letThrough }, 'a guard was overridden');
    }
    const merged = mergePart(last, verdict.taken, rules);
    if (merged && merged !== last) await inventory.store.keep(merged);
    const fullReadAt = verdict.taken.kind === 'delta' ? known.fullReadAt : now;
    await note(of, { fullReadAt, notTaken: null, findings });
  }

  async function noteFailure(parts: readonly CountedWarehouse[], error: unknown): Promise<void> {
    if (call.signal.aborted || !isVendorError(error)) return;
    for (const of of parts) {
      const says = `The newest figures of ${partName(of)} could not be read: ${error.message}`;
      const finding = findingOf('STOCK_INCOMPLETE', [partName(of)], { key: partName(of), says });
      await note(of, { ...notesOf(of), notTaken: { snapshot: null }, findings: finding ? [finding] : [] });
    }
  }

  async function note(of: CountedWarehouse, known: PartNotes): Promise<void> {
    notes.set(partName(of), known);
    await memory.remember(notes);
  }
}

function summedUp(own: readonly PartNotes[], stats: PartsRead['stats'], trouble: VendorError | null): PartsRead {
  const notTaken = own.filter((notes) => notes.notTaken !== null).length;
  return { stats: { ...stats, notTaken }, findings: own.flatMap(({ findings }) => findings), trouble };
}
