import { sameAmount, sum, toCents } from '../money.ts';
import type {
  CreditFigures,
  CustomerChange,
  CustomerRules,
  ErpAccount,
  NetTerms,
  PaymentAccount,
  StorefrontAccount,
} from './customer-rules.ts';
import { customerName, type CustomerTrouble } from './customer-troubles.ts';

interface PlannedAccount {
  readonly changes: readonly CustomerChange[];
  readonly troubles: readonly CustomerTrouble[];
}

const NOTHING: PlannedAccount = { changes: [], troubles: [] };

/**
 * Terms, limit and balance together: the storefront takes all four members or none (A40), so the half that the ERP does
 * not own goes back as it was read. Where something is missing, in another currency or not mapped, nothing is written.
 */
export function planPaymentAccount(
  rules: CustomerRules,
  accounts: readonly ErpAccount[],
  leading: ErpAccount,
  customer: StorefrontAccount,
): PlannedAccount {
  const owns = { terms: rules.owns.includes('terms'), credit: rules.owns.includes('credit') };
  const stored = customer.account;
  const trouble = (code: CustomerTrouble['code'], key: string, says: string): PlannedAccount => ({
    changes: [],
    troubles: [{ code, key, about: customer.id, name: customerName(customer), says }],
  });
  const days = owns.terms ? rules.terms[leading.terms] : undefined;
  if (owns.terms && days === undefined) return termsNotMapped(leading.terms, trouble);
  // Without an account there is nothing to take away.
  if (days === 'none' && (stored === null || !owns.credit)) return NOTHING;

  const credit = owns.credit ? creditOf(rules, accounts, leading) : storedCredit(stored);
  if (credit === 'severalCurrencies')
    return trouble(
      'CUSTOMER_CURRENCY_DIFFERS',
      'divisions',
      'The ERP keeps these customers’ credit in several currencies; their accounts are left alone.',
    );
  const terms: NetTerms | null = typeof days === 'number' ? { kind: 'days', days } : (stored?.terms ?? null);
  if (credit === null || terms === null)
    return trouble(
      'PAYMENT_ACCOUNT_INCOMPLETE',
      credit === null && owns.credit ? 'erp' : 'storefront',
      credit === null && owns.credit
        ? 'The ERP shows no credit limit, balance or currency of these customers; their accounts are left alone.'
        : 'These customers have no account in the storefront that terms or credit of the ERP could be added to.',
    );
  const currency = stored?.currency ?? customer.currency;
  if (currency !== null && currency !== credit.currency)
    return trouble(
      'CUSTOMER_CURRENCY_DIFFERS',
      `${credit.currency} ${currency}`,
      `The ERP keeps these customers in ${credit.currency}, the storefront in ${currency}; their accounts are left alone.`,
    );

  const creditLimit = days === 'none' ? '0.00' : credit.creditLimit;
  const account = { creditLimit, balance: credit.balance, currency: credit.currency, terms };
  return stored !== null && sameAccount(stored, account)
    ? NOTHING
    : { changes: [{ part: 'account', account }], troubles: [] };
}

/** Whether all else of the account is as the storefront has it. */
export function isBalanceAlone(account: PaymentAccount, stored: PaymentAccount | null): boolean {
  return stored !== null && sameAccount({ ...stored, balance: account.balance }, account);
}

type Credit = Pick<PaymentAccount, 'creditLimit' | 'balance' | 'currency'>;

function termsNotMapped(
  terms: string,
  trouble: (code: 'TERMS_NOT_MAPPED', key: string, says: string) => PlannedAccount,
): PlannedAccount {
  const says =
    terms === ''
      ? 'These customers have no terms in the ERP; their accounts are left alone.'
      : `Terms ${terms} have no days in the site file (customers.terms); these customers’ accounts are left alone.`;
  return trouble('TERMS_NOT_MAPPED', terms || '(none)', says);
}

function storedCredit(stored: PaymentAccount | null): Credit | null {
  return stored && { creditLimit: stored.creditLimit, balance: stored.balance, currency: stored.currency };
}

/** Limit and balance by the site's rule, in cents; null = the ERP does not show all of it. */
function creditOf(
  { credit }: CustomerRules,
  accounts: readonly ErpAccount[],
  leading: ErpAccount,
): Credit | 'severalCurrencies' | null {
  const all =
    credit.from === 'header' ? [leading.header] : credit.divisions.flatMap((each) => figuresIn(accounts, each) ?? []);
  const counted = credit.from === 'first' ? all.slice(0, 1) : all;
  const [first] = counted;
  if (!first) return null;
  if (counted.some(({ currency }) => currency !== first.currency)) return 'severalCurrencies';
  const limits = counted.map(({ limit }) => limit);
  const owed = counted.flatMap(({ owed: balance, openOrders }) =>
    credit.openOrders === 'included' ? [balance, openOrders] : [balance],
  );
  if (first.currency === '' || !areShown(limits) || !areShown(owed)) return null;
  return { creditLimit: toCents(sum(limits)), balance: toCents(sum(owed)), currency: first.currency };
}

/** A row per division may hang on the customer of any division; rows that were not shown say nothing at all. */
function figuresIn(accounts: readonly ErpAccount[], division: string): CreditFigures | null {
  const rows = accounts.flatMap(({ byDivision }) => byDivision ?? []);
  const row = rows.find((each) => each.division === division);
  if (row) return row;
  const account = accounts.find((each) => each.division === division);
  if (!account) return null;
  return account.byDivision === null ? NOT_SHOWN : account.header;
}

const NOT_SHOWN: CreditFigures = { limit: null, owed: null, openOrders: null, currency: '' };

function areShown(amounts: readonly (string | null)[]): amounts is readonly string[] {
  return amounts.every((amount) => amount !== null);
}

function sameAccount(left: PaymentAccount, right: PaymentAccount): boolean {
  return (
    sameAmount(left.creditLimit, right.creditLimit) &&
    sameAmount(left.balance, right.balance) &&
    left.currency === right.currency &&
    sameTerms(left.terms, right.terms)
  );
}

function sameTerms(left: NetTerms, right: NetTerms): boolean {
  if (left.kind === 'days') return right.kind === 'days' && left.days === right.days;
  return right.kind === 'other' && left.literal === right.literal;
}
