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
  /** Content that was known before the write: whoever puts the purchase back to an earlier one brings its entry, too. */
  readonly before: string;
  readonly closed: Act | null;
}

const CONTENT_LENGTH = 16;
const ENTRY = z.object({
  purchase: z.string().default(''),
  state: z.string(),
  orders: z.array(z.string()),
  content: z.string(),
  before: z.string().default(''),
  closed: z.object({ actor: z.string(), reason: z.string() }).nullable().default(null),
});

export function shortFingerprint(fingerprint: string): string {
  return fingerprint.slice(0, CONTENT_LENGTH);
}

/** Reads our entry; null when there is none, nothing we wrote, or what we wrote on another purchase. */
export function readOwnEntry(purchase: Purchase, entryName: string): OwnEntry | null {
  const entry = entryIn(purchase, entryName);
  return entry && isOn(entry.purchase, purchase) ? entry : null;
}

/**
 * The ERP's number of a purchase that carries it, and our entry, under an identifier it no longer has; null = it does not.
 * The ERP's number belongs to one purchase alone (contract, A24): a copy has the entry only.
 */
export function enteredAsAnother(
  purchase: Purchase,
  entryName: string,
): { readonly orderNumber: string; readonly key: string } | null {
  const entry = entryIn(purchase, entryName);
  const { internal } = purchase.identifiers;
  if (!entry || !internal || isOn(entry.purchase, purchase) || !entry.orders.includes(internal)) return null;
  return { orderNumber: internal, key: entry.purchase };
}

function entryIn(purchase: Purchase, entryName: string): OwnEntry | null {
  const text = namedValue(purchase.metadata, entryName);
  const entry = text === null ? null : ENTRY.safeParse(parsed(text));
  return entry?.success ? entry.data : null;
}

/** The entry's text. The content is that of the purchase as it will be after the write, so that it proves itself. */
export function entryText({ purchase, state, orders, content, before, closed }: OwnEntry): string {
  return JSON.stringify({ state, orders, content, before, ...(closed ? { closed } : {}), purchase });
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
  const entry = trustEntry ? readOwnEntry(purchase, entryName) : null;
  return entry?.content === shortFingerprint(content) && isWrittenOver(entry, fingerprint);
}

/** Notes of earlier versions do not tell; and who knows no content asks for none. */
function isWrittenOver({ before }: OwnEntry, fingerprint: string): boolean {
  return before === '' || fingerprint === '' || before === shortFingerprint(fingerprint);
}

/** By any of its identifiers: a purchase may have got one since. Notes of earlier versions do not say on which they are. */
function isOn(key: string, { identifiers }: Purchase): boolean {
  if (key === '') return true;
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
