import { isAbsolute } from "node:path";
import { describeOrigin, nearestName, optionsForTargets, type Config } from "@scap/config";
import type { DeployInfo } from "../../deploy-info.ts";
import { parseDeployInfo } from "../../parse-deploy-info.ts";
import { serialiseDeployInfo } from "../../serialise-deploy-info.ts";
import { DeployError } from "../../errors.ts";
import { parseSharedPaths } from "../../shared-paths.ts";
import { DISABLE_SECONDARY, parseServiceNames } from "../../target/services/service-names.ts";
import { serverUrl } from "../../target/sources/server-url.ts";

/** Values with a form of their own, as targets read them. */
const READERS: Partial<Record<keyof DeployInfo, (text: string) => unknown>> = {
  service_name: parseServiceNames,
  shared: parseSharedPaths,
  git_server: (text) => requireUrl("git_server", text, { git_server: text }),
  git_scheme: (text) => requireUrl("git_scheme", text, { git_scheme: text, git_server: "deploy" }),
};

/** What targets ignore, and what probably was meant. */
const DOUBTS: Partial<Record<keyof DeployInfo, (text: string) => readonly string[]>> = {
  service_name: (text) => parseServiceNames(text).flatMap(({ secondary }) => doubtsOfSecondary(secondary)),
  nrpe_dir: (text) => (isAbsolute(text) ? [] : [`${JSON.stringify(text)} is no absolute path`]),
};

/**
 * Reads what is published to targets as they will, so that a mistake is found here and not on hosts, one by one, when the
 * code is live.
 *
 * @returns warnings with file and line
 * @throws DeployError naming file and line, with the code that the target would give
 */
export function checkTargetOptions(config: Config): string[] {
  const warnings: string[] = [];
  for (const [name, value] of Object.entries(optionsForTargets(config))) {
    const option = name as keyof DeployInfo; // what it is not has no reader
    const text = String(value);
    if (text.trim() === "") continue;
    const place = describeOrigin(config.origin(name));
    naming(place, () => {
      parseDeployInfo(serialiseDeployInfo({ ...ANY_REVISION, [name]: value }), "the deploy info");
      READERS[option]?.(text);
    });
    for (const doubt of DOUBTS[option]?.(text) ?? []) warnings.push(`${place}: ${name}: ${doubt}`);
  }
  return warnings;
}

const ANY_REVISION: DeployInfo = {
  ...{ tag: "", commit: "0".repeat(40), git_rev: "", user: "", timestamp: "", original_origin: "" },
  ...{ log_json: true, perform_checks: true },
};

function naming(place: string, read: () => void): void {
  try {
    read();
  } catch (cause) {
    if (!(cause instanceof DeployError)) throw cause;
    const { code, hint, message } = cause;
    throw new DeployError(`${place}: ${message}`, { code, cause, ...(hint === undefined ? {} : { hint }) });
  }
}

function requireUrl(option: string, text: string, parts: Parameters<typeof serverUrl>[0]): void {
  const url = serverUrl(parts, "acme/web");
  if (!/[\s#?]|:\/\/.*:\/\//.test(url) && URL.canParse(url)) return;
  throw new DeployError(`${option}: ${JSON.stringify(text)} makes no URL: ${url}`, {
    code: "BAD_GIT_SERVER",
    hint: "git_server is a host or host:port, git_scheme the word before ://, for example https.",
  });
}

function doubtsOfSecondary(secondary: string): string[] {
  if (secondary === "" || secondary === DISABLE_SECONDARY) return [];
  const meant = nearestName(secondary, [DISABLE_SECONDARY]);
  const advice = meant === undefined ? `only ${DISABLE_SECONDARY} is known` : `did you mean ${meant}?`;
  return [`${JSON.stringify(secondary)} is ignored; ${advice}`];
}
