import type { AlertRules } from '../alerts/alert-rules.ts';
import { reaching, type Addresses } from '../alerts/route-alert.ts';
import { OWNERS, type Owner } from '../site-rules.ts';
import type { Gap } from './gap.ts';

/** Teams that no message reaches: without an address for e-mail, and without another channel. */
export function unreachableOwners(alerts: AlertRules, addresses: Addresses): readonly Owner[] {
  return OWNERS.filter((owner) => reaching(alerts.routes[owner].urgent.channels, addresses[owner].email).length === 0);
}

/** `troubled` = whether an order meets a gap that is this team's to mend. */
export function judgeOwners(
  alerts: AlertRules,
  addresses: Addresses,
  troubled: (owner: Owner) => Gap['touches'],
): readonly Gap[] {
  return unreachableOwners(alerts, addresses).map((owner) => ({
    code: 'OWNER_WITHOUT_ADDRESS',
    key: owner,
    says: `Nobody hears of what is ${owner}’s: the site file has no address and no channel for this team.`,
    concerns: [owner],
    effect: 'unheard',
    touches: troubled(owner),
  }));
}
