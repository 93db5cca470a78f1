import { readFile } from "node:fs/promises";
import { LabError } from "../errors.ts";
import { execOnHost } from "../exec-on-host.ts";
import type { LabExecOptions, LabExecResult } from "../lab.ts";
import { systemPath } from "./system-command.ts";

/** Which host, and the login that commands run as when nothing else is said. */
export interface ExecInsideOptions {
  readonly initPid: number;
  readonly user: string;
}

/** Runs a command in a host's namespaces, from the home of its user. */
export async function execInside(
  { initPid, user: labUser }: ExecInsideOptions,
  argv: readonly string[],
  run: LabExecOptions,
): Promise<LabExecResult> {
  const user = run.user ?? labUser;
  const home = user === "root" ? "/root" : `/home/${user}`;
  const become = ["setpriv", `--reuid=${user}`, `--regid=${await groupOf(user, initPid)}`, "--init-groups"];
  const start = ["/bin/sh", "-c", 'cd "$HOME" && exec "$@"', "sh", ...argv];
  return execOnHost([...enterHost(initPid), ...become, ...start], {
    ...run,
    cwd: "/",
    env: { PATH: systemPath(), HOME: home, USER: user, LOGNAME: user, SHELL: "/bin/sh", LANG: "C.UTF-8" },
  });
}

/** The beginning of a command that runs on the host, as root. */
export function enterHost(initPid: number): ["nsenter", ...string[]] {
  return ["nsenter", "--target", String(initPid), "--mount", "--uts", "--ipc", "--net", "--pid"];
}

async function groupOf(user: string, initPid: number): Promise<string> {
  const passwd = await readFile(`/proc/${initPid}/root/etc/passwd`, "utf8");
  const line = passwd.split("\n").find((one) => one.startsWith(`${user}:`));
  if (line !== undefined) return line.split(":")[3] ?? "0";
  throw new LabError("BAD_OPTION", `The host has no login ${user}`);
}
