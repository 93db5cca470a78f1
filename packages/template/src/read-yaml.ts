import { parseEvents, YAMLException, type Event } from "js-yaml";
import { TemplateError } from "./errors.ts";
import { constructValue } from "./yaml-construct.ts";
import { plainYamlValues } from "./plain-yaml-values.ts";
import { checkCharacters, refuseUnicodeLineEnds } from "./yaml-characters.ts";
import { composeNode, YamlProblem } from "./yaml-nodes.ts";
import type { YamlValues } from "./yaml-scalars.ts";
import { refuseLooseSyntax } from "./yaml-strictness.ts";
import { refuseTabs } from "./yaml-tabs.ts";

/** How to read a YAML text. */
export interface ReadYamlOptions {
  /** Name of the file, for messages. */
  readonly file: string;
  /** Accepts `!!python/object/apply:collections.OrderedDict`, which Python Scap writes. @defaultValue `false` */
  readonly allowOrderedDict?: boolean;
  /** Makes floats, dates and bytes. @defaultValue plain JavaScript values, see {@link plainYamlValues} */
  readonly values?: YamlValues;
  /** How many levels of containers {@link YamlDocument.lineOf} knows; fewer spare memory. @defaultValue all */
  readonly lineDepth?: number;
}

/** A YAML document and where its parts stand. */
export interface YamlDocument {
  /** Mappings are `Map`s, lists arrays, integers beyond 2^53 bigints; `null` for an empty text. */
  readonly value: unknown;
  /** Line (from 1) of a key of a mapping or of a member of a list of this document. */
  lineOf(container: object, key: unknown): number | undefined;
}

/**
 * Reads a YAML 1.1 text as PyYAML's safe loader does. Mappings become `Map`s.
 *
 * @throws TemplateError `TEMPLATE_YAML` with file and line.
 */
export function readYaml(text: string, options: ReadYamlOptions): unknown {
  return readYamlDocument(text, options).value;
}

/** Like {@link readYaml}, and remembers on which line each key stands. */
export function readYamlDocument(text: string, options: ReadYamlOptions): YamlDocument {
  const positions = new WeakMap<object, Map<unknown, number>>();
  const remember = (container: object, key: unknown, position: number): void => {
    const known = positions.get(container);
    if (known) known.set(key, position);
    else positions.set(container, new Map([[key, position]]));
  };
  const checked = locateProblems(new LineIndex(text), options.file, () => checkCharacters(text));
  const { events, source } = parseLeniently(checked, options.file);
  const lines = new LineIndex(source);
  const value = locateProblems(lines, options.file, () => {
    refuseTabs(events, source);
    refuseUnicodeLineEnds(events, source);
    refuseLooseSyntax(events, source);
    return constructValue(composeNode(events, source), {
      values: options.values ?? plainYamlValues,
      allowOrderedDict: options.allowOrderedDict ?? false,
      onMember: remember,
      memberDepth: options.lineDepth ?? Number.POSITIVE_INFINITY,
    });
  });
  return {
    value,
    lineOf(container, key) {
      const position = positions.get(container)?.get(key);
      return position === undefined ? undefined : lines.lineAt(position);
    },
  };
}

const MAX_REPAIR_WORK = 200_000_000;
const MAX_DEPTH = 200;

/**
 * Reads what PyYAML reads and the parser does not, with blanks in the places where the parser stumbles, which changes
 * neither values nor line numbers. Inside brackets and quotes PyYAML does not care for indentation (`key: [\n  a\n]`),
 * and a comment may follow a bracket, a comma or a quote without a blank (`[a,# first`).
 */
function parseLeniently(text: string, file: string): { events: Event[]; source: string } {
  let source = text;
  let indent = "";
  for (let work = 0; ; work += source.length) {
    try {
      return { events: parseEvents(source, { maxDepth: MAX_DEPTH }), source };
    } catch (error) {
      indent ||= " ".repeat(longestIndent(source) + 2);
      const repair = work > MAX_REPAIR_WORK ? undefined : findRepair(error, source, indent);
      if (repair === undefined) throw syntaxError(error, file);
      source = source.slice(0, repair.position) + repair.blanks + source.slice(repair.position);
    }
  }
}

/** Where blanks make a text readable. */
interface Repair {
  readonly position: number;
  readonly blanks: string;
}

function findRepair(error: unknown, source: string, indent: string): Repair | undefined {
  if (!(error instanceof YAMLException) || !error.mark) return undefined;
  const { position } = error.mark;
  if (/^[[\]{},'"]#/.test(source.slice(position - 1, position + 1))) return { position, blanks: " " };
  // The parser has no codes for its errors, so this one text is matched, here only.
  if (error.reason !== "deficient indentation") return undefined;
  const start = Math.max(source.lastIndexOf("\n", position - 1), source.lastIndexOf("\r", position - 1)) + 1;
  const isDocumentMark = /^(?:---|\.\.\.)(?:\s|$)/.test(source.slice(start, start + 4));
  return isDocumentMark || source.startsWith(indent, start) ? undefined : { position: start, blanks: indent };
}

function longestIndent(text: string): number {
  let longest = 0;
  for (const [blanks] of text.matchAll(/^(?:[-?:]? )+/gm)) longest = Math.max(longest, blanks.length);
  return longest;
}

class LineIndex {
  readonly #source: string;
  #starts: number[] | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  lineAt(position: number): number {
    this.#starts ??= Array.from(this.#source.matchAll(/\r\n|\r|\n/g), (end) => end.index + end[0].length);
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? 0) <= position) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  }
}

function syntaxError(cause: unknown, file: string): unknown {
  if (!(cause instanceof YAMLException)) return cause;
  const line = cause.mark && cause.mark.line + 1;
  return new TemplateError(`invalid YAML: ${cause.reason}`, { code: "TEMPLATE_YAML", file, line, cause });
}

function locateProblems<Result>(lines: LineIndex, file: string, action: () => Result): Result {
  try {
    return action();
  } catch (cause) {
    if (!(cause instanceof YamlProblem)) throw cause;
    const line = lines.lineAt(cause.position);
    throw new TemplateError(`invalid YAML: ${cause.message}`, { code: "TEMPLATE_YAML", file, line, cause });
  }
}
