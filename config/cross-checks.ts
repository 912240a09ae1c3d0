import type { SiteProblem } from './problems.ts';

type Loose = Readonly<Record<string, unknown>>;

const PLACEHOLDERS = ['style', 'color', 'label', 'dimension', 'size', 'division'];

/**
 * What no single field can tell. Works on the file as it was written, so that these mistakes are found although others
 * are there too; what has the wrong shape is the schema's business and skipped here.
 */
export function crossCheck(file: unknown): readonly SiteProblem[] {
  const site = loose(file);
  const divisions = list(site['divisions']).map(String);
  return [
    ...zoneProblems(loose(site['erp'])),
    ...addressProblems(loose(site['erp'])),
    ...statusProblems(loose(site['erp'])),
    ...locationProblems(loose(site['locations']), divisions),
    ...paymentProblems(loose(site['payment'])),
    ...purchaseOrderProblems(loose(site['purchaseOrder']), loose(site['erp'])),
    ...patternProblems(loose(site['sku'])),
  ];
}

function zoneProblems(erp: Loose): readonly SiteProblem[] {
  const zone = erp['zone'];
  if (typeof zone !== 'string') return [];
  try {
    void Intl.DateTimeFormat('en', { timeZone: zone });
    return [];
  } catch {
    return [
      {
        path: 'erp.zone',
        wrong: `“${zone}” is no time zone`,
        mend: 'Write an IANA zone such as US/Eastern or Europe/London.',
      },
    ];
  }
}

function addressProblems(erp: Loose): readonly SiteProblem[] {
  const { baseUrl, environment } = erp;
  if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl) || (environment !== 'test' && environment !== 'live'))
    return [];
  const segments = loose(erp['environmentSegments']);
  const wanted = word(segments[environment]) || environment.toUpperCase();
  const last = new URL(baseUrl).pathname.split('/').findLast(Boolean) ?? '';
  if (last.toUpperCase() === wanted.toUpperCase()) return [];
  return [
    {
      path: 'erp.baseUrl',
      wrong: `it ends in “${last}”, but the environment is declared as ${environment} (“${wanted}”)`,
      mend: 'Make address and environment agree; no order may go to the wrong one.',
    },
  ];
}

function statusProblems(erp: Loose): readonly SiteProblem[] {
  const letters = erp['statusLetters'];
  if (letters === undefined || letters === null || typeof letters !== 'object') return [];
  const named = new Set(Object.values(letters).map(String));
  const missing = [
    'open',
    'credit_hold',
    'hold',
    'released',
    'picked',
    'invoiced',
    'cancelled_customer',
    'cancelled_house',
  ].filter((status) => !named.has(status));
  return missing.length === 0
    ? []
    : [
        {
          path: 'erp.statusLetters',
          wrong: `no letter means ${missing.join(', ')}`,
          mend: 'Name the letter of each; leave the setting out for the usual ones.',
        },
      ];
}

function locationProblems(locations: Loose, divisions: readonly string[]): readonly SiteProblem[] {
  if (divisions.length === 0) return [];
  const rows = [
    ...list(locations['table']).map((row, index) => ({
      path: `locations.table[${index}].warehouses`,
      warehouses: loose(loose(row)['warehouses']),
    })),
    ...list(locations['byShipTo']).map((row, index) => ({
      path: `locations.byShipTo[${index}].warehouses`,
      warehouses: loose(loose(row)['warehouses']),
    })),
    { path: 'locations.defaultWarehouse', warehouses: loose(locations['defaultWarehouse']) },
  ];
  const strangers = rows.flatMap(({ path, warehouses }) =>
    Object.keys(warehouses)
      .filter((division) => !divisions.includes(division))
      .map((division) => ({
        path: `${path}.${division}`,
        wrong: `division “${division}” is not one of ${divisions.join(', ')}`,
        mend: 'Add it to divisions, or correct it. Quote codes with leading zeros: "01".',
      })),
  );
  const defaults = loose(locations['defaultWarehouse']);
  const missing =
    locations['defaultWarehouse'] === undefined ? [] : divisions.filter((division) => defaults[division] === undefined);
  const names = list(locations['table']).map((row) => word(loose(row)['location']));
  const twice = names.filter((name, index) => name !== '' && names.indexOf(name) !== index);
  return [
    ...strangers,
    ...missing.map((division) => ({
      path: 'locations.defaultWarehouse',
      wrong: `division “${division}” has no default warehouse`,
      mend: `Add "${division}": and the warehouse that takes its orders without a mapped location.`,
    })),
    ...twice.map((name) => ({
      path: `locations.table[${names.lastIndexOf(name)}].location`,
      wrong: `the location “${name}” stands in the table twice`,
      mend: 'Put all its divisions into one row.',
    })),
  ];
}

function paymentProblems(payment: Loose): readonly SiteProblem[] {
  const methods = list(payment['methods']).map((row) => word(loose(row)['method']));
  const twice = methods.filter((name, index) => name !== '' && methods.indexOf(name) !== index);
  const treatAs = loose(payment['unknownMethod'])['treatAs'];
  return [
    ...twice.map((name) => ({
      path: `payment.methods[${methods.lastIndexOf(name)}].method`,
      wrong: `“${name}” is described twice`,
      mend: 'Keep one.',
    })),
    ...(typeof treatAs === 'string' && !methods.includes(treatAs)
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

function purchaseOrderProblems(purchaseOrder: Loose, erp: Loose): readonly SiteProblem[] {
  const field = word(purchaseOrder['field']) || 'po_num';
  const longest = loose(erp['fieldLengths'])[field];
  const { maxLength } = purchaseOrder;
  if (typeof maxLength !== 'number' || typeof longest !== 'number' || maxLength <= longest) return [];
  return [
    {
      path: 'purchaseOrder.maxLength',
      wrong: `${maxLength} is more than the ${longest} that erp.fieldLengths gives ${field}`,
      mend: 'The ERP would cut the PO without a word: make it no longer than the field.',
    },
  ];
}

function patternProblems(sku: Loose): readonly SiteProblem[] {
  const { pattern } = sku;
  if (typeof pattern !== 'string') return [];
  const names = [...pattern.matchAll(/\{([^}]*)\}/g)].map((match) => match[1] ?? '');
  const strange = names.filter((name) => !PLACEHOLDERS.includes(name));
  const problems: SiteProblem[] = strange.map((name) => ({
    path: 'sku.pattern',
    wrong: `{${name}} is no code of a SKU`,
    mend: `Use ${PLACEHOLDERS.map((known) => `{${known}}`).join(' ')}.`,
  }));
  if (!names.includes('style'))
    problems.push({
      path: 'sku.pattern',
      wrong: 'it has no {style}',
      mend: 'A SKU without its style names nothing in the ERP.',
    });
  return problems;
}

function loose(value: unknown): Loose {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
