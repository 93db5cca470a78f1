export { LabError, type LabErrorCode, type LabErrorOptions } from "./errors.ts";
export type {
  FillDiskOptions,
  Lab,
  LabExecOptions,
  LabExecResult,
  LabHost,
  LabKind,
  LabOptions,
  LabProcess,
  LinkShape,
} from "./lab.ts";
export { startEmbeddedLab } from "./embedded/embedded-lab.ts";
export { type RealLabOptions, startRealLab } from "./real/real-lab.ts";
export { realLabObstacle } from "./real/prerequisites.ts";
export {
  labDown,
  labList,
  labShell,
  type LabShellOptions,
  labUp,
  type LabUpOptions,
  type StateOptions,
} from "./state/background-lab.ts";
export { type BackgroundHost, type BackgroundLab, defaultStateDirectory } from "./state/state-directory.ts";
export type { ProcessIdentity } from "./state/process-identity.ts";
export {
  type RevisionWatch,
  type RevisionWatchResult,
  watchRevision,
  type WatchRevisionOptions,
} from "./watch-revision.ts";
