import type { Action, FollowedDocument, FollowOutcome } from '../domain/order-state.ts';
import type { Problem } from '../domain/problems.ts';
import type { ErpInvoice } from '../domain/sales-order.ts';
import { settleMoney } from '../domain/settle-money.ts';
import type { Call } from './calls.ts';
import { readDocument, withTolerated, type ReadDocument } from './read-document.ts';
import type { SalesOrderDependencies } from './sales-order-activities.ts';
import { tellTransactions } from './tell-transactions.ts';
import { writeProgress, type Written } from './write-progress.ts';

export type FollowOrder = Omit<Extract<Action, { do: 'follow' }>, 'do'> & { readonly key: string };

/**
 * Brings both sides together: reads every document in the ERP with its invoices and credits, compares it with what was
 * agreed, ties out the money, and writes to the purchase where it stands. The ERP is read first, so that nothing stands
 * between reading and replacing the purchase. Safe to repeat: what it writes is absolute.
 */
export async function followOrder(
  dependencies: SalesOrderDependencies,
  input: FollowOrder,
  call: Call,
): Promise<FollowOutcome> {
  const { site, stopIntake } = dependencies;
  const findings: Problem[] = [];
  const documents: ReadDocument[] = [];
  let purged: string | null = null;
  for (const facts of input.documents) {
    if (facts.orderNumber === '') continue;
    const read = await readDocument(dependencies, facts, input, call);
    if (!read && facts.place === 'live') return { kind: 'notThere', orderNumber: facts.orderNumber };
    if (!read) {
      // The ERP forgets what is cancelled for long: that keeps nobody from reading the rest.
      purged ??= facts.orderNumber;
      continue;
    }
    documents.push(read.document);
    findings.push(...read.findings);
  }
  if (documents.length === 0 && purged !== null) return { kind: 'notThere', orderNumber: purged };
  const cut = findings.find(({ code }) => code === 'REFERENCE_CUT');
  // Exactly-once stands on the reference: without it no further order may go in (decision 2). Of an order that was read
  // before people know; the intake may go on again by their word.
  if (cut && input.documents.some(({ orderNumber, agreed }) => orderNumber !== '' && agreed === null))
    await stopIntake(cut.says);
  const shown = documents.map((document) => withTolerated(site, document));
  const written = await withoutVoided(dependencies, input, await writeProgress(dependencies, input, shown, call), call);
  const { accepted, purchase, takenOver, stored } = written;
  // Those that were voided are found with what the purchase shows of them.
  const settlement = settleMoney(
    written.documents.map(({ billing }) => billing),
    site.rules.progress.toleratedCents,
  );
  const creditMemos = written.documents.flatMap(({ billing }) => billing.credits.map(({ number }) => number));
  const about = { kind: 'followed', findings, settlement, creditMemos } as const;
  const transactions = stored
    ? await tellTransactions(dependencies, input, written.documents, stored.currency, call)
    : input.transactions;
  // What the purchase was not told is not agreed on.
  const agreed = stored || accepted === 'yes' ? written.documents : documents;
  const plain = agreed.map(({ shown: _shown, billing: _billing, ...document }): FollowedDocument => document);
  return { ...about, documents: plain, transactions, accepted, takenOver, purchase };
}

/**
 * An order of which nothing is invoiced names no invoice, and costs no call to look for one. What the purchase shows as
 * shipped by an invoice that no order names any more is looked up by its number: it was voided, or it is somebody else's.
 */
async function withoutVoided(
  dependencies: SalesOrderDependencies,
  input: FollowOrder,
  written: Written,
  call: Call,
): Promise<Written> {
  const { documents, stored, purchase } = written;
  if (!stored || purchase.kind !== 'written') return written;
  const known = new Set(documents.flatMap(({ billing }) => billing.invoices.map(({ number }) => number)));
  const shipments = stored.packages.filter(({ type }) => type === 'shipment');
  const unknown = new Set(shipments.flatMap(({ files }) => files).filter((number) => !known.has(number)));
  const voided: ErpInvoice[] = [];
  const erp = { ...call, priority: 'status' } as const;
  for (const number of unknown) {
    const invoices = await dependencies.bluecherry.findInvoices({ number }, erp);
    voided.push(...invoices.filter(({ isVoid }) => isVoid));
  }
  const again = documents.map((document): ReadDocument => {
    const own = voided.filter(({ orderNumber }) => orderNumber === document.glance.orderNumber);
    const { billing } = document;
    return { ...document, billing: { ...billing, invoices: [...billing.invoices, ...own] } };
  });
  if (again.every(({ billing }, index) => billing.invoices.length === documents[index]?.billing.invoices.length))
    return written;
  // What was just written is what is known now.
  const next = { ...input, accept: null, fingerprint: purchase.fingerprint, trustEntry: true };
  const { accepted, takenOver } = written;
  return { ...(await writeProgress(dependencies, next, again, call, input.fingerprint)), accepted, takenOver };
}
