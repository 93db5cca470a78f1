export type { DeployInfo } from "./deploy-info.ts";
export { DeployError, TargetError } from "./errors.ts";
export { STAGES, DEFAULT_STAGES, type StageName } from "./stage.ts";
export { displayName, finishedText, startedText } from "./server/announcement.ts";
export { lastPublished } from "./server/deploy-head.ts";
export { announcesRun, deploy } from "./server/deploy.ts";
export { identifyDeployment, type DeployIdentity } from "./server/deploy-identity.ts";
export type { BadRevisionQuestion, DeployOptions } from "./server/deploy-options.ts";
export { scapDirectories } from "./server/environment-files.ts";
export { eventLevel, eventText } from "./server/event-text.ts";
export { configuredRuntimes, Runtimes, type RuntimesOptions } from "./server/delivery/runtimes.ts";
export { fleetStatus, type FleetStatus, type StatusAnswer } from "./server/fleet-status.ts";
export { chooseRollback, type RollbackChoice } from "./server/choose-rollback.ts";
export { fleetRevisions, type FleetRevisionsOptions, type HostAnswer } from "./server/fleet-revisions.ts";
export type { HostRevision, HostRevisions } from "./server/revision-probe.ts";
export {
  checkHosts,
  isReady,
  type CheckHostsOptions,
  type HostsReport,
} from "./server/doctor/check-hosts.ts";
export {
  restoreReturns,
  type RestoredReturn,
  type RestoreReturnsOptions,
} from "./server/doctor/restore-returns.ts";
export type { RemovalChoice } from "./server/install/choose-removals.ts";
export { installHosts, listInstalled, type InstallWorldOptions } from "./server/install/install-hosts.ts";
export {
  isInstalledName,
  type InstalledFacts,
  type InstalledFile,
} from "./server/install/installed-script.ts";
export { removeVersions, type RemoveVersionsOptions } from "./server/install/remove-versions.ts";
export type { InstallOptions, InstallResult } from "./server/install/work-on-hosts.ts";
export type { Finding } from "./server/doctor/finding.ts";
export { foldDeployment, type LoggedDeployment } from "./server/interrupted.ts";
export { changedSince } from "./server/changed-since.ts";
export { isResumable, resumePoint, type ResumePoint } from "./server/resume.ts";
export { fleetConfigDiff, type FleetConfigDiff } from "./server/fleet-config-diff.ts";
export { requireNoFreeze } from "./server/freeze.ts";
export type { HostState, StaleProcess } from "./server/host-state.ts";
export type { Fleet, FleetStageOptions, FleetStageResult, LeavingVerdict } from "./server/fleet.ts";
export type { AnswerLimit } from "./server/lease-keeper.ts";
export type { DeployQuestions } from "./server/orchestrate-options.ts";
export { orchestrate } from "./server/orchestrate.ts";
export { finishedWell, type DeployResult } from "./server/host-runs.ts";
export {
  planDeployment,
  type DeployMode,
  type DeployPlan,
  type PlannedGroup,
  type PlanInput,
} from "./server/plan.ts";
export {
  parsePlanFile,
  planFile,
  requireSamePlan,
  type PlanFile,
  type PlanRequest,
} from "./server/plan-file.ts";
export {
  isStageName,
  logDirectory,
  prepareDeployment,
  type DeployRequest,
  type PreparedDeployment,
} from "./server/prepare.ts";
export { deploySettings, type DeploySettings } from "./server/settings.ts";
export { workerFile, type WorkerFile } from "./server/worker-delivery.ts";
export type { DeployLocalOption } from "./target/deploy-local-options.ts";
export { renderConfigFile } from "./target/render-template.ts";
export type { RevisionVerdict, RevisionVerdicts } from "./target/verdicts.ts";
export { finishUnit, type FinishUnitOptions } from "./target/finish-unit.ts";
export type { UnattendedHost } from "./target/unattended-context.ts";
export { runPromoteGuard, type OwnCommand, type PromoteGuardOptions } from "./target/promote-guard.ts";
export {
  runDeployLocal,
  type RunDeployLocalOptions,
  type TargetConfiguration,
} from "./target/run-deploy-local.ts";
export {
  sudoServiceManager,
  type ServiceManager,
  type ServiceManagerOptions,
} from "./target/service-manager.ts";
export { runWorker, type WorkerOptions } from "./target/worker.ts";
export { configDiffLines, type ConfigDiff } from "./view/config-diffs.ts";
export { consoleReporter, type ReporterOptions } from "./view/console-reporter.ts";
export { renderHostsReport } from "./view/hosts-report-text.ts";
export { renderPlan } from "./view/plan-text.ts";
