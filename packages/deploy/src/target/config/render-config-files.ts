import { mergeVariables, mergeVariablesDeep, readVariables, TemplateError } from "@scap/template";

import type { PublishedConfigFile } from "../../deploy-info.ts";
import { renderedPath, type RenderedFile } from "./config-files.ts";
import { leafTexts } from "./mask-secrets.ts";
import type { StageContext } from "../stage-context.ts";
import { TargetWorkError } from "../target-error.ts";

/** Renders a template's text with variables. */
export type ConfigRenderer = (
  file: PublishedConfigFile,
  variables: ReadonlyMap<string, unknown>,
  options: { readonly strict: boolean },
) => Promise<string>;

/**
 * Renders all configuration files of the deploy info; writes nothing. Each file has its own variables: the published
 * ones, overridden by those of its `remote_vars` file.
 */
export async function renderConfigFiles(context: StageContext): Promise<RenderedFile[]> {
  const { info, logger, paths, render } = context;
  const files = info.config_files;
  if (files === undefined) {
    throw new TargetWorkError("config_deploy is on, but the deploy info has no config_files", {
      code: "NO_CONFIG_FILES",
      hint: "Add scap/config-files.yaml on the deploy server, or set config_deploy: false.",
    });
  }
  // A deploy info of Python Scap does not say; there an undefined variable is empty text.
  const strict = info.strict_templates ?? false;
  const rendered: RenderedFile[] = [];
  const read = new Map<string, RemoteVariables>();
  for (const file of asFiles(files)) {
    const { variables: remote, secrets } = remoteVariables(file, read);
    if (remote?.size === 0) logger.warning("%s has no variables", { args: [file.remote_vars] });
    const published = asVariables(file.vars ?? get(files, "override_vars"));
    const merge = file.merge === "deep" ? mergeVariablesDeep : mergeVariables;
    const variables = merge(published, remote ?? new Map());
    const path = renderedPath(paths.rev(info.commit), file.name);
    const content = await render(file, variables, { strict });
    rendered.push({ file, path, content, secrets });
  }
  return rendered;
}

/** What a file of `remote_vars` brings in; nothing for a configuration file that has none. */
interface RemoteVariables {
  readonly variables?: ReadonlyMap<string, unknown>;
  readonly secrets: readonly string[] | undefined;
}

/** Reads each file once, however many configuration files use it; templates work on copies of what is in it. */
function remoteVariables(
  { name, remote_vars: path }: PublishedConfigFile,
  read: Map<string, RemoteVariables>,
): RemoteVariables {
  if (path === undefined || path === "") return { secrets: undefined };
  const known = read.get(path);
  if (known !== undefined) return known;
  try {
    const { variables } = readVariables(path);
    const remote = { variables, secrets: leafTexts(variables) };
    read.set(path, remote);
    return remote;
  } catch (cause) {
    if (!(cause instanceof TemplateError)) throw cause;
    throw new TargetWorkError(`Config file ${name}: cannot use its remote_vars: ${cause.message}`, {
      code: "REMOTE_VARS",
      hint: "The file must exist on the target and be readable by the ssh user.",
      cause,
    });
  }
}

/** The deploy info comes as maps of any depth; fields are checked here, where they are used. */
function asFiles(files: unknown): PublishedConfigFile[] {
  const list = get(files, "files");
  if (!Array.isArray(list)) throw malformed("files must be a list");
  return list.map((entry: unknown) => {
    const text = (key: string): string | undefined => {
      const value = get(entry, key);
      if (value === undefined || value === null) return undefined;
      if (typeof value === "string") return value;
      throw malformed(`${key} must be a text`);
    };
    const [name, template] = [text("name"), text("template")];
    if (name === undefined || template === undefined) throw malformed("every file needs name and template");
    const vars = get(entry, "vars");
    return {
      name,
      template,
      output_format: text("output_format") ?? null,
      erb_syntax: get(entry, "erb_syntax") === true,
      ...optional("remote_vars", text("remote_vars")),
      ...optional("engine", text("engine")),
      ...(text("merge") === "deep" ? { merge: "deep" as const } : {}),
      ...(vars === undefined || vars === null ? {} : { vars: asVariables(vars) }),
      ...optional("mode", text("mode")),
      ...optional("owner", text("owner")),
      ...optional("group", text("group")),
      ...optional("validate", text("validate")),
    };
  });
}

function asVariables(value: unknown): Map<string, unknown> {
  if (value === undefined || value === null) return new Map();
  if (value instanceof Map) return new Map(Array.from(value, ([key, each]) => [String(key), each]));
  if (typeof value === "object" && !Array.isArray(value)) return new Map(Object.entries(value));
  throw malformed("variables must be a mapping");
}

function get(container: unknown, key: string): unknown {
  if (container instanceof Map) return container.get(key);
  const isObject = typeof container === "object" && container !== null && Object.hasOwn(container, key);
  return isObject ? (container as Record<string, unknown>)[key] : undefined;
}

function optional<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string }; // one computed key
}

function malformed(reason: string): TargetWorkError {
  return new TargetWorkError(`config_files of the deploy info: ${reason}`, { code: "DEPLOY_INFO" });
}
