import type { Amount } from '../money.ts';

/** What of a storefront customer the ERP may own. E-mail, login, role, group and addresses are never among it. */
export type OwnedPart = 'terms' | 'credit' | 'active' | 'priceLists' | 'companyName';

/** How the ERP's customers reach the storefront's. From the site file, checked at start. */
export interface CustomerRules {
  /** check: everything is compared and reported, nothing written. */
  readonly mode: 'off' | 'check' | 'write';
  readonly owns: readonly OwnedPart[];
  /** The site's divisions, in its order: the first in which a customer is active leads. */
  readonly divisions: readonly string[];
  /**
   * ERP terms code → days until payment (7 to 90); `none` = who has these terms does not buy on account, so an account
   * that the storefront has gets no credit. A code that is not here leaves the account alone.
   */
  readonly terms: Readonly<Record<string, number | 'none'>>;
  readonly credit: CreditRule;
  readonly priceLists: readonly PriceListRule[];
  /** Whether a customer that is inactive in the storefront alone becomes active again; a pending one never does. */
  readonly reactivate: 'never' | 'whenActiveInErp';
  /** How an address of the storefront names an ERP store in its `external_id`: `{customer}-{store}`; '' = it does not. */
  readonly storeAddressId: string;
  /** A list of the ERP with so many per cent fewer customers than the last one changes nothing. */
  readonly shrinkPercent: number;
}

export interface CreditRule {
  /**
   * header: the figures of the customer's own row. sum, first: of the rows per division, all of these divisions together,
   * or the first of them that has figures; a division without a row of its own has those of its header.
   */
  readonly from: 'header' | 'sum' | 'first';
  readonly divisions: readonly string[];
  /** Whether open orders count as owed. */
  readonly openOrders: 'excluded' | 'included';
}

/** Which of the storefront's price lists a customer of this level and currency gets. */
export interface PriceListRule {
  readonly level: string;
  readonly currency: string;
  /** Slugs. */
  readonly lists: readonly string[];
}

/** Credit as the ERP keeps it, in one currency. null = the ERP does not show it, which is not the same as nothing. */
export interface CreditFigures {
  readonly limit: Amount | null;
  /** What the customer owes (AR). */
  readonly owed: Amount | null;
  readonly openOrders: Amount | null;
  /** ISO 4217, upper case; '' = not shown. */
  readonly currency: string;
}

/** A customer as one division of the ERP keeps it. */
export interface ErpAccount {
  readonly customer: string;
  /** Empty when the installation keeps one record for all divisions. */
  readonly division: string;
  readonly name: string;
  readonly active: boolean;
  readonly terms: string;
  /** `A`, `B`, …; '' = none. */
  readonly priceLevel: string;
  readonly currency: string;
  readonly header: CreditFigures;
  /** Rows per division; null = they were not shown, which is not the same as none. */
  readonly byDivision: readonly DivisionCredit[] | null;
}

export interface DivisionCredit extends CreditFigures {
  readonly division: string;
}

/** Terms as the storefront keeps them; what is not a number of days stays as it is. */
export type NetTerms =
  | { readonly kind: 'days'; readonly days: number }
  | { readonly kind: 'other'; readonly literal: string };

/** Pay on account, as the storefront keeps it: limit and balance in one currency. `balance` = what the customer owes. */
export interface PaymentAccount {
  readonly creditLimit: Amount;
  readonly balance: Amount;
  /** Upper case. */
  readonly currency: string;
  readonly terms: NetTerms;
}

/** A customer of the storefront, with what the ERP may own of it and what is compared. */
export interface StorefrontAccount {
  readonly id: string;
  /** The ERP's customer code, as it stands there. */
  readonly erpCode: string | null;
  readonly company: string | null;
  /** `active`, `inactive`, `pending` or what else there may be. */
  readonly status: string | null;
  /** Upper case. */
  readonly currency: string | null;
  /** Slugs. */
  readonly priceLists: readonly string[];
  readonly account: PaymentAccount | null;
  readonly addresses: readonly StorefrontAddress[];
}

export interface StorefrontAddress {
  readonly externalId: string | null;
  readonly line1: string;
  readonly postalCode: string | null;
  /** ISO 3166-1 alpha-2, upper case. */
  readonly country: string;
}

/** One part of a customer that differs, with what it shall be. */
export type CustomerChange =
  | { readonly part: 'account'; readonly account: PaymentAccount }
  | { readonly part: 'status'; readonly status: 'active' | 'inactive' }
  | { readonly part: 'priceLists'; readonly lists: readonly string[] }
  | { readonly part: 'companyName'; readonly name: string };
