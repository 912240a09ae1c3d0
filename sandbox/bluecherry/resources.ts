import {
  creditMemoEntries,
  invoiceEntries,
  logEntries,
  orderEntries,
  pickEntries,
  productionEntries,
} from './document-rows.ts';
import type { Erp, Row } from './erp.ts';
import {
  customerEntries,
  divisionEntries,
  locationEntries,
  seasonEntries,
  shipperEntries,
  storeEntries,
  styleEntries,
  termsEntries,
} from './master-rows.ts';

/** A row with what is shown only when the children are asked for. */
export interface Entry {
  readonly fields: Row;
  readonly children?: () => Row;
}

export interface Resource {
  readonly shape: 'flat' | 'header';
  readonly entries: (erp: Erp) => readonly Entry[];
}

/** Everything that can be read but the stock, by lower-case name. */
export const RESOURCES: Readonly<Record<string, Resource>> = {
  style: { shape: 'header', entries: styleEntries },
  location: { shape: 'flat', entries: locationEntries },
  shipper: { shape: 'flat', entries: shipperEntries },
  pick: { shape: 'header', entries: pickEntries },
  salesorder: { shape: 'header', entries: orderEntries },
  importlog: { shape: 'flat', entries: logEntries },
  customer: { shape: 'header', entries: customerEntries },
  customerstore: { shape: 'flat', entries: storeEntries },
  terms: { shape: 'flat', entries: termsEntries },
  division: { shape: 'flat', entries: divisionEntries },
  season: { shape: 'flat', entries: seasonEntries },
  pricelist: { shape: 'flat', entries: ({ prices }) => prices.entries() },
  invoice: { shape: 'header', entries: invoiceEntries },
  creditmemo: { shape: 'header', entries: creditMemoEntries },
  productionorderbystage: { shape: 'header', entries: productionEntries },
};
