/** The codes a composite SKU may name. */
export type SkuCode = 'division' | 'style' | 'color' | 'label' | 'dimension' | 'size';

export type PartialCodes = Readonly<Partial<Record<SkuCode, string>>>;

const PLACEHOLDER = /\{(division|style|color|label|dimension|size)\}/g;

/**
 * Reads a storefront SKU by the site's pattern, e.g. `{style}-{color}-{size}`: `AC-1001-BLK-M` is style AC-1001, colour
 * BLK, size M. A separator may occur inside a code, so several readings are possible: the one whose first codes are
 * longest comes first, because styles hold separators more often than sizes do.
 */
export function codesOfPattern(pattern: string, sku: string): readonly PartialCodes[] {
  const names = [...pattern.matchAll(PLACEHOLDER)].map((match) => match[1]);
  const separators = pattern.split(PLACEHOLDER).filter((_, index) => index % 2 === 0);
  const readings: PartialCodes[] = [];
  const read = (index: number, rest: string, codes: PartialCodes): void => {
    const name = names[index];
    const separator = separators[index + 1] ?? '';
    if (!isSkuCode(name)) {
      if (rest === '') readings.push(codes);
      return;
    }
    if (index === names.length - 1) {
      const value = separator && rest.endsWith(separator) ? rest.slice(0, -separator.length) : rest;
      if (value && (!separator || rest.endsWith(separator))) readings.push({ ...codes, [name]: value });
      return;
    }
    if (!separator) return;
    for (let end = rest.lastIndexOf(separator); end > 0; end = rest.lastIndexOf(separator, end - 1))
      read(index + 1, rest.slice(end + separator.length), { ...codes, [name]: rest.slice(0, end) });
  };
  const start = separators[0] ?? '';
  if (sku.startsWith(start)) read(0, sku.slice(start.length), {});
  return readings;
}

function isSkuCode(name: string | undefined): name is SkuCode {
  return name !== undefined && ['division', 'style', 'color', 'label', 'dimension', 'size'].includes(name);
}
