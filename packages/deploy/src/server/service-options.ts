import { describeOrigin, type Config } from "@scap/config";
import { DeployError } from "../errors.ts";
import { parsePort } from "../target/port-number.ts";
import { parseServiceNames } from "../target/service-names.ts";

/**
 * Reads the options of services as targets will, so that a mistake is found here and not on a live host.
 *
 * @throws DeployError `SERVICE_OPTIONS` naming file and line
 */
export function requireUsableServices(config: Config): void {
  attempt(config, "service_name", parseServiceNames);
  attempt(config, "service_port", parsePort);
}

function attempt(config: Config, option: string, read: (text: string) => unknown): void {
  const value = config.str(option);
  if (value === undefined || value.trim() === "") return;
  try {
    read(value);
  } catch (cause) {
    if (!(cause instanceof DeployError)) throw cause;
    throw new DeployError(`${describeOrigin(config.origin(option))}: ${cause.message}`, {
      code: "SERVICE_OPTIONS",
      cause,
      ...(cause.hint === undefined ? {} : { hint: cause.hint }),
    });
  }
}
