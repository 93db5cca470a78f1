import { runCommand } from "../run-command.ts";
import { TargetWorkError } from "../target-error.ts";

/** The one way to the host's service manager. */
export interface ServiceManager {
  restart(service: string, signal: AbortSignal): Promise<void>;
  reload(service: string, signal: AbortSignal): Promise<void>;
  /** Stops the service and keeps it from starting at boot. */
  disable(service: string, signal: AbortSignal): Promise<void>;
  /** Lets the service start at boot again; starts nothing. */
  enable(service: string, signal: AbortSignal): Promise<void>;
  /** Whether there is a unit of that name that could be started. */
  exists(service: string, signal: AbortSignal): Promise<boolean>;
}

/** How services are managed. */
export interface ServiceManagerOptions {
  /** Added to the environment of the commands. @defaultValue nothing */
  readonly environment?: Readonly<Record<string, string>>;
  /** Longest time for one command, in milliseconds: a service that takes longer to start hangs. @defaultValue 300_000 */
  readonly timeoutMs?: number;
}

/** Manages services with the commands that sites allow in their sudo rules. */
export function sudoServiceManager(options: ServiceManagerOptions = {}): ServiceManager {
  const { environment = {}, timeoutMs = 300_000 } = options;
  const run = async (words: readonly string[], signal: AbortSignal): Promise<void> => {
    const result = await runCommand(words, { signal, timeoutMs, environment });
    if (result.exitCode === 0) return;
    throw new TargetWorkError(`${words.join(" ")} failed with status ${result.exitCode ?? "unknown"}`, {
      code: "SERVICE_FAILED",
      hint: "See journalctl on the host for the reason.",
      output: result.output,
    });
  };
  const service = async (name: string, action: string, signal: AbortSignal): Promise<void> =>
    await run(["sudo", "-n", "/usr/sbin/service", name, action], signal);
  return {
    restart: async (name, signal) => await service(name, "restart", signal),
    reload: async (name, signal) => await service(name, "reload", signal),
    disable: async (name, signal) => {
      await service(name, "stop", signal);
      await run(["sudo", "-n", "/bin/systemctl", "disable", name], signal);
    },
    enable: async (name, signal) => await run(["sudo", "-n", "/bin/systemctl", "enable", name], signal),
    exists: async (name, signal) => {
      const words = ["systemctl", "show", "--property", "LoadState", name];
      const { exitCode, output } = await runCommand(words, { signal, timeoutMs: 30_000, environment });
      const state = /^LoadState=(.*)$/m.exec(output)?.[1] ?? "";
      return exitCode === 0 && state !== "" && state !== "masked" && state !== "not-found";
    },
  };
}
