import type { PaymentRules, ShipViaRules } from '../site-rules.ts';
import type { AuditedOrder } from './audited-order.ts';
import type { Gap } from './gap.ts';

/** Ways of paying and shipping that buyers chose, and that the site file says nothing of. */
export function compareMethods(
  orders: readonly AuditedOrder[],
  { payment, shipVia }: { readonly payment: PaymentRules; readonly shipVia: ShipViaRules },
): readonly Gap[] {
  const known = payment.methods.map(({ method }) => method);
  const unknown =
    payment.unknownMethod.action === 'park'
      ? distinct(orders.map(({ paymentMethod }) => paymentMethod)).filter((method) => !known.includes(method))
      : [];
  const unmapped =
    shipVia.otherwise === ''
      ? distinct(orders.flatMap(({ shippingMethods }) => shippingMethods)).filter(
          (method) => !Object.hasOwn(shipVia.methods, method),
        )
      : [];
  return [
    ...unknown.map((method): Gap => ({
      code: 'PAYMENT_METHOD_UNKNOWN',
      key: method || 'none',
      says: `The payment method “${method || 'none'}” is not in the site file.`,
      concerns: [method || 'none'],
      effect: 'parks',
      touches: (order) => order.paymentMethod === method,
    })),
    ...unmapped.map((method): Gap => ({
      code: 'SHIPPING_METHOD_NOT_MAPPED',
      key: method,
      says: `The shipping method “${method}” has no ship-via code in the site file; the store’s or the customer’s own is taken.`,
      concerns: [method],
      effect: 'doubtful',
      touches: ({ shippingMethods }) => shippingMethods.includes(method),
    })),
  ];
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
