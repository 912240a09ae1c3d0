import { randomUUID } from 'node:crypto';

import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { expect, inject, test } from 'vitest';

import type { AlertDigest } from '../../activities/alert-activities.ts';
import type { Recipient } from '../../domain/cases/case-rules.ts';
import { createAlertDigests } from '../../workers/alert-digests.ts';
import { ordersQueue } from '../../workflows/task-queues.ts';
import { advance } from '../support/advance.ts';
import { someNews } from '../support/case-news.ts';

const HOUR = 3_600_000;

test('what is kept for somebody leaves as one message at its time, also after the mail server was down, and nothing is lost', async () => {
  const { address, namespace, bundle } = inject('temporal');
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  const client = new Client({ connection, namespace });
  const site = `d${randomUUID().slice(0, 8)}`;
  const sent: AlertDigest[] = [];
  let attempts = 0;
  const worker = await Worker.create({
    connection: native,
    namespace,
    taskQueue: ordersQueue(site),
    workflowBundle: { codePath: bundle },
    activities: {
      sendDigest: async (digest: AlertDigest) => {
        attempts += 1;
        if (attempts === 1) throw new Error('the mail server does not answer');
        sent.push(digest);
      },
    },
  });
  const running = worker.run();
  try {
    const to: Recipient = { kind: 'owner', owner: 'warehouse' };
    const id = `digest:${site}:warehouse`;
    const digests = createAlertDigests(client, site);
    const at = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();
    const [morning, evening] = [at(8), at(20)];
    await digests.hold(to, { ...someNews({ key: 'a' }), sendAt: morning });
    await digests.hold(to, { ...someNews({ key: 'b' }), sendAt: morning });
    await digests.hold(to, { ...someNews({ key: 'c' }), sendAt: evening });
    await digests.hold(to, { ...someNews({ key: 'a', count: 13 }, { why: 'grew' }), sendAt: morning });
    await digests.hold(to, { ...someNews({ key: 'a', count: 13 }, { why: 'grew' }), sendAt: morning });
    await advance(client, id, 7 * HOUR);
    expect(attempts).toBe(0);
    await advance(client, id, 2 * HOUR);
    await expect.poll(() => sent.length).toBe(1);
    expect(sent[0]?.news.map(({ case: { key, count }, why }) => `${key} ${count} ${why}`)).toEqual([
      'b 12 opened',
      'a 13 grew',
    ]);
    await advance(client, id, 20 * HOUR);
    await client.workflow.getHandle(id).result();
    expect(sent.map(({ news }) => news.length)).toEqual([2, 1]);
    expect(attempts).toBe(3);
    // The next one begins anew, and what has its time already leaves at once.
    await digests.hold(to, { ...someNews({ key: 'd' }), sendAt: at(0) });
    await client.workflow.getHandle(id).result();
    expect(sent).toHaveLength(3);
  } finally {
    worker.shutdown();
    await running;
    await native.close();
    await connection.close();
  }
});
