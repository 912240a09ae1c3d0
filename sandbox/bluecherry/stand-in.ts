import { creditOrder, payInvoice, splitLine, voidInvoice } from './billing.ts';
import { deleteOrder, edit } from './clerk.ts';
import { createClock } from './clock.ts';
import { checkCredits } from './credit.ts';
import { brokenInvariants, createErp, reopenCancelled, skuKey, touch, type Erp, type SkuCodes } from './erp.ts';
import { createFaults } from './faults.ts';
import { importStaged } from './import-job.ts';
import { invoiceShipped } from './invoicing.ts';
import { letterOf, type Order } from './orders.ts';
import { createErpServer, type Access } from './server.ts';
import { createSimDoor } from './sim.ts';
import { createStock } from './stock.ts';
import type { BlueCherryOptions, BlueCherryStandIn, JobName } from './surface.ts';
import { LENGTHS } from './values.ts';
import { carries, logView, sameReference, viewOf } from './views.ts';
import { allocate, confirmShipments, pickShort, releasePicks } from './warehouse-jobs.ts';

export type { BlueCherryOptions, BlueCherryStandIn, JobName } from './surface.ts';

const BALANCES: readonly string[] = ['arBalance', 'pastDue'];

/** Starts a seeded BlueCherry on 127.0.0.1: ledger first, and it takes the same reference twice. */
export async function startBlueCherry(options: BlueCherryOptions = {}): Promise<BlueCherryStandIn> {
  const { area = 'INSTEP', environment = 'TEST', keys = ['key-one', 'key-two'], writeMode = 'staged' } = options;
  const { pageCap = 200, listOrder = 'entry' } = options;
  const clock = createClock(options.clock ?? (() => new Date()), options.zone ?? 'US/Eastern');
  const erp = createErp({
    clock,
    lengths: { ...LENGTHS, ...options.lengths },
    controlNumberFence: options.controlNumberFence ?? true,
    duplicatePo: options.duplicatePo ?? 'allow',
    allocationHorizonDays: options.allocationHorizonDays ?? null,
    extraStyles: options.extraStyles ?? 0,
    showsWrites: options.showsWrites ?? null,
    cancelKeysFrom: options.cancelKeysFrom ?? null,
  });
  const stock = createStock(erp, options.countsWorkAsStock ?? false);
  const faults = createFaults();
  const access: Access = { revoked: new Set(), maintenance: false };
  const stalled = new Set<JobName>();
  const door = createSimDoor(options.sim ?? false, () => standIn);
  const { server, calls, violations, limitsUsed, stop } = createErpServer(
    { erp, stock, faults, access },
    { area, environment, keys, writeMode, pageCap, listOrder, ...(options.limits ? { limits: options.limits } : {}) },
    door,
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
      : setInterval(() => {
          standIn.runJob('order_import');
          standIn.runJob('credit_check');
        }, options.autoImportEveryMs);
  const jobs: Readonly<Record<JobName, () => void>> = {
    order_import: () => importStaged(erp),
    credit_check: () => checkCredits(erp),
    allocation: () => allocate(erp),
    pick_release: () => releasePicks(erp),
    ship_confirm: () => confirmShipments(erp),
    invoicing: () => invoiceShipped(erp),
    ats_snapshot: () => void stock.take(),
    nightly_maintenance: () => void (access.maintenance = !access.maintenance),
  };

  const standIn: BlueCherryStandIn = {
    url: `http://127.0.0.1:${port}/${area}/${environment}`,
    keys,
    async close() {
      if (ticker) clearInterval(ticker);
      stop();
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },

    now: clock.now,
    setClock: clock.set,
    advanceClock: clock.advance,

    runJob(name) {
      if (stalled.has(name)) return;
      jobs[name]();
      const broken = brokenInvariants(erp);
      if (broken.length > 0) throw new Error(`after ${name}: ${broken.join('; ')}`);
    },
    stallJob(name) {
      stalled.add(name);
      stock.stall(stalled.has('ats_snapshot'));
    },
    resumeJob(name) {
      stalled.delete(name);
      stock.stall(stalled.has('ats_snapshot'));
    },

    salesOrders: ({ reference, ordNum } = {}) =>
      [...erp.orders.values()]
        .filter((order) => reference === undefined || carries(order, reference))
        .filter((order) => ordNum === undefined || order.ordNum === ordNum)
        .map(viewOf),
    liveSalesOrders: (reference) =>
      [...erp.orders.values()]
        .filter((order) => carries(order, reference) && !'XY'.includes(letterOf(order)))
        .map(viewOf),
    importLog: ({ reference } = {}) =>
      [...erp.log.values()]
        .flat()
        .filter(({ extRef }) => reference === undefined || sameReference(extRef, reference))
        .map(logView),

    releaseCredit: (ordNum) =>
      change(ordNum, (order) => {
        order.credit = 'passed';
        order.toCheck = false;
      }),
    declineCredit: (ordNum) =>
      change(ordNum, (order) => {
        order.credit = 'declined';
        order.toCheck = false;
      }),
    approveFactor: (ordNum, approval) =>
      change(ordNum, (order) => {
        order.approval = approval;
        order.toCheck = true;
      }),
    setHold: (ordNum, code) => change(ordNum, (order) => edit(erp, order, { header: { hold_code: code } })),
    setStatusLetter: (ordNum, letter) => change(ordNum, (order) => void (order.strangeLetter = letter)),
    clerkEdits: (ordNum, wanted) =>
      change(ordNum, (order) => {
        const before = order.changed;
        edit(erp, order, wanted);
        return faults.strike('GET /api/salesOrder', ['headerNotMoved']) ? before : null;
      }),
    deleteOrder: (ordNum) => change(ordNum, (order) => deleteOrder(erp, order)),
    pickShort: (ordNum, line, found) =>
      change(ordNum, ({ ordNum }) => {
        const pick = erp.picks.findLast(({ order, shipDate }) => order.ordNum === ordNum && shipDate === null);
        if (!pick) throw new Error(`Order ${ordNum} is on no pick.`);
        pickShort(erp, pick, line, found);
      }),
    voidPick: (ordNum) =>
      change(ordNum, (order) => {
        const pick = erp.picks.findLast((each) => each.order === order && each.shipDate === null);
        if (!pick) throw new Error(`Order ${ordNum} is on no pick.`);
        for (const { line } of pick.lines) pickShort(erp, pick, line.sequence, 0);
      }),
    reopenLine: (ordNum, line) => change(ordNum, (order) => reopenCancelled(erp, order, line)),
    splitLine: (ordNum, line, quantity) => change(ordNum, (order) => splitLine(erp, order, line, quantity)),
    creditMemo: (input) => {
      const order = erp.orders.get(input.ordNum);
      if (!order) throw new Error(`There is no order ${input.ordNum}.`);
      return creditOrder(erp, order, input).number;
    },
    payInvoice: (number, amount) => void payInvoice(erp, number, amount),
    voidInvoice: (number) => voidInvoice(erp, number),
    invoices: ({ ordNum } = {}) =>
      erp.invoices
        .filter(({ order }) => ordNum === undefined || order.ordNum === ordNum)
        .map(({ number, order, lines, subTotal, discount, freight, tax, total, paid }) => ({
          number,
          ordNum: order.ordNum,
          subTotal,
          discount,
          freight,
          tax,
          total,
          paid,
          lines: lines.map(({ line, quantity }) => ({ sequence: line.sequence, quantity })),
        })),
    setCustomer(division, customer, patch) {
      for (const each of erp.customers) {
        if (each.customer !== customer || each.division !== division) continue;
        Object.assign(each, patch);
        if (Object.keys(patch).some((name) => !BALANCES.includes(name))) each.changed = clock.stamp();
      }
    },
    addSku: (sku) => {
      const { division, style, color, label, dimension, size, upc } = sku;
      erp.catalogue.set(skuKey(sku), { division, style, color, label, dimension, size, upc, bucket: 1, live: true });
      erp.styleChanged.set(style, clock.stamp());
    },
    setSkuLive: (codes, live) => {
      const sku = skuOf(erp, codes);
      sku.live = live;
      erp.styleChanged.set(sku.style, clock.stamp());
    },
    setStyleActive: (style, active) => {
      for (const sku of erp.catalogue.values()) if (sku.style === style) sku.live = active;
      erp.styleChanged.set(style, clock.stamp());
    },
    editStyle: (style, patch) => {
      erp.styleEdits.set(style, { ...erp.styleEdits.get(style), ...patch });
      erp.styleChanged.set(style, clock.stamp());
    },
    setUpc: (codes, upc) => {
      const sku = skuOf(erp, codes);
      sku.upc = upc;
      erp.styleChanged.set(sku.style, clock.stamp());
    },
    adjustStock: (codes, location, quantity) => erp.ledger.post(skuKey(skuOf(erp, codes)), location, 'SA', quantity),
    setPrice: (price) => erp.prices.set(price),
    removePrice: (price) => erp.prices.remove(price),
    occupyControlNumber: (vendor, number) =>
      void erp.controlNumbers.set(`${vendor.toUpperCase()}/${number}`, clock.now().getTime()),

    revokeKeys(which) {
      if (which !== 'secondary') access.revoked.add(keys[0]);
      if (which !== 'primary') access.revoked.add(keys[1]);
    },
    restoreKeys: () => access.revoked.clear(),
    faults: { add: faults.add, clear: faults.clear },

    calls: (route) => calls.filter((call) => route === undefined || call.route.toLowerCase() === route.toLowerCase()),
    callCounts() {
      const counts: Record<string, number> = {};
      for (const { route } of calls) counts[route] = (counts[route] ?? 0) + 1;
      return counts;
    },
    limitsUsed,
    contractViolations: () => [...violations],
    checkInvariants: () => brokenInvariants(erp),
  };
  return standIn;

  /** Changes an order by hand; its stamp moves, unless the change answers the one to keep. */
  function change(ordNum: string, act: (order: Order) => string | null | void): void {
    const order = erp.orders.get(ordNum);
    if (!order) throw new Error(`There is no order ${ordNum}.`);
    const kept = act(order);
    touch(erp, order);
    if (typeof kept === 'string') order.changed = kept;
  }
}

function skuOf(erp: Erp, codes: SkuCodes) {
  const sku = erp.catalogue.get(skuKey(codes));
  if (!sku) throw new Error(`There is no SKU ${skuKey(codes)}.`);
  return sku;
}
