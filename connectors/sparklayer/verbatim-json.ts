declare global {
  interface JSON {
    /** Node 21 and later: a number that is written exactly so. */
    rawJSON(text: string): object;
    isRawJSON(value: unknown): boolean;
  }
}

/**
 * Reads JSON so that writing it again gives every number as it came: ids beyond 2^53 and long decimals of members we do
 * not know would otherwise come back changed.
 */
export function parseVerbatim(text: string): unknown {
  return JSON.parse(text, (_name, value: unknown, ...rest: readonly unknown[]) => {
    const source = typeof value === 'number' ? sourceOf(rest[0]) : null;
    return source === null || source === String(value) ? value : JSON.rawJSON(source);
  });
}

/** Whether a value that was read so is a JSON object: a number kept as written is none. */
export function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !JSON.isRawJSON(value);
}

function sourceOf(context: unknown): string | null {
  return typeof context === 'object' && context !== null && 'source' in context && typeof context.source === 'string'
    ? context.source
    : null;
}
