import type { ConfigOrigin } from "./origin.ts";
import type { ConfigProblem } from "./problem.ts";
import { indentOf, splitLines, strip, stripEnd } from "./python-text.ts";

/** A value of a file, with its place. */
export interface IniValue {
  readonly value: string;
  readonly origin: ConfigOrigin;
}

/** One section of one file. */
export interface IniSection {
  readonly name: string;
  /** Line of the first header of that name, counted from 1. */
  readonly line: number;
  /** By lower-cased option name, in the order of the file. */
  readonly options: ReadonlyMap<string, IniValue>;
}

/** What one file says. When `problems` is not empty the sections are incomplete. */
export interface IniFile {
  readonly file: string;
  /** By exact name, `DEFAULT` among them. */
  readonly sections: ReadonlyMap<string, IniSection>;
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly ConfigProblem[];
}

interface OpenOption {
  readonly lines: string[];
  readonly line: number;
}

interface OpenSection {
  readonly name: string;
  readonly line: number;
  readonly options: Map<string, OpenOption>;
}

interface Reader {
  readonly file: string;
  readonly sections: Map<string, OpenSection>;
  readonly problems: ConfigProblem[];
  readonly warnings: ConfigProblem[];
  section: OpenSection | undefined;
  option: OpenOption | undefined;
  indent: number;
}

/**
 * Reads text in the dialect of Python's `ConfigParser` with raw values: no inline comments, no interpolation,
 * continuation by deeper indentation. Never throws: everything wrong is in `problems`, with its line.
 */
export function parseIni(text: string, file: string): IniFile {
  const reader: Reader = {
    file,
    sections: new Map(),
    problems: [],
    warnings: [],
    section: undefined,
    option: undefined,
    indent: 0,
  };
  for (const [index, line] of splitLines(text).entries()) {
    if (!readLine(reader, line, index + 1)) break;
  }
  return {
    file,
    sections: new Map([...reader.sections].map(([name, section]) => [name, close(section, file)])),
    problems: reader.problems,
    warnings: reader.warnings,
  };
}

/** Returns false when reading on would only repeat the same complaint. */
function readLine(reader: Reader, line: string, number: number): boolean {
  const text = strip(line);
  if (text.startsWith("#") || text.startsWith(";")) return true;
  if (text === "") {
    reader.option?.lines.push("");
    return true;
  }
  const indent = indentOf(line);
  if (reader.option !== undefined && indent > reader.indent) {
    reader.option.lines.push(text);
    return true;
  }
  reader.indent = indent;
  if (openSection(reader, text, number)) return true;
  if (reader.section === undefined) {
    complainOfMissingHeader(reader, text, number);
    return false;
  }
  openOption(reader, reader.section, text, number);
  return true;
}

function openSection(reader: Reader, text: string, number: number): boolean {
  // The first "]" that leaves a name of at least one character; Python versions disagree about later ones.
  const end = text.startsWith("[") ? text.indexOf("]", 2) : -1;
  if (end === -1) return false;
  const name = text.slice(1, end);
  const trailing = strip(text.slice(end + 1));
  if (trailing !== "") {
    const message = `text after the section header [${name}] is ignored: ${JSON.stringify(trailing)}`;
    reader.warnings.push({ message, origin: place(reader, number, name) });
  }
  const known = reader.sections.get(name);
  if (known !== undefined && name !== "DEFAULT") {
    const message = `section [${name}] is already in this file, at line ${known.line}`;
    reader.problems.push({ message, origin: place(reader, number, name) });
  }
  reader.section = known ?? { name, line: number, options: new Map() };
  reader.sections.set(name, reader.section);
  reader.option = undefined;
  return true;
}

function complainOfMissingHeader(reader: Reader, text: string, number: number): void {
  const message = text.startsWith("\uFEFF")
    ? "missing section header: the file starts with a byte order mark, which must go"
    : `missing section header: ${quote(text)} stands before any [section]`;
  reader.problems.push({ message, origin: place(reader, number, "") });
}

function openOption(reader: Reader, section: OpenSection, text: string, number: number): void {
  const delimiter = text.search(/[:=]/);
  const name = delimiter === -1 ? "" : stripEnd(text.slice(0, delimiter)).toLowerCase();
  const origin = place(reader, number, section.name);
  if (name === "") {
    const reason = delimiter === -1 ? 'has neither ":" nor "="' : "has no option name";
    reader.problems.push({ message: `not an option: ${quote(text)} ${reason}`, origin });
    return;
  }
  const known = section.options.get(name);
  if (known !== undefined) {
    const message = `option ${name} is already in section [${section.name}] of this file, at line ${known.line}`;
    reader.problems.push({ message, origin, option: name });
    return;
  }
  reader.option = { lines: [strip(text.slice(delimiter + 1))], line: number };
  section.options.set(name, reader.option);
}

function close(section: OpenSection, file: string): IniSection {
  const options = [...section.options].map(([name, option]): [string, IniValue] => {
    const origin: ConfigOrigin = { kind: "file", file, line: option.line, section: section.name };
    return [name, { value: stripEnd(option.lines.join("\n")), origin }];
  });
  return { name: section.name, line: section.line, options: new Map(options) };
}

function place(reader: Reader, line: number, section: string): ConfigOrigin {
  return { kind: "file", file: reader.file, line, section };
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
