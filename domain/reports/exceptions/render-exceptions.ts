import { headlineOf } from '../../proof/report-proof.ts';
import { escapeHtml } from '../escape-html.ts';
import { renderPage, renderParagraph, renderSection } from '../page.ts';
import { totalOf } from '../money-parts.ts';
import { proofFigure } from '../proof-figure.ts';
import { renderTable, type Column, type PageTable } from '../table.ts';
import { rowsOf, SECTION_TITLES, SECTIONS, type ExceptionReport, type Section } from './exception-report.ts';
import { differenceOf } from './tie-day.ts';

/** What waits for days is told in days, what is on its way in minutes. */
const AGES = {
  days: { title: 'Age, days', ms: 86_400_000 },
  minutes: { title: 'Age, minutes', ms: 60_000 },
} as const;

export const TIE_OUT_TITLE = 'Both sides, day by day';
const TIE_OUT_WORDS =
  'All orders that the ERP has, complete ones too, without what is cancelled. Where the other purchases stand the proof says.';

/** The report as a page for people. `generatedAt` as people read it, zone included. */
export function renderExceptions(report: ExceptionReport, generatedAt: string): string {
  const { site, proof, compared, notLookedAt } = report;
  return renderPage({
    title: `Exceptions of ${site}`,
    subtitle: `${headlineOfExceptions(report)}. What the two systems do not agree on, the most money first.`,
    generatedAt,
    figures: [
      proofFigure(proof),
      { name: 'open orders compared', value: String(compared) },
      ...SECTIONS.filter((section) => rowsOf(report, section).length > 0).map((section) => ({
        name: inASentence(SECTION_TITLES[section]),
        value: String(countOf(report, section)),
      })),
    ],
    body: [
      renderSection('Totals', renderTable(totalsTable(report))),
      ...SECTIONS.map((section) =>
        renderSection(SECTION_TITLES[section], renderRows(sectionTable(report, section)), section),
      ),
      renderSection(TIE_OUT_TITLE, renderParagraph(TIE_OUT_WORDS) + renderTable(tieOutTable(report)), 'tie-out'),
      ...(notLookedAt.length > 0
        ? [
            renderSection(
              'Not looked at',
              `<ul>${notLookedAt.map((each) => `<li>${escapeHtml(each)}</li>`).join('')}</ul>`,
            ),
          ]
        : []),
    ].join('\n'),
  });
}

/** What all rows say alike, what to do, stands above them once. */
function renderRows(table: PageTable): string {
  const [first, ...others] = new Set(table.rows.map((row) => row.at(-1)));
  if (typeof first !== 'string' || first === '' || others.length > 0) return renderTable(table);
  const rows = table.rows.map((row) => row.slice(0, -1));
  const total = table.total && { total: table.total.slice(0, -1) };
  return renderParagraph(first) + renderTable({ ...table, columns: table.columns.slice(0, -1), rows, ...total });
}

/** The first line of every report. */
export function headlineOfExceptions(report: Pick<ExceptionReport, 'proof' | 'rows' | 'compared'>): string {
  const { proof, compared } = report;
  return `${headlineOf(proof)}; ${differingOrders(report)} of ${compared} open orders differ`;
}

function countOf(report: ExceptionReport, section: Section): number {
  if (section === 'differences') return differingOrders(report);
  return rowsOf(report, section).length + (section === 'drift' ? report.driftLeftOut : 0);
}

function differingOrders(report: Pick<ExceptionReport, 'rows'>): number {
  return new Set(rowsOf(report, 'differences').map(({ order }) => order)).size;
}

function inASentence(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}

export function totalsTable({ totals }: ExceptionReport): PageTable {
  return {
    id: 'table-totals',
    columns: [
      { title: 'Section' },
      { title: 'Owner' },
      { title: 'Currency' },
      { title: 'Rows', kind: 'number' },
      { title: 'Money', kind: 'money' },
    ],
    rows: totals.map(({ section, owner, currency, count, money }) => [
      SECTION_TITLES[section],
      owner,
      currency,
      String(count),
      money,
    ]),
    empty: 'Nothing differs.',
  };
}

/** Both sides of all orders that the ERP has, by currency and by the day on which they were placed. */
export function tieOutTable({ days }: ExceptionReport): PageTable {
  return {
    id: 'table-tie-out',
    columns: [
      { title: 'Placed on' },
      { title: 'Currency', filter: true },
      { title: 'Purchases', kind: 'number' },
      { title: 'In the ERP', kind: 'number' },
      { title: 'Units', kind: 'number' },
      { title: 'Units, ERP', kind: 'number' },
      { title: 'Tax', kind: 'money' },
      { title: 'Tax, ERP', kind: 'money' },
      { title: 'Value', kind: 'money' },
      { title: 'Value, ERP', kind: 'money' },
      { title: 'Difference', kind: 'money' },
    ],
    rows: days.map((each) => {
      const { day, currency, purchases, inErp, storefront, erp } = each;
      return [
        day === null ? 'all days' : day || 'not said',
        currency,
        String(purchases),
        String(inErp),
        String(storefront.units),
        String(erp.units),
        storefront.tax,
        erp.tax,
        totalOf(storefront),
        totalOf(erp),
        differenceOf(each),
      ];
    }),
    empty: 'No purchases yet.',
  };
}

/** The same columns in all sections, so that one knows where to look; of drift, units beside money. */
export function sectionTable(report: ExceptionReport, section: Section): PageTable {
  const isDrift = section === 'drift';
  const age = section === 'inFlight' ? AGES.minutes : AGES.days;
  const columns: readonly Column[] = [
    { title: isDrift ? 'SKU' : 'Order' },
    { title: 'ERP orders' },
    { title: 'Field' },
    { title: isDrift ? 'Published' : 'Storefront' },
    { title: isDrift ? 'Should be' : 'ERP' },
    { title: 'Money', kind: 'money' },
    ...(isDrift ? [{ title: 'Units', kind: 'number' } as const] : []),
    { title: 'Currency', filter: true },
    { title: 'Cause', filter: isDrift },
    { title: age.title, kind: 'number' },
    { title: 'Owner', filter: true },
    { title: 'What to do' },
  ];
  const rest = `and ${report.driftLeftOut} more in drift.json`;
  return {
    id: `table-${section}`,
    columns,
    rows: rowsOf(report, section).map((row) => [
      row.link === null ? row.order : { text: row.order, href: row.link },
      row.erpOrders.join(', '),
      row.field,
      row.storefront,
      row.erp,
      row.money,
      ...(isDrift ? [row.units === null ? '' : String(row.units)] : []),
      row.currency,
      row.cause,
      row.since === null
        ? ''
        : String(Math.max(0, Math.floor((Date.parse(report.at) - Date.parse(row.since)) / age.ms))),
      row.owner,
      row.mend,
    ]),
    ...(isDrift && report.driftLeftOut > 0 ? { total: columns.map((_, index) => (index === 0 ? rest : '')) } : {}),
    search: true,
    empty: 'None.',
  };
}
