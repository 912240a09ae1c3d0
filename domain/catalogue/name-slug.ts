/** How often a slug is tried with a number behind it, when all its other forms are taken. */
const NUMBERED = [2, 3, 4, 5] as const;

/**
 * Slugs that a product may have, best first: its name, then with style and division behind it, for names repeat across
 * styles and divisions. Lower case, digits and hyphens (A38 asks that of price lists; products are assumed to take it).
 */
export function slugsOf({
  title,
  style,
  division,
}: {
  readonly title: string;
  readonly style: string;
  readonly division: string;
}): readonly string[] {
  const name = slugOf(title) || 'product';
  const full = [name, slugOf(style), slugOf(division)].filter(Boolean).join('-');
  return [...new Set([name, slugOf(`${name} ${style}`), full, ...NUMBERED.map((number) => `${full}-${number}`)])];
}

/** Letters without their accents, everything else but digits as one hyphen. */
export function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
}
