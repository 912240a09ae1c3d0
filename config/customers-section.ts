import * as z from 'zod';

import type { CustomerRules, OwnedPart } from '../domain/customers/customer-rules.ts';
import { list, loose, type Loose } from './loose.ts';
import type { SiteProblem } from './problems.ts';

const code = z.string().trim().min(1);
const currency = z.string().regex(/^[A-Za-z]{3}$/, 'it is no currency of three letters such as GBP');

const LARGEST_PAGE = 500;

const terms = z.custom<number | 'none'>(
  (value) => value === 'none' || (typeof value === 'number' && Number.isInteger(value) && value >= 7 && value <= 90),
  'it is neither whole days from 7 to 90 nor none',
);

const OWNABLE = ['terms', 'credit', 'active', 'priceLists', 'companyName'] as const satisfies readonly OwnedPart[];

/** Customers: what of the storefront's the ERP owns. A row without `level` is for customers of the ERP without one. */
export const customersSection = z
  .strictObject({
    mode: z.enum(['off', 'check', 'write']).default('off'),
    owns: z.array(z.enum(OWNABLE)).default([...OWNABLE]),
    terms: z.record(code, terms).default({}),
    credit: z
      .strictObject({
        from: z.enum(['header', 'sum', 'first']).default('header'),
        divisions: z.array(code).default([]),
        openOrders: z.enum(['excluded', 'included']).default('excluded'),
      })
      .prefault({}),
    priceLists: z
      .array(z.strictObject({ level: z.string().trim().default(''), currency, lists: z.array(code) }))
      .default([])
      .check((context) => {
        const keys = context.value.map((row) => `${row.level} ${row.currency}`.toUpperCase());
        for (const [index, key] of keys.entries())
          if (keys.indexOf(key) < index)
            context.issues.push({
              code: 'custom',
              path: [index],
              input: key,
              message: 'its level and currency stand in an earlier row already',
            });
      }),
    reactivate: z.enum(['never', 'whenActiveInErp']).default('never'),
    storeAddressId: z
      .string()
      .trim()
      .refine((text) => text === '' || text.includes('{store}'), 'it does not say where the {store} stands')
      .default(''),
    shrinkPercent: z.number().min(0).max(100).default(20),
    pageSize: z.number().int().positive().max(LARGEST_PAGE).default(LARGEST_PAGE),
  })
  .prefault({});

/** Customer rules of a site, and how many customers of the storefront are asked for in one call. */
export type CustomerSettings = CustomerRules & { readonly pageSize: number };

export function toCustomerSettings(
  { credit, terms: days, ...file }: z.output<typeof customersSection>,
  { divisions, upperCaseCodes }: { readonly divisions: readonly string[]; readonly upperCaseCodes: boolean },
): CustomerSettings {
  const fold = (text: string) => (upperCaseCodes ? text.toUpperCase() : text);
  const counted = credit.divisions.length > 0 ? credit.divisions : divisions;
  return {
    ...file,
    divisions: divisions.map(fold),
    terms: Object.fromEntries(Object.entries(days).map(([each, value]) => [fold(each), value])),
    credit: { ...credit, divisions: counted.map(fold) },
  };
}

/** A payment that moves the balance by itself and is in the ERP's balance too would count twice until the next run. */
export function customerProblems(site: Loose): readonly SiteProblem[] {
  const customers = loose(site['customers']);
  const owns = customers['owns'] === undefined || list(customers['owns']).includes('credit');
  if (customers['mode'] !== 'write' || !owns) return [];
  const progress = loose(site['progress']);
  return ['payments', 'credits']
    .filter((name) => progress[name] === 'balance')
    .map((name) => ({
      path: `progress.${name}`,
      wrong: 'the ERP’s balance is written to the storefront (customers.owns: credit), so this would count twice',
      mend: 'Write information here, or take credit off customers.owns.',
    }));
}
