import { Decimal } from 'decimal.js';

import { LONG_AGO, styleOf, type Customer, type Erp, type Sku } from './erp.ts';
import { openOrderAmount } from './credit.ts';
import type { Entry } from './resources.ts';
import { divisions, locations, seasons, shippers, stores, terms } from './seed.ts';

const HEAD_OFFICES = {
  britain: { addr1: '1 Head Office Road', addr2: '', city: 'Hull', state: '', zipcode: 'HU1 1AA', country: 'GB' },
  america: { addr1: '1 High St', addr2: '', city: 'Albany', state: 'NY', zipcode: '12207', country: 'US' },
} as const;

/** Styles with their colours, and those with the sizes that are live. Codes are padded, numbers mixed: normal. */
export function styleEntries(erp: Erp): readonly Entry[] {
  return [...Map.groupBy(erp.catalogue.values(), ({ style }) => style)].map(([style, skus], index) => {
    const { name, description, groups, channels } = styleOf(erp, style);
    const colours = [...Map.groupBy(skus, ({ division, color }) => `${division}/${color}`).values()];
    return {
      fields: {
        pkey: 4_101 + index,
        style,
        style_name: name,
        style_desc: description || null,
        ...Object.fromEntries(groups.map((code, place) => [`group_code${place + 1}`, code === '' ? null : `${code} `])),
        active_ok: skus.some(({ live }) => live) ? 'Y' : 'N',
        last_mod: erp.styleChanged.get(style) ?? LONG_AGO,
      },
      children: () => ({
        styledetail: { rows: colours.map((colour, place) => colourRow(colour, channels, 7_001 + index * 100 + place)) },
      }),
    };
  });
}

function colourRow(skus: readonly Sku[], [first, second]: readonly [string, string], pkey: number) {
  const live = skus.filter((sku) => sku.live);
  const sizes = live.map(({ upc, color, size, dimension, label }) => ({
    fkey: pkey,
    upc,
    ean: '',
    color_code: color,
    size_desc: size,
    dimension,
    lbl_code: label.padEnd(5),
  }));
  return {
    pkey,
    division: (skus[0]?.division ?? '').padEnd(3),
    season: 'SP26',
    std_cost: '9.1500',
    gar_wgt: 0.2,
    third_party_item: '',
    catg_dest1: first,
    catg_dest2: second,
    // Missing when no size is live.
    ...(sizes.length > 0 ? { stylecolorsizes: { 'rows-i': sizes } } : {}),
  };
}

export function customerEntries(erp: Erp): readonly Entry[] {
  return erp.customers.map((customer, index) => {
    const figures = creditFigures(erp, customer);
    const { name, email, currency } = customer;
    return {
      fields: {
        pkey: 210 + index,
        customer: customer.customer.padEnd(10),
        cust_name: name,
        active_ok: customer.active ? 'Y' : 'N',
        division: customer.division,
        terms: customer.terms,
        terms_desc: terms.find((each) => each.terms === customer.terms)?.name ?? null,
        ...figures,
        shipper: customer.shipper,
        salesper1: customer.salesperson,
        price_code: customer.priceLevel,
        disc_pct: 0,
        tax_exempt_ok: '',
        location: 'W01',
        last_mod: customer.changed,
      },
      children: () => ({
        customeraddress: {
          rows: [
            {
              addr_type: 'BT',
              name,
              ...HEAD_OFFICES[currency === 'USD' ? 'america' : 'britain'],
              contact: '',
              email: email || null,
            },
          ],
        },
        customercredit: { rows: customer.creditPerDivision ? [{ division: customer.division, ...figures }] : [] },
      }),
    };
  });
}

function creditFigures(erp: Erp, customer: Customer) {
  const open = openOrderAmount(erp, customer);
  const available = new Decimal(customer.creditLimit).minus(customer.arBalance).minus(open);
  return {
    credit_limit: Number(customer.creditLimit),
    credit_avail: Number(available.toFixed(2)),
    ar_balance: customer.arBalance,
    open_order_amt: Number(open.toFixed(2)),
    past_due_amt: Number(customer.pastDue),
    credit_hold_ok: customer.creditHold ? 'Y' : 'N',
    factor: customer.factor,
    curr_code: customer.currency,
  };
}

export function storeEntries(): readonly Entry[] {
  return stores.map(
    ({ customer, store, name, addr1, city, state, zipcode, country, centre, shipper, active }, index) => ({
      fields: {
        pkey: 511 + index,
        customer: customer.padEnd(10),
        store: store.padEnd(10),
        store_name: name,
        addr1,
        addr2: '',
        city,
        state,
        zipcode,
        country,
        contact: '',
        email: null,
        center_code: centre,
        // Blank stands for N.
        active_ok: active ? 'Y' : ' ',
        tax_code: '',
        shipper,
        last_mod: LONG_AGO,
      },
    }),
  );
}

export function locationEntries(): readonly Entry[] {
  return locations.map(({ location, name, type }, index) => ({
    fields: {
      pkey: 12 + index,
      location: location.padEnd(6),
      loc_name: name,
      loc_type: type,
      resv_wh: '',
      last_mod: LONG_AGO,
    },
  }));
}

export function shipperEntries(): readonly Entry[] {
  return shippers.map(({ shipper, name }, index) => ({
    fields: { pkey: 3 + index, shipper, ship_name: name, last_mod: LONG_AGO },
  }));
}

export function termsEntries(): readonly Entry[] {
  return terms.map(({ terms, name, days }, index) => ({
    fields: {
      pkey: 1 + index,
      terms: terms.padEnd(5),
      terms_desc: name,
      net_days: String(days),
      disc_days: 0,
      disc_pct: '0.00',
      active_ok: 'Y',
      last_mod: LONG_AGO,
    },
  }));
}

export function divisionEntries(): readonly Entry[] {
  return divisions.map(({ division, name }, index) => ({
    fields: { pkey: 1 + index, division: division.padEnd(3), div_name: name, active_ok: 'Y', last_mod: LONG_AGO },
  }));
}

export function seasonEntries(): readonly Entry[] {
  return seasons.map(({ season, name, from, to }, index) => ({
    fields: {
      pkey: 7 + index,
      season,
      season_desc: name,
      start_date: from,
      end_date: to,
      active_ok: 'Y',
      last_mod: LONG_AGO,
    },
  }));
}
