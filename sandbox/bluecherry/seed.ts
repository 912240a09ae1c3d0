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
  /** A SKU that is no longer live vanishes from its style and cannot be ordered. */
  readonly live: boolean;
}

/** Goods on their way; `linked` ones belong to particular orders and never enter what can be sold. */
export interface SeededProduction {
  readonly number: string;
  readonly kind: 'make' | 'buy';
  /** 3 = in transit. */
  readonly stage: 1 | 2 | 3;
  readonly due: string;
  readonly style: string;
  readonly quantity: number;
  /** Blank = no ship-to yet. */
  readonly location: string;
  readonly linked: boolean;
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
  readonly shipper: string;
  readonly salesperson: string;
  readonly priceLevel: keyof typeof priceLevels;
  /** Credit is kept per division and shown in its own rows. */
  readonly creditPerDivision: boolean;
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
  readonly shipper: string;
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

export const seasons = [
  { season: 'SP26', name: 'Spring 2026', from: '01/01/2026', to: '06/30/2026' },
  { season: 'HO26', name: 'Holiday 2026', from: '07/01/2026', to: '12/31/2026' },
] as const;

/** Price of a level as a share of the list price, in both currencies. */
export const priceLevels = { A: '1.00', B: '0.80', C: '0.70', D: '0.60' } as const;
export const listPrices = { USD: '30.00', GBP: '25.00' } as const;

/** One order of each kind: bought and made, under way and in transit, linked and not, with and without a ship-to. */
export const production: readonly SeededProduction[] = [
  {
    number: '50077',
    kind: 'buy',
    stage: 3,
    due: '2026-12-10',
    style: 'AC-1001',
    quantity: 50,
    location: 'W01',
    linked: false,
  },
  {
    number: '50078',
    kind: 'make',
    stage: 1,
    due: '2027-02-01',
    style: 'AC-1001',
    quantity: 200,
    location: 'W01',
    linked: false,
  },
  {
    number: '50079',
    kind: 'buy',
    stage: 2,
    due: '2027-01-15',
    style: '00123',
    quantity: 80,
    location: 'W02',
    linked: false,
  },
  {
    number: '50080',
    kind: 'make',
    stage: 2,
    due: '2027-03-01',
    style: 'MN-2001',
    quantity: 60,
    location: '',
    linked: false,
  },
  {
    number: '50081',
    kind: 'buy',
    stage: 2,
    due: '2027-01-20',
    style: 'AC-1002',
    quantity: 40,
    location: 'W01',
    linked: true,
  },
];

export const reasons: readonly string[] = ['BUYR', 'OOS', 'DATE'];
export const holdCodes: readonly string[] = ['LOC', 'CS', 'REV'];

/** By what makes each of them worth a test. All are kept in both divisions. */
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
  ...twice({
    customer: 'CHAIN01',
    name: 'Chain of Stores',
    currency: 'GBP',
    creditLimit: '500000.00',
    creditPerDivision: true,
  }),
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
    shipper: 'FDX',
  })),
  { ...store('ACME01', '0099', 'Acme Closed', '99 Old Street', 'Portland', 'OR', '97201', 'US'), active: false },
];

/** What a style is called, where it belongs (group 1 to 8), and through which channels its colours are sold. */
export interface SeededStyle {
  readonly name: string;
  readonly description: string;
  readonly groups: readonly string[];
  /** `catg_dest1` and `catg_dest2` of every colour. */
  readonly channels: readonly [string, string];
}

/** Two share a name, one is not sold to retailers, one is without a name. */
const STYLES: Readonly<Record<string, Partial<SeededStyle>>> = {
  'AC-1001': { name: 'Merino Crew', description: 'Crew neck, extra fine merino', groups: groups('KNT', 'CRW', 'W') },
  'AC-1002': { name: 'Merino Crew', description: 'Crew neck, recycled merino', groups: groups('KNT', 'CRW', 'W') },
  '00123': { name: 'Crew Tee', description: 'Crew neck tee, organic cotton', groups: groups('KNT', 'TEE', 'W') },
  'MN-2001': { name: 'Field Overshirt', groups: groups('WVN', 'SHT', 'M') },
  'JN-500': { name: 'Selvedge Jean', groups: groups('WVN', 'JNS', 'M'), channels: ['RTL', 'B2B'] },
  'SCARF-1': { name: 'Brushed Scarf', groups: groups('ACC', 'SCF', '') },
  'PACK-6': { name: '', groups: groups('ACC', 'PCK', ''), channels: ['B2B', ''] },
};

export function seededStyle(style: string): SeededStyle {
  return {
    name: `Style ${style}`,
    description: '',
    groups: groups('KNT', 'TEE', ''),
    channels: ['B2B', ''],
    ...STYLES[style],
  };
}

/** Groups 1 and 2, and 7, which says for whom. */
function groups(merchandise: string, category: string, gender: string): readonly string[] {
  return [merchandise, category, '', '', '', '', gender, ''];
}

const SIZES = ['S', 'M', 'L', 'XL'] as const;

/** Sixty SKUs: two divisions that share a style number, inseams, one size, a prepack, a sample, UPCs missing and doubled. */
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
    // Sold out for good: the style is still listed, without colours and sizes that are live.
    ...range('01', 'OLD-900', ['BLK'], 'A', SIZES).map((sku) => ({ ...sku, live: false })),
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
  // As in the contract's example of an order.
  if (style === '00123' && division === '01' && color === 'BLK' && size === 'L') return '012345678912';
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
    sizes.map((size, index) => ({ division, style, color, label, dimension, size, bucket: index + 1, live: true })),
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
    shipper: 'UPS',
    salesperson: 'R10',
    priceLevel: 'B' as const,
    creditPerDivision: false,
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
  return { customer, store: code, name, addr1, city, state, zipcode, country, centre: '', shipper: '', active: true };
}
