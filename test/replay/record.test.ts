import { mkdirSync, writeFileSync } from 'node:fs';

import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { test } from 'vitest';

import { startInstep, type Instep } from '../support/instep.ts';

const FOLDER = new URL('./histories/', import.meta.url);
const SKU = 'AC-1001-BLK-M';
const LINES = [{ sku: SKU, quantity: 2, unitPrice: '20.00' }];

// Run with INSTEP_RECORD=1 when a version is released: writes the histories that later versions must still replay.
test.runIf(process.env['INSTEP_RECORD'])('records the histories of a release', { timeout: 120_000 }, async () => {
  mkdirSync(FOLDER, { recursive: true });
  // A credit period that a recording can wait for.
  const instep = await startInstep({
    site: (site) => ({ ...site, pacing: { ...site.pacing, creditPeriod: 2_000 } }),
  });
  try {
    await keep(instep, 'straight-through', await instep.accepted({ lines: LINES }));

    const parked = instep.checksOut({ lines: [{ sku: 'NO-SUCH-SKU', quantity: 1, unitPrice: '5.00' }] });
    await instep.pollsPurchases();
    await instep.untilAt(parked, 'parked');
    await instep.repair(parked, { kind: 'cancel' });
    await instep.handle(parked).result();
    await keep(instep, 'parked-and-cancelled', parked);

    instep.erp.faults.add({ route: 'POST /api/salesOrder', kind: 'answerLostAfterCommit', times: 1 });
    const lost = instep.checksOut({ lines: LINES });
    await instep.pollsPurchases();
    await instep.untilAt(lost, 'unknown');
    await instep.imports();
    await instep.untilAt(lost, 'settled');
    await keep(instep, 'answer-lost', lost);

    const held = await instep.accepted({ lines: LINES, location: 'pop-up-store' });
    await instep.repair(held, { kind: 'release' });
    await instep.untilAt(held, 'replacing');
    await instep.imports();
    await instep.until(held, ({ step, problems }) => step.at === 'settled' && problems.length === 0);
    await keep(instep, 'default-warehouse-released', held);

    const amended = await instep.accepted({ lines: LINES });
    await instep.amended(amended, () => instep.storefront.setQuantity(amended, SKU, 1));
    await keep(instep, 'amended', amended);

    const edited = await instep.accepted({ lines: LINES });
    instep.erp.clerkEdits(instep.liveOrders(edited)[0]?.ordNum ?? '', { quantity: { line: 1, quantity: 1 } });
    await instep.pollsErp();
    await instep.until(edited, ({ problems }) => problems.some(({ code }) => code === 'ERP_EDIT'));
    await instep.repair(edited, { kind: 'acceptErp', alsoMore: false });
    await instep.until(edited, ({ problems, follow }) => problems.length === 0 && follow === null);
    await keep(instep, 'erp-edit-accepted', edited);

    const cancelled = await instep.accepted({ lines: LINES });
    instep.storefront.cancel(cancelled);
    await instep.pollsPurchases();
    await instep.untilAt(cancelled, 'cancelling');
    await instep.imports();
    await instep.handle(cancelled).result();
    await keep(instep, 'cancelled-by-the-buyer', cancelled);

    const shipped = await instep.accepted({ lines: LINES });
    await instep.ships();
    await instep.until(shipped, ({ units }) => units?.invoiced === 2);
    await instep.handle(shipped).result();
    await keep(instep, 'shipped-and-closed', shipped);

    const late = await instep.accepted({ lines: LINES });
    await instep.erpRuns('allocation', 'pick_release');
    await instep.atRest(late);
    await instep.amended(late, () => instep.storefront.setQuantity(late, SKU, 5));
    await keep(instep, 'amended-too-late', late);

    const split = instep.checksOut({ lines: [...LINES, { sku: 'MN-2001-OLV-M', quantity: 1, unitPrice: '5.00' }] });
    await instep.pollsPurchases();
    await instep.until(split, ({ step, others }) => step.at === 'awaiting' && others[0]?.step.at === 'awaiting');
    await instep.imports();
    await instep.atRest(split);
    await keep(instep, 'split-by-division', split);

    for (const [name, run] of [
      ['poll-purchases', () => instep.pollsPurchases()],
      ['poll-erp-documents', () => instep.pollsErp()],
      ['sweep-purchases', () => instep.sweeps()],
    ] as const) {
      await run();
      await keepFeed(instep, name);
    }
  } finally {
    await instep.stop();
  }
});

/** The last run of a feed. */
async function keepFeed(instep: Instep, name: string): Promise<void> {
  const types = {
    'poll-purchases': 'pollPurchases',
    'poll-erp-documents': 'pollErpDocuments',
    'sweep-purchases': 'sweepPurchases',
  } as const;
  const prefix = { 'poll-purchases': 'poll-purchases', 'poll-erp-documents': 'poll-erp', 'sweep-purchases': 'sweep' };
  const type = Object.entries(types).find(([feed]) => feed === name)?.[1] ?? '';
  const start = Object.entries(prefix).find(([feed]) => feed === name)?.[1] ?? '';
  for (let round = 0; round < 100; round++) {
    const query = `WorkflowType = '${type}' AND WorkflowId STARTS_WITH '${start}:${instep.name}' AND ExecutionStatus = 'Completed'`;
    for await (const { workflowId } of instep.client.workflow.list({ query })) {
      const history = await instep.client.workflow.getHandle(workflowId).fetchHistory();
      writeFileSync(new URL(`${name}.json`, FOLDER), `${historyToJSON(history)}\n`);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no run of ${name} to keep`);
}

async function keep(instep: Instep, name: string, key: string): Promise<void> {
  writeFileSync(new URL(`${name}.json`, FOLDER), `${historyToJSON(await instep.handle(key).fetchHistory())}\n`);
}
