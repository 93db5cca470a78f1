export type { DeployInfo } from "./deploy-info.ts";
export { DeployError, TargetError } from "./errors.ts";
export { STAGES, DEFAULT_STAGES, type StageName } from "./stage.ts";
export { displayName, finishedText, startedText } from "./server/run/announcement.ts";
export { lastPublished } from "./server/publish/deploy-head.ts";
export { announcesRun, deploy } from "./server/deploy.ts";
export { identifyDeployment, type DeployIdentity } from "./server/publish/deploy-identity.ts";
export type { BadRevisionQuestion, DeployOptions } from "./server/deploy-options.ts";
export { findConfigFileList, scapDirectories } from "./server/plan/environment-files.ts";
export { eventLevel, eventText } from "./server/run/event-text.ts";
export { configuredRuntimes, Runtimes, type RuntimesOptions } from "./server/delivery/runtimes.ts";
export { fleetStatus, type FleetStatus, type StatusAnswer } from "./server/status/fleet-status.ts";
export { chooseRollback, type RollbackChoice } from "./server/rollback/choose-rollback.ts";
export {
  fleetRevisions,
  type FleetRevisionsOptions,
  type HostAnswer,
} from "./server/rollback/fleet-revisions.ts";
export type { HostRevision, HostRevisions } from "./server/rollback/revision-probe.ts";
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
export type { InstallFailure, InstallOptions, InstallResult } from "./server/install/work-on-hosts.ts";
export type { Finding } from "./server/doctor/finding.ts";
export { foldDeployment, joinDeployments, type LoggedDeployment } from "./server/run/interrupted.ts";
export { changedSince } from "./server/publish/changed-since.ts";
export { isResumable, resumePoint, type ResumePoint } from "./server/run/resume.ts";
export { fleetConfigDiff, type FleetConfigDiff } from "./server/status/fleet-config-diff.ts";
export { requireNoFreeze } from "./server/plan/freeze.ts";
export type { HostState, StaleProcess } from "./server/status/host-state.ts";
export type { Fleet, FleetStageOptions, FleetStageResult, LeavingVerdict } from "./server/fleet/fleet.ts";
export type { AnswerLimit } from "./server/run/lease-keeper.ts";
export type { DeployQuestions } from "./server/run/orchestrate-options.ts";
export { orchestrate } from "./server/run/orchestrate.ts";
export { finishedWell, type DeployResult } from "./server/run/host-runs.ts";
export {
  planDeployment,
  type DeployMode,
  type DeployPlan,
  type PlannedGroup,
  type PlanInput,
} from "./server/plan/plan.ts";
export {
  parsePlanFile,
  planFile,
  requireSamePlan,
  type PlanFile,
  type PlanRequest,
} from "./server/plan/plan-file.ts";
export {
  isStageName,
  logDirectory,
  prepareDeployment,
  type DeployRequest,
  type PreparedDeployment,
} from "./server/plan/prepare.ts";
export { deploySettings, type DeploySettings } from "./server/plan/settings.ts";
export { workerFile, type WorkerFile } from "./server/delivery/worker-delivery.ts";
export type { DeployLocalOption } from "./target/deploy-local-options.ts";
export { renderConfigFile } from "./target/config/render-template.ts";
export type { RevisionVerdict, RevisionVerdicts } from "./target/revisions/verdicts.ts";
export { finishUnit, type FinishUnitOptions } from "./target/guards/finish-unit.ts";
export type { UnattendedHost } from "./target/guards/unattended-context.ts";
export { runPromoteGuard, type OwnCommand, type PromoteGuardOptions } from "./target/guards/promote-guard.ts";
export {
  runDeployLocal,
  type RunDeployLocalOptions,
  type TargetConfiguration,
} from "./target/run-deploy-local.ts";
export {
  sudoServiceManager,
  type ServiceManager,
  type ServiceManagerOptions,
} from "./target/services/service-manager.ts";
export { runWorker, type WorkerOptions } from "./target/worker/worker.ts";
export { configDiffLines, type ConfigDiff } from "./view/config-diffs.ts";
export { consoleReporter, type ReporterOptions } from "./view/console-reporter.ts";
export { renderHostsReport } from "./view/hosts-report-text.ts";
export { renderPlan } from "./view/plan-text.ts";
