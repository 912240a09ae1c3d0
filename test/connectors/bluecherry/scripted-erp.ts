import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';

export interface Received {
  readonly method: string;
  /** Path after `/api/`, without the query. */
  readonly resource: string;
  /** Decoded parameters; `$filter` holds the expression. */
  readonly query: Readonly<Record<string, string>>;
  readonly rawQuery: string;
  readonly headers: IncomingHttpHeaders;
  readonly key: string;
  readonly body: unknown;
  readonly at: number;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: unknown;
  /** `drop`: the connection ends without an answer; `silence`: nothing ever comes. */
  readonly instead?: 'drop' | 'silence';
}

export type Script = (request: Received, number: number) => Reply | Promise<Reply>;

/** A real server on this machine that answers as a test wants it to. */
export async function startScriptedErp(script: Script) {
  const received: Received[] = [];
  let current = script;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://erp');
      const text = Buffer.concat(chunks).toString();
      const one: Received = {
        method: request.method ?? '',
        resource: url.pathname.replace('/INSTEP/TEST/api/', ''),
        query: Object.fromEntries(url.searchParams),
        rawQuery: url.search.slice(1),
        headers: request.headers,
        key: String(request.headers['ocp-apim-subscription-key']),
        body: text === '' ? null : JSON.parse(text),
        at: performance.now(),
      };
      received.push(one);
      void Promise.resolve(current(one, received.length)).then((reply) => send(response, reply));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}/INSTEP/TEST`,
    received,
    answers(next: Script) {
      current = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type ScriptedErp = Awaited<ReturnType<typeof startScriptedErp>>;

function send(response: ServerResponse, { status = 200, headers = {}, body = '', instead }: Reply) {
  if (instead === 'drop') return response.destroy();
  if (instead === 'silence') return undefined;
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers });
  return response.end(isText ? body : JSON.stringify(body));
}

/** `{version, data}` of a flat master. */
export function flat(...rows: unknown[]): Reply {
  return { body: { version: '1.0', data: rows } };
}

/** `{version, data: {header}}` of the others. */
export function headed(...rows: unknown[]): Reply {
  return { body: { version: '1.0', data: { header: rows } } };
}
