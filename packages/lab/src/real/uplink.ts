import { access } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { addressOf, PREFIX_LENGTH, type Subnet } from "./subnet.ts";
import { runSystem } from "./system-command.ts";

/**
 * Makes this machine's end of the cable into the lab. The other end is in the lab's namespace, so that the kernel
 * removes both when the lab ends. There is no route beyond the lab's own addresses on either side.
 */
export async function connectUplink(subnet: Subnet, labInitPid: number, hasRelay: boolean): Promise<void> {
  const { interfaceName } = subnet;
  const up = `addr add ${addressOf(subnet, 1)}/${PREFIX_LENGTH} dev ${interfaceName}\nlink set ${interfaceName} addrgenmode none up\n`;
  if (hasRelay) {
    const move = ["ip", "link", "set", "outer", "name", interfaceName, "netns", String(process.pid)];
    await runSystem(["nsenter", "--target", String(labInitPid), "--net", ...move]);
    await runSystem(["ip", "-batch", "-"], up);
  } else {
    const cable = `link add ${interfaceName} type veth peer name uplink netns ${labInitPid}\n`;
    await runSystem(["ip", "-batch", "-"], cable + up);
  }
}

/** The kernel takes interfaces away a moment after the last process of their namespace has gone. */
export async function waitUntilGone({ interfaceName }: Subnet): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const isThere = await access(`/sys/class/net/${interfaceName}`).then(
      () => true,
      () => false,
    );
    if (!isThere) return;
    await sleep(20);
  }
}
