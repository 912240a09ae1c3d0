import { mkdirSync, writeFileSync } from 'node:fs';

import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { test } from 'vitest';

import { startInstep, type Instep } from '../support/instep.ts';

const FOLDER = new URL('./histories/', import.meta.url);
const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 2, unitPrice: '20.00' }];

// Run with INSTEP_RECORD=1 when a version is released: writes the histories that later versions must still replay.
test.runIf(process.env['INSTEP_RECORD'])('records the histories of a release', async () => {
  mkdirSync(FOLDER, { recursive: true });
  const instep = await startInstep();
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
  } finally {
    await instep.stop();
  }
});

async function keep(instep: Instep, name: string, key: string): Promise<void> {
  writeFileSync(new URL(`${name}.json`, FOLDER), `${historyToJSON(await instep.handle(key).fetchHistory())}\n`);
}
