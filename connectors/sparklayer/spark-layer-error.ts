/** What went wrong with a call, and who acts. Messages name routes and codes, never data or secrets. */
export class SparkLayerError extends Error {
  override readonly name = 'SparkLayerError';
  readonly code: string;
  readonly fate: 'wait' | 'gate' | 'park';
  readonly status: number | null;
  readonly retryAfterMs: number | undefined;
  /** Codes and properties of an RFC 7807 body, as far as there was one. */
  readonly problems: readonly ProblemItem[];

  constructor(message: string, { code, fate, status = null, retryAfterMs, problems = [] }: ErrorDetails) {
    super(message);
    this.code = code;
    this.fate = fate;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.problems = problems;
  }
}

export interface ProblemItem {
  readonly code: string;
  readonly property: string;
}

interface ErrorDetails {
  readonly code: string;
  readonly fate: 'wait' | 'gate' | 'park';
  readonly status?: number | null;
  readonly retryAfterMs?: number | undefined;
  readonly problems?: readonly ProblemItem[];
}
