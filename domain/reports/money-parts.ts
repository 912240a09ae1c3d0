import { absolute, isZero, subtract, sum, toCents, type Amount } from '../money.ts';

/** Money with tax and freight apart, in two decimals. `goods` are net of discount. */
export interface Parts {
  readonly goods: Amount;
  readonly freight: Amount;
  readonly tax: Amount;
}

export const PART_NAMES = ['goods', 'freight', 'tax'] as const satisfies readonly (keyof Parts)[];

export const NOTHING: Parts = { goods: '0.00', freight: '0.00', tax: '0.00' };

/** Adds part by part; nothing to add is nothing. */
export function addParts(all: readonly Parts[]): Parts {
  return mapParts((name) => sum(all.map((parts) => parts[name])));
}

/** `left − right`, part by part. */
export function lessParts(left: Parts, right: Parts): Parts {
  return mapParts((name) => subtract(left[name], right[name]));
}

export function negated(parts: Parts): Parts {
  return lessParts(NOTHING, parts);
}

export function totalOf({ goods, freight, tax }: Parts): Amount {
  return toCents(sum([goods, freight, tax]));
}

export function isNothing(parts: Parts): boolean {
  return PART_NAMES.every((name) => isZero(parts[name]));
}

/** Only one of the parts, the others nothing. */
export function onlyPart(parts: Parts, only: keyof Parts): Parts {
  return mapParts((name) => (name === only ? parts[name] : '0'));
}

/** The parts without their signs, added up. */
export function sizeOf(parts: Parts): Amount {
  return toCents(sum(PART_NAMES.map((name) => absolute(parts[name]))));
}

/** A total of which tax and freight are known; the rest is goods, so that the parts add up to it. */
export function partsOfTotal({
  total,
  freight,
  tax,
}: {
  readonly total: Amount;
  readonly freight: Amount;
  readonly tax: Amount;
}): Parts {
  return { goods: toCents(subtract(total, sum([freight, tax]))), freight: toCents(freight), tax: toCents(tax) };
}

/** Each part by its name, in two decimals. */
export function mapParts(amountOf: (name: keyof Parts) => Amount): Parts {
  const cents = (name: keyof Parts) => {
    const amount = toCents(amountOf(name));
    return isZero(amount) ? '0.00' : amount;
  };
  return { goods: cents('goods'), freight: cents('freight'), tax: cents('tax') };
}
