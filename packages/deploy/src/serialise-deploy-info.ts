import { PythonOrderedDict, writeYaml, YamlFloat } from "@scap/template";

import { DEPLOY_INFO_FIELDS, type DeployInfo } from "./deploy-info.ts";

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
  const isFloat = DEPLOY_INFO_FIELDS[key as keyof DeployInfo] === "float" && typeof value === "number";
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
