import type { ProblemCode } from '../problems.ts';
import { note, type ProblemNote } from './problem-note.ts';

/** Of what the ERP answers, and of orders that are in it. */
export const IN_THE_ERP: Readonly<Partial<Record<ProblemCode, ProblemNote>>> = {
  ERP_REFUSED: note(
    'The ERP did not take the order in, and said why.',
    'Not a passing trouble: those are tried again without a word.',
    'send',
    'await',
  ),
  IMPORT_OVERDUE: note(
    'The ERP has taken the order in, and its import job has not decided about it for longer than the site file allows.',
    'Not a lost order, and no reason to send it again.',
    'await',
  ),
  CHANGE_OVERDUE: note(
    'A change or a cancel is with the ERP, and its import job does not decide.',
    'Not a refused change: that is REPLACE_REFUSED or CANCEL_REFUSED.',
    'await',
  ),
  OUTCOME_UNKNOWN: note(
    'The order was sent, and its answer was lost; the ERP shows it neither as an order nor as staged.',
    'Not a failed order. It may be there: sent again carelessly, it ships twice.',
    'send',
  ),
  DUPLICATE_IN_ERP: note(
    'The ERP has several live orders that carry the same reference, so one purchase would ship more than once; or a purchase that is in the ERP came again under another number, and was not sent a second time.',
    'Not an order split by division: its parts carry references of their own.',
    'send',
    'prove-completeness',
  ),
  REFERENCE_CUT: note(
    'The ERP changed or cut our reference when it took an order in. Nobody could tell any more what is there already, so the intake stops.',
    'Not a trouble of the one order alone.',
    'send',
  ),
  ERP_EDIT: note(
    'Somebody changed the order in the ERP, so that it is not what was agreed with the buyer.',
    'Not an error of the sync: nothing was repaired on purpose, because a person decided it.',
    'follow',
  ),
  EDIT_CONFLICT: note(
    'The buyer and the ERP changed the order at the same time, each in its own way.',
    'Not lost: neither version was overwritten.',
    'follow',
  ),
  EDIT_OVERWRITTEN: note(
    'A clerk changed the order while a change of the buyer was already staged; when that was imported, the clerk’s edit was gone.',
    'Not a conflict that waits: it has happened, and only a person can say whether the edit is still wanted.',
    'follow',
  ),
  ACCEPT_NEEDS_CHOICE: note(
    'The ERP’s version was to be taken, and it has more goods or another price. A buyer must not be charged more without somebody’s word.',
    'Not a refusal.',
    'follow',
  ),
  CANCEL_PARTIAL: note(
    'The buyer cancelled what is already picked or shipped in part; only the rest could be cancelled.',
    'Not a failed cancel: what could be cancelled is.',
    'follow',
  ),
  INVOICE_DIFFERS: note(
    'All is invoiced or cancelled, and the invoices and credits do not come to the order.',
    'Not a rounding of the ERP within the site’s tolerance: that is only noted.',
    'follow',
  ),
  CREDIT_EXCEEDS: note('The credit memos of the order come to more than its invoices.', 'Not a payment.', 'follow'),
  ERP_STATUS_UNKNOWN: note(
    'The ERP gives the order a status letter that the site file does not know; the last known state is kept.',
    'Not a stopped order: it is followed by its quantities.',
    'follow',
  ),
  ERP_HOLD: note(
    'The ERP holds the order because of the customer’s credit.',
    'Not a hold that Instep set: that ends with release.',
    'follow',
  ),
  CANCEL_REFUSED: note(
    'The ERP does not cancel the order any more, mostly because it is picked.',
    'Not a passing refusal.',
    'follow',
  ),
  REPLACE_REFUSED: note(
    'The ERP does not take a change of the order.',
    'Not a damaged order: it is as it was before the change.',
    'follow',
  ),
  ADOPT_REFUSED: note(
    'The ERP order that a person named does not belong to this purchase.',
    'Not a missing order.',
    'send',
  ),
  REMAP_NOT_POSSIBLE: note(
    'The warehouse was to be taken from the table of locations again, and the table has none for this division.',
    'Not a lost order: it is where it was.',
    'follow',
  ),
  AMENDED: note(
    'The buyer changed the purchase when the ERP order was too far for that.',
    'Not ignored: the ERP’s order stands as agreed, and the change waits for a person.',
    'follow',
  ),
  WITHDRAWN: note(
    'The purchase is gone from the storefront, or is no order any more, while its order is in the ERP, and the site file does not cancel by itself; or it is not found by a number that is not SparkLayer’s own and may have been changed.',
    'Not an order that was never placed.',
    'follow',
  ),
  WRITE_BACK_REFUSED: note(
    'The storefront does not take the ERP’s number on the purchase, because another purchase has it.',
    'Not an order that is missing in the ERP: it is there.',
    'writeBack',
  ),
};
