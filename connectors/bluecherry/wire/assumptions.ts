import type { ErpOrderStatus } from '../../../domain/sales-order.ts';

/*
 * Everything the connector takes for granted about BlueCherry, in one place.
 * [C] seen in public code that calls the API · [G] documented behaviour of the gateway · [A] our assumption: a setting.
 */

/** [C] style, Location, Shipper, pick; [A] all other names, and that names are not case-sensitive. */
export const RESOURCES = {
  style: 'style',
  location: 'Location',
  shipper: 'Shipper',
  pick: 'pick',
  salesOrder: 'salesOrder',
  salesOrderCancel: 'salesOrderCancel',
  importLog: 'importLog',
  customer: 'customer',
  customerStore: 'customerStore',
  terms: 'terms',
  division: 'division',
  invoice: 'invoice',
  creditMemo: 'creditMemo',
  priceList: 'priceList',
  inventory: 'inventory',
  productionOrderByStage: 'productionOrderByStage',
} as const;

/** [A] Where references and the buyer's PO live, and who we say we are. */
export const FIELDS = {
  purchaseOrder: 'po_num',
  altPo: 'altpo',
  referenceField: 'udford1c',
  vndId: 'SPARKLAYER',
  vndQual: 'ZZ',
} as const;

/** [A] Names of the inventory's row fields; [D] that the figures behind them exist. */
export const INVENTORY_FIELDS = {
  division: 'division',
  style: 'style',
  color: 'color_code',
  label: 'lbl_code',
  dimension: 'dimension',
  sizeBucket: 'size_bk',
  size: 'size_desc',
  upc: 'upc',
  warehouse: 'location',
  onHand: 'qoh',
  picked: 'pick_qty',
  open: 'open_qty',
  reserved: 'resv_qty',
  workInProcess: 'wip_qty',
  onPurchaseOrder: 'po_qty',
  inTransit: 'intran_qty',
  openToSell: 'ots_qty',
  openToSellWithWork: 'ots_wip_qty',
} as const;

/** [A] Ours; the true letters are unknown. */
export const STATUS_LETTERS: Readonly<Record<string, ErpOrderStatus>> = {
  S: 'staged',
  E: 'rejected',
  O: 'open',
  C: 'credit_hold',
  H: 'hold',
  R: 'released',
  A: 'allocated',
  P: 'picked',
  T: 'partially_shipped',
  I: 'invoiced',
  X: 'cancelled_customer',
  Y: 'cancelled_house',
  Z: 'closed',
};

/** [A] Texts of error shapes without a code → code. What is not here is final. */
export const ERROR_TEXTS: Readonly<Record<string, string>> = {
  'Order import is running, try again later': 'JOB_RUNNING',
  'Nightly maintenance is running': 'JOB_RUNNING',
  'Record is locked by another user': 'REC_LOCKED',
};

/** [A] Codes that say: not taken in, try later. */
export const NOT_TAKEN_CODES: ReadonlySet<string> = new Set(['REC_LOCKED', 'JOB_RUNNING', 'DEADLOCK']);
/** [A] The code that says: perhaps taken in. */
export const TIMEOUT_CODE = 'TIMEOUT';
/** [A] A filter, page or field we asked for is unknown here: the profile is wrong, no order is. */
export const FILTER_CODE = 'INV_FILTER';
/** [A] A control number was seen before. */
export const DUPLICATE_CONTROL_NUMBER_CODE = 'DUP_ISA';

/** [G] The gateway's header for the subscription key. */
export const KEY_HEADER = 'Ocp-Apim-Subscription-Key';
/** [G] `Out of call volume quota. Quota will be replenished in d.hh:mm:ss.` */
export const QUOTA_TEXT = /out of call volume quota[^]*?replenished in (?:(\d+)\.)?(\d{1,3}):(\d{2}):(\d{2})/i;
/** [G] `Rate limit is exceeded. Try again in n seconds.` */
export const RATE_TEXT = /try again in (\d+) seconds?/i;

/** [C] The server cuts larger pages, [A] without a word. */
export const PAGE_CAP = 200;

/**
 * [A] How the inventory is read. Pages as large as the server serves in silence, because a full read costs a call for each;
 * a list is read until a page is empty, so a server that cuts them harms nothing.
 */
export const INVENTORY_READING = { pageSize: PAGE_CAP, restarts: 3 } as const;

/** [A] Lower bounds of the contract's length ranges: what is longer fails here, not cut in the ERP. */
export const LENGTHS: Readonly<Record<string, number>> = {
  ord_num: 20,
  vnd_id: 15,
  ext_ref: 30,
  po_num: 22,
  altpo: 30,
  division: 3,
  location: 3,
  customer: 8,
  store: 10,
  center_code: 10,
  department: 10,
  ord_type: 5,
  terms: 3,
  shipper: 3,
  ship_terms: 3,
  salesper1: 10,
  season: 6,
  hold_code: 5,
  disc_code: 10,
  notes: 500,
  udford1c: 30,
  udford2c: 30,
  name: 60,
  addr1: 60,
  addr2: 60,
  city: 40,
  state: 20,
  zipcode: 15,
  contact: 60,
  email: 120,
  style: 15,
  color_code: 5,
  lbl_code: 5,
  dimension: 5,
  size_desc: 5,
  upc: 14,
  'line.notes': 200,
  reason_code: 5,
};
