import { describe, expect, test } from 'vitest';

import { choosePayment } from '../../domain/choose-payment.ts';
import { aPurchase, theRules } from '../support/builders.ts';

const { payment } = theRules();

describe('an order', () => {
  test.each([null, '0', '12.00'])('on account is sent although %s was paid', (totalPaid) => {
    const purchase = aPurchase().payOnAccount().changed({ totalPaid }).build();
    expect(choosePayment(payment, purchase, '100.00')).toMatchObject({
      kind: 'accepted',
      rule: { orderType: 'REG', terms: '' },
      paymentReference: '',
    });
  });

  test.each([
    ['100.00', 'accepted'],
    ['100', 'accepted'],
    ['100.01', 'accepted'],
    ['99.99', 'impossible'],
    ['0', 'impossible'],
    [null, 'impossible'],
  ])('to be paid up front, of which %s is paid, is %s', (paid, kind) => {
    const choice = choosePayment(payment, aPurchase().payUpFront(paid).build(), '100.00');
    expect(choice.kind).toBe(kind);
    expect(choice.kind === 'impossible' ? choice.problem.code : null).toBe(
      kind === 'impossible' ? 'PAYMENT_NOT_CONFIRMED' : null,
    );
  });

  test('that costs nothing needs no payment up front', () => {
    expect(choosePayment(payment, aPurchase().payUpFront(null).build(), '0.00').kind).toBe('accepted');
  });

  test.each([null, 'barter', 'ON_ACCOUNT'])('paid by %s, which the site does not know, parks', (method) => {
    expect(choosePayment(payment, aPurchase().payBy(method).build(), '1.00')).toMatchObject({
      kind: 'impossible',
      problem: { code: 'PAYMENT_METHOD_UNKNOWN' },
    });
  });

  test('paid by an unknown method follows the one the site puts in its place', () => {
    const rules = { ...payment, unknownMethod: { action: 'treatAs', method: 'card' } } as const;
    const purchase = aPurchase().payUpFront('1.00').payBy('barter').build();
    expect(choosePayment(rules, purchase, '1.00')).toMatchObject({ kind: 'accepted', rule: { method: 'card' } });
    expect(choosePayment(rules, purchase, '1.01')).toMatchObject({ problem: { code: 'PAYMENT_NOT_CONFIRMED' } });
  });

  test('paid by an unknown method parks when its stand-in is itself unknown', () => {
    const rules = { ...payment, unknownMethod: { action: 'treatAs', method: 'gone' } } as const;
    expect(choosePayment(rules, aPurchase().payBy('barter').build(), '1.00').kind).toBe('impossible');
  });
});

describe('the payment reference of an order paid up front', () => {
  test.each([
    ['is the metadata entry the site names', aPurchase().noting('payment', 'pi_123'), 'pi_123'],
    ['is else the platform’s number', aPurchase(), 'gid-77'],
    ['is else the number the buyer sees', aPurchase().identified({ platform: null }), 'SL-1042'],
    ['is else nothing', aPurchase().identified({ platform: null, visible: null }), ''],
  ])('%s', (_, builder, reference) => {
    expect(choosePayment(payment, builder.payUpFront('100.00').build(), '100.00')).toMatchObject({
      paymentReference: reference,
    });
  });
});
