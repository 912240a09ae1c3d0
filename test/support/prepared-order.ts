import type { PreparedSalesOrder } from '../../domain/sales-order.ts';

/** The sales order of the SparkLayer contract's example purchase, as it would be sent. */
export function aPreparedOrder(change: Partial<PreparedSalesOrder> = {}): PreparedSalesOrder {
  return {
    reference: '334509KHS79T4TQ8MHS7S9F1J6'.slice(0, 26),
    division: '01',
    warehouse: 'W01',
    customer: 'CUST-0042',
    store: '0007',
    distributionCentre: '',
    department: '',
    salesperson: '',
    season: '',
    orderType: 'B2B',
    purchaseOrder: 'PO-7781',
    orderDate: '2026-01-05',
    startDate: '2026-01-20',
    endDate: '2026-02-19',
    terms: '',
    shipVia: 'UPS',
    shipTerms: 'PP',
    currency: 'GBP',
    holdCode: '',
    discount: '0.00',
    discountCode: '',
    freight: '10.00',
    tax: '42.00',
    notes: 'SparkLayer B2B01123',
    siteFields: {},
    billTo: null,
    shipTo: {
      name: 'Example Stores',
      line1: '7 Philosophy Way',
      line2: '',
      city: 'Willerby',
      state: '',
      postalCode: 'HU10 6AA',
      country: 'GB',
      contact: '',
      email: '',
    },
    lines: [
      {
        sequence: 1,
        item: 'AC-1001-BLK-M',
        sku: { division: '01', style: 'AC-1001', color: 'BLK', label: 'A', dimension: '', size: 'M', upc: '' },
        quantity: 10,
        price: '20.00',
        warehouse: 'W01',
        listPrice: null,
        discountPercent: null,
        startDate: null,
        endDate: null,
        notes: '',
      },
    ],
    highestLine: 1,
    asked: { location: null, deliveryDate: null, paymentMethod: null },
    ...change,
  };
}

/** The row of the import log that says of an order staged as 55012: it is sales order 104512. */
export function importOf({ reference }: Pick<PreparedSalesOrder, 'reference'>) {
  return {
    kind: 'imported',
    transaction: '55012',
    row: 1,
    controlNumber: '000000123',
    reference,
    orderNumber: '104512',
    warnings: [],
  } as const;
}
