import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

import { isNegative, isZero, type Amount } from '../../money.ts';
import { addParts, totalOf, type Parts } from '../money-parts.ts';

/** One line of a total, named by what a reader finds it by. */
export interface SignedLine extends Parts {
  readonly key: string;
}

/** A total that a reader can check: the lines are in the pack, and the same lines give the same digest. */
export interface SignedTotal extends Parts {
  readonly name: string;
  readonly currency: string;
  readonly total: Amount;
  readonly sign: '+' | '−' | '0';
  readonly lines: readonly SignedLine[];
  /** SHA-256, in hexadecimal, of the canonical JSON of `lines`. */
  readonly sha256: string;
}

/** Adds lines up and signs them. Their order does not matter: they are sorted by key first. */
export function signTotal(name: string, currency: string, unsorted: readonly SignedLine[]): SignedTotal {
  const lines = unsorted.toSorted((left, right) => compareTexts(left.key, right.key));
  const parts = addParts(lines);
  const total = totalOf(parts);
  const sign = isZero(total) ? '0' : isNegative(total) ? '−' : '+';
  return { name, currency, ...parts, total, sign, lines, sha256: digestOf(lines) };
}

/** SHA-256 of a value's canonical JSON. */
export function digestOf(value: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(value))));
}

/** JSON without white space, the members of every object in the order of their names: one text for one value. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([left], [right]) => compareTexts(left, right))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/** By code unit, wherever it runs. */
export function compareTexts(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
