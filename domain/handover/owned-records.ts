import type { OwnedPart } from '../customers/customer-rules.ts';
import type { Owner } from '../site-rules.ts';
import type { HandoverSite } from './handover-site.ts';
import { listInWords } from './timing-words.ts';

/** A kind of record: who keeps it, where, and what happens to it. */
export interface OwnedRecord {
  readonly team: Owner;
  readonly record: string;
  /** Which side is right when the two differ. */
  readonly keptIn: 'the storefront' | 'the ERP' | 'the site file' | 'the storefront and the ERP, each its part';
  readonly fields: string;
  readonly happens: string;
}

const PARTS: Readonly<Record<OwnedPart, string>> = {
  terms: 'terms',
  credit: 'credit limit and balance',
  active: 'whether they may buy',
  priceLists: 'price lists',
  companyName: 'company name',
};

/** Who keeps what at this site, by its own settings. */
export function ownedRecords(site: HandoverSite): readonly OwnedRecord[] {
  const { rules } = site;
  return [
    {
      team: 'ecommerce',
      record: 'Purchases',
      keptIn: 'the storefront',
      fields: 'buyer, lines, quantities, prices, discounts, tax, ship-to, PO number, requested date, location',
      happens: `Every purchase of type ${listInWords(rules.intakeTypes)} becomes an order in the ERP. On the purchase only the ERP’s order number, packages, shipments, invoice files and one remark of its own are written.`,
    },
    productsOf(site),
    {
      team: 'ecommerce',
      record: 'Customers of the storefront',
      keptIn: site.customers.mode === 'write' ? 'the storefront and the ERP, each its part' : 'the storefront',
      fields: 'e-mail, login, role, group, addresses; and the ERP’s customer code, which ties both together',
      happens:
        'Never touched, but for what finance keeps in the ERP. A customer without an ERP code cannot be ordered for.',
    },
    {
      team: 'finance',
      record: 'Customers of the ERP',
      keptIn: 'the ERP',
      fields: listInWords(site.customers.owns.map((part) => PARTS[part])) || 'nothing',
      happens: {
        write: 'What is named here is brought to the storefront’s customers.',
        check: 'What is named here is compared with the storefront and reported; nothing is written.',
        off: 'Nothing of it is brought to the storefront.',
      }[site.customers.mode],
    },
    ...priceListsOf(site),
    {
      team: 'finance',
      record: 'Invoices and credit memos',
      keptIn: 'the ERP',
      fields: 'number, amount, lines',
      happens: `Shown on the purchase: files of invoices${rules.progress.invoiceUrl === '' ? ' by number and amount' : ''}; payments ${useOf(rules.progress.payments)}, credits ${useOf(rules.progress.credits)}.`,
    },
    {
      team: 'finance',
      record: 'Ways of paying',
      keptIn: 'the site file',
      fields: rules.payment.methods
        .map(({ method, terms, sendWhen }) =>
          [method, terms && `terms ${terms}`, sendWhen === 'paidInFull' && 'only when paid in full']
            .filter(Boolean)
            .join(', '),
        )
        .join('; '),
      happens:
        rules.payment.unknownMethod.action === 'park'
          ? 'An order that is paid in another way waits for a person.'
          : `Any other way is treated as ${rules.payment.unknownMethod.method}.`,
    },
    {
      team: 'warehouse',
      record: 'Stock',
      keptIn: 'the ERP',
      fields: 'on hand, open to sell, picked, open, reserved; never what is still to be made or to arrive',
      happens:
        site.stock.writes === 'on'
          ? `The lowest figure, less what is held back, is shown at the storefront: ${site.stock.feeds.map(({ location, from }) => `${location} from ${listInWords(from.map(({ warehouse, division }) => `${warehouse} (division ${division})`))}`).join('; ')}.`
          : 'Not brought to the storefront (stock.writes is off).',
    },
    {
      team: 'warehouse',
      record: 'Which warehouse serves an order',
      keptIn: 'the site file',
      fields: rules.locations.table.map(({ location, warehouses }) => `${location}: ${pairs(warehouses)}`).join('; '),
      happens: `An order at a location that is not in this table goes to ${pairs(rules.locations.defaultWarehouse)}, on hold ${rules.locations.defaultHoldCode}.`,
    },
    {
      team: 'warehouse',
      record: 'Picks, shipments and tracking',
      keptIn: 'the ERP',
      fields: 'quantities, carrier, tracking number',
      happens: 'Written onto the purchase, so that the buyer can follow the goods.',
    },
    {
      team: 'warehouse',
      record: 'Ways of shipping',
      keptIn: 'the site file',
      fields:
        Object.entries(rules.shipVia.methods)
          .map(([method, code]) => `${method}: ${code}`)
          .join('; ') || 'none is named',
      happens: rules.shipVia.otherwise
        ? `Any other way is shipped by ${rules.shipVia.otherwise}.`
        : 'For any other way the store’s own carrier is taken, else the customer’s.',
    },
    {
      team: 'integration',
      record: 'Orders in the ERP',
      keptIn: 'the storefront and the ERP, each its part',
      fields: `reference (alternate PO and ${rules.referenceField}), PO number (${rules.purchaseOrder.field}), lines, warehouse, ship-to`,
      happens:
        'Entered once, and changed with the purchase as far as the goods allow. What a clerk changes in the ERP is shown, never overwritten in silence.',
    },
    {
      team: 'integration',
      record: 'The site file',
      keptIn: 'the site file',
      fields: 'addresses, mappings, schedules, owners, channels; of keys and passwords only where they are read from',
      happens: 'Checked as a whole before it is used; the audit compares it with both systems every night.',
    },
  ];
}

function productsOf({ catalogue }: HandoverSite): OwnedRecord {
  const isKept = catalogue.mode === 'write';
  return {
    team: 'ecommerce',
    record: 'Products and variants',
    keptIn: isKept ? 'the storefront and the ERP, each its part' : 'the storefront',
    fields: isKept
      ? `the ERP’s: styles, colours, sizes, SKU, whether on sale; yours once created: ${listInWords(catalogue.enriched)}`
      : 'all of them',
    happens: {
      write: 'New items of the ERP appear by themselves; what is no longer sold is discontinued, never deleted.',
      check: 'Compared with the ERP and reported; nothing is written.',
      off: 'Another system keeps them; nothing is written.',
    }[catalogue.mode],
  };
}

function priceListsOf({ pricing }: HandoverSite): readonly OwnedRecord[] {
  if (pricing.lists.length === 0)
    return [
      {
        team: 'finance',
        record: 'Price lists',
        keptIn: 'the storefront',
        fields: 'all of them',
        happens: 'Not touched (pricing.mode is off).',
      },
    ];
  return pricing.lists.map((rule) => {
    const { list, source } = rule;
    return {
      team: 'finance',
      record: `Price list ${list}`,
      keptIn: rule.managedBy === 'erp' ? 'the ERP' : 'the storefront',
      fields: `${source.currency}, price level ${source.level}${source.customer && `, own prices of ${source.customer}`}`,
      happens:
        rule.managedBy === 'storefront'
          ? 'People keep it in the storefront; changes of the ERP that did not reach it are told.'
          : pricing.mode === 'write'
            ? 'Written from the ERP’s prices; nothing else may be in it.'
            : 'Compared with the ERP’s prices; nothing is written.',
    };
  });
}

function useOf(use: HandoverSite['rules']['progress']['payments']): string {
  return { off: 'are not shown', information: 'as information', balance: 'count towards the balance' }[use];
}

function pairs(byDivision: Readonly<Record<string, string>>): string {
  return Object.entries(byDivision)
    .map(([division, warehouse]) => `division ${division} → ${warehouse}`)
    .join(', ');
}
