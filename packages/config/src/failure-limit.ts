import { asciiDigits } from "./ascii-digits.ts";
import { parseDecimal, parseInteger } from "./number-text.ts";
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
  return parsePercentage(asciiDigits(strip(text.slice(0, -1))));
}

/** Whatever Python reads as a number, such as `+5`, `1_0` and `1e1`, without losing a digit of it. */
function parsePercentage(text: string): FailureLimit | undefined {
  const value = parseDecimal(text);
  if (value === undefined || !(value >= 0 && value <= 100)) return undefined;
  if (value === 0) return { kind: "percent", digits: 0n, scale: 0 };
  const [mantissa = "", exponent = "0"] = text.replaceAll("_", "").toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.replace("+", "").split(".");
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction) * 10n ** BigInt(Math.max(0, -scale));
  const limit = { kind: "percent", digits, scale: Math.max(0, scale) } as const;
  return digits > 100n * 10n ** BigInt(limit.scale) ? undefined : limit;
}

/** The limit as a number of hosts in a group of that size, rounded down without floating-point error. */
export function failureLimitHosts(limit: FailureLimit, groupSize: number): number {
  if (limit.kind === "count") return limit.count;
  return Number((BigInt(groupSize) * limit.digits) / (100n * 10n ** BigInt(limit.scale)));
}
