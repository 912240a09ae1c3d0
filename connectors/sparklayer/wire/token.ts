import * as z from 'zod';

/** JSON only: form encoding is refused. `Site-Id` goes along here too. */
export const TOKEN_PATH = '/api/auth/token';
export const TOKEN_ROUTE = `POST ${TOKEN_PATH}`;

export function tokenBody({ clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string }) {
  return { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
}

/**
 * Life documented, names seen in code. Assumed (A1): a `token_type` that is not read, and that a refused call is a 401
 * with a problem body; every final 4xx counts as refused.
 */
export const tokenSchema = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().positive() });
