import type * as z from 'zod';

import { valueAt } from './loose.ts';
import { closest, type SiteProblem } from './problems.ts';
import { siteSchema } from './schema.ts';

const MISSING = 'it is missing';
const EXAMPLE = 'config/sites/example.yaml';

/** What the schema found, in words; one problem per place. */
export function explainIssues(issues: readonly z.core.$ZodIssue[], file: unknown): readonly SiteProblem[] {
  const problems = issues.flatMap((issue) => explain(issue, file));
  const seen = new Set<string>();
  return withoutDoubles(problems).filter(({ path }) => !seen.has(path) && seen.add(path));
}

function explain(issue: z.core.$ZodIssue, file: unknown): readonly SiteProblem[] {
  const path = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(issue.path);
    return issue.keys.map((key) => {
      const name = shown(key);
      const close = closest(name, known);
      return {
        path: [path, name].filter(Boolean).join('.'),
        wrong: 'there is no such setting',
        mend: close ? `Did you mean “${close}”?` : `Known here: ${known.join(', ')}.`,
      };
    });
  }
  const value = valueAt(file, issue.path);
  if (issue.path.length === 0 && (value === null || value === undefined))
    return [{ path, wrong: 'the file is empty', mend: `Copy ${EXAMPLE} and fill it in.` }];
  if (value === undefined) return [{ path, wrong: MISSING, mend: `Add it; ${EXAMPLE} explains it.` }];
  if (value === null) return [{ path, wrong: 'it is empty', mend: 'Fill it in, or remove it where it has a default.' }];
  if (issue.code === 'invalid_union') return explainUnion(issue, value, file);
  return [{ path, ...described(issue, value) }];
}

/** Of a choice between a word and settings of its own, what was meant decides what is wrong. */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, value: unknown, file: unknown): readonly SiteProblem[] {
  const meant =
    typeof value === 'object' && !Array.isArray(value)
      ? issue.errors.find((errors) =>
          errors.every(({ code, path }) => path.length > 0 || (code !== 'invalid_type' && code !== 'invalid_value')),
        )
      : undefined;
  if (meant)
    return withoutDoubles(
      meant.flatMap((inside) => explain({ ...inside, path: [...issue.path, ...inside.path] }, file)),
    );
  const words = issue.errors.flatMap((errors) =>
    errors.flatMap((inside) => (inside.code === 'invalid_value' ? inside.values.map(String) : [])),
  );
  const settings = keysAt(issue.path).map((key) => `${key}: …`);
  return [
    {
      path: pathText(issue.path),
      wrong: 'it is nothing that is possible here',
      mend: `Write ${words.join(', ')}, or { ${settings.join(', ')} }.`,
    },
  ];
}

function described(issue: z.core.$ZodIssue, value: unknown): { readonly wrong: string; readonly mend: string } {
  const ours = /^(Invalid|Too) /.test(issue.message) ? null : issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return {
        wrong: `it is ${kindOf(value)}, not ${KINDS[issue.expected]?.name ?? 'a group of settings'}`,
        mend: KINDS[issue.expected]?.mend ?? `Write name: value on indented lines; ${EXAMPLE} shows it.`,
      };
    case 'invalid_value':
      return {
        wrong: 'it is none of the words possible here',
        mend: `Write one of: ${issue.values.map(String).join(', ')}.`,
      };
    case 'too_big':
      return {
        wrong: ours ?? (issue.origin === 'number' || issue.origin === 'int' ? 'it is too large' : 'it is too long'),
        mend: `Write ${String(issue.maximum)}${UNITS[issue.origin] ?? ''} at most.`,
      };
    case 'too_small':
      return issue.origin === 'number' || issue.origin === 'int'
        ? {
            wrong: ours ?? 'it is too small',
            mend: issue.inclusive
              ? `Write ${String(issue.minimum)} or more.`
              : `Write more than ${String(issue.minimum)}.`,
          }
        : { wrong: ours ?? 'it is empty', mend: 'Fill it in.' };
    case 'invalid_key':
      return { wrong: 'a name is empty', mend: 'Put a name before the colon.' };
    default:
      return { wrong: ours ?? 'it has not the right form', mend: `Correct it; ${EXAMPLE} shows one.` };
  }
}

const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };

const KINDS: Readonly<Record<string, { readonly name: string; readonly mend: string }>> = {
  string: { name: 'a text', mend: "Write a text. Quote codes that look like numbers: '01'." },
  number: { name: 'a number', mend: 'Write a number, without quotes and units.' },
  int: { name: 'a whole number', mend: 'Write a whole number, without quotes and units.' },
  boolean: { name: 'true or false', mend: 'Write true or false, without quotes.' },
  array: { name: 'a list', mend: 'Write a list: [one, two].' },
};

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a group of settings';
  if (typeof value === 'number') return Number.isFinite(value) ? 'a number' : 'not finite';
  return typeof value === 'boolean' ? 'true or false' : 'a text';
}

/** A misspelt name is one mistake, not an unknown and a missing one. */
function withoutDoubles(problems: readonly SiteProblem[]): readonly SiteProblem[] {
  const meant = problems.flatMap(({ path, mend }) => {
    const name = /^Did you mean “(.+)”\?$/.exec(mend)?.[1];
    return name ? [[...path.split('.').slice(0, -1), name].join('.')] : [];
  });
  return problems.filter(({ path, wrong }) => wrong !== MISSING || !meant.includes(path));
}

/** As much of an unknown name as is one: in `{clientSecret:abc}` all of it is a name to YAML, the secret too. */
function shown(key: string): string {
  const [name] = /^\w[\w-]{0,39}/.exec(key) ?? [''];
  return name === key ? key : `${name}…`;
}

function keysAt(path: readonly PropertyKey[]): readonly string[] {
  let schema: unknown = siteSchema;
  for (const step of path) schema = inner(schema, step);
  const shape = shapeOf(schema);
  return shape ? Object.keys(shape) : [];
}

function inner(schema: unknown, step: PropertyKey): unknown {
  const shape = shapeOf(schema);
  if (shape) return shape[String(step)];
  const unwrapped = unwrap(schema);
  return unwrapped !== null && typeof unwrapped === 'object' && 'element' in unwrapped ? unwrapped.element : undefined;
}

function shapeOf(schema: unknown): Record<string, unknown> | null {
  const unwrapped = unwrap(schema);
  if (
    unwrapped === null ||
    typeof unwrapped !== 'object' ||
    !('shape' in unwrapped) ||
    unwrapped.shape === null ||
    typeof unwrapped.shape !== 'object'
  )
    return null;
  return Object.fromEntries(Object.entries(unwrapped.shape));
}

function unwrap(schema: unknown): unknown {
  let current = schema;
  while (
    current !== null &&
    typeof current === 'object' &&
    'unwrap' in current &&
    typeof current.unwrap === 'function' &&
    !('element' in current)
  )
    current = current.unwrap();
  if (current !== null && typeof current === 'object' && 'options' in current && Array.isArray(current.options)) {
    const options: readonly unknown[] = current.options;
    return options.find((option) => option !== null && typeof option === 'object' && 'shape' in option) ?? current;
  }
  return current;
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text === '' ? String(step) : `${text}.${String(step)}`,
    '',
  );
}
