import { readFileSync } from "node:fs";
import { TemplateError } from "./errors.ts";
import { readJson } from "./read-json.ts";
import { readYamlDocument } from "./read-yaml.ts";
import { typedYamlValues } from "./yaml-values.ts";

/** Variables of templates by name; mappings in them are `Map`s. */
export type TemplateVariables = ReadonlyMap<string, unknown>;

/** Where a variable was defined. */
export interface VariableOrigin {
  readonly file: string;
  /** From 1; undefined for files without lines, such as JSON. */
  readonly line: number | undefined;
}

/** The variables of one file. */
export interface VariableFile {
  readonly variables: TemplateVariables;
  readonly lineOf: (name: string) => number | undefined;
}

/**
 * Reads the text of a variable file: JSON when the name ends in `.json`, else YAML. An empty one has no variables.
 *
 * @throws TemplateError with the file and, for YAML, the line.
 */
export function parseVariables(text: string, { file }: { readonly file: string }): VariableFile {
  if (file.endsWith(".json"))
    return { variables: asVariables(readJson(text, { file }), file), lineOf: () => undefined };
  const document = readYamlDocument(text, { file, values: typedYamlValues, lineDepth: 1 });
  const { value } = document;
  const lineOf = (name: string): number | undefined =>
    value instanceof Map ? document.lineOf(value, name) : undefined;
  return { variables: asVariables(value, file, lineOf), lineOf };
}

/** Reads a variable file. @throws TemplateError also when it is missing or not UTF-8. */
export function readVariables(file: string): VariableFile {
  return parseVariables(readText(file), { file });
}

/** Text of a UTF-8 file. @throws TemplateError `TEMPLATE_FILE` with one sentence. */
export function readText(file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  } catch (cause) {
    throw new TemplateError(reasonFor(cause), { code: "TEMPLATE_FILE", file, cause });
  }
}

/** A variable with where its value comes from and what it hides. */
export interface ResolvedVariable {
  readonly value: unknown;
  readonly origin: VariableOrigin;
  /** Definitions of the same name that do not count, the nearest first. */
  readonly hidden: readonly VariableOrigin[];
}

/** How variables of several files come together. */
export interface LoadVariablesOptions {
  /** From the weakest to the strongest, for example `vars.yaml`, the environment's `vars.yaml`, `remote_vars`. */
  readonly files: readonly string[];
  /** `shallow` replaces a nested mapping as a whole, as Python Scap does. @defaultValue `"shallow"` */
  readonly merge?: "shallow" | "deep";
}

/** The variables of several files; a name keeps the place of its first definition. */
export function loadVariables({
  files,
  merge = "shallow",
}: LoadVariablesOptions): Map<string, ResolvedVariable> {
  const resolved = new Map<string, ResolvedVariable>();
  for (const file of files) {
    const { variables, lineOf } = readVariables(file);
    for (const [name, value] of variables) {
      const before = resolved.get(name);
      resolved.set(name, {
        value: merge === "deep" && before ? mergeDeep(before.value, value) : value,
        origin: { file, line: lineOf(name) },
        hidden: before ? [before.origin, ...before.hidden] : [],
      });
    }
  }
  return resolved;
}

/** Merges variables from the weakest to the strongest set, shallowly, into a fresh map. */
export function mergeVariables(...sets: readonly TemplateVariables[]): Map<string, unknown> {
  return new Map(sets.flatMap((set) => [...set]));
}

/** Like {@link mergeVariables}, but mappings that meet are merged too, at every level. */
export function mergeVariablesDeep(...sets: readonly TemplateVariables[]): Map<string, unknown> {
  const merged = new Map<string, unknown>();
  for (const [name, value] of sets.flatMap((set) => [...set]))
    merged.set(name, merged.has(name) ? mergeDeep(merged.get(name), value) : value);
  return merged;
}

function mergeDeep(weaker: unknown, stronger: unknown): unknown {
  if (!(weaker instanceof Map) || !(stronger instanceof Map)) return stronger;
  const merged = new Map<unknown, unknown>(weaker);
  for (const [key, value] of stronger)
    merged.set(key, merged.has(key) ? mergeDeep(merged.get(key), value) : value);
  return merged;
}

function asVariables(
  value: unknown,
  file: string,
  lineOf: (name: string) => number | undefined = () => undefined,
): TemplateVariables {
  if (value === null) return new Map();
  if (!(value instanceof Map)) {
    throw new TemplateError("expected a mapping of variable names to values", {
      code: "TEMPLATE_VARIABLES",
      file,
    });
  }
  for (const key of value.keys()) {
    if (typeof key === "string") continue;
    throw new TemplateError(`the variable name ${String(key)} is not a text; put it in quotes`, {
      code: "TEMPLATE_VARIABLES",
      file,
      line: lineOf(key),
    });
  }
  return value;
}

function reasonFor(error: unknown): string {
  if (error instanceof TypeError) return "is not UTF-8";
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES") return "may not be read";
  if (code === "EISDIR") return "is a directory, not a file";
  return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}
