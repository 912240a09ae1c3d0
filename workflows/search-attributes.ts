import { defineSearchAttributeKey } from '@temporalio/common';

/** What orders and cases can be searched by (decision 38). Codes only: names and addresses stay in payloads. */
export const attributes = {
  Site: defineSearchAttributeKey('Site', 'KEYWORD'),
  Stage: defineSearchAttributeKey('Stage', 'KEYWORD'),
  Attention: defineSearchAttributeKey('Attention', 'KEYWORD'),
  Customer: defineSearchAttributeKey('Customer', 'KEYWORD'),
  PurchaseOrder: defineSearchAttributeKey('PurchaseOrder', 'KEYWORD'),
  OrderNumber: defineSearchAttributeKey('OrderNumber', 'KEYWORD'),
  ErpOrder: defineSearchAttributeKey('ErpOrder', 'KEYWORD'),
  Owner: defineSearchAttributeKey('Owner', 'KEYWORD'),
  Severity: defineSearchAttributeKey('Severity', 'KEYWORD'),
  /** Whatever the currencies: to sort by. The page of an order or a case has the money. */
  ValueAtRisk: defineSearchAttributeKey('ValueAtRisk', 'DOUBLE'),
  /** Of a case, when its owner is to answer; of an order, since when it is on its way to the ERP and due there. */
  DueAt: defineSearchAttributeKey('DueAt', 'DATETIME'),
} as const;
