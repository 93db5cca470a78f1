import { disabledServices } from "../services/disabled-services.ts";
import { parsePort } from "../services/port-number.ts";
import { probePort } from "../services/port-probe.ts";
import { parseServiceNames, type ServiceItem } from "../services/service-names.ts";
import { pathExists } from "../path-exists.ts";
import type { StageContext, StageOutcome } from "../stage-context.ts";

const DEFAULT_PROBE_SECONDS = 120;

/** Stage `handle_service`: restarts or reloads the services, then waits for their port. */
export async function handleServiceStage(context: StageContext): Promise<StageOutcome> {
  const { info, secondarySignalFile, signal } = context;
  if (info.service_name === undefined || info.service_name.trim() === "") return { noop: false };
  const services = parseServiceNames(info.service_name);
  const isSecondary = await pathExists(await secondarySignalFile());
  let handled = 0;
  for (const service of services) handled += (await handle(context, service, isSecondary)) ? 1 : 0;
  const port = info.service_port?.trim() ?? "";
  if (port === "" || handled === 0) return { noop: false };
  const timeoutMs = (info.service_timeout ?? DEFAULT_PROBE_SECONDS) * 1000;
  await probePort({ port: parsePort(port), timeoutMs, signal });
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
  const disabled = disabledServices(context.paths);
  if (isSecondary && service.isDisabledOnSecondary) {
    logger
      .named("service_disable")
      .info("Stopping and disabling service %s on this secondary host", { args: [name] });
    await services.disable(name, signal);
    await disabled.add(name);
    return false;
  }
  const isOff = await disabled.has(name);
  if (isOff) {
    logger
      .named("service_enable")
      .info("Enabling service %s: this host is no longer secondary", { args: [name] });
    await services.enable(name, signal);
    await disabled.remove(name);
  }
  // A service that was stopped has nothing to reload.
  const action = isOff ? "restart" : service.action;
  logger.named(`service_${action}`).info("%s of service %s", { args: [action, name] });
  await services[action](name, signal);
  return true;
}
