import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

import { parseDocument } from 'yaml';
import type * as z from 'zod';

import { crossCheck } from './cross-checks.ts';
import { closest, SiteFileError, type SiteProblem } from './problems.ts';
import { siteSchema, type SiteFile } from './schema.ts';
import { readSecret, type Environment } from './secrets.ts';
import type { Site } from './site.ts';

const MISSING = 'it is missing';

export type ParsedSite =
  | { readonly ok: true; readonly site: Site }
  | { readonly ok: false; readonly problems: readonly SiteProblem[] };

/** Lower bounds of the ERP's fields, until an installation confirms more. Assumed; docs/contracts/bluecherry.md, section 11. */
const FIELD_LENGTHS: Readonly<Record<string, number>> = {
  po_num: 22,
  altpo: 30,
  division: 3,
  location: 3,
  customer: 8,
  store: 10,
  terms: 3,
  shipper: 3,
  ord_type: 5,
  hold_code: 5,
  disc_code: 10,
  notes: 500,
  udford1c: 30,
  udford2c: 30,
  name: 60,
  addr1: 60,
  addr2: 60,
  city: 40,
  state: 20,
  zipcode: 15,
  contact: 60,
  email: 120,
  style: 15,
  color_code: 5,
  lbl_code: 5,
  dimension: 5,
  size_desc: 5,
  upc: 14,
};

/** Reads a site file; throws `SiteFileError` with all its mistakes at once. */
export function loadSite(path: string, environment: Environment): Site {
  const name = basename(path).replace(/\.ya?ml$/, '');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new SiteFileError(path, [
      {
        path: '',
        wrong: 'the file cannot be read',
        mend: 'Correct the path, or copy config/sites/example.yaml there.',
      },
    ]);
  }
  const parsed = parseSite(text, name, environment);
  if (!parsed.ok) throw new SiteFileError(path, parsed.problems);
  return parsed.site;
}

/** Checks the text of a site file. Never throws; every mistake comes with its place and its mend. */
export function parseSite(text: string, name: string, environment: Environment): ParsedSite {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    return {
      ok: false,
      problems: [
        {
          path: '',
          wrong: `the file's name “${name}” cannot name a site`,
          mend: 'Use lower-case letters, digits and hyphens.',
        },
      ],
    };
  const document = parseDocument(text, { prettyErrors: true });
  const syntax = document.errors.map(({ message }) => ({
    path: '',
    wrong: `not YAML: ${message.split('\n')[0] ?? ''}`,
    mend: 'Correct the line the message names.',
  }));
  if (syntax.length > 0) return { ok: false, problems: syntax };
  const file: unknown = toPlain(document);
  const shaped = siteSchema.safeParse(file);
  const secrets = readSecrets(file, environment);
  const shape = shaped.success ? [] : withoutDoubles(shaped.error.issues.flatMap(toProblems));
  const problems = [...shape, ...crossCheck(file), ...secrets.problems];
  if (!shaped.success || problems.length > 0) return { ok: false, problems };
  const version = createHash('sha256').update(text).digest('hex').slice(0, 10);
  return { ok: true, site: toSite(shaped.data, { name, version, secrets: secrets.values }) };
}

function toPlain(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return null;
  }
}

interface Secrets {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly keys: readonly string[];
}

function readSecrets(
  file: unknown,
  environment: Environment,
): { readonly values: Secrets; readonly problems: readonly SiteProblem[] } {
  const problems: SiteProblem[] = [];
  const read = (value: unknown, path: string): string => {
    if (typeof value !== 'string' || value.trim() === '') return '';
    const secret = readSecret(value, path, environment);
    if (typeof secret === 'string') return secret;
    problems.push(secret);
    return '';
  };
  const part = (value: unknown, name: string): unknown =>
    value !== null && typeof value === 'object' ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
  const storefront = part(file, 'storefront');
  const keys = part(part(file, 'erp'), 'keys');
  const values = {
    clientId: read(part(storefront, 'clientId'), 'storefront.clientId'),
    clientSecret: read(part(storefront, 'clientSecret'), 'storefront.clientSecret'),
    keys: Array.isArray(keys) ? keys.map((key, index) => read(key, `erp.keys[${index}]`)) : [],
  };
  return { values, problems };
}

function toProblems(issue: z.core.$ZodIssue): readonly SiteProblem[] {
  const path = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(issue.path);
    return issue.keys.map((key) => {
      const close = closest(key, known);
      return {
        path: [path, key].filter(Boolean).join('.'),
        wrong: 'there is no such setting',
        mend: close ? `Did you mean “${close}”?` : `Known here: ${known.join(', ')}.`,
      };
    });
  }
  if (issue.code === 'invalid_type' && /received undefined/.test(issue.message))
    return [{ path, wrong: MISSING, mend: 'Add it; config/sites/example.yaml explains it.' }];
  return [{ path, wrong: issue.message.replace(/^Invalid input: /, ''), mend: mendOf(issue) }];
}

/** A misspelt name is one mistake, not an unknown and a missing one. */
function withoutDoubles(problems: readonly SiteProblem[]): readonly SiteProblem[] {
  const meant = problems.flatMap(({ path, mend }) => {
    const name = /^Did you mean “(.+)”\?$/.exec(mend)?.[1];
    return name ? [[...path.split('.').slice(0, -1), name].join('.')] : [];
  });
  return problems.filter(({ path, wrong }) => wrong !== MISSING || !meant.includes(path));
}

function mendOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `Write one of: ${issue.values.map(String).join(', ')}.`;
  if (issue.code === 'invalid_type')
    return `Write a ${issue.expected}.${issue.expected === 'string' ? ' Quote codes that look like numbers.' : ''}`;
  if (issue.code === 'too_big') return `Write ${String(issue.maximum)} at most.`;
  if (issue.code === 'too_small')
    return issue.origin === 'string' || issue.origin === 'array'
      ? 'Fill it in.'
      : `Write more than ${String(issue.minimum)}.`;
  return 'Correct the value; config/sites/example.yaml shows one.';
}

function keysAt(path: readonly PropertyKey[]): readonly string[] {
  let schema: unknown = siteSchema;
  for (const step of path) schema = inner(schema, step);
  const shape = shapeOf(schema);
  return shape ? Object.keys(shape) : [];
}

function inner(schema: unknown, step: PropertyKey): unknown {
  const shape = shapeOf(schema);
  if (shape) return shape[String(step)];
  const unwrapped = unwrap(schema);
  return unwrapped !== null && typeof unwrapped === 'object' && 'element' in unwrapped ? unwrapped.element : undefined;
}

function shapeOf(schema: unknown): Record<string, unknown> | null {
  const unwrapped = unwrap(schema);
  if (
    unwrapped === null ||
    typeof unwrapped !== 'object' ||
    !('shape' in unwrapped) ||
    unwrapped.shape === null ||
    typeof unwrapped.shape !== 'object'
  )
    return null;
  return Object.fromEntries(Object.entries(unwrapped.shape));
}

function unwrap(schema: unknown): unknown {
  let current = schema;
  while (
    current !== null &&
    typeof current === 'object' &&
    'unwrap' in current &&
    typeof current.unwrap === 'function' &&
    !('element' in current)
  )
    current = current.unwrap();
  if (current !== null && typeof current === 'object' && 'options' in current && Array.isArray(current.options)) {
    const options: readonly unknown[] = current.options;
    return options.find((option) => option !== null && typeof option === 'object' && 'shape' in option) ?? current;
  }
  return current;
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text === '' ? String(step) : `${text}.${String(step)}`,
    '',
  );
}

function toSite(file: SiteFile, { name, version, secrets }: { name: string; version: string; secrets: Secrets }): Site {
  const { storefront, erp, intake, locations, payment, purchaseOrder, references, sku, shipping, money, buyerWords } =
    file;
  const seconds = (value: number) => Math.round(value * 1000);
  const lengths = { ...FIELD_LENGTHS, [purchaseOrder.field]: purchaseOrder.maxLength, ...erp.fieldLengths };
  const { entry, ...words } = buyerWords;
  return {
    name,
    version,
    goLive: new Date(file.goLive).toISOString(),
    divisions: file.divisions,
    storefront: {
      baseUrl: storefront.baseUrl.replace(/\/+$/, ''),
      siteId: storefront.siteId,
      clientId: secrets.clientId,
      clientSecret: secrets.clientSecret,
      userAgent: storefront.userAgent,
      timeouts: { requestMs: seconds(storefront.requestTimeoutSeconds) },
      concurrency: storefront.concurrency,
      minGapMs: storefront.minGapMs,
    },
    erp: {
      baseUrl: erp.baseUrl.replace(/\/+$/, ''),
      environment: erp.environment,
      environmentSegments: erp.environmentSegments,
      keys: secrets.keys,
      zone: erp.zone,
      statusLetters: erp.statusLetters,
      errorTexts: erp.errorTexts,
      resources: erp.resources,
      fields: {
        vndId: erp.vendorId,
        vndQual: erp.vendorQualifier,
        purchaseOrder: purchaseOrder.field,
        altPo: erp.altPoField,
        referenceField: references.field,
      },
      paging: { size: erp.pageSize, capConfirmed: erp.pageCapConfirmed },
      overlapMinutes: erp.overlapMinutes,
      overlapMinutesWhenClocksGoBack: erp.overlapMinutesWhenClocksGoBack,
      writeMode: erp.writeMode,
      batchMax: erp.ordersPerPost,
      batchWaitMs: erp.waitForOthersMs,
      limits: erp.limits === 'none' ? null : erp.limits,
      timeouts: { requestMs: seconds(erp.requestTimeoutSeconds), writeMs: seconds(erp.writeTimeoutSeconds) },
      freezeWindow: erp.freezeWindow === 'none' ? null : erp.freezeWindow,
      lengths,
      upperCaseCodes: erp.upperCaseCodes,
      refreshEveryMs: seconds(erp.refreshCatalogueSeconds),
      importCycleMs: seconds(erp.importCycleSeconds),
      importOverdueMs: seconds(erp.importOverdueSeconds),
      lateArrivalMs: seconds(erp.lateArrivalSeconds),
      controlNumberFence: erp.controlNumberFence,
      workers: erp.workers,
      cancelReasonCode: erp.cancelReasonCode,
      credentialProbeMs: seconds(erp.credentialProbeSeconds),
    },
    intake: {
      types: intake.types,
      intervalSeconds: intake.pollSeconds,
      overlapMinutes: intake.overlapMinutes,
      pageSize: intake.pageSize,
    },
    erpPoll: { intervalSeconds: erp.pollSeconds },
    sweep: { intervalMinutes: intake.sweepMinutes },
    rules: {
      site: name,
      siteVersion: version,
      zone: erp.zone,
      intakeTypes: intake.types,
      locationMetadata: intake.locationMetadata,
      deliveryDateField: intake.deliveryDateField,
      locations: {
        ...locations,
        byShipTo: locations.byShipTo.map((rule) => ({ ...rule, country: rule.country.toUpperCase() })),
      },
      payment: {
        methods: payment.methods,
        unknownMethod:
          payment.unknownMethod === 'park'
            ? { action: 'park' }
            : { action: 'treatAs', method: payment.unknownMethod.treatAs },
        referenceField: payment.referenceField,
        referenceMetadata: payment.referenceMetadata,
      },
      purchaseOrder,
      referenceField: references.field,
      visibleNumberField: references.visibleNumberField,
      sku: sku.identity === 'upc' ? { by: 'upc' } : { by: sku.identity, pattern: sku.pattern },
      excludedLabels: sku.excludedLabels,
      shipVia: { methods: shipping.methods, otherwise: shipping.otherwise, shipTerms: shipping.terms },
      money,
      shipTo: { rule: shipping.shipTo },
      cancelAfterDays: shipping.cancelAfterDays,
      lengths,
      upperCase: erp.upperCaseCodes,
    },
    pacing: {
      firstLook: seconds(erp.firstLookSeconds),
      longestGap: seconds(erp.longestLookGapSeconds),
      importOverdue: seconds(erp.importOverdueSeconds),
      importCycle: seconds(erp.importCycleSeconds),
    },
    ownHoldCodes: [
      ...new Set([
        locations.defaultHoldCode,
        ...payment.methods.map(({ holdCode }) => holdCode).filter(Boolean),
        ...file.ownHoldCodes,
      ]),
    ],
    ownEntry: { name: entry, words },
    owners: file.owners,
  };
}
