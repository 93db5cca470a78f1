import { globTest } from "./filter/glob.ts";
import type { LogRecord } from "./record.ts";

const isTarget = globTest("target.*");
const isKubernetes = (name: string): boolean =>
  name.endsWith("scap.k8s.build") || name.endsWith("scap.k8s.deploy");

/**
 * Which records a console leaves out: those of targets always, and those of the image build and of the Kubernetes
 * deployment below the console's level.
 *
 * @param minLevel - the console's level
 */
export function consoleHides(minLevel: number): (record: LogRecord) => boolean {
  return ({ name, levelno }) => isTarget(name) || (isKubernetes(name) && levelno < minLevel);
}
