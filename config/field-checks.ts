import { FIELD_LENGTHS } from './field-lengths.ts';
import { list, loose, word, type Loose } from './loose.ts';
import type { SiteProblem } from './problems.ts';

/** A reference has 26 characters, and up to 3 more tell further documents of an order (decisions 2 and 3). */
const LONGEST_REFERENCE = 29;

/** Fields that every sales order fills in itself. A setting that named one would be overwritten without a word. */
const TAKEN = new Set(
  `trans_type ord_num isa_num vnd_id vnd_qual ext_ref division location customer store center_code department ord_type
  ord_date start_date end_date terms shipper ship_terms salesper1 season curr_code hold_code disc_amt disc_code frgt_amt
  tax_amt tax_fixed_ok notes salesorderaddress salesorderdetail`.split(/\s+/),
);

interface NamedField {
  readonly path: string;
  readonly field: string;
}

/** Whether the ERP's fields can hold what the settings put there, and one thing each. */
export function fieldProblems(site: Loose): readonly SiteProblem[] {
  const declared = loose(loose(site['erp'])['fieldLengths']);
  const lengthOf = (field: string): number | undefined => {
    const length = declared[field] ?? FIELD_LENGTHS[field];
    return typeof length === 'number' ? length : undefined;
  };
  const fields = namedFields(site);
  return [
    ...clashes(fields),
    ...purchaseOrderProblems(loose(site['purchaseOrder']), lengthOf, declared),
    ...referenceProblems(fields, lengthOf),
    ...codeProblems(site, lengthOf),
  ];
}

function namedFields(site: Loose): readonly NamedField[] {
  const named = (path: string, part: unknown, name: string, otherwise: string): NamedField => {
    const given = loose(part)[name];
    return { path, field: given === undefined ? otherwise : word(given) };
  };
  return [
    named('erp.altPoField', site['erp'], 'altPoField', 'altpo'),
    named('references.field', site['references'], 'field', 'udford1c'),
    named('purchaseOrder.field', site['purchaseOrder'], 'field', 'po_num'),
    named('payment.referenceField', site['payment'], 'referenceField', 'udford2c'),
    named('references.visibleNumberField', site['references'], 'visibleNumberField', ''),
  ].filter(({ field }) => field !== '');
}

/** Two things in one field: the later one is lost, and if that is the reference, orders are no longer found again. */
function clashes(fields: readonly NamedField[]): readonly SiteProblem[] {
  return fields.flatMap(({ path, field }, index) => {
    const other = fields.find((earlier, place) => place < index && earlier.field === field);
    if (other)
      return [
        {
          path,
          wrong: `${field} already carries what ${other.path} puts there`,
          mend: 'Name another field; each holds one thing.',
        },
      ];
    return TAKEN.has(field)
      ? [
          {
            path,
            wrong: `every sales order fills ${field} in itself`,
            mend: 'Name a field of your own, such as udford3c.',
          },
        ]
      : [];
  });
}

function purchaseOrderProblems(
  purchaseOrder: Loose,
  lengthOf: (field: string) => number | undefined,
  declared: Loose,
): readonly SiteProblem[] {
  const field = word(purchaseOrder['field']) || 'po_num';
  const maxLength = purchaseOrder['maxLength'] ?? 22;
  const longest = lengthOf(field);
  if (typeof maxLength !== 'number' || longest === undefined || maxLength <= longest) return [];
  return [
    {
      path: 'purchaseOrder.maxLength',
      wrong:
        declared[field] === undefined
          ? `${maxLength} is more than the ${longest} that ${field} is sure to hold`
          : `${maxLength} is more than the ${longest} that erp.fieldLengths gives ${field}`,
      mend: `The ERP would cut the PO without a word: make it no longer than the field, or, if your ERP holds more, say so in erp.fieldLengths.${field}.`,
    },
  ];
}

function referenceProblems(
  fields: readonly NamedField[],
  lengthOf: (field: string) => number | undefined,
): readonly SiteProblem[] {
  return fields
    .filter(({ path }) => path === 'erp.altPoField' || path === 'references.field')
    .flatMap(({ path, field }) => {
      const longest = lengthOf(field);
      return longest !== undefined && longest < LONGEST_REFERENCE
        ? [
            {
              path,
              wrong: `${field} holds ${longest} characters; our reference needs ${LONGEST_REFERENCE}`,
              mend: 'Name a longer field, or correct erp.fieldLengths: a cut reference cannot be found again.',
            },
          ]
        : [];
    });
}

/** A code that its field cannot hold parks every order that gets it; better to know at start. */
function codeProblems(site: Loose, lengthOf: (field: string) => number | undefined): readonly SiteProblem[] {
  const locations = loose(site['locations']);
  const payment = loose(site['payment']);
  const shipping = loose(site['shipping']);
  const money = loose(site['money']);
  const warehouses = (path: string, given: unknown): readonly CodeAt[] =>
    Object.entries(loose(given)).map(([division, code]) => ({ path: `${path}.${division}`, field: 'location', code }));
  const codes: readonly CodeAt[] = [
    ...list(site['divisions']).map((code, index) => ({ path: `divisions[${index}]`, field: 'division', code })),
    { path: 'erp.cancelReasonCode', field: 'reason_code', code: loose(site['erp'])['cancelReasonCode'] },
    ...['table', 'byShipTo'].flatMap((name) =>
      list(locations[name]).flatMap((row, index) =>
        warehouses(`locations.${name}[${index}].warehouses`, loose(row)['warehouses']),
      ),
    ),
    ...warehouses('locations.defaultWarehouse', locations['defaultWarehouse']),
    { path: 'locations.defaultHoldCode', field: 'hold_code', code: locations['defaultHoldCode'] },
    ...list(payment['methods']).flatMap((method, index) => [
      { path: `payment.methods[${index}].orderType`, field: 'ord_type', code: loose(method)['orderType'] },
      { path: `payment.methods[${index}].terms`, field: 'terms', code: loose(method)['terms'] },
      { path: `payment.methods[${index}].holdCode`, field: 'hold_code', code: loose(method)['holdCode'] },
    ]),
    ...Object.entries(loose(shipping['methods'])).map(([name, code]) => ({
      path: `shipping.methods.${name}`,
      field: 'shipper',
      code,
    })),
    { path: 'shipping.otherwise', field: 'shipper', code: shipping['otherwise'] },
    { path: 'shipping.terms', field: 'ship_terms', code: shipping['terms'] },
    { path: 'money.discountCode', field: 'disc_code', code: money['discountCode'] },
    { path: 'money.roundingCode', field: 'disc_code', code: money['roundingCode'] },
    ...list(site['ownHoldCodes']).map((code, index) => ({ path: `ownHoldCodes[${index}]`, field: 'hold_code', code })),
  ];
  return codes.flatMap(({ path, field, code }) => {
    const longest = lengthOf(field);
    if (typeof code !== 'string' || longest === undefined || code.trim().length <= longest) return [];
    return [
      {
        path,
        wrong: `“${code.trim()}” has ${code.trim().length} characters; ${field} is sure to hold ${longest}`,
        mend: `Correct the code, or, if your ERP holds more, say so in erp.fieldLengths.${field}.`,
      },
    ];
  });
}

interface CodeAt {
  readonly path: string;
  readonly field: string;
  readonly code: unknown;
}
