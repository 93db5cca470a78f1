import { parseInteger } from "./number-text.ts";
import { strip } from "./python-text.ts";

/** How many hosts of a group may fail. */
export type FailureLimit =
  | { readonly kind: "count"; readonly count: number }
  /** `digits / 10^scale` percent, kept exact: 33.4% is 334 with scale 1. */
  | { readonly kind: "percent"; readonly digits: bigint; readonly scale: number };

/** Reads `3` or `33.4%`; undefined for anything else, a negative number, or more than 100 percent. */
export function parseFailureLimit(text: string): FailureLimit | undefined {
  if (!text.endsWith("%")) {
    const count = parseInteger(text);
    return count === undefined || count < 0 ? undefined : { kind: "count", count };
  }
  const [, whole, fraction = ""] = /^(\d*)(?:\.(\d*))?$/.exec(strip(text.slice(0, -1))) ?? [];
  if (whole === undefined || whole + fraction === "") return undefined;
  const digits = BigInt(whole + fraction);
  const scale = fraction.length;
  return digits > 100n * 10n ** BigInt(scale) ? undefined : { kind: "percent", digits, scale };
}

/** The limit as a number of hosts in a group of that size, rounded down without floating-point error. */
export function failureLimitHosts(limit: FailureLimit, groupSize: number): number {
  if (limit.kind === "count") return limit.count;
  return Number((BigInt(groupSize) * limit.digits) / (100n * 10n ** BigInt(limit.scale)));
}
