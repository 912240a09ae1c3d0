import { headlineOf } from '../proof/report-proof.ts';
import { escapeHtml } from '../reports/escape-html.ts';
import { renderPage, renderParagraph, renderSection } from '../reports/page.ts';
import { proofFigure } from '../reports/proof-figure.ts';
import { renderTable, type Cell, type Column } from '../reports/table.ts';
import type { Audit } from './audit-site.ts';
import { EFFECTS, thousands, worthInWords } from './audit-words.ts';
import type { OrdersWorth, WeighedGap } from './weigh-gaps.ts';

const MOST_WRITTEN_OUT = 60;

/** The audit as a page for people. `generatedAt` as people read it, zone included. */
export function renderAudit(audit: Audit, generatedAt: string): string {
  const { site, days, sold, stopped, gaps, limits, notLookedAt, proof } = audit;
  const isClean = gaps.length === 0;
  return renderPage({
    title: `Audit of ${site}`,
    subtitle: `${headlineOfAudit(audit)}. ${
      isClean
        ? 'Both systems and the site file know everything of each other that orders need.'
        : 'What one side has and the other does not, before an order meets it; and what it would have cost.'
    }`,
    generatedAt,
    figures: [
      proofFigure(proof),
      { name: 'gaps', value: String(gaps.length), mood: isClean ? 'good' : 'bad' },
      {
        name: `orders of ${days} days that would have been stopped`,
        value: `${stopped.orders} of ${sold.orders}`,
        mood: stopped.orders === 0 ? 'good' : 'bad',
      },
      ...stopped.money.map(({ currency, amount }) => ({ name: `their money, ${currency}`, value: thousands(amount) })),
      { name: 'calls to the ERP a minute', value: String(limits.callsPerMinute) },
    ],
    body: [
      renderSection('Gaps', gapsTable(audit)),
      ...gaps.map((gap) => renderGap(gap, days)),
      renderSection('What was looked at', lookedAt(audit)),
      ...(notLookedAt.length > 0
        ? [
            renderSection(
              'What was not',
              `<ul>${notLookedAt.map((each) => `<li>${escapeHtml(each)}</li>`).join('')}</ul>`,
            ),
          ]
        : []),
    ].join('\n'),
  });
}

/** The first line of an audit. */
export function headlineOfAudit({ proof, gaps }: Pick<Audit, 'proof' | 'gaps'>): string {
  const words = gaps.length === 0 ? 'nothing is missing' : gaps.length === 1 ? '1 gap' : `${gaps.length} gaps`;
  return `${headlineOf(proof)}; ${words}`;
}

function gapsTable({ gaps, sold }: Audit): string {
  const currencies = sold.money.map(({ currency }) => currency);
  const columns: readonly Column[] = [
    { title: 'Gap' },
    { title: 'Owner', filter: true },
    { title: 'Urgency', filter: true },
    { title: 'Concerned', kind: 'number' },
    { title: 'Orders', kind: 'number' },
    ...currencies.map((currency): Column => ({ title: currency || 'no currency', kind: 'money' })),
    { title: 'What would have become of them' },
  ];
  return renderTable({
    id: 'gaps',
    columns,
    search: true,
    empty:
      'None. Locations, codes, customers, terms, payments, SKUs, UPCs, price lists, limits and owners were compared.',
    rows: gaps.map(({ code, says, owner, severity, count, cost, effect }): readonly (Cell | string)[] => [
      { text: says, note: code, sortBy: code },
      owner,
      severity,
      String(count),
      String(cost.orders),
      ...currencies.map((currency) => moneyOf(cost, currency)),
      cost.orders === 0 ? '' : EFFECTS[effect],
    ]),
  });
}

function moneyOf({ money }: OrdersWorth, currency: string): Cell {
  const amount = money.find((each) => each.currency === currency)?.amount ?? '0.00';
  return { text: amount === '0.00' ? '' : thousands(amount), sortBy: amount };
}

function renderGap(
  { code, key, says, mend, owner, concerns, count, cost, examples, effect }: WeighedGap,
  days: number,
) {
  const shown = concerns.slice(0, MOST_WRITTEN_OUT);
  const rest = count > shown.length ? `, and ${count - shown.length} more` : '';
  const costs =
    cost.orders === 0
      ? `No order of the last ${days} days was concerned.`
      : `Of the last ${days} days ${worthInWords(cost)} ${EFFECTS[effect]}: ${examples.join(', ')}${cost.orders > examples.length ? ', …' : ''}.`;
  return [
    `<h3>${escapeHtml(code)}${key === '' ? '' : ` · ${escapeHtml(key)}`}</h3>`,
    renderParagraph(says),
    ...(shown.length === 1 && shown[0] === key ? [] : [renderParagraph(`Concerned: ${shown.join(', ')}${rest}.`)]),
    renderParagraph(costs),
    `<p><strong>${escapeHtml(owner)}:</strong> ${escapeHtml(mend)}</p>`,
  ].join('\n');
}

function lookedAt({ days, sold, compared, limits, siteVersion }: Audit): string {
  const rows = [
    [`orders of the last ${days} days`, worthInWords(sold)],
    ...Object.entries(COMPARED).map(([name, words]) => [words, String(compared[name] ?? 0)]),
    ['calls to the ERP a minute at least', String(limits.callsPerMinute)],
    ...(limits.largestPartMinutes === null
      ? []
      : [['minutes that the largest warehouse takes to be read in full', String(limits.largestPartMinutes)]]),
    ['version of the site file', siteVersion],
  ];
  return renderTable({ id: 'compared', columns: [{ title: 'What' }, { title: 'How much' }], rows });
}

const COMPARED: Readonly<Record<string, string>> = {
  locations: 'stock locations of the storefront',
  customers: 'customers of the storefront',
  skusOnSale: 'SKUs on sale in the storefront',
  erpItems: 'items of the ERP',
  priceLists: 'price lists of the storefront',
};
