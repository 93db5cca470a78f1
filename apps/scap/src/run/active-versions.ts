import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CliError, EXIT } from "@scap/cli";

/**
 * The MediaWiki versions that a tree's `wikiversions.json` names, without `php-`, each once.
 *
 * @throws CliError if the file cannot be read or is not a map of wikis to versions.
 */
export async function activeVersions(treeDirectory: string): Promise<string[]> {
  const path = join(treeDirectory, "wikiversions.json");
  const versions = Object.values(await readObject(path));
  if (!versions.every((version) => typeof version === "string" && version.startsWith("php-"))) {
    throw wrongFile(path, "every value must be the name of a version, php-…");
  }
  return [...new Set(versions.map((version) => String(version).slice("php-".length)))];
}

async function readObject(path: string): Promise<object> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw wrongFile(path, error instanceof Error ? error.message : String(error), error);
  }
  if (typeof content === "object" && content !== null && !Array.isArray(content)) return content;
  throw wrongFile(path, "it must be one JSON object");
}

function wrongFile(path: string, reason: string, cause?: unknown): CliError {
  return new CliError(`Cannot tell the active versions from ${path}: ${reason}`, {
    code: "WIKIVERSIONS",
    exitCode: EXIT.failed,
    hint: "Is deploy_dir (or, with --master, stage_dir) the MediaWiki tree of this host?",
    cause,
  });
}
