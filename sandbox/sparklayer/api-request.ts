import type { Answer } from './answers.ts';
import type { Operation } from './contract.ts';
import type { Site } from './site.ts';

/** A call that passed the headers, the query and the body checks of the contract. */
export interface ApiRequest {
  readonly site: Site;
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
  readonly query: ReadonlyMap<string, string>;
  readonly body: unknown;
  /** Runs when the answer has left, or the connection is gone. */
  readonly whenDone: (then: () => void) => void;
}

export type Handler = (request: ApiRequest) => Answer;

/** `limit` and `offset` of a list; the contract's check has seen them. */
export function pageOf<Row>(rows: readonly Row[], query: ReadonlyMap<string, string>): Row[] {
  const offset = Number(query.get('offset') ?? 0);
  return rows.slice(offset, offset + Number(query.get('limit') ?? 100));
}
