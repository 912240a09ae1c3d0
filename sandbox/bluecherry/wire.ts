import type { IncomingMessage, ServerResponse } from 'node:http';

/** One call on its way through the ERP. */
export interface Exchange {
  /** `POST /api/salesOrder`, as it was written. */
  readonly route: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
}

export const NO_KEY =
  'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.';
export const BAD_KEY =
  'Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.';

export function send(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}) {
  // The caller may have gone while we were slow.
  if (!response.destroyed) response.writeHead(status, headers).end(body);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  send(response, status, JSON.stringify(value), { 'content-type': 'application/json', ...headers });
}

/** The gateway's own shape. */
export function sendGateway(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  sendJson(response, status, { statusCode: status, message }, headers);
}

/** Shape 1, the application's own. */
export function sendError(response: ServerResponse, status: number, errorCode: string, errorMessage: string): void {
  sendJson(response, status, { errors: [{ errorCode, errorMessage, field: null, line_seq: null }] });
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
