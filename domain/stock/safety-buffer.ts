import type { BufferRules, BufferSize, WideningPoint } from './stock-rules.ts';
import { minutesInWords } from './stock-words.ts';

/** The rule that decided, so that a person can find it in the site file. */
export interface BufferRule {
  readonly by: 'sku' | 'styleGroup' | 'location' | 'site';
  /** SKU, group and code, or location; '' = the site. */
  readonly of: string;
  readonly size: BufferSize;
}

/** Units held back, and why. */
export interface SafetyBuffer {
  /** Whole units, rounded up. */
  readonly units: number;
  readonly rule: BufferRule;
  /** What the rule alone asks for, after its cap, before rounding. */
  readonly byRule: number;
  readonly widening: { readonly percent: number; readonly ageMinutes: number };
}

export interface BufferedStock {
  readonly sku: string;
  /** Group codes 1 to 8 of the style. */
  readonly groups: readonly string[];
  readonly location: string;
  /** Units that are physically available; of nothing, or less, no share is held back. */
  readonly physical: number;
  /** Age of the oldest of the ERP's figures behind it. */
  readonly ageMinutes: number;
}

/**
 * What is held back of a SKU at a location: the most specific rule's units, and on top of it a share that grows with the
 * age of the ERP's figures. Never falls with age; narrow when the figures are fresh.
 */
export function bufferFor(stock: BufferedStock, rules: BufferRules): SafetyBuffer {
  const physical = Math.max(0, stock.physical);
  const rule = ruleFor(stock, rules);
  const byRule = sizeOf(rule.size, physical);
  const percent = wideningAt(stock.ageMinutes, rules.widening);
  return {
    units: roundedUp(byRule + (physical * percent) / 100),
    rule,
    byRule,
    widening: { percent, ageMinutes: stock.ageMinutes },
  };
}

/** The buffer's reason in words: which rule, which age. */
export function describeBuffer({ rule, widening }: SafetyBuffer): string {
  const { size } = rule;
  const cap = size.in === 'percent' && size.cap !== null ? ` (${size.cap} at most)` : '';
  const asks = size.in === 'units' ? `${size.units} units` : `${size.percent} %${cap}`;
  const whose = rule.of === '' ? RULES[rule.by] : `${RULES[rule.by]} ${rule.of}`;
  const age = minutesInWords(widening.ageMinutes);
  const wider =
    widening.percent > 0
      ? `and ${shown(widening.percent)} % because the ERP’s figures are ${age} old`
      : `not widened, the ERP’s figures are ${age} old`;
  return `${asks} by the rule of ${whose}; ${wider}`;
}

const RULES = { sku: 'the SKU', styleGroup: 'the style group', location: 'the location', site: 'the site' } as const;

function ruleFor({ sku, groups, location }: BufferedStock, rules: BufferRules): BufferRule {
  const bySku = named(rules.skus, sku);
  if (bySku) return { by: 'sku', of: sku, size: bySku };
  const byGroup = rules.styleGroups.find(({ group, code }) => groups[group - 1] === code);
  if (byGroup) return { by: 'styleGroup', of: `${byGroup.group} ${byGroup.code}`, size: byGroup.size };
  const byLocation = named(rules.locations, location);
  if (byLocation) return { by: 'location', of: location, size: byLocation };
  return { by: 'site', of: '', size: rules.site };
}

function named(sizes: Readonly<Record<string, BufferSize>>, name: string): BufferSize | undefined {
  return Object.hasOwn(sizes, name) ? sizes[name] : undefined;
}

function sizeOf(size: BufferSize, physical: number): number {
  if (size.in === 'units') return Math.max(0, size.units);
  return Math.max(0, Math.min((physical * size.percent) / 100, size.cap ?? Number.POSITIVE_INFINITY));
}

/** Per cent at this age: straight between two points, level before the first and after the last. */
function wideningAt(ageMinutes: number, curve: readonly WideningPoint[]): number {
  let before: WideningPoint | null = null;
  for (const point of curve) {
    if (ageMinutes < point.minutes) return before ? between(before, point, ageMinutes) : point.percent;
    before = point;
  }
  return before?.percent ?? 0;
}

function between(before: WideningPoint, after: WideningPoint, ageMinutes: number): number {
  const share = (ageMinutes - before.minutes) / (after.minutes - before.minutes);
  return Math.min(after.percent, before.percent + (after.percent - before.percent) * share);
}

/** 10 % of 30 is 3 and not 4, whatever binary fractions make of it. */
function roundedUp(units: number): number {
  return Math.max(0, Math.ceil(units - 1e-9));
}

function shown(percent: number): string {
  return String(Math.round(percent * 10) / 10);
}
