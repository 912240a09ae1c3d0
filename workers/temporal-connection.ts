import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';

import type { ResolvedTemporal } from './temporal-server.ts';

export interface TemporalConnections {
  readonly client: Client;
  readonly connection: Connection;
  readonly native: NativeConnection;
  readonly namespace: string;
  close(): Promise<void>;
}

/** Where to connect: a server the environment names, or a development server by its address. */
export type TemporalTarget =
  | Extract<ResolvedTemporal, { kind: 'address' }>
  | { readonly kind: 'local'; readonly address: string };

/** One connection for clients and one for workers, with TLS and API key where the environment names them. */
export async function connectTemporal(target: TemporalTarget): Promise<TemporalConnections> {
  const options = target.kind === 'address' ? target.connection : { address: target.address };
  const namespace = target.kind === 'address' ? target.namespace : 'default';
  const { address, tls, apiKey, metadata } = options;
  const shared = {
    ...(address === undefined ? {} : { address }),
    ...(tls === undefined ? {} : { tls }),
    ...(typeof apiKey === 'string' ? { apiKey } : {}),
    ...(metadata === undefined ? {} : { metadata }),
  };
  const connection = await Connection.connect(shared);
  const native = await NativeConnection.connect(shared);
  return {
    client: new Client({ connection, namespace }),
    connection,
    native,
    namespace,
    async close() {
      await native.close();
      await connection.close();
    },
  };
}
