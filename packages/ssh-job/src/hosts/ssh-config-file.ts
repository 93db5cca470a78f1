import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { SshError } from "../errors.ts";
import { globFiles } from "./glob-files.ts";
import { type ConfigLine, parseConfigLine } from "./ssh-config-line.ts";

/** One statement of an ssh_config file, with its includes read. */
export type ConfigNode =
  | { readonly kind: "value"; readonly key: string; readonly words: readonly string[] }
  | { readonly kind: "included"; readonly nodes: readonly ConfigNode[] }
  | ConfigSection;

/** A `Host` or `Match` block. */
export interface ConfigSection {
  readonly kind: "host" | "match";
  /** The words after the keyword. */
  readonly words: readonly string[];
  readonly nodes: readonly ConfigNode[];
}

/**
 * Reads a file and what it includes.
 *
 * @throws SshError `BAD_SSH_CONFIG` with file and line
 */
export async function loadConfigFile(file: string, mayBeMissing = false): Promise<ConfigNode[]> {
  return await load(file, mayBeMissing, []);
}

/** `above` are the files that include this one, from the first. */
async function load(file: string, mayBeMissing: boolean, above: readonly string[]): Promise<ConfigNode[]> {
  const nodes: ConfigNode[] = [];
  let current = nodes;
  for (const [index, text] of (await readText(file, mayBeMissing)).split("\n").entries()) {
    const place = `${file}:${index + 1}`;
    const line = parseLine(text, place);
    if (line === undefined) continue;
    const { key, words } = line;
    if (key === "include") current.push(await included(words, place, [...above, file]));
    else if (key === "host" || key === "match") {
      current = [];
      nodes.push({ kind: key, words, nodes: current });
    } else current.push({ kind: "value", key, words });
  }
  return nodes;
}

function parseLine(text: string, place: string): ConfigLine | undefined {
  try {
    return parseConfigLine(text);
  } catch (error) {
    throw badConfig(place, (error as Error).message, error);
  }
}

/** One after the other, so that files which include each other are found out before they are read without end. */
async function included(
  patterns: readonly string[],
  place: string,
  above: readonly string[],
): Promise<ConfigNode> {
  const nodes: ConfigNode[] = [];
  for (const pattern of patterns) {
    for (const file of await globFiles(includePath(pattern, above[0] ?? ""))) {
      if (above.includes(file)) throw badConfig(place, `${file} includes itself`);
      nodes.push(...(await load(file, true, above)));
    }
  }
  return { kind: "included", nodes };
}

/** ssh looks for relative includes in `/etc/ssh` for the system's file and in `~/.ssh` for all others. */
function includePath(pattern: string, file: string): string {
  if (pattern.startsWith("~/")) return join(homedir(), pattern.slice(2));
  if (isAbsolute(pattern)) return pattern;
  return join(file.startsWith("/etc/ssh/") ? "/etc/ssh" : join(homedir(), ".ssh"), pattern);
}

async function readText(file: string, mayBeMissing: boolean): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (mayBeMissing && (error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw badConfig(file, (error as Error).message, error);
  }
}

function badConfig(place: string, what: string, cause?: unknown): SshError {
  return new SshError("BAD_SSH_CONFIG", `Cannot read the ssh configuration ${place}: ${what}`, { cause });
}
