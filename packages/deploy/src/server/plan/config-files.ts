import {
  checkTemplate,
  findTemplate,
  loadVariables,
  readConfigFiles,
  readText,
  TemplateError,
  type ConfigFileEntry,
} from "@scap/template";
import type { PublishedConfigFile, PublishedConfigFiles } from "../../deploy-info.ts";
import { DeployError } from "../../errors.ts";
import { filesNamed, findConfigFileList } from "./environment-files.ts";
import type { DeployMode } from "./plan.ts";
import type { DeploySettings } from "./settings.ts";

export interface ConfigFilesOptions {
  /** `scap` directories, the most specific first. */
  readonly directories: readonly string[];
  readonly settings: Pick<DeploySettings, "configDeploy">;
}

/** Configuration files as they are published, and what somebody should look at. */
export interface LoadedConfigFiles {
  readonly published: PublishedConfigFiles;
  readonly warnings: readonly string[];
}

/**
 * The configuration files of a run. A rollback renders nothing, so nothing that is wrong with templates or variables
 * keeps hosts from it.
 *
 * @throws DeployError or TemplateError, unless it is a rollback
 */
export async function configFilesFor(
  mode: DeployMode,
  options: ConfigFilesOptions,
): Promise<Partial<LoadedConfigFiles> & Pick<LoadedConfigFiles, "warnings">> {
  try {
    return (await loadConfigFiles(options)) ?? { warnings: [] };
  } catch (error) {
    const isKnown = error instanceof DeployError || error instanceof TemplateError;
    if (mode !== "rollback" || !isKnown) throw error;
    return { warnings: [`${error.message}; a rollback renders nothing, so it goes on`] };
  }
}

/**
 * Templates and variables of `config-files.yaml`. Every template is parsed here, before anything is published.
 * Undefined when nothing is rendered.
 *
 * @throws DeployError or TemplateError naming the file, and the line where there is one.
 */
export async function loadConfigFiles(options: ConfigFilesOptions): Promise<LoadedConfigFiles | undefined> {
  if (!options.settings.configDeploy) return undefined;
  const { directories } = options;
  const list = await findConfigFileList(directories);
  if (list === undefined) {
    throw new DeployError("config_deploy is set, but there is no scap/config-files.yaml", {
      code: "NO_CONFIG_FILES",
      hint: "List the files to render there, or set config_deploy to false.",
    });
  }
  const { entries, warnings } = readConfigFiles(list);
  const variableFiles = await filesNamed(directories.toReversed(), /^vars\.yaml$/);
  const files: PublishedConfigFile[] = [];
  for (const entry of entries) files.push(await publishedFile(entry, { directories, list, variableFiles }));
  return { published: { files, override_vars: variablesOf(variableFiles, "shallow") }, warnings };
}

function variablesOf(files: readonly string[], merge: "shallow" | "deep"): Map<string, unknown> {
  const variables = loadVariables({ files, merge });
  return new Map([...variables].map(([name, { value }]): [string, unknown] => [name, value]));
}

interface ConfigSources {
  readonly directories: readonly string[];
  /** `config-files.yaml`. */
  readonly list: string;
  /** `vars.yaml` of the base, then of the environment. */
  readonly variableFiles: readonly string[];
}

async function publishedFile(
  entry: ConfigFileEntry,
  { directories, list, variableFiles }: ConfigSources,
): Promise<PublishedConfigFile> {
  const { destination, engine, erbSyntax, group, mode, outputFormat, owner, remoteVars, template, validate } =
    entry;
  const isDeep = entry.merge === "deep";
  const text = readText(findTemplate(template, directories, { file: list, line: entry.line }));
  await checkTemplate({ text, name: template, engine, erbSyntax });
  return {
    name: destination,
    output_format: outputFormat,
    template: engine === "jinja" ? text.replaceAll(/\r\n?/g, "\n") : text,
    erb_syntax: erbSyntax,
    // Python Scap knows one engine, and no attribute that names it.
    ...(engine === "jinja" ? {} : { engine }),
    ...(remoteVars === undefined ? {} : { remote_vars: remoteVars }),
    ...(isDeep ? { merge: "deep" as const } : {}),
    ...(isDeep && variableFiles.length > 1 ? { vars: variablesOf(variableFiles, "deep") } : {}),
    ...(mode === undefined ? {} : { mode }),
    ...(owner === undefined ? {} : { owner }),
    ...(group === undefined ? {} : { group }),
    ...(validate === undefined ? {} : { validate }),
  };
}
