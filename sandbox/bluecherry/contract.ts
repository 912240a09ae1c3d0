import { readFileSync } from 'node:fs';

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

interface Parameter {
  readonly $ref?: string;
  readonly name?: string;
  readonly in?: string;
  readonly 'x-filters'?: Readonly<Record<string, { readonly op: 'eq' | 'gt' }>>;
}

const document: {
  readonly paths: Readonly<Record<string, { readonly get?: { readonly parameters: readonly Parameter[] } }>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, unknown>>;
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly examples: Readonly<Record<string, { readonly 'x-schema': string; readonly value: unknown }>>;
  };
} = parse(readFileSync(new URL('../../docs/contracts/bluecherry.openapi.yaml', import.meta.url), 'utf8'));
const ajv = new Ajv2020({ strict: false, allErrors: true, discriminator: false });
ajv.addSchema({ $id: 'contract', components: document.components });
const compiled = new Map<string, ValidateFunction>();

/** What of a value does not fit a schema of the contract; [] when it fits. */
export function misfits(schema: string, value: unknown): readonly string[] {
  const validate = compiled.get(schema) ?? ajv.compile({ $ref: `contract#/components/schemas/${schema}` });
  compiled.set(schema, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${schema}${instancePath}: ${message ?? ''} ${JSON.stringify(params)}`,
  );
}

/** The contract's own examples, by name, with the schema each must satisfy. */
export const examples = document.components.examples;

export interface Readable {
  readonly name: string;
  /** Fields a filter may name, and with which operator. */
  readonly filters: Readonly<Record<string, 'eq' | 'gt'>>;
  /** Plain parameters: paging, children, equality. */
  readonly parameters: ReadonlySet<string>;
}

/** Every resource that can be read, by lower-case name: names are not case-sensitive. */
export const readables: ReadonlyMap<string, Readable> = new Map(
  Object.entries(document.paths).flatMap(([path, { get }]) => {
    if (!get) return [];
    const name = path.replace('/api/', '');
    const parameters = get.parameters
      .map((parameter) => document.components.parameters[parameter.$ref?.split('/').at(-1) ?? ''] ?? parameter)
      .filter((parameter) => parameter.in === 'query');
    const filters = Object.entries(parameters.find(({ name }) => name === '$filter')?.['x-filters'] ?? {});
    return [
      [
        name.toLowerCase(),
        {
          name,
          filters: Object.fromEntries(filters.map(([field, { op }]) => [field, op])),
          parameters: new Set(parameters.flatMap(({ name }) => (name === undefined ? [] : [name]))),
        },
      ] as const,
    ];
  }),
);
