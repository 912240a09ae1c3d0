import * as z from 'zod';

import type { BufferSize, StockFeed, StockMeasure, StockRules } from '../domain/stock/stock-rules.ts';
import { readMeasure } from './read-measure.ts';

const code = z.string().trim().min(1);
const whole = z.number().int().positive();
const units = z.number().int().nonnegative();
const percent = z.number().min(0).max(100);

const measure = z.string().transform((text, context): StockMeasure => {
  const read = readMeasure(text);
  if (read.ok) return read.measure;
  context.addIssue({ code: 'custom', message: read.wrong });
  return z.NEVER;
});

const buffer = z.union([z.strictObject({ units }), z.strictObject({ percent, cap: units.nullable().default(null) })]);
const styleGroup = { group: whole.max(8), code };

/** Stock: which warehouses feed which storefront location, what counts, what is held back, and what is not believed. */
export const stockSection = z
  .strictObject({
    writes: z.enum(['on', 'off']).default('off'),
    feeds: z
      .array(
        z.strictObject({ location: code, from: z.array(z.strictObject({ division: code, warehouse: code })).min(1) }),
      )
      .default([]),
    pseudoLocations: z.array(code).default(['POE', 'FOB']),
    measures: z.array(measure).min(1).prefault(['openToSell', 'onHand - picked - open - reserved']),
    negatives: z.enum(['net', 'clampEach']).default('net'),
    absentMeansZero: z.boolean().default(false),
    buffers: z
      .strictObject({
        site: buffer.default({ units: 0 }),
        locations: z.record(code, buffer).default({}),
        styleGroups: z
          .array(
            z.union([
              z.strictObject({ ...styleGroup, units }),
              z.strictObject({ ...styleGroup, percent, cap: units.nullable().default(null) }),
            ]),
          )
          .default([]),
        skus: z.record(code, buffer).default({}),
        widening: z
          .array(z.strictObject({ minutes: z.number().nonnegative(), percent }))
          .default([
            { minutes: 60, percent: 0 },
            { minutes: 240, percent: 10 },
            { minutes: 1440, percent: 50 },
          ])
          .check((context) => {
            for (const [index, point] of context.value.entries()) {
              const before = context.value[index - 1];
              if (!before || (point.minutes > before.minutes && point.percent >= before.percent)) continue;
              const message =
                point.minutes > before.minutes
                  ? 'the curve falls here; older figures must never be trusted more'
                  : 'it is not later than the point before it';
              context.issues.push({ code: 'custom', path: [index], input: point, message });
            }
          }),
      })
      .prefault({}),
    guards: z
      .strictObject({ staleMinutes: z.number().positive().default(240), shrinkPercent: percent.default(20) })
      .prefault({}),
    preOrder: z
      .strictObject({
        offer: z.enum(['on', 'off']).default('off'),
        stages: z.array(whole).min(1).default([3]),
        horizonDays: whole.default(90),
      })
      .prefault({}),
    rowsPerCall: whole.max(500).default(500),
    fullReadMinutes: whole.default(1440),
  })
  .prefault({});

export interface StockSurroundings {
  /** The table by which orders find their warehouse; it feeds stock the other way round where the section names no feeds. */
  readonly locations: readonly { readonly location: string; readonly warehouses: Readonly<Record<string, string>> }[];
  readonly excludedLabels: readonly string[];
  readonly clocksGoBackMinutes: number;
  readonly clocksDifferMinutes: number;
  readonly upperCaseCodes: boolean;
}

export function toStockRules(
  { feeds, pseudoLocations: _checked, preOrder, guards, buffers, ...file }: z.output<typeof stockSection>,
  { locations, excludedLabels, clocksGoBackMinutes, clocksDifferMinutes, upperCaseCodes }: StockSurroundings,
): StockRules {
  const fold = (text: string) => (upperCaseCodes ? text.toUpperCase() : text);
  const fed = feeds.length > 0 ? feeds : locations.map(feedOf);
  return {
    ...file,
    feeds: fed.map(({ location, from }) => ({
      location,
      from: from.map(({ division, warehouse }) => ({ division: fold(division), warehouse: fold(warehouse) })),
    })),
    excludedLabels: excludedLabels.map(fold),
    buffers: {
      site: sizeOf(buffers.site),
      locations: sizesOf(buffers.locations),
      styleGroups: buffers.styleGroups.map(({ group, code, ...size }) => ({
        group,
        code: fold(code),
        size: sizeOf(size),
      })),
      skus: sizesOf(buffers.skus),
      widening: buffers.widening,
    },
    guards: { ...guards, clocksGoBackMinutes, clocksDifferMinutes },
    preOrder: preOrder.offer === 'on' ? { stages: preOrder.stages, horizonDays: preOrder.horizonDays } : null,
  };
}

function feedOf({ location, warehouses }: StockSurroundings['locations'][number]): StockFeed {
  return { location, from: Object.entries(warehouses).map(([division, warehouse]) => ({ division, warehouse })) };
}

function sizesOf(sizes: Readonly<Record<string, z.output<typeof buffer>>>): Readonly<Record<string, BufferSize>> {
  return Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, sizeOf(size)]));
}

function sizeOf(size: z.output<typeof buffer>): BufferSize {
  return 'units' in size ? { in: 'units', units: size.units } : { in: 'percent', percent: size.percent, cap: size.cap };
}
