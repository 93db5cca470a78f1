import type { Option } from "@scap/cli";

/** Which of the targets; every command says in its own words what it does on them. */
export function limitHosts(summary: string): Option {
  return {
    name: "limit-hosts",
    short: "l",
    type: "string",
    value: "PATTERN",
    repeat: true,
    completes: "hosts",
    summary,
  };
}

/** How long to wait for somebody else's lock. */
export const LOCK_TIMEOUT: Option = {
  name: "lock-timeout",
  type: "string",
  value: "TIME",
  summary: "longest wait for the lock: 90s, 10m (default: 10m)",
};
