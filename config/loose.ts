/** A part of the file as it was written, before its shape is known. */
export type Loose = Readonly<Record<string, unknown>>;

/** A value as named settings; nothing but an object has any. */
export function loose(value: unknown): Loose {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

/** A value as text; what is no text or number is the schema's business. */
export function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/** A value as a list; what is none has no entries. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value at a path; undefined where the path leads nowhere. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((part, step) => {
    if (typeof step === 'number') return list(part)[step];
    const settings = loose(part);
    return Object.hasOwn(settings, step) ? settings[String(step)] : undefined;
  }, value);
}
