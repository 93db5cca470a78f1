import { describeOrigin, type Config } from "@scap/config";
import { DeployError } from "../../errors.ts";
import { parseServiceNames } from "../../target/services/service-names.ts";

/**
 * Reads `service_name` as targets will, so that a mistake is found here and not on a live host.
 *
 * @throws DeployError `SERVICE_OPTIONS` naming file and line
 */
export function requireUsableServices(config: Config): void {
  const value = config.str("service_name");
  if (value === undefined || value.trim() === "") return;
  try {
    parseServiceNames(value);
  } catch (cause) {
    if (!(cause instanceof DeployError)) throw cause;
    throw new DeployError(`${describeOrigin(config.origin("service_name"))}: ${cause.message}`, {
      code: "SERVICE_OPTIONS",
      cause,
      ...(cause.hint === undefined ? {} : { hint: cause.hint }),
    });
  }
}
