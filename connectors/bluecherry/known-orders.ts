import type { ErpSalesOrder } from '../../domain/sales-order.ts';
import type { Stamp } from './stamps.ts';

/** A header as it was last read. */
export interface KnownOrder {
  readonly stamp: Stamp;
  /** `lines` is null; null = it carries nothing that could be a reference of ours. */
  readonly order: ErpSalesOrder | null;
}

/** Headers of sales orders that changed lately, by number and by what they carry as reference. */
export class KnownOrders {
  readonly #orders = new Map<string, KnownOrder>();
  readonly #byReference = new Map<string, Set<string>>();

  note(orderNumber: string, known: KnownOrder): void {
    const before = this.#orders.get(orderNumber);
    if (before && before.stamp > known.stamp) return;
    this.#orders.set(orderNumber, known);
    for (const reference of referencesOf(known)) {
      const numbers = this.#byReference.get(reference);
      if (numbers) numbers.add(orderNumber);
      else this.#byReference.set(reference, new Set([orderNumber]));
    }
  }

  get(orderNumber: string): KnownOrder | null {
    return this.#orders.get(orderNumber) ?? null;
  }

  /** Orders that carry it now, in either of the two fields. */
  carrying(reference: string): readonly ErpSalesOrder[] {
    const wanted = plain(reference);
    return [...(this.#byReference.get(wanted) ?? [])].flatMap((orderNumber) => {
      const known = this.#orders.get(orderNumber);
      return known?.order && referencesOf(known).includes(wanted) ? [known.order] : [];
    });
  }

  countAfter(stamp: Stamp): number {
    return [...this.#orders.values()].filter((known) => known.stamp > stamp).length;
  }

  forgetBefore(stamp: Stamp): void {
    for (const [orderNumber, known] of this.#orders) {
      if (known.stamp >= stamp) continue;
      this.#orders.delete(orderNumber);
    }
    for (const [reference, numbers] of this.#byReference) {
      for (const orderNumber of numbers) if (!this.#orders.has(orderNumber)) numbers.delete(orderNumber);
      if (numbers.size === 0) this.#byReference.delete(reference);
    }
  }
}

function referencesOf({ order }: KnownOrder): readonly string[] {
  return order ? [order.altPo, order.referenceField].map(plain).filter(Boolean) : [];
}

function plain(reference: string): string {
  return reference.trim().toUpperCase();
}
