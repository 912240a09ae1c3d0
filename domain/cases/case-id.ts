import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

import type { CaseCause } from './case-state.ts';

const LONGEST = 80;
const HASH_LENGTH = 8;
/** What a key may hold to stand in an id as it is: letters and digits first, so that no key is taken for the site itself. */
const PLAIN = /^[\p{L}\p{N}][\p{L}\p{N}._:+-]*$/u;

/** The id of the case's workflow, `case:<site>:<code>:<key>`; `-` stands for the site as a whole. */
export function caseId({ site, code, key }: CaseCause): string {
  return `case:${site}:${code}:${keyInId(key.trim())}`;
}

/** Readable as far as it goes; whatever had to be changed is told from everything else by its hash. */
function keyInId(key: string): string {
  if (key === '') return '-';
  if (PLAIN.test(key) && key.length <= LONGEST) return key;
  const words = key
    .replaceAll(/[^\p{L}\p{N}._:+]+/gu, '-')
    .replaceAll(/^[^\p{L}\p{N}]+/gu, '')
    .slice(0, LONGEST);
  return `${words}~${bytesToHex(sha256(utf8ToBytes(key))).slice(0, HASH_LENGTH)}`;
}
