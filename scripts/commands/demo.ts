import type { Command } from 'commander';

import { EXIT } from '../program.ts';

/** `demo`: the main job on embedded defaults, with nothing else installed or running. */
export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('wholesale orders flow from a stand-in storefront into a stand-in ERP, with trouble on the way')
    .option('--orders <n>', 'how many', Number, 40)
    .option('--json', 'a machine-readable account on stdout')
    .option('--exit', 'end when everything has settled')
    .action(async ({ orders, json, exit }: { orders: number; json?: true; exit?: true }) => {
      const { runDemo } = await import('../demo/run-demo.ts');
      const isFine = await runDemo({ orders, json: json === true, exit: exit === true });
      process.exitCode = isFine ? EXIT.fine : EXIT.findings;
    });
}
