import type { SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import { findingOf, present, type Finding, type GuardOverride } from '../domain/findings.ts';
import { createPriceFinder, type PricesRead } from '../domain/pricing/find-price.ts';
import { judgePriceList, listFinding } from '../domain/pricing/judge-price-list.ts';
import type { BucketOf } from '../domain/pricing/learn-size-buckets.ts';
import { isShrunken, planPrices, type PricePlan } from '../domain/pricing/plan-prices.ts';
import { priceFindings } from '../domain/pricing/price-findings.ts';
import type { ErpManagedList, PriceRules } from '../domain/pricing/price-rules.ts';
import type { HeldPrices, PriceWrite, StorefrontPriceList } from '../domain/pricing/storefront-prices.ts';
import type { SkuCodes } from '../domain/sales-order.ts';
import type { Call } from './calls.ts';
import type { ShownPrices } from './shown-prices.ts';

/** What a run knows of the ERP, for all lists. */
export interface ErpPriceBook extends PricesRead {
  /** Storefront SKU → the ERP's item. */
  readonly skus: ReadonlyMap<string, SkuCodes>;
  readonly bucketOf: BucketOf;
  /** Styles that could never be read, so that their items are not among the SKUs. */
  readonly unknownStyles: readonly string[];
  /** Of the ERP's calendar, `YYYY-MM-DD`. */
  readonly today: string;
}

export interface WritePriceList {
  readonly pricing: PriceRules;
  readonly prices: SparkLayer['prices'];
  readonly book: ErpPriceBook;
  readonly shown: ShownPrices;
  readonly override: GuardOverride | null;
  readonly call: Call;
}

export interface PriceListWritten {
  readonly plan: PricePlan | null;
  readonly written: number;
  readonly refused: number;
  readonly postponed: number;
  readonly guard: 'quiet' | 'closed' | 'overridden';
  readonly findings: readonly Finding[];
}

const NOTHING = { plan: null, written: 0, refused: 0, postponed: 0, guard: 'quiet' } as const;

/** Makes one list show the ERP's prices of the day: opens it if it may, compares with what it holds now, sends what differs. */
export async function writePriceList(
  { pricing, prices, book, shown, override, call }: WritePriceList,
  rule: ErpManagedList,
  known: StorefrontPriceList | null,
): Promise<PriceListWritten> {
  const found = judgePriceList(rule, known);
  const isOpened = found.kind === 'open' && pricing.mode === 'write';
  const verdict = isOpened ? judgePriceList(rule, await open()) : found;
  const wrong = listFinding(rule, verdict);
  if (wrong) return { ...NOTHING, findings: [wrong] };

  const held: HeldPrices | null = verdict.kind === 'open' ? new Map() : await prices.readPricing(rule.list, call);
  if (!held) return { ...NOTHING, findings: present([listFinding(rule, { kind: 'missing' })]) };
  const plan = planPrices({ ...book, findPrice: createPriceFinder(book, rule.source, book.today), held });
  const met = priceFindings(rule.list, plan);
  if (pricing.mode !== 'write') return { ...NOTHING, plan, findings: met };
  const isTooMany = isShrunken(plan, held, pricing.shrinkPercent);
  const guard = !isTooMany ? 'quiet' : override?.guard === 'PRICES_SHRUNKEN' ? 'overridden' : 'closed';
  if (guard === 'closed') return { ...NOTHING, plan, guard, findings: present([...met, shrunken(rule, plan, held)]) };
  const isSent = new Set(plan.writes.map(({ sku }) => sku));
  // Before a write that may stay without an answer, its SKUs are known no more.
  await shown.remember(rule.list, { held, unsure: isSent });
  if (plan.writes.length === 0) return { ...NOTHING, plan, guard, findings: met };
  const { written, refused, postponed } = await prices.writePricing(rule.list, plan.writes, call);
  // Which ones were postponed is not told.
  const unsure = postponed > 0 ? isSent : new Set(refused.map(({ sku }) => sku));
  await shown.remember(rule.list, { held: afterWrites(held, plan.writes), unsure });
  return {
    plan,
    written,
    refused: refused.length,
    postponed,
    guard,
    findings: present([
      ...met,
      findingOf(
        'PRICE_REFUSED',
        refused.map(({ sku, why }) => `${sku} (${why})`),
        { key: rule.list, says: `The storefront does not take these prices of the list “${rule.list}”.` },
      ),
      findingOf('PRICE_LIST_BUSY', postponed > 0 ? [rule.list] : [], {
        key: rule.list,
        says: `${postponed} SKUs were not written: somebody else kept writing the list.`,
      }),
    ]),
  };

  function open(): Promise<StorefrontPriceList> {
    return prices.createPriceList({ slug: rule.list, name: rule.name, currency: rule.source.currency }, call);
  }
}

function afterWrites(held: HeldPrices, writes: readonly PriceWrite[]): HeldPrices {
  const after = new Map(held);
  for (const { sku, breaks } of writes)
    if (breaks.length > 0) after.set(sku, breaks);
    else after.delete(sku);
  return after;
}

function shrunken({ list }: ErpManagedList, { removed }: PricePlan, held: HeldPrices): Finding | null {
  const says = `The list “${list}” holds ${held.size} SKUs and would lose ${removed.length} of them; nothing was written.`;
  return findingOf('PRICES_SHRUNKEN', removed, { key: list, says });
}
