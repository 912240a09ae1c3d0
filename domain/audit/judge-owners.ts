import type { AlertRules } from '../alerts/alert-rules.ts';
import { reaching, type Addresses } from '../alerts/route-alert.ts';
import type { CaseRules } from '../cases/case-rules.ts';
import { SEVERITIES, type Severity } from '../cases/severity-of.ts';
import { OWNERS, type Owner } from '../site-rules.ts';
import type { Gap } from './gap.ts';

/** How people are told, and where they are. */
export interface Telling {
  readonly alerts: AlertRules;
  readonly addresses: Addresses;
  readonly escalation: CaseRules['escalation'];
}

/**
 * Teams that their own routes do not reach, in whole or for some severities, and chains that name an address to which
 * nothing leads. `troubled` = whether an order meets a gap that is this team's to mend.
 */
export function judgeOwners(telling: Telling, troubled: (owner: Owner) => Gap['touches']): readonly Gap[] {
  return OWNERS.flatMap((owner) => {
    const says = [...ofRoutes(telling, owner), ...ofChain(telling, owner)].join(' ');
    if (says === '') return [];
    return {
      code: 'OWNER_WITHOUT_ADDRESS' as const,
      key: owner,
      says,
      concerns: [owner],
      effect: 'unheard' as const,
      touches: troubled(owner),
    };
  });
}

function ofRoutes({ alerts, addresses }: Telling, owner: Owner): readonly string[] {
  const unheard = SEVERITIES.filter((severity) => isUnheard(alerts, owner, severity, addresses[owner].email));
  if (unheard.length === 0) return [];
  const what = `what is ${owner}’s${unheard.length === SEVERITIES.length ? '' : ` and ${unheard.join(' or ')}`}`;
  const [own] = reaching(alerts.channels, addresses[owner].email);
  if (own) return [`No route brings the team ${what}: it has no address, and goes by ${own.channel.name} instead.`];
  const [other] = reaching(alerts.channels, addresses.integration.email);
  if (other)
    return [`The team does not hear of ${what}, the integration team does: the site file has no address for it.`];
  return [`Nobody hears of ${what}: the site file has no address and no channel for this team.`];
}

/** That something is in the log only may be wanted, but not where it is urgent, or where there is no channel at all. */
function isUnheard(alerts: AlertRules, owner: Owner, severity: Severity, email: string | null): boolean {
  const { channels } = alerts.routes[owner][severity];
  const isWanted = channels.length === 0 && severity !== 'urgent' && alerts.channels.length > 0;
  return !isWanted && reaching(channels, email).length === 0;
}

function ofChain({ alerts, escalation }: Telling, owner: Owner): readonly string[] {
  if (alerts.channels.some(({ kind }) => kind === 'email')) return [];
  const addresses = escalation[owner].flatMap(({ to }) =>
    to.flatMap((each) => (each.kind === 'address' ? each.email : [])),
  );
  if (addresses.length === 0) return [];
  return [`The chain of ${owner}’s cases names ${addresses.join(', ')}, and there is no e-mail channel.`];
}
