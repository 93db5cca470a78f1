import { readFile } from "node:fs/promises";

import { TargetsError } from "../errors.ts";
import { yamlMapping } from "./yaml-mapping.ts";
import { yamlPlace } from "./yaml-place.ts";

/** A query with a name. */
export interface Alias {
  readonly text: string;
  /** Where it stands, such as `aliases.yaml:3`; errors inside it name this place. */
  readonly source?: string | undefined;
}

/** Aliases by name; names are case sensitive. */
export type Aliases = ReadonlyMap<string, Alias>;

/**
 * Reads an alias file: a YAML mapping of names to queries. A file that does not exist has none.
 *
 * @throws {TargetsError} `QUERY_SYNTAX` naming the file and, where there is one, the line
 */
export async function loadAliases(file: string): Promise<Aliases> {
  const text = await readIfThere(file);
  if (text === undefined) return new Map();
  const entries = Object.entries(parseMapping(text, file));
  return new Map(entries.map(([name, query]) => [name, aliasOf(name, query, yamlPlace(file, text, name))]));
}

function aliasOf(name: string, query: unknown, source: string): Alias {
  if (!/^[\p{L}0-9_.+-]+$/u.test(name)) {
    throw broken(`${source}: an alias is named with letters, digits and -_.+, not ${JSON.stringify(name)}`);
  }
  if (typeof query !== "string") throw broken(`${source}: the alias ${name} must be a query in one text`);
  return { text: query, source };
}

function parseMapping(text: string, file: string): Readonly<Record<string, unknown>> {
  try {
    return yamlMapping(text, file);
  } catch (cause) {
    throw broken(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw broken(`${file}: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

function broken(reason: string, cause?: unknown): TargetsError {
  return new TargetsError(`Cannot read the aliases: ${reason}`, { code: "QUERY_SYNTAX", cause });
}
