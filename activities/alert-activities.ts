import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Logger } from 'pino';

import type { Site } from '../config/site.ts';
import type { AlertNews } from '../domain/alerts/alert-rules.ts';
import { routeAlert, type AlertWay } from '../domain/alerts/route-alert.ts';
import { writeAlert, writeDigest, type AlertMessage, type LinkBase } from '../domain/alerts/write-alert.ts';
import type { Recipient } from '../domain/cases/case-rules.ts';
import type { AlertDigests } from './alert-digests.ts';
import type { Channels, Delivery, Sending } from './channels/channels.ts';
import { nextDigest, quietUntil } from './quiet-time.ts';

/** A message about one case. */
export interface CaseAlert extends AlertNews {
  /** Never empty. */
  readonly to: readonly Recipient[];
}

/** What was kept for somebody and has its time now. */
export interface AlertDigest {
  readonly to: Recipient;
  /** Never empty. */
  readonly news: readonly AlertNews[];
}

/** How it went, beyond that people were told. */
export interface AlertOutcome {
  /** Who could not be told, or not by their route, and why; one sentence each, for the history of the case. */
  readonly remarks: readonly string[];
}

/**
 * How people hear of a case. Resolves when the message has left, is surely kept to be sent, or will never be taken; the
 * case counts it as told, and its chain goes on. Throws when it may leave later: the case tries again some minutes later,
 * for as long as it takes. May be called twice for one message, when a worker dies in between.
 */
export interface AlertActivities {
  alert(message: CaseAlert): Promise<AlertOutcome>;
  /** One message about all of it. Throws when it could not leave by any channel, and one of them may take it later. */
  sendDigest(digest: AlertDigest): Promise<void>;
}

export interface AlertDependencies {
  readonly site: Pick<Site, 'name' | 'alerts' | 'owners'>;
  readonly channels: Pick<Channels, 'send'>;
  readonly digests: AlertDigests;
  /** Of the site's workflows in Temporal. */
  readonly namespace: string;
  readonly clock: () => Date;
  readonly log: Logger;
}

/** Tells people by the site's channels; whom none of them reaches, the log tells, at warn. */
export function createAlertActivities(dependencies: AlertDependencies): AlertActivities {
  const { site, channels, digests, namespace, clock, log } = dependencies;
  const { alerts: rules, owners } = site;
  const links: LinkBase = rules.temporalUi === '' ? '' : `${rules.temporalUi}/namespaces/${namespace}`;
  return {
    async alert({ to, ...news }) {
      const { id, says, owner, severity, count, valueAtRisk, dueAt } = news.case;
      log.warn({ case: id, why: news.why, level: news.level, to, owner, severity, count, valueAtRisk, dueAt }, says);
      const message = writeAlert(news, links);
      const outcomes = await Promise.all(to.map((recipient) => tell(recipient, news, message)));
      const failures = outcomes.filter((outcome) => outcome.result === 'failed');
      if (failures.length === to.length) throw undelivered(failures.map(({ remark }) => remark));
      // Whom it has reached is not to be told again for the others' sake; they have it kept, and tried until it leaves.
      const sendAt = clock().toISOString();
      for (const { recipient } of failures) await digests.hold(recipient, { ...news, sendAt });
      return { remarks: outcomes.map(({ remark }) => remark).filter(Boolean) };
    },

    async sendDigest({ to, news }) {
      const message = writeDigest(news, `digest:${site.name}:${nameOf(to)}:${keyOfThis()}`, links);
      const mostUrgent = message.parts[0]?.news ?? news[0];
      if (mostUrgent === undefined) return;
      const outcome = await deliver(to, wayTo(to, mostUrgent), message);
      if (outcome.result === 'failed') throw undelivered([outcome.remark]);
    },
  };

  async function tell(recipient: Recipient, news: AlertNews, message: AlertMessage): Promise<Told> {
    const way = wayTo(recipient, news);
    const isReached = way.channels.length + way.otherwise.length > 0;
    if (way.when.is === 'now' || !isReached) return deliver(recipient, way, message);
    await digests.hold(recipient, { ...news, sendAt: way.when.at });
    return { recipient, result: 'done', remark: '' };
  }

  async function deliver(recipient: Recipient, way: AlertWay, message: AlertMessage): Promise<Told> {
    const name = nameOf(recipient);
    const what = { recipient: name, message, key: keyOfThis(), signal: Context.current().cancellationSignal };
    const byRoute = await channels.send(way.channels, what);
    const delivery = byRoute.is === 'refused' ? await instead(byRoute, way, what) : byRoute;
    const told = { recipient, ...judge(delivery, byRoute, name, way) };
    if (told.remark !== '') log.warn({ to: name, thread: message.thread }, `${told.remark} (${message.subject})`);
    return told;
  }

  async function instead(byRoute: Delivery, way: AlertWay, what: Sending): Promise<Delivery> {
    const delivery = await channels.send(way.otherwise, what);
    return { ...delivery, failures: [...byRoute.failures, ...delivery.failures] };
  }

  function wayTo(recipient: Recipient, news: AlertNews): AlertWay {
    const { quiet, digest } = clockOf(recipient, news);
    return routeAlert(rules, owners, recipient, news, { quietUntil: quiet, nextDigest: digest });
  }

  function clockOf(to: Recipient, { case: { owner: ownerOfCase } }: AlertNews) {
    const owner = to.kind === 'owner' ? to.owner : ownerOfCase;
    const now = clock().toISOString();
    const quietHours = rules.quietHours[owner];
    return { quiet: quietUntil(now, quietHours), digest: nextDigest(now, rules.digests[owner], quietHours) };
  }
}

interface Told {
  readonly recipient: Recipient;
  /** done = it has left, is kept, or nothing will ever bring it to them. */
  readonly result: 'done' | 'failed';
  /** Empty = they are told as their route says. */
  readonly remark: string;
}

function judge(delivery: Delivery, byRoute: Delivery, name: string, { logOnly }: AlertWay): Omit<Told, 'recipient'> {
  const why = delivery.failures.join('; ');
  switch (delivery.is) {
    case 'failed':
      return { result: 'failed', remark: `${name} could not be told yet: ${why}.` };
    case 'unanswered':
      return { result: 'done', remark: `${name} may have been told, and the message is not sent again: ${why}.` };
    case 'refused':
      if (logOnly)
        return { result: 'done', remark: `${name} is told by the log alone: the site file names no channel.` };
      return { result: 'done', remark: `Nobody could be told: ${why || `no channel reaches ${name}`}.` };
    case 'taken': {
      if (byRoute.is === 'taken') return { result: 'done', remark: '' };
      const { channel, address } = delivery.by;
      const by = address === '' ? channel.name : `${channel.name} to ${address}`;
      return {
        result: 'done',
        remark: `Told by ${by} for want of a way to ${name}: ${why || 'its route reaches nobody'}.`,
      };
    }
  }
}

function undelivered(why: readonly string[]): ApplicationFailure {
  return ApplicationFailure.retryable(`No channel took the message. ${why.join('; ')}`, 'ALERT_UNDELIVERED');
}

/** The same in every attempt of one step, and in no other. */
function keyOfThis(): string {
  const { workflowExecution, activityId } = Context.current().info;
  return `${workflowExecution?.runId ?? ''}:${activityId}`;
}

function nameOf(to: Recipient): string {
  return to.kind === 'owner' ? to.owner : to.email;
}
