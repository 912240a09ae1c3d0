import { afterEach, expect } from 'vitest';

import { startInstep, type Instep, type InstepOptions } from './instep.ts';

export const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 2, unitPrice: '20.00' }];
export const POST = 'POST /api/salesOrder';

/** A site of its own for each test of a file; after the test both stand-ins must still hold their own rules. */
export function aSiteForEachTest() {
  let instep: Instep;
  afterEach(async () => {
    const { erp, storefront } = instep;
    expect(erp.checkInvariants()).toEqual([]);
    expect(storefront.checkInvariants()).toEqual([]);
    expect(erp.contractViolations()).toEqual([]);
    expect(storefront.contractViolations()).toEqual([]);
    await instep.stop();
  });

  async function given(options: InstepOptions = {}): Promise<Instep> {
    instep = await startInstep(options);
    return instep;
  }

  async function placed(): Promise<string> {
    const key = instep.checksOut({ lines: LINES });
    await instep.pollsPurchases();
    return key;
  }

  /** The order ends as exactly one sales order, whatever it went through. */
  async function isInTheErpOnce(key: string): Promise<void> {
    await instep.until(key, ({ step }) => step.at === 'settled', 'the order settled in the ERP');
    expect(instep.liveOrders(key)).toHaveLength(1);
  }

  const importsUntilSettled = (key: string) =>
    instep.importsUntil(key, ({ step }) => step.at === 'settled', 'the order settled in the ERP');

  return { given, placed, isInTheErpOnce, importsUntilSettled };
}
