import { z } from 'zod';

import { code, freeText, integer, stamp } from './values.ts';

/** Assumed as a whole. `pkey` is the transaction's, the same on every row of one post. */
export const importLogRow = z.object({
  pkey: code,
  row_seq: integer.refine((value) => value !== null, 'row_seq is missing'),
  resource: code,
  /** Nine digits; leading zeros are lost where it comes as a number. Blank for cancels. */
  isa_num: code.transform((number) => (/^\d+$/.test(number) ? number.padStart(9, '0') : number)),
  ext_ref: code,
  status: code,
  ord_num: code,
  line_seq: integer,
  errorCode: code,
  errorMessage: freeText,
  last_mod: stamp,
});

export type ImportLogRow = z.output<typeof importLogRow>;

export const IMPORT_LOG_KEYS = ['pkey', 'row_seq', 'status'] as const;
