import { escapeHtml } from '../reports/escape-html.ts';
import { renderPage, renderParagraph } from '../reports/page.ts';
import { renderTable } from '../reports/table.ts';
import { CASE_ACTS } from '../repair-words.ts';
import type { AlertMeaning, Chapter, Manual } from './write-manual.ts';

/** The manual as a page to print: contents, then a chapter for each team on paper of its own. */
export function renderManual(manual: Manual, generatedAt: string): string {
  const { site, version, places, chapters } = manual;
  return renderPage({
    title: `Handover manual of ${site}`,
    subtitle: 'Who keeps what, what runs when, what each alert means, what to press, and whom to call.',
    generatedAt: `${generatedAt}, from version ${version} of the site file`,
    body: [
      `<nav><h2>Contents</h2><ol>${chapters.map(contentsOf).join('')}</ol></nav>`,
      '<h2>Where things are</h2>',
      renderTable({
        id: 'places',
        columns: [{ title: 'What' }, { title: 'Where' }],
        rows: places.map(({ what, where }) => [what, where]),
      }),
      ...chapters.map(renderChapter),
    ].join('\n'),
  });
}

function contentsOf({ owner, name, alerts }: Chapter): string {
  return `<li><a href="#${owner}">${escapeHtml(name)}</a>: what is yours, what runs, ${alerts.length} alerts, whom to call</li>`;
}

function renderChapter(chapter: Chapter): string {
  const { owner, name, intro, records, runs, alerts } = chapter;
  return [
    `<section class="chapter" id="${owner}">`,
    `<h2>${escapeHtml(name)}</h2>`,
    renderParagraph(intro),
    '<h3>What is yours</h3>',
    renderTable({
      id: `${owner}-records`,
      columns: [{ title: 'Record' }, { title: 'Kept in' }, { title: 'Fields' }, { title: 'What happens to it' }],
      rows: records.map(({ record, keptIn, fields, happens }) => [record, keptIn, fields, happens]),
    }),
    '<h3>What runs when</h3>',
    renderTable({
      id: `${owner}-runs`,
      columns: [{ title: 'What' }, { title: 'When' }],
      rows: runs.map(({ what, when }) => [what, when]),
      empty: 'Nothing of its own.',
    }),
    '<h3>What each alert means</h3>',
    renderTable({
      id: `${owner}-alerts`,
      columns: [{ title: 'What happened' }, { title: 'Urgency' }, { title: 'What to do' }],
      rows: alerts.map((alert) => [
        { text: `${alert.happened} ${alert.isNot}`.trim(), note: alert.code, sortBy: alert.code },
        alert.severity,
        { text: alert.mend, note: pressOf(alert) },
      ]),
    }),
    '<h3>What to press</h3>',
    ...pressesOf(chapter),
    '<h3>Whom to call next</h3>',
    ...callOf(chapter),
    '</section>',
  ].join('\n');
}

function pressOf({ press }: AlertMeaning): string {
  return press.length > 0 ? `Press: ${press.join(', ')}` : '';
}

function pressesOf({ owner, presses }: Chapter): readonly string[] {
  return [
    renderParagraph(
      'An alert is a case: one for each cause, however many orders it holds up. On its page, which every message links to:',
    ),
    renderTable({
      id: `${owner}-case`,
      columns: [{ title: 'Press' }, { title: 'What it does' }],
      rows: CASE_ACTS.map(({ act, does }) => [act, does]),
    }),
    ...(presses.length > 0
      ? [
          renderParagraph('On the page of one order. Each asks for a reason, which is kept with your name:'),
          renderTable({
            id: `${owner}-press`,
            columns: [{ title: 'Press' }, { title: 'What it does' }],
            rows: presses.map(({ repair, does }) => [repair, does]),
          }),
        ]
      : [renderParagraph('On orders there is nothing that this team has to press.')]),
  ];
}

function callOf({ owner, call }: Chapter): readonly string[] {
  const { name, email, workingHours, quiet, hearings, steps } = call;
  return [
    `<p><strong>${escapeHtml(name)}</strong>, ${escapeHtml(email ?? 'no address is named in the site file')}</p>`,
    renderParagraph(`Working hours: ${workingHours}. Quiet hours: ${quiet}.`),
    renderTable({
      id: `${owner}-hears`,
      columns: [
        { title: 'Urgency' },
        { title: 'Acknowledge within' },
        { title: 'Then mend within' },
        { title: 'How the team hears of it' },
      ],
      rows: hearings.map(({ severity, answerWithin, mendWithin, by }) => [
        severity,
        `${answerWithin} of working time`,
        mendWithin,
        by,
      ]),
    }),
    renderParagraph('When nobody acknowledges it, or whoever did has not mended it:'),
    `<ol>${steps.map((step) => `<li>${escapeHtml(step)}</li>`).join('') || '<li>nobody else is told</li>'}</ol>`,
  ];
}
