import type { Command } from 'commander';

/** `bench`: measures, on one machine in one run; see docs/performance.md. */
export function addBenchCommand(program: Command): void {
  const bench = program.command('bench').description('measure');
  bench
    .command('orders')
    .description(
      'orders per second, history events, calls and CPU per order, share of the permitted rate, against a bare loop',
    )
    .option('--orders <n>', 'how many with the limits lifted', Number, 300)
    .option('--seconds <n>', 'how long with the limits on', Number, 60)
    .option('--json', 'as JSON')
    .action(async ({ orders, seconds, json }: { orders: number; seconds: number; json?: true }) => {
      const { benchOrders } = await import('../bench/bench-orders.ts');
      await benchOrders({ orders, seconds, json: json === true });
    });
  bench
    .command('backlog')
    .description('orders that waited while no worker ran: ERP calls per order, by route, and how long they take')
    .option('--orders <n>', 'how many wait', Number, 500)
    .option('--import-seconds <n>', 'how often the ERP’s import job runs', Number, 60)
    .option('--json', 'as JSON')
    .action(async (options: { orders: number; importSeconds: number; json?: true }) => {
      const { benchBacklog } = await import('../bench/bench-backlog.ts');
      await benchBacklog({ ...options, json: options.json === true });
    });
  bench
    .command('inventory')
    .description('stock: the comparison by itself, whole runs against the stand-ins, and a full read at the ERP’s pace')
    .option('--rows <n>', 'rows of the ERP’s stock, SKUs × warehouses', Number, 100_000)
    .option('--json', 'as JSON')
    .action(async ({ rows, json }: { rows: number; json?: true }) => {
      const { benchInventory } = await import('../bench/bench-inventory.ts');
      await benchInventory({ rows, json: json === true });
    });
  bench
    .command('catalogue')
    .description('products: the same, from the first load on')
    .option('--skus <n>', 'SKUs of the ERP', Number, 50_000)
    .option('--json', 'as JSON')
    .action(async ({ skus, json }: { skus: number; json?: true }) => {
      const { benchCatalogue } = await import('../bench/bench-catalogue.ts');
      await benchCatalogue({ skus, json: json === true });
    });
  bench
    .command('latency')
    .description('what orders lose while a full inventory is read under the ERP’s limits')
    .option('--seconds <n>', 'how long orders come, in quiet and beside the reading', Number, 120)
    .option('--json', 'as JSON')
    .action(async ({ seconds, json }: { seconds: number; json?: true }) => {
      const { benchLatency } = await import('../bench/bench-latency.ts');
      await benchLatency({ seconds, json: json === true });
    });
  bench
    .command('reconcile')
    .description('the exception report by itself: from the caches on disk to page, workbook and JSON')
    .option('--orders <n>', 'open orders on both sides, one in twenty of which differs', Number, 10_000)
    .option('--json', 'as JSON')
    .action(async ({ orders, json }: { orders: number; json?: true }) => {
      const { benchReconcile } = await import('../bench/bench-reconcile.ts');
      await benchReconcile({ orders, json: json === true });
    });
}
