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
}
