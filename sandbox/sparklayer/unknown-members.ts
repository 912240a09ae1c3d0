import { isObject, type Open } from './wire.ts';

/** The member that no contract names and every object sent carries; a client must carry it back in a PUT. */
export const unknownMember = 'not_in_contract';

/** Gives every object that lacks one an unknown member; `full_transaction` is stored as sent and stays untouched. */
export function withUnknownMembers(node: unknown, value: () => string): unknown {
  if (Array.isArray(node)) return node.map((entry) => withUnknownMembers(entry, value));
  if (!isObject(node)) return node;
  const copy: Open = {};
  for (const [key, member] of Object.entries(node)) {
    copy[key] = key === 'full_transaction' ? member : withUnknownMembers(member, value);
  }
  copy[unknownMember] ??= value();
  return copy;
}

/**
 * Where a full replace loses something that was stored: a member left out, or an unknown member changed. An open
 * or cancelled package and its lines may vanish, for units move between packages; what SparkLayer sets by itself is not missed.
 */
export function lostMembers(stored: unknown, sent: unknown, path = '', mayVanish = false): string[] {
  if (Array.isArray(stored)) return lostEntries(stored, sent, path, mayVanish);
  if (!isObject(stored)) return [];
  if (!isObject(sent)) return [path];
  return Object.entries(stored).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`;
    if (isSetBySparkLayer(key) || isAbsent(value)) return [];
    // The shipping charge sits on one package, and moves with what is open.
    if (key === 'shipping_method' && mayBeEmptied(stored)) return lostCharge(value, sent[key], here);
    if (isAbsent(sent[key])) return [here];
    if (key === unknownMember) return sent[key] === value ? [] : [here];
    return lostMembers(value, sent[key], here, key === 'line_items' && mayBeEmptied(stored));
  });
}

/** How a package travels stays, where the package stays; what it costs may be on another one now. */
function lostCharge(stored: unknown, sent: unknown, here: string): string[] {
  if (isAbsent(sent)) return [];
  return lostMembers(stored, sent, here).filter((path) => !path.startsWith(`${here}.line_total`));
}

function lostEntries(stored: readonly unknown[], sent: unknown, path: string, mayVanish: boolean): string[] {
  const counterparts = keyed(Array.isArray(sent) ? sent : []);
  return [...keyed(stored)].flatMap(([key, entry]) => {
    const here = `${path}[${key}]`;
    const counterpart = counterparts.get(key);
    if (counterpart !== undefined) return lostMembers(entry, counterpart, here);
    const isEmptied = path === 'packages' && isObject(entry) && mayBeEmptied(entry);
    return mayVanish || isEmptied ? [] : [here];
  });
}

/** What was open is shipped or cancelled; what was cancelled may have been shipped after all. */
function mayBeEmptied({ type }: Open): boolean {
  return type === 'incoming' || type === 'cancellation';
}

/** Entries under their natural key; a repeated key is numbered. */
function keyed(entries: readonly unknown[]): Map<string, unknown> {
  const found = new Map<string, unknown>();
  entries.forEach((entry, index) => {
    const name = naturalKey(entry) ?? String(index);
    let key = name;
    for (let again = 2; found.has(key); again += 1) key = `${name}#${again}`;
    found.set(key, entry);
  });
  return found;
}

function naturalKey(entry: unknown): string | undefined {
  if (!isObject(entry)) return typeof entry === 'string' ? entry : undefined;
  const identifiers = isObject(entry['identifiers']) ? entry['identifiers'] : {};
  const candidates = [
    identifiers['sparklayer_package_id'],
    identifiers['sku'],
    identifiers['visible'],
    entry['name'],
    entry['key'],
    entry['title'],
    entry['tracking_number'],
  ];
  return candidates.find((candidate): candidate is string => typeof candidate === 'string' && candidate !== '');
}

function isSetBySparkLayer(key: string): boolean {
  return key.startsWith('calculated_') || key === 'revision_date' || key === 'updated_at' || key === 'total_paid';
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
