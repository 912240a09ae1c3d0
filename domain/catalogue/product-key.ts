/** What a product of the ERP is called in the storefront (`external_id`): its division and style, e.g. `01:AC-1001`. */
export function productKey(division: string, style: string): string {
  return `${division}:${style}`;
}

/** The division and style of a product; null when the key is none of ours. */
export function readProductKey(
  key: string | null,
  divisions: readonly string[],
): { readonly division: string; readonly style: string } | null {
  const division = divisions.find((each) => key?.startsWith(`${each}:`) === true);
  if (key === null || division === undefined) return null;
  const style = key.slice(division.length + 1);
  return style === '' ? null : { division, style };
}
