export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Trimmed text of a string or number; everything else is empty. */
export function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/** A whole number, also as a string; null when it is none. */
export function wholeNumber(value: unknown): number | null {
  return /^-?\d+(\.0+)?$/.test(text(value)) ? Number(text(value)) : null;
}
