import { isGreater, isZero, type Amount } from './money.ts';
import type { Problem } from './problems.ts';
import { namedValue, type Purchase } from './purchase.ts';
import type { PaymentRule, PaymentRules } from './site-rules.ts';

export type PaymentChoice =
  | { readonly kind: 'accepted'; readonly rule: PaymentRule; readonly paymentReference: string }
  | { readonly kind: 'impossible'; readonly problem: Problem };

/**
 * How the ERP is told that, and how, the order is paid. Only a method the site sends "when paid in full" waits for the
 * money: an approved account order is never blocked because it looks unpaid (R5).
 */
export function choosePayment(rules: PaymentRules, purchase: Purchase, total: Amount): PaymentChoice {
  const method = purchase.paymentMethod ?? '';
  const known = rules.methods.find((rule) => rule.method === method);
  const rule = known ?? standIn(rules);
  if (!rule) {
    const says = `The payment method “${method || 'none'}” is not in the site file.`;
    return { kind: 'impossible', problem: { code: 'PAYMENT_METHOD_UNKNOWN', says, about: method || 'none' } };
  }
  const paid = purchase.totalPaid ?? '0';
  if (rule.sendWhen === 'paidInFull' && isGreater(total, paid)) {
    const says = `Paid up front is asked for “${method}”; ${isZero(paid) ? 'nothing' : paid} of ${total} ${purchase.currency ?? ''} is confirmed.`;
    return { kind: 'impossible', problem: { code: 'PAYMENT_NOT_CONFIRMED', says } };
  }
  const paymentReference = rule.sendWhen === 'paidInFull' ? referenceOfPayment(rules, purchase) : '';
  return { kind: 'accepted', rule, paymentReference };
}

function standIn(rules: PaymentRules): PaymentRule | undefined {
  const { unknownMethod } = rules;
  return unknownMethod.action === 'treatAs'
    ? rules.methods.find(({ method }) => method === unknownMethod.method)
    : undefined;
}

function referenceOfPayment(rules: PaymentRules, purchase: Purchase): string {
  const named = rules.referenceMetadata && namedValue(purchase.metadata, rules.referenceMetadata);
  return named || purchase.identifiers.platform || purchase.identifiers.visible || '';
}
