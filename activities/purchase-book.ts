import { z } from 'zod';

import { purchaseKeyText, type Purchase, type PurchaseKey } from '../domain/purchase.ts';
import { readKept, writeKept } from './kept-file.ts';

/** Purchases in full, on this machine's disk: one that has not changed since is not read again. Safe to delete. */
export interface PurchaseBook {
  /** null = it is gone. Reads it where it is not known as of `updatedAt`. */
  get(key: PurchaseKey, updatedAt: string, read: () => Promise<Purchase | null>): Promise<Purchase | null>;
  /** Keeps what was asked for since the last time, and forgets the rest. Throws where the disk does not take it. */
  save(): Promise<void>;
}

const VERSION = 2;
const text = z.string();
const maybe = text.nullable();
const named = z.array(z.object({ name: text, value: maybe }));
const address = z
  .object({
    name: maybe,
    company: maybe,
    line1: text,
    line2: maybe,
    city: text,
    region: maybe,
    postalCode: maybe,
    country: text,
    phone: maybe,
  })
  .nullable();
const total = z.object({ net: text, tax: maybe, gross: maybe, discountNet: maybe, currency: maybe }).nullable();
const line = z.object({
  sku: maybe,
  title: text,
  quantity: z.number(),
  total,
  attributes: z.array(z.object({ key: text, value: maybe })),
});
const purchase: z.ZodType<Purchase> = z.object({
  key: z.object({ kind: z.enum(['sparklayer', 'platform', 'visible']), value: text }),
  identifiers: z.object({ sparklayer: maybe, platform: maybe, internal: maybe, visible: maybe }),
  type: text,
  placedAt: maybe,
  updatedAt: text,
  buyer: maybe,
  paymentMethod: maybe,
  customerReference: maybe,
  currency: maybe,
  totalPaid: maybe,
  taxTotal: maybe,
  taxCurrency: maybe,
  billTo: address,
  packages: z.array(
    z.object({
      type: text,
      lines: z.array(line),
      files: z.array(text),
      shippingMethod: maybe,
      shippingCharge: total,
      shipTo: address,
    }),
  ),
  customFields: named,
  metadata: named,
});
const content = z.object({ version: z.literal(VERSION), origin: text, purchases: z.array(purchase) });

/** `origin` = the storefront's address: what belongs to another one is not used. */
export async function openPurchaseBook(path: string, origin: string): Promise<PurchaseBook> {
  const known = new Map((await load()).map((each) => [purchaseKeyText(each.key), each]));
  const asked = new Map<string, Purchase>();
  return {
    async get(key, updatedAt, read) {
      const name = purchaseKeyText(key);
      const before = known.get(name);
      const found = before && before.updatedAt === updatedAt ? before : await read();
      if (found) asked.set(name, found);
      return found;
    },
    async save() {
      await writeKept(path, JSON.stringify({ version: VERSION, origin, purchases: [...asked.values()] }));
    },
  };

  async function load(): Promise<readonly Purchase[]> {
    const file = content.safeParse(await readKept(path));
    return file.success && file.data.origin === origin ? file.data.purchases : [];
  }
}
