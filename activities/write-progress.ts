import { leadingDocument } from '../domain/order-documents.ts';
import type { DocumentFacts, FollowOutcome } from '../domain/order-state.ts';
import { purchaseFingerprint } from '../domain/purchase-fingerprint.ts';
import { standingOfType } from '../domain/purchase-type.ts';
import type { Purchase } from '../domain/purchase.ts';
import { buyerStageOf, orderedUnits, showProgress, type PurchaseProgress } from '../domain/show-progress.ts';
import { beyondPurchase, stillDifferent } from '../domain/take-over-erp-version.ts';
import type { Call } from './calls.ts';
import type { FollowOrder } from './follow-order.ts';
import { entryText, isKnownContent, readOwnEntry, shortFingerprint } from './own-entry.ts';
import { keyOf } from './purchase-activities.ts';
import { itemsNamedAsOn, withErpVersion, type ReadDocument } from './read-document.ts';
import { withWhatIsMeant } from './read-what-is-meant.ts';
import type { SalesOrderDependencies } from './sales-order-activities.ts';

export type Written = Pick<Extract<FollowOutcome, { kind: 'followed' }>, 'accepted' | 'purchase' | 'takenOver'> & {
  readonly documents: readonly ReadDocument[];
  /** As it stands after the write; null = it was not written. */
  readonly stored: Purchase | null;
};

/**
 * Writes to the purchase where its documents stand, and the ERP’s version where a person took it over: numbers, state, packages.
 * What the buyer changed meanwhile is left alone. Safe to repeat.
 */
export async function writeProgress(
  dependencies: SalesOrderDependencies,
  input: FollowOrder,
  read: readonly ReadDocument[],
  call: Call,
  /** Content that was known when the step began: a repeat of it knows no later one. */
  before: string = input.fingerprint,
): Promise<Written> {
  const { sparklayer, site } = dependencies;
  const { name: entryName, words } = site.ownEntry;
  const { fingerprint, accept } = input;
  const leading = leadingDocument(input.documents)?.document;
  const onTheirWay = new Set(input.documents.flatMap((document) => document.onTheirWay));
  const inErp = accept ? read.map((document) => withErpVersion(site, document)) : read;
  /** As the last reading of the purchase found it. */
  const found: { accepted: Written['accepted']; isAmended: boolean } = { accepted: 'notAsked', isAmended: false };
  const outcome = await sparklayer.annotatePurchase(
    keyOf(input.key),
    (purchase) => {
      // A cart or a quote is the buyer's alone.
      if (!site.intake.types.includes(purchase.type)) return null;
      const known = readOwnEntry(purchase, entryName);
      const taken = inErp.map((document) => itemsNamedAsOn(purchase, document));
      const more = accept ? beyondPurchase(purchase, taken, site.rules.money) : [];
      const needsChoice = accept !== null && !accept.alsoMore && more.length > 0;
      const isUnseen = !isSeenContent(purchase, entryName, input);
      const accepted = accept === null ? 'notAsked' : isUnseen ? 'unseen' : needsChoice ? 'needsChoice' : 'yes';
      const asked = read.map((document) => itemsNamedAsOn(purchase, document));
      const documents = accepted === 'yes' ? taken : asked;
      const isAmended = accepted !== 'yes' && !isKnownContent(purchase, entryName, input);
      found.accepted = accepted;
      found.isAmended = isAmended;
      const givenUp = accepted === 'yes' ? itemsGivenUp(input, purchase, asked) : [];
      const progress = isAmended ? null : progressOf(site, purchase, documents, onTheirWay, givenUp);
      const state = words[known?.closed ? 'closed' : buyerStageOf(documents.map(({ shown }) => shown))];
      return {
        internal: documents.find(({ document }) => document === leading)?.glance.orderNumber ?? null,
        // An unconfirmed order is of the site's types only where nobody else confirms (A28).
        confirmation: documents.length > 0 ? 'confirm' : 'leave',
        entryName,
        progress,
        accepted: accepted === 'yes' && more.length > 0 ? more : null,
        entry: (after) => {
          const content = shortFingerprint(isAmended ? fingerprint : purchaseFingerprint(after, entryName));
          return entryText({
            purchase: input.key,
            state: [
              state,
              ...(progress?.beyond ?? []).map(
                ({ item, quantity }) => `${quantity} of ${item} could not be cancelled any more.`,
              ),
            ].join(' '),
            orders: numbersByDocument(input.documents),
            content,
            before: known?.content === content ? known.before : shortFingerprint(before),
            closed: known?.closed ?? null,
          });
        },
      };
    },
    call,
  );
  const { accepted, isAmended } = found;
  const last = accepted === 'yes' ? inErp : read;
  const unwritten = { accepted, documents: last, takenOver: [], stored: null };
  if (outcome.kind === 'conflict') return { ...unwritten, purchase: outcome };
  if (outcome.kind === 'gone') return { ...unwritten, purchase: { kind: 'gone' } };
  const { purchase } = outcome;
  const documents = last.map((document) => itemsNamedAsOn(purchase, document));
  const content = purchaseFingerprint(purchase, entryName);
  if (outcome.kind === 'left') {
    const isUnknown = standingOfType(purchase.type, site.intake.types) === 'unknown';
    const changed = { kind: 'amended', updatedAt: purchase.updatedAt, fingerprint: content } as const;
    return { ...unwritten, purchase: isUnknown ? changed : { kind: 'gone' } };
  }
  const kind = isAmended ? ('amended' as const) : ('written' as const);
  return {
    accepted,
    documents: isAmended
      ? documents
      : await withWhatIsMeant(dependencies, { purchase, documents, isAccepted: accepted === 'yes' }, input, call),
    takenOver: accepted === 'yes' ? stillDifferent(read, purchase) : [],
    purchase: { kind, updatedAt: purchase.updatedAt, fingerprint: content },
    stored: isAmended ? null : purchase,
  };
}

/**
 * Whether a person who takes the ERP's version over can know what the purchase says: it is as both sides know it, or what
 * that person was asked about. Whatever else the buyer wants is decided on first. Our entry counts here while it proves
 * nothing of the ERP, so that a repeat after a crash knows what the attempt before it wrote.
 */
function isSeenContent(purchase: Purchase, entryName: string, { fingerprint, refused }: FollowOrder): boolean {
  return (
    purchaseFingerprint(purchase, entryName) === refused ||
    isKnownContent(purchase, entryName, { fingerprint, trustEntry: true })
  );
}

/**
 * Items of which, the ERP's version taken over, nothing comes but what the ERP has: all of the purchase's. While a
 * document waits to be sent, only those that the ERP's documents had.
 */
function itemsGivenUp({ documents }: FollowOrder, purchase: Purchase, read: readonly ReadDocument[]): Iterable<string> {
  return documents.every(({ orderNumber }) => orderNumber !== '')
    ? orderedUnits(purchase).keys()
    : read.flatMap(({ billing }) => billing.agreed.lines.map(({ item }) => item)).filter(Boolean);
}

function progressOf(
  site: SalesOrderDependencies['site'],
  purchase: Purchase,
  documents: readonly ReadDocument[],
  onTheirWay: ReadonlySet<string>,
  givenUp: Iterable<string>,
): PurchaseProgress {
  const shown = documents.map(({ agreed, shown: order, billing }) => ({
    agreed,
    shown: order,
    invoices: billing.invoices,
  }));
  return showProgress(purchase, shown, site.rules.progress, onTheirWay, givenUp);
}

function numbersByDocument(documents: readonly DocumentFacts[]): readonly string[] {
  const highest = Math.max(...documents.map(({ document }) => document));
  return Array.from(
    { length: highest },
    (_, index) => documents.find(({ document }) => document === index + 1)?.orderNumber ?? '',
  );
}
