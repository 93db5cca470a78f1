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

/** How a value of a deploy info is read and written. */
export type DeployInfoFieldType = "text" | "flag" | "number" | "float" | "mask" | "value";

/** Every key of a deploy info, and what its value is. */
export const DEPLOY_INFO_FIELDS: Readonly<Record<keyof DeployInfo, DeployInfoFieldType>> = {
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
