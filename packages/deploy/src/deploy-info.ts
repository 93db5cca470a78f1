import { coerceText } from "@scap/config";
import {
  PythonOrderedDict,
  readYaml,
  TemplateError,
  toPlainValue,
  typedYamlValues,
  writeYaml,
  YamlFloat,
} from "@scap/template";

import { DeployError } from "./errors.ts";

/** One rendered file of a deploy info. */
export interface PublishedConfigFile {
  /** Path on the target: absolute, or below the revision's directory. */
  readonly name: string;
  /** `yaml` prints values as YAML does; null as Python does. */
  readonly output_format: string | null;
  /** Text of the template. */
  readonly template: string;
  /** YAML file on the target whose values win over `override_vars`. */
  readonly remote_vars?: string;
  /** Whether the template uses `<% %>` delimiters. */
  readonly erb_syntax: boolean;
  /** Template engine; absent: chosen by the template's name. */
  readonly engine?: string;
  /** `deep` merges mappings of variables at every level; absent: a mapping replaces another as a whole. */
  readonly merge?: "deep";
  /** Variables of this file alone, in place of `override_vars`. */
  readonly vars?: ReadonlyMap<string, unknown>;
  /** Permissions, octal text such as `0640`. */
  readonly mode?: string;
  readonly owner?: string;
  readonly group?: string;
  /** Command that must accept the rendered file before it goes live. */
  readonly validate?: string;
}

/** The part of a deploy info that `config_deploy` renders. */
export interface PublishedConfigFiles {
  readonly files: readonly PublishedConfigFile[];
  /** Variables; a `Map` keeps the order of keys that look like numbers. */
  readonly override_vars: ReadonlyMap<unknown, unknown> | Readonly<Record<string, unknown>>;
}

/** What `.git/DEPLOY_HEAD` tells targets and other tools about a deployment. Absent options have their default. */
export interface DeployInfo {
  readonly tag: string;
  /** Object id of the revision. */
  readonly commit: string;
  readonly git_rev: string;
  readonly user: string;
  /** UTC, ISO 8601. */
  readonly timestamp: string;
  /** URL that the deploy server's checkout comes from, without credentials; empty when there is none. */
  readonly original_origin: string;
  readonly log_json: boolean;
  readonly perform_checks: boolean;
  /** Check definitions by name, in the order in which they run. */
  readonly checks?: ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>>;
  readonly config_files?: PublishedConfigFiles;
  readonly cache_revs?: number;
  readonly config_deploy?: boolean;
  readonly environment?: string;
  readonly git_deploy_dir?: string;
  readonly git_fat?: boolean;
  readonly git_binary_manager?: string;
  readonly git_server?: string;
  readonly git_scheme?: string;
  readonly git_repo?: string;
  readonly git_submodules?: boolean;
  readonly git_upstream_submodules?: boolean;
  readonly nrpe_dir?: string;
  readonly require_valid_service?: boolean;
  readonly secondary_targets_disabled?: string | boolean;
  readonly service_name?: string;
  readonly service_port?: string;
  /** Seconds. */
  readonly service_timeout?: number;
  /** Directories that outlive revisions, separated by commas. */
  readonly shared?: string;
  readonly strict_templates?: boolean;
  /** Permission bits, as a number. */
  readonly umask?: number;
}

type FieldType = "text" | "flag" | "number" | "float" | "mask" | "value";

const FIELDS: Readonly<Record<keyof DeployInfo, FieldType>> = {
  tag: "text",
  commit: "text",
  git_rev: "text",
  user: "text",
  timestamp: "text",
  original_origin: "text",
  log_json: "flag",
  perform_checks: "flag",
  checks: "value",
  config_files: "value",
  cache_revs: "number",
  config_deploy: "flag",
  environment: "text",
  git_deploy_dir: "text",
  git_fat: "flag",
  git_binary_manager: "text",
  git_server: "text",
  git_scheme: "text",
  git_repo: "text",
  git_submodules: "flag",
  git_upstream_submodules: "flag",
  nrpe_dir: "text",
  require_valid_service: "flag",
  secondary_targets_disabled: "text",
  service_name: "text",
  service_port: "text",
  service_timeout: "float",
  shared: "text",
  strict_templates: "flag",
  umask: "mask",
};

/** Longest deploy info that is read, in bytes: it comes over the network. */
export const MAX_DEPLOY_INFO_BYTES: number = 16 * 1024 * 1024;

/**
 * Reads a deploy info, in the form of Python Scap or in ours. Of YAML's tags only the standard ones and Python's
 * ordered map are accepted; unknown keys are ignored.
 *
 * @param source - where the text is from, for messages
 * @throws DeployError `DEPLOY_INFO` when the text is unusable
 */
export function parseDeployInfo(text: string, source: string): DeployInfo {
  if (Buffer.byteLength(text) > MAX_DEPLOY_INFO_BYTES) {
    throw new DeployError(`${source} is larger than ${MAX_DEPLOY_INFO_BYTES / 1024 / 1024} MiB`, {
      code: "DEPLOY_INFO",
    });
  }
  const raw = readMapping(text, source);
  const info: Record<string, unknown> = {};
  for (const [key, type] of Object.entries(FIELDS)) {
    const value = raw.get(key);
    if (value === undefined || value === null) continue;
    // Template variables keep the types of YAML: templates print 1.0 and 1 differently.
    info[key] = key === "config_files" ? value : convert(type, value, { key, text, source });
  }
  return requireCommit(info, source);
}

/** How {@link serialiseDeployInfo} writes. */
export interface SerialiseDeployInfoOptions {
  /**
   * Writes checks as Python's ordered maps. Python Scap on a target sorts those of a plain mapping by name before it
   * runs them. @defaultValue false
   */
  readonly orderedChecks?: boolean;
}

/**
 * Text of a deploy info, byte for byte as Python Scap writes it where both have the same values: block style, keys in
 * alphabetical order. Texts that a YAML 1.2 reader would misread get quotes, and checks keep their order, in which they
 * run. Undefined values are left out.
 */
export function serialiseDeployInfo(info: DeployInfo, options: SerialiseDeployInfoOptions = {}): string {
  return Object.entries(info)
    .filter(([, value]) => value !== undefined && value !== null)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => fieldText(key, value, options))
    .join("");
}

function fieldText(key: string, value: unknown, options: SerialiseDeployInfoOptions): string {
  if (key === "checks") {
    return writeYaml(
      { checks: options.orderedChecks === true ? asOrderedDicts(value) : value },
      { keys: "kept" },
    );
  }
  const isFloat = FIELDS[key as keyof DeployInfo] === "float" && typeof value === "number";
  return writeYaml({ [key]: isFloat ? new YamlFloat(value) : value });
}

function asOrderedDicts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asOrderedDicts);
  const isPlain =
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  if (!(value instanceof Map) && !isPlain) return value;
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return new PythonOrderedDict(entries.map(([key, each]) => [key, asOrderedDicts(each)]));
}

function readMapping(text: string, source: string): Map<unknown, unknown> {
  let value: unknown;
  try {
    value = readYaml(text, { file: source, allowOrderedDict: true, values: typedYamlValues });
  } catch (cause) {
    if (!(cause instanceof TemplateError)) throw cause;
    throw new DeployError(`${source} is not a deploy info: ${cause.message}`, { code: "DEPLOY_INFO", cause });
  }
  if (value instanceof Map) return value;
  throw new DeployError(`${source} is not a deploy info: expected a mapping`, { code: "DEPLOY_INFO" });
}

interface FieldPlace {
  readonly key: string;
  readonly text: string;
  readonly source: string;
}

function convert(type: FieldType, value: unknown, place: FieldPlace): unknown {
  switch (type) {
    case "value":
      return toPlainValue(value);
    case "text":
      return typeof value === "string" ? value : sourceText(place);
    case "flag":
      return toFlag(toPlainValue(value), place);
    case "number":
      return toInteger(toPlainValue(value), place);
    case "float":
      return toFloat(toPlainValue(value), place);
    case "mask":
      return toMask(toPlainValue(value), place);
    default:
      return type satisfies never;
  }
}

/**
 * An id such as `1234567` or a timestamp without quotes is text all the same. Such a value is a plain scalar on the
 * line of its key, so the line itself has it unchanged.
 */
function sourceText({ key, text, source }: FieldPlace): string {
  const match = new RegExp(`^${key}:[ \\t]+([^\\s#&*!|>'"{\\[][^\\n]*?)[ \\t]*(?: #[^\\n]*)?\\r?$`, "m").exec(
    text,
  );
  if (match?.[1] !== undefined) return match[1];
  throw wrongType({ key, text, source }, "a text");
}

const TRUE_WORDS = new Set(["1", "yes", "true", "on"]);
const FALSE_WORDS = new Set(["0", "no", "false", "off"]);

function toFlag(value: unknown, place: FieldPlace): boolean {
  const word = typeof value === "string" || typeof value === "number" ? String(value).toLowerCase() : "";
  if (typeof value === "boolean") return value;
  if (TRUE_WORDS.has(word)) return true;
  if (FALSE_WORDS.has(word)) return false;
  throw wrongType(place, "true or false");
}

/** As Python's `int` does it: a fraction is cut off, a truth counts, and a text must be an integer. */
function toInteger(value: unknown, place: FieldPlace): number {
  const number = typeof value === "string" ? coerced("int", value) : Math.trunc(Number(value));
  if (!isCompound(value) && Number.isFinite(number)) return number;
  throw wrongType(place, "a number");
}

/** As Python's `float` does it; without end is a time, too. */
function toFloat(value: unknown, place: FieldPlace): number {
  const number = typeof value === "string" ? coerced("float", value) : Number(value);
  if (!isCompound(value) && !Number.isNaN(number)) return number;
  throw wrongType(place, "a number");
}

function coerced(type: "int" | "float", text: string): number {
  const result = coerceText(type, text);
  return result.ok ? Number(result.value) : Number.NaN;
}

/** Lists, mappings and the like, which `Number` makes something of. */
function isCompound(value: unknown): boolean {
  return typeof value === "object";
}

function toMask(value: unknown, place: FieldPlace): number {
  const mask = toFloat(value, place);
  if (Number.isInteger(mask) && mask >= 0 && mask <= 0o777) return mask;
  throw wrongType(place, "permission bits");
}

function wrongType({ key, source }: FieldPlace, expected: string): DeployError {
  return new DeployError(`${source}: ${key} must be ${expected}`, { code: "DEPLOY_INFO" });
}

function requireCommit(info: Record<string, unknown>, source: string): DeployInfo {
  const { commit } = info;
  if (typeof commit !== "string" || !/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(commit)) {
    throw new DeployError(`${source} names no commit: expected 40 or 64 hexadecimal digits`, {
      code: "DEPLOY_INFO",
      hint: "Run scap deploy --init on the deploy server to write it anew.",
    });
  }
  const defaults = {
    tag: "",
    git_rev: commit,
    user: "",
    timestamp: "",
    original_origin: "",
    log_json: false,
    perform_checks: true,
  };
  return { ...defaults, ...info, commit };
}
