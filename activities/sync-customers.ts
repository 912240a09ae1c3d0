import * as z from 'zod';

import type { Site } from '../config/site.ts';
import type { BlueCherry } from '../connectors/bluecherry/bluecherry.ts';
import type { PatchOutcome, SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import { compareStores } from '../domain/customers/compare-stores.ts';
import type { CustomerChange, ErpAccount, StorefrontAccount } from '../domain/customers/customer-rules.ts';
import {
  customerName,
  newTroubles,
  rememberTroubles,
  toFindings,
  type CustomerTrouble,
  type KnownTroubles,
} from '../domain/customers/customer-troubles.ts';
import { countAccounts, judgeCustomerList, type CustomersSeen } from '../domain/customers/judge-customer-list.ts';
import {
  accountsOf,
  customersByCode,
  mayComeOfLostRow,
  planCustomer,
  withoutUnreadable,
  type CustomerPlan,
} from '../domain/customers/plan-customers.ts';
import { findingOf, present, type FeedReport, type Finding, type GuardOverride } from '../domain/findings.ts';
import { withCalls, type Call } from './calls.ts';
import { isVendorError, toFeedFailure, translating } from './failures.ts';
import { inParallel } from './in-parallel.ts';

export interface SyncCustomersDependencies {
  readonly site: Site;
  readonly sparklayer: SparkLayer;
  readonly bluecherry: BlueCherry;
}

export interface SyncCustomers {
  /** Result of the last run; null = none is known. */
  readonly last: unknown;
  readonly override: GuardOverride | null;
}

/** A run's report, and what the next run needs of it. */
export interface CustomersReport extends FeedReport {
  /** The last ERP list that was believed; null = none was. */
  readonly seen: CustomersSeen | null;
  /** Customers without a good ERP code that are known already; null = never looked. */
  readonly known: KnownTroubles | null;
}

export type SyncCustomersActivities = ReturnType<typeof createSyncCustomersActivities>;

const GUARD = 'CUSTOMERS_SHRUNKEN';
const AT_ONCE = 10;
/** Writes that failed by passing troubles: after so many the rest is left to the next run. */
const MOST_FAILURES = 10;

const LAST = z.object({
  seen: z.object({ accounts: z.number(), active: z.number() }).nullable(),
  known: z.object({ hashes: z.array(z.string()), isWhole: z.boolean() }).nullable(),
});

/** Terms, credit, status, price lists and company names of the ERP, brought to the storefront's customers. */
export function createSyncCustomersActivities({ site, sparklayer, bluecherry }: SyncCustomersDependencies) {
  const rules = site.customers;

  return {
    /**
     * Safe to repeat: compares with what the storefront holds now and sends differences only. The storefront is read
     * first, because its calls cost nothing; what cannot be written for passing troubles is left to the next run, because
     * reading the ERP again would cost more.
     */
    async bringCustomersInStep({ last, override }: SyncCustomers): Promise<CustomersReport> {
      const before = lastOf(last);
      if (rules.mode === 'off') return { ...before, stats: {}, findings: [] };
      const progress: Progress = { written: 0, unchanged: 0, refused: 0, gone: 0, failed: 0, left: 0 };
      return translating(toFeedFailure, () =>
        withCalls(async (call) => {
          const erpCall = { ...call, priority: 'catalogue' } as const;
          const { accounts: customers, unreadable } = await sparklayer.accounts.listAccounts(rules.pageSize, call);
          const stores = await bluecherry.reference.stores(erpCall);
          const { accounts, unreadable: unknown } = await bluecherry.balances.listAccounts(erpCall);
          const seen = countAccounts(accounts);
          const verdict = judgeCustomerList(seen, before.seen, rules.shrinkPercent);
          const read = {
            customers: customers.length,
            erpAccounts: seen.accounts,
            unreadable: unreadable.length,
            erpUnreadable: unknown.length,
          };
          if (verdict.kind === 'shrunken' && override?.guard !== GUARD)
            return { ...before, stats: read, findings: [oneFinding(GUARD, 'list of customers', verdict.says)] };

          const erp = customersByCode(rules, accounts);
          const plans = withoutUnreadable(customers, unknown).map((customer) =>
            planCustomer(rules, accountsOf(erp, customer), customer),
          );
          const linked = plans.filter(({ link }) => link === 'linked').map(({ customer }) => customer);
          const troubles = [...plans.flatMap((plan) => plan.troubles), ...compareStores(rules, stores, linked)];
          const written = await write(
            plans.filter(({ changes }) => changes.length > 0),
            (customer) => accountsOf(erp, customer),
            progress,
            call,
          );
          const fresh = newTroubles(troubles, before.known);
          return {
            seen,
            known: rememberTroubles(troubles),
            stats: { ...read, ...figuresOf(plans, troubles, fresh), ...progress },
            findings: [
              ...toFindings([...troubles, ...written.refusals], fresh),
              ...written.findings,
              ...unreadableFindings(unreadable, unknown),
            ],
          };
        }, progress),
      );
    },
  };

  async function write(
    plans: readonly CustomerPlan[],
    accountsFor: (customer: StorefrontAccount) => readonly ErpAccount[],
    progress: Progress,
    call: Call,
  ): Promise<{ readonly refusals: readonly CustomerTrouble[]; readonly findings: readonly Finding[] }> {
    const refusals: CustomerTrouble[] = [];
    if (rules.mode === 'check') return { refusals, findings: [] };
    let trouble = 'no time left';
    const isOver = () => progress.failed >= MOST_FAILURES || call.deadline - Date.now() < timeForOne(site);
    await inParallel(plans, AT_ONCE, async ({ customer }) => {
      if (isOver()) {
        progress.left++;
        return;
      }
      try {
        const said = await bringInStep(customer, accountsFor, call);
        progress[said.kind]++;
        if (said.kind === 'refused') refusals.push(refusalOf(customer, said.why));
      } catch (error) {
        call.signal.throwIfAborted();
        if (!isVendorError(error) || error.fate === 'gate') throw error;
        if (error.fate === 'park') {
          progress.refused++;
          refusals.push(refusalOf(customer, error.message));
          return;
        }
        progress.failed++;
        trouble = error.message;
      }
    });
    const lost = progress.failed + progress.left;
    const says = `${lost} customers could not be written yet (${trouble}); the next run tries again.`;
    return { refusals, findings: lost > 0 ? [oneFinding('STEP_OVERDUE', 'customers', says)] : [] };
  }

  /**
   * Reads the customer once more and writes at once: what is not the ERP's, such as other people's price lists, must not
   * be lost between a long reading and the write. Where a row that the ERP's list did not show may be why it differs, the
   * ERP is asked for this customer alone: a buyer that is closed for such a row may stay closed for good.
   */
  async function bringInStep(
    { id }: StorefrontAccount,
    accountsFor: (customer: StorefrontAccount) => readonly ErpAccount[],
    call: Call,
  ): Promise<WriteOutcome> {
    const customer = await sparklayer.accounts.getAccount(id, call);
    if (!customer) return { kind: 'gone' };
    const { changes } = await planSurely(customer, accountsFor(customer), call);
    if (changes.length === 0) return { kind: 'unchanged' };
    const said = await sparklayer.accounts.patchAccount(id, changes, call);
    if (said.kind !== 'refused' || changes.length === 1) return outcomeOf([said]);
    // One bad part must not keep the others out.
    return outcomeOf(await eachAlone(id, changes, call));
  }

  async function planSurely(
    customer: StorefrontAccount,
    listed: readonly ErpAccount[],
    call: Call,
  ): Promise<CustomerPlan> {
    const plan = planCustomer(rules, listed, customer);
    if (customer.erpCode === null || !mayComeOfLostRow(rules, listed, plan)) return plan;
    const found = await bluecherry.balances.findAccounts(customer.erpCode, { ...call, priority: 'catalogue' });
    return planCustomer(rules, accountsOf(customersByCode(rules, found), customer), customer);
  }

  async function eachAlone(
    id: string,
    changes: readonly CustomerChange[],
    call: Call,
  ): Promise<readonly PatchOutcome[]> {
    const outcomes: PatchOutcome[] = [];
    for (const change of changes) outcomes.push(await sparklayer.accounts.patchAccount(id, [change], call));
    return outcomes;
  }
}

/** What became of the customers that differed, while it goes on. */
type Progress = Record<WriteOutcome['kind'] | 'failed' | 'left', number>;

type WriteOutcome =
  | { readonly kind: 'written' | 'unchanged' | 'gone' }
  | { readonly kind: 'refused'; readonly why: string };

function outcomeOf(outcomes: readonly PatchOutcome[]): WriteOutcome {
  if (outcomes.some(({ kind }) => kind === 'gone')) return { kind: 'gone' };
  const reasons = outcomes.flatMap((each) => (each.kind === 'refused' ? [each.why] : []));
  return reasons.length > 0 ? { kind: 'refused', why: [...new Set(reasons)].join(', ') } : { kind: 'written' };
}

/** Enough for a read, a question to the ERP, a write, and a token in between. */
function timeForOne({ storefront, erp }: Site): number {
  return 3 * storefront.timeouts.requestMs + erp.timeouts.requestMs;
}

function refusalOf(customer: StorefrontAccount, why: string): CustomerTrouble {
  const says = `The storefront does not take the change of these customers: ${why}.`;
  return { code: 'CUSTOMER_WRITE_REFUSED', key: why, about: customer.id, name: customerName(customer), says };
}

function figuresOf(
  plans: readonly CustomerPlan[],
  troubles: readonly CustomerTrouble[],
  fresh: ReadonlySet<CustomerTrouble>,
) {
  const changes = plans.flatMap((plan) => plan.changes);
  const changesOf = (part: CustomerChange['part']) => changes.filter((change) => change.part === part).length;
  const customersWith = (code: CustomerTrouble['code'], among: Iterable<CustomerTrouble>) =>
    new Set([...among].filter((trouble) => trouble.code === code).map(({ about }) => about)).size;
  return {
    linked: plans.filter(({ link }) => link === 'linked').length,
    differing: plans.filter((plan) => plan.changes.length > 0).length,
    accountChanges: changesOf('account'),
    statusChanges: changesOf('status'),
    priceListChanges: changesOf('priceLists'),
    companyNameChanges: changesOf('companyName'),
    leftInactive: plans.filter(({ isLeftInactive }) => isLeftInactive).length,
    withoutErpCode: customersWith('CUSTOMER_WITHOUT_ERP_CODE', troubles),
    withoutErpCodeNew: customersWith('CUSTOMER_WITHOUT_ERP_CODE', fresh),
    notInErp: customersWith('CUSTOMER_NOT_IN_ERP', troubles),
    notInErpNew: customersWith('CUSTOMER_NOT_IN_ERP', fresh),
    inactiveInErp: customersWith('CUSTOMER_INACTIVE_IN_ERP', troubles),
    inactiveInErpNew: customersWith('CUSTOMER_INACTIVE_IN_ERP', fresh),
    storesOnlyInErp: customersWith('STORES_ONLY_IN_ERP', troubles),
  };
}

function unreadableFindings(storefront: readonly string[], erp: readonly string[]): readonly Finding[] {
  const saysOf = (whose: string) =>
    `Rows of ${whose} list of customers cannot be read; these customers are left alone.`;
  return present([
    findingOf('SCHEMA_DRIFT', storefront, { key: 'customers', says: saysOf('the storefront’s') }),
    findingOf('SCHEMA_DRIFT', erp, { key: 'ERP customers', says: saysOf('the ERP’s') }),
  ]);
}

function oneFinding(code: Finding['code'], concern: string, says: string): Finding {
  return { code, key: '', says, count: 1, concerns: [concern], value: null };
}

function lastOf(result: unknown): Pick<CustomersReport, 'seen' | 'known'> {
  const read = LAST.safeParse(result);
  return read.success ? read.data : { seen: null, known: null };
}
