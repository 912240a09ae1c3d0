import { isVendorError, type VendorError } from './failures.ts';

/**
 * Of one pass over many purchases: one that cannot be read must not stop it for all the others, a storefront that does not
 * answer must.
 */
export interface Patience {
  /** A purchase was read, or is not there. */
  answered(): void;
  /** Whether the pass goes on without this purchase. */
  bears(error: unknown): boolean;
  /** At the end of the pass: throws the last trouble where no purchase was answered at all. */
  end(): void;
}

/** What may be wrong with one purchase alone. Credentials, quota and connection are the whole site's. */
const OF_ONE_PURCHASE = new Set(['REFUSED', 'SERVER_ERROR', 'UNREADABLE_ANSWER', 'TIMEOUT']);
/** More in a row are no coincidence, though several are asked at once. */
const MOST_IN_A_ROW = 10;

export function createPatience(): Patience {
  let inARow = 0;
  let isAnswered = false;
  let trouble: VendorError | null = null;
  const patience: Patience = {
    answered() {
      inARow = 0;
      isAnswered = true;
    },
    bears(error) {
      if (!isVendorError(error)) return false;
      // It answers, but in another form than agreed.
      if (error.code === 'SCHEMA_DRIFT') {
        patience.answered();
        return true;
      }
      if (!OF_ONE_PURCHASE.has(error.code)) return false;
      trouble = error;
      return ++inARow <= MOST_IN_A_ROW;
    },
    end() {
      if (!isAnswered && trouble !== null) throw trouble;
    },
  };
  return patience;
}
