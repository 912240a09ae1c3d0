import type { LevelWrite } from '../../domain/stock/stock-row.ts';
import { isGood } from './answers.ts';
import type { HttpAnswer } from './http.ts';
import type { ProblemItem, SparkLayerError } from './spark-layer-error.ts';
import { CODES, problemsInWords, readProblems, rowNamed } from './wire/errors.ts';
import { LOCATION_MEMBER, ROWS_REFUSED, TOO_LARGE } from './wire/stock.ts';
import { inChunks, workOff } from './work-off.ts';

/** A row that the storefront does not take, however often it is sent. */
export interface RefusedLevel {
  readonly row: LevelWrite;
  readonly reason: 'unknownLocation' | 'refused';
  /** Codes and places, never data. */
  readonly why: string;
}

export interface LevelsWritten {
  readonly written: readonly LevelWrite[];
  readonly refused: readonly RefusedLevel[];
}

export interface WriteTools {
  readonly send: (rows: readonly LevelWrite[]) => Promise<HttpAnswer>;
  /** What an answer means that concerns the call, not its rows. */
  readonly failure: (answer: HttpAnswer) => SparkLayerError;
  /** Rows in one call; lowered when the storefront finds it too large. */
  readonly largest: { write: number };
  /** Calls at a time. */
  readonly lanes: number;
  readonly onWritten: (rows: readonly LevelWrite[]) => void;
}

type Sent =
  | { readonly kind: 'taken' }
  | { readonly kind: 'tooLarge' }
  | { readonly kind: 'refused'; readonly problems: readonly ProblemItem[]; readonly answer: HttpAnswer };

/** After so many rows refused one by one, and none taken yet, it is perhaps not the rows. */
const REFUSED_ALONE_UNTIL_DOUBT = 8;
/** Rows from elsewhere that are tried then; if they are refused too, it is not the rows. */
const TRIED_IN_DOUBT = 4;

/**
 * A call is all or nothing. Rows that a refusal names are left out, and the rest is sent once more: when it is taken, they
 * were the cause. When it is not, or no row is named, the batch is halved until the faulty rows are alone. So a wrong
 * reading of the names (A3) costs calls, and no row that is good.
 */
export async function writeLevels(rows: readonly LevelWrite[], tools: WriteTools): Promise<LevelsWritten> {
  const { largest, lanes, failure, onWritten } = tools;
  const all = lastOfEachPair(rows);
  const written = new Set<LevelWrite>();
  const refused = new Map<LevelWrite, RefusedLevel>();
  /** Location → why; known as soon as one answer has proved it. */
  const unknown = new Map<string, string>();
  let refusedAlone = 0;
  let anotherTaken: Promise<boolean> | null = null;
  await workOff(inChunks(all, largest.write), lanes, settle);
  return { written: [...written], refused: [...refused.values()] };

  async function settle(batch: readonly LevelWrite[]): Promise<void> {
    if (batch.length > largest.write) {
      for (const chunk of inChunks(batch, largest.write)) await settle(chunk);
      return;
    }
    const wanted = stillOpen(batch);
    if (wanted.length === 0) return;
    const sent = await send(wanted);
    if (sent.kind === 'taken') return take(wanted);
    if (sent.kind === 'tooLarge') return halve(wanted);
    const [only, ...others] = wanted;
    if (only && others.length === 0) return refuseAlone(only, sent);
    await leaveOutNamed(wanted, sent);
  }

  async function leaveOutNamed(batch: readonly LevelWrite[], { problems }: Refusal): Promise<void> {
    const named = namedRows(batch, problems);
    const rest = batch.filter((row) => !named.has(row));
    if (named.size === 0) return halve(batch);
    if (rest.length > 0) {
      const again = await send(rest);
      if (again.kind !== 'taken') return halve(batch);
      take(rest);
    }
    for (const one of named.values()) refuse(one);
  }

  async function halve(batch: readonly LevelWrite[]): Promise<void> {
    const half = Math.ceil(batch.length / 2);
    await settle(batch.slice(0, half));
    await settle(batch.slice(half));
  }

  async function send(batch: readonly LevelWrite[]): Promise<Sent> {
    const answer = await tools.send(batch);
    if (isGood(answer)) return { kind: 'taken' };
    if (answer.status === TOO_LARGE && batch.length > 1) {
      largest.write = Math.min(largest.write, Math.ceil(batch.length / 2));
      return { kind: 'tooLarge' };
    }
    if (ROWS_REFUSED.has(answer.status)) return { kind: 'refused', problems: readProblems(answer.body), answer };
    throw failure(answer);
  }

  function take(batch: readonly LevelWrite[]): void {
    for (const row of batch) written.add(row);
    onWritten(batch);
  }

  async function refuseAlone(row: LevelWrite, refusal: Refusal): Promise<void> {
    refuse(faultOf(row, refusal));
    refusedAlone++;
    if (written.size > 0 || refusedAlone < REFUSED_ALONE_UNTIL_DOUBT) return;
    anotherTaken ??= isAnotherTaken();
    if (!(await anotherTaken)) throw failure(refusal.answer);
  }

  /** Faulty rows may lie together at the head: whether one of some that are spread over the rest is taken. */
  async function isAnotherTaken(): Promise<boolean> {
    for (const row of spreadOver(stillOpen(all), TRIED_IN_DOUBT)) {
      const sent = await send([row]);
      if (sent.kind === 'taken') take([row]);
      if (sent.kind === 'refused') refuse(faultOf(row, sent));
      if (written.size > 0) return true;
    }
    return false;
  }

  function refuse(one: RefusedLevel): void {
    refused.set(one.row, one);
    if (one.reason === 'unknownLocation') unknown.set(one.row.location, one.why);
  }

  /** Rows of which nothing is known yet. */
  function stillOpen(batch: readonly LevelWrite[]): readonly LevelWrite[] {
    return batch.filter((row) => {
      if (written.has(row) || refused.has(row)) return false;
      const why = unknown.get(row.location);
      if (why !== undefined) refuse({ row, reason: 'unknownLocation', why });
      return why === undefined;
    });
  }
}

/** So many rows at equal distances, the last one first. */
function spreadOver(rows: readonly LevelWrite[], count: number): readonly LevelWrite[] {
  const places = Array.from({ length: count }, (_, nth) => Math.ceil((rows.length * (count - nth)) / count) - 1);
  return [...new Set(places)].flatMap((place) => rows[place] ?? []);
}

/** Of a row that was sent alone. */
function faultOf(row: LevelWrite, { problems, answer }: Refusal): RefusedLevel {
  const isUnknown = problems.some(saysUnknownLocation);
  return { row, reason: isUnknown ? 'unknownLocation' : 'refused', why: whyOf(problems, answer.status) };
}

type Refusal = Extract<Sent, { kind: 'refused' }>;

/** The rows that an answer names; an unknown location concerns all rows of it. */
function namedRows(batch: readonly LevelWrite[], problems: readonly ProblemItem[]): Map<LevelWrite, RefusedLevel> {
  const named = new Map<LevelWrite, RefusedLevel>();
  for (const problem of problems) {
    const row = batch[rowNamed(problem)?.index ?? -1];
    if (!row) continue;
    const why = whyOf([problem], null);
    if (!saysUnknownLocation(problem)) named.set(row, { row, reason: 'refused', why });
    else
      for (const one of batch)
        if (one.location === row.location) named.set(one, { row: one, reason: 'unknownLocation', why });
  }
  return named;
}

function saysUnknownLocation(problem: ProblemItem): boolean {
  return problem.code === CODES.notFound && rowNamed(problem)?.member === LOCATION_MEMBER;
}

/** Without the place in the batch, which tells nobody anything. */
function whyOf(problems: readonly ProblemItem[], status: number | null): string {
  const words = problemsInWords(
    problems.map((problem) => ({ ...problem, property: rowNamed(problem)?.member ?? problem.property })),
  );
  return [status === null ? 'refused' : `HTTP ${status}`, words].filter(Boolean).join(' ');
}

function lastOfEachPair(rows: readonly LevelWrite[]): readonly LevelWrite[] {
  return [...new Map(rows.map((row) => [`${row.sku}\n${row.location}`, row])).values()];
}
