import { basename } from 'node:path';

import type { Command } from 'commander';

import { loadSite } from '../../config/load-site.ts';
import type { Site } from '../../config/site.ts';
import { createBlueCherry } from '../../connectors/bluecherry/bluecherry.ts';
import { createSparkLayer } from '../../connectors/sparklayer/sparklayer.ts';
import { isProblemCode } from '../../domain/problems.ts';
import { createLog } from '../../workers/log.ts';
import { environment, EXIT, print, printJson, say } from '../program.ts';

interface Finding {
  readonly about: string;
  readonly wrong: string;
  readonly mend: string;
}

const PATIENCE_MS = 120_000;

/** `check-site`: the file, both credentials, and the location table against what both systems have. */
export function addCheckSiteCommand(program: Command): void {
  program
    .command('check-site <file>')
    .description('validate a site file, try both connections, list what is unmapped or unknown')
    .option('--offline', 'the file only')
    .option('--json', 'as JSON')
    .action(async (file: string, { offline, json }: { offline?: true; json?: true }) => {
      const site = loadSite(file, environment());
      const findings = [...unknownCodes(site), ...(offline ? [] : await compareWithSystems(site))];
      process.exitCode = findings.length > 0 ? EXIT.findings : EXIT.fine;
      if (json) return printJson({ site: site.name, version: site.version, findings });
      for (const { about, wrong, mend } of findings) print(`${about}: ${wrong}\n    → ${mend}`);
      say(
        findings.length > 0
          ? `${findings.length} findings.`
          : `${basename(file)} is fine${offline ? '' : '; both systems answer and know everything it names'}.`,
      );
    });
}

/** A severity that is given to a code nobody raises would never be used. */
function unknownCodes({ cases }: Site): readonly Finding[] {
  return Object.keys(cases.severities)
    .filter((code) => !isProblemCode(code))
    .map((code) => ({
      about: `cases.severities.${code}`,
      wrong: 'there is no such problem',
      mend: 'Name one of docs/problems.md.',
    }));
}

async function compareWithSystems(site: Site): Promise<readonly Finding[]> {
  const log = createLog('error');
  const clock = () => new Date();
  const sparklayer = createSparkLayer(site.storefront, { clock, log });
  const bluecherry = createBlueCherry({ ...site.erp, cacheDir: null }, { clock, log });
  const call = { signal: AbortSignal.timeout(PATIENCE_MS), deadline: Date.now() + PATIENCE_MS };
  const erp = { ...call, priority: 'catalogue' } as const;
  const findings: Finding[] = [];
  try {
    const storefront = await tried(() => sparklayer.listStockLocations(call));
    if ('why' in storefront)
      findings.push({
        about: 'storefront',
        wrong: storefront.why,
        mend: 'Correct storefront.baseUrl, siteId or the credentials it names.',
      });
    else {
      const live = storefront.value.map(({ externalId }) => externalId ?? '').filter(Boolean);
      const mapped = site.rules.locations.table.map(({ location }) => location);
      for (const location of live.filter((each) => !mapped.includes(each)))
        findings.push({
          about: `location ${location}`,
          wrong: 'the storefront has it, the location table does not',
          mend: 'Add it to locations.table before an order uses it.',
        });
      for (const location of mapped.filter((each) => !live.includes(each)))
        findings.push({
          about: `location ${location}`,
          wrong: 'the location table has it, the storefront does not',
          mend: 'Correct its external id, or remove the row.',
        });
    }
    const probe = await tried(() => bluecherry.probe(erp));
    if ('why' in probe)
      return [...findings, { about: 'ERP', wrong: probe.why, mend: 'Correct erp.baseUrl or the keys it names.' }];
    const warehouses = (await bluecherry.listWarehouses(erp))
      .filter(({ type }) => type === 'W')
      .map(({ warehouse }) => warehouse);
    const divisions = (await bluecherry.listDivisions(erp)).map(({ division }) => division);
    const terms = (await bluecherry.listTerms(erp)).filter(({ active }) => active).map((each) => each.terms);
    const shipVia = (await bluecherry.listShipVia(erp)).map((each) => each.shipVia);
    const { locations, payment, shipVia: ship } = site.rules;
    const unknown = (about: string, known: readonly string[], named: readonly string[]) => {
      for (const code of new Set(named.filter((each) => each && !known.includes(each))))
        findings.push({
          about: `${about} ${code}`,
          wrong: 'the ERP does not have it',
          mend: `It has: ${known.join(', ')}.`,
        });
    };
    unknown('division', divisions, site.divisions);
    unknown(
      'warehouse',
      warehouses,
      [...locations.table, ...locations.byShipTo]
        .flatMap((row) => Object.values(row.warehouses))
        .concat(Object.values(locations.defaultWarehouse)),
    );
    unknown(
      'terms',
      terms,
      payment.methods.map((method) => method.terms),
    );
    unknown('ship-via', shipVia, [...Object.values(ship.methods), ship.otherwise]);
    return findings;
  } finally {
    await sparklayer.close();
    await bluecherry.close();
  }
}

async function tried<Value>(work: () => Promise<Value>): Promise<{ readonly value: Value } | { readonly why: string }> {
  try {
    return { value: await work() };
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}
