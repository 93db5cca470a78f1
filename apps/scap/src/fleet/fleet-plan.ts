import { foldHosts } from "@scap/targets";
import { countText } from "../count-text.ts";
import type { RecordedWork } from "./fleet-work.ts";
import { startOrder } from "./start-order.ts";

/** A plan for programs, with the hosts in the order in which they start. */
export function planObject({ commands, hosts, outputDirectory, shuffleSeed, sudo }: RecordedWork): object {
  return {
    hosts: startOrder(hosts, shuffleSeed),
    commands: commands.map(({ text }) => text),
    sudo: sudo ?? null,
    shuffleSeed: shuffleSeed ?? null,
    outputDirectory: outputDirectory ?? null,
  };
}

/** A plan for people. With the seed that it shows, a run can be repeated. */
export function planText({ commands, hosts, outputDirectory, shuffleSeed, sudo }: RecordedWork): string {
  const number = countText(hosts.length, "host");
  const as = sudo === undefined ? "" : `, as ${sudo}`;
  const order = shuffleSeed === undefined ? "" : `, in random order (--shuffle=${shuffleSeed})`;
  const lines = [
    `${number}${as}${order}: ${foldHosts(hosts)}`,
    ...commands.map(({ text }) => `  ${text}`),
    ...(outputDirectory === undefined ? [] : [`output: ${outputDirectory}`]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}
