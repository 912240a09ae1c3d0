import { Decimal } from 'decimal.js';
import { z } from 'zod';

import { text, type JsonObject } from './json.ts';

/*
 * How the ERP writes values: numbers perhaps as strings, codes padded with blanks, text perhaps null, flags perhaps
 * blank, dates in three forms. Types are [A] everywhere.
 */

const scalar = z.union([z.string(), z.number(), z.null()]).optional();

/** A code or document number, trimmed; absent = empty. Leading zeros stay. */
export const code = scalar.transform((value) => (value === null || value === undefined ? '' : String(value).trim()));

/** Free text, as it is; absent = empty. */
export const freeText = scalar.transform((value) =>
  value === null || value === undefined ? '' : String(value).trimEnd(),
);

/** An exact decimal as text; absent or blank = null. */
export const amount = scalar.transform((value, context): string | null => {
  const text = value === null || value === undefined ? '' : String(value).trim();
  if (text === '') return null;
  if (/^-?(\d+(\.\d*)?|\.\d+)$/.test(text)) return text;
  // A number that is very small, as the rest of a subtraction may be, is written with an exponent.
  if (/^-?\d+(\.\d+)?e[+-]?\d{1,2}$/i.test(text)) return new Decimal(text).toFixed();
  context.addIssue({ code: 'custom', message: 'not a decimal number' });
  return z.NEVER;
});

/** A whole number; absent or blank = null. */
export const integer = scalar.transform((value, context): number | null => {
  const text = value === null || value === undefined ? '' : String(value).trim();
  if (text === '') return null;
  if (/^-?(\d+(\.0+)?|\.0+)$/.test(text)) return Number(text);
  context.addIssue({ code: 'custom', message: 'not a whole number' });
  return z.NEVER;
});

/** `Y` is true; blank, null and absent are false. */
export const flag = z
  .union([z.string(), z.null()])
  .optional()
  .transform((value) => value?.trim().toUpperCase() === 'Y');

/** A flag of a row that may not carry it at all: a missing member = null; blank and null are false, as everywhere. */
export const flagOrAbsent = z
  .union([z.string(), z.null()])
  .optional()
  .transform((value) => (value === undefined ? null : value?.trim().toUpperCase() === 'Y'));

/** A calendar date as `YYYY-MM-DD`; absent or blank = null. */
export const date = scalar.transform((value, context): string | null => {
  const text = value === null || value === undefined ? '' : String(value).trim();
  if (text === '') return null;
  const iso = isoDate(text);
  if (iso !== null) return iso;
  context.addIssue({ code: 'custom', message: 'not a date' });
  return z.NEVER;
});

/** A local time of change as `YYYY-MM-DD HH:MM:SS`; absent or blank = empty. */
export const stamp = scalar.transform((value, context): string => {
  const read = asStamp(text(value));
  if (read !== null) return read;
  context.addIssue({ code: 'custom', message: 'not a time' });
  return z.NEVER;
});

/** When a row changed, as `YYYY-MM-DD HH:MM:SS`; empty where it does not say so, or not in a way that can be read. */
export function changedAt(row: JsonObject): string {
  return asStamp(text(row['last_mod'])) ?? '';
}

/** Whether it is a time of change as it is kept. */
export function isStamp(says: string): boolean {
  return /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(says) && isOnTheCalendar(says, says.replace(' ', 'T'));
}

function asStamp(says: string): string | null {
  const written = says.trim().replace('T', ' ');
  return written === '' || isStamp(written) ? written : null;
}

/** `0000-00-00` and the 31st of November have the form of a date, and are none. */
function isOnTheCalendar(written: string, iso: string): boolean {
  const read = new Date(`${iso}Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().replace('T', ' ').startsWith(written);
}

/** `MM/DD/YYYY`, `YYYY-MM-DD`, or the latter with a time that does not count → `YYYY-MM-DD`; null = no date. */
export function isoDate(text: string): string | null {
  const american = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text);
  const iso = american
    ? `${american[3]}-${american[1]}-${american[2]}`
    : /^(\d{4}-\d{2}-\d{2})([ T]\d{2}:\d{2}:\d{2})?$/.exec(text)?.[1];
  return iso !== undefined && isOnTheCalendar(iso, `${iso}T00:00:00`) ? iso : null;
}
