import { DateTime } from 'luxon';

import type { Site } from '../config/site.ts';
import type { BlueCherry } from '../connectors/bluecherry/bluecherry.ts';
import { nameSkus } from '../domain/catalogue/name-skus.ts';
import type { Call } from './calls.ts';
import { readSizeBuckets } from './read-size-buckets.ts';
import type { ErpPriceBook } from './write-price-list.ts';

export interface PriceBookOf {
  readonly site: Pick<Site, 'rules' | 'stock'>;
  readonly bluecherry: Pick<BlueCherry, 'prices' | 'reference' | 'inventory'>;
  readonly clock: () => Date;
}

/** All that the ERP says of prices, as of its own day: what changed is read, the rest is kept. */
export async function readPriceBook({ site, bluecherry, clock }: PriceBookOf, call: Call): Promise<ErpPriceBook> {
  const erpCall = { ...call, priority: 'catalogue' } as const;
  const { rules } = site;
  const styles = await bluecherry.reference.styles(erpCall);
  const unknownStyles = bluecherry.reference.unknownStyles();
  const rows = await bluecherry.prices.rows(erpCall);
  const { byName } = nameSkus(
    styles.flatMap(({ skus }) => skus),
    rules,
  );
  return {
    skus: byName,
    rows,
    unreadable: bluecherry.prices.unreadable(),
    bucketOf: await readSizeBuckets(site, bluecherry),
    unknownStyles,
    today: DateTime.fromJSDate(clock(), { zone: rules.zone }).toISODate() ?? '',
  };
}
