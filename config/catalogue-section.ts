import * as z from 'zod';

import type { CatalogueRules, EnrichedField } from '../domain/catalogue/catalogue-rules.ts';

const code = z.string().trim().min(1);
const group = z.string().regex(/^[1-8]$/, 'it is no group of a style, 1 to 8');
const LARGEST_PAGE = 500;
const FIELDS = ['title', 'slug', 'options', 'position', 'image'] as const satisfies readonly EnrichedField[];
const IMAGE_CODES = ['division', 'style', 'color'];

/** Products: what of the ERP's catalogue is sold, and how the storefront shows it. */
export const catalogueSection = z
  .strictObject({
    mode: z.enum(['off', 'check', 'write']).default('off'),
    publish: z
      .strictObject({
        channels: z.array(code).default([]),
        groups: z.record(group, z.array(code).min(1)).default({}),
        minimumStock: z.number().int().nonnegative().default(0),
      })
      .prefault({}),
    options: z
      .strictObject({
        colour: code.default('Colour'),
        size: code.default('Size'),
        dimension: code.default('Dimension'),
        label: code.default('Label'),
      })
      .refine((names) => new Set(Object.values(names)).size === Object.keys(names).length, {
        error: 'two of its names are the same, and a buyer could not tell the choices apart',
      })
      .prefault({}),
    colours: z.record(code, code).default({}),
    sizes: z.record(code, code).default({}),
    imageUrl: z
      .string()
      .trim()
      .refine((text) => namesIn(text).every((name) => IMAGE_CODES.includes(name)), {
        error: `it names something else than ${IMAGE_CODES.map((name) => `{${name}}`).join(', ')}`,
      })
      .default(''),
    enriched: z.array(z.enum(FIELDS)).default(['title', 'slug', 'image']),
    shrinkPercent: z.number().min(0).max(100).default(20),
    pageSize: z.number().int().positive().max(LARGEST_PAGE).default(100),
    writesAtOnce: z.number().int().positive().default(4),
  })
  .prefault({});

/** Catalogue rules of a site, how many products are asked for in one call, and how many are written at a time. */
export type CatalogueSettings = CatalogueRules & { readonly pageSize: number; readonly writesAtOnce: number };

export function toCatalogueSettings(
  { publish, colours, sizes, shrinkPercent, ...file }: z.output<typeof catalogueSection>,
  { upperCaseCodes }: { readonly upperCaseCodes: boolean },
): CatalogueSettings {
  const fold = (text: string) => (upperCaseCodes ? text.toUpperCase() : text);
  const folded = (names: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(names).map(([each, name]) => [fold(each), name]));
  return {
    ...file,
    publish: {
      ...publish,
      channels: publish.channels.map(fold),
      groups: Object.entries(publish.groups).map(([name, codes]) => ({ group: Number(name), codes: codes.map(fold) })),
    },
    colours: folded(colours),
    sizes: folded(sizes),
    mostDiscontinued: shrinkPercent / 100,
  };
}

function namesIn(template: string): readonly string[] {
  return [...template.matchAll(/\{([^}]*)\}/g)].map((match) => match[1] ?? '');
}
