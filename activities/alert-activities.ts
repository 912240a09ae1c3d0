import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Logger } from 'pino';

import type { Site } from '../config/site.ts';
import type { AlertNews } from '../domain/alerts/alert-rules.ts';
import { routeAlert, type ChannelTo } from '../domain/alerts/route-alert.ts';
import { writeAlert, writeDigest, type AlertMessage, type LinkBase } from '../domain/alerts/write-alert.ts';
import type { Recipient } from '../domain/cases/case-rules.ts';
import type { AlertDigests } from './alert-digests.ts';
import { createChannels, type Delivery } from './channels/channels.ts';
import { nextDigest, quietUntil } from './quiet-time.ts';
import type { TellCasesActivities } from './tell-cases.ts';

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

/**
 * How people hear of a case. Resolves when the message has left, or is surely kept to be sent; the case counts it as told.
 * Throws when it could not: the case tries again some minutes later, for as long as it takes. May be called twice for one
 * message, when a worker dies in between.
 */
export interface AlertActivities {
  alert(message: CaseAlert): Promise<void>;
  /** One message about all of it. Throws when it could not leave by any channel. */
  sendDigest(digest: AlertDigest): Promise<void>;
}

export interface AlertDependencies {
  readonly site: Pick<Site, 'name' | 'alerts' | 'owners'>;
  readonly cases: Pick<TellCasesActivities, 'reportFindings'>;
  readonly digests: AlertDigests;
  /** Of the site's workflows in Temporal. */
  readonly namespace: string;
  readonly clock: () => Date;
  readonly log: Logger;
}

/** Tells people by the site's channels; whom none of them reaches, the log tells, at warn. */
export function createAlertActivities(dependencies: AlertDependencies): AlertActivities {
  const { site, digests, namespace, clock, log } = dependencies;
  const { alerts: rules, owners } = site;
  const links: LinkBase = rules.temporalUi === '' ? '' : `${rules.temporalUi}/namespaces/${namespace}`;
  const channels = createChannels(dependencies);
  return {
    async alert({ to, ...news }) {
      const { id, says, owner, severity, count, valueAtRisk, dueAt } = news.case;
      log.warn({ case: id, why: news.why, level: news.level, to, owner, severity, count, valueAtRisk, dueAt }, says);
      const key = keyOfThis();
      const message = writeAlert(news, links);
      const outcomes = await Promise.all(to.map((recipient) => tell(recipient, news, message, key)));
      const failures = outcomes.filter((outcome) => outcome.result === 'failed');
      if (failures.length === 0) return;
      if (failures.length === to.length) throw undelivered(failures.flatMap(({ why }) => why));
      // Whom it has reached is not to be told again for the others' sake; they have it kept, and tried until it leaves.
      const sendAt = clock().toISOString();
      for (const { recipient } of failures) await digests.hold(recipient, { ...news, sendAt });
    },

    async sendDigest({ to, news }) {
      const message = writeDigest(news, `digest:${site.name}:${nameOf(to)}:${keyOfThis()}`, links);
      const mostUrgent = message.parts[0]?.news ?? news[0];
      if (mostUrgent === undefined) return;
      const { quiet, digest } = clockOf(to, mostUrgent);
      const { channels: ways } = routeAlert(rules, owners, to, mostUrgent, { quietUntil: quiet, nextDigest: digest });
      const outcome = await deliver(to, ways, message, keyOfThis());
      if (outcome.result === 'failed') throw undelivered(outcome.why);
    },
  };

  async function tell(recipient: Recipient, news: AlertNews, message: AlertMessage, key: string): Promise<Told> {
    const { quiet, digest } = clockOf(recipient, news);
    const way = routeAlert(rules, owners, recipient, news, { quietUntil: quiet, nextDigest: digest });
    if (way.when.is === 'now' || way.channels.length === 0) return deliver(recipient, way.channels, message, key);
    await digests.hold(recipient, { ...news, sendAt: way.when.at });
    return { recipient, result: 'done', why: [] };
  }

  async function deliver(
    recipient: Recipient,
    ways: readonly ChannelTo[],
    message: AlertMessage,
    key: string,
  ): Promise<Told> {
    if (ways.length === 0) {
      log.warn({ to: nameOf(recipient), thread: message.thread }, `no channel reaches them: ${message.subject}`);
      return { recipient, result: 'done', why: [] };
    }
    const delivery: Delivery = await channels.send(ways, nameOf(recipient), message, key);
    return { recipient, result: delivery.by === null ? 'failed' : 'done', why: delivery.failures };
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
  /** done = it has left, is kept, or nothing reaches them. */
  readonly result: 'done' | 'failed';
  readonly why: readonly string[];
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
