export type FaultKind =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: 'json' | 'html' | 'empty';
      readonly retryAfter?: string | { readonly httpDateIn: number } | null;
    }
  | {
      readonly kind:
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
        | 'headerNotMoved';
    }
  | {
      readonly kind: 'errorShape';
      readonly shape: 1 | 2 | 3 | 4;
      readonly status?: number;
      readonly code?: string;
      readonly text?: string;
    }
  | { readonly kind: 'hang'; readonly ms: number }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'slowAfterCommit'; readonly ms: number }
  | { readonly kind: 'lateArrival'; readonly afterMs: number }
  | { readonly kind: 'quota'; readonly replenishedIn: string }
  | { readonly kind: 'valueCut'; readonly field: string; readonly length: number }
  | { readonly kind: 'unknownStatus'; readonly letter: string }
  | { readonly kind: 'futureStamp'; readonly aheadMs: number };

/** A fault on a route, for its next calls; `times` is 1 unless given, `after` lets that many calls pass first. */
export type Fault = FaultKind & {
  readonly route?: string;
  readonly times?: number;
  readonly after?: number;
  readonly probability?: number;
};

export interface Faults {
  readonly add: (fault: Fault) => () => void;
  readonly clear: () => void;
}

interface Armed {
  readonly fault: Fault;
  left: number;
  toPass: number;
}

export function createFaults(): Faults & { strike(route: string, kinds?: readonly FaultKind['kind'][]): Fault | null } {
  const armed = new Set<Armed>();
  let seed = 20_260_105;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  return {
    add(fault) {
      const one = {
        fault,
        left: fault.times ?? (fault.probability === undefined ? 1 : Infinity),
        toPass: fault.after ?? 0,
      };
      armed.add(one);
      return () => void armed.delete(one);
    },
    clear: () => armed.clear(),
    strike(route, kinds) {
      for (const one of armed) {
        const { fault } = one;
        if (fault.route !== undefined && fault.route.toLowerCase() !== route.toLowerCase()) continue;
        if (kinds && !kinds.includes(fault.kind)) continue;
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
