import { UNNAMED_FAULT } from '../../domain/refusals.ts';
import type { ErpMessage } from '../../domain/sales-order.ts';
import type { HttpResult } from './http.ts';
import { FILTER_CODE, QUOTA_TEXT, RATE_TEXT } from './wire/assumptions.ts';
import { isJsonObject, text, wholeNumber, type JsonObject } from './wire/json.ts';

/** What an answer says, whatever its HTTP status (contract, section 4). */
export type Verdict =
  | { readonly kind: 'good'; readonly body: JsonObject }
  | { readonly kind: 'credentialsRefused' }
  | { readonly kind: 'quotaExhausted'; readonly retryAfterMs: number }
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'wrongAddress' }
  /** `retryAfterMs` null = it does not say how long. */
  | { readonly kind: 'tooMany'; readonly retryAfterMs: number | null }
  | { readonly kind: 'faults'; readonly faults: readonly ErpMessage[] }
  | { readonly kind: 'serverTrouble'; readonly status: number; readonly retryAfterMs: number | null }
  | { readonly kind: 'unreadable'; readonly why: string };

type Answer = Extract<HttpResult, { kind: 'answer' }>;

/**
 * Looks strictly in the contract's order: unreadable, the four shapes of an error, the signs of success. HTTP 200 with
 * an error inside is an error. Everything that is neither is unreadable.
 */
export function judge(answer: Answer, success: 'data' | 'pkey', errorTexts: Readonly<Record<string, string>>): Verdict {
  const { status } = answer;
  const body = parse(answer.text);
  if (!body) return wordless(answer, answer.text.trim() === '' ? 'empty answer' : 'the answer is not JSON');
  const isTakenIn = success === 'pkey' && isSuccess(status) && /^0*[1-9]\d*$/.test(text(body['pkey']));
  const faults = faultsOf(body, errorTexts);
  if (faults && isTakenIn) {
    // A message beside the key is kept by nobody but the ERP; errors beside it say two things at once.
    return errorsOf(body).length > 0 ? { kind: 'unreadable', why: 'a key and errors at once' } : { kind: 'good', body };
  }
  if (faults) return gatewayVerdict(answer, body) ?? { kind: 'faults', faults };
  if (isTakenIn || (success === 'data' && isSuccess(status) && body['data'] !== undefined))
    return { kind: 'good', body };
  return wordless(answer, `the answer shows neither success nor an error (HTTP ${status})`);
}

function parse(body: string): JsonObject | null {
  try {
    const parsed: unknown = JSON.parse(body);
    return isJsonObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/**
 * Not a word of the ERP or its gateway. Keys and rates are looked at before anything is taken in, so a 401 or 429 means what
 * it always does; a 403 or 404 may be the page of something in between, on the way back as well.
 */
function wordless(answer: Answer, why: string): Verdict {
  const { status } = answer;
  if (status === 401) return { kind: 'credentialsRefused' };
  return passing(status, retryAfter(answer, '')) ?? { kind: 'unreadable', why };
}

/** Every fault of the four shapes; null when there is none. */
function faultsOf(body: JsonObject, errorTexts: Readonly<Record<string, string>>): readonly ErpMessage[] | null {
  const { message } = body;
  const errors = errorsOf(body);
  if (errors.length > 0)
    return errors.map((item) => {
      const fields = isJsonObject(item) ? item : {};
      const says = text(fields['errorMessage']) || text(fields['message']) || text(item);
      const code = text(fields['errorCode']) || codeOfText(says, errorTexts);
      return { code, text: says, line: wholeNumber(fields['line_seq']) || null };
    });
  if (Array.isArray(message) && message.length > 0)
    return message.map((item: unknown) => unnamed(text(isJsonObject(item) ? item['message'] : item), errorTexts));
  if (typeof message === 'string' && message.trim() !== '') return [unnamed(message, errorTexts)];
  return null;
}

/** A list, as far as we know; a single one where it is none. */
function errorsOf({ errors }: JsonObject): readonly unknown[] {
  if (Array.isArray(errors)) return errors;
  return isJsonObject(errors) || text(errors) !== '' ? [errors] : [];
}

function unnamed(says: string, errorTexts: Readonly<Record<string, string>>): ErpMessage {
  return { code: codeOfText(says, errorTexts), text: says, line: null };
}

function codeOfText(says: string, errorTexts: Readonly<Record<string, string>>): string {
  const found = Object.entries(errorTexts).find(([known]) => sameText(known, says));
  if (found) return found[1];
  return /^invalid (column|field) name in filter/i.test(says) ? FILTER_CODE : UNNAMED_FAULT;
}

function sameText(left: string, right: string): boolean {
  const plain = (words: string) => words.trim().replace(/\.$/, '').toLowerCase();
  return plain(left) === plain(right);
}

/**
 * What the gateway says in the ERP's place; null = the ERP itself speaks, as it may with any status. The gateway has one
 * shape, a single text; a list of errors is the ERP's, with 403 and 404 too.
 */
function gatewayVerdict(answer: Answer, body: JsonObject): Verdict | null {
  const says = errorsOf(body).length === 0 && typeof body['message'] === 'string' ? body['message'] : '';
  const status = (says && wholeNumber(body['statusCode'])) || answer.status;
  const verdict = passing(status, retryAfter(answer, says));
  if (verdict || says === '') return verdict;
  switch (status) {
    case 401:
      return { kind: 'credentialsRefused' };
    case 403: {
      const quota = QUOTA_TEXT.exec(says);
      if (!quota) return { kind: 'forbidden' };
      const [days, hours, minutes, seconds] = quota.slice(1).map((part) => Number(part ?? 0));
      const total = (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
      return { kind: 'quotaExhausted', retryAfterMs: total * 1000 };
    }
    case 404:
      return { kind: 'wrongAddress' };
    default:
      return null;
  }
}

/** A status that says to come again, whoever speaks and whatever else is said; null = another one. */
function passing(status: number, retryAfterMs: number | null): Verdict | null {
  if (status === 429) return { kind: 'tooMany', retryAfterMs };
  return status >= 500 || status === 408 ? { kind: 'serverTrouble', status, retryAfterMs } : null;
}

/** Seconds or an HTTP date in the header, else the seconds in the text; null = no time that is still to come. */
function retryAfter({ retryAfter: header, date }: Answer, says: string): number | null {
  const value = header?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000 || null;
  const at = value ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(at)) {
    // By the server's own clock where it shows one.
    const now = date === null || Number.isNaN(Date.parse(date)) ? Date.now() : Date.parse(date);
    return at > now ? at - now : null;
  }
  const seconds = RATE_TEXT.exec(says)?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}
