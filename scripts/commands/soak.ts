import type { Command } from 'commander';

import { CommandError, EXIT } from '../program.ts';

/** `soak`: plays a site at random for a long time and accounts for every order. */
export function addSoakCommand(program: Command): void {
  program
    .command('soak')
    .description(
      'buyers, clerks, warehouse, finance, faults and power cuts at random; then every order is accounted for',
    )
    .option('--steps <n>', 'deeds in all', Number, 2_000)
    .option('--seed <n>', 'the same seed does the same deeds', Number, 1)
    .option('--orders <n>', 'how many are checked out, about; default: one in forty deeds', Number)
    .option('--kills <n>', 'how often the worker is killed, about; default: one in 1,250 deeds', Number)
    .option('--rest-every <n>', 'deeds between two times that all is judged', Number, 2_500)
    .option('--only <families>', 'families of deeds beside checkouts, comma-separated')
    .option('--log <file>', 'where the deeds are written when something is unexplained', 'soak.log')
    .option('--json', 'as JSON')
    .action(async (given: Given) => {
      const { soak } = await import('../soak/soak.ts');
      for (const [name, value] of Object.entries({
        steps: given.steps,
        seed: given.seed,
        'rest-every': given.restEvery,
      }))
        if (!Number.isSafeInteger(value) || value < (name === 'seed' ? 0 : 1))
          throw new CommandError(`--${name} takes a whole number.`, EXIT.usage);
      const isFine = await soak({
        ...given,
        orders: given.orders ?? Math.ceil(given.steps / 40),
        kills: given.kills ?? Math.ceil(given.steps / 1_250),
        only: given.only?.split(',') ?? null,
        json: given.json === true,
      });
      process.exitCode = isFine ? EXIT.fine : EXIT.findings;
    });
}

interface Given {
  readonly steps: number;
  readonly seed: number;
  readonly orders?: number;
  readonly kills?: number;
  readonly restEvery: number;
  readonly only?: string;
  readonly log: string;
  readonly json?: true;
}
