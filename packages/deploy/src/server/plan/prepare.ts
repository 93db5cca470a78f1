import { join } from "node:path";
import { describeProblem, type DerivedCheckType } from "@scap/checks";
import { optionsForTargets, type Config } from "@scap/config";
import { openRepository, requireGitVersion, type Repository } from "@scap/git";
import { loadTargets, type DeployGroup, type GroupSelection, type TargetList } from "@scap/targets";
import type { DeployInfo } from "../../deploy-info.ts";
import { DeployError } from "../../errors.ts";
import { STAGES, type StageName } from "../../stage.ts";
import { loadCheckDefinitions } from "./check-definitions.ts";
import { configFilesFor } from "./config-files.ts";
import { scapDirectories } from "./environment-files.ts";
import {
  planDeployment,
  type DeployMode,
  type DeployPlan,
  type PlanInput,
  type PlannedGroup,
} from "./plan.ts";
import { requireShared } from "./require-shared.ts";
import { requireSubmodules } from "./require-submodules.ts";
import { deploySettings, type DeploySettings } from "./settings.ts";
import { checkTargetOptions } from "./target-options.ts";

/** What the user asks for. */
export interface DeployRequest {
  /** Top of the checkout on the deploy server. */
  readonly checkout: string;
  readonly config: Config;
  readonly mode: DeployMode;
  /** The one stage to run, for mode `stages`. */
  readonly stage?: StageName;
  /** Revision given on the command line. */
  readonly revision?: string;
  /** Limit patterns; none means every host. */
  readonly limits: readonly string[];
  /** Only these hosts take part, of those that the limits leave. @defaultValue all */
  readonly onlyHosts?: ReadonlySet<string>;
  /** Types of checks that plugins bring. @defaultValue none */
  readonly checkTypes?: readonly DerivedCheckType[];
}

/** Everything that is known and checked before the first change. */
export interface PreparedDeployment {
  readonly plan: DeployPlan;
  /** How many hosts of each group the limits leave, also of groups that are left out. */
  readonly selection: readonly GroupSelection[];
  readonly settings: DeploySettings;
  readonly repository: Repository;
  /** Deploy info without the parts that are only known when it is published. */
  readonly info: Omit<DeployInfo, "tag" | "timestamp" | "user">;
  /** Whether a check runs before a stage: then even a host with nothing to do has that to do. */
  readonly hasChecksBefore: boolean;
  /** Names of checks that are switched off. */
  readonly switchedOffChecks: readonly string[];
  /** Things to know that do not stop the deployment. */
  readonly warnings: readonly string[];
}

/**
 * Looks everything up and checks it: configuration, hosts, revision, checks, templates. Changes nothing.
 *
 * @throws DeployError, or the error of the part that is wrong, naming file and line.
 */
export async function prepareDeployment(request: DeployRequest): Promise<PreparedDeployment> {
  const { checkout, config, mode } = request;
  const settings = deploySettings(config);
  requireService(mode, settings);
  const doubts = checkTargetOptions(config);
  const repository = await openRepository(checkout);
  const directories = await scapDirectories(checkout, settings.environment);
  const [targets, revision] = await Promise.all([
    loadTargets({ config, key: "dsh_targets", searchPath: directories, limits: request.limits }),
    chooseRevision(request, settings, repository),
    requireGitVersion(),
  ]);
  requireHosts(mode, targets);
  const commit = await repository.resolve(revision);
  const isForward = mode === "deploy" || mode === "stages" || mode === "init";
  const submoduleWarnings =
    isForward && settings.hasSubmodules
      ? await requireSubmodules(repository, commit, { isUpstream: settings.hasUpstreamSubmodules })
      : [];
  if (isForward) await requireShared(config.str("shared"), repository, commit);
  const checks = await loadCheckDefinitions({
    ...{ directories, repository, commit, settings, mayLackScripts: mode === "rollback" },
    checkTypes: request.checkTypes,
  });
  const configFiles = await configFilesFor(mode, { directories, settings });
  const [origin, isDirty] = await Promise.all([
    repository.remoteUrl(),
    repository.isDirty({ largeFiles: settings.hasLfs }),
  ]);
  return {
    plan: planOf(request, settings, targets, { revision, commit, tasks: checks.tasks }),
    selection: targets.selection,
    settings,
    repository,
    info: {
      ...optionsForTargets(config),
      commit,
      git_rev: commit,
      original_origin: origin,
      log_json: true,
      perform_checks: settings.performChecks,
      ...(checks.definitions.size === 0 ? {} : { checks: checks.definitions }),
      ...(configFiles.published === undefined ? {} : { config_files: configFiles.published }),
    },
    hasChecksBefore: checks.hasBefore,
    switchedOffChecks: checks.switchedOff,
    warnings: [
      ...doubts,
      ...targets.warnings,
      ...submoduleWarnings,
      ...binaryManagerWarnings(config),
      ...checks.warnings.map(describeProblem),
      ...configFiles.warnings,
      ...revisionWarnings(revision, request, settings),
      ...(isDirty ? [`${checkout} has changes that are not committed; they are not deployed`] : []),
    ],
  };
}

function requireService(mode: DeployMode, settings: DeploySettings): void {
  if (mode !== "restart" || settings.serviceName) return;
  throw new DeployError("--service-restart needs service_name, which is not set in scap/scap.cfg", {
    code: "NO_SERVICE",
    hint: "Add a line 'service_name: NAME' to its [global] section.",
  });
}

function requireHosts(mode: DeployMode, targets: TargetList): void {
  if (mode === "init" || targets.groups.length > 0) return;
  throw new DeployError("No targets are left to deploy to", {
    code: "NO_TARGETS",
    hint: "Check the host list files and --limit-hosts; 'scap targets list' shows what is selected.",
  });
}

/** The revision's name, by the first rule that applies. Looking again and restarting never move to a newer commit. */
async function chooseRevision(
  request: DeployRequest,
  settings: DeploySettings,
  repository: Repository,
): Promise<string> {
  if (request.revision !== undefined) return request.revision;
  if (settings.gitRev) return settings.gitRev;
  if (request.mode === "dry-run" || request.mode === "restart") {
    const tag = await repository.lastDeployTag();
    if (tag !== undefined) return `${tag}^{}`;
  }
  return "HEAD";
}

function revisionWarnings(revision: string, request: DeployRequest, settings: DeploySettings): string[] {
  const isRisky = request.revision === undefined && revision.startsWith("origin/");
  if (!isRisky || settings.hasUpstreamSubmodules) return [];
  return [`git_rev is ${revision} without git_upstream_submodules: submodules may not match it`];
}

/** Each target would ignore it and say so. */
function binaryManagerWarnings(config: Config): string[] {
  const known = ["git-lfs", "git-fat", ""];
  const unknown = (config.list("git_binary_manager") ?? []).filter((word) => !known.includes(word));
  return unknown.map((word) => `git_binary_manager names ${word}, which is not known and is ignored`);
}

function planOf(
  request: DeployRequest,
  settings: DeploySettings,
  targets: TargetList,
  which: Pick<PlanInput, "revision" | "commit" | "tasks">,
): DeployPlan {
  return planDeployment({
    mode: request.mode,
    ...(request.stage === undefined ? {} : { stage: request.stage }),
    repo: settings.repo,
    environment: settings.environment,
    ...which,
    hasGitServer: settings.gitServer !== undefined && settings.gitServer !== "",
    services: settings.serviceName,
    groups: targets.groups.map((group) => unstaged(group, request.onlyHosts)).filter(hasHosts),
    batchSize: (stage) => settings.batchSize(stage),
    confirm: { policy: settings.confirmPromote, timeoutMs: settings.confirmTimeoutMs },
  });
}

function unstaged(
  group: DeployGroup,
  onlyHosts: ReadonlySet<string> = new Set(group.hosts),
): Omit<PlannedGroup, "stages"> {
  const { failureLimit, name } = group;
  const excluded = new Set(group.hosts.filter((host) => !onlyHosts.has(host)));
  const hosts = group.hosts.filter((host) => onlyHosts.has(host));
  return { name, hosts, failureLimit, subgroups: group.subgroups(excluded) };
}

function hasHosts({ hosts }: { readonly hosts: readonly string[] }): boolean {
  return hosts.length > 0;
}

/** Whether a word names a stage. */
export function isStageName(word: string): word is StageName {
  return (STAGES as readonly string[]).includes(word);
}

/** Where a checkout keeps the log files of its deployments. */
export function logDirectory(checkout: string): string {
  return join(checkout, "scap", "log");
}
