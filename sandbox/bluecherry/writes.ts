import { misfits } from './contract.ts';
import { checkCredits } from './credit.ts';
import { logRow } from './document-rows.ts';
import type { Erp, Row, StagedResource } from './erp.ts';
import type { FaultBox } from './faults.ts';
import { importOne, stage } from './import-job.ts';
import { isRow, text } from './values.ts';
import { sendError, sendGateway, sendJson, type Exchange } from './wire.ts';

/** The schema of one element, so that what is noted names the fault and not every alternative. */
const TARGETS = {
  salesorder: {
    resource: 'salesOrder',
    schema: (row: Row) => (row['trans_type'] === 'R' ? 'SalesOrderWriteReplace' : 'SalesOrderWriteNew'),
  },
  salesordercancel: { resource: 'salesOrderCancel', schema: () => 'SalesOrderCancelRow' },
} as const;
const LARGEST_ARRAY = 25;

/** Answers the posts. Staging refuses only what it cannot hold; everything else is for the import to say. */
export function createWrites(
  erp: Erp,
  faults: FaultBox,
  writeMode: 'staged' | 'direct',
  note: (violation: string) => void,
) {
  return {
    /** Takes a body in, or not; what was lost on the way here arrives by it too. */
    take(name: string, body: string): number | null {
      const target = targetOf(name);
      const rows = arrayOf(body);
      if (!target || rows === null || rows.length < 1 || rows.length > LARGEST_ARRAY) return null;
      for (const row of rows)
        for (const misfit of misfits(target.schema(row), row)) note(`POST /api/${target.resource}: ${misfit}`);
      return commit(target.resource, rows);
    },

    write({ route, response, body }: Exchange, name: string, later: (ms: number, act: () => void) => void): void {
      if (!targetOf(name)) return sendGateway(response, 404, 'Resource not found');
      const pkey = this.take(name, body);
      if (pkey === null) {
        note(`${route}: the body is no array of 1 to ${LARGEST_ARRAY} objects`);
        return sendError(response, 400, 'BATCH_SIZE', `1 to ${LARGEST_ARRAY} objects in an array are taken`);
      }
      const fault = faults.strike(route, ['answerLostAfterCommit', 'slowAfterCommit']);
      if (fault?.kind === 'answerLostAfterCommit') return void response.destroy();
      const answer = {
        version: '1.0',
        pkey,
        count: arrayOf(body)?.length ?? 0,
        ...(writeMode === 'direct' ? { data: (erp.log.get(pkey) ?? []).map(logRow) } : {}),
      };
      if (fault?.kind === 'slowAfterCommit') return later(fault.ms, () => sendJson(response, 200, answer));
      return sendJson(response, 200, answer);
    },
  };

  function commit(resource: StagedResource, rows: readonly Row[]): number {
    const route = `POST /api/${resource}`;
    const cut = faults.strike(route, ['valueCut']);
    const refusal = faults.strike(route, ['importRefused']);
    const kept = cut?.kind === 'valueCut' ? rows.map((row) => cutRow(row, cut.field, cut.length)) : rows;
    const staged = stage(erp, {
      resource,
      rows: kept,
      hidden: faults.strike(route, ['logRowMissing']) !== null,
      refusedWith: refusal?.kind === 'importRefused' ? refusal.code : null,
    });
    if (writeMode === 'direct') {
      erp.staged.splice(erp.staged.indexOf(staged), 1);
      importOne(erp, staged);
      checkCredits(erp);
    }
    return staged.pkey;
  }
}

/** The rows of a body; null when it is no JSON array of objects. */
export function arrayOf(body: string): readonly Row[] | null {
  try {
    const rows: unknown = JSON.parse(body);
    return Array.isArray(rows) && rows.every(isRow) ? rows : null;
  } catch {
    // Not JSON is answered like a wrong array (contract, section 16).
    return null;
  }
}

function cutRow(row: Row, field: string, length: number): Row {
  return { ...row, [field]: text(row[field]).slice(0, length) };
}

function targetOf(name: string) {
  const kind = name.toLowerCase();
  return kind === 'salesorder' || kind === 'salesordercancel' ? TARGETS[kind] : null;
}
