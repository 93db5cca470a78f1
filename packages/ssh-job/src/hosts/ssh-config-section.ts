import { spawn } from "node:child_process";
import { once } from "node:events";
import { homedir, hostname, userInfo } from "node:os";
import { SshError } from "../errors.ts";
import { connectionHash, expandPercent } from "./expand-tokens.ts";
import { matchPattern, matchPatternList } from "./pattern-list.ts";
import type { ConfigNode, ConfigSection } from "./ssh-config-file.ts";

/** The connection that `Host` and `Match` are asked about. */
export interface SectionSubject {
  /** What `Host` is compared with: the host as the caller named it; in the final pass its resolved name. */
  readonly host: string;
  /** The host, as the caller named it. */
  readonly originalHost: string;
  readonly localUser: string;
  /** Whether this is the second reading, made for `Match final` or a canonical name. */
  readonly isFinalPass: boolean;
  /** What has been read so far. */
  readonly value: (key: string) => string | undefined;
}

/** Whether the block is about this connection. */
export async function sectionApplies(section: ConfigSection, subject: SectionSubject): Promise<boolean> {
  if (section.kind === "host") return hostApplies(section.words, subject.host);
  let applies = true;
  for (const { argument, isNegated, name } of criteriaOf(section.words)) {
    // What is asked of a connection that the block is not about anyway must not run a program.
    if (name === "exec" && !applies) continue;
    const isTrue = await criterionHolds(name, argument, subject);
    if (isTrue === isNegated) applies = false;
  }
  return applies;
}

/** Whether some block has `Match final`, which asks for a second reading wherever it stands. */
export function hasFinalSection(nodes: readonly ConfigNode[]): boolean {
  return nodes.some((node) => {
    if (node.kind === "value") return false;
    const isFinal = node.kind === "match" && criteriaOf(node.words).some(({ name }) => name === "final");
    return isFinal || hasFinalSection(node.nodes);
  });
}

function hostApplies(patterns: readonly string[], host: string): boolean {
  if (patterns.some((each) => each.startsWith("!") && matchPattern(host, each.slice(1)))) return false;
  return patterns.some((each) => matchPattern(host, each));
}

interface Criterion {
  readonly name: string;
  readonly isNegated: boolean;
  readonly argument: string;
}

const WITHOUT_ARGUMENT = new Set(["all", "canonical", "final"]);

/** An argument follows after a blank or `=`. */
function criteriaOf(words: readonly string[]): Criterion[] {
  const criteria: Criterion[] = [];
  const left = [...words];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const [, mark, spelled = "", equals, joined] = /^(!?)([^=]*)(=?)(.*)$/s.exec(word) ?? [];
    const name = spelled.toLowerCase();
    let argument = joined ?? "";
    if (!WITHOUT_ARGUMENT.has(name) && argument === "") {
      if (equals === "" && left[0]?.startsWith("=") === true) argument = (left.shift() ?? "").slice(1);
      argument ||= left.shift() ?? "";
      if (argument === "") throw new SshError("BAD_SSH_CONFIG", `ssh_config: Match ${name} has no value`);
    }
    criteria.push({ name, isNegated: mark === "!", argument });
  }
  return criteria;
}

async function criterionHolds(name: string, argument: string, subject: SectionSubject): Promise<boolean> {
  const isIn = (text: string): boolean => matchPatternList(text, argument) === "match";
  // Names of hosts are compared in lower case, names of users are not.
  const isInNames = (text: string): boolean =>
    matchPatternList(text.toLowerCase(), argument.toLowerCase()) === "match";
  switch (name) {
    case "all":
      return true;
    case "canonical":
    case "final":
      return subject.isFinalPass;
    case "exec":
      return await succeeds(argument, subject);
    case "host":
      return isInNames(hostNameSoFar(subject));
    case "originalhost":
      return isInNames(subject.originalHost);
    case "user":
      return isIn(userSoFar(subject));
    case "localuser":
      return isIn(subject.localUser);
    case "tagged":
      return isIn(subject.value("tag") ?? "");
    default:
      throw new SshError("BAD_SSH_CONFIG", `ssh_config: Match ${name} is not supported`, {
        hint: "Use transport openssh, which leaves ssh_config to the installed ssh.",
      });
  }
}

function hostNameSoFar({ isFinalPass, originalHost, value }: SectionSubject): string {
  const name = value("hostname");
  if (name === undefined) return originalHost;
  return isFinalPass ? name : expandPercent(name, { "%": "%", h: originalHost });
}

function userSoFar({ localUser, value }: SectionSubject): string {
  return value("user") ?? localUser;
}

/** The user's own configuration asks for this command to be run, by `$SHELL` or `/bin/sh`, as ssh does. */
async function succeeds(command: string, subject: SectionSubject): Promise<boolean> {
  const hostName = hostNameSoFar(subject);
  const user = userSoFar(subject);
  const port = subject.value("port") ?? "22";
  const text = expandPercent(command, {
    "%": "%",
    C: connectionHash({ hostName, port, user }),
    d: homedir(),
    h: hostName,
    i: String(userInfo().uid),
    k: subject.value("hostkeyalias") ?? hostName,
    L: hostname().split(".")[0] ?? "",
    l: hostname(),
    n: subject.originalHost,
    p: port,
    r: user,
    u: subject.localUser,
  });
  return (await statusOf(process.env["SHELL"] ?? "/bin/sh", text)) === 0;
}

async function statusOf(shell: string, text: string): Promise<number | null> {
  try {
    const [code] = (await once(spawn(shell, ["-c", text], { stdio: "ignore" }), "exit")) as [number | null];
    return code;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SshError("BAD_SSH_CONFIG", `ssh_config: Match exec cannot run its command: ${why}`, {
      ...{ cause, hint: "The command is run by the shell that SHELL names." },
    });
  }
}
