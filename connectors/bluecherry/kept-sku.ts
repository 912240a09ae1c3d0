import { z } from 'zod';

const text = z.string();

/** An item's codes as they are kept on disk. */
export const keptSku = z.object({
  division: text,
  style: text,
  color: text,
  label: text,
  dimension: text,
  size: text,
  upc: text,
});
