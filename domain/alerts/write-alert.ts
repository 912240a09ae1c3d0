import { costInWords } from '../cases/case-glance.ts';
import type { AlertReason } from '../cases/case-state.ts';
import { dueWords } from '../cases/describe-case.ts';
import { wallTime } from '../cases/wall-time.ts';
import type { Instant } from '../order-state.ts';
import { escapeHtml } from '../reports/escape-html.ts';
import type { AlertNews } from './alert-rules.ts';

/** What a message says of one case; every channel shows it in its own way. */
export interface AlertPart {
  readonly news: AlertNews;
  /** Why this message comes, in a sentence. */
  readonly headline: string;
  /** The case in few words, the same in all its messages. */
  readonly title: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly todo: string;
  /** Its page; empty = it has none. */
  readonly link: string;
}

export interface AlertMessage {
  readonly site: string;
  /** The same for all messages of one cause. */
  readonly thread: string;
  /** first = the thread begins with it. */
  readonly place: 'first' | 'later';
  readonly urgency: 'urgent' | 'usual';
  readonly subject: string;
  /** One a case; none = it is about no case, and `text` says it all. */
  readonly parts: readonly AlertPart[];
  readonly text: string;
  readonly html: string;
}

/** Where the pages of workflows are: `<ui>/namespaces/<namespace>`; empty = nowhere. */
export type LinkBase = string;

const REASONS: Readonly<Record<AlertReason, string>> = {
  opened: 'Something needs you.',
  reopened: 'It is back: this needs you again.',
  comesAndGoes: 'It comes and goes: it is back again, and you hear of its end only when that has lasted for an hour.',
  assigned: 'This is yours now.',
  awake: 'It has slept long enough, and is not over: this needs you.',
  grew: 'It has grown.',
  reminder: 'Nobody has acknowledged this yet.',
  escalated: 'Nobody has acknowledged this in time; you are next in the chain.',
  closed: 'It is over: nothing is left in it.',
};

/** Why a message of a case comes that somebody has acknowledged. */
const REASONS_OF_ACKNOWLEDGED: Partial<Readonly<Record<AlertReason, string>>> = {
  reopened: 'It is back; somebody was on it already.',
  reminder: 'Somebody is on this, and it is not mended yet.',
  escalated: 'Somebody is on this, and it is not mended in time; you are next in the chain.',
};

/** One message about one case: what happened, what it costs, what to do, where to look. */
export function writeAlert(news: AlertNews, links: LinkBase): AlertMessage {
  const part = partOf(news, links);
  const { case: about, why } = news;
  const first = why === 'opened' && about.timesOpened <= 1;
  const subject = `[${about.site}] ${part.title}`;
  return {
    site: about.site,
    thread: about.id,
    place: first ? 'first' : 'later',
    urgency: about.severity === 'urgent' && why !== 'closed' ? 'urgent' : 'usual',
    // Mail programs keep a thread together by its subject, too.
    subject: first ? subject : `Re: ${subject}`,
    parts: [part],
    text: `${partText(part)}\n`,
    html: page(subject, [partHtml(part)]),
  };
}

/** One message about all that was kept for somebody, the most urgent first. `thread` tells one digest from another. */
export function writeDigest(kept: readonly AlertNews[], thread: string, links: LinkBase): AlertMessage {
  const latest = [...new Map(kept.map((news) => [news.case.id, news])).values()].toSorted(byUrgency);
  const [first, ...others] = latest;
  if (first === undefined) throw new Error('A digest of nothing was to be written.');
  if (others.length === 0) return writeAlert(first, links);
  const parts = latest.map((news) => partOf(news, links));
  const { site } = first.case;
  const over = latest.filter(({ why }) => why === 'closed').length;
  const subject = `[${site}] ${latest.length - over} ${latest.length - over === 1 ? 'case' : 'cases'} to look at${over === 0 ? '' : `, ${over} over`}`;
  return {
    site,
    thread,
    place: 'first',
    urgency: 'usual',
    subject,
    parts,
    text: `${parts.map(partText).join(`\n\n${'-'.repeat(60)}\n\n`)}\n`,
    html: page(subject, parts.map(partHtml)),
  };
}

/** What is sent to a channel, or an address on it, that took nothing for a while: when it arrives, it is true. */
export function writeWorksAgain(site: string, thread: string, channel: string): AlertMessage {
  const subject = `[${site}] Messages come here again`;
  const text = `For a while messages could not be brought here (${channel}). This one was, and the next ones will be, too.`;
  const html = page(subject, [`<p>${escapeHtml(text)}</p>`]);
  return { site, thread, place: 'later', urgency: 'usual', subject, parts: [], text: `${text}\n`, html };
}

const ORDER = { urgent: 0, high: 1, normal: 2, low: 3 } as const;

function byUrgency(left: AlertNews, right: AlertNews): number {
  const over = Number(left.why === 'closed') - Number(right.why === 'closed');
  return over || ORDER[left.case.severity] - ORDER[right.case.severity];
}

function partOf(news: AlertNews, links: LinkBase): AlertPart {
  const { case: about, why } = news;
  // By the clock of the team whose case it is, as on its page.
  const shown = (instant: Instant) => wallTime(instant, about.offsetMinutes ?? 0);
  const { code, key, count, named, dueAt, owner, severity, openedAt, mend, id } = about;
  const more = count - named.length;
  const cost = costInWords(about);
  const facts: readonly (readonly [string, string])[] = [
    ['What happened', about.says],
    ['What it costs', cost === '' ? 'not known' : `${cost} at risk`],
    [
      'Concerned',
      `${count}${named.length === 0 ? '' : `: ${named.join(', ')}`}${more > 0 && named.length > 0 ? ` and ${more} more` : ''}`,
    ],
    ['Owner', `${owner}, ${severity}`],
    ['Since', shown(openedAt)],
    ['Acknowledged by', about.stage === 'acknowledged' && why !== 'closed' ? about.acknowledgedBy : ''],
    [dueWords(about), dueAt === null || why === 'closed' ? '' : shown(dueAt)],
  ];
  const words = code
    .toLowerCase()
    .replaceAll('_', ' ')
    .replaceAll(/\b(erp|sku|upc|po)\b/g, (name) => name.toUpperCase());
  const title = [words.charAt(0).toUpperCase() + words.slice(1), key].filter(Boolean).join(': ');
  return {
    news,
    headline: (about.stage === 'acknowledged' ? REASONS_OF_ACKNOWLEDGED[why] : undefined) ?? REASONS[why],
    title: oneLine(title),
    facts:
      why === 'closed'
        ? facts.filter(([name]) => name === 'What happened' || name === 'Since')
        : facts.filter(([, value]) => value !== ''),
    todo: why === 'closed' ? 'Nothing.' : mend,
    link: links === '' ? '' : `${links}/workflows/${encodeURIComponent(id)}`,
  };
}

function partText({ headline, title, facts, todo, link }: AlertPart): string {
  return [
    title,
    headline,
    '',
    ...facts.map(([name, value]) => `${name}: ${oneLine(value)}`),
    '',
    `What to do: ${todo}`,
    ...(link === '' ? [] : ['', `The case: ${link}`]),
  ].join('\n');
}

function page(title: string, parts: readonly string[]): string {
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title></head>`,
    '<body style="font:16px/1.5 sans-serif;color:#222;max-width:40em;margin:1em auto;padding:0 1em">',
    ...parts,
    '</body></html>',
  ].join('\n');
}

function partHtml({ headline, title, facts, todo, link }: AlertPart): string {
  const rows = facts.map(
    ([name, value]) =>
      `<tr><th style="text-align:left;vertical-align:top;padding-right:1em">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return [
    `<h2 style="margin-bottom:0">${escapeHtml(title)}</h2><p>${escapeHtml(headline)}</p>`,
    `<table>${rows.join('')}</table>`,
    `<p><b>What to do:</b> ${escapeHtml(todo)}</p>`,
    ...(link === '' ? [] : [`<p><a href="${escapeHtml(link)}">Open the case</a></p>`]),
  ].join('\n');
}

/** A subject or a line of text cannot be broken by what it quotes. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
