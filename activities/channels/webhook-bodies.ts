import type { AlertMessage, AlertPart } from '../../domain/alerts/write-alert.ts';

/** Slack refuses longer ones: a text of 3,000 characters, 50 blocks (two a case). */
const SLACK_TEXT = 2_900;
/** Of a digest so many cases are shown in a chat; the rest is counted. */
const CHAT_PARTS = 15;
/** Teams refuses more than 28 KB. */
const TEAMS_BYTES = 28_000;
const FACT_LENGTH = 400;

/** An incoming webhook of Slack: blocks, and a text for what cannot show them. */
export function slackBody({ subject, text, parts }: AlertMessage): unknown {
  return {
    text: slackText(subject),
    blocks: [
      ...parts
        .slice(0, CHAT_PARTS)
        .flatMap((part) => [
          { type: 'section', text: { type: 'mrkdwn', text: slackPart(part).slice(0, SLACK_TEXT) } },
          { type: 'divider' },
        ]),
      ...besides(text, parts, CHAT_PARTS).map((line) => ({
        type: 'section',
        text: { type: 'mrkdwn', text: slackText(line) },
      })),
    ],
  };
}

/** A workflow of Teams that takes an adaptive card, with as many cases as it takes. */
export function teamsBody(message: AlertMessage): unknown {
  let count = Math.min(message.parts.length, CHAT_PARTS);
  while (count > 1 && Buffer.byteLength(JSON.stringify(teamsCard(message, count))) > TEAMS_BYTES) count -= 1;
  return teamsCard(message, count);
}

/** Its runs of text are no Markdown, so nothing needs escaping. */
function teamsCard({ subject, text, parts, urgency }: AlertMessage, count: number): unknown {
  const shown = parts.slice(0, count);
  const line = (runs: readonly Readonly<Record<string, unknown>>[]) => ({
    type: 'RichTextBlock',
    inlines: runs.map((run) => ({ type: 'TextRun', ...run })),
  });
  return {
    type: 'message',
    summary: cut(subject),
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            ...shown.flatMap(({ title, headline, facts, todo }) => [
              line([
                {
                  text: cut(title),
                  weight: 'Bolder',
                  size: 'Medium',
                  ...(urgency === 'urgent' ? { color: 'Attention' } : {}),
                },
              ]),
              line([{ text: headline }]),
              ...facts.map(([name, value]) => line([{ text: `${name}: `, weight: 'Bolder' }, { text: cut(value) }])),
              line([{ text: 'What to do: ', weight: 'Bolder' }, { text: todo }]),
            ]),
            ...besides(text, parts, count).map((said) => line([{ text: said }])),
          ],
          actions: shown
            .filter(({ link }) => link !== '')
            .slice(0, shown.length === 1 ? 1 : 5)
            .map(({ title, link }) => ({
              type: 'Action.OpenUrl',
              title: shown.length === 1 ? 'Open the case' : cut(title),
              url: link,
            })),
        },
      },
    ],
  };
}

/** What a receiver of the site's own gets. Fields are only ever added to version 1. */
export function webhookBody({ site, thread, subject, urgency, parts }: AlertMessage, key: string): unknown {
  return {
    version: 1,
    delivery: key,
    site,
    thread,
    subject,
    urgency,
    alerts: parts.map(({ news: { case: about, why, level }, headline, link }) => ({
      case: about.id,
      code: about.code,
      key: about.key,
      why,
      level,
      headline,
      owner: about.owner,
      severity: about.severity,
      says: about.says,
      count: about.count,
      named: about.named,
      valueAtRisk: about.valueAtRisk,
      moneyAtRisk: about.moneyAtRisk ?? [],
      openedAt: about.openedAt,
      dueAt: about.dueAt,
      mend: about.mend,
      link,
    })),
  };
}

function slackPart({ title, headline, facts, todo, link }: AlertPart): string {
  return [
    `*${slackText(title)}*`,
    slackText(headline),
    ...facts.map(([name, value]) => `*${name}:* ${slackText(cut(value))}`),
    `*What to do:* ${slackText(todo)}`,
    ...(link === '' ? [] : [`<${link}|Open the case>`]),
  ].join('\n');
}

/** Slack's three characters; what would ring for a whole channel is defused with them. */
function slackText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What is to be said beside the cases shown. */
function besides(text: string, parts: readonly AlertPart[], shown: number): readonly string[] {
  if (parts.length === 0) return [text];
  return parts.length > shown ? [`And ${parts.length - shown} more cases.`] : [];
}

function cut(text: string): string {
  return text.length > FACT_LENGTH ? `${text.slice(0, FACT_LENGTH)}…` : text;
}
