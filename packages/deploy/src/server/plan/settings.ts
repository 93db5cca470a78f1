import { isAbsolute } from "node:path";
import { describeOrigin, type Config } from "@scap/config";
import { DeployError } from "../../errors.ts";
import type { StageName } from "../../stage.ts";
import type { ConfirmPolicy } from "./planned-lease.ts";

/** The configuration as a deployment uses it: typed, complete, in milliseconds. */
export interface DeploySettings {
  readonly repo: string;
  readonly gitServer: string | undefined;
  readonly gitDeployDir: string;
  readonly gitRev: string | undefined;
  readonly hasSubmodules: boolean;
  readonly hasUpstreamSubmodules: boolean;
  /** Whether large files are kept by git-lfs. */
  readonly hasLfs: boolean;
  /** Whether large files are kept by git-fat. */
  readonly hasFat: boolean;
  readonly serviceName: string | undefined;
  readonly configDeploy: boolean;
  readonly performChecks: boolean;
  /** Whether a check's option that nobody knows is an error. */
  readonly isStrictOnChecks: boolean;
  /** Whether checks are published as Python's ordered maps. */
  readonly hasPythonOrderedChecks: boolean;
  /** Whether there may be targets that read the published checks in another order. */
  readonly warnsOfPlainChecks: boolean;
  /** Names of the groups, in order. */
  readonly serverGroups: readonly string[];
  readonly tagsToKeep: number;
  readonly umask: number;
  readonly environment: string | null;
  /** Which hosts need a confirmation of what they promoted. */
  readonly confirmPromote: ConfirmPolicy;
  readonly confirmTimeoutMs: number;
  /** Hosts that work on a stage at once, 1 to 80. */
  batchSize(stage: StageName): number;
  /** Longest time for reaching and greeting a host. */
  readonly connectTimeoutMs: number;
  /** Longest time for one stage on one host. */
  readonly stageTimeoutMs: number;
  /** Longest time for the whole deployment. */
  readonly deployTimeoutMs: number;
}

/** More hosts at once than this gain nothing and strain sshd. */
const MOST_AT_ONCE = 80;

/**
 * Reads a deployment's settings.
 *
 * @throws DeployError when `git_repo` is missing or is no path below a directory, or `git_deploy_dir` is not absolute.
 */
export function deploySettings(config: Config): DeploySettings {
  const repo = config.str("git_repo");
  if (repo === undefined || repo === "") {
    throw new DeployError("git_repo is not set in scap/scap.cfg", {
      code: "NO_GIT_REPO",
      hint: "Add a line 'git_repo: group/name' to its [global] section; it names the repository on the targets.",
    });
  }
  checkRepositoryName(repo);
  const environment = config.str("environment");
  const gitServer = config.str("git_server");
  const hasPythonOrderedChecks = config.bool("python_ordered_checks");
  return {
    repo,
    gitServer,
    gitDeployDir: deployDirectory(config),
    gitRev: config.str("git_rev"),
    hasSubmodules: config.bool("git_submodules"),
    hasUpstreamSubmodules: config.bool("git_upstream_submodules"),
    ...largeFilePrograms(config),
    serviceName: config.str("service_name"),
    configDeploy: config.bool("config_deploy"),
    performChecks: config.bool("perform_checks"),
    isStrictOnChecks: config.bool("strict_checks"),
    hasPythonOrderedChecks,
    warnsOfPlainChecks: gitServer !== undefined && gitServer !== "" && !hasPythonOrderedChecks,
    serverGroups: config.list("server_groups") ?? ["default"],
    tagsToKeep: config.int("tags_to_keep") ?? 20,
    umask: config.int("umask") ?? 0o002,
    environment: environment === undefined || environment === "" ? null : environment,
    confirmPromote: confirmPolicy(config),
    confirmTimeoutMs: seconds(config, "confirm_timeout", 300),
    batchSize: (stage) => batchSize(config, stage),
    connectTimeoutMs: seconds(config, "connect_timeout", 15),
    stageTimeoutMs: seconds(config, "stage_timeout", 900),
    deployTimeoutMs: seconds(config, "deploy_timeout", 14_400),
  };
}

/** `git_fat` is an old way to ask for git-fat alone. */
function largeFilePrograms(config: Config): Pick<DeploySettings, "hasFat" | "hasLfs"> {
  if (config.bool("git_fat")) return { hasFat: true, hasLfs: false };
  const names = config.list("git_binary_manager") ?? [];
  return { hasFat: names.includes("git-fat"), hasLfs: names.includes("git-lfs") };
}

/**
 * A repository's name becomes a path on every target.
 *
 * @throws DeployError when it could lead elsewhere.
 */
export function checkRepositoryName(repo: string): void {
  const parts = repo.split("/");
  const isSafe = parts.every((part) => /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(part));
  if (isSafe) return;
  throw new DeployError(`git_repo is ${JSON.stringify(repo)}, which is no name of a repository`, {
    code: "BAD_GIT_REPO",
    hint: "Use letters, digits, dot, dash and underscore, in parts separated by '/', for example acme/web.",
    exitCode: 2,
  });
}

/** Every target would refuse it, one by one. */
function deployDirectory(config: Config): string {
  const directory = config.str("git_deploy_dir") ?? "/srv/deployment";
  if (isAbsolute(directory)) return directory;
  const place = describeOrigin(config.origin("git_deploy_dir"));
  throw new DeployError(
    `${place}: git_deploy_dir is ${JSON.stringify(directory)}, which is no absolute path`,
    {
      code: "BAD_GIT_DEPLOY_DIR",
      hint: "Name the directory of repositories on targets from / on, for example /srv/deployment.",
      exitCode: 2,
    },
  );
}

/** The declaration of the option allows these alone. */
function confirmPolicy(config: Config): ConfirmPolicy {
  const value = config.str("confirm_promote");
  return value === "all" || value === "never" ? value : "canaries";
}

function batchSize(config: Config, stage: StageName): number {
  const size = config.int(`${stage}_batch_size`) ?? config.int("batch_size") ?? MOST_AT_ONCE;
  return Math.min(Math.max(size, 1), MOST_AT_ONCE);
}

function seconds(config: Config, option: string, fallback: number): number {
  return (config.float(option) ?? fallback) * 1000;
}
