import type { Client } from '@temporalio/client';

import { inParallel } from '../activities/in-parallel.ts';
import type { CaseGlance } from '../domain/cases/case-glance.ts';
import { asked } from '../workers/asked.ts';
import * as messages from '../workflows/case-messages.ts';
import { attributes } from '../workflows/search-attributes.ts';
import { CommandError, EXIT } from './program.ts';

/** A case as visibility knows it, with its glance where a worker answers. */
export interface CaseRow {
  readonly id: string;
  readonly site: string;
  readonly code: string;
  readonly owner: string;
  readonly severity: string;
  readonly stage: string;
  readonly valueAtRisk: number | null;
  readonly dueAt: string | null;
  readonly opened: string;
  readonly running: boolean;
  /** null = it has closed, or no worker of its site answers. */
  readonly glance: CaseGlance | null;
}

export interface CaseFilter {
  readonly site?: string | undefined;
  readonly owner?: string | undefined;
  readonly severity?: string | undefined;
  readonly code?: string | undefined;
  readonly query?: string | undefined;
  readonly limit: number;
}

const ANSWER_WITHIN_MS = 5_000;
const ASKED_AT_ONCE = 10;

/** Cases as visibility knows them, the longest open first; what each is about is asked of itself. */
export async function listCases(
  client: Client,
  { site, owner, severity, code, query = "ExecutionStatus = 'Running'", limit }: CaseFilter,
): Promise<readonly CaseRow[]> {
  const clauses = [
    "WorkflowType = 'exceptionCase'",
    site && `Site = ${quoted(site)}`,
    owner && `Owner = ${quoted(owner)}`,
    severity && `Severity = ${quoted(severity)}`,
    code && `Attention = ${quoted(code)}`,
    `(${query})`,
  ].filter(Boolean);
  const rows: Omit<CaseRow, 'glance'>[] = [];
  for await (const { workflowId, typedSearchAttributes, startTime, status } of client.workflow.list({
    query: clauses.join(' AND '),
  })) {
    const value = (key: 'Site' | 'Attention' | 'Owner' | 'Severity' | 'Stage') =>
      typedSearchAttributes.get(attributes[key]) ?? '';
    rows.push({
      id: workflowId,
      site: value('Site'),
      code: value('Attention'),
      owner: value('Owner'),
      severity: value('Severity'),
      stage: value('Stage'),
      valueAtRisk: typedSearchAttributes.get(attributes.ValueAtRisk) ?? null,
      dueAt: typedSearchAttributes.get(attributes.DueAt)?.toISOString() ?? null,
      opened: startTime.toISOString(),
      running: status.name === 'RUNNING',
    });
    if (rows.length >= limit) break;
  }
  const glances = new Map<string, CaseGlance>();
  await inParallel(
    rows.filter(({ running }) => running),
    ASKED_AT_ONCE,
    async ({ id }) => {
      const glance = await glanceAt(client, id);
      if (glance) glances.set(id, glance);
    },
  );
  return rows.map((row) => ({ ...row, glance: glances.get(row.id) ?? null }));
}

/** The workflow of a case: by its id, or by its code and what it is about, as long as that names one. */
export async function findCase(client: Client, text: string): Promise<string> {
  if (text.startsWith('case:')) return text;
  const rows = await listCases(client, { limit: 1_000 });
  const ids = rows.filter(({ id }) => id.includes(text)).map(({ id }) => id);
  const [only] = ids;
  if (ids.length === 1 && only) return only;
  if (ids.length === 0)
    throw new CommandError(`No open case has “${text}” in its id. “instep cases” lists them.`, EXIT.findings);
  throw new CommandError(
    `“${text}” fits several cases; use one of their ids:\n${ids.map((id) => `  ${id}`).join('\n')}`,
    EXIT.findings,
  );
}

/** Queries are answered by a worker; a case that none answers for is shown without what only it knows. */
async function glanceAt(client: Client, id: string): Promise<CaseGlance | null> {
  return client
    .withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
      asked(() => client.workflow.getHandle(id).query(messages.glance)),
    )
    .catch(() => null);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
