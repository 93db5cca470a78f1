import { existsSync } from "node:fs";
import { join } from "node:path";
import { chooseEngine, type EngineName } from "./engine.ts";
import { isConfigName } from "./config-name.ts";
import { TemplateError } from "./errors.ts";
import { guessOutputFormat, parseOutputFormat, type OutputFormat } from "./output-format.ts";
import { readYamlDocument } from "./read-yaml.ts";
import { readText } from "./variables.ts";

/** An entry of `config-files.yaml`: a file on the targets and the template that it is rendered from. */
export interface ConfigFileEntry {
  /** Path on the target: absolute, or below the revision. */
  readonly destination: string;
  /** File name in a `templates` directory. */
  readonly template: string;
  readonly engine: EngineName;
  readonly erbSyntax: boolean;
  readonly outputFormat: OutputFormat | null;
  /** YAML file on the target whose variables win. */
  readonly remoteVars: string | undefined;
  /** How variables of this file come together: `deep` merges mappings, `shallow` replaces them as a whole. */
  readonly merge: "shallow" | "deep";
  /** Permissions, octal text such as `0640`. */
  readonly mode: string | undefined;
  readonly owner: string | undefined;
  readonly group: string | undefined;
  /** Command that must accept the rendered file before it goes live. */
  readonly validate: string | undefined;
  /** Line of the entry, from 1. */
  readonly line: number | undefined;
}

/** What stands in `config-files.yaml`. */
export interface ConfigFileList {
  readonly entries: readonly ConfigFileEntry[];
  /** Options that nobody knows, one line each with file and line. */
  readonly warnings: readonly string[];
}

const KNOWN_OPTIONS: readonly string[] = [
  ...["template", "remote_vars", "erb_syntax", "output_format", "engine"],
  ...["merge", "mode", "owner", "group", "validate"],
];

/** Reads `config-files.yaml`. @throws TemplateError with file and line. */
export function readConfigFiles(file: string): ConfigFileList {
  const document = readYamlDocument(readText(file), { file });
  const fail = (message: string, line?: number): TemplateError =>
    new TemplateError(message, { code: "TEMPLATE_OPTION", file, line });
  const { value } = document;
  if (!(value instanceof Map)) throw fail("expected a mapping of destination paths to options");
  const warnings: string[] = [];
  const entries = Array.from(value, ([key, options]: [unknown, unknown]): ConfigFileEntry => {
    const line = document.lineOf(value, key);
    const destination = String(key);
    if (!(options instanceof Map)) throw fail(`"${destination}": expected a mapping of options`, line);
    for (const option of options.keys()) {
      if (KNOWN_OPTIONS.includes(String(option))) continue;
      const place = document.lineOf(options, option) ?? line;
      warnings.push(`${file}:${place}: "${destination}": unknown option "${String(option)}"`);
    }
    try {
      return { ...readEntry(destination, options), line };
    } catch (error) {
      throw error instanceof TemplateError ? fail(`"${destination}": ${error.message}`, line) : error;
    }
  });
  return { entries, warnings };
}

function readEntry(
  destination: string,
  options: ReadonlyMap<unknown, unknown>,
): Omit<ConfigFileEntry, "line"> {
  if (!isConfigName(destination)) throw problem("the destination is not a file below / or in the revision");
  const template = textOption(options, "template");
  if (!template) throw problem("there is no template");
  if (template.includes("/") || template === ".." || template.includes("\0")) {
    throw problem(`the template ${JSON.stringify(template)} is not a plain file name`);
  }
  const erbSyntax = options.get("erb_syntax") ?? false;
  if (typeof erbSyntax !== "boolean") throw problem("erb_syntax must be true or false");
  return {
    destination,
    template,
    erbSyntax,
    engine: chooseEngine({ template, engine: textOption(options, "engine"), erbSyntax }),
    outputFormat: options.has("output_format")
      ? parseOutputFormat(textOption(options, "output_format") ?? null, template)
      : guessOutputFormat(destination),
    remoteVars: textOption(options, "remote_vars") || undefined,
    merge: mergeOption(options),
    mode: modeOption(options),
    owner: textOption(options, "owner") || undefined,
    group: textOption(options, "group") || undefined,
    validate: validateOption(options),
  };
}

function textOption(options: ReadonlyMap<unknown, unknown>, name: string): string | undefined {
  const value = options.get(name);
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  throw problem(`${name} must be a text`);
}

function mergeOption(options: ReadonlyMap<unknown, unknown>): "shallow" | "deep" {
  const text = textOption(options, "merge") ?? "shallow";
  if (text === "shallow" || text === "deep") return text;
  throw problem(`merge must be shallow or deep, not ${JSON.stringify(text)}`);
}

function validateOption(options: ReadonlyMap<unknown, unknown>): string | undefined {
  const command = textOption(options, "validate") || undefined;
  // The file itself would be run.
  if (command?.trim() === "") throw problem("validate is blank");
  return command;
}

/** YAML reads `0640` as a number in base eight, which comes out the same. */
function modeOption(options: ReadonlyMap<unknown, unknown>): string | undefined {
  const value = options.get("mode");
  const text = typeof value === "number" ? value.toString(8) : textOption(options, "mode");
  if (text === undefined || /^0?[0-7]{3}$/.test(text)) return text;
  throw problem(`mode must be octal such as 0640, not ${JSON.stringify(value)}`);
}

function problem(message: string): TemplateError {
  return new TemplateError(message, { code: "TEMPLATE_OPTION" });
}

/**
 * The file of a template: the first that exists in the `templates` directories.
 *
 * @param directories - `scap` directories, the most specific first.
 * @param asked - where the template is asked for, for the error.
 * @throws TemplateError `TEMPLATE_NAME` when there is none.
 */
export function findTemplate(
  name: string,
  directories: readonly string[],
  asked: { readonly file?: string; readonly line?: number | undefined } = {},
): string {
  const places = directories.map((directory) => join(directory, "templates", name));
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new TemplateError(`there is no template ${JSON.stringify(name)}`, {
    ...asked,
    code: "TEMPLATE_NAME",
    hint: `Looked for ${places.join(", ") || "nothing: there is no scap directory"}.`,
  });
}
