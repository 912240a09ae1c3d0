import type { Standing } from './classify-purchase.ts';
import { headlineOf, type ProofReport } from './report-proof.ts';
import type { ClassFigures } from './tie-out.ts';

const CLASSES: Readonly<Record<Standing['kind'], string>> = {
  inErpEqual: 'in the ERP, equal',
  inErpDiffers: 'in the ERP, differs',
  inFlight: 'on its way',
  parked: 'waits for a person',
  excluded: 'excluded',
  unaccounted: 'unaccounted',
};

/** The proof for people, in Markdown: the headline first, then sums, days on which something is open, and each of those. */
export function renderProof(report: ProofReport): string {
  const { at, from, totals, days, noted, gaps, findings, stats } = report;
  return [
    `**${headlineOf(report)}**`,
    `Purchases placed since ${shown(from)}, as of ${shown(at)}; ${stats['erpOrders'] ?? 0} orders of theirs in the ERP.`,
    ...findings.map(
      ({ code, count, says, concerns }) =>
        `* **${code}** (${count}): ${says} ${escaped(concerns.slice(0, 10).join(', '))}`,
    ),
    ...gaps.map((gap) => `* The classes of ${gap} do not add up to the storefront’s list.`),
    ...table(
      ['currency', ...FIGURES],
      totals.map((each) => [each.currency || '–', ...cells(each)]),
    ),
    ...table(
      ['placed on', 'currency', ...FIGURES],
      days.map((each) => [each.day || 'not said', each.currency || '–', ...cells(each)]),
    ),
    ...table(
      ['purchase', 'total', 'class', ''],
      noted.map(({ number, total, currency, kind, says }) => [
        escaped(number),
        total === null ? '' : `${total} ${currency ?? ''}`.trim(),
        CLASSES[kind],
        escaped(says),
      ]),
    ),
  ].join('\n');
}

const FIGURES = ['class', 'purchases', 'value', 'value in the ERP'] as const;

function cells({ kind, count, value, erpValue }: ClassFigures): readonly string[] {
  return [CLASSES[kind], String(count), value, erpValue];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const line = (of: readonly string[]) => `| ${of.join(' | ')} |`;
  return ['', line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function shown(instant: string): string {
  return instant.replace('T', ' ').slice(0, 16);
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
