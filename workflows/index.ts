export { actOnOrders } from './act-on-orders.ts';
export { orderLifecycle } from './order-lifecycle.ts';
export { pollErpDocuments } from './poll-erp-documents.ts';
export { pollPurchases } from './poll-purchases.ts';
export { sweepPurchases } from './sweep-purchases.ts';
