import type { RepairRequest } from './order-state.ts';
import { OWNERS } from './site-rules.ts';

/**
 * What is wrong with what a person gave along with an act; null = nothing. In the Temporal UI updates are typed by hand:
 * whatever the types say, an argument may be missing or be anything.
 */
export function faultOf(repair: RepairRequest): string | null {
  const given: Readonly<Record<string, unknown>> = { ...repair };
  if (!isText(given['actor']) || !isText(given['reason']))
    return 'Say who acts and why: actor and reason are obligatory.';
  switch (repair.kind) {
    case 'replaceCustomer':
      return isText(given['customer']) ? null : 'Say for which customer: customer is its code in the ERP, as text.';
    case 'adopt':
      return isText(given['orderNumber']) ? null : 'Say which order: orderNumber is its number in the ERP, as text.';
    case 'acceptErp':
      return typeof given['alsoMore'] === 'boolean' ? null : 'Say whether also more: alsoMore is true or false.';
    case 'askOwner':
      return OWNERS.some((owner) => owner === given['owner'])
        ? null
        : `Say who decides: owner is one of ${OWNERS.join(', ')}.`;
    default:
      return null;
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}
