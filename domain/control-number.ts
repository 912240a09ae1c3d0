import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

import type { StorefrontReference } from './storefront-reference.ts';

export interface ControlNumberOf {
  readonly site: string;
  readonly reference: StorefrontReference;
  /** 1 for the first injection; each replace or cancel has its own. */
  readonly revision: number;
  /** 1, and one more after each definite refusal of this content or collision with a foreign number (decision 4). */
  readonly attempt: number;
}

/**
 * The nine-digit `isa_num` of one post. Deterministic, so that a repeat after an unknown outcome carries the same one
 * and an ERP that remembers control numbers refuses it. It fences; it proves nothing: an order is ours by its reference.
 */
export function controlNumber({ site, reference, revision, attempt }: ControlNumberOf): string {
  const digest = sha256(utf8ToBytes(`${site}\n${reference}\n${revision}\n${attempt}`));
  const number = digest.slice(0, 8).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  return String(number % 1_000_000_000n).padStart(9, '0');
}
