/**
 * Lists of products and customers (assumed, A8): `limit` (at most 500) and `offset`, ordered by id; the last page is
 * shorter than `limit`.
 */
export interface OffsetPage {
  readonly limit: number;
  readonly offset: number;
}

export function offsetPath(path: string, { limit, offset }: OffsetPage): string {
  return `${path}?limit=${limit}&offset=${offset}`;
}

export function isLastPage(rows: readonly unknown[], { limit }: Pick<OffsetPage, 'limit'>): boolean {
  return rows.length < limit;
}
