import { isUuid, type PurchaseKey } from './purchase.ts';

/**
 * The value by which an ERP document finds its order: goes to `altpo`, the reference field and `ext_ref` (decision 2).
 * A UUID in Crockford's base 32 (26 characters, no I L O U), else a letter for the kind and the identifier.
 * Document 1 is bare; further documents carry `.2`, `.3`, …
 */
export type StorefrontReference = string;

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const UUID_LENGTH = 26;
/** Shortest length any installation gives the reference fields; what is longer would be cut without a word. */
const LONGEST_REFERENCE = 30;
const SUFFIX_ROOM = 3;
const KINDS = { platform: 'P', visible: 'V' } as const;
/** Upper case because references are compared in upper case; no quote because literals of the ERP's filters have them. */
/** No point: it sets the document apart. */
const SAFE_IDENTIFIER = /^[A-Z0-9#/_-]+$/;

/** The bare reference of a purchase, or null when its identifier cannot be carried unchanged. */
export function referenceOf(key: PurchaseKey): StorefrontReference | null {
  if (key.kind === 'sparklayer') return isUuid(key.value) ? encodeUuid(key.value) : null;
  const reference = KINDS[key.kind] + key.value;
  const fits = reference.length + SUFFIX_ROOM <= LONGEST_REFERENCE && SAFE_IDENTIFIER.test(key.value);
  return fits && parseReference(reference) ? reference : null;
}

/** The reference of one document of an order; document 1 carries the bare one for ever (decision 3). */
export function documentReference(bare: StorefrontReference, document: number): StorefrontReference {
  return document === 1 ? bare : `${bare}.${document}`;
}

/** Which purchase and document a reference found in the ERP belongs to; null = it is not one of ours. */
export function parseReference(text: string): { readonly key: PurchaseKey; readonly document: number } | null {
  const reference = text.trim().toUpperCase();
  const parts = /^([^.]+)(?:\.([2-9]|[1-9][0-9]))?$/.exec(reference);
  if (!parts?.[1]) return null;
  const [, bare, suffix] = parts;
  const key = keyOf(bare);
  return key && { key, document: suffix ? Number(suffix) : 1 };
}

/** Whether two references name the same document, as the ERP compares them: trimmed and without case. */
export function sameReference(left: string, right: string): boolean {
  return left.trim().toUpperCase() === right.trim().toUpperCase();
}

function keyOf(bare: string): PurchaseKey | null {
  if (bare.startsWith(KINDS.platform)) return { kind: 'platform', value: bare.slice(1) };
  if (bare.startsWith(KINDS.visible)) return { kind: 'visible', value: bare.slice(1) };
  return decodeUuid(bare);
}

function encodeUuid(uuid: string): StorefrontReference {
  let value = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let text = '';
  for (let digit = 0; digit < UUID_LENGTH; digit++) {
    text = (ALPHABET[Number(value & 31n)] ?? '') + text;
    value >>= 5n;
  }
  return text;
}

function decodeUuid(text: string): PurchaseKey | null {
  if (text.length !== UUID_LENGTH) return null;
  let value = 0n;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return null;
    value = (value << 5n) | BigInt(digit);
  }
  if (value >> 128n) return null;
  const hex = value.toString(16).padStart(32, '0');
  return { kind: 'sparklayer', value: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') };
}
