import { createClock } from './clock.ts';
import {
  allocate,
  cancelOpen,
  checkCredit,
  createErp,
  invariants,
  invoice,
  pick,
  touch,
  type Customer,
} from './erp.ts';
import { createFaults, type Faults } from './faults.ts';
import { importStaged } from './import-job.ts';
import { letterOf, subTotal, total, type Order } from './orders.ts';
import { createErpServer, type Access, type CallRecord, type Limits } from './server.ts';

export type { CallRecord } from './server.ts';

export type JobName =
  | 'order_import'
  | 'credit_check'
  | 'allocation'
  | 'pick_release'
  | 'ship_confirm'
  | 'invoicing'
  | 'nightly_maintenance';

export interface BlueCherryOptions {
  readonly area?: string;
  readonly environment?: string;
  readonly keys?: readonly [string, string];
  readonly writeMode?: 'staged' | 'direct';
  readonly zone?: string;
  readonly clock?: () => Date;
  /** Runs import and credit check by itself, for demonstrations; tests run jobs themselves. */
  readonly autoImportEveryMs?: number;
  readonly controlNumberFence?: boolean;
  readonly duplicatePo?: 'allow' | 'warn' | 'reject';
  readonly lengths?: Readonly<Record<string, number>>;
  readonly limits?: Limits;
  readonly extraStyles?: number;
  readonly port?: number;
}

export interface SalesOrderView {
  readonly ordNum: string;
  readonly status: string;
  readonly altpo: string;
  readonly udford1c: string;
  readonly division: string;
  readonly location: string;
  readonly customer: string;
  readonly holdCode: string;
  readonly terms: string;
  readonly header: Readonly<Record<string, string>>;
  readonly subTotal: string;
  readonly discount: string;
  readonly freight: string;
  readonly tax: string;
  readonly taxFixed: boolean;
  readonly total: string;
  readonly addresses: readonly Readonly<Record<string, unknown>>[];
  readonly lines: readonly {
    readonly sequence: number;
    readonly sku: string;
    readonly location: string;
    readonly price: string;
    readonly ordered: number;
    readonly open: number;
    readonly cancelled: number;
  }[];
}

export interface ImportLogView {
  readonly pkey: number;
  readonly rowSeq: number;
  readonly isaNum: string;
  readonly extRef: string;
  readonly status: string;
  readonly ordNum: string;
  readonly errorCode: string;
}

export type BlueCherryStandIn = Awaited<ReturnType<typeof startBlueCherry>>;

/** Lower bounds of the contract's ranges, but for the customer, whose code in the example has nine characters. */
const LENGTHS: Readonly<Record<string, number>> = {
  po_num: 22,
  altpo: 30,
  udford1c: 30,
  ext_ref: 30,
  division: 3,
  location: 3,
  customer: 10,
  store: 10,
  terms: 3,
  shipper: 3,
  ord_type: 5,
  hold_code: 5,
  disc_code: 10,
  notes: 500,
};

/** Starts a seeded BlueCherry on 127.0.0.1: ledger first, and it takes the same reference twice. */
export async function startBlueCherry(options: BlueCherryOptions = {}) {
  const { area = 'INSTEP', environment = 'TEST', keys = ['key-one', 'key-two'] as const } = options;
  const clock = createClock(options.clock ?? (() => new Date()), options.zone ?? 'US/Eastern');
  const erp = createErp({
    clock,
    lengths: { ...LENGTHS, ...options.lengths },
    controlNumberFence: options.controlNumberFence ?? true,
    duplicatePo: options.duplicatePo ?? 'allow',
    extraStyles: options.extraStyles ?? 0,
  });
  const faults = createFaults();
  const access: Access = { revoked: new Set(), maintenance: false };
  const { server, calls, violations, stop } = createErpServer(
    erp,
    faults,
    { area, environment, keys, writeMode: options.writeMode ?? 'staged', limits: options.limits ?? null },
    access,
  );
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', reject);
  server.listen(options.port ?? 0, '127.0.0.1', () => {
    const address = server.address();
    resolve(typeof address === 'object' && address ? address.port : 0);
  });
  const port = await promise;
  const ticker =
    options.autoImportEveryMs === undefined
      ? null
      : setInterval(
          () => ['order_import' as const, 'credit_check' as const].forEach(runJob),
          options.autoImportEveryMs,
        );

  return {
    url: `http://127.0.0.1:${port}/${area}/${environment}`,
    keys,
    now: clock.now,
    setClock: clock.set,
    advanceClock: clock.advance,
    runJob,
    /** A stalled job does nothing when it is run: staged writes stay pending for hours. */
    stallJob: (name: JobName) => void erp.stalled.add(name),
    resumeJob: (name: JobName) => void erp.stalled.delete(name),
    salesOrders: (): readonly SalesOrderView[] => [...erp.orders.values()].map(viewOf),
    /** Orders that carry a reference and are not wholly cancelled. Two of them are a duplicate. */
    liveSalesOrders: (reference: string): readonly SalesOrderView[] =>
      [...erp.orders.values()]
        .filter(
          (order) =>
            [order.header['altpo'], order.header['udford1c']].includes(reference) && !'XY'.includes(letterOf(order)),
        )
        .map(viewOf),
    importLog: (filter: { readonly reference?: string } = {}): readonly ImportLogView[] =>
      erp.log
        .filter(({ extRef }) => filter.reference === undefined || extRef === filter.reference)
        .map(({ pkey, rowSeq, isaNum, extRef, status, ordNum, errorCode }) => ({
          pkey,
          rowSeq,
          isaNum,
          extRef,
          status,
          ordNum,
          errorCode,
        })),
    releaseCredit: (ordNum: string) =>
      change(ordNum, (order) => ({ credit: (order.credit = 'passed'), status: (order.creditStatus = 'A') })),
    declineCredit: (ordNum: string) =>
      change(ordNum, (order) => ({ credit: (order.credit = 'declined'), status: (order.creditStatus = 'D') })),
    setHold: (ordNum: string, code: string) =>
      change(ordNum, (order) => (order.header = { ...order.header, hold_code: code })),
    setStatusLetter: (ordNum: string, letter: string | null) =>
      change(ordNum, (order) => (order.strangeLetter = letter)),
    /** What a clerk does to an order in the ERP's own screens. */
    clerkEdits: (
      ordNum: string,
      edit: {
        readonly header?: Readonly<Record<string, string>>;
        readonly tax?: string;
        readonly price?: { readonly line: number; readonly price: string };
        readonly cancel?: { readonly line: number | null };
      },
    ) =>
      change(ordNum, (order) => {
        if (edit.header) order.header = { ...order.header, ...edit.header };
        if (edit.tax !== undefined) order.money = { ...order.money, tax: edit.tax };
        for (const line of order.lines)
          if (edit.price && line.sequence === edit.price.line) line.price = edit.price.price;
        if (edit.cancel) cancelOpen(erp, order, 'H', edit.cancel.line);
      }),
    setCustomer: (division: string, customer: string, patch: Partial<Customer>) => {
      for (const each of erp.customers)
        if (each.customer === customer && each.division === division) Object.assign(each, patch);
    },
    addSku: (sku: {
      readonly division: string;
      readonly style: string;
      readonly color: string;
      readonly label: string;
      readonly dimension: string;
      readonly size: string;
      readonly upc: string;
    }) => {
      erp.catalogue.set(
        [sku.division, sku.style, sku.color, sku.label, sku.dimension, sku.size].join('|').toUpperCase(),
        { ...sku, bucket: 1 },
      );
    },
    /** Somebody else has used this control number. */
    occupyControlNumber: (vendor: string, number: string) => void erp.controlNumbers.add(`${vendor}/${number}`),
    revokeKeys: (which: 'primary' | 'secondary' | 'both') => {
      if (which !== 'secondary') access.revoked.add(keys[0]);
      if (which !== 'primary') access.revoked.add(keys[1]);
    },
    restoreKeys: () => access.revoked.clear(),
    faults: { add: faults.add, clear: faults.clear } satisfies Faults,
    calls: (route?: string): readonly CallRecord[] =>
      calls.filter((call) => route === undefined || call.route.toLowerCase() === route.toLowerCase()),
    callCounts: (): Record<string, number> => {
      const counts: Record<string, number> = {};
      for (const { route } of calls) counts[route] = (counts[route] ?? 0) + 1;
      return counts;
    },
    contractViolations: (): readonly string[] => [...violations],
    checkInvariants: (): readonly string[] => invariants(erp),
    async close(): Promise<void> {
      if (ticker) clearInterval(ticker);
      stop();
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };

  function runJob(name: JobName): void {
    if (erp.stalled.has(name)) return;
    const jobs: Record<JobName, () => void> = {
      order_import: () => importStaged(erp),
      credit_check: () => [...erp.orders.values()].forEach((order) => checkCredit(erp, order)),
      allocation: () => allocate(erp),
      pick_release: () => pick(erp),
      ship_confirm: () => undefined,
      invoicing: () => invoice(erp),
      nightly_maintenance: () => (access.maintenance = !access.maintenance),
    };
    jobs[name]();
    const broken = invariants(erp);
    if (broken.length > 0) throw new Error(`after ${name}: ${broken.join('; ')}`);
  }

  function change(ordNum: string, edit: (order: Order) => unknown): void {
    const order = erp.orders.get(ordNum);
    if (!order) throw new Error(`There is no order ${ordNum}.`);
    edit(order);
    touch(erp, order);
  }
}

function viewOf(order: Order): SalesOrderView {
  const { header, money } = order;
  return {
    ordNum: order.ordNum,
    status: letterOf(order),
    altpo: header['altpo'] ?? '',
    udford1c: header['udford1c'] ?? '',
    division: header['division'] ?? '',
    location: header['location'] ?? '',
    customer: header['customer'] ?? '',
    holdCode: header['hold_code'] ?? '',
    terms: header['terms'] ?? '',
    header,
    subTotal: subTotal(order),
    discount: money.discount,
    freight: money.freight,
    tax: money.tax,
    taxFixed: order.taxFixed,
    total: total(order),
    addresses: order.addresses,
    lines: order.lines.map(({ sequence, sku, location, price, ordered, open, cancelledC, cancelledH }) => ({
      sequence,
      sku,
      location,
      price,
      ordered,
      open,
      cancelled: cancelledC + cancelledH,
    })),
  };
}
