import type { Repair } from './problems.ts';

export interface RepairWords {
  /** What it does, for people. */
  readonly does: string;
  /** What is typed for the order in the example. */
  readonly command: string;
}

const EXAMPLE = 'B2B10042';

/** Every act on an order in words, with an example of its command. */
export const REPAIR_WORDS: Readonly<Record<Repair, RepairWords>> = {
  retry: {
    does: 'prepare the order anew; once it is in the ERP: read both sides again',
    command: commandOf('retry', 'the customer is linked now'),
  },
  resync: {
    does: 'read both sides again and bring them together',
    command: commandOf('resync', 'settled with the warehouse'),
  },
  remap: {
    does: 'take the warehouse from the table of locations again',
    command: commandOf('remap', 'the location is in the table now'),
  },
  release: { does: 'lift the hold that Instep set', command: commandOf('release', 'the warehouse is right') },
  replaceCustomer: {
    does: 'send the order for another customer of the ERP',
    command: commandOf('replace-customer', 'belongs to the parent account', 'ACME01'),
  },
  cancel: { does: 'cancel the order; once sent, in the ERP', command: commandOf('cancel', 'the buyer asked for it') },
  sendAnyway: {
    does: 'send it: the ERP certainly does not have it',
    command: commandOf('send-anyway', 'looked in the ERP: it is not there'),
  },
  adopt: {
    does: 'say which ERP order this purchase is',
    command: commandOf('adopt', 'entered by hand on Monday', '4711'),
  },
  acceptErp: {
    does: 'take the ERP’s version into the purchase',
    command: commandOf('accept-erp', 'agreed with the buyer by phone'),
  },
  pushStorefront: {
    does: 'send the storefront’s version to the ERP again',
    command: commandOf('push-storefront', 'the clerk’s edit was a mistake'),
  },
  askOwner: {
    does: 'leave it open, and name the team that decides',
    command: commandOf('ask-owner', 'a question of price', 'finance'),
  },
  close: {
    does: 'stop following the order; it is settled by hand',
    command: commandOf('close', 'entered by hand as 4711'),
  },
};

/** What is pressed on a case, for people. */
export const CASE_ACTS: readonly { readonly act: string; readonly does: string }[] = [
  { act: 'acknowledge', does: 'you are on it: quiet while there is time to mend it' },
  { act: 'assign', does: 'it belongs to another team, whose time to answer begins' },
  { act: 'snooze', does: 'nobody is told of it until the time you name' },
  { act: 'note', does: 'put a remark into its history' },
  { act: 'repair', does: 'do the same to all its orders: one first, the others when that came out well' },
  { act: 'resolve', does: 'it is settled: quiet from now on, unless more comes' },
];

function commandOf(act: string, reason: string, more = ''): string {
  return ['instep order', act, EXAMPLE, more, `--reason "${reason}"`].filter(Boolean).join(' ');
}
