import type { Site } from '../config/site.ts';
import type { BlueCherry, DatedImport } from '../connectors/bluecherry/bluecherry.ts';
import type { SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import { chooseWarehouse } from '../domain/choose-warehouse.ts';
import { shipToOf } from '../domain/choose-ship-to.ts';
import { findingOf, type Finding } from '../domain/findings.ts';
import { views } from '../domain/order-documents.ts';
import type { OrderState } from '../domain/order-state.ts';
import { isLater } from '../domain/order-steps.ts';
import { isWhollyCancelled } from '../domain/purchase-lines.ts';
import { namedValue, parsePurchaseKey, purchaseKeyText, type Purchase } from '../domain/purchase.ts';
import { findUnseen, type AsOf, type ErpStanding, type OpenItem } from '../domain/stock/find-unseen.ts';
import type { KeptPart } from '../domain/stock/merge-part.ts';
import type { UnseenOrder } from '../domain/stock/unseen-units.ts';
import { documentReference, parseReference, referenceOf, sameReference } from '../domain/storefront-reference.ts';
import type { Call } from './calls.ts';
import { isVendorError } from './failures.ts';
import { inParallel } from './in-parallel.ts';
import { byPurchaseKey, listPurchases } from './list-purchases.ts';
import type { OrderWorkflows } from './order-workflows.ts';
import { isKnownContent, readOwnEntry } from './own-entry.ts';
import { createPatience, type Patience } from './patience.ts';
import type { SoldItems } from './sold-items.ts';

export interface UnseenOrdersOf {
  readonly site: Pick<Site, 'rules' | 'intake' | 'goLive' | 'ownEntry'>;
  readonly sparklayer: Pick<SparkLayer, 'listPurchases' | 'getPurchase'>;
  readonly bluecherry: Pick<BlueCherry, 'findImportsSince'>;
  readonly orders: Pick<OrderWorkflows, 'unacceptedOrders' | 'stateOf'>;
  readonly log: { warn(fields: object, message: string): void };
}

export interface UnseenOrders {
  readonly orders: readonly UnseenOrder[];
  /** Purchases that were looked at. */
  readonly looked: number;
  readonly findings: readonly Finding[];
}

/** Reads the orders that the ERP's figures cannot know, wherever they stand (decision 32); from the systems themselves. */
export interface UnseenOrderReader {
  read(kept: readonly KeptPart[], sold: SoldItems, call: Call): Promise<UnseenOrders>;
}

const AT_ONCE = 8;
const MINUTE_MS = 60_000;
/** A change of the buyer's that is not in the ERP after so long is parked, and found by that. */
const CHANGES_MINUTES = 24 * 60;
/** An order imported before the figures may not carry the ERP's number yet for so long. */
const IMPORTS_MINUTES = 30;

/** What the systems say, for all purchases. */
interface Known {
  /** null = the ERP cannot be asked now. */
  readonly imports: readonly DatedImport[] | null;
  readonly unaccepted: ReadonlySet<string>;
  readonly asOf: AsOf;
  readonly sold: SoldItems;
}

export function createUnseenOrderReader({
  site,
  sparklayer,
  bluecherry,
  orders,
  log,
}: UnseenOrdersOf): UnseenOrderReader {
  const { rules, intake, ownEntry } = site;
  /** Of the last reading: a listed purchase that has not changed since is not read again. */
  let remembered = new Map<string, Purchase | null>();

  return {
    async read(kept, sold, call) {
      const oldest = kept.reduce((time, { asOf }) => Math.min(time, Date.parse(asOf)), Number.POSITIVE_INFINITY);
      if (!Number.isFinite(oldest)) return { orders: [], looked: 0, findings: [] };
      const candidates = await listChanged(oldest - (CHANGES_MINUTES + intake.overlapMinutes) * MINUTE_MS, call);
      const unaccepted = new Set<string>();
      for await (const key of orders.unacceptedOrders()) unaccepted.add(key);
      const imports = await readImports(new Date(oldest - IMPORTS_MINUTES * MINUTE_MS), call);
      for (const key of [...unaccepted, ...keysOf(imports ?? [])]) if (!candidates.has(key)) candidates.set(key, null);

      const known: Known = { imports, unaccepted, asOf: asOfOf(kept), sold };
      const read = new Map<string, Purchase | null>();
      const unseen: UnseenOrder[] = [];
      const unreadable: string[] = [];
      const patience = createPatience();
      await inParallel([...candidates], AT_ONCE, async ([key, updatedAt]) => {
        const purchase = await readOnce(key, updatedAt, read, { unreadable, patience }, call);
        if (purchase && isOrder(purchase)) unseen.push(...(await judge(key, purchase, known, call)));
      });
      remembered = read;
      const says = 'These purchases cannot be read, so what they take is not held back.';
      const finding = findingOf('SCHEMA_DRIFT', unreadable, { key: 'purchases', says });
      return { orders: unseen, looked: candidates.size, findings: finding ? [finding] : [] };
    },
  };

  async function readImports(since: Date, call: Call): Promise<readonly DatedImport[] | null> {
    try {
      return await bluecherry.findImportsSince(since, { ...call, priority: 'stock' });
    } catch (error) {
      if (call.signal.aborted || !isVendorError(error)) throw error;
      log.warn({ code: error.code }, 'the import log cannot be read; orders are counted the safe way');
      return null;
    }
  }

  /** Purchase key → `updated_at`. */
  async function listChanged(since: number, call: Call): Promise<Map<string, string | null>> {
    const updatedSince = new Date(since).toISOString();
    const { rows } = await listPurchases({ site: { intake }, sparklayer }, { updatedSince }, call);
    return new Map([...byPurchaseKey(rows)].map(([key, { updatedAt }]) => [key, updatedAt]));
  }

  async function readOnce(
    text: string,
    updatedAt: string | null,
    read: Map<string, Purchase | null>,
    { unreadable, patience }: { readonly unreadable: string[]; readonly patience: Patience },
    call: Call,
  ): Promise<Purchase | null> {
    const key = parsePurchaseKey(text);
    if (!key) return null;
    const version = `${text} ${updatedAt ?? ''}`;
    const before = updatedAt === null ? undefined : remembered.get(version);
    try {
      const purchase = before === undefined ? await sparklayer.getPurchase(key, call) : before;
      if (before === undefined) patience.answered();
      if (updatedAt !== null) read.set(version, purchase);
      return purchase;
    } catch (error) {
      if (!patience.bears(error)) throw error;
      unreadable.push(text);
      return null;
    }
  }

  /** One that the intake would take in, too. */
  function isOrder(purchase: Purchase): boolean {
    const { type, placedAt } = purchase;
    const isBefore = placedAt !== null && Date.parse(placedAt) < Date.parse(site.goLive);
    const isClosed = readOwnEntry(purchase, ownEntry.name)?.closed;
    return intake.types.includes(type) && !isBefore && !isClosed && !isWhollyCancelled(purchase);
  }

  async function judge(key: string, purchase: Purchase, known: Known, call: Call): Promise<readonly UnseenOrder[]> {
    const wanted = await itemsOf(purchase, known.sold, call);
    const items = wanted.filter(({ live }) => live > 0);
    if (items.length === 0) return [];
    const standings = await standingsOf(key, purchase, wanted, known);
    const number = purchase.identifiers.visible ?? key;
    const standingOf = (division: string) => standings.get(division) ?? { kind: 'none' };
    return findUnseen({ key, number, items, standingOf }, known.asOf);
  }

  /** What is to come, and what was sent: both say of which divisions the purchase is. */
  async function itemsOf(purchase: Purchase, sold: SoldItems, call: Call): Promise<readonly OpenItem[]> {
    const location = namedValue(purchase.metadata, rules.locationMetadata);
    const shipTo = shipToOf(purchase);
    const warehouseOf = (division: string): string | null => {
      if ('code' in shipTo && location === null) return null;
      const address = 'code' in shipTo ? NOWHERE : shipTo;
      const choice = chooseWarehouse(rules.locations, { location, shipTo: address, division });
      return choice.kind === 'impossible' ? null : choice.warehouse;
    };
    const items = new Map<string, OpenItem>();
    for (const { type, lines } of purchase.packages)
      for (const { sku: text, quantity } of lines) {
        const units = type === 'incoming' || type === 'shipment' ? Math.max(0, Math.ceil(quantity)) : 0;
        if (!text?.trim() || units === 0) continue;
        for (const { sku, codes } of await sold.itemsOf(text.trim(), call)) {
          const { division } = codes;
          const item = items.get(sku) ?? { sku, division, warehouse: warehouseOf(division), live: 0, wanted: 0 };
          const live = item.live + (type === 'incoming' ? units : 0);
          items.set(sku, { ...item, live, wanted: item.wanted + units });
        }
      }
    return [...items.values()];
  }

  /** By the ERP's clock, which may differ from the one that says so. */
  function atTheLatest(instant: string): string {
    return new Date(Date.parse(instant) + intake.overlapMinutes * MINUTE_MS).toISOString();
  }

  async function standingsOf(
    key: string,
    purchase: Purchase,
    items: readonly OpenItem[],
    { imports, unaccepted, asOf, sold }: Known,
  ): Promise<ReadonlyMap<string, ErpStanding>> {
    const entry = readOwnEntry(purchase, ownEntry.name);
    const bare = referenceOf(purchase.key) ?? '';
    const divisions = rules.divisions.filter((division) => items.some((item) => item.division === division));
    const isKnown = isKnownContent(purchase, ownEntry.name, { fingerprint: '', trustEntry: true });
    let state: Promise<OrderState | null> | null = null;
    const stateOf = () => (state ??= orders.stateOf(key));
    const standings = new Map<string, ErpStanding>();
    const documents = Math.max(1, entry?.orders.length ?? 0);
    for (const [index, division] of divisions.entries()) {
      const document = await documentOf(division, index);
      const own = (imports ?? []).filter(
        ({ result }) => document !== null && sameReference(result.reference, documentReference(bare, document)),
      );
      standings.set(division, document === null ? { kind: 'none' } : await standing(document, division, own));
    }
    return standings;

    /**
     * The first division of the site's order is document 1, the next document 2 (decision 3); a division that came later has
     * a later number, and one of which nothing is sold any more does not show here. So where there are several, the order
     * says which is whose; null = nobody does.
     */
    async function documentOf(division: string, index: number): Promise<number | null> {
      if (divisions.length === 1 && documents === 1) return 1;
      const whole = await stateOf();
      const own = whole && views(whole).find(({ facts }) => facts.division === division);
      return own?.document ?? (divisions.length === documents ? index + 1 : null);
    }

    async function standing(document: number, division: string, own: readonly DatedImport[]): Promise<ErpStanding> {
      const imported = own.filter(({ result }) => result.kind === 'imported').map(({ at }) => at);
      const latest = imported.toSorted((left, right) => Date.parse(right) - Date.parse(left))[0] ?? null;
      const importedAt = latest ?? (await importedBy(document, division));
      if (importedAt === null)
        return own.some(({ result }) => result.kind === 'pending') ? { kind: 'pending' } : { kind: 'none' };
      // Just imported, and not noted on the purchase: the ERP has what was sent.
      const units = isKnown ? null : await unitsOf(document);
      return { kind: 'there', importedAt, units };
    }

    /**
     * When a document was imported at the latest, where the log shows nothing of it: that may be long ago, or the log
     * lacks the row, or a clerk keyed it. Our note of the ERP's number comes after the import, but the purchase may have
     * been touched long after the note; then the order knows since when the ERP has it. null = the ERP has nothing of it.
     */
    async function importedBy(document: number, division: string): Promise<string | null> {
      const noted = entry?.orders[document - 1] ?? (document === 1 ? purchase.identifiers.internal : null);
      const byNote = noted ? atTheLatest(purchase.updatedAt) : null;
      const takenAt = asOf(division, null);
      if (byNote !== null && isKnown && takenAt !== null && isLater(takenAt, byNote)) return byNote;
      if (byNote === null && unaccepted.has(key)) return null;
      const view = await viewOf(document);
      const inErpBy = view?.facts.orderNumber ? (view.inErpBy ?? view.followedAt) : null;
      // While a change is under way the note may tell of more than the order remembers.
      const isAhead = byNote !== null && isKnown && view?.step.at !== 'settled';
      return inErpBy === null || isAhead ? byNote : atTheLatest(inErpBy);
    }

    async function viewOf(document: number): Promise<OrderState | null> {
      const whole = await stateOf();
      return (whole && views(whole).find((view) => view.document === document)) ?? null;
    }

    /** What both sides agreed on last. Where nobody can tell, nothing of it: that takes too much rather than too little. */
    async function unitsOf(document: number): Promise<ReadonlyMap<string, number>> {
      const view = await viewOf(document);
      const units = new Map<string, number>();
      const atImport = view && 'order' in view.step ? view.step.order : null;
      const { lines } = view?.agreed ?? view?.sent ?? atImport ?? { lines: [] };
      for (const { sku: codes, quantity } of lines)
        for (const { sku } of sold.itemsOfCodes(codes)) units.set(sku, (units.get(sku) ?? 0) + quantity);
      return units;
    }
  }
}

const NOWHERE = {
  name: null,
  company: null,
  line1: '',
  line2: null,
  city: '',
  region: null,
  postalCode: null,
  country: '',
  phone: null,
} as const;

function keysOf(imports: readonly DatedImport[]): readonly string[] {
  return imports.flatMap(({ result }) => {
    const parsed = result.kind === 'refused' ? null : parseReference(result.reference);
    return parsed ? [purchaseKeyText(parsed.key)] : [];
  });
}

function asOfOf(kept: readonly KeptPart[]): AsOf {
  return (division, warehouse) => {
    const parts = kept.filter(
      (part) => part.division === division && (warehouse === null || part.warehouse === warehouse),
    );
    const oldest = parts.toSorted((left, right) => Date.parse(left.asOf) - Date.parse(right.asOf))[0];
    return oldest?.asOf ?? null;
  };
}
