import { DeployError, TargetError } from "../../errors.ts";
import { OLDEST_NODE } from "./cache-directory.ts";
import { parsePlatform, platformText } from "./host-platform.ts";
import type { Runtime } from "./runtime-file.ts";
import type { Runtimes } from "./runtimes.ts";

/**
 * The Node to send to a host that has none.
 *
 * @param platform - asks the host for the line of the platform script
 * @throws TargetError `NODE_MISSING` when none may be sent or none fits; why a file of ours cannot be used
 */
export async function fittingRuntime(
  host: string,
  runtimes: Runtimes,
  platform: () => Promise<string>,
): Promise<Runtime> {
  if (runtimes.mode === "never") throw noneWanted(host);
  const parsed = parsePlatform(await platform());
  const runtime = parsed && (await prepared(host, runtimes.for(parsed)));
  if (runtime !== undefined) return runtime;
  const system = parsed === undefined ? "an unknown system" : platformText(parsed);
  throw new TargetError(host, `there is no Node on the host, and none to send for ${system}`, {
    code: "NODE_MISSING",
    hint: `Name a tarball of Node for that system in runtime_files, or install Node ${OLDEST_NODE} or newer there.`,
  });
}

function noneWanted(host: string): TargetError {
  const message = `there is no Node ${OLDEST_NODE} or newer on the host, and runtime is "never"`;
  return new TargetError(host, message, {
    code: "NODE_MISSING",
    hint: `Install Node ${OLDEST_NODE} or newer there, where the ssh user's PATH finds it, or set runtime to auto.`,
  });
}

/** A file of ours that cannot be used is no bug: every host that needs it fails with the reason. */
async function prepared(host: string, runtime: Promise<Runtime | undefined>): Promise<Runtime | undefined> {
  try {
    return await runtime;
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    const { code, hint, message } = error;
    throw new TargetError(host, message, { code, ...(hint === undefined ? {} : { hint }), cause: error });
  }
}
