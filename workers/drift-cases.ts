import type { Client } from '@temporalio/client';

import type { ExceptionRow } from '../domain/reports/exceptions/exception-report.ts';
import * as messages from '../workflows/case-messages.ts';
import { asked } from './asked.ts';
import { createCaseWorkflows } from './case-workflows.ts';

/** The open cases of the check of stock and prices, as rows of the exception report. `pageOf` a workflow's id. */
export async function readDriftCases(
  client: Client,
  site: string,
  pageOf: (workflowId: string) => string | null,
): Promise<readonly ExceptionRow[]> {
  const rows: ExceptionRow[] = [];
  for await (const id of createCaseWorkflows(client, site).openFrom('check-drift')) {
    const { code, key, says, count, named, valueAtRisk, openedAt, owner, mend } = await asked(() =>
      client.workflow.getHandle(id).query(messages.glance),
    );
    rows.push({
      section: 'drift',
      order: named.join(', '),
      erpOrders: [],
      field: [code, key].filter(Boolean).join(' '),
      storefront: String(count),
      erp: '',
      money: valueAtRisk,
      currency: '',
      cause: says,
      since: openedAt,
      owner,
      mend,
      link: pageOf(id),
    });
  }
  return rows;
}
