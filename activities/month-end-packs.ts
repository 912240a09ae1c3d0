import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';

import type { CarriedOrder, MonthEndPack, PackBefore } from '../domain/reports/month-end/month-end-pack.ts';
import type { Month } from '../domain/reports/month-end/roll-order.ts';
import { digestOf } from '../domain/reports/month-end/sign-lines.ts';
import type { CreditFacts } from '../domain/reports/month-end/tie-billing.ts';

/** A kept pack, as far as the next month needs it. */
export interface KeptPack extends PackBefore {
  /** ISO instant at which both systems were read for it. */
  readonly at: string;
  readonly closing: readonly CarriedOrder[];
  /** Of it and of the packs of all months before it: a memo that was changed has a part in each that saw a change. */
  readonly credits: readonly KeptCredit[];
  /** Likewise, of those that named neither an order nor an invoice. */
  readonly strays: readonly KeptCredit[];
}

/** What a pack has of a credit memo. */
type KeptCredit = Pick<CreditFacts, 'number' | 'parts'>;

/**
 * Packs of all months on this machine's disk, each revision for good: each month opens with what the newest pack of the
 * month before closed with, of those made when that month was over.
 */
export interface MonthEndPacks {
  /**
   * The revision that a month's next pack will be. Fails for good where a later month is closed: neither system dates a
   * cancellation or an amendment, so what came since would count in both months.
   */
  nextRevision(month: Month): Promise<number>;
  /** The pack of the month before; null = none is kept. Fails for good where one is not as it was written. */
  before(month: Month): Promise<KeptPack | null>;
  /** Keeps a pack, as a whole or not at all, and answers its file. Fails where its revision is kept already. */
  keep(pack: MonthEndPack): Promise<string>;
}

const parts = z.object({ goods: z.string(), freight: z.string(), tax: z.string() });
const credits = z.array(z.looseObject({ number: z.string(), parts }));
const keptPack = z.looseObject({
  version: z.literal(1),
  month: z.string(),
  revision: z.number(),
  isOver: z.boolean(),
  at: z.string(),
  credits,
  strays: credits,
  sha256: z.string(),
  carried: z.array(
    z.object({
      key: z.string(),
      number: z.string(),
      currency: z.string(),
      open: parts,
      placed: parts,
      cancelled: parts,
      gap: parts,
      billed: parts,
    }),
  ),
});
type ParsedPack = z.infer<typeof keptPack>;

const PACK_FILE = /^month-end(?:\.r(\d+))?\.json$/;
const MONTH_FOLDER = /^\d{4}-\d{2}$/;

/** Opens the packs below a site's folder of reports. */
export function openMonthEndPacks(reportsFolder: string): MonthEndPacks {
  const root = join(reportsFolder, 'month-end');
  return {
    async nextRevision(month) {
      for (const later of (await namesIn(root)).filter((name) => MONTH_FOLDER.test(name) && name > month).toSorted())
        if (await newestOver(later))
          throw ApplicationFailure.create({
            type: 'MONTH_CLOSED',
            message: `The pack of ${later} is kept, and ${month} is closed with it: what is mended now shows in the pack of the month in which it is mended. To make ${month} anew all the same, move the packs of later months out of ${root} first, and make them anew afterwards.`,
            nonRetryable: true,
          });
      return Math.max(0, ...(await revisionsOf(month))) + 1;
    },
    async before(month) {
      const pack = await newestOver(monthBefore(month));
      if (!pack) return null;
      const { revision, sha256, at, carried } = pack;
      const earlier: ParsedPack[] = [];
      for (const name of (await namesIn(root)).filter((each) => MONTH_FOLDER.test(each) && each < pack.month)) {
        const kept = await newestOver(name);
        if (kept) earlier.push(kept);
      }
      return {
        month: pack.month,
        revision,
        sha256,
        at,
        closing: carried,
        credits: [...earlier, pack].flatMap((of) => of.credits.map(inShort)),
        strays: [...earlier, pack].flatMap((of) => of.strays.map(inShort)),
      };
    },
    async keep(pack) {
      const path = packFile(reportsFolder, pack, 'json');
      const draft = `${path}.${process.pid}.tmp`;
      await mkdir(join(root, pack.month), { recursive: true });
      await writeFile(draft, `${JSON.stringify(pack, null, 2)}\n`);
      try {
        // Unlike a rename it fails where there is one already.
        await link(draft, path);
      } finally {
        await rm(draft, { force: true });
      }
      return path;
    },
  };

  async function newestOver(month: Month): Promise<ParsedPack | null> {
    for (const revision of (await revisionsOf(month)).toSorted((left, right) => right - left)) {
      const pack = await read(packFile(reportsFolder, { month, revision }, 'json'));
      if (pack.isOver) return pack;
    }
    return null;
  }

  async function revisionsOf(month: Month): Promise<readonly number[]> {
    return (await namesIn(join(root, month))).flatMap((name) => {
      const found = PACK_FILE.exec(name);
      return found ? [Number(found[1] ?? 1)] : [];
    });
  }
}

/** Where a revision's record, page or workbook is. */
export function packFile(
  reportsFolder: string,
  { month, revision }: Pick<MonthEndPack, 'month' | 'revision'>,
  kind: 'json' | 'html' | 'xlsx',
): string {
  const name = revision === 1 ? 'month-end' : `month-end.r${revision}`;
  return join(reportsFolder, 'month-end', month, `${name}.${kind}`);
}

/** `2026-01` → `2025-12`. */
export function monthBefore(month: Month): Month {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 2, 1)).toISOString().slice(0, 'YYYY-MM'.length);
}

function inShort({ number, parts: of }: KeptCredit): KeptCredit {
  return { number, parts: of };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

async function read(path: string): Promise<ParsedPack> {
  const pack = parsePack(await readFile(path, 'utf8'));
  if (pack) return pack;
  throw ApplicationFailure.create({
    type: 'PACK_CHANGED',
    message: `${path} is not as it was written; put it back, or move it away to open without it.`,
    nonRetryable: true,
  });
}

function parsePack(text: string): ParsedPack | null {
  try {
    const { sha256, ...rest } = keptPack.parse(JSON.parse(text));
    return digestOf(rest) === sha256 ? { ...rest, sha256 } : null;
  } catch {
    return null;
  }
}
