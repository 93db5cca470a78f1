import { SshError } from "../errors.ts";

/**
 * A number of hosts, given as such or as a percentage of `total`.
 *
 * @throws SshError `BAD_OPTION` naming the option
 */
export function amountOf(
  option: string,
  value: number | string,
  total: number,
  round: (amount: number) => number,
): number {
  if (typeof value === "number") {
    if (Number.isInteger(value) && value >= 0) return value;
    throw new SshError(
      "BAD_OPTION",
      `${option} is ${value}; expected a whole number from 0, or a percentage`,
    );
  }
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(value)?.[1];
  if (percent === undefined || Number(percent) > 100) {
    throw new SshError("BAD_OPTION", `${option} is ${JSON.stringify(value)}; expected 0% to 100%`);
  }
  // Tolerates the error of binary fractions: 7 % of 100 hosts is 7 and not 7.000000000000001.
  return round(Number(((Number(percent) * total) / 100).toFixed(6)));
}

/** How many of `total` hosts may fail so that the given share of them still succeeds, 0 to 1. */
export function failureLimitFor(successThreshold: number, total: number): number {
  if (!(successThreshold >= 0 && successThreshold <= 1)) {
    throw new SshError("BAD_OPTION", `The success threshold is ${successThreshold}; expected 0 to 1`);
  }
  return Math.floor(Number((total * (1 - successThreshold)).toFixed(6)));
}
