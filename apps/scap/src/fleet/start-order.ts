import { randomInt } from "node:crypto";
import { UsageError } from "@scap/cli";
import { shuffle } from "@scap/ssh-job";

/** What `--shuffle` without a seed stands for. */
export const ANY_SEED = "any";
const SEEDS = 2 ** 32;

/**
 * The seed of `--shuffle`, one by chance when none is named.
 *
 * @returns undefined without `--shuffle`
 * @throws UsageError
 */
export function shuffleSeed(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (text === ANY_SEED) return randomInt(SEEDS);
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed < SEEDS) return seed;
  throw new UsageError(`--shuffle is ${JSON.stringify(text)}; expected a number from 0 to ${SEEDS - 1}`);
}

/** Hosts in the order in which they are started. */
export function startOrder(hosts: readonly string[], seed: number | undefined): readonly string[] {
  return seed === undefined ? hosts : shuffle(hosts, seed);
}

/** A random part of the hosts, in their order; the same part for the same seed. */
export function sampleHosts(
  hosts: readonly string[],
  size: number | undefined,
  seed: number = randomInt(SEEDS),
): readonly string[] {
  if (size === undefined || size >= hosts.length) return hosts;
  const chosen = new Set(shuffle(hosts, seed).slice(0, size));
  return hosts.filter((host) => chosen.has(host));
}
