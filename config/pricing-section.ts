import * as z from 'zod';

import type { PriceListRule, PriceRules } from '../domain/pricing/price-rules.ts';

const code = z.string().trim().min(1);
const orEmpty = z.string().trim().default('');
const whole = z.number().int().positive();

/** What the storefront takes as the slug of a list (docs/contracts/sparklayer.md, A38). */
const SLUG = /^[a-z0-9][a-z0-9-]{0,29}$/;
const LONGEST_NAME = 64;

const priceList = z
  .strictObject({
    list: code,
    managedBy: z.enum(['erp', 'storefront']),
    currency: z.string().regex(/^[A-Za-z]{3}$/, 'it is no currency of three letters such as GBP'),
    level: code.default('A'),
    customer: orEmpty,
    name: z.string().trim().max(LONGEST_NAME).default(''),
    since: z.iso
      .datetime({ offset: true, error: 'it is no instant with offset, such as 2026-01-01T00:00:00+00:00' })
      .nullable()
      .default(null),
  })
  .check((context) => {
    const { list, managedBy, name, since } = context.value;
    const wrong = (path: string, message: string) =>
      context.issues.push({ code: 'custom', path: [path], input: list, message });
    if (managedBy === 'erp' && !SLUG.test(list))
      wrong('list', 'it is no slug: lower-case letters, digits and hyphens, 30 at most');
    if (managedBy === 'erp' && since !== null) wrong('since', 'it is for lists that the storefront manages');
    if (managedBy === 'storefront' && name !== '') wrong('name', 'Instep opens no list that the storefront manages');
  });

/** Prices: which lists show which of the ERP's prices, and who writes them. */
export const pricingSection = z
  .strictObject({
    mode: z.enum(['off', 'check', 'write']).default('off'),
    baseLevel: z.string().trim().default('A'),
    shrinkPercent: z.number().min(0).max(100).default(20),
    rowsPerCall: whole.default(1_000),
    busyRounds: whole.default(6),
    ordersRead: z.number().int().nonnegative().default(200),
    lists: z
      .array(priceList)
      .default([])
      .check((context) => {
        const slugs = context.value.map(({ list }) => list);
        for (const [index, slug] of slugs.entries())
          if (slugs.indexOf(slug) < index)
            context.issues.push({
              code: 'custom',
              path: [index, 'list'],
              input: slug,
              message: 'this list stands in an earlier row already',
            });
      }),
  })
  .prefault({});

export function toPriceRules(
  { mode, baseLevel, shrinkPercent, ordersRead, lists }: z.output<typeof pricingSection>,
  { goLive, upperCaseCodes }: { readonly goLive: string; readonly upperCaseCodes: boolean },
): PriceRules {
  const fold = (text: string) => (upperCaseCodes ? text.toUpperCase() : text);
  const rules = lists.map(({ list, managedBy, currency, level, customer, name, since }): PriceListRule => {
    const source = {
      currency: currency.toUpperCase(),
      level: fold(level),
      baseLevel: fold(baseLevel),
      customer: fold(customer),
    };
    return managedBy === 'erp'
      ? { managedBy, list, source, name }
      : { managedBy, list, source, since: new Date(since ?? goLive).toISOString() };
  });
  return { mode, shrinkPercent, ordersRead, lists: mode === 'off' ? [] : rules };
}
