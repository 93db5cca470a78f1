import { spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { SshError } from "../errors.ts";
import { expandTokens } from "./expand-tokens.ts";
import { matchPattern, matchPatternList } from "./pattern-list.ts";
import type { ConfigSection } from "./ssh-config-file.ts";

/** The connection that `Host` and `Match` are asked about. */
export interface SectionSubject {
  /** What `Host` is compared with: the host as the caller named it; in the final pass its resolved name. */
  readonly host: string;
  /** The host, as the caller named it. */
  readonly originalHost: string;
  readonly localUser: string;
  /** Whether this is the second reading, made for `Match final`. */
  readonly isFinalPass: boolean;
  /** Set when a section asks for that second reading. */
  wantsFinalPass: boolean;
  /** What has been read so far. */
  value(key: string): string | undefined;
}

/** Whether the block is about this connection. */
export async function sectionApplies(section: ConfigSection, subject: SectionSubject): Promise<boolean> {
  if (section.kind === "host") return hostApplies(section.words, subject.host);
  const words = [...section.words];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const isNegated = word.startsWith("!");
    const criterion = word.slice(isNegated ? 1 : 0).toLowerCase();
    const isTrue = await criterionHolds(criterion, words, subject);
    if (isTrue === isNegated) return false;
  }
  return true;
}

function hostApplies(patterns: readonly string[], host: string): boolean {
  if (patterns.some((each) => each.startsWith("!") && matchPattern(host, each.slice(1)))) return false;
  return patterns.some((each) => matchPattern(host, each));
}

async function criterionHolds(criterion: string, words: string[], subject: SectionSubject): Promise<boolean> {
  if (criterion === "all") return true;
  if (criterion === "canonical") return subject.isFinalPass;
  if (criterion === "final") {
    subject.wantsFinalPass = true;
    return subject.isFinalPass;
  }
  const argument = words.shift();
  if (argument === undefined)
    throw new SshError("BAD_SSH_CONFIG", `ssh_config: Match ${criterion} has no value`);
  if (criterion === "exec") return await succeeds(argument, subject);
  return matchPatternList(textOf(criterion, subject), argument) === "match";
}

function textOf(criterion: string, subject: SectionSubject): string {
  switch (criterion) {
    case "host":
      return subject.value("hostname")?.replaceAll("%h", subject.originalHost) ?? subject.originalHost;
    case "originalhost":
      return subject.originalHost;
    case "user":
      return subject.value("user") ?? subject.localUser;
    case "localuser":
      return subject.localUser;
    case "tagged":
      return subject.value("tag") ?? "";
    default:
      throw new SshError("BAD_SSH_CONFIG", `ssh_config: Match ${criterion} is not supported`, {
        hint: "Use transport openssh, which leaves ssh_config to the installed ssh.",
      });
  }
}

/** The user's own configuration asks for this command to be run, by `$SHELL` or `/bin/sh`, as ssh does. */
async function succeeds(command: string, subject: SectionSubject): Promise<boolean> {
  const hostName = textOf("host", subject);
  const text = expandTokens(command, {
    "%": "%",
    h: hostName,
    k: subject.value("hostkeyalias") ?? hostName,
    L: hostname().split(".")[0] ?? "",
    l: hostname(),
    n: subject.originalHost,
    p: subject.value("port") ?? "22",
    r: textOf("user", subject),
    u: subject.localUser,
  });
  const child = spawn(process.env["SHELL"] ?? "/bin/sh", ["-c", text], { stdio: "ignore" });
  const [code] = (await once(child, "exit")) as [number | null];
  return code === 0;
}
