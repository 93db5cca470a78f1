import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import type { TargetPaths } from "./target-paths.ts";
import { writeFileAtomically } from "./write-file.ts";

/** A switch that is under way. Left behind by a crash, it tells the next run what to repair. */
export interface SwitchJournal {
  /** Revision to become live; null for "not deployed". */
  readonly to: string | null;
  /** Revision that was live. */
  readonly from: string | null;
  /** Time in the names of what is moved away. */
  readonly stamp?: string;
  /** Places of configuration links that are prepared. */
  readonly staged?: readonly string[];
}

/** What stood on the host before the first deployment; kept until a revision is done. */
export interface OriginNote {
  readonly final: { kind: "missing" } | { kind: "backup"; path: string } | { kind: "link"; text: string };
  /** Foreign config files that links replaced: path to backup. */
  readonly configBackups: Readonly<Record<string, string>>;
}

/** Small facts about a repository on this target, one JSON file each. */
export interface StateNote<T> {
  read(): Promise<T | undefined>;
  write(value: T): Promise<void>;
  clear(): Promise<void>;
}

/** A switch whose services and checks are still to come. Left behind, it tells the next run to do them again. */
export interface UnsettledNote {
  /** Revision that was switched to. */
  readonly revision: string;
  /** What did not succeed, where only that is left to do: the checks after the switch had passed. */
  readonly left?: "handle_service";
}

/** The journal of the switch that is under way. */
export function switchJournal(paths: TargetPaths): StateNote<SwitchJournal> {
  return stateNote<SwitchJournal>(join(paths.state, "journal"));
}

/** What the first deployment replaced. */
export function originNote(paths: TargetPaths): StateNote<OriginNote> {
  return stateNote<OriginNote>(join(paths.state, "origin"));
}

/** The switch whose services and checks are still to come. */
export function unsettledNote(paths: TargetPaths): StateNote<UnsettledNote> {
  return stateNote<UnsettledNote>(join(paths.state, "unsettled"));
}

/** A host that was taken out of service and not put back yet. */
export interface DrainedNote {
  /** ISO 8601. */
  readonly since: string;
}

/** There while the host is out of service. Left behind, it tells the next run to put the host back. */
export function drainedNote(paths: TargetPaths): StateNote<DrainedNote> {
  return stateNote<DrainedNote>(join(paths.state, "drained"));
}

/** A note in a file of its own. */
export function stateNote<T>(path: string): StateNote<T> {
  return {
    read: async () => {
      try {
        return JSON.parse(await readFile(path, "utf8")) as T; // written below, whole or not at all
      } catch (cause) {
        if (cause instanceof SyntaxError || (cause as NodeJS.ErrnoException).code === "ENOENT")
          return undefined;
        throw cause;
      }
    },
    write: async (value) => await writeFileAtomically(path, `${JSON.stringify(value)}\n`),
    clear: async () => await rm(path, { force: true }),
  };
}
