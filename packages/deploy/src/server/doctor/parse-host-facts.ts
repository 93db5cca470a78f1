import { parsePlatform } from "../delivery/host-platform.ts";
import { END, START } from "./check-script.ts";
import type { HostFacts, RevisionToGoBackTo, Room } from "./host-facts.ts";

/**
 * Reads what the check script printed.
 *
 * @returns undefined when the text is not whole, or from something else
 */
export function parseHostFacts(text: string): HostFacts | undefined {
  const lines = text.split("\n");
  const [start, end] = [lines.indexOf(START), lines.lastIndexOf(END)];
  if (start < 0 || end < start) return undefined;
  const facts = new Facts(lines.slice(start + 1, end));
  return {
    clock: Number(facts.one("clock")),
    user: facts.one("user") ?? "",
    final: facts.one("final") ?? "",
    missing: facts.all("missing"),
    gitVersion: /\d+(?:\.\d+)+/.exec(facts.one("git") ?? "")?.[0],
    hasNode: (facts.one("node") ?? "") !== "",
    platform: parsePlatform(facts.one("platform") ?? ""),
    unwritable: [...new Set(facts.all("unwritable"))],
    unmakable: [...new Set(facts.all("unmakable"))],
    deployRoom: roomOf(facts, "deploy"),
    cacheRoom: roomOf(facts, "cache"),
    current: facts.one("current") ?? null,
    done: facts.one("done") ?? facts.one("lost") ?? null,
    lost: facts.one("lost") ?? null,
    hasRevision: facts.one("complete") !== undefined,
    back: backOf(facts),
  };
}

/** `key value` lines; a key may come more than once. */
class Facts {
  readonly #values = new Map<string, string[]>();

  constructor(lines: readonly string[]) {
    for (const line of lines) {
      const [key = "", ...rest] = line.split(" ");
      this.#values.set(key, [...this.all(key), rest.join(" ")]);
    }
  }

  one(key: string): string | undefined {
    return this.#values.get(key)?.[0];
  }

  all(key: string): readonly string[] {
    return this.#values.get(key) ?? [];
  }
}

function roomOf(facts: Facts, place: string): Room {
  const kilobytes = availableOf(facts.one(`${place}-bytes`));
  return {
    freeBytes: kilobytes === undefined ? undefined : kilobytes * 1024,
    freeInodes: availableOf(facts.one(`${place}-inodes`)),
    mount: / (?:\d+%|-) (\/.*)$/.exec(facts.one(`${place}-bytes`) ?? "")?.[1],
    flags: facts.one(`${place}-options`)?.split(",") ?? [],
  };
}

/** The column before the percentage of `df -P`; file systems without a number of inodes have `-` or nothing of it. */
function availableOf(line: string | undefined): number | undefined {
  const [, total, available] = /(\d+) +\d+ +(\d+) +\d+% /.exec(line ?? "") ?? [];
  return available === undefined || total === "0" ? undefined : Number(available);
}

function backOf(facts: Facts): RevisionToGoBackTo | undefined {
  const commit = facts.one("back");
  if (commit === undefined || commit === "") return undefined;
  const flaws = facts.all("flaw");
  return {
    commit,
    isMissing: flaws.includes("missing"),
    // A submodule whose directory is gone is told twice.
    gone: [...new Set(facts.all("gone"))],
    flaws: flaws.filter((flaw) => flaw !== "missing" && flaw !== "unrendered"),
    isRendered: !flaws.includes("unrendered"),
    configFlaws: facts.all("config"),
  };
}
