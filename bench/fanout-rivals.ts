import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Lab } from "@scap/lab";

/** Hosts at a time, for everybody: the default of clush. */
export const FANOUT = 64;

/** Runs `true` on all hosts with clush and the ssh that it finds. */
export async function clush(lab: Lab): Promise<void> {
  const hosts = lab.hosts.map(({ name }) => name).join(",");
  await runToEnd("clush", ["-f", String(FANOUT), "-o", `-F ${lab.sshConfigFile}`, "-w", hosts, "true"], "");
}

/** Key exchanges that both sides can do: the one that ssh is to be restricted to by the goal, and the one that we take. */
export const KEY_EXCHANGES = ["curve25519-sha256", "ecdh-sha2-nistp256"] as const;

/** Runs `true` on all hosts with `xargs -P` and ssh. */
export async function xargsSsh(lab: Lab, options: readonly string[] = []): Promise<void> {
  const ssh = ["ssh", "-n", "-F", lab.sshConfigFile, ...options];
  const input = lab.hosts.map(({ name }) => `${name}\n`).join("");
  await runToEnd("xargs", ["-P", String(FANOUT), "-I", "{}", ...ssh, "--", "{}", "true"], input);
}

/** Opens an ssh control master for every host; call the result to end them. */
export async function controlMasters(lab: Lab): Promise<{ options: string[]; end: () => Promise<void> }> {
  const path = `-oControlPath=${lab.directory}/cm-%n`;
  await xargsSsh(lab, [path, "-oControlMaster=auto", "-oControlPersist=120"]);
  const options = [path, "-oControlMaster=no"];
  return { options, end: () => xargsSsh(lab, [path, "-O", "exit"]) };
}

async function runToEnd(program: string, args: readonly string[], input: string): Promise<void> {
  const child = spawn(program, args, { stdio: ["pipe", "ignore", "ignore"] });
  child.stdin.on("error", () => undefined).end(input);
  await once(child, "exit");
}
