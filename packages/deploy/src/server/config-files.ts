import { readFile } from "node:fs/promises";
import { join, normalize } from "node:path";
import { readYaml } from "@scap/template";
import type { PublishedConfigFile, PublishedConfigFiles } from "../deploy-info.ts";
import { DeployError } from "../errors.ts";
import { filesNamed } from "./environment-files.ts";
import type { DeploySettings } from "./settings.ts";

export interface ConfigFilesOptions {
  /** `scap` directories, the most specific first. */
  readonly directories: readonly string[];
  readonly settings: Pick<DeploySettings, "configDeploy">;
}

/**
 * Templates and variables of `config-files.yaml`, as they are published. Undefined when nothing is rendered.
 *
 * @throws DeployError naming the file that is missing or wrong.
 */
export async function loadConfigFiles(
  options: ConfigFilesOptions,
): Promise<PublishedConfigFiles | undefined> {
  if (!options.settings.configDeploy) return undefined;
  const { directories } = options;
  const [list] = await filesNamed(directories, /^config-files\.ya?ml$/);
  if (list === undefined) {
    throw new DeployError("config_deploy is set, but there is no scap/config-files.yaml", {
      code: "NO_CONFIG_FILES",
      hint: "List the files to render there, or set config_deploy to false.",
    });
  }
  const entries = mapping(await readYamlFile(list), list);
  const files: PublishedConfigFile[] = [];
  for (const [name, attributes] of entries) {
    files.push(
      await publishedFile(String(name), mapping(attributes, `${list}: ${String(name)}`), directories),
    );
  }
  return { files, override_vars: await mergedVariables(directories) };
}

async function publishedFile(
  name: string,
  attributes: ReadonlyMap<unknown, unknown>,
  directories: readonly string[],
): Promise<PublishedConfigFile> {
  refuseEscape(name);
  const template = attributes.get("template");
  if (typeof template !== "string" || template === "") throw badFile(name, "has no template");
  const optional = ["remote_vars", "engine", "mode", "owner", "group", "validate"] as const;
  const texts = optional.flatMap((key): [string, string][] => {
    const value = attributes.get(key);
    if (value === undefined || value === null || value === "") return [];
    if (typeof value !== "string") throw badFile(name, `has ${key} that is no text; put it in quotes`);
    return [[key, value]];
  });
  return {
    name,
    output_format: outputFormat(name, attributes.get("output_format")),
    template: await readTemplate(template, directories),
    erb_syntax: attributes.get("erb_syntax") === true,
    ...Object.fromEntries(texts),
  };
}

const FORMATS = new Set(["yaml", "yml", "yaml-strict", "json"]);

/** The configured format, else guessed from the file's name without a final `.j2`. */
function outputFormat(name: string, configured: unknown): string | null {
  if (configured === undefined || configured === null) {
    return /\.ya?ml$/.test(name.replace(/\.j2$/, "")) ? "yaml" : null;
  }
  if (typeof configured === "string" && FORMATS.has(configured)) return configured;
  throw badFile(
    name,
    `has output_format ${JSON.stringify(configured)}; known are ${[...FORMATS].join(", ")}`,
  );
}

/** A relative name is a place in the revision, and must stay in it. */
function refuseEscape(name: string): void {
  const path = normalize(name);
  if (name === "" || path === "." || path === ".." || path.startsWith("../") || name.includes("\0")) {
    throw badFile(name, "leads out of the revision's directory");
  }
}

async function readTemplate(name: string, directories: readonly string[]): Promise<string> {
  for (const directory of directories) {
    const path = join(directory, "templates", name);
    if (!path.startsWith(join(directory, "templates/")))
      throw badFile(name, "is a template outside of scap/templates");
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== undefined) return text;
  }
  throw badFile(name, "is a template that is not in scap/templates");
}

/** Variables of all `vars.yaml`, the environment's over the base's, key by key. */
async function mergedVariables(directories: readonly string[]): Promise<ReadonlyMap<unknown, unknown>> {
  const merged = new Map<unknown, unknown>();
  for (const file of await filesNamed(directories.toReversed(), /^vars\.yaml$/)) {
    for (const [key, value] of mapping(await readYamlFile(file), file)) merged.set(key, value);
  }
  return merged;
}

async function readYamlFile(file: string): Promise<unknown> {
  return readYaml(await readFile(file, "utf8"), { file });
}

function mapping(value: unknown, place: string): ReadonlyMap<unknown, unknown> {
  if (value instanceof Map) return value;
  throw new DeployError(`${place}: expected a mapping`, {
    code: "CONFIG_FILES",
    hint: "See the guide on config files.",
  });
}

function badFile(name: string, what: string): DeployError {
  return new DeployError(`config-files.yaml: ${JSON.stringify(name)} ${what}`, { code: "CONFIG_FILES" });
}
