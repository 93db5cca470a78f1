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
