/** A SKU by its six codes. Blank codes are empty. */
export interface SeededSku {
  readonly division: string;
  readonly style: string;
  readonly color: string;
  readonly label: string;
  readonly dimension: string;
  readonly size: string;
  readonly bucket: number;
  readonly upc: string;
}

export interface SeededCustomer {
  readonly customer: string;
  readonly division: string;
  readonly name: string;
  readonly active: boolean;
  readonly terms: string;
  readonly currency: string;
  readonly creditLimit: string;
  readonly arBalance: string;
  readonly pastDue: string;
  readonly creditHold: boolean;
  readonly factor: string;
  readonly email: string;
}

export interface SeededStore {
  readonly customer: string;
  readonly store: string;
  readonly name: string;
  readonly addr1: string;
  readonly city: string;
  readonly state: string;
  readonly zipcode: string;
  readonly country: string;
  readonly centre: string;
  readonly active: boolean;
}

export const divisions = [
  { division: '01', name: 'Womens' },
  { division: '02', name: 'Mens' },
] as const;

/** W = a warehouse; POE and FOB are pseudo locations and never stock. */
export const locations = [
  { location: 'W01', name: 'Main warehouse', type: 'W' },
  { location: 'W02', name: 'West', type: 'W' },
  { location: 'W03', name: 'Outlet', type: 'W' },
  { location: 'POE', name: 'Port of entry', type: 'P' },
  { location: 'FOB', name: 'At the supplier', type: 'P' },
] as const;

export const terms = [
  { terms: 'N30', name: 'Net 30', days: 30 },
  { terms: 'N60', name: 'Net 60', days: 60 },
  { terms: 'COD', name: 'Cash on delivery', days: 0 },
  { terms: 'PPD', name: 'Prepaid', days: 0 },
] as const;

export const shippers = [
  { shipper: 'UPS', name: 'UPS Ground' },
  { shipper: 'FDX', name: 'FedEx' },
] as const;

export const reasons: readonly string[] = ['BUYR', 'OOS', 'DATE'];
export const holdCodes: readonly string[] = ['LOC', 'CS', 'REV'];

/** By what makes each of them worth a test. All but the last are kept in both divisions. */
export const customers: readonly SeededCustomer[] = [
  ...twice({ customer: 'CUST-0042', name: 'Example Stores', currency: 'GBP' }),
  ...twice({ customer: 'ACME01', name: 'Acme Outfitters', currency: 'USD' }),
  ...twice({
    customer: 'OVER01',
    name: 'Overdrawn Goods',
    creditLimit: '1000.00',
    arBalance: '990.00',
    currency: 'GBP',
  }),
  ...twice({ customer: 'INAC01', name: 'Inactive Traders', active: false, currency: 'GBP' }),
  ...twice({ customer: 'FACT01', name: 'Factored Fashions', factor: 'CIT', currency: 'GBP' }),
  ...twice({ customer: 'PAST01', name: 'Past Due Partners', pastDue: '420.00', currency: 'GBP' }),
  ...twice({ customer: 'CHAIN01', name: 'Chain of Stores', currency: 'GBP', creditLimit: '500000.00' }),
  ...twice({ customer: 'HOLD01', name: 'Held Haberdashers', creditHold: true, currency: 'GBP' }),
  ...twice({ customer: 'COD01', name: 'Cash Corner', terms: 'COD', currency: 'USD', email: '' }),
];

export const stores: readonly SeededStore[] = [
  store('CUST-0042', '0007', 'Example Stores 7', '7 Philosophy Way', 'Willerby', '', 'HU10 6AA', 'GB'),
  store('ACME01', '0001', 'Acme Portland', '1 High Street', 'Portland', 'OR', '97201', 'US'),
  store('CHAIN01', 'DC1', 'Chain distribution centre', '100 Depot Lane', 'Leeds', '', 'LS9 9ZZ', 'GB'),
  ...Array.from({ length: 12 }, (_, index) => ({
    ...store(
      'CHAIN01',
      String(index + 1).padStart(4, '0'),
      `Chain ${index + 1}`,
      `${index + 1} High Street`,
      'Leeds',
      '',
      'LS1 4AP',
      'GB',
    ),
    centre: 'DC1',
  })),
  { ...store('ACME01', '0099', 'Acme Closed', '99 Old Street', 'Portland', 'OR', '97201', 'US'), active: false },
];

const SIZES = ['S', 'M', 'L', 'XL'] as const;

/** About eighty SKUs: two divisions that share a style number, inseams, one size, a prepack, samples, UPCs missing and doubled. */
export function skus(extraStyles: number): readonly SeededSku[] {
  const rows = [
    ...range('01', 'AC-1001', ['BLK', 'NVY', 'RED'], 'A', SIZES),
    ...range('01', 'AC-1002', ['BLK', 'WHT'], 'A', SIZES),
    ...range('01', '00123', ['BLK', 'ECR'], 'A', SIZES),
    ...range('02', '00123', ['BLK'], 'A', SIZES),
    ...range('02', 'MN-2001', ['BLK', 'OLV'], 'A', SIZES),
    ...['30', '32', '34'].flatMap((inseam) => range('02', 'JN-500', ['IND'], 'A', ['28', '30', '32', '34'], inseam)),
    ...range('01', 'SCARF-1', ['RED', 'GRY'], 'A', ['OS']),
    ...range('01', 'PACK-6', ['AST'], 'A', ['PPK'], 'PK6'),
    ...range('01', 'AC-1001', ['BLK'], 'SAMPLE', ['M']),
    ...Array.from({ length: extraStyles }, (_, index) =>
      range('01', `X-${String(index).padStart(5, '0')}`, ['BLK'], 'A', SIZES),
    ).flat(),
  ];
  return rows.map((row, index) => ({ ...row, upc: upcOf(row, index) }));
}

function upcOf({ style, division, color, size }: Omit<SeededSku, 'upc'>, index: number): string {
  // One style without UPCs; one UPC that stands in both divisions.
  if (style === 'AC-1002') return '';
  if (style === '00123' && color === 'BLK' && size === 'M') return '012345678905';
  return `0${division}${String(index).padStart(9, '0')}`;
}

function range(
  division: string,
  style: string,
  colors: readonly string[],
  label: string,
  sizes: readonly string[],
  dimension = '',
): Omit<SeededSku, 'upc'>[] {
  return colors.flatMap((color) =>
    sizes.map((size, index) => ({ division, style, color, label, dimension, size, bucket: index + 1 })),
  );
}

function twice(
  given: Partial<SeededCustomer> & { customer: string; name: string; currency: string },
): readonly SeededCustomer[] {
  const base = {
    active: true,
    terms: 'N30',
    creditLimit: '25000.00',
    arBalance: '0.00',
    pastDue: '0.00',
    creditHold: false,
    factor: '',
    email: `ap@${given.customer.toLowerCase()}.example`,
  };
  return divisions.map(({ division }) => ({ ...base, ...given, division }));
}

function store(
  customer: string,
  code: string,
  name: string,
  addr1: string,
  city: string,
  state: string,
  zipcode: string,
  country: string,
): SeededStore {
  return { customer, store: code, name, addr1, city, state, zipcode, country, centre: '', active: true };
}
