import type { OrderGroup, Preview, StockGroup, Worth } from './preview.ts';

const NAMED = 5;

/** A preview for people, as plain text: what differs, the most orders first, each with its money. */
export function showPreview({ site, before, after, looked, differing, orders, stock, notLookedAt }: Preview): string {
  return [
    `${site}: site file ${before} → ${after}. Nothing was written.`,
    '',
    `Orders: ${differing.orders} of the last ${looked.orders} would have come out differently${moneyOf(differing)}.`,
    ...tableOf(orders.map(orderRow)),
    '',
    `Stock: ${stock.differing} of ${stock.compared} published figures would differ.`,
    ...tableOf(stock.groups.map(stockRow)),
    ...(notLookedAt.length > 0 ? ['', ...notLookedAt.map((says) => `Note: ${says}`)] : []),
  ].join('\n');
}

/** A row: count, cause, and what follows it. */
type Row = readonly [count: string, cause: string, more: string];

function orderRow(group: OrderGroup): Row {
  const { cause, orders, numbers } = group;
  return [plural(orders, 'order'), cause, `${moneyOf(group).replace(/^, /, '')}  ${firstOf(numbers)}`];
}

function stockRow({ cause, figures, more, less, changes }: StockGroup): Row {
  const steps = changes.map(({ sku, before, after }) => `${sku} ${before ?? '–'} → ${after ?? '–'}`);
  return [plural(figures, 'figure'), cause, `+${more} −${less} units  ${firstOf(steps)}`];
}

function tableOf(rows: readonly Row[]): readonly string[] {
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map(
    ([count, cause, more]) => `  ${count.padStart(widths[0] ?? 0)}  ${cause.padEnd(widths[1] ?? 0)}  ${more}`,
  );
}

function moneyOf({ money }: Worth): string {
  return money.map(({ currency, amount }) => `, ${amount} ${currency}`).join('');
}

function firstOf(names: readonly string[]): string {
  return `${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ', …' : ''}`;
}

function plural(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
