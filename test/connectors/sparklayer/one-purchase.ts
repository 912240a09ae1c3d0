import { startScriptedStorefront, type Received, type Reply } from './scripted-storefront.ts';
import { aWirePurchase } from './support.ts';

export type Json = Record<string, unknown>;

export const OUTDATED = conflict('purchase-revision-outdated', 'revision_date');

export function conflict(code: string, property: string) {
  return { title: 'Conflict', status: 409, errors: [{ code, message: 'No.', property }] };
}

/** Any JSON object, as a record. */
export function asJson(value: unknown): Json {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

/** A storefront that stores one purchase as SparkLayer does: a full replace that moves the revision, with the lock. */
export class OnePurchase {
  stored: Json | null = asJson(aWirePurchase());
  /** What stands between a PUT and its store, in turn; what it answers is answered instead. */
  onPut: ((request: Received, store: () => Reply) => Reply | null)[] = [];
  #revision = 0;

  start() {
    return startScriptedStorefront((request) => {
      if (request.method === 'GET') return this.stored ? { body: this.stored } : { status: 404 };
      const store = () => this.#replace(asJson(request.body));
      return this.onPut.shift()?.(request, store) ?? store();
    });
  }

  /** Somebody else writes. */
  foreignWrite(change: Json) {
    this.stored = this.#moved({ ...this.stored, ...change });
  }

  updatedAt(): string {
    return String(asJson(this.stored?.['dates'])['updated_at']);
  }

  #replace(sent: Json): Reply {
    const isOutdated = Date.parse(String(sent['revision_date'])) < Date.parse(String(this.stored?.['revision_date']));
    if (isOutdated) return { status: 409, body: OUTDATED };
    this.stored = this.#moved(sent);
    return { body: this.stored };
  }

  #moved(purchase: Json): Json {
    const time = Date.parse('2026-01-05T10:00:00Z') + ++this.#revision * 1000;
    const at = new Date(time).toISOString().replace('Z', '+00:00');
    return { ...purchase, dates: { ...asJson(purchase['dates']), updated_at: at }, revision_date: at };
  }
}
