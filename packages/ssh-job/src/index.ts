export {
  argv,
  type ArgvCommand,
  type Command,
  describeCommand,
  quoteShell,
  type ShellCommand,
  posixScript,
  shellText,
} from "./command.ts";
export {
  AuthenticationError,
  ConnectionLostError,
  HostKeyError,
  type HostKeyProblem,
  SshError,
  type SshErrorCode,
  type SshErrorDetails,
  UnreachableError,
  type UnreachableReason,
} from "./errors.ts";
export { type GroupResult, type GroupsOptions, runInGroups } from "./groups/run-in-groups.ts";
export { addKnownHosts, type UnknownHostKey, unknownHostKeys } from "./host-keys/unknown-host-keys.ts";
export type { HostAddress } from "./hosts/host-settings.ts";
export type { CapturedOutput } from "./job/captured-output.ts";
export { descriptorShortage } from "./job/descriptor-limit.ts";
export { failureLimitFor } from "./job/amount.ts";
export { hasFailed, type HostOutcome, type HostResult, type TimeLimit } from "./job/host-result.ts";
export type { JobOptions, JobOutput } from "./job/job-options.ts";
export type { KeptOutput } from "./job/output-file.ts";
export { runJob } from "./job/run-job.ts";
export { shuffle } from "./job/shuffle.ts";
export { type JobSummary, summarizeJob } from "./job/summary.ts";
export type { OpenSshArgumentsOptions } from "./openssh/openssh-arguments.ts";
export { createOpenSshTransport, type OpenSshTransportOptions } from "./openssh/openssh-transport.ts";
export { rebootHosts, type RebootOptions } from "./reboot/reboot-hosts.ts";
export { type UptimeOptions, uptimes } from "./reboot/uptime.ts";
export { waitForReboot, type WaitForRebootOptions } from "./reboot/wait-for-reboot.ts";
export { LineSplitter, type OutputLine } from "./relay/line-splitter.ts";
export { RecordRelay, type RecordRelayOptions } from "./relay/record-relay.ts";
export { isSudoUser } from "./remote-script.ts";
export { createSimulatedTransport, type SimulatedHost, type SimulatedRun } from "./simulated-transport.ts";
export { createSshPool, type SshPool, type SshPoolOptions } from "./ssh-pool.ts";
export type { AlgorithmOptions, CipherAlgorithm, KexAlgorithm } from "./ssh2/algorithms.ts";
export type { SecretPrompt } from "./ssh2/key-file.ts";
export type {
  ConnectOptions,
  ExecOptions,
  RemoteExit,
  RemoteProcess,
  RemoteSignal,
  SshConnection,
  Transport,
} from "./transport.ts";
