import { Decimal } from 'decimal.js';

import type { BlueCherryStandIn, ClerkEdit, JobName, SalesOrderView } from '../../sandbox/bluecherry/surface.ts';
import { anOrder, chosen, NotPossible, salesOrderOf, type Deed, type Draw } from './deed.ts';
import type { Random } from './random.ts';

type Weighted = readonly (readonly [weight: number, draw: Draw])[];

/** What customer service and the credit desk do in the ERP's own screens. */
export const clerks: Weighted = [
  [25, clerk('quantity', (random) => ({ more: random.between(-4, 6) }), editQuantity)],
  [12, clerk('price', (random) => ({ cents: random.between(-200, 300) }), editPrice)],
  [8, clerk('tax', (random) => ({ cents: random.between(-100, 300) }), editTax)],
  [8, clerk('freight', (random) => ({ cents: random.between(0, 2_500) }), editFreight)],
  [10, clerk('warehouse', (random) => ({ location: random.pick(['W01', 'W02', 'W03']) }), editWarehouse)],
  [6, clerk('terms', (random) => ({ terms: random.pick(['N30', 'N60', 'COD']) }), editTerms)],
  [12, clerk('setHold', (random) => ({ code: random.pick(['LOC', 'CS', 'REV']) }), setHold)],
  [10, clerk('liftHold', () => ({}), liftHold)],
  [12, clerk('cancelLine', (random) => ({ by: random.pick(['C', 'H']) }), cancelLine)],
  [5, clerk('cancelOrder', (random) => ({ by: random.pick(['C', 'H']) }), cancelOrder)],
  [
    14,
    clerk(
      'releaseCredit',
      () => ({}),
      ({ erp, order }) => erp.releaseCredit(order.ordNum),
    ),
  ],
  [3, clerk('declineCredit', () => ({}), declineCredit)],
  [
    5,
    clerk(
      'approveFactor',
      () => ({}),
      ({ erp, order }) => erp.approveFactor(order.ordNum, `F-${order.ordNum}`),
    ),
  ],
];

/** The ERP's import and credit check, far more often than once in five minutes. */
export const imports: Weighted = [
  [90, job('work', 'order_import')],
  [45, job('work', 'credit_check')],
];

export const warehouse: Weighted = [
  [20, job('warehouse', 'allocation')],
  [10, job('warehouse', 'pick_release')],
  [10, pickShort],
  [10, job('warehouse', 'ship_confirm')],
];

export const finance: Weighted = [
  [10, job('finance', 'invoicing')],
  [5, credit],
  [5, payment],
];

function job(family: Deed['family'], name: JobName): Draw {
  return () => ({ family, name, with: {}, act: ({ site }) => site.erp.runJob(name) });
}

interface AtTheScreen<Drawn> {
  readonly erp: BlueCherryStandIn;
  readonly order: SalesOrderView;
  /** Chooses a line. */
  readonly line: number;
  readonly drawn: Drawn;
}

function clerk<Drawn extends Readonly<Record<string, unknown>>>(
  name: string,
  draw: (random: Random) => Drawn,
  act: (screen: AtTheScreen<Drawn>) => void,
): Draw {
  return (random, orders) => {
    const [order, which, line, drawn] = [anOrder(random, orders), random.below(4), random.below(4), draw(random)];
    return {
      family: 'clerks',
      name,
      with: { order, which, line, ...drawn },
      act(play) {
        act({ erp: play.site.erp, order: salesOrderOf(play, order, which), line, drawn });
      },
    };
  };
}

function editQuantity({ erp, order, line, drawn }: AtTheScreen<{ readonly more: number }>): void {
  const at = openLine(order, line);
  const quantity = Math.max(at.ordered + drawn.more, at.ordered - at.open + 1);
  if (quantity === at.ordered) throw new NotPossible('nothing would change');
  erp.clerkEdits(order.ordNum, { quantity: { line: at.sequence, quantity } });
}

function editPrice({ erp, order, line, drawn }: AtTheScreen<{ readonly cents: number }>): void {
  const at = openLine(order, line);
  const price = Decimal.max('0.01', new Decimal(at.price).plus(new Decimal(drawn.cents).div(100))).toFixed(2);
  erp.clerkEdits(order.ordNum, { price: { line: at.sequence, price } });
}

function editTax({ erp, order, line, drawn }: AtTheScreen<{ readonly cents: number }>): void {
  openLine(order, line);
  const tax = Decimal.max(0, new Decimal(order.tax).plus(new Decimal(drawn.cents).div(100))).toFixed(2);
  erp.clerkEdits(order.ordNum, { tax });
}

function editFreight({ erp, order, line, drawn }: AtTheScreen<{ readonly cents: number }>): void {
  openLine(order, line);
  erp.clerkEdits(order.ordNum, { freight: new Decimal(drawn.cents).div(100).toFixed(2) });
}

function editWarehouse({ erp, order, line, drawn }: AtTheScreen<{ readonly location: string }>): void {
  erp.clerkEdits(order.ordNum, { warehouse: { line: openLine(order, line).sequence, location: drawn.location } });
}

function editTerms({ erp, order, line, drawn }: AtTheScreen<{ readonly terms: string }>): void {
  openLine(order, line);
  erp.clerkEdits(order.ordNum, { header: { terms: drawn.terms } });
}

function setHold({ erp, order, line, drawn }: AtTheScreen<{ readonly code: string }>): void {
  openLine(order, line);
  erp.setHold(order.ordNum, drawn.code);
}

function liftHold({ erp, order }: AtTheScreen<unknown>): void {
  if (order.holdCode === '') throw new NotPossible('there is no hold');
  erp.setHold(order.ordNum, '');
}

function cancelLine({ erp, order, line, drawn }: AtTheScreen<{ readonly by: 'C' | 'H' }>): void {
  const cancel: ClerkEdit['cancel'] = { line: openLine(order, line).sequence, by: drawn.by };
  erp.clerkEdits(order.ordNum, { cancel });
}

function cancelOrder({ erp, order, line, drawn }: AtTheScreen<{ readonly by: 'C' | 'H' }>): void {
  openLine(order, line);
  erp.clerkEdits(order.ordNum, { cancel: { line: null, by: drawn.by } });
}

function declineCredit({ erp, order, line }: AtTheScreen<unknown>): void {
  openLine(order, line);
  erp.declineCredit(order.ordNum);
}

function openLine({ lines }: SalesOrderView, line: number): SalesOrderView['lines'][number] {
  return chosen(
    lines.filter(({ open }) => open > 0),
    line,
    'nothing of the ERP order is open',
  );
}

function pickShort(random: Random, orders: number): Deed {
  const drawn = {
    order: anOrder(random, orders),
    which: random.below(4),
    line: random.below(4),
    share: random.below(100),
  };
  return {
    family: 'warehouse',
    name: 'pickShort',
    with: drawn,
    act(play) {
      const { ordNum, progress } = salesOrderOf(play, drawn.order, drawn.which);
      const picked = progress.filter(({ picked }) => picked > 0);
      const { sequence, picked: units } = chosen(picked, drawn.line, 'nothing of it is picked');
      play.site.erp.pickShort(ordNum, sequence, Math.floor((units * drawn.share) / 100));
    },
  };
}

function credit(random: Random, orders: number): Deed {
  const drawn = {
    order: anOrder(random, orders),
    which: random.below(4),
    line: random.below(4),
    units: random.below(5),
  };
  return {
    family: 'finance',
    name: 'creditMemo',
    with: drawn,
    act(play) {
      const { ordNum, progress } = salesOrderOf(play, drawn.order, drawn.which);
      const invoiced = progress.filter((line) => line.invoiced > 0);
      const line = chosen(invoiced, drawn.line, 'nothing of it is invoiced');
      const { erp } = play.site;
      const [invoice] = erp.invoices({ ordNum });
      if (!invoice) throw new NotPossible('there is no invoice');
      const lines = [{ line: line.sequence, quantity: 1 + (drawn.units % line.invoiced) }];
      erp.creditMemo({ ordNum, invoice: invoice.number, lines, restock: drawn.units > 2 });
    },
  };
}

function payment(random: Random, orders: number): Deed {
  const drawn = { order: anOrder(random, orders), which: random.below(4), share: random.percent(70) ? 1 : 0.5 };
  return {
    family: 'finance',
    name: 'payInvoice',
    with: drawn,
    act(play) {
      const { erp } = play.site;
      const { ordNum } = salesOrderOf(play, drawn.order, drawn.which);
      const unpaid = erp.invoices({ ordNum }).find((invoice) => new Decimal(invoice.paid).lt(invoice.total));
      if (!unpaid) throw new NotPossible('there is no open invoice');
      const open = new Decimal(unpaid.total).minus(unpaid.paid);
      erp.payInvoice(unpaid.number, open.times(drawn.share).toFixed(2));
    },
  };
}
