import * as z from 'zod';

import type { Act } from '../domain/order-state.ts';
import { namedValue, purchaseKey, purchaseKeyText, type Purchase } from '../domain/purchase.ts';
import { purchaseFingerprint } from '../domain/purchase-fingerprint.ts';

/** What our one metadata entry on a purchase says (decision 18): short, in words a buyer may read. */
export interface OwnEntry {
  /**
   * Key of the purchase it was written on, as text: a purchase that was copied brings the note of another order. Empty in
   * notes of earlier versions.
   */
  readonly purchase: string;
  readonly state: string;
  /** ERP order numbers by document; empty = that document was never accepted. */
  readonly orders: readonly string[];
  /** Content the ERP has, so that a run that opens anew knows whether there is anything to do. */
  readonly content: string;
  readonly closed: Act | null;
}

const CONTENT_LENGTH = 16;
const ENTRY = z.object({
  purchase: z.string().default(''),
  state: z.string(),
  orders: z.array(z.string()),
  content: z.string(),
  closed: z.object({ actor: z.string(), reason: z.string() }).nullable().default(null),
});

export function shortFingerprint(fingerprint: string): string {
  return fingerprint.slice(0, CONTENT_LENGTH);
}

/** Reads our entry; null when there is none, nothing we wrote, or what we wrote on another purchase. */
export function readOwnEntry(purchase: Purchase, entryName: string): OwnEntry | null {
  const text = namedValue(purchase.metadata, entryName);
  if (text === null) return null;
  const entry = ENTRY.safeParse(parsed(text));
  return entry.success && (entry.data.purchase === '' || isOn(entry.data.purchase, purchase)) ? entry.data : null;
}

/** The entry's text. The content is that of the purchase as it will be after the write, so that it proves itself. */
export function entryText({ purchase, state, orders, content, closed }: OwnEntry): string {
  return JSON.stringify({ state, orders, content, ...(closed ? { closed } : {}), purchase });
}

/**
 * Whether a purchase is as both sides know it: its content is the one given, or the one our own last write stored. That
 * proof stands on the purchase itself, so a crash between writing and telling loses nothing.
 */
export function isKnownContent(
  purchase: Purchase,
  entryName: string,
  { fingerprint, trustEntry }: { readonly fingerprint: string; readonly trustEntry: boolean },
): boolean {
  const content = purchaseFingerprint(purchase, entryName);
  if (content === fingerprint) return true;
  return trustEntry && shortFingerprint(content) === readOwnEntry(purchase, entryName)?.content;
}

/** By any of its identifiers: a purchase may have got one since. */
function isOn(key: string, { identifiers }: Purchase): boolean {
  const { sparklayer, platform, visible } = identifiers;
  const none = { sparklayer: null, platform: null, visible: null, internal: null };
  return [{ sparklayer }, { platform }, { visible }].some((one) => {
    const own = purchaseKey({ ...none, ...one });
    return own !== null && purchaseKeyText(own) === key;
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Somebody else wrote here, or the text was cut: then the entry says nothing.
    return null;
  }
}
