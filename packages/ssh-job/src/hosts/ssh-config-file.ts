import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { type Line, LineType, parse as parseConfig } from "ssh-config";
import { SshError } from "../errors.ts";
import { matchPattern } from "./pattern-list.ts";

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

const DEEPEST_INCLUDE = 16;

/** Reads a file and what it includes; a file that does not exist is empty. */
export async function loadConfigFile(file: string, depth = 0): Promise<ConfigNode[]> {
  if (depth > DEEPEST_INCLUDE) throw badConfig(file, "it includes itself, or is nested too deeply");
  const text = await readIfThere(file);
  return await toNodes(parse(text, file), file, depth);
}

async function toNodes(lines: readonly Line[], file: string, depth: number): Promise<ConfigNode[]> {
  const nodes: ConfigNode[] = [];
  for (const line of lines) {
    if (line.type !== LineType.DIRECTIVE) continue;
    const key = line.param.toLowerCase();
    const words = typeof line.value === "string" ? [line.value] : line.value.map(({ val }) => val);
    if (words.join("") === "") throw badConfig(file, `${line.param} has no value`);
    if (key === "include") nodes.push(await included(words, file, depth));
    else if ("config" in line) nodes.push(await section(key, words, line.config, file, depth));
    else nodes.push({ kind: "value", key, words });
  }
  return nodes;
}

async function section(
  key: string,
  words: readonly string[],
  lines: readonly Line[],
  file: string,
  depth: number,
): Promise<ConfigSection> {
  return { kind: key === "host" ? "host" : "match", words, nodes: await toNodes(lines, file, depth) };
}

async function included(patterns: readonly string[], file: string, depth: number): Promise<ConfigNode> {
  const files = (await Promise.all(patterns.map((pattern) => expandPattern(pattern, file)))).flat();
  const nodes = await Promise.all(files.map((each) => loadConfigFile(each, depth + 1)));
  return { kind: "included", nodes: nodes.flat() };
}

/** ssh looks for relative includes in `/etc/ssh` for the system's file and in `~/.ssh` for all others. */
async function expandPattern(pattern: string, file: string): Promise<string[]> {
  const home = pattern.startsWith("~/") ? join(homedir(), pattern.slice(2)) : pattern;
  const base = file.startsWith("/etc/ssh/") ? "/etc/ssh" : join(homedir(), ".ssh");
  const path = isAbsolute(home) ? home : join(base, home);
  if (!/[*?]/.test(basename(path))) return [path];
  const names = await readdir(dirname(path)).catch(() => []);
  return names
    .filter((name) => !name.startsWith(".") && matchPattern(name, basename(path)))
    .toSorted()
    .map((name) => join(dirname(path), name));
}

function parse(text: string, file: string): readonly Line[] {
  try {
    return parseConfig(text);
  } catch (error) {
    throw badConfig(file, (error as Error).message, error);
  }
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw badConfig(file, (error as Error).message, error);
  }
}

function badConfig(file: string, what: string, cause?: unknown): SshError {
  return new SshError("BAD_SSH_CONFIG", `Cannot read the ssh configuration ${file}: ${what}`, { cause });
}
