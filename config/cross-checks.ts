import { alertProblems } from './alerts-section.ts';
import { connectionProblems } from './connection-checks.ts';
import { customerProblems } from './customers-section.ts';
import { fieldProblems } from './field-checks.ts';
import { list, loose, word, type Loose } from './loose.ts';
import type { SiteProblem } from './problems.ts';
import { stockProblems } from './stock-checks.ts';

const PLACEHOLDERS = ['style', 'color', 'label', 'dimension', 'size', 'division'];
/** Purchases that nobody has placed; docs/contracts/sparklayer.md, section 6. */
const NEVER_ORDERS = ['cart', 'quote', 'awaiting_approval'];
const ORDERS = ['order_unconfirmed', 'order'];

/**
 * What no single field can tell. Works on the file as it was written, so that these mistakes are found although others
 * are there too; what has the wrong shape is the schema's business and skipped here.
 */
export function crossCheck(file: unknown): readonly SiteProblem[] {
  const site = loose(file);
  return [
    ...divisionProblems(list(site['divisions'])),
    ...connectionProblems(loose(site['storefront']), loose(site['erp'])),
    ...intakeProblems(loose(site['intake'])),
    ...locationProblems(loose(site['locations']), list(site['divisions'])),
    ...paymentProblems(loose(site['payment'])),
    ...fieldProblems(site),
    ...patternProblems(loose(site['sku'])),
    ...customerProblems(site),
    ...stockProblems(site),
    ...alertProblems(site),
  ];
}

function divisionProblems(divisions: readonly unknown[]): readonly SiteProblem[] {
  return repeated(divisions.map(word)).map(({ name, index }) => ({
    path: `divisions[${index}]`,
    wrong: `division “${name}” is named twice`,
    mend: 'Keep one.',
  }));
}

function wrongWithType(type: string): string | null {
  if (type === '' || ORDERS.includes(type)) return null;
  return NEVER_ORDERS.includes(type)
    ? `a purchase of type “${type}” was never placed; the ERP would ship what nobody ordered`
    : `nobody knows what a purchase of type “${type}” is, so nothing could be written to it`;
}

function intakeProblems(intake: Loose): readonly SiteProblem[] {
  const types = list(intake['types']).map(word);
  return [
    ...types.flatMap((type, index) => {
      const wrong = wrongWithType(type);
      const mend = 'Remove it. Use order, and order_unconfirmed where nobody else confirms.';
      return wrong === null ? [] : [{ path: `intake.types[${index}]`, wrong, mend }];
    }),
    ...repeated(types).map(({ name, index }) => ({
      path: `intake.types[${index}]`,
      wrong: `“${name}” is named twice`,
      mend: 'Keep one.',
    })),
    ...(types.includes('order_unconfirmed') && !types.includes('order')
      ? [
          {
            path: 'intake.types',
            wrong:
              'what was confirmed would be of no type that is taken in, and its ERP order be cancelled as withdrawn',
            mend: 'Name both: [order_unconfirmed, order].',
          },
        ]
      : []),
  ];
}

function locationProblems(locations: Loose, divisions: readonly unknown[]): readonly SiteProblem[] {
  const table = list(locations['table']).map(loose);
  const rules = list(locations['byShipTo']).map(loose);
  return [
    ...warehouseProblems(locations, table, rules, divisions),
    ...repeated(table.map((row) => word(row['location']))).map(({ name, index }) => ({
      path: `locations.table[${index}].location`,
      wrong: `the location “${name}” stands in the table twice`,
      mend: 'Put all its divisions into one row.',
    })),
    ...unreachableRules(rules),
  ];
}

function warehouseProblems(
  locations: Loose,
  table: readonly Loose[],
  rules: readonly Loose[],
  divisions: readonly unknown[],
): readonly SiteProblem[] {
  const rows = [
    ...table.map((row, index) => ({ path: `locations.table[${index}].warehouses`, given: row['warehouses'] })),
    ...rules.map((row, index) => ({ path: `locations.byShipTo[${index}].warehouses`, given: row['warehouses'] })),
  ];
  const empty = rows
    .filter(({ given }) => given !== null && typeof given === 'object' && Object.keys(loose(given)).length === 0)
    .map(({ path }) => ({ path, wrong: 'no division has a warehouse here', mend: 'Name one, or remove the row.' }));
  // Divisions that YAML took for numbers are one mistake, not one more in every row that names them.
  if (divisions.length === 0 || !divisions.every((division) => typeof division === 'string')) return empty;
  const defaults = locations['defaultWarehouse'];
  const strangers = [...rows, { path: 'locations.defaultWarehouse', given: defaults }].flatMap(({ path, given }) =>
    Object.keys(loose(given))
      .filter((division) => !divisions.includes(division))
      .map((division) => ({
        path: `${path}.${division}`,
        wrong: `division “${division}” is not one of ${divisions.join(', ')}`,
        mend: `Add it to divisions, or correct it. Quote codes with leading zeros: '01'.`,
      })),
  );
  const missing =
    defaults === undefined ? [] : divisions.filter((division) => !Object.hasOwn(loose(defaults), division));
  return [
    ...empty,
    ...strangers,
    ...missing.map((division) => ({
      path: 'locations.defaultWarehouse',
      wrong: `division “${division}” has no default warehouse`,
      mend: `Add '${division}': and the warehouse that takes its orders without a mapped location.`,
    })),
  ];
}

/** The first rule that fits wins, so one that an earlier rule covers is never used. */
function unreachableRules(rules: readonly Loose[]): readonly SiteProblem[] {
  const seen: { readonly country: string; readonly regions: readonly string[] }[] = [];
  return rules.flatMap((rule, index) => {
    const country = word(rule['country']).toUpperCase();
    const regions = list(rule['regions']).map(word);
    const earlier = seen.filter((other) => other.country === country);
    const whole = earlier.some((other) => other.regions.length === 0);
    const each =
      regions.length > 0 && regions.every((region) => earlier.some((other) => other.regions.includes(region)));
    seen.push({ country, regions });
    return country !== '' && (whole || each)
      ? [
          {
            path: `locations.byShipTo[${index}]`,
            wrong: `the rules before it already take all its orders to ${country}`,
            mend: 'Put it before them, or remove it: the first rule that fits wins.',
          },
        ]
      : [];
  });
}

function paymentProblems(payment: Loose): readonly SiteProblem[] {
  const methods = list(payment['methods']).map((row) => word(loose(row)['method']));
  const treatAs = loose(payment['unknownMethod'])['treatAs'];
  return [
    ...repeated(methods).map(({ name, index }) => ({
      path: `payment.methods[${index}].method`,
      wrong: `“${name}” is described twice`,
      mend: 'Keep one.',
    })),
    ...(typeof treatAs === 'string' && !methods.includes(treatAs.trim())
      ? [
          {
            path: 'payment.unknownMethod.treatAs',
            wrong: `“${treatAs}” is not one of the methods`,
            mend: `Name one of ${methods.join(', ')}, or write park.`,
          },
        ]
      : []),
  ];
}

function patternProblems(sku: Loose): readonly SiteProblem[] {
  const { pattern, identity } = sku;
  if (typeof pattern !== 'string' || identity === 'upc') return [];
  const at = (wrong: string, mend: string) => [{ path: 'sku.pattern', wrong, mend }];
  const names = [...pattern.matchAll(/\{([^}]*)\}/g)].map((match) => match[1] ?? '');
  const strange = names.filter((name) => !PLACEHOLDERS.includes(name));
  const use = `Use ${PLACEHOLDERS.map((known) => `{${known}}`).join(' ')}.`;
  if (strange.length > 0) return strange.flatMap((name) => at(`{${name}} is no code of a SKU`, use));
  if (/[{}]/.test(pattern.replaceAll(/\{[^}]*\}/g, ''))) return at('a brace is open or too many', use);
  const [twice] = repeated(names);
  if (twice) return at(`{${twice.name}} stands in it twice`, 'Name each code once.');
  if (!names.includes('style')) return at('it has no {style}', 'A SKU without its style names nothing in the ERP.');
  if (pattern.includes('}{'))
    return at('nothing stands between two codes, so nobody can tell where one ends', 'Put a separator between them.');
  return [];
}

/** Every second and later naming of what is not blank. */
function repeated(names: readonly string[]): readonly { readonly name: string; readonly index: number }[] {
  return names.flatMap((name, index) => (name !== '' && names.indexOf(name) < index ? [{ name, index }] : []));
}
