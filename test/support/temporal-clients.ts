import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, inject } from 'vitest';

/** Connections to the server that all tests share, for the tests of one file: open before the first, closed after the last. */
export function temporalClients() {
  let connection: Connection;
  let native: NativeConnection;
  let client: Client;
  beforeAll(async () => {
    const { address, namespace } = inject('temporal');
    connection = await Connection.connect({ address });
    native = await NativeConnection.connect({ address });
    client = new Client({ connection, namespace });
  });
  afterAll(async () => {
    await native.close();
    await connection.close();
  });
  return {
    get client() {
      return client;
    },
    /** What a worker of activities alone needs. */
    get forActivities() {
      return { connection: native, namespace: inject('temporal').namespace };
    },
    /** What a worker of workflows needs. */
    get forWorkflows() {
      const { namespace, bundle } = inject('temporal');
      return { connection: native, namespace, workflowBundle: { codePath: bundle } };
    },
  };
}
