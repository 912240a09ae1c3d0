import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { createSalesOrderActivities } from '../../activities/sales-order-activities.ts';
import type { CancelOutcome } from '../../domain/order-state.ts';
import type { PreparedSalesOrder } from '../../domain/sales-order.ts';
import { asActivity, startSteps, type Remembered, type Steps } from '../support/steps.ts';

const LINES = [
  { sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' },
  { sku: 'AC-1001-BLK-L', quantity: 4, unitPrice: '20.00' },
];
const CANCEL = 'POST /api/salesOrderCancel';
const LONG_AGO = '2026-01-01T00:00:00.000Z';

describe('a cancel that the import drops, and of which the log shows nothing', () => {
  let steps: Steps;
  beforeAll(async () => {
    steps = await startSteps();
  });
  afterEach(() => steps.erp.faults.clear());
  afterAll(() => steps.stop());

  const cancels = () => steps.erp.calls(CANCEL).length;

  async function aDroppedCancel() {
    const { documents } = await steps.accepted({ lines: LINES });
    const activities = createSalesOrderActivities(steps.dependencies);
    const input = {
      document: 1,
      orderNumber: documents[0]?.orderNumber ?? '',
      agreed: documents[0]?.agreed ?? null,
      cancelling: { lines: null, sent: null, afterwards: 'end', act: null },
    } as const;
    steps.erp.faults.add({ kind: 'logRowMissing', route: CANCEL });
    steps.erp.faults.add({ kind: 'importRefused', route: CANCEL, code: 'REC_LOCKED' });
    const sent = await asActivity(() => activities.cancelSalesOrder(input));
    if (sent.kind !== 'underWay' || sent.transaction === null) throw new Error(JSON.stringify(sent));
    steps.erp.runJob('order_import');
    const follow = (postedAt: string, transaction: string | null = sent.transaction): Promise<CancelOutcome> =>
      asActivity(() => activities.followCancel({ ...input, transaction, postedAt }));
    return { follow };
  }

  test('goes again once something taken in later is finished, and it has had its time', async () => {
    const { follow } = await aDroppedCancel();
    const before = cancels();
    expect(await follow(LONG_AGO)).toEqual({ kind: 'pending' });
    await steps.accepted({ lines: LINES });
    expect(await follow(new Date().toISOString())).toEqual({ kind: 'pending' });
    expect(cancels()).toBe(before);
    const again = await follow(LONG_AGO);
    expect(again).toMatchObject({ kind: 'sentAgain', transaction: expect.any(String) });
    expect(cancels() - before).toBe(1);
    steps.erp.runJob('order_import');
    const transaction = again.kind === 'sentAgain' ? again.transaction : null;
    expect(await follow(LONG_AGO, transaction)).toMatchObject({ kind: 'done', left: 0 });
  });
});

describe.each(['staged', 'direct'] as const)('a cancel, %s', (writeMode) => {
  let steps: Steps;
  beforeAll(async () => {
    steps = await startSteps({
      erp: { writeMode },
      site: (site) => ({ ...site, erp: { ...site.erp, writeMode } }),
    });
  });
  afterEach(() => steps.erp.faults.clear());
  afterAll(() => steps.stop());

  const cancels = () => steps.erp.calls(CANCEL).length;

  /** Asks once, lets the ERP's job run, and looks until it is decided. */
  async function cancelled(
    order: Remembered,
    lines: readonly number[] | null,
    sent: PreparedSalesOrder | null = null,
  ): Promise<CancelOutcome> {
    const { documents } = order;
    const input = {
      document: 1,
      orderNumber: documents[0]?.orderNumber ?? '',
      agreed: documents[0]?.agreed ?? null,
      cancelling: { lines, sent, afterwards: 'end', act: null },
    } as const;
    const activities = createSalesOrderActivities(steps.dependencies);
    let outcome = await asActivity(() => activities.cancelSalesOrder(input));
    for (let look = 0; look < 5 && outcome.kind === 'underWay'; look++) {
      steps.erp.runJob('order_import');
      const { transaction } = outcome;
      // Of a cancel that goes again the one before has had its time.
      const postedAt = LONG_AGO;
      outcome = await asActivity(() => activities.followCancel({ ...input, transaction, postedAt }));
    }
    return outcome;
  }

  test('of several lines takes them one by one', async () => {
    const order = await steps.accepted({ lines: LINES });
    expect(await cancelled(order, [1, 2])).toMatchObject({ kind: 'done', left: 0 });
  });

  test('that the ERP does not take is told, and not tried for ever', async () => {
    const order = await steps.accepted({ lines: LINES });
    for (const code of ['INV_REASON', 'ORD_PICKED']) {
      const before = cancels();
      steps.erp.faults.add({ kind: 'importRefused', route: CANCEL, code });
      expect(await cancelled(order, null)).toMatchObject({ kind: 'refused' });
      expect(cancels() - before).toBe(1);
    }
  });

  test('that meets a locked order is tried again', async () => {
    const order = await steps.accepted({ lines: LINES });
    steps.erp.faults.add({ kind: 'importRefused', route: CANCEL, code: 'REC_LOCKED' });
    expect(await cancelled(order, null)).toMatchObject({ kind: 'done', left: 0 });
  });

  test('of the open rest beside a pick does not leave when the pick is voided: the buyer wants that part', async () => {
    const order = await steps.accepted({ lines: LINES });
    const number = order.documents[0]?.orderNumber ?? '';
    const sent = order.documents[0]?.sent;
    if (!sent) throw new Error('nothing was sent');
    const before = cancels();
    const wanted = {
      ...sent,
      lines: sent.lines.map((line) => (line.sequence === 1 ? { ...line, quantity: 6 } : line)),
    };
    expect(await cancelled(order, [1], wanted)).toMatchObject({ kind: 'overtaken' });
    expect(cancels()).toBe(before);
    steps.erp.runJob('allocation');
    steps.erp.runJob('pick_release');
    steps.erp.pickShort(number, 1, 6);
    expect(await cancelled(order, [1], wanted)).toMatchObject({ kind: 'done', left: 6 });
  });

  test('whose answer was lost is read again at every look, and sent again only after an import cycle', async () => {
    const order = await steps.accepted({ lines: LINES });
    const { documents } = order;
    const input = {
      document: 1,
      orderNumber: documents[0]?.orderNumber ?? '',
      agreed: documents[0]?.agreed ?? null,
      cancelling: { lines: null, sent: null, afterwards: 'end', act: null },
    } as const;
    const activities = createSalesOrderActivities(steps.dependencies);
    const follow = (postedAt: string) =>
      asActivity(() => activities.followCancel({ ...input, transaction: null, postedAt }));
    const before = cancels();
    const justNow = new Date().toISOString();
    expect(await follow(justNow)).toEqual({ kind: 'pending' });
    expect(await follow(justNow)).toEqual({ kind: 'pending' });
    expect(cancels()).toBe(before);
    expect(await follow(LONG_AGO)).toMatchObject({ kind: 'underWay' });
    expect(cancels() - before).toBe(1);
    steps.erp.runJob('order_import');
    expect(await follow(justNow)).toMatchObject({ kind: 'done', left: 0 });
  });

  test('of lines goes on to the next when nothing is open of one any more', async () => {
    const order = await steps.accepted({ lines: LINES });
    steps.erp.clerkEdits(order.documents[0]?.orderNumber ?? '', { cancel: { line: 1, by: 'H' } });
    expect(await cancelled(order, [1, 2])).toMatchObject({ kind: 'done', left: 0 });
  });
});
