import { basename } from 'node:path';

import type { Command } from 'commander';

import { readErpCodes } from '../../activities/read-erp-codes.ts';
import { loadSite } from '../../config/load-site.ts';
import type { Site } from '../../config/site.ts';
import { createBlueCherry } from '../../connectors/bluecherry/bluecherry.ts';
import { createSparkLayer } from '../../connectors/sparklayer/sparklayer.ts';
import { compareCodes } from '../../domain/audit/compare-codes.ts';
import { compareLocations } from '../../domain/audit/compare-locations.ts';
import type { Gap } from '../../domain/audit/gap.ts';
import { isProblemCode, problemKind } from '../../domain/problems.ts';
import { createLog } from '../../workers/log.ts';
import { environment, EXIT, print, printJson, say } from '../program.ts';

interface Finding {
  readonly about: string;
  readonly wrong: string;
  readonly mend: string;
}

const PATIENCE_MS = 120_000;

/** `check-site`: the file, both credentials, and its locations and codes against what both systems have. */
export function addCheckSiteCommand(program: Command): void {
  program
    .command('check-site <file>')
    .description('validate a site file, try both connections, list what is unmapped or unknown; “audit” looks deeper')
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
  const { rules, stock } = site;
  const findings: Finding[] = [];
  try {
    const storefront = await tried(() => sparklayer.listStockLocations(call));
    if ('why' in storefront)
      findings.push({
        about: 'storefront',
        wrong: storefront.why,
        mend: 'Correct storefront.baseUrl, siteId or the credentials it names.',
      });
    else
      findings.push(
        ...compareLocations({ storefront: storefront.value, ordered: [] }, rules.locations, stock.feeds).map(toFinding),
      );
    const probe = await tried(() => bluecherry.probe(erp));
    if ('why' in probe)
      return [...findings, { about: 'ERP', wrong: probe.why, mend: 'Correct erp.baseUrl or the keys it names.' }];
    return [...findings, ...compareCodes(await readErpCodes(bluecherry, erp), rules, stock.feeds).map(toFinding)];
  } finally {
    await sparklayer.close();
    await bluecherry.close();
  }
}

function toFinding({ code, concerns, says }: Gap): Finding {
  return { about: `${code} ${concerns.join(', ')}`, wrong: says, mend: problemKind(code).mend };
}

async function tried<Value>(work: () => Promise<Value>): Promise<{ readonly value: Value } | { readonly why: string }> {
  try {
    return { value: await work() };
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}
