import { moneyOfFinding } from '../domain/cases/case-money.ts';
import { caseId } from '../domain/cases/case-id.ts';
import type { CaseCause, CaseMember, CaseRemains, SourceFinding } from '../domain/cases/case-state.ts';
import type { Finding } from '../domain/findings.ts';
import { MOST_NAMED } from '../domain/findings.ts';
import { sum } from '../domain/money.ts';
import { perCurrency } from '../domain/money-per-currency.ts';
import type { CaseWorkflows } from './case-workflows.ts';
import { inParallel } from './in-parallel.ts';

/** What changed of the cases that an order is in. */
export interface TellCases {
  readonly member: CaseMember;
  readonly joins: readonly (CaseCause & { readonly says: string })[];
  /** Ids of the cases it is in no longer. */
  readonly leaves: readonly string[];
}

/** Everything that one run of a feed or check found. What it does not name any more is gone. */
export interface ReportFindings {
  /** Its name, the same in every run; what it reported before under this name is replaced. */
  readonly source: string;
  readonly findings: readonly Finding[];
}

export type TellCasesActivities = ReturnType<typeof createTellCasesActivities>;

const AT_ONCE = 10;

/** How orders, feeds and checks tell the cases of their site. */
export function createTellCasesActivities({ site, cases }: { readonly site: string; readonly cases: CaseWorkflows }) {
  return {
    /** Safe to repeat: a case that is told the same twice stays as it is. */
    async tellCases({ member, joins, leaves }: TellCases): Promise<void> {
      await inParallel(joins, AT_ONCE, ({ says, ...cause }) => cases.add(cause, says, member));
      await inParallel(leaves, AT_ONCE, (id) => cases.withdraw(id, member.id));
    },

    /**
     * Opens a case for each finding, or tells it anew; the source's other cases are told that it finds nothing any more.
     * Which those are is asked of Temporal every time, so that what one run missed the next one sets right.
     */
    async reportFindings({ source, findings }: ReportFindings): Promise<void> {
      const found = byCase(site, source, findings);
      await inParallel([...found.values()], AT_ONCE, ({ cause, finding }) => cases.report(cause, finding));
      const over: string[] = [];
      for await (const id of cases.openFrom(source)) if (!found.has(id)) over.push(id);
      await inParallel(over, AT_ONCE, (id) => cases.retract(id, source));
    },

    /** What is kept of the case from when it was open before. */
    async recallCase({ id }: { readonly id: string }): Promise<CaseRemains | null> {
      return cases.remainsOf(id);
    },
  };
}

interface Found {
  readonly cause: CaseCause;
  readonly finding: Omit<SourceFinding, 'since'>;
}

/** Two findings of one cause are one. */
function byCase(site: string, source: string, findings: readonly Finding[]): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>();
  for (const told of findings) {
    const { code, key, says, count, concerns, value } = told;
    if (count === 0) continue;
    const money = moneyOfFinding(told);
    const cause = { site, code, key };
    const id = caseId(cause);
    const before = found.get(id)?.finding;
    const finding = before
      ? {
          source,
          says: before.says === says ? says : `${before.says} ${says}`,
          count: before.count + count,
          concerns: [...before.concerns, ...concerns].slice(0, MOST_NAMED),
          value: before.value === null ? value : sum([before.value, value ?? '0']),
          money: perCurrency([...moneyOfFinding(before), ...money]),
        }
      : { source, says, count, concerns: concerns.slice(0, MOST_NAMED), value, money };
    found.set(id, { cause, finding });
  }
  return found;
}
