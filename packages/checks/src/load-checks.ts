import { readFileSync, statSync } from "node:fs";
import {
  readYamlDocument,
  TemplateError,
  toPlainValue,
  typedYamlValues,
  type YamlDocument,
} from "@scap/template";
import { readCheck, type CheckDefinition } from "./check-options.ts";
import type { Check } from "./check.ts";
import { deriveChecks, type DerivedCheckType } from "./derived-check-type.ts";
import { CheckError, type CheckProblem } from "./errors.ts";

/** Checks, read from files or from the deploy info. */
export interface LoadedChecks {
  /** In the order in which they run; switched-off checks are left out. */
  readonly checks: readonly Check[];
  /** The merged definitions as they are published to targets: every check with its options as written. */
  readonly definitions: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  /** Names of checks that an empty definition, null or `type: override` switches off. */
  readonly switchedOff: readonly string[];
}

/** What {@link loadChecks} reads. */
export interface LoadChecksOptions {
  readonly files: readonly string[];
  /** Types that are written as checks of other types. @defaultValue none */
  readonly derived?: readonly DerivedCheckType[];
}

/**
 * Reads and merges `checks.yaml` files. A check of a later file replaces the one of the same name as a whole, at
 * its place.
 *
 * @param options.files - from the general to the most specific one, for example `scap/checks.yaml`,
 *   `scap/environments/beta/checks.yaml`.
 * @throws CheckError `CHECKS_FILE` with all problems, each with file and line.
 */
export function loadChecks({ files, derived = [] }: LoadChecksOptions): LoadedChecks {
  const problems: CheckProblem[] = [];
  const merged = new Map<string, CheckDefinition>();
  for (const file of files) {
    for (const definition of readDefinitions(file, problems)) merged.set(definition.name, definition);
  }
  return finish(deriveChecks([...merged.values()], derived, problems), problems);
}

/**
 * Checks from the key `checks` of the deploy info: a mapping, or null or undefined for none.
 *
 * @param options.source - what to call it in messages. @defaultValue `"checks"`
 * @throws CheckError `CHECKS_FILE` with all problems.
 */
export function checksFromDefinitions(
  definitions: unknown,
  { source = "checks" }: { readonly source?: string } = {},
): LoadedChecks {
  const problems: CheckProblem[] = [];
  const checks = definitions === null || definitions === undefined ? new Map() : asMapping(definitions);
  if (!checks) {
    throw new CheckError("CHECKS_FILE", [
      problem(source, undefined, "checks must be a mapping of names to options"),
    ]);
  }
  const found = Array.from(checks, ([name, options]) =>
    define({ name, options, file: source, line: undefined }, problems),
  );
  return finish(
    found.filter((definition) => definition !== undefined),
    problems,
  );
}

function finish(definitions: readonly CheckDefinition[], problems: CheckProblem[]): LoadedChecks {
  const active = definitions.filter((definition) => !isSwitchedOff(definition));
  const checks = active.map((definition) => readCheck(definition, problems));
  if (problems.length > 0) throw new CheckError("CHECKS_FILE", problems);
  return {
    checks,
    definitions: new Map(definitions.map(({ name, published }) => [name, published])),
    switchedOff: definitions.filter(isSwitchedOff).map(({ name }) => name),
  };
}

// Real repositories use these to switch a check of the general file off in one environment.
function isSwitchedOff({ options }: CheckDefinition): boolean {
  return options.size === 0 || options.get("type") === "override";
}

function readDefinitions(file: string, problems: CheckProblem[]): CheckDefinition[] {
  const document = readFile(file, problems);
  if (!document) return [];
  const root = document.value;
  if (!(root instanceof Map) || !root.has("checks")) {
    const found = root === null ? "the file is empty" : "there is no key checks";
    problems.push(problem(file, 1, `${found}; expected a mapping "checks:" of names to options`));
    return [];
  }
  const checks: unknown = root.get("checks");
  if (!(checks instanceof Map)) {
    problems.push(
      problem(file, document.lineOf(root, "checks"), "checks must be a mapping of names to options"),
    );
    return [];
  }
  return Array.from(checks, ([name, options]: [unknown, unknown]) =>
    define({ name, options, file, line: document.lineOf(checks, name), document }, problems),
  ).filter((definition) => definition !== undefined);
}

/** A file of checks is written by hand; anything larger is some other file. */
const MAX_BYTES = 16 * 1024 * 1024;

function readFile(file: string, problems: CheckProblem[]): YamlDocument | undefined {
  try {
    const { size } = statSync(file);
    if (size > MAX_BYTES) {
      problems.push(problem(file, undefined, `has ${size} bytes; the limit is ${MAX_BYTES}`));
      return undefined;
    }
    return readYamlDocument(new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file)), {
      file,
      values: typedYamlValues,
    });
  } catch (error) {
    if (error instanceof TemplateError) {
      problems.push(problem(file, error.line, error.message.slice(error.message.indexOf("invalid YAML"))));
    } else {
      const reason = error instanceof TypeError ? "is not UTF-8" : `cannot be read: ${String(error)}`;
      problems.push(problem(file, undefined, reason));
    }
    return undefined;
  }
}

interface RawDefinition {
  readonly name: unknown;
  readonly options: unknown;
  readonly file: string;
  readonly line: number | undefined;
  readonly document?: YamlDocument;
}

function define(raw: RawDefinition, problems: CheckProblem[]): CheckDefinition | undefined {
  const { file, line, document } = raw;
  const name = toPlainValue(raw.name);
  if (typeof name !== "string" && typeof name !== "number") {
    problems.push(problem(file, line, "the name of a check must be a text"));
    return undefined;
  }
  const published = raw.options === null ? new Map<string, unknown>() : asMapping(raw.options);
  if (!published) {
    problems.push({ ...problem(file, line, "expected a mapping of options"), check: String(name) });
    return undefined;
  }
  const written = raw.options;
  return {
    name: String(name),
    options: new Map(Array.from(published, ([option, value]) => [option, toPlainValue(value)] as const)),
    published,
    place: { file, line },
    lineOf: (option) => (document && written instanceof Map ? document.lineOf(written, option) : undefined),
  };
}

function asMapping(value: unknown): Map<string, unknown> | undefined {
  if (value instanceof Map) {
    return new Map(
      Array.from(value, ([key, member]): [string, unknown] => [String(toPlainValue(key)), member]),
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value));
}

function problem(file: string, line: number | undefined, message: string): CheckProblem {
  return { severity: "error", message, file, line };
}
