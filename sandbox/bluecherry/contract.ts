import { readFileSync } from 'node:fs';

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

const document: {
  components: { schemas: Record<string, unknown>; examples: Record<string, { 'x-schema': string; value: unknown }> };
} = parse(readFileSync(new URL('../../docs/contracts/bluecherry.openapi.yaml', import.meta.url), 'utf8'));
const ajv = new Ajv2020({ strict: false, allErrors: true, discriminator: false });
ajv.addSchema({ $id: 'contract', components: document.components });
const compiled = new Map<string, ValidateFunction>();

/** What of a value does not fit a schema of the contract; [] when it fits. */
export function misfits(schema: string, value: unknown): readonly string[] {
  const validate = compiled.get(schema) ?? ajv.compile({ $ref: `contract#/components/schemas/${schema}` });
  compiled.set(schema, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${schema}${instancePath}: ${message ?? ''}`);
}

/** The contract's own examples, by name, with the schema each must satisfy. */
export const examples = document.components.examples;
