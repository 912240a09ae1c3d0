/** SparkLayer's records as they travel. Open: every object may hold members that the contract does not name. */
export interface Open {
  [member: string]: unknown;
}

/** `number` is a decimal string; a float never holds money here. */
export interface Money extends Open {
  number: string;
  currency: string;
}

export interface LineTotal extends Open {
  total_net: Money;
  total_tax?: Money;
  total_gross?: Money;
  discount_net?: Money;
  discount_gross?: Money;
  tax_rate?: number;
}

export interface TaxLine extends Open {
  title: string;
  amount: Money;
  rate?: number;
}

export interface Address extends Open {
  first_name?: string | null;
  last_name?: string | null;
  company?: string | null;
  address_line1: string;
  address_line2?: string | null;
  city: string;
  region_code?: string | null;
  postal_code?: string | null;
  country_code: string;
  phone?: string | null;
}

export interface CustomAttribute extends Open {
  key: string;
  value?: string | null;
}

export interface LineItem extends Open {
  identifiers: Open & { sku?: string | null };
  name_parent?: string | null;
  name_child?: string | null;
  quantity: number;
  custom_attributes?: CustomAttribute[];
  line_total?: LineTotal;
  tax_lines?: TaxLine[];
}

export interface ShippingMethod extends Open {
  name?: string | null;
  line_total?: LineTotal;
}

export interface Shipment extends Open {
  carrier?: string | null;
  carrier_id?: string | null;
  tracking_number?: string | null;
  tracking_url?: string | null;
  shipped_at?: string | null;
}

export interface AccountingFile extends Open {
  identifiers: Open & { visible?: string };
  data: Open & { type: string; uri?: string };
  file_type: string;
}

export interface Package extends Open {
  type: string;
  identifiers?: Open & { sparklayer_package_id?: string | null };
  line_items: LineItem[];
  shipping_method?: ShippingMethod | null;
  shipping_address?: Address | null;
  shipments?: Shipment[];
  accounting_files?: AccountingFile[];
}

export interface PurchaseIdentifiers extends Open {
  sparklayer?: string | null;
  platform?: string | null;
  internal?: string | null;
  visible?: string | null;
}

export interface PurchaseDates extends Open {
  created_at?: string | null;
  updated_at?: string | null;
  placed_at?: string | null;
  calculated_submitted_at?: string | null;
}

/** A full purchase as SparkLayer keeps and sends it, `calculated_*` included. */
export interface PurchaseRecord extends Open {
  type: string;
  purchase_identifiers: PurchaseIdentifiers;
  customer_identifiers: Open & { sparklayer?: string | null };
  dates: PurchaseDates;
  packages: Package[];
  payment_method?: string | null;
  customer_reference?: string | null;
  currency_code?: string;
  total_paid?: Money | null;
  tax_lines?: TaxLine[];
  revision_date?: string | null;
  billing_address?: Address | null;
  accounting_files?: AccountingFile[];
  custom_fields?: (Open & { name: string; value?: string | null })[];
  metadata?: (Open & { name: string; value: string | null })[];
  calculated_total?: Money | null;
  calculated_total_usd?: Money | null;
  calculated_fulfilment_status?: string | null;
  calculated_shipping_address?: string | null;
}

export interface TransactionRecord extends Open {
  platform_id: string;
  total: Money;
  apply_to_balance: boolean;
  full_transaction?: unknown;
  created_at?: string;
  updated_at?: string;
}

/** Amounts of an account are JSON numbers on this wire; they are computed as decimals all the same. */
export interface PaymentOnAccount extends Open {
  credit_limit: number;
  balance: number;
  currency_code: string;
  net_terms: string;
}

export interface CustomerAddress extends Address {
  id: string;
  external_id?: string | null;
  nickname?: string | null;
}

export interface CustomerRecord extends Open {
  id: string;
  uuid: string;
  email: string;
  created_at: string;
  updated_at: string;
  addresses: CustomerAddress[];
  first_name?: string | null;
  last_name?: string | null;
  company_name?: string | null;
  external_id?: string | null;
  accounting_id?: string | null;
  status: string;
  group: string;
  role: string;
  default_billing_address_id?: string | null;
  default_shipping_address_id?: string | null;
  currency_code?: string | null;
  price_lists?: string[];
  payment_on_account?: PaymentOnAccount | null;
}

export interface StockLocationRecord extends Open {
  id: string;
  name: string;
  external_id: string | null;
}

export interface StockLevel extends Open {
  stock_location_id: string;
  stock_location_external_id: string | null;
  stock_level: number;
  restock_date: string | null;
  min_stock_level: number | null;
}

/** What a hand changes of a level. */
export type StockEdit = Partial<Pick<StockLevel, 'stock_level' | 'restock_date' | 'min_stock_level'>>;

export interface PriceListRecord extends Open {
  slug: string;
  name: string;
  currency_code: string;
  source: string;
  rules: unknown[];
  tax_inclusive_display: boolean;
}

export interface PriceBreak extends Open {
  quantity: number;
  price: number;
  unit_of_measure?: string | null;
}

export interface VariantRecord extends Open {
  product_id: string;
  id: string;
  sku: string;
  external_id?: string | null;
}

export interface ProductRecord extends Open {
  id: string;
  title: string;
  slug: string;
  external_id?: string | null;
}

export function isObject(value: unknown): value is Open {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
