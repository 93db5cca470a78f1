import { writeFile } from "node:fs/promises";
import { LabError } from "../errors.ts";
import type { LinkShape } from "../lab.ts";
import type { HostPlan } from "./host-plan.ts";
import { runSystem } from "./system-command.ts";

/** Sets delay and loss of a host's link. */
export type LinkShaper = (host: HostPlan & { readonly initPid: number }, link: LinkShape) => Promise<void>;

/** Tells whether this kernel can delay packets by itself. Tries it out in a network namespace that vanishes at once. */
export async function hasNetem(): Promise<boolean> {
  return runSystem([
    "unshare",
    "--net",
    "tc",
    "qdisc",
    "add",
    "dev",
    "lo",
    "root",
    "netem",
    "delay",
    "1ms",
  ]).then(
    () => true,
    () => false,
  );
}

/** Delays with `tc netem` at both ends of the host's cable. */
export function netemShaper(labInitPid: number): LinkShaper {
  return async (host, { rttMs = 0, lossPercent = 0 }) => {
    const rule = ["root", "netem", "limit", "100000", "delay", `${rttMs / 2}ms`, "loss", `${lossPercent}%`];
    const replace = (pid: number, device: string): Promise<string> =>
      runSystem(["nsenter", "-t", String(pid), "-n", "tc", "qdisc", "replace", "dev", device, ...rule]);
    await Promise.all([replace(labInitPid, host.switchPort), replace(host.initPid, "eth0")]);
  };
}

/** Delays in the relay between this machine and the lab; links between hosts stay as they are. */
export function relayShaper(ordersFile: string): LinkShaper {
  return async (host, { rttMs = 0, lossPercent = 0 }) => {
    // One write below the size of a pipe's buffer, so that orders of several hosts do not mix.
    await writeFile(ordersFile, `${host.address} ${rttMs / 2000} ${lossPercent / 100}\n`, { flag: "a" });
  };
}

/** For a lab that was started without `shapedLinks` on a kernel without `netem`. */
export const noShaper: LinkShaper = async () => {
  throw new LabError(
    "NOT_SUPPORTED",
    "This kernel has no netem, and the lab was started without shapedLinks",
    {
      hint: "Start the lab with shapedLinks: true; delays then come from a relay.",
    },
  );
};
