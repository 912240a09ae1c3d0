import type { Site } from '../../config/site.ts';
import { customers } from '../../sandbox/sparklayer/seed.ts';
import type { SparkLayerStandIn } from '../../sandbox/sparklayer/stand-in.ts';

const GOOD = 'AC-1001-BLK-M';
export const SHARED_UPC = '012345678905';
/** Names a customer that the ERP does not have. */
export const STRANGER = '00000000-0000-4000-8000-0000000000aa';
/** A customer with terms that the site file does not translate. */
export const CASH_CORNER = '00000000-0000-4000-8000-0000000000bb';

/** A site file with one mistake of each kind that the audit knows. */
export function withGaps(site: Site): Site {
  const { rules, stock, customers: accounts } = site;
  return {
    ...site,
    erp: { ...site.erp, limits: { concurrent: 8, burstPerSecond: 1_000, perMinute: 1_200 } },
    erpPoll: { intervalSeconds: 0.1 },
    audit: { ...site.audit, snapshotMinutes: 0.001 },
    divisions: [...site.divisions, '03'],
    rules: {
      ...rules,
      divisions: [...rules.divisions, '03'],
      locations: {
        ...rules.locations,
        table: [...rules.locations.table, { location: 'ghost', warehouses: { '01': 'W01' } }],
        byShipTo: [{ country: 'US', regions: [], warehouses: { '01': 'W77', '02': 'W77' } }],
      },
      payment: {
        ...rules.payment,
        methods: rules.payment.methods.map((each) => (each.method === 'invoice' ? { ...each, terms: 'N45' } : each)),
      },
      shipVia: { ...rules.shipVia, methods: { 'Standard shipping': 'UPS', Express: 'DHL' } },
    },
    stock: { ...stock, feeds: [{ location: 'warehouse-1', from: [{ division: '01', warehouse: 'W01' }] }] },
    customers: {
      ...accounts,
      mode: 'check',
      terms: { N30: 30 },
      priceLists: [{ level: 'B', currency: 'GBP', lists: ['erp-wholesale-gbp'] }],
    },
    pricing: {
      ...site.pricing,
      mode: 'check',
      lists: [
        { managedBy: 'erp', list: 'erp-wholesale-gbp', source: source('GBP'), name: '' },
        { managedBy: 'erp', list: 'no-such-list', source: source('GBP'), name: '' },
      ],
    },
  };
}

function source(currency: string) {
  return { currency, level: 'B', baseLevel: 'A', customer: '' };
}

/** What the storefront lacks, and an order or more for everything that an order can meet. */
export function seedGaps(storefront: SparkLayerStandIn): void {
  storefront.addStockLocation({ name: 'Pop-up store', external_id: 'pop-up' });
  storefront.addStockLocation({ name: 'Back room', external_id: '' });
  storefront.addCustomer({
    uuid: STRANGER,
    email: 's@stranger.example',
    company_name: 'Stranger',
    accounting_id: 'NOPE01',
  });
  storefront.addCustomer({
    uuid: CASH_CORNER,
    email: 'c@cash.example',
    company_name: 'Cash Corner',
    accounting_id: 'COD01',
    currency_code: 'usd',
    price_lists: ['erp-wholesale-usd'],
  });
  storefront.addProduct('Known', [GOOD, SHARED_UPC]);
  storefront.addProduct('Mystery', ['MYSTERY-1']);

  const line = (sku: string, quantity: number, unitPrice: string) => ({ lines: [{ sku, quantity, unitPrice }] });
  const shipTo = ADDRESS;
  storefront.checkout({ ...line(GOOD, 3, '20.00'), shipTo });
  storefront.checkout({ ...line(GOOD, 5, '20.00'), shipTo, location: 'pop-up' });
  storefront.checkout({ ...line(GOOD, 1, '12.50'), shipTo, location: 'pop-up' });
  storefront.checkout({ ...line(GOOD, 7, '20.00'), shipTo, paymentMethod: 'invoice' });
  storefront.checkout({ ...line(GOOD, 2, '21.00'), shipTo, paymentMethod: 'barter' });
  storefront.checkout({ ...line(GOOD, 9, '20.00'), shipTo, shipping: { name: 'Express', net: '15.00' } });
  storefront.checkout({ ...line(GOOD, 4, '20.00'), shipTo, shipping: { name: 'Night courier', net: '40.00' } });
  storefront.checkout({ ...line('MYSTERY-1', 6, '31.00'), shipTo });
  storefront.checkout({ ...line(SHARED_UPC, 8, '19.00'), shipTo });
  storefront.checkout({ ...line(GOOD, 10, '20.00'), shipTo, customer: customers.withoutAccount.uuid });
  storefront.checkout({ ...line(GOOD, 11, '20.00'), shipTo, customer: customers.inactive.uuid });
  storefront.checkout({ ...line(GOOD, 12, '20.00'), shipTo, customer: STRANGER });
  storefront.checkout({ ...line(GOOD, 13, '20.00'), shipTo, customer: CASH_CORNER, currency: 'usd' });
  storefront.checkout({
    ...line(GOOD, 14, '20.00'),
    customer: customers.dollars.uuid,
    currency: 'usd',
    location: null,
    shipTo: { ...ADDRESS, country_code: 'US', region_code: 'NY' },
  });
  // Older than the audit looks, and the dearest of all.
  storefront.checkout({
    ...line('MYSTERY-1', 100, '500.00'),
    shipTo,
    placedAt: new Date(Date.now() - 40 * 86_400_000).toISOString(),
  });
}

const ADDRESS = {
  first_name: 'Ada',
  last_name: 'Buyer',
  address_line1: '7 Philosophy Way',
  city: 'Willerby',
  postal_code: 'HU10 6AA',
  country_code: 'GB',
};
