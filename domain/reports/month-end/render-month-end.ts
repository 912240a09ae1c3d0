import { renderPage, renderParagraph, renderSection } from '../page.ts';
import { proofFigure } from '../proof-figure.ts';
import { renderTable } from '../table.ts';
import { disputedOf, failedOf, unexplainedOf } from './judge-month.ts';
import type { MonthEndPack } from './month-end-pack.ts';
import {
  checksTable,
  creditsTable,
  differencesTable,
  invoicesTable,
  ledgerTables,
  leftOutTable,
} from './month-end-tables.ts';
import { firstLineOfMonth } from './show-month-end.ts';

/** The pack as one page: what must hold, the ledger and the way of the month's orders per currency, then every line. */
export function renderMonthEnd(pack: MonthEndPack, generatedAt: string): string {
  const { month, revision, isOver, site, zone, before, ledgers, strays, notRead, proof, sha256 } = pack;
  const failed = failedOf(pack);
  const [unexplained, disputed] = [unexplainedOf(pack).length, disputedOf(pack).length];
  return renderPage({
    title: `Month-end ${month}${revision > 1 ? `, revision ${revision}` : ''}${isOver ? '' : ', so far'}`,
    subtitle: `${firstLineOfMonth({ ...pack, unexplained, disputed, failed })}. ${site}: from the storefront’s orders to the ERP’s orders, invoices, credits and what is open. Days are those of ${zone}.`,
    generatedAt,
    figures: [
      proofFigure(proof),
      ...ledgers.map(({ currency, columns }) => ({
        name: `open on the last day, ${currency}`,
        value: columns.closing.total,
      })),
      {
        name: 'differences, unexplained',
        value: String(unexplained),
        mood: unexplained > 0 ? 'bad' : 'good',
      },
      { name: 'invoices that differ', value: String(disputed), mood: disputed > 0 ? 'bad' : 'good' },
      { name: 'checks that fail', value: String(failed.length), mood: failed.length > 0 ? 'bad' : 'good' },
    ],
    body: [
      renderSection(
        'Checks',
        [
          renderParagraph(
            before
              ? `Opens with revision ${before.revision} of the pack of ${before.month}, signed ${before.sha256}.`
              : 'No pack of the month before is kept: what was open on the first day is computed backwards from today.',
          ),
          renderTable(checksTable(pack)),
        ].join('\n'),
      ),
      ...ledgers.map((ledger) =>
        renderSection(ledger.currency, ledgerTables(ledger).map(renderTable).join('\n'), `currency-${ledger.currency}`),
      ),
      renderSection('Differences', renderTable(differencesTable(pack))),
      renderSection('Invoices', renderTable(invoicesTable(pack))),
      renderSection('Credit memos', renderTable(creditsTable(pack))),
      ...(strays.length > 0 || notRead.length > 0
        ? [renderSection('Not in any total', renderTable(leftOutTable(pack)))]
        : []),
      renderSection('How to check a total', renderSigning(sha256)),
    ].join('\n'),
  });
}

function renderSigning(sha256: string): string {
  return [
    'Under each total stands the SHA-256 of its lines. The JSON file beside this page has the lines of every total; their canonical JSON (no white space, members in the order of their names, lines in the order of their keys) gives the same digest, and their sum the same total.',
    `The whole pack is signed ${sha256}; the next month’s pack names it as its opening. A pack that is made anew is a revision of its own: what was signed stays as it is.`,
  ]
    .map(renderParagraph)
    .join('\n');
}
