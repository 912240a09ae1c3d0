import { escapeHtml } from './escape-html.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLES } from './page-styles.ts';

/** One of the few numbers at the head of a page. */
export interface PageFigure {
  readonly name: string;
  readonly value: string;
  /** good and bad are coloured; plain by default. */
  readonly mood?: 'good' | 'bad';
}

export interface Page {
  readonly title: string;
  /** One sentence under the title. */
  readonly subtitle: string;
  /** As people read it, zone included. */
  readonly generatedAt: string;
  readonly figures?: readonly PageFigure[];
  /** HTML: sections, tables. Whatever others wrote in it is escaped already. */
  readonly body: string;
}

/** A page for people in one file: no address of another is in it, it prints, and reads on a phone, by day and by night. */
export function renderPage({ title, subtitle, generatedAt, figures = [], body }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${PAGE_STYLES}</style>
</head>
<body>
<header>
<h1>${escapeHtml(title)}</h1>
<p class="subtitle">${escapeHtml(subtitle)}</p>
${figures.length > 0 ? `<dl class="figures">${figures.map(renderFigure).join('')}</dl>` : ''}
</header>
<main>
${body}
</main>
<footer>Written by Instep, ${escapeHtml(generatedAt)}.</footer>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

/** A part of a page under a heading of its own; `body` is HTML. `id` is what links within the page name. */
export function renderSection(heading: string, body: string, id?: string): string {
  return `<section${id ? ` id="${escapeHtml(id)}"` : ''}>\n<h2>${escapeHtml(heading)}</h2>\n${body}\n</section>`;
}

/** A paragraph of plain text. */
export function renderParagraph(text: string): string {
  return `<p>${escapeHtml(text)}</p>`;
}

function renderFigure({ name, value, mood }: PageFigure): string {
  return `<div${mood ? ` class="${mood}"` : ''}><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`;
}
