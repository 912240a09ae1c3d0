import type { RefusalCause } from './order-state.ts';
import type { ErpMessage } from './sales-order.ts';

/** Codes that pass by themselves, and the one for a control number already known. Assumed; docs/contracts/bluecherry.md, section 4. */
const PASSING: readonly string[] = ['REC_LOCKED', 'JOB_RUNNING', 'DEADLOCK', 'TIMEOUT'];
const NUMBER_TAKEN = 'DUP_ISA';

/** What kind of refusal the import log tells. All faults must pass by themselves for the whole to pass. */
export function refusalCause(faults: readonly ErpMessage[]): RefusalCause {
  if (faults.some(({ code }) => code === NUMBER_TAKEN)) return 'numberTaken';
  return faults.length > 0 && faults.every(({ code }) => PASSING.includes(code)) ? 'passing' : 'content';
}

/** A fault without a code whose text the site maps to none: final. */
export const UNNAMED_FAULT = 'ERP_REFUSED';

/** What refusals of one cause have in common: the codes of their faults, each once, sorted; null = not all have one. */
export function causeOfFaults(faults: readonly ErpMessage[]): string | null {
  const codes = [...new Set(faults.map(({ code }) => code.trim()))].toSorted();
  return codes.length === 0 || codes.includes('') || codes.includes(UNNAMED_FAULT) ? null : codes.join('+');
}

/** The order has moved on: picked, invoiced or closed. Assumed; docs/contracts/bluecherry.md, section 4. */
const STAGE: readonly string[] = ['ORD_PICKED', 'ORD_INVOICED', 'ORD_CLOSED'];

/** Whether a change was refused because the order is at a later stage than it was sent for. */
export function isStageRefusal(faults: readonly ErpMessage[]): boolean {
  return faults.some(({ code }) => STAGE.includes(code));
}

/** Whether a cancel found nothing open: done before, or picked or invoiced meanwhile. The order itself says how far. */
export function isClosedRefusal(faults: readonly ErpMessage[]): boolean {
  return faults.length > 0 && faults.every(({ code }) => STAGE.includes(code));
}
