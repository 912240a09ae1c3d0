import { amendments, checkOut } from './buyer-deeds.ts';
import type { Deed, Draw, Family } from './deed.ts';
import { clerks, finance, imports, warehouse } from './erp-deeds.ts';
import { pressAButton } from './people-deeds.ts';
import type { Random } from './random.ts';
import type { Feed } from './soak-site.ts';
import { faults, kill, quiet } from './trouble-deeds.ts';

export const FAMILIES: readonly Family[] = [
  'buyers',
  'amendments',
  'clerks',
  'warehouse',
  'finance',
  'people',
  'work',
  'faults',
  'kills',
];

const feeds: readonly (readonly [weight: number, draw: Draw])[] = [
  [110, feed('pollPurchases')],
  [80, feed('pollErpDocuments')],
  [8, feed('sweepPurchases')],
  [14, quiet],
];

/** Families of which one says how often they come. */
type Told = 'buyers' | 'kills';

/** Deeds by family, each with its share of all deeds. */
const SHARES: Readonly<
  Record<Exclude<Family, Told>, readonly [share: number, deeds: readonly (readonly [number, Draw])[]]>
> = {
  amendments: [26, amendments],
  clerks: [14, clerks],
  warehouse: [7, warehouse],
  finance: [4, finance],
  people: [4, [[1, pressAButton]]],
  work: [6, [...imports, ...feeds]],
  faults: [4, faults],
};

export interface Playing {
  readonly families: readonly Family[];
  readonly ordersPerStep: number;
  readonly killsPerStep: number;
}

/**
 * The next deed, drawn from the generator alone: what the world makes of earlier deeds has no influence on it. Nothing
 * but a checkout is possible before there is an order.
 */
export function nextDeed(random: Random, orders: number, { families, ordersPerStep, killsPerStep }: Playing): Deed {
  const comes = (perStep: number) => random.below(1_000_000) < perStep * 1_000_000;
  if (orders === 0 || comes(ordersPerStep)) return checkOut(random, orders);
  if (families.includes('kills') && comes(killsPerStep)) return kill(random);
  const playing = FAMILIES.filter((family) => family !== 'buyers' && family !== 'kills').filter((family) =>
    families.includes(family),
  );
  const deeds = random.weighted(playing.map((family) => SHARES[family]));
  return random.weighted(deeds)(random, orders);
}

function feed(name: Feed): Draw {
  return () => ({ family: 'work', name, with: {}, act: ({ site }) => site.runFeed(name) });
}
