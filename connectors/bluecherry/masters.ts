import type { z } from 'zod';

import type { ErpStyle } from '../../domain/catalogue/erp-style.ts';
import type { ErpCustomer, ErpStore, ErpTerms, ErpWarehouse } from '../../domain/sales-order.ts';
import { schemaDrift } from './blue-cherry-error.ts';
import type { Fold } from './codes.ts';
import type {
  CustomerRow,
  divisionRow,
  locationRow,
  shipperRow,
  StoreRow,
  StyleRow,
  termsRow,
} from './wire/masters.ts';

export interface ErpDivision {
  readonly division: string;
  readonly name: string;
  readonly active: boolean;
}

export interface ErpShipVia {
  readonly shipVia: string;
  readonly name: string;
}

/** A style whose children were asked for and did not come must not pass for one without SKUs. */
export function toStyle(row: StyleRow, fold: Fold, route: string): ErpStyle {
  if (!row.styledetail) throw schemaDrift(route, 'styledetail.rows');
  const style = fold(row.style);
  return {
    style,
    name: row.style_name.trim(),
    description: row.style_desc.trim(),
    groups: [
      row.group_code1,
      row.group_code2,
      row.group_code3,
      row.group_code4,
      row.group_code5,
      row.group_code6,
      row.group_code7,
      row.group_code8,
    ].map(fold),
    active: row.active_ok ?? true,
    skus: row.styledetail.rows.flatMap((detail) =>
      // Missing when no size is live (observed).
      (detail.stylecolorsizes?.['rows-i'] ?? []).map((size) => ({
        division: fold(detail.division),
        style,
        color: fold(size.color_code),
        label: fold(size.lbl_code),
        dimension: fold(size.dimension),
        size: fold(size.size_desc),
        upc: size.upc,
        season: fold(detail.season),
        channels: [fold(detail.catg_dest1), fold(detail.catg_dest2)],
      })),
    ),
  };
}

export function toCustomer(row: CustomerRow, fold: Fold): ErpCustomer {
  return {
    customer: fold(row.customer),
    division: fold(row.division),
    name: row.cust_name,
    active: row.active_ok,
    terms: fold(row.terms),
    currency: row.curr_code.toUpperCase(),
    shipVia: fold(row.shipper),
    warehouse: fold(row.location),
    creditHold: row.credit_hold_ok,
    factor: fold(row.factor),
  };
}

export function toStore(row: StoreRow, fold: Fold): ErpStore {
  return {
    customer: fold(row.customer),
    store: fold(row.store),
    name: row.store_name,
    line1: row.addr1,
    city: row.city,
    state: row.state,
    postalCode: row.zipcode,
    country: row.country.toUpperCase(),
    distributionCentre: fold(row.center_code),
    active: row.active_ok ?? true,
  };
}

export function toWarehouse(row: z.output<typeof locationRow>, fold: Fold): ErpWarehouse {
  return { warehouse: fold(row.location), name: row.loc_name, type: row.loc_type.toUpperCase() };
}

export function toTerms(row: z.output<typeof termsRow>, fold: Fold): ErpTerms {
  return { terms: fold(row.terms), name: row.terms_desc, active: row.active_ok ?? true };
}

export function toDivision(row: z.output<typeof divisionRow>, fold: Fold): ErpDivision {
  return { division: fold(row.division), name: row.div_name, active: row.active_ok ?? true };
}

export function toShipVia(row: z.output<typeof shipperRow>, fold: Fold): ErpShipVia {
  return { shipVia: fold(row.shipper), name: row.ship_name };
}
