import { addressOf, PREFIX_LENGTH, type Subnet } from "./subnet.ts";

/** What is decided about one host before anything is created. */
export interface HostPlan {
  readonly name: string;
  readonly address: string;
  /** Address with prefix length, as `ip` wants it. */
  readonly cidr: string;
  /** Name of the port of the lab's switch that leads to the host. */
  readonly switchPort: string;
}

/** Gives each host its address and its port of the switch. */
export function planHosts(names: readonly string[], subnet: Subnet): readonly HostPlan[] {
  return names.map((name, index) => {
    const address = addressOf(subnet, index + 2);
    return { name, address, cidr: `${address}/${PREFIX_LENGTH}`, switchPort: `port${index + 1}` };
  });
}

/** Commands for `ip -batch` that build the switch and a namespace with one end of a cable for every host. */
export function networkBatch(hosts: readonly HostPlan[]): string {
  const cables = hosts.flatMap(({ name, switchPort }) => [
    `netns add ${name}`,
    `link add ${switchPort} type veth peer name eth0 netns ${name}`,
    `link set ${switchPort} master switch up`,
  ]);
  const lines = [
    "link set lo up",
    "link add switch type bridge forward_delay 0 mcast_snooping 0",
    "link set switch up",
    "link set uplink master switch up",
    ...cables,
  ];
  return `${lines.join("\n")}\n`;
}

/**
 * Rules that lose the IP packets of the ports in the set `cut`. ARP goes on, so that a host that is cut off is silent
 * instead of unreachable.
 */
export const CUT_RULES = `
table bridge lab {
  set cut { type ifname; }
  chain forward {
    type filter hook forward priority 0;
    ether type ip iifname @cut drop
    ether type ip oifname @cut drop
  }
}
`;
