import * as z from 'zod';

export const TOKEN_PATH = '/api/auth/token';

/** Life documented, names seen in code; a refused call is a 401 with a problem body (A1). */
export const tokenSchema = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().int().positive() });
