import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { isObject, type Open } from './wire.ts';

/** One operation of the contract, ready to be matched and checked. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  /** The name used for faults and calls: `PUT /api/v1/purchases/{id}`. */
  readonly route: string;
  readonly needsToken: boolean;
  readonly query: readonly QueryParameter[];
  readonly hasBody: boolean;
}

interface QueryParameter {
  readonly name: string;
  readonly type: string;
  readonly check: ValidateFunction;
}

const methods = ['get', 'put', 'post', 'patch', 'delete'];
const schemaBase = 'https://contract.example/sparklayer/';
const document: unknown = withAbsoluteReferences(
  parse(readFileSync(new URL('../../docs/contracts/sparklayer.openapi.yaml', import.meta.url), 'utf8')),
);
const ajv = contractValidator();
const compiled = new Map<unknown, ValidateFunction>();

/** Every operation that the contract names. */
export const operations: readonly Operation[] = readOperations();

/** The value of one of the contract's examples; a fresh copy each time. */
export function contractExample(name: string): Open {
  return structuredClone(object(at(document, 'components', 'examples', name, 'value')));
}

/** What is wrong with a value by a named schema of the contract; empty when nothing is. */
export function schemaErrors(schema: string, value: unknown): string[] {
  return errorsOf(compile(at(document, 'components', 'schemas', schema)), value);
}

/** What is wrong with the body of a request. */
export function bodyErrors(operation: Operation, body: unknown): string[] {
  const schema = at(declaration(operation), 'requestBody', 'content', 'application/json', 'schema');
  return errorsOf(compile(schema), body);
}

/** What is wrong with an answer: an undeclared status, a body where none is declared, or a body off its schema. */
export function answerErrors(operation: Operation, status: number, body: unknown): string[] {
  const responses = object(at(declaration(operation), 'responses'));
  const response = resolve(responses[String(status)] ?? (status >= 500 ? responses['5XX'] : undefined));
  if (!isObject(response)) return [`${operation.route} declares no ${status}`];
  const content = response['content'];
  if (!isObject(content)) return body === undefined ? [] : [`${operation.route} ${status} declares no body`];
  if (body === undefined) return status < 400 ? [`${operation.route} ${status} came without its body`] : [];
  return Object.values(content).flatMap((media) => errorsOf(compile(object(media)['schema']), body));
}

/** A short route name, the same for `{lookupBy}/{identifier}` and for `{id}`. */
export function routeName(method: string, path: string): string {
  return `${method.toUpperCase()} ${path.replace('/{lookupBy}/{identifier}', '/{id}').replace(/\{[^}]*\}/g, '{id}')}`;
}

function readOperations(): Operation[] {
  return Object.entries(object(at(document, 'paths'))).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const declared = object(item)[method];
      if (!isObject(declared)) return [];
      const parameters = [...list(object(item)['parameters']), ...list(declared['parameters'])]
        .map(resolve)
        .map(object);
      return [
        {
          id: String(declared['operationId']),
          method: method.toUpperCase(),
          path,
          route: routeName(method, path),
          needsToken: declared['operationId'] !== 'createAccessToken',
          query: parameters.filter((parameter) => parameter['in'] === 'query').map(queryParameter),
          hasBody: declared['requestBody'] !== undefined,
        },
      ];
    }),
  );
}

function queryParameter(parameter: Open): QueryParameter {
  const schema = object(parameter['schema']);
  const type = typeof schema['type'] === 'string' ? schema['type'] : 'string';
  return { name: String(parameter['name']), type, check: compile(schema) };
}

function declaration(operation: Operation): Open {
  return object(at(document, 'paths', operation.path, operation.method.toLowerCase()));
}

function compile(schema: unknown): ValidateFunction {
  const known = compiled.get(schema);
  if (known) return known;
  const check = ajv.compile(object(schema));
  compiled.set(schema, check);
  return check;
}

function errorsOf(check: ValidateFunction, value: unknown): string[] {
  if (check(value)) return [];
  return (check.errors ?? []).map((error) => {
    const extra: unknown = error.params['additionalProperty'] ?? error.params['propertyName'];
    const named = typeof extra === 'string' ? ` (${extra})` : '';
    return `${error.instancePath || '/'} ${error.message ?? 'is wrong'}${named}`;
  });
}

function contractValidator(): Ajv2020 {
  const validator = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(validator);
  for (const [name, schema] of Object.entries(object(at(document, 'components', 'schemas')))) {
    validator.addSchema(object(schema), schemaBase + name);
  }
  return validator;
}

function withAbsoluteReferences(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withAbsoluteReferences);
  if (!isObject(node)) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) =>
      key === '$ref' && typeof value === 'string'
        ? [key, value.replace('#/components/schemas/', schemaBase)]
        : [key, withAbsoluteReferences(value)],
    ),
  );
}

/** Follows a reference to a parameter, a response or an example; schemas are followed by the validator. */
function resolve(node: unknown): unknown {
  const reference = isObject(node) ? node['$ref'] : undefined;
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return node;
  return at(document, ...reference.slice(2).split('/'));
}

function at(node: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((found, key) => (isObject(found) ? found[key] : undefined), node);
}

function object(node: unknown): Open {
  if (!isObject(node)) throw new TypeError('The contract file lacks something the stand-in reads.');
  return node;
}

function list(node: unknown): unknown[] {
  return Array.isArray(node) ? node : [];
}
