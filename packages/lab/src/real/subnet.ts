import { networkInterfaces } from "node:os";
import { LabError } from "../errors.ts";
import { runSystem } from "./system-command.ts";

/**
 * The addresses of one lab: a /22 of 198.18.0.0/15, which is set aside for tests between devices (RFC 2544) and is
 * routed nowhere.
 */
export interface Subnet {
  /** 0 to 127. */
  readonly index: number;
  /** Interface of this machine that leads into the lab. It exists in the kernel once the lab has the subnet. */
  readonly interfaceName: string;
}

export const PREFIX_LENGTH = 22;
const SUBNETS = 128;

/** Address number `ordinal` of the subnet: 1 is this machine, 2 the first host. */
export function addressOf(subnet: Subnet, ordinal: number): string {
  const value = subnet.index * 1024 + ordinal;
  return `198.${18 + (value >> 16)}.${(value >> 8) & 255}.${value & 255}`;
}

/**
 * Finds a subnet that nobody uses and tries to take it; the interface's name makes the kernel refuse the second of
 * two labs that start at once.
 */
export async function claimSubnet(claim: (subnet: Subnet) => Promise<void>): Promise<Subnet> {
  const start = process.pid % SUBNETS;
  for (let step = 0; step < SUBNETS; step++) {
    const index = (start + step) % SUBNETS;
    const subnet = { index, interfaceName: `scaplab${index}` };
    if (isInUse(subnet)) continue;
    try {
      await claim(subnet);
      return subnet;
    } catch (error) {
      if (!(await interfaceExists(subnet))) throw error;
    }
  }
  throw new LabError("START_FAILED", `All ${SUBNETS} address ranges for labs are in use`, {
    hint: "Close other labs: scap lab down.",
  });
}

function isInUse(subnet: Subnet): boolean {
  const own = addressOf(subnet, 1);
  const interfaces = networkInterfaces();
  return (
    subnet.interfaceName in interfaces ||
    Object.values(interfaces)
      .flat()
      .some((one) => one?.address === own)
  );
}

/** Also sees an interface that has no address yet. */
async function interfaceExists(subnet: Subnet): Promise<boolean> {
  const links = await runSystem(["ip", "-o", "link", "show"]);
  return links.includes(` ${subnet.interfaceName}@`) || links.includes(` ${subnet.interfaceName}:`);
}
