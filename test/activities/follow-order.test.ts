import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { FollowOutcome } from '../../domain/order-state.ts';
import { remembered, startSteps, type Remembered, type Steps } from '../support/steps.ts';

const SKU = 'AC-1001-BLK-M';
const OTHER = 'AC-1001-BLK-L';
const OF_DIVISION_2 = 'MN-2001-OLV-M';
const LINES = [{ sku: SKU, quantity: 10, unitPrice: '20.00' }];
const SHIPPING = { name: 'Standard shipping', net: '10.00' };

/** Packages of shipments that were taken back: those may vanish. */
const voided: string[] = [];
let steps: Steps;
beforeAll(async () => {
  steps = await startSteps({
    site: (site) => ({
      ...site,
      intake: { ...site.intake, types: ['order_unconfirmed', 'order'] },
      rules: { ...site.rules, progress: { ...site.rules.progress, payments: 'information', credits: 'information' } },
    }),
  });
});
afterAll(async () => {
  const { erp, storefront } = steps;
  const broken = [
    ...erp.contractViolations(),
    ...erp.checkInvariants(),
    ...storefront.contractViolations(),
    ...storefront.lostFields().filter((lost) => !voided.some((id) => lost.includes(id))),
  ];
  await steps.stop();
  expect(broken).toEqual([]);
});

const numberOf = ({ documents }: Remembered, index = 0) => documents[index]?.orderNumber ?? '';
const accept = (alsoMore: boolean) => ({
  accept: { kind: 'acceptErp', alsoMore, act: { actor: 'a@b', reason: 'r' } } as const,
});
const kindsOf = (outcome: Awaited<ReturnType<Steps['revise']>>) =>
  outcome.kind === 'planned' ? outcome.plans.map(({ plan }) => plan.kind) : [outcome.kind];
const acceptedOf = (outcome: FollowOutcome) => (outcome.kind === 'followed' ? outcome.accepted : outcome.kind);

function lineOf(key: string, sku: string) {
  const lines = (steps.storefront.purchase(key)?.packages ?? []).flatMap(({ line_items }) => line_items);
  return lines.find((line) => line.identifiers.sku === sku);
}

test('an order that was entered again by hand in place of ours is a duplicate, though ours is cancelled', async () => {
  const order = await steps.accepted({ lines: LINES });
  const sent = order.documents[0]?.sent;
  if (!sent) throw new Error('nothing was sent');
  steps.erp.clerkEdits(numberOf(order), { cancel: { line: null, by: 'H' } });
  await steps.enters(sent, '999999998');
  steps.erp.runJob('order_import');
  const [again] = steps.erp.liveSalesOrders(sent.reference);
  const outcome = await steps.follow(order);
  expect(outcome).toMatchObject({
    findings: [
      { code: 'DUPLICATE_IN_ERP', says: expect.stringContaining(`under the same reference: ${again?.ordNum}.`) },
    ],
  });
  // It cancels it, and all is as it was.
  steps.erp.clerkEdits(again?.ordNum ?? '', { cancel: { line: null, by: 'H' } });
  expect(await steps.follow(order)).toMatchObject({ findings: [] });
});

describe('the ERP’s version taken over', () => {
  test('is not undone by the next amendment, whatever of it the purchase cannot show', async () => {
    const order = await steps.accepted({ lines: LINES, shipping: SHIPPING });
    steps.erp.clerkEdits(numberOf(order), { freight: '25.00', header: { po_num: 'CLERK-PO' } });
    const taken = remembered(order, await steps.follow(order, accept(false)));
    expect(kindsOf(await steps.revise(taken, { anyway: true }))).toEqual(['same']);
    steps.storefront.setQuantity(order.key, SKU, 8);
    const outcome = await steps.revise(taken);
    expect(outcome).toMatchObject({
      kind: 'planned',
      plans: [
        {
          plan: {
            kind: 'replace',
            changes: [{ kind: 'quantityDown' }, { what: 'tax' }],
            target: { freight: '25.00', purchaseOrder: 'CLERK-PO', tax: '34.00' },
          },
        },
      ],
    });
  });

  test('that gives the buyer more than is left of the purchase needs a choice, also if that was cancelled before', async () => {
    const order = await steps.accepted({ lines: LINES });
    steps.erp.clerkEdits(numberOf(order), { cancel: { line: 1, by: 'H' } });
    const shown = remembered(order, await steps.follow(order));
    expect(steps.packages(order.key)).toEqual([{ type: 'cancellation', units: { [SKU]: 10 } }]);
    const less = remembered(shown, await steps.follow(shown, accept(false)));
    steps.erp.clerkEdits(numberOf(order), { quantity: { line: 1, quantity: 14 } });
    const outcome = await steps.follow(less, accept(false));
    expect(acceptedOf(outcome)).toBe('needsChoice');
    expect(steps.packages(order.key)).toEqual([{ type: 'cancellation', units: { [SKU]: 10 } }]);
    await steps.follow(less, accept(true));
    expect(steps.packages(order.key)).toEqual([
      { type: 'incoming', units: { [SKU]: 4 } },
      { type: 'cancellation', units: { [SKU]: 6 } },
    ]);
  });

  test('leaves alone what the buyer wants meanwhile and nobody has seen', async () => {
    const order = await steps.accepted({ lines: LINES });
    steps.erp.clerkEdits(numberOf(order), { quantity: { line: 1, quantity: 8 } });
    steps.storefront.setQuantity(order.key, SKU, 15);
    const outcome = await steps.follow(order, accept(true));
    expect(outcome).toMatchObject({
      accepted: 'unseen',
      purchase: { kind: 'amended' },
      documents: [{ sent: null, differences: [{ field: 'quantity', agreed: '10', shown: '8' }] }],
    });
    expect(steps.packages(order.key)).toEqual([{ type: 'incoming', units: { [SKU]: 15 } }]);
    // Asked about that very content, the person knows it.
    const refused = outcome.kind === 'followed' && 'fingerprint' in outcome.purchase && outcome.purchase.fingerprint;
    const taken = await steps.follow(order, { ...accept(false), refused: refused || null });
    expect(acceptedOf(taken)).toBe('yes');
    expect(steps.packages(order.key)).toEqual([
      { type: 'incoming', units: { [SKU]: 8 } },
      { type: 'cancellation', units: { [SKU]: 7 } },
    ]);
  });

  test('is found taken over by a repeat after a crash, also where our entry proves nothing of the ERP', async () => {
    const order = await steps.accepted({ lines: LINES });
    steps.erp.clerkEdits(numberOf(order), { quantity: { line: 1, quantity: 8 } });
    const asked = { ...accept(false), trustEntry: false };
    expect(acceptedOf(await steps.follow(order, asked))).toBe('yes');
    expect(acceptedOf(await steps.follow(order, asked))).toBe('yes');
  });

  test('at another price moves the line by the difference, and no rounding is counted twice', async () => {
    const lines = [{ sku: SKU, quantity: 3, unitPrice: '3.34', discount: '0.02' }];
    const order = await steps.accepted({ lines });
    steps.erp.clerkEdits(numberOf(order), { price: { line: 1, price: '3.00' } });
    await steps.follow(order, accept(true));
    const [there] = steps.erp.salesOrders({ ordNum: numberOf(order) });
    const net = Number(lineOf(order.key, SKU)?.line_total?.total_net.number);
    expect(net).toBeCloseTo(Number(there?.total) - Number(there?.tax), 2);
  });

  test('with another item in the place of one is another item on the purchase', async () => {
    const order = await steps.accepted({ lines: LINES });
    const outcome = await steps.follow(
      {
        ...order,
        documents: order.documents.map((facts) => ({
          ...facts,
          agreed: facts.agreed && {
            ...facts.agreed,
            lines: facts.agreed.lines.map((line) => ({ ...line, sku: { ...line.sku, size: 'XL' }, item: 'OLD-ITEM' })),
          },
        })),
      },
      accept(true),
    );
    expect(outcome).toMatchObject({ kind: 'followed', documents: [{ agreed: { lines: [{ item: SKU }] } }] });
  });

  test('leaves alone what waits to be sent in another document', async () => {
    const order = await steps.accepted({
      lines: [...LINES, { sku: OF_DIVISION_2, quantity: 3, unitPrice: '15.33' }],
    });
    const [first, second] = order.documents;
    if (!first || !second) throw new Error('not split');
    const refused = { ...second, orderNumber: '', sent: null, agreed: null };
    steps.erp.clerkEdits(first.orderNumber, { quantity: { line: 1, quantity: 8 } });
    await steps.follow({ ...order, documents: [first, refused] }, accept(false));
    expect(steps.packages(order.key)).toEqual([
      { type: 'incoming', units: { [SKU]: 8, [OF_DIVISION_2]: 3 } },
      { type: 'cancellation', units: { [SKU]: 2 } },
    ]);
  });
});

describe('what the purchase was told is what the storefront means', () => {
  test('so that a cancel of the ERP is no amendment of the buyer’s afterwards', async () => {
    const order = await steps.accepted({ lines: [...LINES, { sku: OTHER, quantity: 2, unitPrice: '20.00' }] });
    steps.erp.clerkEdits(numberOf(order), { cancel: { line: 2, by: 'H' } });
    const told = remembered(order, await steps.follow(order));
    expect(told.documents[0]?.sent).toMatchObject({ tax: '40.00', lines: [{ sequence: 1, quantity: 10 }] });
    expect(kindsOf(await steps.revise(told, { anyway: true }))).toEqual(['same']);
  });

  test('so that an amendment after a cancel of the ERP’s goes out as the buyer means it', async () => {
    const order = await steps.accepted({ lines: LINES });
    steps.erp.clerkEdits(numberOf(order), { quantity: { line: 1, quantity: 6 } });
    const taken = remembered(order, await steps.follow(order, accept(false)));
    steps.storefront.amend(order.key, (purchase) => void (purchase.customer_reference = 'PO-NEW'));
    expect(await steps.revise(taken)).toMatchObject({
      plans: [
        {
          plan: {
            kind: 'replace',
            changes: [{ kind: 'purchaseOrder' }],
            target: { tax: '24.00', lines: [{ quantity: 6 }] },
          },
        },
      ],
    });
  });
});

describe('an order that nobody else confirms', () => {
  const PUT = 'PUT /api/v1/purchases/{id}';
  const typeOf = (key: string) => steps.storefront.purchase(key)?.type;

  test('is confirmed with its ERP number, and that is no change of the buyer’s', async () => {
    const order = await steps.accepted({ lines: LINES, type: 'order_unconfirmed' });
    expect(steps.storefront.purchase(order.key)).toMatchObject({
      type: 'order',
      purchase_identifiers: { internal: numberOf(order) },
    });
    const updatedAt = steps.storefront.purchase(order.key)?.dates.updated_at;
    expect(await steps.revise(order)).toEqual({ kind: 'unchanged', updatedAt });
    expect(await steps.follow(order)).toMatchObject({ purchase: { kind: 'written', fingerprint: order.fingerprint } });
    expect(steps.storefront.purchase(order.key)?.dates.updated_at).toBe(updatedAt);
  });

  test('is confirmed once when the answer is lost, and once more by nobody after a crash', async () => {
    steps.storefront.faults.add({ kind: 'answerLostAfterCommit', route: PUT });
    const before = steps.storefront.calls(PUT).length;
    const order = await steps.imported({ lines: LINES, type: 'order_unconfirmed' });
    const { fingerprint } = remembered(order, await steps.follow(order));
    expect(typeOf(order.key)).toBe('order');
    // As the step is repeated that knows nothing of its own write.
    expect(await steps.follow(order)).toMatchObject({ purchase: { kind: 'written', fingerprint } });
    expect(steps.storefront.calls(PUT)).toHaveLength(before + 1);
  });

  test('is confirmed although the buyer changed it meanwhile, which is decided on as ever', async () => {
    const order = await steps.accepted({ lines: LINES, type: 'order_unconfirmed' });
    steps.storefront.amend(order.key, (purchase) => void (purchase.type = 'order_unconfirmed'));
    steps.storefront.setQuantity(order.key, SKU, 8);
    const outcome = await steps.follow(order);
    expect(outcome).toMatchObject({ purchase: { kind: 'amended' } });
    expect(typeOf(order.key)).toBe('order');
    expect(kindsOf(await steps.revise(order))).toEqual(['replace']);
  });

  test('is left as it is where somebody else confirms', async () => {
    const order = await steps.accepted({ lines: LINES });
    steps.storefront.setType(order.key, 'order_unconfirmed');
    const { dependencies } = steps;
    const site = { ...dependencies.site, intake: { ...dependencies.site.intake, types: ['order'] } };
    await steps.follow(order, {}, { ...dependencies, site });
    expect(typeOf(order.key)).toBe('order_unconfirmed');
  });
});

test('a line that the ERP cancelled and took back is the line it was, not a second one beside it', async () => {
  const order = await steps.accepted({ lines: [...LINES, { sku: OTHER, quantity: 2, unitPrice: '20.00' }] });
  steps.erp.clerkEdits(numberOf(order), { cancel: { line: null, by: 'H' } });
  const gone = remembered(order, await steps.follow(order));
  steps.erp.reopenLine(numberOf(order), 1);
  const back = remembered(gone, await steps.follow(gone));
  expect(back.documents[0]?.sent?.lines.map(({ sequence, quantity }) => [sequence, quantity])).toEqual([[1, 10]]);
  steps.storefront.setQuantity(order.key, SKU, 8);
  const outcome = await steps.revise(back, { prefer: 'storefront' });
  expect(outcome).toMatchObject({
    plans: [{ plan: { kind: 'replace', target: { lines: [{ sequence: 1, quantity: 8 }] } } }],
  });
});

test('what a document on its way brings is not meant of the one that is there', async () => {
  const order = await steps.accepted({ lines: LINES });
  const [document] = order.documents;
  if (!document) throw new Error('no document');
  steps.storefront.setQuantity(order.key, SKU, 12);
  const onItsWay = { ...document, document: 2, orderNumber: '', sent: null, agreed: null, onTheirWay: [SKU] };
  const outcome = await steps.revise(order);
  if (outcome.kind !== 'planned') throw new Error(outcome.kind);
  const intended = { ...order, documents: [document, onItsWay], fingerprint: outcome.purchase.fingerprint };
  expect(await steps.follow(intended)).toMatchObject({
    kind: 'followed',
    purchase: { kind: 'written' },
    documents: [{ sent: null }],
  });
});

test('a run that does not know what was sent learns it from no reading: the purchase is compared with the ERP', async () => {
  const order = await steps.accepted({ lines: LINES });
  const documents = order.documents.map((facts) => ({ ...facts, sent: null, agreed: null }));
  steps.storefront.setQuantity(order.key, SKU, 7);
  const outcome = await steps.revise(order);
  if (outcome.kind !== 'planned') throw new Error(outcome.kind);
  const opened = { ...order, documents, fingerprint: outcome.purchase.fingerprint };
  const read = remembered(opened, await steps.follow(opened));
  expect(read.documents).toMatchObject([{ sent: null }]);
  expect(await steps.revise(read, { anyway: true })).toMatchObject({
    plans: [{ plan: { kind: 'replace', changes: [{ kind: 'quantityDown' }, { what: 'tax' }] } }],
  });
});

test('a run that knows nothing of an order finds its earlier credit memos, and that they come to more than was invoiced', async () => {
  const order = await steps.imported({ lines: LINES });
  const ordNum = numberOf(order);
  steps.ships();
  const [invoice] = steps.erp.invoices({ ordNum });
  const numbers = ['200.00', '90.00'].map((amount) =>
    steps.erp.creditMemo({ ordNum, amount, ...(invoice && { invoice: invoice.number }) }),
  );
  const outcome = await steps.follow(order, { creditMemos: numbers.slice(1) });
  expect(outcome).toMatchObject({ creditMemos: numbers, settlement: { credited: '290.00' } });
  expect(outcome).toMatchObject({
    settlement: { lines: [{ what: `order ${ordNum} credits beyond its invoices`, rule: null }] },
  });
});

test('a run that does not know what was sent calls its items as the purchase does', async () => {
  const UPC = '012345678912';
  const order = await steps.accepted({ lines: [{ sku: UPC, quantity: 10, unitPrice: '20.00' }] });
  const opened = { ...order, documents: order.documents.map((facts) => ({ ...facts, sent: null, agreed: null })) };
  const read = remembered(opened, await steps.follow(opened));
  expect(read.documents).toMatchObject([{ agreed: { lines: [{ item: UPC }] } }]);
  expect(steps.packages(order.key)).toEqual([{ type: 'incoming', units: { [UPC]: 10 } }]);
  expect(JSON.stringify(steps.storefront.purchase(order.key)?.metadata)).not.toContain('could not be cancelled');
  steps.storefront.amend(order.key, (purchase) => void (purchase.customer_reference = 'PO-OTHER'));
  expect(await steps.revise(read)).toMatchObject({
    plans: [{ plan: { kind: 'replace', changes: [{ kind: 'purchaseOrder' }] } }],
  });
});

test('what the ERP split and shipped before anybody looked is shown whole at once', async () => {
  const order = await steps.accepted({ lines: LINES });
  steps.erp.splitLine(numberOf(order), 1, 4);
  steps.ships();
  await steps.follow(order);
  expect(steps.packages(order.key)).toEqual([{ type: 'shipment', units: { [SKU]: 10 } }]);
});

test('what the ERP split for a back-order is shipped and billed as what it was', async () => {
  const order = await steps.accepted({ lines: LINES });
  steps.erp.splitLine(numberOf(order), 1, 4);
  const split = await steps.follow(order);
  expect(split).toMatchObject({
    documents: [{ agreed: { lines: [{ quantity: 6 }, { quantity: 4, item: SKU }] }, sent: null }],
  });
  const known = remembered(order, split);
  expect(kindsOf(await steps.revise(known, { anyway: true }))).toEqual(['same']);
  steps.ships();
  const outcome = await steps.follow(known);
  expect(outcome).toMatchObject({
    documents: [{ differences: [] }],
    settlement: { ordered: '240.00', invoiced: '240.00', open: '0.00', lines: [], complete: true },
  });
  expect(steps.packages(order.key)).toEqual([{ type: 'shipment', units: { [SKU]: 10 } }]);
});

test('of an item at two prices the purchase cancels, ships and bills the one that the ERP did', async () => {
  const lines = [
    { sku: SKU, quantity: 10, unitPrice: '20.00' },
    { sku: SKU, quantity: 5, unitPrice: '18.00' },
  ];
  const order = await steps.accepted({ lines });
  steps.erp.clerkEdits(numberOf(order), { cancel: { line: 2, by: 'H' } });
  await steps.follow(order);
  const netIn = (type: string) =>
    (steps.storefront.purchase(order.key)?.packages ?? [])
      .filter((parcel) => parcel.type === type)
      .flatMap(({ line_items }) => line_items.map(({ line_total }) => Number(line_total?.total_net?.number)));
  expect([netIn('incoming'), netIn('cancellation')]).toEqual([[200], [90]]);
  steps.ships();
  const outcome = await steps.follow(order);
  expect([netIn('shipment'), netIn('cancellation')]).toEqual([[200], [90]]);
  expect(outcome).toMatchObject({
    settlement: { documents: [{ kind: 'invoice', orderNumber: numberOf(order), units: 10, standing: 'valid' }] },
  });
});

describe('a cancel of the ERP’s that the site tolerates', () => {
  test('is agreed on once the purchase shows it, and said once', async () => {
    const { rules } = steps.site;
    const erpEdits = { ...rules.erpEdits, toleratedCauses: ['houseCancel'] } as const;
    const dependencies = { ...steps.dependencies, site: { ...steps.site, rules: { ...rules, erpEdits } } };
    const order = await steps.accepted({ lines: [...LINES, { sku: OTHER, quantity: 2, unitPrice: '20.00' }] });
    steps.erp.clerkEdits(numberOf(order), { cancel: { line: 2, by: 'H' } });
    const outcome = await steps.follow(order, {}, dependencies);
    expect(outcome).toMatchObject({
      documents: [
        {
          differences: [{ line: 2, cause: 'houseCancel', tolerated: true }],
          agreed: { lines: [{ quantity: 10 }, { quantity: 0 }] },
        },
      ],
    });
    const again = await steps.follow(remembered(order, outcome), {}, dependencies);
    expect(again).toMatchObject({ documents: [{ differences: [] }] });
    expect(steps.packages(order.key)).toEqual([
      { type: 'incoming', units: { [SKU]: 10 } },
      { type: 'cancellation', units: { [OTHER]: 2 } },
    ]);
  });
});

test('the number on the purchase is the first document’s, and the next one’s only where that will never come', async () => {
  const order = await steps.imported({ lines: [...LINES, { sku: OF_DIVISION_2, quantity: 3, unitPrice: '15.33' }] });
  const [first, second] = order.documents;
  if (!first || !second) throw new Error('not split');
  const never = { ...first, orderNumber: '', sent: null, agreed: null };
  const shown = async (documents: Remembered['documents']) => {
    await steps.follow({ ...order, documents });
    return steps.storefront.purchase(order.key)?.purchase_identifiers.internal;
  };
  expect(await shown([{ ...never, place: 'live' }, second])).toBeNull();
  expect(await shown([{ ...never, place: 'over' }, second])).toBe(second.orderNumber);
  expect(await shown([first, second])).toBe(first.orderNumber);
});

describe('a document that the ERP does not show', () => {
  const forgotten = ({ documents: [first] }: Remembered, place: 'live' | 'over') => {
    if (!first) throw new Error('no document');
    return { ...first, document: 2, reference: `${first.reference}.2`, orderNumber: '999999', place };
  };

  test('and that is over keeps nobody from reading the others', async () => {
    const order = await steps.accepted({ lines: LINES });
    steps.erp.clerkEdits(numberOf(order), { quantity: { line: 1, quantity: 8 } });
    const documents = [forgotten(order, 'over'), ...order.documents];
    expect(await steps.follow({ ...order, documents })).toMatchObject({
      kind: 'followed',
      documents: [{ document: 1, differences: [{ field: 'quantity' }] }],
    });
  });

  test('is said when it is live, and when nothing else is there to be read', async () => {
    const order = await steps.accepted({ lines: LINES });
    for (const documents of [[...order.documents, forgotten(order, 'live')], [forgotten(order, 'over')]])
      expect(await steps.follow({ ...order, documents })).toEqual({ kind: 'notThere', orderNumber: '999999' });
  });
});

test('the shipping charge stays with the document that carries it when the buyer adds another division', async () => {
  const order = await steps.accepted({
    lines: [{ sku: OF_DIVISION_2, quantity: 3, unitPrice: '15.33' }],
    shipping: SHIPPING,
  });
  steps.storefront.amend(order.key, ({ packages, tax_lines }) => {
    const [line] = packages[0]?.line_items ?? [];
    if (!line) throw new Error('no line');
    const gbp = (number: string) => ({ number, currency: 'GBP' });
    const line_total = { total_net: gbp('15.00'), total_tax: gbp('3.00'), total_gross: gbp('18.00') };
    const more = { ...structuredClone(line), identifiers: { sku: SKU }, quantity: 1, line_total, tax_lines: [] };
    packages[0]?.line_items.push(more);
    for (const tax of tax_lines ?? []) tax.amount.number = (Number(tax.amount.number) + 3).toFixed(2);
  });
  expect(await steps.revise(order)).toMatchObject({
    plans: [
      { document: 2, division: '01', plan: { kind: 'send', order: { freight: '0.00', tax: '3.00' } } },
      { document: 1, division: '02', plan: { kind: 'same' } },
    ],
  });
});

describe('an invoice that is voided after the purchase showed it', () => {
  test('takes its shipment and its payment back, and the next invoice is shown instead', async () => {
    const order = await steps.accepted({ lines: LINES, shipping: SHIPPING });
    steps.ships();
    const [first] = steps.erp.invoices({ ordNum: numberOf(order) });
    steps.erp.payInvoice(first?.number ?? '');
    const shown = await steps.follow(order);
    expect(steps.packages(order.key)).toEqual([{ type: 'shipment', units: { [SKU]: 10 } }]);
    steps.erp.voidInvoice(first?.number ?? '');
    const [shipped] = steps.storefront.purchase(order.key)?.packages ?? [];
    voided.push(String(shipped?.identifiers?.['sparklayer_package_id']));
    const transactions = shown.kind === 'followed' ? shown.transactions : {};
    const before = steps.storefront.purchase(order.key);
    const open = await steps.follow(remembered(order, shown), { transactions });
    expect(open).toMatchObject({
      purchase: { kind: 'written' },
      transactions: { [`ERP-PAY-${first?.number}`]: '0.00' },
    });
    expect(steps.packages(order.key)).toEqual([{ type: 'incoming', units: { [SKU]: 10 } }]);
    const after = steps.storefront.purchase(order.key);
    expect(after?.calculated_total).toEqual(before?.calculated_total);
    const known = remembered(order, open);
    expect(kindsOf(await steps.revise(known, { anyway: true }))).toEqual(['same']);
    steps.erp.runJob('invoicing');
    await steps.follow(known);
    const [parcel] = steps.storefront.purchase(order.key)?.packages ?? [];
    expect(parcel).toMatchObject({ type: 'shipment', shipping_method: { name: 'Standard shipping' } });
    expect(parcel?.accounting_files).toHaveLength(1);
    expect(parcel?.accounting_files).not.toMatchObject([{ identifiers: { visible: first?.number } }]);
  });
});

test('a reference that the ERP cut stops the intake when that is found, not again with every reading', async () => {
  steps.erp.faults.add({ kind: 'valueCut', route: 'POST /api/salesOrder', field: 'altpo', length: 20 });
  const order = await steps.accepted({ lines: LINES });
  expect(steps.stops).toHaveLength(1);
  expect(await steps.follow(order)).toMatchObject({ findings: [{ code: 'REFERENCE_CUT' }] });
  expect(steps.stops).toHaveLength(1);
});

describe('payments', () => {
  test('that the ERP takes back are taken back on the purchase', async () => {
    const order = await steps.accepted({ lines: LINES });
    steps.ships();
    const [invoice] = steps.erp.invoices({ ordNum: numberOf(order) });
    const number = invoice?.number ?? '';
    steps.erp.payInvoice(number);
    const paid = await steps.follow(order);
    expect(paid).toMatchObject({ transactions: { [`ERP-PAY-${number}`]: '240.00' } });
    steps.erp.payInvoice(number, '-240.00');
    const transactions = paid.kind === 'followed' ? paid.transactions : {};
    const back = await steps.follow(remembered(order, paid), { transactions });
    expect(back).toMatchObject({ transactions: { [`ERP-PAY-${number}`]: '0.00' } });
    expect(steps.storefront.transactions(order.key)).toMatchObject([{ total: { number: '0.00' } }]);
  });
});
