import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';

export interface Received {
  readonly method: string;
  /** As it came over the wire, query included. */
  readonly url: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly token: string;
  readonly text: string;
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

/** `number` counts the calls of this kind (token or other) from 1. */
export type Script = (request: Received, number: number) => Reply | Promise<Reply>;

const TOKEN_PATH = '/api/auth/token';

/** A real server on this machine that answers as a test wants it to; tokens are `token-1`, `token-2` … by default. */
export async function startScriptedStorefront(script: Script) {
  const received: Received[] = [];
  let current = script;
  let tokens: Script = (_, number) => aToken(`token-${number}`);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://storefront');
      const text = Buffer.concat(chunks).toString();
      const one: Received = {
        method: request.method ?? '',
        url: request.url ?? '',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: request.headers,
        token: (request.headers.authorization ?? '').replace('Bearer ', ''),
        text,
        body: text === '' ? null : JSON.parse(text),
        at: performance.now(),
      };
      received.push(one);
      const isToken = one.path === TOKEN_PATH;
      const number = received.filter(({ path }) => (path === TOKEN_PATH) === isToken).length;
      void Promise.resolve((isToken ? tokens : current)(one, number)).then((reply) => send(response, reply));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    /** Calls but those for tokens; of one method if it is given. */
    calls: (method?: string) =>
      received.filter((one) => one.path !== TOKEN_PATH && (method === undefined || one.method === method)),
    tokenCalls: () => received.filter(({ path }) => path === TOKEN_PATH),
    answers(next: Script) {
      current = next;
    },
    answersTokenCalls(next: Script) {
      tokens = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type ScriptedStorefront = Awaited<ReturnType<typeof startScriptedStorefront>>;

export function aToken(token: string, expiresIn = 3600): Reply {
  return { body: { access_token: token, expires_in: expiresIn, token_type: 'Bearer', a_new_member: true } };
}

function send(response: ServerResponse, { status = 200, headers = {}, body = '', instead }: Reply) {
  if (instead === 'drop') return response.destroy();
  if (instead === 'silence') return undefined;
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers });
  return response.end(isText ? body : JSON.stringify(body));
}
