import { Client, Connection } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';

import type { ResolvedTemporal } from './temporal-server.ts';

/** For whoever asks and tells. */
export interface ClientConnection {
  readonly client: Client;
  readonly connection: Connection;
  readonly namespace: string;
  close(): Promise<void>;
}

/** With one for workers beside it. */
export interface TemporalConnections extends ClientConnection {
  readonly native: NativeConnection;
}

/** Where to connect: a server the environment names, or a development server by its address. */
export type TemporalTarget =
  | Extract<ResolvedTemporal, { kind: 'address' }>
  | { readonly kind: 'local'; readonly address: string };

/** A connection for clients, with TLS and API key where the environment names them. */
export async function connectClient(target: TemporalTarget): Promise<ClientConnection> {
  const connection = await Connection.connect(optionsOf(target));
  const namespace = target.kind === 'address' ? target.namespace : 'default';
  return { client: new Client({ connection, namespace }), connection, namespace, close: () => connection.close() };
}

/** One connection for clients and one for workers. */
export async function connectTemporal(target: TemporalTarget): Promise<TemporalConnections> {
  const client = await connectClient(target);
  // What workers need is large, and who only asks never loads it.
  const worker = await import('@temporalio/worker');
  const native = await worker.NativeConnection.connect(optionsOf(target));
  return {
    ...client,
    native,
    async close() {
      await native.close();
      await client.close();
    },
  };
}

function optionsOf(target: TemporalTarget) {
  const options = target.kind === 'address' ? target.connection : { address: target.address };
  const { address, tls, apiKey, metadata } = options;
  return {
    ...(address === undefined ? {} : { address }),
    ...(tls === undefined ? {} : { tls }),
    ...(typeof apiKey === 'string' ? { apiKey } : {}),
    ...(metadata === undefined ? {} : { metadata }),
  };
}
