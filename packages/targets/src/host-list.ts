import { isIPv6 } from "node:net";

import { TargetsError } from "./errors.ts";
import { isHostName } from "./host-name.ts";

/** Hosts in the order in which they are written, each once. */
export interface HostList {
  readonly hosts: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Reads a host list: a host a line, with an optional `#` comment. Lines that Python Scap passes over (indented,
 * or starting with `[` or `@`) are passed over with a warning; whatever it would misread is an error.
 *
 * @throws {TargetsError} `TARGET_LIST_INVALID` naming all wrong lines
 */
export function parseHostList(text: string, source: string): HostList {
  const hosts = new Map<string, number>();
  const warnings: string[] = [];
  const wrong: string[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .entries()) {
    const found = readLine(line);
    const place = `${source}:${index + 1}`;
    if (found.kind === "skipped") warnings.push(`${place}: ${found.reason}: ${quote(line)}`);
    if (found.kind === "wrong") wrong.push(`${place}: ${found.reason}: ${quote(line)}`);
    if (found.kind !== "host") continue;
    const known = hosts.get(found.host);
    if (known === undefined) hosts.set(found.host, index + 1);
    else warnings.push(`${place}: ${found.host} is already in line ${known}`);
  }
  if (wrong.length > 0) throw invalidList(wrong);
  return { hosts: [...hosts.keys()], warnings };
}

type Line =
  | { readonly kind: "nothing" }
  | { readonly kind: "host"; readonly host: string }
  | { readonly kind: "skipped" | "wrong"; readonly reason: string };

function readLine(line: string): Line {
  const text = line.replace(/#.*/s, "").trimEnd();
  if (text.trim() === "") return { kind: "nothing" };
  const address = /^\[(.*)\]$/.exec(text)?.[1];
  if (address !== undefined && isIPv6(address)) return { kind: "host", host: address };
  if (/^\s/.test(text)) return { kind: "skipped", reason: "an indented line is passed over" };
  if (/^[[@]/.test(text)) return { kind: "skipped", reason: "a line that starts with [ or @ is passed over" };
  if (isHostName(text) && !text.includes(":")) return { kind: "host", host: text };
  if (/^[._-]/.test(text)) return { kind: "wrong", reason: "a host name starts with a letter or digit" };
  return { kind: "wrong", reason: "a line holds one host name and perhaps a # comment" };
}

function invalidList(wrong: readonly string[]): TargetsError {
  const [first = ""] = wrong;
  const shown = wrong.slice(0, 10).map((line) => `\n  ${line}`);
  const rest = wrong.length > shown.length ? `\n  and ${wrong.length - shown.length} more` : "";
  const message =
    wrong.length === 1
      ? `The host list is invalid: ${first}`
      : `The host list has ${wrong.length} invalid lines:${shown.join("")}${rest}`;
  return new TargetsError(message, {
    code: "TARGET_LIST_INVALID",
    hint: "Write one host a line; for ranges use the option value inline:web[1-3].",
  });
}

function quote(line: string): string {
  return JSON.stringify(line.length > 60 ? `${line.slice(0, 57)}...` : line);
}
