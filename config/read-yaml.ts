import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLError } from 'yaml';

import type { SiteProblem } from './problems.ts';

/** A site file as YAML understands it, and where each setting stands. */
export interface ReadYaml {
  /** Nothing more can be said of the file while there are such problems. */
  readonly fatal: readonly SiteProblem[];
  /** Settings that stand twice; the rest of the file is checked all the same. */
  readonly doubled: readonly SiteProblem[];
  readonly file: unknown;
  /** Line of a problem's path, or of the nearest part around it that is there; undefined = nothing of it is. */
  readonly lineOf: (path: string) => number | undefined;
}

/** Reads the text of a site file. Never throws, and repeats nothing of the text, which may hold a secret. */
export function readYaml(text: string): ReadYaml {
  const lines = new LineCounter();
  try {
    // String keys: '01' and 01 are the same division, and the library prints no warning that quotes a complex key.
    const document = parseDocument(text, { lineCounter: lines, stringKeys: true });
    const doubled = explainErrors(document.errors.filter(isDoubled), lines);
    const fatal = explainErrors(
      document.errors.filter((error) => !isDoubled(error)),
      lines,
    );
    if (fatal.length > 0) return { ...unreadable(fatal), doubled };
    return {
      fatal,
      doubled,
      file: document.toJS({ maxAliasCount: 100 }),
      lineOf: (path) => lineOf(document.contents, path, lines),
    };
  } catch {
    // What the library throws quotes the text: an alias may be a secret that begins with an asterisk.
    return unreadable([
      {
        path: '',
        wrong: 'not YAML: an alias (*name) leads nowhere or in circles, or the file is nested too deep',
        mend: 'Quote texts that begin with * or &, and keep the nesting of config/sites/example.yaml.',
      },
    ]);
  }
}

function unreadable(fatal: readonly SiteProblem[]): ReadYaml {
  return { fatal, doubled: [], file: undefined, lineOf: () => undefined };
}

function isDoubled({ code }: YAMLError): boolean {
  return code === 'DUPLICATE_KEY';
}

/** In our own words, because those of the library quote the text. */
const EXPLAINED: Partial<Record<YAMLError['code'], readonly [wrong: string, mend: string]>> = {
  DUPLICATE_KEY: ['this setting stands twice', 'Keep one of the two.'],
  MULTIPLE_DOCS: ['not YAML of one site: a second document begins', 'Remove the line ---; one file is one site.'],
  TAB_AS_INDENT: ['not YAML: a tab is used to indent', 'Indent with blanks.'],
  BAD_SCALAR_START: ['not YAML: a text begins with a character that is reserved', 'Put the text in quotes.'],
  BAD_DQ_ESCAPE: ['not YAML: a backslash in double quotes means something else', 'Use single quotes.'],
  BLOCK_AS_IMPLICIT_KEY: ['not YAML: two settings on one line, or a text with a colon', 'Put the text in quotes.'],
  MULTILINE_IMPLICIT_KEY: ['not YAML: a name without its colon', 'Write name: value, with a blank after the colon.'],
  MISSING_CHAR: ['not YAML: a quote, a colon, a comma or a bracket is missing', 'Close what was opened above.'],
  BAD_INDENT: ['not YAML: this line is not indented like its neighbours', 'Align it with the settings beside it.'],
  NON_STRING_KEY: ['not YAML of a site: a list or a group stands where a name belongs', 'Write name: value.'],
};

/** One slip often makes several errors; the first of a line is the one to mend. */
function explainErrors(errors: readonly YAMLError[], lines: LineCounter): readonly SiteProblem[] {
  const seen = new Set<number>();
  return errors.flatMap(({ code, pos }) => {
    const { line, col } = lines.linePos(pos[0]);
    if (seen.has(line)) return [];
    seen.add(line);
    const [wrong, mend] = EXPLAINED[code] ?? [
      'not YAML: this cannot be read',
      'Correct the line; config/sites/example.yaml shows the form.',
    ];
    return [{ path: '', line, wrong: `${wrong} (line ${line}, column ${col})`, mend }];
  });
}

function lineOf(contents: unknown, path: string, lines: LineCounter): number | undefined {
  let node = contents;
  let start: number | undefined;
  for (const step of path.split(/\.|(?=\[\d+\])/)) {
    const place = /^\[(\d+)\]$/.exec(step)?.[1];
    if (place !== undefined && isSeq(node)) {
      node = node.items[Number(place)];
      start = startOf(node) ?? start;
    } else if (place === undefined && isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
      if (!pair) break;
      start = startOf(pair.key) ?? start;
      node = pair.value;
    } else break;
  }
  return start === undefined ? undefined : lines.linePos(start).line;
}

function startOf(node: unknown): number | undefined {
  const range = node !== null && typeof node === 'object' && 'range' in node ? node.range : null;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : undefined;
}
