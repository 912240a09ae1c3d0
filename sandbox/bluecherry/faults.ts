type Plain =
  | 'html200'
  | 'empty200'
  | 'timeoutBeforeCommit'
  | 'answerLostAfterCommit'
  | 'bothKeysWrong'
  | 'keyWrong'
  | 'repeatedPage'
  | 'pageShift'
  | 'filterIgnored'
  | 'childrenMissing'
  | 'logRowMissing'
  | 'numbersAsStrings'
  | 'recordLocked'
  | 'jobRunning'
  | 'headerNotMoved'
  | 'snapshotChanged'
  /** The snapshot says that its job broke off. */
  | 'incompleteSnapshot';

/** What can go wrong (contract, section 15.9). Milliseconds are of wall time unless the clock is turned. */
export type FaultKind =
  | { readonly kind: Plain }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: 'json' | 'html' | 'empty';
      /** Seconds, or an HTTP date that many seconds ahead. */
      readonly retryAfter?: string | { readonly httpDateIn: number } | null;
    }
  | {
      readonly kind: 'errorShape';
      readonly shape: 1 | 2 | 3 | 4;
      readonly status?: number;
      readonly code?: string;
      readonly text?: string;
    }
  /** Never answers, and drops the connection after that time. */
  | { readonly kind: 'hang'; readonly ms: number }
  | { readonly kind: 'slow'; readonly ms: number }
  /** Commits at once, answers later. */
  | { readonly kind: 'slowAfterCommit'; readonly ms: number }
  /** The caller loses the connection now; the body arrives later, or when the clock is turned past that time. */
  | { readonly kind: 'lateArrival'; readonly afterMs: number }
  | { readonly kind: 'quota'; readonly replenishedIn: string }
  | { readonly kind: 'valueCut'; readonly field: string; readonly length: number }
  /** The import refuses every element of the post with this code: a definite refusal, whatever the code. */
  | { readonly kind: 'importRefused'; readonly code: string }
  | { readonly kind: 'unknownStatus'; readonly letter: string }
  | { readonly kind: 'futureStamp'; readonly aheadMs: number }
  /** Only this share of the rows is there, from the first on, and the snapshot calls itself complete. */
  | { readonly kind: 'truncatedSnapshot'; readonly keep: number }
  /** The first row of a page shows these members instead of its own. */
  | { readonly kind: 'oddRow'; readonly change: Readonly<Record<string, unknown>> };

export type FaultName = FaultKind['kind'];

/**
 * A fault on a route (`POST /api/salesOrder`; without one: on any), for its next calls. `times` is 1 unless given, and
 * without end when there is a `probability`; `after` lets that many calls pass first.
 */
export type Fault = FaultKind & {
  readonly route?: string;
  readonly times?: number;
  readonly after?: number;
  readonly probability?: number;
};

export interface Faults {
  /** Arms a fault; the answer takes it back. */
  readonly add: (fault: Fault) => () => void;
  readonly clear: () => void;
}

export interface FaultBox extends Faults {
  /** The next armed fault of these kinds on the route, used up by one; null = none. */
  readonly strike: (route: string, kinds: readonly FaultName[]) => Fault | null;
}

export function createFaults(): FaultBox {
  const armed = new Set<{ readonly fault: Fault; left: number; toPass: number }>();
  let seed = 20_260_105;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  return {
    add(fault) {
      const left = fault.times ?? (fault.probability === undefined ? 1 : Infinity);
      const one = { fault, left, toPass: fault.after ?? 0 };
      armed.add(one);
      return () => void armed.delete(one);
    },
    clear: () => armed.clear(),
    strike(route, kinds) {
      for (const one of armed) {
        const { fault } = one;
        if (fault.route !== undefined && fault.route.toLowerCase() !== route.toLowerCase()) continue;
        if (!kinds.includes(fault.kind)) continue;
        if (one.toPass > 0) {
          one.toPass--;
          continue;
        }
        if (fault.probability !== undefined && random() >= fault.probability) continue;
        one.left--;
        if (one.left <= 0) armed.delete(one);
        return fault;
      }
      return null;
    },
  };
}
