import { readYaml, TemplateError, typedYamlValues } from "@scap/template";

import { DEPLOY_INFO_FIELDS, type DeployInfo } from "./deploy-info.ts";
import { readField } from "./deploy-info-field.ts";
import { DeployError } from "./errors.ts";

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
  for (const [key, type] of Object.entries(DEPLOY_INFO_FIELDS)) {
    const value = raw.get(key);
    if (value === undefined || value === null) continue;
    // Template variables keep the types of YAML: templates print 1.0 and 1 differently.
    info[key] = key === "config_files" ? value : readField(type, value, { key, text, source });
  }
  return requireCommit(info, source);
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
