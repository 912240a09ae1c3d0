import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

import type { ErpGlance } from './order-state.ts';
import type { ErpSalesOrder } from './sales-order.ts';

/** A sales order at a glance. Document 1 until its reference says otherwise. */
export function glanceOf(order: ErpSalesOrder): ErpGlance {
  const {
    orderNumber,
    status,
    statusLetter,
    holdCode,
    changedAt,
    lines: _lines,
    shipTo: _ship,
    billTo: _bill,
    ...rest
  } = order;
  const header = JSON.stringify([orderNumber, statusLetter, holdCode, changedAt, rest]);
  const version = bytesToHex(sha256(utf8ToBytes(header))).slice(0, VERSION_LENGTH);
  return { document: 1, orderNumber, status, statusLetter, holdCode, changedAt, version };
}

const VERSION_LENGTH = 12;
