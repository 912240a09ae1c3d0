import { cancelOpen, type Erp, type Outcome, type Row } from './erp.ts';
import { stateRefusal } from './order-state.ts';
import { reasons } from './seed.ts';
import { code, isAbsent, text } from './values.ts';

/** Takes open quantity only; what is picked or invoiced stays, and the row says so (contract, sections 5.4 and 16). */
export function importCancel(erp: Erp, row: Row): Outcome {
  const refuse = (errorCode: string, errorMessage: string, lineSeq: number | null = null): Outcome => [
    { status: 'E', ordNum: '', lineSeq, errorCode, errorMessage },
  ];
  for (const field of ['ord_num', 'reason_code', 'cancel_type'])
    if (isAbsent(row[field])) return refuse('REQ_MISSING', `${field} is required`);
  const by = row['cancel_type'];
  if (by !== 'C' && by !== 'H') return refuse('INV_VALUE', 'cancel_type is C or H');
  const reason = code(row['reason_code']);
  if (!reasons.includes(reason)) return refuse('INV_REASON', `Reason ${reason} not on file`);
  const ordNum = text(row['ord_num']);
  const order = erp.orders.get(ordNum);
  if (!order) return refuse('INV_ORDER', `Order ${ordNum} not on file`);
  const asked = row['line_seq'];
  if (asked !== undefined && typeof asked !== 'number') return refuse('INV_VALUE', 'line_seq is no line number');
  const sequence = asked ?? null;
  const lines = order.lines.filter((line) => sequence === null || line.sequence === sequence);
  if (lines.length === 0) return refuse('INV_ORDER', `Order ${ordNum} has no line ${sequence}`, sequence);
  const state = stateRefusal(order, lines);
  if (cancelOpen(erp, order, by, sequence) > 0)
    return [
      {
        status: state ? 'W' : 'S',
        ordNum,
        lineSeq: sequence,
        errorCode: state?.code ?? '',
        errorMessage: state?.message ?? '',
      },
    ];
  return refuse(state?.code ?? 'ORD_CLOSED', state?.message ?? `Order ${ordNum} has nothing open there`, sequence);
}
