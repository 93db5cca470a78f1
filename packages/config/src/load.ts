import { join } from "node:path";

import { adviseOn } from "./advice.ts";
import { coerceAll } from "./coerce-all.ts";
import { isRegularFile, parseBytes, readConfigFile } from "./config-file.ts";
import { createConfig, type Config, type ConfiguredText } from "./config.ts";
import { parseDefines } from "./defines.ts";
import { checkEnvironmentExists, checkEnvironmentName, environmentDirectory } from "./environment.ts";
import { ConfigError, problemsToError } from "./errors.ts";
import { effectiveFqdn } from "./fqdn.ts";
import type { IniFile } from "./ini.ts";
import type { ConfigValue, OptionSpec } from "./option-spec.ts";
import { OptionCatalogue, OPTIONS } from "./options.ts";
import type { ConfigOrigin } from "./origin.ts";
import type { ConfigProblem } from "./problem.ts";
import { remarksOn } from "./remarks.ts";
import { shownText } from "./redact.ts";
import { hasHostSections, mergeSections, type SectionMatch } from "./sections.ts";

/** What decides which files are read and who wins. */
export interface LoadConfigOptions {
  /** Directory whose `scap/scap.cfg` is read; no parent is searched. */
  readonly cwd: string;
  /** `-e`: the environment; an empty text counts as not given. */
  readonly environment?: string | undefined;
  /** `-D`: definitions `name:value`, the last one for a name winning. */
  readonly defines?: readonly string[] | undefined;
  /** `-c`: the only file to read; `-` is `stdin`. */
  readonly confFile?: string | undefined;
  /** Read `scap/scap.cfg` and the environment's file. @defaultValue true */
  readonly localConfig?: boolean | undefined;
  /** Name of this host, compared exactly. Without it the resolver is asked, and letter case ignored. */
  readonly fqdn?: string | undefined;
  /** Declarations besides the built-in ones; a name in both takes this one. */
  readonly options?: readonly OptionSpec[] | undefined;
  /** What `confFile: "-"` reads. @defaultValue an empty text */
  readonly stdin?: AsyncIterable<Uint8Array | string> | undefined;
  /** The file of the whole host. @defaultValue "/etc/scap.cfg" */
  readonly systemFile?: string | undefined;
}

/** A configuration with all that is wrong with its values. */
export interface InspectedConfig {
  /** Options with a problem have the value that the text gives, or else the text itself. */
  readonly config: Config;
  readonly problems: readonly ConfigProblem[];
  /** What works but a tidy file would not contain: deprecated options, surprises of `[DEFAULT]`. */
  readonly remarks: readonly ConfigProblem[];
  /** The parsed files, weakest first. */
  readonly files: readonly IniFile[];
}

/**
 * Loads the configuration.
 *
 * @throws {ConfigError} with all problems at once, each with file and line: a syntax error, a value of the wrong
 *   type or out of range, a malformed definition, an unknown environment, an unreadable file
 */
export async function loadConfig(options: LoadConfigOptions): Promise<Config> {
  const { config, problems } = await inspectConfig(options);
  if (problems.length > 0) throw problemsToError(problems);
  return config;
}

/**
 * Loads the configuration even when values are wrong, to show it.
 *
 * @throws {ConfigError} when no values can be told: syntax errors, an unknown environment, an unreadable file
 */
export async function inspectConfig(options: LoadConfigOptions): Promise<InspectedConfig> {
  const defines = parseDefines(options.defines ?? []);
  const base = await readBaseFiles(options);
  const match = matchOnce(options.fqdn);
  const selected = await selectEnvironment(options, await merge(base, defines, match));
  const own = await readEnvironmentFile(options, selected);
  const files = own === undefined ? base : [...base, own];
  const catalogue = new OptionCatalogue([...OPTIONS, ...(options.options ?? [])]);
  const merged = redactDefinitions(await merge(files, defines, match), catalogue);
  const { values, problems } = coerceAll(catalogue, merged);
  const origins = new Map([...merged].map(([name, { origin }]): [string, ConfigOrigin] => [name, origin]));
  placeEnvironment(selected, values, origins);
  const compared = options.fqdn !== undefined || hasHostSections(files) ? await match() : undefined;
  const advice = { catalogue, files, merged, match: compared };
  const config = createConfig({
    environment: selected.name === "" ? undefined : selected.name,
    fqdn: compared?.fqdn,
    values,
    origins,
    warnings: adviseOn(advice),
    defines: options.defines ?? [],
    files: files.map(({ file }) => file),
    catalogue,
  });
  return { config, problems, remarks: remarksOn(advice), files };
}

interface SelectedEnvironment {
  readonly name: string | undefined;
  readonly origin: ConfigOrigin;
}

async function readBaseFiles(options: LoadConfigOptions): Promise<IniFile[]> {
  const files =
    options.confFile === undefined
      ? await Promise.all(standardFiles(options).map(readConfigFile))
      : [await readOnlyFile(options.confFile, options.stdin)];
  return refuseBrokenFiles(files.filter((file) => file !== undefined));
}

function standardFiles(options: LoadConfigOptions): string[] {
  const local = options.localConfig === false ? [] : [join(options.cwd, "scap", "scap.cfg")];
  return [options.systemFile ?? "/etc/scap.cfg", ...local];
}

async function readOnlyFile(path: string, stdin: LoadConfigOptions["stdin"]): Promise<IniFile> {
  if (path === "-") {
    const chunks: Uint8Array[] = [];
    for await (const chunk of stdin ?? []) chunks.push(Buffer.from(chunk));
    return parseBytes(Buffer.concat(chunks), "<stdin>");
  }
  const file = await readConfigFile(path);
  if (file !== undefined) return file;
  throw new ConfigError(`There is no configuration file ${path}`, { code: "CONFIG_FILE_MISSING" });
}

function refuseBrokenFiles(files: IniFile[]): IniFile[] {
  const problems = files.flatMap((file) => file.problems);
  if (problems.length > 0) throw problemsToError(problems);
  return files;
}

/** An environment given with `-e` wins over the option; the option counts once, before the environment's file. */
async function selectEnvironment(
  options: LoadConfigOptions,
  merged: ReadonlyMap<string, ConfiguredText>,
): Promise<SelectedEnvironment> {
  const configured = merged.get("environment");
  const selected: SelectedEnvironment =
    options.environment || configured === undefined || configured.value === ""
      ? { name: options.environment, origin: { kind: "environment" } }
      : { name: configured.value, origin: configured.origin };
  if (selected.name) {
    checkEnvironmentName(selected.name);
    if (usesLocalFiles(options)) await checkEnvironmentExists(options.cwd, selected.name);
  }
  return selected;
}

async function readEnvironmentFile(
  options: LoadConfigOptions,
  selected: SelectedEnvironment,
): Promise<IniFile | undefined> {
  if (!selected.name || !usesLocalFiles(options)) return undefined;
  const path = join(environmentDirectory(options.cwd, selected.name), "scap.cfg");
  if (!(await isRegularFile(path))) return undefined;
  const file = await readConfigFile(path);
  return file === undefined ? undefined : refuseBrokenFiles([file])[0];
}

function usesLocalFiles(options: LoadConfigOptions): boolean {
  return options.confFile === undefined && options.localConfig !== false;
}

/** The resolver is asked at most once, and only when some file has a section for hosts. */
function matchOnce(given: string | undefined): () => Promise<SectionMatch> {
  if (given !== undefined) return () => Promise.resolve({ fqdn: given });
  let answer: Promise<SectionMatch> | undefined;
  return () => (answer ??= effectiveFqdn().then((fqdn) => ({ fqdn, ignoreCase: true })));
}

async function merge(
  files: readonly IniFile[],
  defines: ReadonlyMap<string, ConfiguredText>,
  match: () => Promise<SectionMatch>,
): Promise<Map<string, ConfiguredText>> {
  const fromFiles = mergeSections(files, hasHostSections(files) ? await match() : { fqdn: "" });
  return new Map([...fromFiles, ...defines]);
}

/** A definition is its own origin, and origins are printed. */
function redactDefinitions(
  texts: ReadonlyMap<string, ConfiguredText>,
  catalogue: OptionCatalogue,
): Map<string, ConfiguredText> {
  return new Map(
    [...texts].map(([name, text]) => {
      if (text.origin.kind !== "define") return [name, text];
      const define = `${name}:${shownText(catalogue.find(name), text.value)}`;
      return [name, { value: text.value, origin: { kind: "define", define } }];
    }),
  );
}

/** The option always says which environment is active, whatever the files set. */
function placeEnvironment(
  selected: SelectedEnvironment,
  values: Map<string, ConfigValue>,
  origins: Map<string, ConfigOrigin>,
): void {
  values.set("environment", selected.name ?? null);
  if (selected.name === undefined) origins.delete("environment");
  else origins.set("environment", selected.origin);
}
