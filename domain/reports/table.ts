import { escapeHtml } from './escape-html.ts';

export interface Column {
  readonly title: string;
  /** Numbers and money stand to the right and are sorted by their value, dates by their ISO text. Text by default. */
  readonly kind?: 'text' | 'number' | 'money' | 'date';
  /** Offers its values for choosing from above the table. */
  readonly filter?: boolean;
}

export interface Cell {
  readonly text: string;
  /** What it is sorted by, where that is not its text. */
  readonly sortBy?: string;
  /** A second, smaller line. */
  readonly note?: string;
  /** Its page; only addresses that begin with https: or http: become links. */
  readonly href?: string;
}

export interface PageTable {
  /** Names the table within its page. */
  readonly id: string;
  readonly caption?: string;
  readonly columns: readonly Column[];
  /** As many cells a row as there are columns; a text alone is a cell. */
  readonly rows: readonly (readonly (Cell | string)[])[];
  /** The last row, which is neither sorted nor filtered. */
  readonly total?: readonly (Cell | string)[];
  /** Instead of a table without rows. */
  readonly empty?: string;
  /** Offers a search through the rows. */
  readonly search?: boolean;
}

/** A table that is sorted by a click on its head and filtered above it; on a phone each row is a card. */
export function renderTable(table: PageTable): string {
  const { id, caption, columns, rows, total, empty = 'None.' } = table;
  if (rows.length === 0) return `<p class="empty">${escapeHtml(empty)}</p>`;
  const head = columns.map(
    ({ title, kind = 'text' }) =>
      `<th scope="col" class="${kind}"><button type="button">${escapeHtml(title)}</button></th>`,
  );
  return [
    `<div class="table" id="${escapeHtml(id)}">`,
    renderControls(table),
    `<table>`,
    ...(caption === undefined ? [] : [`<caption>${escapeHtml(caption)}</caption>`]),
    `<thead><tr>${head.join('')}</tr></thead>`,
    `<tbody>`,
    ...rows.map((row) => renderRow(row, columns)),
    `</tbody>`,
    ...(total ? [`<tfoot>${renderRow(total, columns)}</tfoot>`] : []),
    `</table>`,
    `</div>`,
  ].join('\n');
}

function renderControls({ columns, rows, search }: PageTable): string {
  const filters = columns.flatMap(({ title, filter }, index) => {
    if (!filter) return [];
    const values = [...new Set(rows.map((row) => cellOf(row[index]).text))].filter((value) => value !== '').toSorted();
    const options = values.map((value) => `<option>${escapeHtml(value)}</option>`);
    return [
      `<label>${escapeHtml(title)} <select data-column="${index}"><option value="">all</option>${options.join('')}</select></label>`,
    ];
  });
  const box = search ? ['<label>Search <input type="search"></label>'] : [];
  if (filters.length + box.length === 0) return '';
  return `<div class="controls">${[...filters, ...box].join('')}<output>${rows.length} ${rows.length === 1 ? 'row' : 'rows'}</output></div>`;
}

function renderRow(row: readonly (Cell | string)[], columns: readonly Column[]): string {
  const cells = columns.map(({ title, kind = 'text' }, index) => {
    const { text, sortBy, note, href } = cellOf(row[index]);
    const isLink = href !== undefined && /^https?:/.test(href);
    const words = isLink ? `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>` : escapeHtml(text);
    return [
      `<td class="${kind}" data-title="${escapeHtml(title)}"`,
      sortBy === undefined ? '' : ` data-sort="${escapeHtml(sortBy)}"`,
      `>${words}${note ? `<small>${escapeHtml(note)}</small>` : ''}</td>`,
    ].join('');
  });
  return `<tr>${cells.join('')}</tr>`;
}

function cellOf(cell: Cell | string | undefined): Cell {
  return typeof cell === 'object' ? cell : { text: cell ?? '' };
}
