import { UsageError } from "@scap/cli";

const UNITS = { "": 1_000, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/**
 * Reads a length of time such as `90s`, `10m`, `1.5h`; a plain number means seconds.
 *
 * @returns milliseconds
 * @throws UsageError naming the option
 */
export function parseDuration(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|)$/.exec(text.trim());
  if (match === null)
    throw new UsageError(`${option}: ${JSON.stringify(text)} is no length of time; write 90s or 10m`);
  return Number(match[1]) * UNITS[match[2] as keyof typeof UNITS]; // the expression only lets these units through
}
