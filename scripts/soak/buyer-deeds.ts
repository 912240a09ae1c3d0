import { customers } from '../../sandbox/sparklayer/seed.ts';
import type { CheckoutInput, PurchaseRecord } from '../../sandbox/sparklayer/stand-in.ts';
import { anOrder, chosen, keyOf, NotPossible, purchaseOf, type Deed, type Draw } from './deed.ts';
import { addLine, cancelPart, openLines, openPackage, revert } from './purchase-edits.ts';
import type { Random } from './random.ts';

/** SKUs whose style, colour and size tell them apart, by division. */
const SKUS = {
  '01': [
    'AC-1001-BLK-M',
    'AC-1001-BLK-L',
    'AC-1001-NVY-L',
    'AC-1001-RED-S',
    'AC-1002-BLK-XL',
    'AC-1002-WHT-M',
    '00123-ECR-M',
    'SCARF-1-RED-OS',
  ],
  '02': ['MN-2001-BLK-M', 'MN-2001-BLK-L', 'MN-2001-OLV-S', 'MN-2001-OLV-XL'],
} as const;

/** A buyer checks out an order of one to four SKUs, now and then with something wrong in it. */
export const checkOut: Draw = (random) => {
  const division = random.weighted([
    [80, ['01'] as const],
    [12, ['02'] as const],
    [8, ['01', '02'] as const],
  ]);
  const lines = Array.from({ length: random.between(1, 4) }, (_, index) => ({
    sku: random.pick(SKUS[division[index % division.length] ?? '01']),
    quantity: random.between(1, 24),
    unitPrice: aPrice(random),
    ...(random.percent(4) && { discount: '0.01' }),
  }));
  const input: CheckoutInput = {
    sparklayer: random.uuid(),
    customer: random.weighted([
      [70, customers.example.uuid],
      [10, customers.manyStores.uuid],
      [8, customers.dollars.uuid],
      [4, customers.factored.uuid],
      [3, customers.pastDue.uuid],
      [3, customers.overLimit.uuid],
      [1, customers.inactive.uuid],
      [1, customers.withoutAccount.uuid],
    ]),
    location: random.weighted([
      [60, 'warehouse-1'],
      [20, 'warehouse-2'],
      [12, 'warehouse-3'],
      [4, 'pop-up-store'],
      [4, null],
    ]),
    ...random.weighted<Pick<CheckoutInput, 'paymentMethod' | 'paid'>>([
      [55, { paymentMethod: 'on_account' }],
      [25, { paymentMethod: 'invoice' }],
      [14, { paymentMethod: 'platform_upfront', paid: true }],
      [5, { paymentMethod: 'platform_upfront', paid: false }],
      [1, { paymentMethod: 'store_credit' }],
    ]),
    customerReference: `PO-${random.between(10_000, 99_999)}`,
    shipping: random.percent(70) ? { name: 'Standard shipping', net: '10.00' } : null,
    lines: distinctSkus(random.percent(2) ? [...lines, { sku: 'NO-SUCH-SKU', quantity: 1, unitPrice: '9.00' }] : lines),
  };
  return buyer('checkOut', { input }, ({ site, place }) => place(site.storefront.checkout(input)));
};

/** What buyers and merchants do to an order that is placed, the commoner the heavier. */
export const amendments: readonly (readonly [weight: number, draw: Draw])[] = [
  [60, setQuantity],
  [20, addALine],
  [14, removeALine],
  [14, changePo],
  [12, changeAddress],
  [10, changeDate],
  [20, revertEdits],
  [10, cancelWhole],
  [24, cancelAPart],
  [3, deletePurchase],
  [3, withdraw],
  [1, shipElsewhere],
  [20, touch],
  [16, pay],
];

function setQuantity(random: Random, orders: number): Deed {
  const drawn = { order: anOrder(random, orders), line: random.below(4), quantity: random.between(1, 30) };
  return amendment('setQuantity', drawn, (play) => {
    const purchase = purchaseOf(play, drawn.order);
    play.site.storefront.setQuantity(keyOf(play, drawn.order), skuOf(purchase, drawn.line), drawn.quantity);
  });
}

function addALine(random: Random, orders: number): Deed {
  const division = random.percent(90) ? '01' : '02';
  const drawn = {
    order: anOrder(random, orders),
    sku: random.pick(SKUS[division]),
    quantity: random.between(1, 12),
    unitPrice: aPrice(random),
  };
  return amendment('addLine', drawn, (play) => {
    const has = openLines(purchaseOf(play, drawn.order)).some(({ identifiers }) => identifiers.sku === drawn.sku);
    if (has) throw new NotPossible('the SKU is on the order');
    play.site.storefront.amend(keyOf(play, drawn.order), (purchase) => addLine(purchase, drawn));
  });
}

function removeALine(random: Random, orders: number): Deed {
  const drawn = { order: anOrder(random, orders), line: random.below(4) };
  return amendment('removeLine', drawn, (play) => {
    const purchase = purchaseOf(play, drawn.order);
    if (openLines(purchase).length < 2) throw new NotPossible('it is the last line');
    play.site.storefront.setQuantity(keyOf(play, drawn.order), skuOf(purchase, drawn.line), 0);
  });
}

function changePo(random: Random, orders: number): Deed {
  const drawn = {
    order: anOrder(random, orders),
    to: random.percent(90) ? `PO-${random.between(10_000, 99_999)}-B` : 'PO-2026-SPRING-SUMMER-REPLENISHMENT-0042',
  };
  return edit('changePo', drawn, (purchase) => void (purchase.customer_reference = drawn.to));
}

function changeAddress(random: Random, orders: number): Deed {
  const drawn = { order: anOrder(random, orders), street: `${random.between(1, 200)} Moving Street` };
  return edit('changeAddress', drawn, (purchase) => {
    const address = openPackage(purchase).shipping_address;
    if (!address) throw new NotPossible('there is no address');
    for (const entry of purchase.packages)
      if (entry.type === 'incoming') entry.shipping_address = { ...address, address_line1: drawn.street };
  });
}

function changeDate(random: Random, orders: number): Deed {
  const drawn = { order: anOrder(random, orders), days: random.percent(90) ? random.between(0, 20) : null };
  return amendment('changeDate', drawn, (play) => {
    const { storefront } = play.site;
    const date = new Date(storefront.now().getTime() + (drawn.days ?? 0) * DAY_MS).toISOString().slice(0, 10);
    purchaseOf(play, drawn.order);
    storefront.amend(keyOf(play, drawn.order), (purchase) => {
      openPackage(purchase);
      purchase.custom_fields = [{ name: 'Delivery date', value: drawn.days === null ? 'as soon as possible' : date }];
    });
  });
}

const DAY_MS = 86_400_000;

function revertEdits(random: Random, orders: number): Deed {
  const drawn = { order: anOrder(random, orders) };
  return amendment('revert', drawn, (play) => {
    purchaseOf(play, drawn.order);
    const key = keyOf(play, drawn.order);
    const placed = play.asPlaced.get(key);
    if (placed) play.site.storefront.amend(key, (purchase) => revert(purchase, placed));
  });
}

function cancelWhole(random: Random, orders: number): Deed {
  const drawn = { order: anOrder(random, orders) };
  return amendment('cancelWhole', drawn, (play) => {
    openPackage(purchaseOf(play, drawn.order));
    play.site.storefront.cancel(keyOf(play, drawn.order));
  });
}

function cancelAPart(random: Random, orders: number): Deed {
  const drawn = { order: anOrder(random, orders), line: random.below(4), quantity: random.between(1, 10) };
  return edit('cancelPart', drawn, (purchase) => cancelPart(purchase, skuOf(purchase, drawn.line), drawn.quantity));
}

function deletePurchase(random: Random, orders: number): Deed {
  const drawn = { order: anOrder(random, orders) };
  return amendment('delete', drawn, (play) => {
    purchaseOf(play, drawn.order);
    play.site.storefront.remove(keyOf(play, drawn.order));
  });
}

function withdraw(random: Random, orders: number): Deed {
  const drawn = { order: anOrder(random, orders), type: random.pick(['quote', 'awaiting_approval', 'cart']) };
  return edit('withdraw', drawn, (purchase) => void (purchase.type = drawn.type));
}

function shipElsewhere(random: Random, orders: number): Deed {
  const drawn = { order: anOrder(random, orders) };
  return amendment('shipElsewhere', drawn, (play) => {
    openPackage(purchaseOf(play, drawn.order));
    play.site.storefront.shipElsewhere(keyOf(play, drawn.order));
  });
}

function touch(random: Random, orders: number): Deed {
  const drawn = { order: anOrder(random, orders) };
  return edit('touch', drawn, () => undefined);
}

function pay(random: Random, orders: number): Deed {
  const drawn = { order: anOrder(random, orders), isFull: random.percent(80), platformId: `PAID-${random.uuid()}` };
  return amendment('pay', drawn, (play) => {
    const { calculated_total: due } = purchaseOf(play, drawn.order);
    if (!due || Number(due.number) <= 0) throw new NotPossible('there is nothing to pay');
    play.site.storefront.pay(keyOf(play, drawn.order), drawn.isFull ? due.number : '1.00', drawn.platformId);
  });
}

function edit(
  name: string,
  drawn: Readonly<Record<string, unknown>> & { readonly order: number },
  change: (purchase: PurchaseRecord) => void,
): Deed {
  return amendment(name, drawn, (play) => {
    purchaseOf(play, drawn.order);
    play.site.storefront.amend(keyOf(play, drawn.order), change);
  });
}

function amendment(name: string, drawn: Readonly<Record<string, unknown>>, act: Deed['act']): Deed {
  return { family: 'amendments', name, with: drawn, act };
}

function buyer(name: string, drawn: Readonly<Record<string, unknown>>, act: Deed['act']): Deed {
  return { family: 'buyers', name, with: drawn, act };
}

function skuOf(purchase: PurchaseRecord, line: number): string {
  return chosen(openLines(purchase), line, 'nothing is open any more').identifiers.sku ?? '';
}

function aPrice(random: Random): string {
  return `${random.between(8, 60)}.${random.pick(['00', '50', '99', '35'])}`;
}

/** A SKU once per order: what the ERP makes of two lines is a question of its own. */
function distinctSkus(lines: CheckoutInput['lines']): CheckoutInput['lines'] {
  return lines.filter(({ sku }, index) => lines.findIndex((other) => other.sku === sku) === index);
}
