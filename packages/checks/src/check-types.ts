import type { CheckType } from "./check-type.ts";
import { commandType } from "./types/command-type.ts";
import { haproxyType } from "./types/haproxy-type.ts";
import { httpType } from "./types/http-type.ts";
import { nrpeType } from "./types/nrpe-type.ts";
import { scriptType } from "./types/script-type.ts";
import { serviceType } from "./types/service-type.ts";
import { tcpType } from "./types/tcp-type.ts";

/** The types of checks by name. */
export type CheckTypes = ReadonlyMap<string, CheckType>;

/** The types that come with this package. */
export const BUILT_IN_CHECK_TYPES: readonly CheckType[] = [
  commandType,
  scriptType,
  nrpeType,
  httpType,
  tcpType,
  serviceType,
  haproxyType,
];

/** The register of types: the built-in ones and yours; yours win. */
export function createCheckTypes(extra: readonly CheckType[] = []): CheckTypes {
  return new Map([...BUILT_IN_CHECK_TYPES, ...extra].map((type) => [type.name, type]));
}
