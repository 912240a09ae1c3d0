import type { CheckoutInput } from '../../sandbox/sparklayer/stand-in.ts';
import { customers } from '../../sandbox/sparklayer/seed.ts';

const SHIPPING = { name: 'Standard shipping', net: '10.00' } as const;
const SKUS = [
  'AC-1001-BLK-M',
  'AC-1001-NVY-L',
  'AC-1001-RED-S',
  'AC-1002-BLK-XL',
  'AC-1002-WHT-M',
  '00123-ECR-M',
  'SCARF-1-RED-OS',
] as const;

/** The n-th order of a demonstration: mostly what a season looks like, with one of each kind of trouble. */
export function demoOrder(index: number): CheckoutInput {
  const trouble = TROUBLES[index % 20];
  const lines = [0, 1, 2].slice(0, 1 + (index % 3)).map((line) => ({
    sku: SKUS[(index + line * 2) % SKUS.length] ?? SKUS[0],
    quantity: 2 + ((index * 3 + line) % 24),
    unitPrice: `${18 + ((index + line) % 30)}.50`,
  }));
  const base: CheckoutInput = {
    customer: customers.example.uuid,
    paymentMethod: index % 4 === 1 ? 'invoice' : 'on_account',
    location: `warehouse-${1 + (index % 3)}`,
    customerReference: `PO-${7_700 + index}`,
    shipping: SHIPPING,
    lines,
  };
  return { ...base, ...trouble?.(base) };
}

/** Deals of two divisions become two ERP orders. */
const OF_DIVISION_2 = { sku: 'MN-2001-OLV-M', quantity: 4, unitPrice: '31.25' } as const;

const TROUBLES: Readonly<Record<number, (order: CheckoutInput) => Partial<CheckoutInput>>> = {
  2: (order) => ({ lines: [...order.lines, OF_DIVISION_2], location: 'warehouse-1' }),
  3: () => ({ paymentMethod: 'platform_upfront', paid: true }),
  5: () => ({ location: 'pop-up-store' }),
  7: (order) => ({ lines: [...order.lines, { sku: 'NO-SUCH-SKU', quantity: 1, unitPrice: '9.00' }] }),
  9: () => ({ customer: customers.overLimit.uuid }),
  11: () => ({ customerReference: 'PO-2026-SPRING-SUMMER-REPLENISHMENT-0042' }),
  13: () => ({ paymentMethod: 'platform_upfront', paid: false }),
  15: () => ({ lines: [{ sku: 'AC-1001-BLK-M', quantity: 3, unitPrice: '19.99', discount: '0.01' }] }),
  17: () => ({ deliveryDate: 'as soon as possible' }),
  19: () => ({ customer: customers.dollars.uuid, shipping: null }),
};
