import * as z from 'zod';

import type { Act } from '../domain/order-state.ts';
import { namedValue, type Purchase, type PurchaseNote } from '../domain/purchase.ts';

/** What our one metadata entry on a purchase says (decision 18): short, in words a buyer may read. */
export interface OwnEntry {
  readonly state: string;
  /** ERP order numbers by document. */
  readonly orders: readonly string[];
  /** Content the ERP has, so that a run that opens anew knows whether there is anything to do. */
  readonly content: string;
  readonly closed: Act | null;
}

const CONTENT_LENGTH = 16;
const ENTRY = z.object({
  state: z.string(),
  orders: z.array(z.string()),
  content: z.string(),
  closed: z.object({ actor: z.string(), reason: z.string() }).nullable().default(null),
});

export function shortFingerprint(fingerprint: string): string {
  return fingerprint.slice(0, CONTENT_LENGTH);
}

/** Reads our entry; null when there is none, or nothing we wrote. */
export function readOwnEntry(purchase: Purchase, entryName: string): OwnEntry | null {
  const text = namedValue(purchase.metadata, entryName);
  if (text === null) return null;
  const entry = ENTRY.safeParse(parsed(text));
  return entry.success ? entry.data : null;
}

export function ownNote(entryName: string, entry: OwnEntry, internal: string | null): PurchaseNote {
  const { state, orders, content, closed } = entry;
  return { internal, entryName, entry: JSON.stringify({ state, orders, content, ...(closed ? { closed } : {}) }) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Somebody else wrote here, or the text was cut: then the entry says nothing.
    return null;
  }
}
