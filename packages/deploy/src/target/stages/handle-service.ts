import { access } from "node:fs/promises";

import { probePort } from "../port-probe.ts";
import { parseServiceNames, type ServiceItem } from "../service-names.ts";
import type { StageContext, StageOutcome } from "../stage-context.ts";
import { TargetWorkError } from "../target-error.ts";

const DEFAULT_PROBE_SECONDS = 120;

/** Stage `handle_service`: restarts or reloads the services, then waits for their port. */
export async function handleServiceStage(context: StageContext): Promise<StageOutcome> {
  const { info, secondarySignalFile, signal } = context;
  if (info.service_name === undefined || info.service_name.trim() === "") return { noop: false };
  const services = parseServiceNames(info.service_name);
  const isSecondary = await exists(await secondarySignalFile());
  let handled = 0;
  for (const service of services) handled += (await handle(context, service, isSecondary)) ? 1 : 0;
  if (info.service_port === undefined || handled === 0) return { noop: false };
  const timeoutMs = (info.service_timeout ?? DEFAULT_PROBE_SECONDS) * 1000;
  await probePort({ port: portNumber(info.service_port), timeoutMs, signal });
  return { noop: false };
}

/** Returns whether the service runs afterwards, so that its port can be expected to answer. */
async function handle(context: StageContext, service: ServiceItem, isSecondary: boolean): Promise<boolean> {
  const { assertHeld, info, logger, services, signal } = context;
  const { name } = service;
  await assertHeld();
  if (info.require_valid_service === true && !(await services.exists(name, signal))) {
    logger.warning("Service %s does not exist on this host and is skipped", { args: [name] });
    return false;
  }
  if (isSecondary && service.isDisabledOnSecondary) {
    logger
      .named("service_disable")
      .info("Stopping and disabling service %s on this secondary host", { args: [name] });
    await services.disable(name, signal);
    return false;
  }
  logger.named(`service_${service.action}`).info("%s of service %s", { args: [service.action, name] });
  await services[service.action](name, signal);
  return true;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new TargetWorkError(`service_port: ${JSON.stringify(text)} is not a port number`, {
    code: "BAD_PORT",
  });
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
