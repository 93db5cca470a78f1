import { TargetsError } from "./errors.ts";
import { sliceHostSet, type ExpandOptions } from "./host-set-members.ts";
import { countHostSet, type HostSet } from "./host-set.ts";

/**
 * Cuts a set into `parts` contiguous parts whose sizes differ by at most one, larger ones first. A set with fewer
 * hosts gives one part a host.
 *
 * @throws {TargetsError} `HOST_SET_SYNTAX` for a number of parts below 1
 */
export function splitHostSet(parts: number, set: HostSet, options: ExpandOptions = {}): HostSet[] {
  if (!Number.isSafeInteger(parts) || parts < 1) {
    throw new TargetsError(`A host set is split into 1 or more parts, not ${parts}`, {
      code: "HOST_SET_SYNTAX",
    });
  }
  const count = countHostSet(set);
  const number = count < BigInt(parts) ? Number(count) : parts;
  let start = 0n;
  return Array.from({ length: number }, (_, index) => {
    const larger = BigInt(index) < count % BigInt(number) ? 1n : 0n;
    const end = start + count / BigInt(number) + larger;
    const part = sliceHostSet(set, start, end, options);
    start = end;
    return part;
  });
}
